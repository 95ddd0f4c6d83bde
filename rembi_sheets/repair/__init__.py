"""`fix`: a copy of a workbook with the safe repairs done, and the list of what was changed.

Safe is what loses nothing and leaves no doubt: blanks and invisible characters, the spelling of list values and
names as the list or the other sheet has it, the dressing of identifiers, addresses and paths, dates and numbers that
can be read in one way, placeholders. Suggested terms and names are taken only when asked for, and only where a slip of
typing is the one thing that explains what was typed (`vocabularies.is_typing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rembi_sheets.cells import Book, Place, Raw, SideTable, TableError
from rembi_sheets.inventory import Listing, scan
from rembi_sheets.repair import safe, slips
from rembi_sheets.repair.cells import cells_beside, cells_of
from rembi_sheets.repair.safe import Change
from rembi_sheets.schema import load
from rembi_sheets.tables import from_book
from rembi_sheets.workbook import retype
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.package import Caps
from rembi_sheets.workbook.plain import as_xlsx
from rembi_sheets.workbook.read import read
from rembi_sheets.workbook.side import SideFile

__all__ = ["Change", "Fixed", "RepairError", "fix", "repairs"]

_ROUNDS = 4


class RepairError(Exception):
    """A workbook that cannot be mended; the message says why and what to do."""


@dataclass(frozen=True)
class Fixed:
    """The copy and its changes, in the order of sheets and cells; `table` belongs beside it, mended as well.

    `left`: what of a workbook of another form is not in the copy, in words.
    """

    content: bytes
    changes: tuple[Change, ...]
    table: SideTable | None = None
    left: tuple[str, ...] = ()


def fix(
    path: Path, suggestions: bool = False, limits: Mapping[str, int] | None = None, data: Path | None = None
) -> Fixed:
    """The mended copy of a workbook; the file itself is only read, within `limits` as in `pipeline`.

    One with macros keeps them; one of another form than .xlsx is laid into one.

    `data`: the folder with the files, below which pasted paths are looked for.
    Raises RepairError when one of the two cannot be read.
    """
    caps = Caps.of(limits or {})
    book, findings = read(path, caps)
    if book is None:
        raise RepairError(f"{findings[0].message} {findings[0].fix}")
    disk = _listing(data)
    changes = repairs(book, suggestions, disk)
    values = {(c.place.sheet, c.place.row, c.place.column): new for c, new in changes}
    try:
        original, left = as_xlsx(path, caps, macros=True)
        content, done = retype.retyped(original, values)
    except AnnotateError as e:
        raise RepairError(str(e)) from e
    kept = [c for c, _ in changes if (c.place.sheet, c.place.row, c.place.column) in done]
    if not isinstance(book.side, SideFile):
        return Fixed(content, tuple(kept), left=left)
    beside = _beside(_with(book, {c.place: new for c, new in changes}), book.side, suggestions, disk)
    try:
        mended = book.side.changed({(c.place.row, c.place.column): new for c, new in beside}) if beside else None
    except TableError as e:
        raise RepairError(f"{book.side.name} cannot be mended: {e.what}.") from e
    table = book.side if mended is None else replace(book.side, content=mended)
    return Fixed(content, (*kept, *(c for c, _ in beside)), table, left)


def _listing(data: Path | None) -> Listing | None:
    try:
        return scan(data) if data is not None else None
    except OSError as e:
        raise RepairError(f"The folder {data} cannot be read.") from e


def repairs(book: Book, suggestions: bool = False, disk: Listing | None = None) -> list[tuple[Change, Raw]]:
    """The changes of a book with the new values of their cells, until nothing is left to change."""
    schema = load()
    made: dict[Place, tuple[Change, Raw]] = {}
    for _ in range(_ROUNDS):
        tables, found = from_book(book, schema)
        certain = (safe.spelled_rightly(book, tables), safe.paths_below(book, tables, disk), safe.dittos(book, tables))
        fresh = _by_place(certain)
        if not fresh and suggestions:
            likely = slips.slips(tables, found)
            fresh = _by_place((slips.suggested(cells_of(book, tables), likely), slips.headings(likely, book)))
        if not fresh:
            break
        for place, (change, new) in fresh.items():
            first = made.get(place)
            made[place] = (replace(change, old=first[0].old) if first else change, new)
        book = _with(book, {p: new for p, (_, new) in fresh.items()})
    order = {s.title: i for i, s in enumerate(book.sheets)}
    return [made[p] for p in sorted(made, key=lambda p: (order[p.sheet], p.row, p.column))]


def _by_place(kinds: Iterable[Iterable[tuple[Change, Raw]]]) -> dict[Place, tuple[Change, Raw]]:
    """The changes of several kinds by their cells; of two at one cell the later kind's."""
    return {change.place: (change, new) for changes in kinds for change, new in changes}


def _beside(book: Book, side: SideFile, suggestions: bool, disk: Listing | None) -> list[tuple[Change, Raw]]:
    """The changes of the table beside the workbook, whose sheets are mended already."""
    tables, found = from_book(book, load())
    table = next((t for t in tables if t.source is not None), None)
    if table is None:
        return []
    try:
        pasted = safe.pasted(cells_beside(side, table), tables, disk)
        made = _by_place((safe.of_cells(cells_beside(side, table), tables), pasted))
        if suggestions:
            of_table = [f for f in slips.slips(tables, found) if f.sheet == table.title]
            made |= _by_place([slips.suggested(cells_beside(side, table), of_table)])
    except TableError:  # said where it is read
        return []
    return list(made.values())


def _with(book: Book, values: Mapping[Place, Raw]) -> Book:
    """The book with new values in some cells."""
    sheets = []
    for sheet in book.sheets:
        rows = [list(r) for r in sheet.rows] if any(p.sheet == sheet.title for p in values) else sheet.rows
        for place, value in values.items():
            if place.sheet == sheet.title:
                rows[place.row - 1][place.column - 1] = value  # type: ignore[index]
        sheets.append(replace(sheet, rows=rows))
    return replace(book, sheets=tuple(sheets))
