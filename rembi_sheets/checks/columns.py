"""What is said of the claims of the dictionary that do not hold (`claims`), and of sheets and columns that lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.checks import claims
from rembi_sheets.checks.claims import Broken, Claim
from rembi_sheets.checks.told import Bad, told
from rembi_sheets.compose import parts_of
from rembi_sheets.findings import Finding, Severity, find
from rembi_sheets.schema import Column, Condition, Schema
from rembi_sheets.submission import beside
from rembi_sheets.tables import Table
from rembi_sheets.values import UNREADABLE
from rembi_sheets.vocabularies.pairing import trimmed


def check_sheet(table: Table, schema: Schema, archives: tuple[str, ...]) -> list[Finding]:
    """Findings on a sheet as a whole: no row (rule 2), a column that an archive needs is missing (rule 59)."""
    return list(_sheet_findings(table, schema, archives))


def check_cells(table: Table, schema: Schema, archives: tuple[str, ...], broken: Broken | None = None) -> list[Finding]:
    """Findings on single cells and on keys (rules 1, 3, 4, 6, 10, 12, 13, 21) of a table, or of a part of one.

    `broken`: its claims that do not hold, where they are known already.
    """
    if not table.rows:
        return []
    if broken is None:
        broken = claims.broken([table], schema, archives)[table.sheet.name]
    return [*_cell_findings(table, schema, broken), *_parallel(table)]


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


def _cell_findings(table: Table, schema: Schema, broken: Broken) -> Iterator[Finding]:
    """The findings of all claims that do not hold; what is empty comes last, one finding a cell."""
    twice: list[int] = []
    always: dict[tuple[str, int], tuple[str, ...]] = {}
    under: dict[str, dict[tuple[str, int], list[str]]] = {claims.WHEN: {}, claims.WANTED: {}}
    for claim, rows in broken:
        column = claim.column
        if claim.code == claims.TWICE:
            twice = rows
        elif claim.code in under:
            for row in rows:
                under[claim.code].setdefault((column.name, row), []).extend(claim.archives)
        elif claim.code == claims.REQUIRED:
            filled = [row for row in rows if not _by_parts(table, row, column)]
            always |= {(column.name, row): claim.archives for row in filled}
        else:
            for row in rows:
                yield from _bad_values(claim, table, row, schema)
    yield from _twice(table, twice)
    whens = under[claims.WHEN]
    for (name, row), archives_ in always.items():
        needing = sorted({*archives_, *whens.pop((name, row), ())}, key=schema.archive_names.index)
        yield _empty(table, row, table.sheet[name], tuple(needing), schema, "")
    for (name, row), asking in under[claims.WANTED].items():
        if name in table.columns:
            column, condition = table.sheet[name], table.sheet[name].archives[asking[0]].when
            because = _because(table, condition) if condition else ""
            yield _empty(table, row, column, tuple(asking), schema, because, "WANTED-EMPTY")
    yield from _needed(table, whens, schema)


def _needed(table: Table, whens: Mapping[tuple[str, int], list[str]], schema: Schema) -> Iterator[Finding]:
    """Cells that a condition asks for; a column that is not there is told once."""
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
    parts = [c.name for c in parts_of(table.sheet, column.name) if c.name in table.names]
    return any(table.value(row, name) is not None for name in parts)


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
    key_of = dict(zip(table.rows, claims.keys(table), strict=True))
    for row in sorted(rows):
        groups.setdefault(str(key_of[row]), []).append(row)
    name = table.sheet.key[0]
    for same in groups.values():
        value = table.value(same[0], name)
        shown = "; ".join(value) if isinstance(value, tuple) else value
        places = [table.place(row, name) for row in same[1:]]
        yield find("NAME-TWICE", places, value=shown, rows=" and ".join(map(str, same)))


def _bad_values(claim: Claim, table: Table, row: int, schema: Schema) -> Iterator[Finding]:
    """The finding of one failed cell; in a cell with several values, one for each value that fails."""
    column = claim.column
    place, value = table.place(row, column.name), table.value(row, column.name)
    for v in value if isinstance(value, tuple) else (value,):
        if not claim.test(v):
            said, fields = told(Bad(claim.code, v, value, column, table.sheet, schema))
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
        for row, values, others in zip(table.rows, table.values(column.name), table.values(first), strict=True):
            if values is None or values is UNREADABLE or others is UNREADABLE:
                continue
            labels = others if isinstance(others, tuple) else () if others is None else (others,)
            n, m = len(labels), len(trimmed(values, len(labels))) if isinstance(values, tuple) else 1
            if not labels and column.ids_of and any(values):
                yield _label_empty(table, row, column, values)
                continue
            if n == m or (column.ids_of and beside(labels, values, table.sheet[first].list) is not None):
                continue
            yield find(
                "TERM-ID-COUNT",
                table.place(row, column.name),
                first=table.sheet[first].label,
                n=n,
                m=m,
                severity=Severity.ERROR,
            )
