"""Required cells, ranges, lengths, forms, closed and open lists, unique keys: pandera schemas made from the dictionary.

The schemas are lazy, so that all failures come at once; the index of a frame is the sheet row, so that a
failure case is already an address. A check carries the code of its finding in its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from rembi_sheets import vocabularies
from rembi_sheets.checks import pandera_lightly
from rembi_sheets.checks.told import Bad, told
from rembi_sheets.compose import parts_of
from rembi_sheets.findings import Finding, Severity, find
from rembi_sheets.schema import Column, Condition, Format, Kind, Need, Schema, SheetSpec
from rembi_sheets.submission import beside
from rembi_sheets.tables import Table
from rembi_sheets.tables.conditions import holds
from rembi_sheets.values import UNREADABLE, fits
from rembi_sheets.vocabularies.pairing import trimmed

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

_KEY = "\0key"
_CONDITIONED = {Need.CONDITIONAL: "WHEN", Need.OPTIONAL: "WANT"}  # needed under a condition, or asked for


def check_sheet(table: Table, schema: Schema, archives: tuple[str, ...]) -> list[Finding]:
    """Findings on a sheet as a whole: no row (rule 2), a column that an archive needs is missing (rule 59)."""
    return list(_sheet_findings(table, schema, archives))


def check_cells(table: Table, schema: Schema, archives: tuple[str, ...]) -> list[Finding]:
    """Findings on single cells and on keys (rules 1, 3, 4, 6, 10, 12, 13, 21) of a table, or of a part of one."""
    if not len(table.frame):
        return []
    return [*_cell_findings(table, schema, archives), *_parallel(table)]


def _sheet_findings(table: Table, schema: Schema, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Sheets without a row (rule 2) and columns that an archive needs and the workbook lacks (rule 59)."""
    needing = [a for a in archives if a in table.sheet.needed_by]
    if table.empty:
        if needing:
            yield find(
                "SHEET-EMPTY", table.title, archive=_names(schema, needing), row=table.sheet.row, archives=needing
            )
        return
    for column in table.sheet.columns:
        required = column.needed_by(archives)
        if required and not column.own and column.name not in table.columns:
            # One finding for the column instead of one for each of its cells, which cannot be filled.
            yield find(
                "COLUMN-MISSING", table.title, column=column.label, archive=_names(schema, required), archives=required
            )


def _names(schema: Schema, archives: list[str] | tuple[str, ...]) -> str:
    """Titles of archives in their order, as a person would list them."""
    titles = [a.title for a in schema.archives if a.name in archives]
    return titles[0] if len(titles) == 1 else ", ".join(titles[:-1]) + " and " + titles[-1]


def _cell_findings(table: Table, schema: Schema, archives: tuple[str, ...]) -> list[Finding]:
    import pandas as pd

    frame = table.frame
    if table.sheet.key and _keyed(table.sheet):
        frame = frame.assign(**{_KEY: _keys(frame, table.sheet)})
    try:
        cells: Any = pd.notna(frame.to_numpy())
        filled = zip(frame.columns, cells.any(axis=0).tolist(), cells.all(axis=0).tolist(), strict=True)
        present = {n: Filled(some, every) for n, some, every in filled if n in table.columns or n == _KEY}
        _made_once(table.sheet, present, archives).validate(frame, lazy=True)
    except pandera_lightly.load().errors.SchemaErrors as errors:
        return list(_failures(errors.failure_cases, table, schema, archives))
    return []


class Filled(NamedTuple):
    """Has a column a filled cell, and are all of them filled?"""

    some: bool
    every: bool


_MOST_KEPT = 500
_made: dict[tuple[int, frozenset[tuple[str, Filled]], tuple[str, ...]], tuple[SheetSpec, pa.DataFrameSchema]] = {}


def _made_once(sheet: SheetSpec, present: Mapping[str, Filled], archives: tuple[str, ...]) -> pa.DataFrameSchema:
    """The schema of a sheet that is filled in this way, kept for the next workbook that is."""
    key = (id(sheet), frozenset(present.items()), archives)
    known = _made.get(key)
    if known is not None and known[0] is sheet:
        return known[1]
    if len(_made) >= _MOST_KEPT:
        _made.clear()
    made = frame_schema(sheet, present, archives)
    _made[key] = (sheet, made)
    return made


