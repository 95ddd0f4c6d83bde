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
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Final, TypeAlias

from rembi_sheets import vocabularies
from rembi_sheets.cells import Raw
from rembi_sheets.schema import Column, Format, Kind


class _Sentinel(Enum):
    UNREADABLE = "unreadable"

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = _Sentinel.UNREADABLE


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a vocabulary as typed, with its identifier (CURIE) where one is known."""

    label: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as typed: `text`, or `name: value`, either followed by [CURIE]."""

    text: str
    name: str = ""
    value: str = ""
    id: str = ""


Scalar: TypeAlias = str | int | Decimal | bool | dt.date | Term | Variable
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
_ID_AT_END = re.compile(r"\s*\[\s*((?:https?://)?[A-Za-z][\w./#\-]*[:_/][^\s\[\]]+)\s*\]\s*$")
PLACEHOLDERS: Final = frozenset(
    {
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "nan",
        "none",
        "nil",
        "null",
        "-",
        "--",
        "–",
        "—",
        "?",
        "??",
        "...",
        "tbd",
        "tba",
        "tbc",
    }
    | {"todo", "pending", "unknown", "not applicable", "not available", "to be added", "to be decided", "to be done"}
    | {"in revision", "in press", "in preparation", "submitted"}
)


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


def is_placeholder(text: str) -> bool:
    """Words people type where there is nothing to say (N/A, TBD, -)."""
    return text.casefold() in PLACEHOLDERS


def split_many(text: str) -> tuple[str, ...]:
    """A cell with several values: separated by ';' or line breaks, empty ones kept out."""
    return tuple(p for p in (part.strip() for part in re.split(r"[;\n]", text)) if p)


def split_parallel(text: str) -> tuple[str, ...]:
    """As split_many, but empty places are kept, since they tell which label an ID belongs to: "; X", "X;"."""
    parts = tuple(part.strip() for part in re.split(r"[;\n]", text))
    return parts if any(parts) else ()


def split_id(text: str) -> tuple[str, str]:
    """'Label [CURIE]' -> label and CURIE; the CURIE is empty where there is none."""
    found = _ID_AT_END.search(text)
    if not found:
        return text, ""
    curie = vocabularies.normalise_id(found[1])
    return (text[: found.start()].strip(), curie) if curie else (text, "")


def parse_variable(text: str) -> Variable:
    """'Compound: nocodazole [CHEBI:34892]' -> its parts; free text keeps only `text`."""
    body, curie = split_id(text)
    name, colon, value = body.partition(":")
    if colon and value.strip() and name.strip() and len(name) <= 60 and "//" not in body[: len(name) + 3]:
        return Variable(text, name.strip(), value.strip(), curie)
    return Variable(text, "", body, curie)


def convert(raw: Raw, column: Column) -> tuple[Value, tuple[Problem, ...]]:
    """What a cell of `column` holds: absent, a value or UNREADABLE, and the problems met on the way."""
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
        # A list may hold such a word itself (compression: none), and the user's own columns are free.
        if is_placeholder(text) and not column.own and not _in_list(text, column):
            return None, (*problems, Problem("PLACEHOLDER", text))
        raw = text
    value = _CONVERT[column.kind](raw, column, problems)
    return value, tuple(problems)


_KEPT = frozenset((Kind.TEXT, Kind.LONGTEXT, Kind.REFERENCE))


def unchanged(texts: Collection[str], column: Column) -> bool:
    """Would `convert` give each of these texts back as it is? One look at a long column instead of one a cell."""
    form = column.format
    if column.many or column.kind not in _KEPT or (form and (form.strip or form.prefix or form.identifier)):
        return False
    # One long text is looked at, as one a cell takes longer; "|" stands between, and beside it no blank, nor another.
    together = f"|{'|'.join(texts)}|" if texts else ""
    if not (together.isascii() and together.isprintable()) or any(pair in together for pair in ("| ", " |", "||")):
        return False
    return column.own or PLACEHOLDERS.isdisjoint(map(str.casefold, texts))


def _in_list(text: str, column: Column) -> bool:
    return bool(column.list) and vocabularies.resolve(text, column.list).entry is not None


