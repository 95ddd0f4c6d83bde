"""A score as plain data for the page: bars, and what would add most, with the cells to write into. Ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import Book, Sheet, ranges
from rembi_sheets.schema import Column
from rembi_sheets.score import Missing, Part, Score
from rembi_sheets.tables import Tables
from rembi_sheets.web.excerpt import text
from rembi_sheets.workbook.package import cell_number

_PLACES = 2000  # cells that one change writes
_WORDS = 60  # words of a list that the browser offers
_SHOWN = 40  # columns named
_ADDRESSES = 4  # ranges named of each


def completeness(score: Score, tables: Tables, book: Book) -> dict[str, Any]:
    """The bars of a score and the columns that would add most.

    `bars`: heading, then name, percent and colour group of each; `adds`: gain, sheet, column, help, the cells as they
    are told (`at`) and as pairs (`places`: those that are empty, the first of them where each row has a value of its
    own; none where a row or the column has to come first, or where all hold something that cannot be read), words of
    its list.
    """
    sheets = {s.title: s for s in reversed(book.sheets)}
    return {
        "total": score.total,
        "bars": [
            ["By module of REMBI", _bars(score.modules, tables)],
            ["By archive", _bars(score.archives, tables)],
            ["For whom it suffices", _bars(score.readers, tables)],
        ],
        "adds": [_add(m, tables, sheets) for m in score.missing[:_SHOWN]],
    }


def _bars(parts: Iterable[Part], tables: Tables) -> list[list[Any]]:
    return [[p.name, p.score, _group(p.name, tables)] for p in parts]


def _group(module: str, tables: Tables) -> str:
    """The colour group of a module of REMBI; neutral for what is none."""
    found = (t.sheet.group for t in tables for c in t.sheet.columns if c.rembi.partition("/")[0] == module)
    return next(found, "neutral")


def _add(m: Missing, tables: Tables, sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    column = _column(m, tables)
    due = [] if m.absent else [place for area in m.cells for place in _cells(area)]
    places = [place for place in due if not text(sheets.get(m.sheet), *place)]
    alone = column is not None and column.distinct  # what names one thing is asked for one row at a time
    places = places[:1] if alone else places
    return {
        "gain": m.gain,
        "sheet": m.sheet,
        "column": m.column,
        "help": m.help,
        "at": list((shown := ranges(places or due))[:_ADDRESSES]),
        "more": max(0, len(shown) - _ADDRESSES),
        "unreadable": bool(due and not places),
        "places": places[:_PLACES],
        "absent": m.absent,
        "words": [e.label for e in vocabularies.entries(column.list)][:_WORDS] if column and column.list else [],
    }


def _column(m: Missing, tables: Tables) -> Column | None:
    return next((c for t in tables if t.title == m.sheet for c in t.sheet.columns if c.label == m.column), None)


def _cells(area: str) -> list[tuple[int, int]]:
    """The cells of an area such as B6:C7."""
    first, _, last = area.partition(":")
    begin, end = cell_number(first), cell_number(last or first)
    if begin is None or end is None:
        return []
    return [(row, column) for row in range(begin[0], end[0] + 1) for column in range(begin[1], end[1] + 1)]
