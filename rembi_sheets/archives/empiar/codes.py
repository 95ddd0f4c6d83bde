"""EMPIAR's codes and words, from codes.toml: ('T9', '') is tilt series, 5 is FIB-SEM, GB is United Kingdom."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from rembi_sheets import toml, vocabularies

NAMESPACE = "http://pdbe.org/empiar"
VARIABLE = "variable"
"""The word of the XML for an unknown or changing size."""
_TUPLE = re.compile(r"\('(T\d+|OT)', '([^'\0]*)'\)")


@cache
def table(name: str) -> dict[str, Any]:
    """One table of codes.toml."""
    found: dict[str, Any] = _all()[name]
    return found


@cache
def _all() -> dict[str, Any]:
    return toml.loads((files(__package__) / "codes.toml").read_text("utf-8"))


@cache
def _codes(name: str) -> dict[str, str]:
    return {word: code for code, word in table(name).items()}


def code(name: str, word: str) -> str:
    """The code of a word in list `name`; "" when the list does not have it."""
    return _codes(name).get(word, "")


def word(name: str, code: str) -> str:
    """The word of a code, also of one that is only read; "" when there is none."""
    return str(table(name).get(code) or table("read_only").get(name, {}).get(code, ""))


def is_listed(name: str, word: str) -> bool:
    """Whether EMPIAR's XML is known to take this word."""
    return bool(code(name, word)) or word in table("xml_only").get(name, ())


def quotable(text: str) -> str:
    """A text as it can stand between straight quotes: a straight apostrophe would end it in ('O'Brien', 'J')."""
    return text.replace("'", "’")


def as_tuple(name: str, word: str) -> str:
    """A word as the deposition JSON writes it: ('T9', '') from the list, else ('OT', 'the word')."""
    found = code(name, word)
    return f"('{found}', '')" if found else f"('OT', '{quotable(word)}')"


def from_tuple(name: str, text: str) -> str:
    """The word of such a text. Raises ValueError when it is none."""
    found = _TUPLE.fullmatch(text)
    if found:
        known = found[2] if found[1] == "OT" else word(name, found[1]) if not found[2] else ""
        if known:
            return known
    raise ValueError(f"{text!r} is no code of {name}")


def format_word(label: str) -> str:
    """A file format in EMPIAR's spelling; one without a code in capitals, digits and single blanks: OME TIFF."""
    label = table("file_format").get(label, label)
    if code("data_format", label) or is_listed("header_format", label):
        return label
    return " ".join(re.sub(r"[^A-Z0-9]", " ", label.upper()).split())


def header_word(data_format: str) -> str:
    """The header format of data in `data_format` (a word) when nothing else is said."""
    return str(table("header_of").get(data_format, data_format))


def voxel_word(pixel_type: str) -> str:
    """The voxel type of a pixel type of the workbook (uint16 -> UNSIGNED 16 BIT INTEGER)."""
    return str(table("pixel_type").get(pixel_type, format_word(pixel_type)))


def country_code(name: str) -> str:
    """The two-letter code EMPIAR holds for an English country name; "" for an unknown name."""
    found = vocabularies.resolve(name, "country").entry if name else None
    return found.extra["code"] if found else ""


def country_name(code: str) -> str:
    """The English name of a country's code; "" for an unknown code."""
    return next((e.label for e in vocabularies.entries("country") if e.extra["code"] == code), "")


def country_of_alias(name: str) -> str:
    """A country's name; USA and UK as the archive's loader reads them."""
    return str(table("country_alias").get(name, name))


def parted(name: str) -> tuple[str, str]:
    """Last name and initials of 'Surname II', split at the last blank as the archive does."""
    last, blank, initials = name.strip().rpartition(" ")
    return (last.rstrip(), initials) if blank else (initials, "")
