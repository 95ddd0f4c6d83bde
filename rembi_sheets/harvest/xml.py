"""XML of headers: parsed without entities, at most 64 MB (lists of files: 1 GB), names without their namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from rembi_sheets.harvest.model import Unusable
from rembi_sheets.harvest.source import Source

LIMIT = 64 * 2**20
LONGEST = 2**30
"""Bytes of a list of files, which grows with them."""
_DECLARED = re.compile(r"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
_CONTROLS = dict.fromkeys({*range(32)} - {9, 10, 13}, " ")  # which some programs leave in their texts, and XML forbids
_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"


class Illegible(Unusable):
    """An XML that is not read; the file around it may be."""


def decoded(data: bytes) -> str:
    """The text of XML bytes: by its mark, by its declaration, else UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    said = _DECLARED.match(data[:200].decode("latin-1"))
    try:
        return data.decode(said[1] if said else "utf-8-sig")
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


def begins(head: bytes) -> bytes:
    """The first bytes of a file without zeros (of UTF-16) and marks, where it begins as XML does; else nothing."""
    start = head[:64].lstrip(_BEFORE)
    return head.replace(b"\0", b"").lstrip(_BEFORE) if start.startswith(b"<") else b""


def parse(data: bytes | str) -> ET.Element:
    """The root of a document, names without their namespaces.

    Raises Illegible for one that is no XML, declares entities, or is too large.
    """
    if len(data) > LIMIT:
        raise Illegible("its XML is larger than 64 MB, which no header is")
    text = decoded(data) if isinstance(data, bytes) else data
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Illegible("its XML declares entities, which no header needs; it is not read")
    text = text.strip("\ufeff\0 \r\n\t")
    try:
        return _bare(_root(text))
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise Illegible(f"its XML cannot be read ({error})") from None


def _root(text: str) -> ET.Element:
    try:
        return ET.fromstring(text)
    except ET.ParseError:
        return ET.fromstring(text.translate(_CONTROLS))


def _bare(root: ET.Element) -> ET.Element:
    """The same tree, each name without its namespace: once here, and not at each of the many looks at it."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def each(source: Source, *names: str) -> Iterator[ET.Element]:
    """The elements of some names, one after the other, of a document that may be larger than others: a list of files.

    Of a large one nothing is kept but what is at work; its elements come as they end. Raises Illegible as `parse` does.
    """
    if source.size <= LIMIT:
        yield from (e for e in parse(source.text_bytes(LIMIT)).iter() if e.tag in names)
        return
    if source.size > LONGEST or b"<!DOCTYPE" in begins(source.head):
        raise Illegible(f"its XML is larger than {LONGEST >> 20} MB, or declares entities; it is not read")
    within: list[ET.Element] = []
    with source.open() as file:
        try:
            for event, element in ET.iterparse(file, ("start", "end")):
                if event == "start":
                    within.append(element)
                    continue
                within.pop()
                if element.tag.rpartition("}")[2] in names:
                    yield _bare(element)
                    within[-1].remove(element)
        except (ET.ParseError, IndexError, ValueError) as error:
            raise Illegible(f"its XML cannot be read ({error})") from None


def child(element: ET.Element | None, *path: str) -> ET.Element | None:
    """The first element down a path of names."""
    for name in path:
        if element is None:
            return None
        element = element.find(name)
    return element


def children(element: ET.Element | None, *path: str) -> list[ET.Element]:
    """All elements of the last name below the first of the names before it."""
    above = child(element, *path[:-1])
    return [] if above is None else above.findall(path[-1])


def every(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """All elements of a name, at any depth."""
    return element.iter(name)


def text(element: ET.Element | None, *path: str) -> str:
    """The text of an element down a path of names; '' when there is none."""
    found = child(element, *path)
    return (found.text or "").strip() if found is not None else ""
