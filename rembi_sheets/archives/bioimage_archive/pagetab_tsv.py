"""PageTab TSV as the archive's backend reads it: a repair step for quotes, a CSV reader, then blocks.

Quoting is the trap: quotes are syntax only around a value that holds a line break or a tab; such a value can hold
no quote of its own; in a value on one line quotes are written as they are, one without a partner needs a backslash;
two quotes in a row, and a backslash before a quote, cannot be written at all. A text that cannot be written gets
DOUBLE PRIME (″) for each quote, and the caller is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rembi_sheets.archives.bioimage_archive.document import Attribute, File, Link, Page, Qualifier, Section

PRIME = "″"

# What the backend strips from the ends of a cell, and (with the no-break spaces) what it takes for a blank one.
_SPACE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"
_STRIP = re.compile(f"^[{_SPACE}]+|[{_SPACE}]+$")
_BLANK = re.compile(f"[{_SPACE}\u00a0\u2007\u202f\x85]*")
_PAIR = re.compile(r'"[^\n|\t"]*"')
_TABLE = re.compile(r"([^\n]+)\[([^\n]*)\]")


@dataclass(frozen=True, slots=True)
class Change:
    """A text that TSV cannot hold as it is, and what stands in its place."""

    where: str
    text: str
    written: str


class UnwritableError(Exception):
    """The page cannot be written as TSV; the message says why."""


def write_tsv(page: Page) -> tuple[bytes, tuple[Change, ...]]:
    """The page as TSV and the texts that had to be changed.

    The result has been read back and compared with the page. Raises UnwritableError when it would say something else.
    """
    writer = _Writer()
    text = writer.page(page)
    back, odd = read_tsv(text.encode("utf-8"))
    if odd or back is None or back != writer.changed(page):
        raise UnwritableError(odd[0] if odd else "read back, the page says something else")
    return text.encode("utf-8"), tuple(writer.changes)


def write_cell(value: str) -> tuple[str, str]:
    """One value -> the text of its cell, and the value as it will be read (equal where TSV can hold it)."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text and "\t" not in text:
        text = _STRIP.sub("", text)
        cell = _escaped(text)
        if '"' in text and (not text.startswith(" ") and _read_back(cell) != text):
            text = cell = text.replace('"', PRIME)
        return cell, text
    if _BLANK.fullmatch(text):
        return "", ""
    text = text.replace('"', PRIME)
    return f'"{text}"', text


def _escaped(text: str) -> str:
    """Quotes without a partner get a backslash; pairs are protected by the backend itself."""
    out, at = [], 0
    for pair in _PAIR.finditer(text):
        out.append(text[at : pair.start()].replace('"', '\\"'))
        out.append(pair[0])
        at = pair.end()
    out.append(text[at:].replace('"', '\\"'))
    return "".join(out)


def _read_back(cell: str) -> str | None:
    try:
        rows = list(_records(_protect(f"x\t{cell}")))
    except _RefusedError:
        return None
    return rows[0][1].replace('\\"', '"') if len(rows) == 1 and len(rows[0]) == 2 else None


