"""`fix`: a copy of a workbook with the safe repairs done, and the list of what was changed.

Safe is what loses nothing and leaves no doubt: blanks and invisible characters, the spelling of list values and
names as the list or the other sheet has it, the dressing of identifiers, addresses and paths, dates and numbers that
can be read in one way, placeholders. Suggested terms and names are taken only when asked for, and only where a slip of
typing is the one thing that explains what was typed (`vocabularies.is_typing`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rembi_sheets import checks, paths, vocabularies
from rembi_sheets.cells import Book, Place, Raw, Sheet, SideTable, TableError
from rembi_sheets.checks import repeats
from rembi_sheets.findings import Finding
from rembi_sheets.inventory import Listing, scan
from rembi_sheets.schema import Column, Kind, Layout, load
from rembi_sheets.tables import OWN, Table, Tables, from_book, sheet_key
from rembi_sheets.values import (
    UNREADABLE,
    clean,
    convert,
    fold,
    is_placeholder,
    mended,
    parts,
    split_many,
    to_cell,
    typed_as,
)
from rembi_sheets.workbook import retype
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.package import Caps
from rembi_sheets.workbook.plain import as_xlsx
from rembi_sheets.workbook.read import read
from rembi_sheets.workbook.side import SideFile

_ROUNDS = 4
_HEADING = "HEADING-UNKNOWN"
_SUGGESTED = (_HEADING, "REF-UNKNOWN", "REF-SPELLING", "LIST-UNKNOWN", "LIST-OTHER", "TERM-UNKNOWN", "FORMAT-BAD")


class RepairError(Exception):
    """A workbook that cannot be mended; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed cell: where, what stood there, what stands there now ('' when emptied), and why."""

    place: Place
    old: str
    new: str
    why: str


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
        fresh = {
            c.place: (c, new) for c, new in (*_safe(book, tables), *_paths(book, tables, disk), *_dittos(book, tables))
        }
        if not fresh and suggestions:
            slips = _slips(tables, found)
            fresh = {
                c.place: (c, new) for c, new in (*_suggested(_cells(book, tables), slips), *_headings(slips, book))
            }
        if not fresh:
            break
        for place, (change, new) in fresh.items():
            first = made.get(place)
            made[place] = (replace(change, old=first[0].old) if first else change, new)
        book = _with(book, {p: new for p, (_, new) in fresh.items()})
    order = {s.title: i for i, s in enumerate(book.sheets)}
    return [made[p] for p in sorted(made, key=lambda p: (order[p.sheet], p.row, p.column))]


def _beside(book: Book, side: SideFile, suggestions: bool, disk: Listing | None) -> list[tuple[Change, Raw]]:
    """The changes of the table beside the workbook, whose sheets are mended already."""
    tables, found = from_book(book, load())
    table = next((t for t in tables if t.source is not None), None)
    if table is None:
        return []
    made: dict[Place, tuple[Change, Raw]] = {}
    try:
        for changes in (_changes(_cells_beside(side, table), tables), _pasted(_cells_beside(side, table), disk)):
            made |= {change.place: (change, new) for change, new in changes}
        if suggestions:
            of_table = [f for f in _slips(tables, found) if f.sheet == table.title]
            made |= {c.place: (c, new) for c, new in _suggested(_cells_beside(side, table), of_table)}
    except TableError:  # said where it is read
        return []
    return list(made.values())


def _cells_beside(side: SideFile, table: Table) -> Iterator[tuple[Place, Column, Raw]]:
    wanted = [
        (n, name, _column(table, name)) for name, n in table.columns.items() if name not in table.former.rewritten
    ]
    for row, cells in enumerate(side.rows(table.heading_row), start=table.heading_row + 1):
        for number, name, column in wanted:
            raw = cells[number - 1] if number <= len(cells) else ""
            if isinstance(raw, str) and raw:
                yield table.place(row, name), column, raw


def _column(table: Table, name: str) -> Column:
    column = table.sheet.own if name.startswith(OWN) else table.sheet[name]
    assert column is not None
    return column


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


def _cells(book: Book, tables: Tables) -> Iterator[tuple[Place, Column, Raw]]:
    """Every cell with text in a known column, with what it holds."""
    by_title = {s.title: s for s in reversed(book.sheets)}
    for table in tables:
        sheet = by_title.get(table.title)
        if sheet is None or table.source is not None:
            continue
        yield from _cells_of(sheet, table)


def _cells_of(sheet: Sheet, table: Table) -> Iterator[tuple[Place, Column, Raw]]:
    for name, number in table.columns.items():
        column = _column(table, name)
        rows: Iterable[int] = (number,) if table.sheet.layout is Layout.FORM else table.frame.index
        for row in rows:
            place = table.place(int(row), name)
            cells = sheet.rows[place.row - 1]
            raw = cells[place.column - 1] if place.column <= len(cells) else None
            at = (place.row, place.column)
            struck = at in sheet.looks and sheet.looks[at].struck  # written anew, the words would stand there again
            plain = isinstance(raw, str) and raw and at not in sheet.marks and not struck
            if plain and not table.rewritten(int(row), name):
                yield place, column, raw


def _safe(book: Book, tables: Tables) -> Iterator[tuple[Change, Raw]]:
    yield from _changes(_cells(book, tables), tables)


def _changes(cells: Iterable[tuple[Place, Column, Raw]], tables: Tables) -> Iterator[tuple[Change, Raw]]:
    names = _names(tables)
    seen: dict[tuple[str, str, str], tuple[Raw, str] | None] = {}
    for place, column, raw in cells:
        assert isinstance(raw, str)
        key = (column.sheet, place.label, raw)
        if key not in seen:
            words = vocabularies.spelled_out(clean(raw), place.label, tables.archives) if column.own else ""
            mended = (words, "the unit in words") if words else _mended(raw, column, names, tables.rows_of(column))
            seen[key] = mended
        mended = seen[key]
        if mended is not None:
            new, why = mended
            yield Change(place, raw, "" if new is None else str(new), why), new


def _paths(book: Book, tables: Tables, disk: Listing | None) -> Iterator[tuple[Change, Raw]]:
    """Paths as the computer shows them, or from above the data folder, where it is sure which file is meant."""
    yield from _pasted(_cells(book, tables), disk)


def _pasted(cells: Iterable[tuple[Place, Column, Raw]], disk: Listing | None) -> Iterator[tuple[Change, Raw]]:
    for place, column, raw in cells:
        if paths.form_of(column) is not None and not is_placeholder(clean(str(raw))):
            new = paths.mended(str(raw), column, disk)
            if new != raw:
                yield Change(place, str(raw), new, "the path below the data folder"), new


def _dittos(book: Book, tables: Tables) -> Iterator[tuple[Change, Raw]]:
    """Ditto marks, with what the row above holds in their column; those without such a row are left."""
    for table in tables:
        above = dict(zip(table.frame.index[1:], table.frame.index, strict=False))
        held = {place: raw for place, _, raw in _cells(book, Tables(tables.schema, {table.sheet.name: table}))}
        key = [table.sheet[name].label for name in table.sheet.key[:1]]
        for place, raw in tuple(held.items()):
            if not repeats.is_ditto(clean(str(raw))) or place.label in key:
                continue
            new = held.get(replace(place, row=int(above.get(place.row, 0))))
            if new is not None and not repeats.is_ditto(clean(str(new))):
                held[place] = new  # the next mark may stand for it too
                yield Change(place, str(raw), str(new), "a ditto mark"), new


def _mended(
    raw: str, column: Column, names: Mapping[str, Mapping[str, str]], rows: Collection[str]
) -> tuple[Raw, str] | None:
    """What a cell should hold and why; None when it may stay as it is."""
    value, problems = convert(raw, column, rows)
    text = clean(raw)
    if value is None:
        nothing = any(p.code == "PLACEHOLDER" for p in problems)
        return None, "a word for “no value”" if nothing else "blanks only"
    if column.kind in (Kind.DATE, Kind.INTEGER, Kind.NUMBER, Kind.RANGE):
        readings = [s for p in problems if value is UNREADABLE for s in p.suggestions]
        if len(readings) == 1:
            numeral = column.kind in (Kind.INTEGER, Kind.NUMBER)
            return _numeral(readings[0]) if numeral else readings[0], "the one way to read it"
    elif value is not UNREADABLE:
        new = _spelled(text, value, column, names, rows)
        if new != text:
            return new, "spelling of the list, the other sheet or the identifier"
    if value is UNREADABLE or column.kind in (Kind.DATE, Kind.INTEGER, Kind.NUMBER, Kind.RANGE):
        return None if text == raw else (text, "blanks or invisible characters")
    bare = _bare(raw, text)
    return None if bare == raw else (bare, "blanks or invisible characters")


def _bare(raw: str, text: str) -> str:
    """`text` is `raw` cleaned; control characters are taken out as well."""
    from rembi_sheets.values import strip_controls

    return clean(strip_controls(raw)) if raw != text or strip_controls(raw) != raw else raw


def _numeral(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def _spelled(
    text: str, value: Any, column: Column, names: Mapping[str, Mapping[str, str]], rows: Collection[str]
) -> str:
    """The text with each of its values spelled as the list or the other sheet has it."""
    if column.kind in (Kind.VARIABLE,):
        return text
    several = isinstance(value, tuple)
    values = [str(to_cell(v)) for v in (value if several else (value,))]
    typed = list(parts(text, column, rows)) if column.many else [text]
    if column.kind is Kind.REFERENCE:
        known = names.get(column.reference, {})
        values = [v if v in known.values() else known.get(fold(v), v) for v in values]
    if column.kind is Kind.CHOICE:
        values = [_word(old, new, column.list) for old, new in zip(typed, values, strict=True)]
    if column.format is not None:
        values = [mended(v, column.format) for v in values]
    as_typed = list(split_many(text)) if column.many else [text]
    return text if values == as_typed or (column.many and "" in values) else "; ".join(values)


def _word(typed: str, listed: str, name: str) -> str:
    """The list's word where it was spelled otherwise; a synonym, which is read as well, stays as it was typed.

    Only signs of units are put for their names, for nothing else is said by these.
    """
    symbols = vocabularies.source(name).symbols
    return listed if vocabularies.same_word(typed, listed, symbols) or symbols else typed


def _names(tables: Tables) -> Mapping[str, Mapping[str, str]]:
    """Folded name -> name of the rows of each sheet that others refer to."""
    wanted = {c.reference for t in tables for c in t.sheet.columns if c.kind is Kind.REFERENCE}
    out: dict[str, dict[str, str]] = {}
    for sheet in wanted:
        table = tables[sheet]
        for name in table.frame[table.sheet.key[0]]:
            if isinstance(name, str):
                out.setdefault(sheet, {}).setdefault(fold(name), name)
    return out


def _slips(tables: Tables, found: Sequence[Finding]) -> list[Finding]:
    """The findings of reading (`found`) and of the checks that may be slips of typing, each with its one suggestion."""
    every = [*found, *checks.check(tables, tables.schema.archive_names)]
    return [f for f in every if len(f.suggestions) == 1 and f.code in _SUGGESTED]


def _suggested(cells: Iterable[tuple[Place, Column, Raw]], slips: Sequence[Finding]) -> Iterator[tuple[Change, Raw]]:
    """The cells in which a slip of typing alone explains what was typed."""
    at: dict[tuple[str, int, int], list[Finding]] = {}
    for f in slips:
        for row, number in f.cells:
            at.setdefault((f.sheet, row, number), []).append(f)
    for place, column, raw in cells if at else ():
        for f in at.get((place.sheet, place.row, place.column), ()):
            new = _swapped(clean(str(raw)), f.value, f.suggestions[0], column) if _is_slip(f, column) else None
            if new is not None and new != raw:
                yield Change(place, str(raw), new, f"a slip of typing ({f.code})"), new


def _is_slip(f: Finding, column: Column | None = None) -> bool:
    """Does a slip of typing explain the value of a finding with one suggestion?"""
    if f.code == "FORMAT-BAD" and column is not None and column.format is not None:
        return typed_as(f.value, column.format) == f.suggestions[0]
    return vocabularies.is_typing(f.value, f.suggestions[0])


def _swapped(text: str, old: str, new: str, column: Column) -> str | None:
    """The text with one of its values replaced; None when it is not there."""
    if not column.many:
        return new if text == old else None
    several = list(split_many(text))
    return "; ".join(new if p == old else p for p in several) if old in several and new not in several else None


def _headings(slips: Sequence[Finding], book: Book) -> Iterator[tuple[Change, Raw]]:
    """The headings in which a slip of typing alone explains what was typed."""
    titles = {sheet_key(s.title) for s in book.sheets}
    for f in slips:
        if f.code == _HEADING and sheet_key(f.sheet) in titles and _is_slip(f):
            new = f.suggestions[0]
            for row, column in f.cells:
                place = Place(f.sheet, row, column, f.column)
                yield Change(place, f.value, new, f"a slip of typing ({f.code})"), new
