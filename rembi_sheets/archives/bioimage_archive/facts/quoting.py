"""Cells of a PageTab TSV as the archive's backend takes them apart: a repair step for quotes, then a CSV reader.

Own code after the behaviour that was found by experiment with the backend of 2026-06 and its parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What the backend strips from the ends of a cell, and (with the no-break spaces) what it takes for a blank one.
_SPACE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"

STRIP = re.compile(f"^[{_SPACE}]+|[{_SPACE}]+$")

BLANK = re.compile(f"[{_SPACE}\u00a0\u2007\u202f\x85]*")

PAIR = re.compile(r'"[^\n|\t"]*"')


class RefusedError(Exception):
    """The backend would refuse this."""


def protect(text: str) -> str:
    """The backend's repair step: pairs of quotes within a cell get backslashes, so its CSV reader sees none.

    It replaces the text of every pair wherever it stands, so that a pair of one line can split that of another.
    """
    for pair in dict.fromkeys(PAIR.findall(text)):
        text = text.replace(pair, pair.replace('"', '\\"'))
    return text


def records(text: str) -> Iterator[list[str]]:
    """Cells of each record: tab separated, quoted values may hold line breaks, lines that start with # vanish."""
    at, end = 0, len(text)
    while at < end:
        if text[at] == "#":
            at = _line_end(text, at)
            continue
        record: list[str] = []
        while True:
            cell, at, more = _cell(text, at)
            record.append(cell)
            if not more:
                break
        yield record


def _line_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at + (2 if text[at : at + 2] == "\r\n" else 1)


def _cell(text: str, at: int) -> tuple[str, int, bool]:
    """One cell from `at`: its value, where the next begins, and whether the record goes on."""
    while at < len(text) and text[at] not in "\t\r\n" and STRIP.match(text[at]):
        at += 1
    if at < len(text) and text[at] == '"':
        value, at = _quoted(text, at + 1)
    else:
        stop = at
        while stop < len(text) and text[stop] not in "\t\r\n":
            stop += 1
        value, at = STRIP.sub("", text[at:stop]), stop
    if at >= len(text):
        return value, at, False
    return (value, at + 1, True) if text[at] == "\t" else (value, _line_end(text, at), False)


def _quoted(text: str, at: int) -> tuple[str, int]:
    out: list[str] = []
    while True:
        close = text.find('"', at)
        if close < 0:
            raise RefusedError("a quoted value is never closed")
        out.append(text[at:close])
        at = close + 1
        if text[at : at + 1] != '"':
            break
        out.append('"')
        at += 1
    while at < len(text) and text[at] not in "\t\r\n":
        if not STRIP.match(text[at]):
            raise RefusedError("text stands after a closing quote")
        at += 1
    return "".join(out), at
