"""Words of the page (`words.toml`), and texts that several pages share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from rembi_sheets import toml

_HYPHENS = re.compile(r"(?<![\w-])[\dX]{2,4}(?:-[\dX]{2,4}){2,3}(?![\w-])")


@cache
def words() -> Mapping[str, Any]:
    """What `words.toml` says."""
    return toml.loads((files(__package__) / "words.toml").read_text("utf-8"))


def whole(text: str) -> Markup:
    """A text in which dates, ORCIDs and their like are not broken at their hyphens at the end of a line."""
    return Markup(_HYPHENS.sub(r'<span class="nowrap">\g<0></span>', str(escape(text))))


def count(n: int, noun: str) -> str:
    """'1 error', '3 errors', '1,200 errors'."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def size(n: int) -> str:
    """'812 bytes', '6 kB', '50 MB'."""
    if n < 1000:
        return count(n, "byte")
    return f"{n / 1000:.0f} kB" if n < 999_500 else f"{n / 1_000_000:.1f} MB".replace(".0 ", " ")
