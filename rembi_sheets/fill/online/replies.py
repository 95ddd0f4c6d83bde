"""Reading replies: JSON of any shape whatever, of which only texts at known places count. Nothing here raises."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

_TAG = re.compile(r"</?(?:[a-z]+:)?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_MOST = 10_000  # of a list: more authors than any paper has


def at(node: Any, *way: str | int) -> Any:
    """What stands at a place: keys of objects, numbers in lists; None where the reply has no such place."""
    for step in way:
        if isinstance(step, str) and isinstance(node, dict):
            node = node.get(step)
        elif isinstance(step, int) and isinstance(node, list) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def text(node: Any, *way: str | int) -> str:
    """The text or number at a place, on one line and without marks of HTML; '' where there is none."""
    found = at(node, *way)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    said = str(found)
    if "<" in said or "&" in said:
        said = html.unescape(_TAG.sub("", html.unescape(said)))
    return " ".join(said.split())


def items(node: Any, *way: str | int) -> Iterator[Any]:
    """The members of a list at a place; a single object is a list of one."""
    found = at(node, *way)
    if isinstance(found, dict):
        yield found
    elif isinstance(found, list):
        yield from found[:_MOST]


def filled(**values: str) -> dict[str, str]:
    """By column, the values that are not empty."""
    return {column: value for column, value in values.items() if value}
