"""Which paths and names of files the archive's backend takes (its own rule, 2026-06)."""

from __future__ import annotations

import re
from collections.abc import Sequence

ALLOWED = "letters A to Z, digits, blank and ! - _ * ' ( ) . /"
LARGEST = 2 * 10**12  # bytes; above about 2 TB a single file cannot be stored

_TAKEN = re.compile(r"(?!\./)(?!.*/$)(?!.*\.\./)[0-9A-Za-z!\-_*'(). /]+")
_NOT_TAKEN_IN_LINES = re.compile(r"(?m)[^0-9A-Za-z!\-_*'(). /\n]|^\./|\.\./|/$")
_NOT_TAKEN = re.compile(r"[^0-9A-Za-z!\-_*'(). /]")


def is_taken(path: str) -> bool:
    """Does the backend take this path?"""
    return _TAKEN.fullmatch(path) is not None


def all_taken(paths: Sequence[str]) -> bool:
    """Does the backend take every one of these paths? Fast, for lists of a million."""
    text = "\n".join(paths)
    return text.count("\n") == max(0, len(paths) - 1) and not _NOT_TAKEN_IN_LINES.search(text) and all(paths)


def offence(path: str) -> str:
    """What is wrong with a path that is not taken: its refused characters, or ./ ../ or / at a wrong place."""
    wrong = sorted(set(_NOT_TAKEN.findall(path)))
    if wrong:
        return "".join(wrong)
    return "../" if "../" in path else "./" if path.startswith("./") else "/"
