"""One converter for each kind of cell, and back to what a cell holds.

Text becomes a date, a number, a list or a term here and nowhere later. A cell is absent (None),
a value, or UNREADABLE; never two of them.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

from rembi_sheets import vocabularies
from rembi_sheets.cells import Raw
from rembi_sheets.schema import Column, Kind
from rembi_sheets.shown import cut, general, number
from rembi_sheets.signs import error_word
from rembi_sheets.values import dates, numbers, ranges
from rembi_sheets.values.forms import (
    fits,
    meant,
    mended,
    near,
    of_other_registry,
    orcid_check_digit,
    ror_check_digits,
    typed_as,
    undress,
)
from rembi_sheets.values.leaning import is_ditto, is_elsewhere
from rembi_sheets.values.mentions import besides, changed, mentioned
from rembi_sheets.values.parts import fold, parts, split_many, split_parallel
from rembi_sheets.values.placeholders import hardly_a_name, holds_placeholder, is_placeholder, says_nothing
from rembi_sheets.values.ranges import Range
from rembi_sheets.values.terms import Term, Variable, parse_variable, split_id

__all__ = [
    "UNREADABLE",
    "Problem",
    "Range",
    "Scalar",
    "Term",
    "Value",
    "Variable",
    "besides",
    "changed",
    "clean",
    "convert",
    "fits",
    "fold",
    "is_ditto",
    "is_elsewhere",
    "is_placeholder",
    "keeps_texts",
    "mended",
    "mentioned",
    "near",
    "of_other_registry",
    "orcid_check_digit",
    "parse_variable",
    "parts",
    "ror_check_digits",
    "split_id",
    "split_many",
    "split_parallel",
    "strip_controls",
    "to_cell",
    "typed_as",
    "unchanged",
    "undress",
]


class _Sentinel(Enum):
    UNREADABLE = "unreadable"

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = _Sentinel.UNREADABLE


Scalar: TypeAlias = str | int | Decimal | bool | dt.date | Term | Variable | Range
Value: TypeAlias = Scalar | tuple[Scalar, ...] | _Sentinel | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a converter found: a code of the catalogue and the fields of its text."""

    code: str
    value: str
    fields: dict[str, object] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


# Invisible: zero-width and direction marks, soft hyphen, byte order mark, word joiner.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udfff]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def clean(text: str) -> str:
    """Text in NFC with plain blanks and LF, without zero-width and direction marks, stripped."""
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def strip_controls(text: str) -> str:
    """Text without the control characters that no XML can hold."""
    return _CONTROL.sub("", text)


def convert(raw: Raw, column: Column, rows: Collection[str] = ()) -> tuple[Value, tuple[Problem, ...]]:
    """What a cell of `column` holds: absent, a value or UNREADABLE, and the problems met on the way.

    `rows` are the names of the rows that a reference may mean, as `fold` has them.
    """
    if raw is None or raw == "":
        return None, ()
    problems: list[Problem] = []
    if isinstance(raw, str):
        control = _CONTROL.search(raw)
        if control:
            problems.append(
                Problem("TEXT-CONTROL", raw.replace(control[0], "�"), {"code_point": f"{ord(control[0]):04X}"})
            )
            raw = strip_controls(raw)
        text = clean(raw)
        if not text:
            return None, tuple(problems)
        if error_word(text):
            return UNREADABLE, (*problems, Problem("CELL-ERROR", text))
        if says_nothing(text, column, rows):
            return None, (*problems, Problem("PLACEHOLDER", text))
        if hardly_a_name(text, column):
            problems.append(Problem("PLACEHOLDER-NAME", text))
        raw = text
    value = _CONVERT[column.kind](raw, column, rows, problems)
    return value, tuple(problems)


_KEPT = frozenset((Kind.TEXT, Kind.LONGTEXT, Kind.REFERENCE))


def keeps_texts(column: Column) -> bool:
    """Does a column give back texts of plain signs as they are, so that only what is odd in them need be looked for?"""
    return not column.many and column.kind in _KEPT and not (column.format and column.format.rereads)


def unchanged(texts: Collection[str], column: Column) -> bool:
    """Would `convert` give each of these texts back as it is? One look at a long column instead of one a cell."""
    if not keeps_texts(column):
        return False
    # One long text is looked at, as one a cell takes longer; "|" stands between, and beside it no blank, nor another.
    together = f"|{'|'.join(texts)}|" if texts else ""
    if not (together.isascii() and together.isprintable()) or any(pair in together for pair in ("| ", " |", "||")):
        return False
    if ("|#" in together or "Err" in together or "Load" in together) and any(map(error_word, texts)):
        return False
    return column.own or not holds_placeholder(texts)


