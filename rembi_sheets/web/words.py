"""Words of the page (`words.toml`), and texts that several pages share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> Mapping[str, Any]:
    """What `words.toml` says."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def count(n: int, noun: str) -> str:
    """'1 error', '3 errors', '1,200 errors'."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def size(n: int) -> str:
    """'812 bytes', '6 kB', '50 MB'."""
    if n < 1000:
        return count(n, "byte")
    return f"{n / 1000:.0f} kB" if n < 999_500 else f"{n / 1_000_000:.1f} MB".replace(".0 ", " ")
