"""Files that a text names: `file: protocols/staining.docx`, alone or after other words, several by semicolons.

A path runs to the next semicolon, the next `file:` or the end of the line; a full stop, comma or bracket that closes
the sentence is no part of it. What follows a semicolon is a further path when `file:` stands before it, or when it ends
as the name of a file does. A file is named, never opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_MARK = re.compile(r"(?<![\w/.\-])file[ \t]*[:\uff1a][ \t]*", re.IGNORECASE)
_END = re.compile(r"[;\uff1b\n]")
_FURTHER = re.compile(r"[;\uff1b][ \t]*([^;\uff1b\n]*\.(?=\w*[A-Za-z])\w{1,8})[ \t.,)\]}]*(?=[;\uff1b\n]|\Z)")
_CLOSING = {")": "(", "]": "[", "}": "{"}


def mentioned(text: str) -> tuple[str, ...]:
    """The paths that a text names, in their order; '' for a `file:` with nothing behind it."""
    return tuple(text[start:end] for _, start, end in _spans(text))


def changed(text: str, change: Callable[[str], str]) -> str:
    """The text with each path that it names put in another way."""
    for _, start, end in reversed(tuple(_spans(text))):
        text = text[:start] + change(text[start:end]) + text[end:]
    return text


def besides(text: str) -> str:
    """What a text says besides the files that it names; '' when it only names files."""
    for begin, _, end in reversed(tuple(_spans(text))):
        text = text[:begin] + text[end:]
    parts = (part.strip(" \t.,()[]") for part in _END.split(text))
    return "; ".join(part for part in parts if part)


def _spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each path begins with its mark, begins, and ends."""
    mark = _MARK.search(text)
    while mark is not None:
        after = _MARK.search(text, mark.end())
        stop = _END.search(text, mark.end())
        limit = min(after.start() if after else len(text), stop.start() if stop else len(text))
        yield mark.start(), mark.end(), _end(text, mark.end(), limit)
        further = _FURTHER.match(text, limit)
        while further is not None and not _MARK.search(further[1]):
            yield limit, further.start(1), _end(text, further.start(1), further.end(1))
            limit = further.end()
            further = _FURTHER.match(text, limit)
        mark = after


def _end(text: str, start: int, end: int) -> int:
    """Where a path ends: before the blanks and the signs that close its sentence."""
    while end > start and (text[end - 1] in " \t.," or _closes(text[start:end])):
        end -= 1
    return end


def _closes(path: str) -> bool:
    """Does a path end with a bracket that it does not open?"""
    return path[-1] in _CLOSING and path.count(path[-1]) > path.count(_CLOSING[path[-1]])
