"""Text as IDR's line-based files can hold it, and names as IDR writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any

from rembi_sheets.values import UNREADABLE

_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
_GAPS = re.compile(r" {2,}")
_LETTERS = {
    "ß": "ss",
    "ø": "o",
    "Ø": "o",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "þ": "th",
    "ð": "d",
}


@lru_cache(maxsize=65536)
def cell(text: str) -> str:
    """Text for a cell of a table: tabs and line breaks become a blank, no blanks at the ends."""
    if text.isprintable():
        return text.strip()
    return _BREAKS.sub(" ", text).strip()


def of_values(values: Sequence[Any]) -> list[str]:
    """Each value of a workbook as text; those of a column of texts mostly stay as they are."""
    if set(map(type, values)) <= {str, type(None)} and "".join(filter(None, values)).isprintable():
        return [v or "" for v in values]
    return [v if type(v) is str and v.isprintable() else of_value(v) for v in values]


def of_value(value: Any) -> str:
    """A value of a workbook as text, '' where it is absent or unreadable."""
    if value is None or value is UNREADABLE:
        return ""
    if isinstance(value, str):
        return cell(value)
    if isinstance(value, tuple):
        return "; ".join(map(of_value, value))
    if isinstance(value, float):
        return "" if value != value else repr(value)
    return str(value)


def file_names(paths: Sequence[str]) -> list[str]:
    """The names behind the folders, without a step of the interpreter for each of very many paths."""
    parted = map(str.rpartition, map(str.rstrip, paths, repeat("/")), repeat("/"))
    return list(map(itemgetter(2), parted))


def value(text: str) -> str:
    """Text for the study file, which knows no quoting: as `cell`, and double quotes become single ones."""
    return cell(text).replace('"', "'")


def changed(text: str) -> tuple[str, ...]:
    """What `value` has to replace in a text, in words."""
    found = []
    if "\t" in text:
        found.append("tabs")
    if _BREAKS.search(text.replace("\t", "")):
        found.append("line breaks")
    if '"' in text:
        found.append("double quotes")
    return tuple(found)


def prose(*parts: str) -> str:
    """Texts joined by a blank, a full stop put after each but the last where it lacks an end."""
    texts = [t for t in (value(p) for p in parts) if t]
    return " ".join([*(t if t[-1] in ".!?:;" else t + "." for t in texts[:-1]), *texts[-1:]])


def plain_letters(text: str) -> str:
    """A name in lower-case ASCII letters and digits: Hériché -> heriche, van der Berg -> vanderberg."""
    text = "".join(_LETTERS.get(ch, ch) for ch in text)
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(ch for ch in text if ch.isascii() and ch.isalnum())


def last_name(text: str) -> str:
    """The last name in a study's folder: letters only; `unknown` when none is left."""
    return name_letters(text) or "unknown"


def name_letters(text: str) -> str:
    """The letters of a last name that a study's folder can hold."""
    return "".join(ch for ch in plain_letters(text) if ch.isalpha())


def delimiter(first: str) -> str:
    """What parts the cells of a table, by its first line: tabs, else the more frequent of comma and semicolon."""
    return "\t" if "\t" in first else max(",;", key=first.count) if "," in first or ";" in first else "\t"


def one_space(text: str) -> str:
    """Text with single blanks."""
    return _GAPS.sub(" ", text)