def _as_text(raw: Raw, problems: list[Problem], own: bool = False) -> str | _Sentinel:
    """Text of a cell; a date or a broken number in a text cell is Excel's doing and cannot be undone here."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, (dt.datetime, dt.date, dt.time, dt.timedelta)):
        problems.append(Problem("EXCEL-CHANGED", _show(raw), {"what": "a date"}))
        return UNREADABLE
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, (int, float)):
        text = general(raw)
        # A name such as 1E5 becomes such a number; in the user's own columns they may well be meant.
        if (abs(raw) >= 1e15 or 0 < abs(raw) < 1e-4) and (cut(raw) or not own):
            problems.append(Problem("EXCEL-CHANGED", text, {"what": "a number"}))
            return UNREADABLE
        return text
    return str(raw)


def _show(raw: Raw) -> str:
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date().isoformat()
    return raw.isoformat() if isinstance(raw, (dt.datetime, dt.date, dt.time)) else str(raw)


def _text(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    text = _as_text(raw, problems, column.own)
    if isinstance(text, _Sentinel):
        return text
    if column.many:
        return tuple(_formed(p, column, problems) for p in _several(text, column, rows, problems)) or None
    return _formed(text, column, problems)


def _formed(text: str, column: Column, problems: list[Problem]) -> str:
    """The bare form of an identifier; one with a slip that leaves one reading is read as that, with a warning."""
    read = meant(text, column.format) if column.format is not None else ""
    if read:
        problems.append(Problem("READ-AS", text, suggestions=(read,)))
        return read
    return undress(text, column.format)


def _several(text: str, column: Column, rows: Collection[str], problems: list[Problem]) -> tuple[str, ...]:
    """The values of a cell as typed; commas that part known values are read as separators, with a warning."""
    found = parts(text, column, rows)
    if len([p for p in found if p]) > len(split_many(text)):
        problems.append(Problem("READ-AS", text, suggestions=("; ".join(found),)))
    return found


def _number(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    whole = column.kind is Kind.INTEGER
    wanted = "a whole number" if whole else "a number"
    value: Decimal | None = None
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        value = number(raw)
    elif isinstance(raw, str):
        value = numbers.read(raw, whole)
    if value is None or not value.is_finite() or (whole and value != value.to_integral_value()):
        shown = _show(raw)
        near = numbers.readings(shown, whole, column.unit) if isinstance(raw, str) else ()
        problems.append(Problem("NUMBER-BAD", shown, {"kind": wanted, "example": column.example}, near))
        return UNREADABLE
    value = Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
    if isinstance(raw, str) and numbers.may_be_two(raw):
        problems.append(Problem("NUMBER-BLANK", raw, {"number": str(value)}))
    return int(value) if whole else value


def _range(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    text = raw if isinstance(raw, str) else _as_text(raw, problems)
    if isinstance(text, _Sentinel):
        return text
    typed = split_many(text) if column.many else (text,)
    found = tuple(r for r in (_one_range(t, column, problems) for t in typed) if r is not None)
    if len(found) < len(typed):
        return UNREADABLE
    return (found or None) if column.many else found[0]


def _one_range(text: str, column: Column, problems: list[Problem]) -> Range | None:
    """One number or range of a cell; what it may mean instead is said where it is none."""
    found = ranges.read(text, column.unit)
    if found is None:
        near = ranges.readings(text, column.unit, column.many)
        problems.append(
            Problem(
                "RANGE-BAD",
                text,
                {"in_unit": f" in {column.unit}" if column.unit else "", "example": column.example},
                near,
            )
        )
    elif ranges.may_be_two(text, column.unit):
        problems.append(Problem("NUMBER-BLANK", text, {"number": found.text}))
    return found


def _date(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    found = dates.read(raw) if isinstance(raw, str) else None
    if found is not None:
        return found
    shown = _show(raw)
    days = tuple(day.isoformat() for day in dates.readings(shown))
    problems.append(Problem("DATE-BAD", shown, {"example": column.example}, days))
    return UNREADABLE


def _yesno(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        word = raw.casefold()
        if word in ("yes", "y", "true"):
            return True
        if word in ("no", "n", "false"):
            return False
    problems.append(Problem("LIST-UNKNOWN", _show(raw), {"list": "yes or no", "words": ""}, ("yes", "no")))
    return UNREADABLE


def _choice(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    text = _as_text(raw, problems)
    if isinstance(text, _Sentinel):
        return text
    if not column.many:
        return _listed(text, column.list)
    return tuple(_listed(p, column.list) if p else "" for p in _several(text, column, rows, problems)) or None


def _listed(text: str, name: str) -> str:
    """The list's own spelling where the text is one of its words, else the text; `checks` judges it."""
    found = vocabularies.listed(text, name)
    return found or text


def _term(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    text = _as_text(raw, problems)
    if isinstance(text, _Sentinel):
        return text
    terms = tuple(Term(*split_id(p)) for p in (_several(text, column, rows, problems) if column.many else (text,)))
    return (terms or None) if column.many else terms[0]


def _reference(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    text = _as_text(raw, problems)
    if isinstance(text, _Sentinel):
        return text
    return (_several(text, column, rows, problems) or None) if column.many else text


def _variable(raw: Raw, column: Column, rows: Collection[str], problems: list[Problem]) -> Value:
    text = _as_text(raw, problems)
    if isinstance(text, _Sentinel):
        return text
    parse = parse_variable if column.files is None else _with_file
    found = tuple(parse(p) for p in (split_many(text) if column.many else (text,)))
    return (found or None) if column.many else found[0]


def _with_file(text: str) -> Variable:
    """A variable that may name a file: the colon of `file: path` parts no name from a value."""
    only = bool(mentioned(text)) and ":" not in besides(text)
    return Variable(text, "", text) if only else parse_variable(text)


_CONVERT: dict[Kind, Callable[[Raw, Column, Collection[str], list[Problem]], Value]] = {
    Kind.TEXT: _text,
    Kind.LONGTEXT: _text,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.RANGE: _range,
    Kind.DATE: _date,
    Kind.YESNO: _yesno,
    Kind.CHOICE: _choice,
    Kind.TERM: _term,
    Kind.REFERENCE: _reference,
    Kind.VARIABLE: _variable,
}


def to_cell(value: Value) -> Raw:
    """A value as a cell holds it; the way back of `convert`."""
    if value is None or isinstance(value, _Sentinel):
        return None
    if isinstance(value, tuple):
        return "; ".join(str(to_cell(v)) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Term):
        return f"{value.label} [{value.id}]" if value.id else value.label
    if isinstance(value, (Variable, Range)):
        return value.text
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    return value
