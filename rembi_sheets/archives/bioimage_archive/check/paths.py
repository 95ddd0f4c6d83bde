"""Which paths and names of files the archive's backend takes (its own rule, 2026-06)."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

ALLOWED = "letters A to Z, digits, blank and ! - _ * ' ( ) . /"
LARGEST = 2 * 10**12  # bytes; above about 2 TB a single file cannot be stored

_TAKEN = re.compile(r"(?!\./)(?!.*/$)(?!.*\.\./)[0-9A-Za-z!\-_*'(). /]+")
_TAKEN_CHARACTERS = (string.digits + string.ascii_letters + "!-_*'(). /").encode()
_NOT_TAKEN = re.compile(r"[^0-9A-Za-z!\-_*'(). /]")


def is_taken(path: str) -> bool:
    """Does the backend take this path?"""
    return _TAKEN.fullmatch(path) is not None


def all_taken(paths: Sequence[str]) -> bool:
    """Does the backend take every one of these paths? Fast, for lists of a million."""
    text = "\n".join(paths)
    if not text.isascii() or text.encode().translate(None, _TAKEN_CHARACTERS) != b"\n" * max(0, len(paths) - 1):
        return False
    lines = f"\n{text}\n" if paths else ""
    return not any(bad in lines for bad in ("\n./", "../", "/\n", "\n\n"))


def offence(path: str) -> str:
    """What is wrong with a path that is not taken: its refused characters, or ./ ../ or / at a wrong place."""
    wrong = sorted(set(_NOT_TAKEN.findall(path)))
    if wrong:
        return "".join(wrong)
    return "../" if "../" in path else "./" if path.startswith("./") else "/"
