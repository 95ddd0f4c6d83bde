"""What the data dictionary claims of the cells of a sheet, as a pandera schema over all that stands there, once.

Required cells, ranges, lengths, forms, lists, unique keys. pandera takes its time for each column and each check, a
hundred times that for a value. So a table is laid out as one series of what there is to judge (`Seen`: the distinct
values of each column, what rows lack, the keys), and one schema a sheet judges it, with a check for each code.
The schema is lazy, so that all failures come at once; the rows of a failure are looked up when there is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from rembi_sheets import vocabularies
from rembi_sheets.checks import pandera_lightly
from rembi_sheets.schema import Column, Condition, Format, Kind, Need, SheetSpec
from rembi_sheets.tables import Table
from rembi_sheets.tables.conditions import holds
from rembi_sheets.values import UNREADABLE, fits

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

Test = Callable[[Any], object]

REQUIRED, WHEN, WANTED, TWICE = "REQUIRED", "WHEN", "WANTED", "NAME-TWICE"
_OF_ROWS = (REQUIRED, WHEN, WANTED)
_CONDITIONED = {Need.CONDITIONAL: WHEN, Need.OPTIONAL: WANTED}  # needed under a condition, or asked for


class Claim(NamedTuple):
    """What must hold of a column: `test` of each value (`code` names it, as a test of `told`), of what a row lacks
    (REQUIRED, WHEN, WANTED; `condition` and the archive that sets it), or of how often a key stands (TWICE)."""

    code: str
    column: Column
    test: Test
    archive: str = ""
    condition: Condition | None = None

    @property
    def about(self) -> str:
        """What it looks at: the values of its column, which several claims share, or something of its own."""
        alone = self.code in _OF_ROWS or self.code == TWICE
        return f"{self.column.name}\t{self.code}\t{self.archive}" if alone else self.column.name


class Seen(NamedTuple):
    """Something that stands in a table, however often: a value, a Lack or a Key."""

    about: str
    what: Any


class Lack(NamedTuple):
    """Of a row: is its cell filled, and must it be?"""

    filled: bool
    due: bool


class Key(NamedTuple):
    """The key of a row, as compared, and how often it stands in the table."""

    text: str
    times: int


class Judge(NamedTuple):
    """The claims of a sheet, in the order of its columns, and the schema that holds what was seen against them."""

    sheet: SheetSpec
    claims: tuple[Claim, ...]
    schema: pa.SeriesSchema


def broken(table: Table, archives: tuple[str, ...]) -> Iterator[tuple[Claim, list[int]]]:
    """Each claim that does not hold for `archives`, with the rows in which it does not; in the order of the columns."""
    import pandas as pd

    judge = _judge(table.sheet, archives)
    cells = _Cells(table)
    about = {c.about: c for c in judge.claims}
    seen = [Seen(name, what) for name, claim in about.items() for what in cells.distinct(claim)]
    try:
        judge.schema.validate(pd.Series(seen, dtype=object), lazy=True, inplace=True)
    except pandera_lightly.load().errors.SchemaErrors as errors:
        cases = errors.failure_cases
        failed: dict[tuple[str, str], list[Any]] = {}
        for code, at in zip(cases["check"].tolist(), cases["index"].tolist(), strict=True):
            failed.setdefault((code, seen[at].about), []).append(seen[at].what)
        for claim in judge.claims:
            if (claim.code, claim.about) in failed:
                yield claim, cells.rows(claim, failed[claim.code, claim.about])


_MOST_KEPT = 500
_judges: dict[tuple[int, tuple[str, ...]], Judge] = {}


def _judge(sheet: SheetSpec, archives: tuple[str, ...]) -> Judge:
    """The judge of a sheet for these archives, made once."""
    key = (id(sheet), archives)
    known = _judges.get(key)
    if known is not None and known.sheet is sheet:
        return known
    if len(_judges) >= _MOST_KEPT:
        _judges.clear()
    claims = tuple(of_sheet(sheet, archives))
    _judges[key] = Judge(sheet, claims, _schema(claims))
    return _judges[key]


def _schema(claims: Sequence[Claim]) -> pa.SeriesSchema:
    """A check for each code, which holds what was seen against the claims of that code."""
    library = pandera_lightly.load()
    tests: dict[str, dict[str, Test]] = {}
    for claim in claims:
        tests.setdefault(claim.code, {})[claim.about] = claim.test
    checks = [library.Check(partial(_all_hold, tests=t), name=code, ignore_na=False) for code, t in tests.items()]
    made: pa.SeriesSchema = library.SeriesSchema(None, checks=checks, nullable=True)
    return made


def _all_hold(seen: pd.Series[Any], tests: Mapping[str, Test]) -> bool | pd.Series[Any]:
    """The claims of one code over what was seen: true, or whether each holds. A list is looked into."""
    import pandas as pd

    held = [
        test is None or bool(all(map(test, what)) if type(what) is tuple else test(what))
        for what, test in ((what, tests.get(about)) for about, what in seen.tolist())
    ]
    return all(held) or pd.Series(held, index=seen.index, dtype=bool)


def of_sheet(sheet: SheetSpec, archives: tuple[str, ...]) -> Iterator[Claim]:
    """Every claim that the dictionary states as a property of a column; those about rows come last."""
    conditioned: list[Claim] = []
    for column in sheet.columns:
        if column.own:
            continue
        if column.needed_by(archives):
            yield Claim(REQUIRED, column, _not_lacking)
        for code, test in tests_of(column):
            yield Claim(code, column, test)
        for need, code in _CONDITIONED.items():
            for archive in column.needed_by(archives, need):
                condition = column.archives[archive].when
                if condition:
                    conditioned.append(Claim(code, column, _not_lacking, archive, condition))
    if sheet.key and sheet.own is None:  # the key of Files has rules of its own (rules 49, 53)
        yield Claim(TWICE, sheet[sheet.key[0]], _alone)
    yield from conditioned


def tests_of(column: Column) -> Iterator[tuple[str, Test]]:
    """(code, test of one value) for each property of a column."""
    if (column.minimum, column.above, column.maximum) != (None, None, None):
        within = column.allows
        yield "NUMBER-RANGE", (lambda v: within(v.low) and within(v.high)) if column.kind is Kind.RANGE else within
    if column.format is not None and not column.format.path:  # paths have checks of their own
        form = column.format
        code = "NAME-BAD" if form.name == "name" else "FORMAT-BAD"
        yield code, _form_test(form, column.many)
    if column.min_length is not None:
        shortest = column.min_length
        yield "TEXT-SHORT", lambda v: len(v) >= shortest
    if column.max_length is not None:
        longest = column.max_length
        yield "TEXT-LONG", lambda v: len(v) <= longest
    if column.one_line:
        yield "TEXT-LINES", lambda v: "\n" not in v
    if column.kind is Kind.CHOICE:
        words = frozenset(e.label for e in vocabularies.entries(column.list))
        yield "LIST", lambda v: not v or v in words or vocabularies.listed(v, column.list) == v


def _form_test(form: Format, many: bool) -> Test:
    """The test of a form; where its pattern is all there is to it, that alone, for long columns.

    Among many values one may be empty, since an empty place keeps lists parallel.
    """
    if form.check or form.prefix:
        return lambda v: not v or fits(v, form)
    matches = re.compile(form.pattern).fullmatch
    return (lambda v: not v or matches(v)) if many else matches


def _not_lacking(row: Lack) -> bool:
    return row.filled or not row.due


def _alone(key: Key) -> bool:
    return key.times == 1


class _Cells:
    """The cells of a table as claims look at them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._due: dict[Condition, list[bool]] = {}

    def distinct(self, claim: Claim) -> list[Any]:
        """What a claim looks at, each thing once: no absent or unreadable cell, nothing of a column that is not there.

        Only a condition is looked at for a column that is not there, too.
        """
        if claim.condition is None and claim.column.name not in self._table.columns:
            return []
        if claim.code in _OF_ROWS and None not in self._table.values(claim.column.name):
            return []
        return [what for what in dict.fromkeys(self._each(claim)) if what is not None and what is not UNREADABLE]

    def rows(self, claim: Claim, seen: Collection[Any]) -> list[int]:
        """The rows in which these of the things stand that `distinct` gave."""
        wanted = set(seen)
        return [row for row, what in zip(self._table.rows, self._each(claim), strict=True) if what in wanted]

    def _each(self, claim: Claim) -> Sequence[Any]:
        """What a claim looks at in each row."""
        if claim.code == TWICE:
            return _counted(keys(self._table))
        values = self._table.values(claim.column.name)
        if claim.code not in _OF_ROWS:
            return values
        due = self._where(claim.condition) if claim.condition else [True] * len(values)
        return [Lack(v is not None, d) for v, d in zip(values, due, strict=True)]

    def _where(self, condition: Condition) -> list[bool]:
        if condition not in self._due:
            self._due[condition] = holds(self._table.frame, condition).tolist()
        return self._due[condition]


def _counted(names: Sequence[str | None]) -> list[Key | None]:
    times = Counter(names)
    return [Key(name, times[name]) if name is not None else None for name in names]


def keys(table: Table) -> list[str | None]:
    """Key of each row as compared: case and blanks do not matter; None where the first part is empty."""

    def one(parts: tuple[Any, ...]) -> str | None:
        if parts[0] is None or any(p is UNREADABLE for p in parts):
            return None
        return "\t".join(" ".join(str(p if p is not None else "").split()).casefold() for p in parts)

    return [one(parts) for parts in zip(*(table.values(k) for k in table.sheet.key), strict=True)]