class _Writer:
    """Blocks of lines; `changes` collects what could not be written as it is."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def page(self, page: Page) -> str:
        blocks = [self._block(["Submission", page.accno], page.attributes, "Submission")]
        if page.section is not None:
            root = page.section
            blocks.append(self._block([root.type, root.accno], root.attributes, root.type))
            blocks.extend(self._below(root, root=True))
        return "\n".join(blocks)

    def _below(self, section: Section, root: bool = False) -> Iterator[str]:
        where = section.type
        for link in section.links:
            if isinstance(link, tuple):
                yield self._table("Links", [(x.url, x.attributes) for x in link], where)
            else:
                yield self._block(["Link", link.url], link.attributes, "Link")
        for file in section.files:
            if isinstance(file, tuple):
                yield self._table("Files", [(x.path, x.attributes) for x in file], where)
            else:
                yield self._block(["File", file.path], _file_attributes(file), "File")
        for below in section.subsections:
            parent = "" if root else section.accno
            if not root and not parent:
                raise UnwritableError(f"a section of type {section.type} without accno has sections below it")
            if isinstance(below, tuple):
                if any(x.links or x.files or x.subsections for x in below):
                    raise UnwritableError("sections written as a table cannot hold links, files or sections")
                yield self._table(f"{below[0].type}[{parent}]", [(x.accno, x.attributes) for x in below], where)
            else:
                head = [below.type, below.accno] + ([parent] if parent else [])
                yield self._block(head, below.attributes, below.type)
                yield from self._below(below)

    def _block(self, head: Sequence[str], attributes: Sequence[Attribute], where: str) -> str:
        lines = ["\t".join(self._cell(c, where) for c in head)]
        for a in attributes:
            name = f"<{a.name}>" if a.reference else a.name
            at = f"{where}: {a.name}"
            lines.append(f"{self._cell(name, where)}\t{self._cell(a.value or '', at)}".rstrip("\t"))
            for form, qualifiers in (("({})", a.name_qualifiers), ("[{}]", a.value_qualifiers)):
                lines.extend(f"{self._cell(form.format(n), at)}\t{self._cell(v or '', at)}" for n, v in qualifiers)
        return "\n".join(lines) + "\n"

    def _table(self, head: str, rows: Sequence[tuple[str, tuple[Attribute, ...]]], where: str) -> str:
        shapes = [[_headings(a) for a in attributes] for _, attributes in rows]
        heads = [h for group in max(shapes, key=len) for h in group]
        lines = ["\t".join([head, *(self._cell(h, where) for h in heads)])]
        for name, attributes in rows:
            values = [
                v for a in attributes for v in (a.value, *(q[1] for q in (*a.name_qualifiers, *a.value_qualifiers)))
            ]
            lines.append("\t".join(self._cell(v or "", where) for v in (name, *values)))
        return "\n".join(lines) + "\n"

    def _cell(self, value: str, where: str) -> str:
        cell, read = write_cell(value)
        if read != value:
            self.changes.append(Change(where, value, read))
        return cell

    def changed(self, page: Page) -> Page:
        """The page as its TSV says it: with the changed texts, and blank values as none."""
        return Page(
            tuple(_said(a) for a in page.attributes),
            _said_section(page.section) if page.section is not None else None,
            _word(page.accno),
        )


def _file_attributes(file: File) -> tuple[Attribute, ...]:
    """TSV has no place for a size; the type is an attribute spelled `type`."""
    if file.type == "file" or any(a.name == "type" for a in file.attributes):
        return file.attributes
    return (*file.attributes, Attribute("type", file.type))


def _headings(attribute: Attribute) -> list[str]:
    name = f"<{attribute.name}>" if attribute.reference else attribute.name
    return [name, *(f"({n})" for n, _ in attribute.name_qualifiers), *(f"[{n}]" for n, _ in attribute.value_qualifiers)]


def _word(text: str) -> str:
    return write_cell(text)[1]


def _optional(text: str | None) -> str | None:
    said = _word(text or "")
    return None if _BLANK.fullmatch(said) else said


def _said(a: Attribute) -> Attribute:
    return Attribute(
        _word(a.name),
        _optional(a.value),
        a.reference,
        tuple((_word(n), _optional(v)) for n, v in a.name_qualifiers),
        tuple((_word(n), _optional(v)) for n, v in a.value_qualifiers),
    )


def _said_section(s: Section) -> Section:
    def link(x: Link) -> Link:
        return Link(_word(x.url), tuple(_said(a) for a in x.attributes))

    def file(x: File, row: bool = False) -> File:
        attributes = x.attributes if row else _file_attributes(x)
        return File(_word(x.path), "file" if row else x.type, None, tuple(_said(a) for a in attributes))

    return Section(
        _word(s.type),
        tuple(_said(a) for a in s.attributes),
        _word(s.accno),
        tuple(tuple(link(x) for x in i) if isinstance(i, tuple) else link(i) for i in s.links),
        tuple(tuple(file(x, True) for x in i) if isinstance(i, tuple) else file(i) for i in s.files),
        tuple(tuple(_said_section(x) for x in i) if isinstance(i, tuple) else _said_section(i) for i in s.subsections),
    )


# ---------------------------------------------------------------- reading


class _RefusedError(Exception):
    """The backend would refuse this."""


def read_tsv(content: bytes) -> tuple[Page | None, tuple[str, ...]]:
    """The page of a PageTab TSV and what the backend would refuse or drop in it; None when there is no page at all."""
    try:
        text = content.decode("utf-8")
        blocks = _blocks(text)
    except UnicodeDecodeError as error:
        return None, (f"not UTF-8: {error.reason}",)
    except _RefusedError as error:
        return None, (str(error),)
    if not blocks:
        return None, ("the page is empty",)
    return _Reader().page(blocks)


def _protect(text: str) -> str:
    """The backend's repair step: pairs of quotes within a cell get backslashes, so its CSV reader sees none."""
    return _PAIR.sub(lambda pair: '\\"' + pair[0][1:-1] + '\\"', text)


