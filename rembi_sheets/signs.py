"""Signs in cells: words for an error that programs put there, raised or lowered letters, signs of other keyboards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rembi_sheets import toml

_STARTS = ("#", "e", "f", "l")


def error_word(text: str) -> bool:
    """Is a text what a program shows in place of a value that could not be computed? (#REF!, #NOM?, Err:502)"""
    text = text.strip()
    if not text or text[0].casefold() not in _STARTS or len(text) > 40:
        return False
    plain = unicodedata.normalize("NFC", text)
    words, pattern = _errors()
    return plain.casefold() in words or (pattern.fullmatch(plain) is not None)


def raised(text: str) -> str:
    """Text that stands raised, without such a format: 6 -> ⁶; what has no raised sign is written ^th or ^(-/x)."""
    return _moved(text, "raised", "^")


def lowered(text: str) -> str:
    """Text that stands lowered, without such a format: 2 -> ₂; what has no lowered sign is written _max."""
    return _moved(text, "lowered", "_")


def narrow(text: str) -> str:
    """Full-width letters, digits and signs, and the digits of any script, as an English keyboard has them."""
    return text if text.isascii() else "".join(map(_narrow, text))


def _narrow(sign: str) -> str:
    if sign == "\u3000" or "\uff01" <= sign <= "\uff5e":
        return unicodedata.normalize("NFKC", sign)
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _moved(text: str, way: str, sign: str) -> str:
    signs, kept = _scripts(way)
    body = text.strip()
    if not body or all(c in kept for c in body):
        return text
    if all(c in signs for c in body):
        made = "".join(signs[c] for c in body)
    else:
        made = sign + (body if body.isalnum() else f"({body})")
    before = text[: len(text) - len(text.lstrip())]
    return before + made + text[len(text.rstrip()) :]


@cache
def _data() -> Mapping[str, Any]:
    return toml.loads(files("rembi_sheets").joinpath("signs.toml").read_text("utf-8"))


@cache
def _errors() -> tuple[frozenset[str], re.Pattern[str]]:
    errors = _data()["errors"]
    words = frozenset(unicodedata.normalize("NFC", w).casefold() for w in errors["words"])
    return words, re.compile("|".join(errors["patterns"]))


@cache
def _scripts(way: str) -> tuple[Mapping[str, str], str]:
    raw = _data()[way]
    return dict(zip(raw["from"], raw["to"], strict=True)), raw["kept"]
