"""PageTab TSV -> page, as the archive's backend reads it: records (see `facts.quoting`), then blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from rembi_sheets.archives.bioimage_archive.document import Attribute, File, Link, Page, Qualifier, Section
from rembi_sheets.archives.bioimage_archive.facts.quoting import BLANK, RefusedError, protect, records

T = TypeVar("T")

_TABLE = re.compile(r"([^\n]+)\[([^\n]*)\]")


def read_tsv(content: bytes) -> tuple[Page | None, tuple[str, ...]]:
    """The page of a PageTab TSV and what the backend would refuse or drop in it; None when there is no page at all."""
    try:
        text = content.decode("utf-8")
        blocks = _blocks(text)
    except UnicodeDecodeError as error:
        return None, (f"not UTF-8: {error.reason}",)
    except RefusedError as error:
        return None, (str(error),)
    if not blocks:
        return None, ("the page is empty",)
    if any(block[0][0] is None for block in blocks):
        return None, ("a block has no type",)
    return _Reader().page(blocks)


def _blocks(text: str) -> list[list[list[str | None]]]:
    blocks: list[list[list[str | None]]] = []
    open_block = False
    for record in records(protect(text)):
        cells = [None if BLANK.fullmatch(c) else c.replace('\\"', '"') for c in record]
        if all(c is None for c in cells):
            open_block = False
        elif open_block:
            blocks[-1].append(cells)
        else:
            blocks.append([cells])
            open_block = True
    return blocks


class _Node:
    """A section while it is read: its children arrive later."""

    def __init__(self, kind: str, accno: str, attributes: tuple[Attribute, ...]) -> None:
        self.kind, self.accno, self.attributes = kind, accno, attributes
        self.links: list[Link | tuple[Link, ...]] = []
        self.files: list[File | tuple[File, ...]] = []
        self.below: list[_Node | tuple[Section, ...]] = []

    def section(self) -> Section:
        below = tuple(n if isinstance(n, tuple) else n.section() for n in self.below)
        return Section(self.kind, self.attributes, self.accno, tuple(self.links), tuple(self.files), below)


class _Reader:
    """Blocks -> page. `odd`: what the backend refuses (then the block is left out) or drops without a word."""

    def __init__(self) -> None:
        self.odd: list[str] = []

    def page(self, blocks: list[list[list[str | None]]]) -> tuple[Page | None, tuple[str, ...]]:
        head = blocks[0][0]
        if (head[0] or "").casefold() != "submission":
            return None, ("the first block is no Submission",)
        attributes = self._guarded(blocks[0], lambda: self._attributes(blocks[0][1:])) or ()
        accno = (head[1] if len(head) > 1 else "") or ""
        if len(blocks) == 1:
            return Page(attributes, None, accno), tuple(self.odd)
        head = blocks[1][0]
        below = self._guarded(blocks[1], lambda: self._attributes(blocks[1][1:])) or ()
        root = _Node(head[0] or "", (head[1] if len(head) > 1 else "") or "", below)
        self._known = {root.accno: root} if root.accno else {}
        self._root = self._current = root
        for block in blocks[2:]:
            self._guarded(block, partial(self._block, block))
        return Page(attributes, root.section(), accno), tuple(self.odd)

    def _guarded(self, block: list[list[str | None]], read: Callable[[], T]) -> T | None:
        try:
            return read()
        except RefusedError as error:
            self.odd.append(f"{block[0][0]}: {error}")
            return None

    def _block(self, block: list[list[str | None]]) -> None:
        head = block[0]
        kind = head[0]
        if kind is None:
            raise RefusedError("a block without a type")
        second = head[1] if len(head) > 1 else None
        word = kind.casefold()
        table = _TABLE.fullmatch(kind)
        if word == "link":
            if second is None:
                raise RefusedError("a link without url")
            self._current.links.append(Link(second, self._attributes(block[1:])))
        elif word == "file":
            if second is None:
                raise RefusedError("a file without path")
            attributes = self._attributes(block[1:])
            kind_of = next((a.value for a in attributes if a.name == "type"), None)
            self._current.files.append(File(second, kind_of or "file", None, attributes))
        elif word == "links":
            self._current.links.append(tuple(Link(_needed(n), a) for n, a in self._rows(block)))
        elif word == "files":
            self._current.files.append(tuple(File(_needed(n), "file", None, a) for n, a in self._rows(block)))
        elif table:
            parent = self._parent(table[2]) if table[2] else self._root
            parent.below.append(tuple(Section(table[1], a, n or "") for n, a in self._rows(block)))
        else:
            parent = self._parent(head[2]) if len(head) > 2 and head[2] else self._root
            if second and second in self._known:
                raise RefusedError(f"the accno {second} stands twice")
            node = _Node(kind, second or "", self._attributes(block[1:]))
            if node.accno:
                self._known[node.accno] = node
            parent.below.append(node)
            self._current = node

    def _parent(self, accno: str) -> _Node:
        if accno not in self._known:
            raise RefusedError(f"no section before it has the accno {accno}")
        return self._known[accno]

    def _attributes(self, lines: Sequence[Sequence[str | None]]) -> tuple[Attribute, ...]:
        pairs = []
        for cells in lines:
            if any(c is not None for c in cells[2:]):
                self.odd.append(f"{cells[0]}: cells after the second are dropped: {[c for c in cells[2:] if c]}")
            pairs.append((cells[0], cells[1] if len(cells) > 1 else None))
        return _built(pairs)

    def _rows(self, block: list[list[str | None]]) -> list[tuple[str | None, tuple[Attribute, ...]]]:
        heads = list(block[0][1:])
        while heads and heads[-1] is None:
            heads.pop()
        if None in heads or len(block) < 2:
            raise RefusedError("a table without rows, or with a blank heading")
        rows = []
        for cells in block[1:]:
            values = list(cells[1:])
            while len(values) > len(heads) and values[-1] is None:
                values.pop()
            if len(values) > len(heads):
                raise RefusedError("a row is longer than its headings")
            values += [None] * (len(heads) - len(values))
            rows.append((cells[0], _built(list(zip(heads, values, strict=True)))))
        return rows


def _needed(name: str | None) -> str:
    if name is None:
        raise RefusedError("a row without its first cell")
    return name


def _built(pairs: Sequence[tuple[str | None, str | None]]) -> tuple[Attribute, ...]:
    out: list[Attribute] = []
    for name, found in pairs:
        if name is None:
            raise RefusedError("an attribute without a name")
        marks = name[0] + name[-1] if len(name) > 2 else ""
        if marks in ("()", "[]"):
            if not out:
                raise RefusedError("a qualifier before any attribute")
            out[-1] = _qualified(out[-1], marks, (name[1:-1], found))
        elif marks == "<>":
            out.append(Attribute(name[1:-1], found, reference=True))
        else:
            out.append(Attribute(name, found))
    return tuple(out)


def _qualified(a: Attribute, marks: str, qualifier: Qualifier) -> Attribute:
    if marks == "()":
        return Attribute(a.name, a.value, a.reference, (*a.name_qualifiers, qualifier), a.value_qualifiers)
    return Attribute(a.name, a.value, a.reference, a.name_qualifiers, (*a.value_qualifiers, qualifier))