def frame_schema(sheet: SheetSpec, present: Mapping[str, Filled], archives: tuple[str, ...]) -> pa.DataFrameSchema:
    """The pandera schema of one sheet: every rule that the dictionary states as a property of a column.

    `present` tells of each column of the frame how it is filled: an empty one is asked only for being needed, a full
    one never for that, as pandera spends a millisecond on each column that it looks at.
    """
    library = pandera_lightly.load()
    columns: dict[str, Any] = {}
    frame_checks: list[Any] = []
    for column in sheet.columns:
        if column.own:
            continue
        for need, sign in _CONDITIONED.items():
            for archive in column.needed_by(archives, need):
                condition = column.archives[archive].when
                if condition:
                    name = f"{sign}\t{column.name}\t{archive}"
                    frame_checks.append(library.Check(_due(column.name, condition), name=name, ignore_na=False))
        if column.name not in present:  # an absent column has nothing to look at, but may be needed
            continue
        filled = present[column.name]
        tests = _tests(column, sheet) if filled.some else ()
        checks = [library.Check(_over_all(test), name=name, ignore_na=False) for name, test in tests]
        nullable = filled.every or not column.needed_by(archives)
        if checks or not nullable:
            columns[column.name] = library.Column(None, checks=checks, nullable=nullable, required=False, coerce=False)
    if _KEY in present:
        columns[_KEY] = library.Column(None, checks=[library.Check(_differ, name="NAME-TWICE")], nullable=True)
    made: pa.DataFrameSchema = library.DataFrameSchema(columns, checks=frame_checks, strict=False)
    return made


def _tests(column: Column, sheet: SheetSpec) -> Iterator[tuple[str, Callable[[Any], object]]]:
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


def _form_test(form: Format, many: bool) -> Callable[[Any], object]:
    """The test of a form; where its pattern is all there is to it, that alone, for long columns.

    Among many values one may be empty, since an empty place keeps lists parallel.
    """
    if form.check or form.prefix:
        return lambda v: not v or fits(v, form)
    matches = re.compile(form.pattern).fullmatch
    return (lambda v: not v or matches(v)) if many else matches


def _over_all(test: Callable[[Any], object]) -> Callable[[pd.Series[Any]], pd.Series[Any]]:
    """The test of one value as a check of a column, which looks into lists; equal values are tested once.

    Absent and unreadable cells pass: they have findings of their own.
    """

    def check(series: pd.Series[Any]) -> pd.Series[Any]:
        import pandas as pd

        values = series.tolist()
        distinct = set(values) - {None, UNREADABLE}
        bad = {v for v in distinct if not (all(map(test, v)) if isinstance(v, tuple) else test(v))}
        return pd.Series([v not in bad for v in values] if bad else True, index=series.index, dtype=bool)

    return check


def _differ(keys: pd.Series[Any]) -> pd.Series[Any]:
    return keys.isna() | ~keys.duplicated(keep=False)


def _due(name: str, condition: Condition) -> Callable[[pd.DataFrame], pd.Series[Any]]:
    """A frame check: True where the cell is filled or its condition does not hold."""
    return lambda frame: frame[name].notna() | ~holds(frame, condition)


def _keyed(sheet: SheetSpec) -> bool:
    """Is the key of this sheet checked for uniqueness here? That of Files has rules of its own (rules 49, 53)."""
    return sheet.own is None


def _keys(frame: pd.DataFrame, sheet: SheetSpec) -> pd.Series[Any]:
    """Key of each row as compared: case and blanks do not matter; None where the first part is empty."""

    def one(parts: tuple[Any, ...]) -> str | None:
        if parts[0] is None or any(p is UNREADABLE for p in parts):
            return None
        return "\t".join(" ".join(str(p if p is not None else "").split()).casefold() for p in parts)

    import pandas as pd

    keys = [one(parts) for parts in zip(*(frame[k].tolist() for k in sheet.key), strict=True)]
    return pd.Series(keys, index=frame.index, dtype=object)


def _failures(cases: pd.DataFrame, table: Table, schema: Schema, archives: tuple[str, ...]) -> Iterator[Finding]:
    """One finding for each failure case; the codes are the names of the checks."""
    twice: list[int] = []
    empty: dict[tuple[str, int], tuple[str, ...]] = {}
    whens: dict[tuple[str, int], list[str]] = {}
    wanted: dict[tuple[str, int], list[str]] = {}
    for check_name, column_name, index in zip(cases["check"], cases["column"], cases["index"], strict=True):
        code = str(check_name)
        row = int(index)
        if code == "NAME-TWICE":
            twice.append(row)
        elif "\t" in code:
            sign, name, archive = code.split("\t")
            found = (whens if sign == "WHEN" else wanted).setdefault((name, row), [])
            if archive not in found:
                found.append(archive)
        elif code == "not_nullable":
            column = table.sheet[str(column_name)]
            if column.name in table.columns and not _by_parts(table, row, column):
                empty[column.name, row] = column.needed_by(archives)
        else:
            column = table.sheet[str(column_name)]
            value = table.frame.at[row, column.name]
            yield from _bad_values(code, table, row, column, value, schema)
    yield from _twice(table, sorted(set(twice)))
    for (name, row), always in empty.items():
        needing = sorted({*always, *whens.pop((name, row), ())}, key=schema.archive_names.index)
        yield _empty(table, row, table.sheet[name], tuple(needing), schema, "")
    for (name, row), asking in wanted.items():
        if name in table.columns:
            column, condition = table.sheet[name], table.sheet[name].archives[asking[0]].when
            because = _because(table, condition) if condition else ""
            yield _empty(table, row, column, tuple(asking), schema, because, "WANTED-EMPTY")
    missing: set[str] = set()
    for (name, row), needing in whens.items():
        column = table.sheet[name]
        needing.sort(key=schema.archive_names.index)
        if name not in table.columns:
            if name not in missing:
                yield find(
                    "COLUMN-MISSING",
                    table.title,
                    column=column.label,
                    archive=_names(schema, needing),
                    archives=needing,
                )
            missing.add(name)
            continue
        condition = column.archives[needing[0]].when
        because = _because(table, condition) if condition else ""
        yield _empty(table, row, column, tuple(needing), schema, because)