def _as_text(raw: Raw, column: Column, problems: list[Problem]) -> str | _Sentinel:
    """Text of a cell; a date or a broken number in a text cell is Excel's doing and cannot be undone here."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, (dt.datetime, dt.date, dt.time, dt.timedelta)):
        problems.append(Problem("EXCEL-CHANGED", _show(raw), {"what": "a date"}))
        return UNREADABLE
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        if raw.is_integer() and abs(raw) < 1e15:
            return str(int(raw))
        if raw.is_integer() or "e" in repr(raw):
            problems.append(Problem("EXCEL-CHANGED", repr(raw), {"what": "a number"}))
            return UNREADABLE
        return repr(raw)
    return str(raw)


def _show(raw: Raw) -> str:
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date().isoformat()
    return raw.isoformat() if isinstance(raw, (dt.datetime, dt.date, dt.time)) else str(raw)


def _text(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    text = _as_text(raw, column, problems)
    if isinstance(text, _Sentinel):
        return text
    if column.many:
        parts = split_parallel(text) if column.ids_of or column.parallel_to else split_many(text)
        return tuple(undress(p, column.format) for p in parts) or None
    return undress(text, column.format)


def undress(text: str, form: Format | None) -> str:
    """The bare form of an identifier typed with its address or prefix (https://orcid.org/...); other text as it is."""
    if form is None:
        return text
    if form.identifier:
        if form.bare_prefix and text.isdigit():
            return f"{form.bare_prefix}:{text}"
        return vocabularies.normalise_id(text) or text
    if form.strip:
        wrapped = re.fullmatch(r"[^<>]*<\s*([^<>\s]+)\s*>", text) if form.name == "email" else None
        bare = re.sub(rf"\A(?:{form.strip})", "", wrapped[1] if wrapped else text, flags=re.IGNORECASE).strip()
        if bare != text or form.prefix:
            return form.prefix + bare if _matches(form.pattern, bare) else text
    return text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


def fits(text: str, form: Format) -> bool:
    """Does a text have the form, its check digit included?"""
    bare = text.removeprefix(form.prefix) if form.prefix else text
    if not _matches(form.pattern, bare):
        return False
    if form.check == "orcid":
        return orcid_check_digit(bare) == bare[-1]
    if form.check == "ror":
        return ror_check_digits(bare) == bare[-2:]
    if form.check == "email":
        local, _, domain = bare.rpartition("@")
        return ".." not in bare and not local.startswith(".") and not local.endswith(".") and len(domain) > 3
    return True


def orcid_check_digit(orcid: str) -> str:
    """The last character an ORCID must have: ISO 7064 MOD 11-2 over its first 15 digits."""
    total = 0
    for digit in orcid.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def ror_check_digits(ror: str) -> str:
    """The two digits a ROR identifier must end in: ISO 7064 MOD 97-10 over the number that its middle is in base 32."""
    digits = "0123456789abcdefghjkmnpqrstvwxyz"  # base 32 without i, l, o and u
    number = sum(digits.index(sign) * 32**n for n, sign in enumerate(reversed(ror[1:7])))
    return f"{98 - number * 100 % 97:02d}"


def _number(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    whole = column.kind is Kind.INTEGER
    wanted = "a whole number" if whole else "a number"
    value: Decimal | None = None
    if isinstance(raw, (bool, dt.date, dt.time, dt.timedelta)):
        value = None
    elif isinstance(raw, (int, float)):
        value = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    elif isinstance(raw, str):
        text = raw.replace(" ", "")
        if re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|[+-]?\.\d+", text):
            try:
                value = Decimal(text)
            except InvalidOperation:
                value = None
    if value is None or not value.is_finite() or (whole and value != value.to_integral_value()):
        shown = _show(raw)
        near = shown.replace(",", ".") if re.fullmatch(r"[+-]?\d+,\d+", shown) and not whole else ""
        problems.append(
            Problem("NUMBER-BAD", shown, {"kind": wanted, "example": column.example}, (near,) if near else ())
        )
        return UNREADABLE
    if whole:
        return int(value)
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _date(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", raw):
        year, month, day = map(int, raw.split("-"))
        try:
            return dt.date(year, month, day)
        except ValueError:
            pass
    problems.append(Problem("DATE-BAD", _show(raw), {"example": column.example}))
    return UNREADABLE


def _yesno(raw: Raw, column: Column, problems: list[Problem]) -> Value:
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


def _choice(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    text = _as_text(raw, column, problems)
    if isinstance(text, _Sentinel):
        return text
    if not column.many:
        return _listed(text, column.list)
    parts = split_parallel(text) if column.parallel_to else split_many(text)
    return tuple(_listed(p, column.list) if p else "" for p in parts) or None


def _listed(text: str, name: str) -> str:
    """The list's own spelling where the text is one of its words, else the text; `checks` judges it."""
    found = vocabularies.resolve(text, name)
    return found.entry.label if found.entry else text


def _term(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    text = _as_text(raw, column, problems)
    if isinstance(text, _Sentinel):
        return text
    terms = tuple(Term(*split_id(p)) for p in (split_many(text) if column.many else (text,)))
    return (terms or None) if column.many else terms[0]


def _reference(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    text = _as_text(raw, column, problems)
    if isinstance(text, _Sentinel):
        return text
    return (split_many(text) or None) if column.many else text


def _variable(raw: Raw, column: Column, problems: list[Problem]) -> Value:
    text = _as_text(raw, column, problems)
    if isinstance(text, _Sentinel):
        return text
    found = tuple(parse_variable(p) for p in (split_many(text) if column.many else (text,)))
    return (found or None) if column.many else found[0]


_CONVERT: dict[Kind, Callable[[Raw, Column, list[Problem]], Value]] = {
    Kind.TEXT: _text,
    Kind.LONGTEXT: _text,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
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
    if isinstance(value, Variable):
        return value.text
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    return value