def _records(text: str) -> Iterator[list[str]]:
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
    while at < len(text) and text[at] not in "\t\r\n" and _STRIP.match(text[at]):
        at += 1
    if at < len(text) and text[at] == '"':
        value, at = _quoted(text, at + 1)
    else:
        stop = at
        while stop < len(text) and text[stop] not in "\t\r\n":
            stop += 1
        value, at = _STRIP.sub("", text[at:stop]), stop
    if at >= len(text):
        return value, at, False
    return (value, at + 1, True) if text[at] == "\t" else (value, _line_end(text, at), False)


def _quoted(text: str, at: int) -> tuple[str, int]:
    out: list[str] = []
    while True:
        close = text.find('"', at)
        if close < 0:
            raise _RefusedError("a quoted value is never closed")
        out.append(text[at:close])
        at = close + 1
        if text[at : at + 1] != '"':
            break
        out.append('"')
        at += 1
    while at < len(text) and text[at] not in "\t\r\n":
        if not _STRIP.match(text[at]):
            raise _RefusedError("text stands after a closing quote")
        at += 1
    return "".join(out), at


def _blocks(text: str) -> list[list[list[str | None]]]:
    blocks: list[list[list[str | None]]] = []
    open_block = False
    for record in _records(_protect(text)):
        cells = [None if _BLANK.fullmatch(c) else c.replace('\\"', '"') for c in record]
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
        root = _Node(head[0] or "", (head[1] if len(head) > 1 else "") or "", self._attributes(blocks[1][1:]))
        self._known = {root.accno: root} if root.accno else {}
        self._root = self._current = root
        for block in blocks[2:]:
            self._guarded(block, lambda block=block: self._block(block))
        return Page(attributes, root.section(), accno), tuple(self.odd)

    def _guarded(self, block: list[list[str | None]], read):  # type: ignore[no-untyped-def]
        try:
            return read()
        except _RefusedError as error:
            self.odd.append(f"{block[0][0]}: {error}")
            return None

    def _block(self, block: list[list[str | None]]) -> None:
        head = block[0]
        kind = head[0]
        if kind is None:
            raise _RefusedError("a block without a type")
        second = head[1] if len(head) > 1 else None
        word = kind.casefold()
        table = _TABLE.fullmatch(kind)
        if word == "link":
            if second is None:
                raise _RefusedError("a link without url")
            self._current.links.append(Link(second, self._attributes(block[1:])))
        elif word == "file":
            if second is None:
                raise _RefusedError("a file without path")
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
                raise _RefusedError(f"the accno {second} stands twice")
            node = _Node(kind, second or "", self._attributes(block[1:]))
            if node.accno:
                self._known[node.accno] = node
            parent.below.append(node)
            self._current = node

    def _parent(self, accno: str) -> _Node:
        if accno not in self._known:
            raise _RefusedError(f"no section before it has the accno {accno}")
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
            raise _RefusedError("a table without rows, or with a blank heading")
        rows = []
        for cells in block[1:]:
            values = list(cells[1:])
            while len(values) > len(heads) and values[-1] is None:
                values.pop()
            if len(values) > len(heads):
                raise _RefusedError("a row is longer than its headings")
            values += [None] * (len(heads) - len(values))
            rows.append((cells[0], _built(list(zip(heads, values, strict=True)))))
        return rows


def _needed(name: str | None) -> str:
    if name is None:
        raise _RefusedError("a row without its first cell")
    return name


def _built(pairs: Sequence[tuple[str | None, str | None]]) -> tuple[Attribute, ...]:
    out: list[Attribute] = []
    for name, found in pairs:
        if name is None:
            raise _RefusedError("an attribute without a name")
        marks = name[0] + name[-1] if len(name) > 2 else ""
        if marks in ("()", "[]"):
            if not out:
                raise _RefusedError("a qualifier before any attribute")
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
