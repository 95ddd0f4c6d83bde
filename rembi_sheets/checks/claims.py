"""What the data dictionary claims of the cells of the sheets, as a pandera schema over all that stands there, once.

Required cells, ranges, lengths, forms, lists, unique keys. pandera takes its time for each series and each check, a
thousand times that for a value. So all tables are laid out as one series of what there is to judge (`Seen`: the
distinct values of each column, what rows lack, the keys), and one schema judges it, with a check for each code.
The schema is lazy, so that all failures come at once; the rows of a failure are looked up when there is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from rembi_sheets import vocabularies
from rembi_sheets.checks import pandera_lightly
from rembi_sheets.schema import Column, Condition, Format, Kind, Need, Schema, SheetSpec
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
    (REQUIRED, WHEN, WANTED; `archives` ask for it, under a `condition`), or of how often a key stands (TWICE)."""

    code: str
    column: Column
    test: Test
    archives: tuple[str, ...] = ()
    condition: Condition | None = None

    @property
    def about(self) -> str:
        """What it looks at: the values of its column, which several claims share, or something of its own."""
        alone = self.code in _OF_ROWS or self.code == TWICE
        name = f"{self.column.sheet}\t{self.column.name}"
        return f"{name}\t{self.code}\t{self.archives}" if alone else name


class Seen(NamedTuple):
    """What stands in a table for some claims to look at, each thing once: the values of a column, Lacks or Keys."""

    about: str
    things: tuple[Any, ...]


class Lack(NamedTuple):
    """Of a row: is its cell filled, and must it be?"""

    filled: bool
    due: bool


class Key(NamedTuple):
    """The key of a row, as compared, and how often it stands in the table."""

    text: str
    times: int


Broken = list[tuple[Claim, list[int]]]
"""The claims that do not hold of a table, with the rows in which they do not; in the order of the columns."""


class Judge(NamedTuple):
    """The claims of all sheets, by sheet in the order of its columns, and the schema that holds what was seen against
    them."""

    dictionary: Schema
    claims: Mapping[str, tuple[Claim, ...]]
    schema: pa.SeriesSchema


def broken(tables: Sequence[Table], dictionary: Schema, archives: tuple[str, ...]) -> Mapping[str, Broken]:
    """By sheet, the claims that do not hold for `archives`; no two of the tables are of one sheet."""
    import pandas as pd

    judge = _judge(dictionary, archives)
    cells = {table.sheet.name: _Cells(table) for table in tables}
    claims = {claim.about: claim for name in cells for claim in judge.claims[name]}
    seen = [Seen(about, things) for about, c in claims.items() if (things := cells[c.column.sheet].distinct(c))]
    out: dict[str, Broken] = {name: [] for name in cells}
    try:
        judge.schema.validate(pd.Series(seen, dtype=object), lazy=True, inplace=True)
    except pandera_lightly.load().errors.SchemaErrors as errors:
        cases = errors.failure_cases
        failed = [(code, seen[at]) for code, at in zip(cases["check"].tolist(), cases["index"].tolist(), strict=True)]
        things_of = {(code, what.about): what.things for code, what in failed}
        for name, rows in out.items():
            for claim in judge.claims[name]:
                things = things_of.get((claim.code, claim.about), ())
                if things:
                    rows.append((claim, cells[name].rows(claim, [t for t in things if not _holds(claim.test, t)])))
    return out


_MOST_KEPT = 50
_judges: dict[tuple[int, tuple[str, ...]], Judge] = {}


def _judge(dictionary: Schema, archives: tuple[str, ...]) -> Judge:
    """The judge for these archives, made once."""
    key = (id(dictionary), archives)
    known = _judges.get(key)
    if known is not None and known.dictionary is dictionary:
        return known
    if len(_judges) >= _MOST_KEPT:
        _judges.clear()
    claims = {sheet.name: tuple(of_sheet(sheet, archives)) for sheet in dictionary.sheets}
    _judges[key] = Judge(dictionary, claims, _schema([c for of in claims.values() for c in of]))
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
    """The claims of one code over what was seen: true, or of which it holds."""
    import pandas as pd

    held = [about not in tests or _hold(tests[about], things) for about, things in seen.tolist()]
    return all(held) or pd.Series(held, index=seen.index, dtype=bool)


def _hold(test: Test, things: Sequence[Any]) -> bool:
    """Does a claim hold of all these?"""
    return all(map(test, things)) if tuple not in set(map(type, things)) else all(_holds(test, t) for t in things)


def _holds(test: Test, thing: Any) -> bool:
    """Does a claim hold of a thing? A list is looked into."""
    return all(map(test, thing)) if type(thing) is tuple else bool(test(thing))


def of_sheet(sheet: SheetSpec, archives: tuple[str, ...]) -> Iterator[Claim]:
    """Every claim that the dictionary states as a property of a column; those about rows come last."""
    conditioned: list[Claim] = []
    for column in sheet.columns:
        if column.own:
            continue
        required = column.needed_by(archives)
        if required:
            yield Claim(REQUIRED, column, _not_lacking, required)
        for code, test in tests_of(column):
            yield Claim(code, column, test)
        for need, code in _CONDITIONED.items():
            for archive in column.needed_by(archives, need):
                condition = column.archives[archive].when
                if condition:
                    conditioned.append(Claim(code, column, _not_lacking, (archive,), condition))
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
        yield "LIST", lambda v: not v or v in _words(column.list) or vocabularies.listed(v, column.list) == v


@cache  # a list is read when the first of its words stands in a workbook
def _words(name: str) -> frozenset[str]:
    return frozenset(e.label for e in vocabularies.entries(name))


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

    def distinct(self, claim: Claim) -> tuple[Any, ...]:
        """What a claim looks at, each thing once: no absent or unreadable cell, nothing of a column that is not there.

        Only a condition is looked at for a column that is not there, too.
        """
        if claim.condition is None and claim.column.name not in self._table.columns:
            return ()
        if claim.code in _OF_ROWS and None not in self._table.distinct(claim.column.name):
            return ()
        of_cells = claim.code not in _OF_ROWS and claim.code != TWICE
        things = self._table.distinct(claim.column.name) if of_cells else dict.fromkeys(self._each(claim))
        return tuple(t for t in things if t is not None and t is not UNREADABLE)

    def rows(self, claim: Claim, things: Collection[Any]) -> list[int]:
        """The rows in which these of the things stand that `distinct` gave."""
        wanted = set(things)
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
            self._due[condition] = holds(self._table, condition)
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
