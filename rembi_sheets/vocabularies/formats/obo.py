"""OBO 1.2 and 1.4, line by line: tolerant where strict parsers stop, for real files are not strict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rembi_sheets.vocabularies.formats import About, Event, Problem, Term
from rembi_sheets.vocabularies.identifiers import normalise_id

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_COMMENT = re.compile(r"(?<!\\)\s+!\s.*$")
_TAGS = frozenset(("id", "name", "synonym", "is_a", "is_obsolete", "replaced_by"))
_ESCAPES = {"n": "\n", "W": " ", "t": "\t"}


def read(lines: Iterable[str | Problem]) -> Iterator[Event]:
    """The terms of an OBO file; other stanzas (relations, instances) are passed over."""
    stanza, started, version = "", 0, ""
    tags: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        if isinstance(line, Problem):
            yield line
            return
        text = line.strip()
        tag, colon, value = text.partition(":")
        if colon and stanza and tag in _TAGS:
            tags.setdefault(tag, []).append(value.strip())
        elif text.startswith("[") and text.endswith("]"):
            yield from _close(stanza, tags, started)
            stanza, started, tags = text, number, {}
        elif colon and not stanza and tag in ("data-version", "date") and not version:
            version = value.strip()
            yield About(version.removeprefix("releases/"))
    yield from _close(stanza, tags, started)


def _close(stanza: str, tags: dict[str, list[str]], line: int) -> Iterator[Event]:
    if stanza != "[Term]":
        return
    written = _plain(tags.get("id", [""])[0])
    label = _plain(tags.get("name", [""])[0])
    if not written:
        yield Problem(f'the term "{label}" has no id', line)
        return
    # a stanza without name only adds to a term of another file
    if label:
        found = (_QUOTED.match(value) for value in tags.get("synonym", []))
        names = (match[1] for match in found if match)
        synonyms = dict.fromkeys(_ESCAPE.sub(_unescape, name) if "\\" in name else name for name in names)
        yield Term(
            normalise_id(written) or written,
            label,
            tuple(synonym for synonym in synonyms if synonym != label),
            tuple(_curie(value) for value in tags.get("is_a", [])),
            _plain(tags.get("is_obsolete", [""])[0]) == "true",
            _curie(tags.get("replaced_by", [""])[0]),
        )


def _curie(value: str) -> str:
    if not value:
        return ""
    plain = _plain(value).split(" ")[0]
    return normalise_id(plain) or plain


def _plain(value: str) -> str:
    """A value without its comment, its trailing modifiers and its escapes."""
    if "!" in value:
        value = _COMMENT.sub("", value)
    if value.endswith("}") and " {" in value:
        value = value[: value.rindex(" {")]
    return _ESCAPE.sub(_unescape, value) if "\\" in value else value


def _unescape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[1], found[1])
