"""Repairs that lose nothing and leave no doubt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rembi_sheets import paths, vocabularies
from rembi_sheets.cells import Book, Place, Raw
from rembi_sheets.inventory import Listing
from rembi_sheets.repair.cells import cells_of
from rembi_sheets.schema import Column, Kind
from rembi_sheets.tables import Tables
from rembi_sheets.values import (
    UNREADABLE,
    clean,
    convert,
    fold,
    is_ditto,
    is_placeholder,
    mended,
    numbers,
    parts,
    split_many,
    strip_controls,
    to_cell,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One changed cell: where, what stood there, what stands there now ('' when emptied), and why."""

    place: Place
    old: str
    new: str
    why: str


def spelled_rightly(book: Book, tables: Tables) -> Iterator[tuple[Change, Raw]]:
    """The cells of a book whose values are spelled otherwise than they should be."""
    yield from of_cells(cells_of(book, tables), tables)


def of_cells(cells: Iterable[tuple[Place, Column, Raw]], tables: Tables) -> Iterator[tuple[Change, Raw]]:
    """The cells among these whose values are spelled otherwise than they should be; equal texts are judged once."""
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


def paths_below(book: Book, tables: Tables, disk: Listing | None) -> Iterator[tuple[Change, Raw]]:
    """Paths as the computer shows them, or from above the data folder, where it is sure which file is meant."""
    yield from pasted(cells_of(book, tables), tables, disk)


def pasted(
    cells: Iterable[tuple[Place, Column, Raw]], tables: Tables, disk: Listing | None
) -> Iterator[tuple[Change, Raw]]:
    """Paths among these cells as a computer shows them, below the data folder."""
    root = _data_folder(tables)
    for place, column, raw in cells:
        if paths.form_of(column) is not None and not is_placeholder(clean(str(raw))):
            new = paths.mended(str(raw), column, disk, root)
            if new != raw:
                yield Change(place, str(raw), new, "the path below the data folder"), new


def _data_folder(tables: Tables) -> str:
    """The name of the data folder that the sheet Study gives."""
    given = next((t.values("data_folder") for t in tables if "data_folder" in t.names), ())
    return paths.last_folder(next((v for v in given if isinstance(v, str)), ""))


def dittos(book: Book, tables: Tables) -> Iterator[tuple[Change, Raw]]:
    """Ditto marks, with what the row above holds in their column; those without such a row are left."""
    for table in tables:
        above = dict(zip(table.frame.index[1:], table.frame.index, strict=False))
        held = {place: raw for place, _, raw in cells_of(book, Tables(tables.schema, {table.sheet.name: table}))}
        key = [table.sheet[name].label for name in table.sheet.key[:1]]
        for place, raw in tuple(held.items()):
            if not is_ditto(clean(str(raw))) or place.label in key:
                continue
            new = held.get(replace(place, row=int(above.get(place.row, 0))))
            if new is not None and not is_ditto(clean(str(new))):
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
        numeral = column.kind in (Kind.INTEGER, Kind.NUMBER)
        if len(readings) == 1 and not (numeral and numbers.in_doubt(text, column.unit)):
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
