"""Words people type where there is nothing to say, and where they are names or values after all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from rembi_sheets import vocabularies
from rembi_sheets.schema import Column
from rembi_sheets.values.parts import fold

# These are names of people and of things, too: Na, Nan and Null are surnames, NA is neuraminidase.
_NAMES: Final = frozenset({"na", "n.a.", "nan", "none", "nil", "null"})
PLACEHOLDERS: Final = (
    _NAMES
    | {"n/a", "#n/a", "-", "--", "–", "—", "?", "??", "???", "...", "…"}
    | {"tbd", "tba", "tbc", "todo", "pending", "unknown"}
    | {"not applicable", "not available", "to be added", "to be decided", "to be done"}
    | {"in revision", "in press", "in preparation", "submitted"}
)


def is_placeholder(text: str) -> bool:
    """Words people type where there is nothing to say (N/A, TBD, -)."""
    return text.casefold() in PLACEHOLDERS


def holds_placeholder(texts: Iterable[str]) -> bool:
    """Is any of many texts such a word?"""
    return not PLACEHOLDERS.isdisjoint(map(str.casefold, texts))


def says_nothing(text: str, column: Column, rows: Collection[str]) -> bool:
    """Does a text say in this column that there is no value? `rows` are folded names of the rows it may refer to.

    Never so in names and in the user's own columns, nor where the word is a value: of the column's list
    (compression: none), by its own meaning (fiducials used: none), or the name of a row that is referred to.
    """
    if not is_placeholder(text) or column.own or column.names or fold(text) in rows:
        return False
    if text.casefold() in column.words:
        return False
    return not (column.list and vocabularies.resolve(text, column.list).entry)


def hardly_a_name(text: str, column: Column) -> bool:
    """Is a name in this column more likely a word for "no value" (TBD, ?)?"""
    return column.names and is_placeholder(text) and text.casefold() not in _NAMES
