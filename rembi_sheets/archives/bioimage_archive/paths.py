"""Which paths and names of files the archive's backend takes (its own rule, 2026-06)."""

from __future__ import annotations

import re

ALLOWED = "letters A to Z, digits, blank and ! - _ * ' ( ) . /"
LARGEST = 2 * 10**12  # bytes; above about 2 TB a single file cannot be stored

_TAKEN = re.compile(r"(?!\./)(?!.*/$)(?!.*\.\./)[0-9A-Za-z!\-_*'(). /]+")
_NOT_TAKEN = re.compile(r"[^0-9A-Za-z!\-_*'(). /]")


def is_taken(path: str) -> bool:
    """Does the backend take this path?"""
    return _TAKEN.fullmatch(path) is not None


def offence(path: str) -> str:
    """What is wrong with a path that is not taken: its refused characters, or ./ ../ or / at a wrong place."""
    wrong = sorted(set(_NOT_TAKEN.findall(path)))
    if wrong:
        return "".join(wrong)
    return "../" if "../" in path else "./" if path.startswith("./") else "/"