def _by_parts(table: Table, row: int, column: Column) -> bool:
    """Is a text filled by one of the method columns that are composed into it?"""
    parts = [c.name for c in parts_of(table.sheet, column.name) if c.name in table.frame.columns]
    return any(table.frame.at[row, name] is not None for name in parts)


def _because(table: Table, condition: Condition) -> str:
    """The condition of a cell in words; of the columns that must be empty only those that the workbook has."""
    sheet = table.sheet
    if condition.column:
        return f", because “{sheet[condition.column].label}” says {' or '.join(condition.has)}"
    names = [f"“{sheet[n].label}”" for n in condition.filled or condition.empty if n in table.columns]
    if not names:
        return ""
    return (
        f", because {' or '.join(names)} is filled" if condition.filled else f", because {' and '.join(names)} is empty"
    )


def _empty(
    table: Table,
    row: int,
    column: Column,
    needing: tuple[str, ...],
    schema: Schema,
    because: str,
    code: str = "REQUIRED-EMPTY",
) -> Finding:
    return find(
        code,
        table.place(row, column.name),
        archive=_names(schema, needing),
        because=because,
        help=column.help,
        otherwise=" If there is nothing to say, write “not applicable: ” and why." if column.free else "",
        archives=needing,
    )


def _twice(table: Table, rows: list[int]) -> Iterator[Finding]:
    """One finding for each name that stands more than once, at all its cells but the first."""
    if not rows:
        return
    groups: dict[str, list[int]] = {}
    keys = _keys(table.frame, table.sheet)
    for row in rows:
        groups.setdefault(str(keys.at[row]), []).append(row)
    name = table.sheet.key[0]
    for same in groups.values():
        value = table.frame.at[same[0], name]
        shown = "; ".join(value) if isinstance(value, tuple) else value
        places = [table.place(row, name) for row in same[1:]]
        yield find("NAME-TWICE", places, value=shown, rows=" and ".join(map(str, same)))


def _bad_values(code: str, table: Table, row: int, column: Column, value: Any, schema: Schema) -> Iterator[Finding]:
    """The finding of one failed cell; in a cell with several values, one for each value that fails."""
    place = table.place(row, column.name)
    tests = [test for name, test in _tests(column, table.sheet) if name == code]
    failed = [v for v in (value if isinstance(value, tuple) else (value,)) if not all(test(v) for test in tests)]
    for v in failed:
        said, fields = told(Bad(code, v, value, column, table.sheet, schema))
        yield find(said, place, **fields)


def _label_empty(table: Table, row: int, column: Column, values: Any) -> Finding:
    """Identifiers without any label beside them; the labels are proposed where the lists know them all."""
    first = table.sheet[column.ids_of]
    ids = values if isinstance(values, tuple) else (values,)
    known = [vocabularies.by_id(i, first.list) for i in ids]
    labels = "; ".join(e.label for e in known if e)
    near = (labels,) if all(known) else ()
    return find("TERM-LABEL-EMPTY", table.place(row, first.name), value="; ".join(ids), suggestions=near)


def _parallel(table: Table) -> Iterator[Finding]:
    """Cells whose values do not follow from their number, nor else, to belong to those of another cell (8 and 12)."""
    for column in table.sheet.columns:
        first = column.ids_of or column.parallel_to
        if not first or column.name not in table.columns:
            continue
        for row, values, others in zip(table.frame.index, table.frame[column.name], table.frame[first], strict=True):
            if values is None or values is UNREADABLE or others is UNREADABLE:
                continue
            labels = others if isinstance(others, tuple) else () if others is None else (others,)
            n, m = len(labels), len(trimmed(values, len(labels))) if isinstance(values, tuple) else 1
            if not labels and column.ids_of and any(values):
                yield _label_empty(table, int(row), column, values)
                continue
            if n == m or (column.ids_of and beside(labels, values, table.sheet[first].list) is not None):
                continue
            yield find(
                "TERM-ID-COUNT",
                table.place(int(row), column.name),
                first=table.sheet[first].label,
                n=n,
                m=m,
                severity=Severity.ERROR,
            )
