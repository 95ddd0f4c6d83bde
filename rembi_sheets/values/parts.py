"""Several values in one cell: where one ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from rembi_sheets import vocabularies
from rembi_sheets.schema import Column, Kind
from rembi_sheets.values.forms import fits, undress
from rembi_sheets.values.terms import split_id

_BETWEEN = re.compile(r"\s*[,\uff0c\u3001\uff1b|/+]\s*(?:(?:and|und|et|&)\s+)?|\s+(?:and|und|et|&)\s+", re.IGNORECASE)
_MOST = 24  # pieces between commas that are tried; more are prose


def fold(name: str) -> str:
    """A name as compared when reading: case and runs of blanks do not matter."""
    return " ".join(name.split()).casefold()


def split_many(text: str) -> tuple[str, ...]:
    """A cell with several values: separated by ';' or line breaks, empty ones kept out."""
    return tuple(p for p in (part.strip() for part in re.split(r"[;\n]", text)) if p)


def split_parallel(text: str) -> tuple[str, ...]:
    """As split_many, but empty places are kept, since they tell which label an ID belongs to: "; X", "X;"."""
    parts = tuple(part.strip() for part in re.split(r"[;\n]", text))
    return parts if any(parts) else ()


def parts(text: str, column: Column, rows: Collection[str] = ()) -> tuple[str, ...]:
    """The values in a cell of a column that takes several, as typed.

    A part that is not known, but that commas part into values that all are, is those values; a label that holds a
    comma itself stays whole. Known is what stands in the column's list, has its form, or is the name of a row (`rows`,
    folded). Lists without known words (keywords) are never parted so.
    """
    parallel = column.ids_of or column.parallel_to
    typed = split_parallel(text) if parallel and column.kind in (Kind.TEXT, Kind.CHOICE) else split_many(text)
    known = _known(column, rows)
    if known is None or not any(_BETWEEN.search(p) for p in typed):
        return typed
    return tuple(one for part in typed for one in (parted(part, known) or (part,)))


def parted(text: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The known values between commas, "/", "and"; () when the text is known as it is, or some part of it is not."""
    if not _BETWEEN.search(text) or known(text):
        return ()
    edges = [(0, 0), *((m.start(), m.end()) for m in _BETWEEN.finditer(text)), (len(text), len(text))]
    if len(edges) > _MOST:
        return ()

    def rest(at: int) -> tuple[str, ...] | None:
        if at == len(edges) - 1:
            return ()
        for end in range(len(edges) - 1, at, -1):  # the longest first: labels may hold commas
            piece = text[edges[at][1] : edges[end][0]].strip()
            if piece and known(piece):
                behind = rest(end)
                if behind is not None:
                    return (piece, *behind)
        return None

    return rest(0) or ()


def _known(column: Column, rows: Collection[str]) -> Callable[[str], bool] | None:
    """The test of one value, where a column has one."""
    form = column.format
    if column.kind is Kind.REFERENCE:
        return (lambda text: fold(text) in rows) if rows else None
    if column.kind is Kind.CHOICE:
        return lambda text: bool(vocabularies.listed(text, column.list))
    if column.kind is Kind.TERM:
        return lambda text: _is_term(text, column.list)
    if column.kind is Kind.TEXT and form is not None and form.identifier:
        return lambda text: fits(undress(text, form), form)
    return None


def _is_term(text: str, name: str) -> bool:
    label, curie = split_id(text)
    found = vocabularies.resolve(label, name)
    return bool(curie or found.entry or found.alternatives)
