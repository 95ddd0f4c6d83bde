"""PageTab TSV: the writer, with the quoting that the archive's backend understands.

Quoting is the trap: quotes are syntax only around a value that holds a line break or a tab; such a value can hold
no quote of its own; in a value on one line quotes are written as they are, one without a partner needs a backslash;
two quotes in a row, and a backslash before a quote, cannot be written at all. A text that cannot be written gets
DOUBLE PRIME (″) for each quote, and the caller is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rembi_sheets.archives.bioimage_archive.document import Attribute, File, Link, Page, Section
from rembi_sheets.archives.bioimage_archive.facts.quoting import BLANK, PAIR, STRIP, RefusedError, protect, records

PRIME = "″"
ReadBack: TypeAlias = Callable[[bytes], tuple[Page | None, tuple[str, ...]]]
"""A TSV page -> the page, and what in it the backend would refuse or drop."""


@dataclass(frozen=True, slots=True)
class Change:
    """A text that TSV cannot hold as it is, and what stands in its place."""

    where: str
    text: str
    written: str


class UnwritableError(Exception):
    """The page cannot be written as TSV; the message says why."""


def write_tsv(page: Page, read: ReadBack) -> tuple[bytes, tuple[Change, ...]]:
    """The page as TSV and the texts that had to be changed.

    The result has been read back by `read` and compared with the page. Raises UnwritableError when it would say
    something else.
    """
    odd: tuple[str, ...] = ()
    for quotes in (True, False):  # pairs of quotes in one line can spoil those of another: then none are kept
        writer = _Writer(quotes)
        text = writer.page(page).encode("utf-8")
        back, odd = read(text)
        if not odd and back == writer.changed(page):
            return text, tuple(writer.changes)
    raise UnwritableError(odd[0] if odd else "read back, the page says something else")


def write_cell(value: str, quotes: bool = True) -> tuple[str, str]:
    """One value -> the text of its cell, and the value as it will be read (equal where TSV can hold it).

    `quotes`: keep double quotes where the backend reads them back.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text and "\t" not in text:
        text = STRIP.sub("", text)
        cell = _escaped(text)
        if '"' in text and (not quotes or '""' in text or '\\"' in text or _read_back(cell) != text):
            text = cell = text.replace('"', PRIME)
        return cell, text
    if BLANK.fullmatch(text):
        return "", ""
    text = text.replace('"', PRIME)
    return f'"{text}"', text


def _escaped(text: str) -> str:
    """Quotes without a partner get a backslash; pairs are protected by the backend itself."""
    out, at = [], 0
    for pair in PAIR.finditer(text):
        out.append(text[at : pair.start()].replace('"', '\\"'))
        out.append(pair[0])
        at = pair.end()
    out.append(text[at:].replace('"', '\\"'))
    return "".join(out)


def _read_back(cell: str) -> str | None:
    try:
        rows = list(records(protect(f"x\t{cell}")))
    except RefusedError:
        return None
    return rows[0][1].replace('\\"', '"') if len(rows) == 1 and len(rows[0]) == 2 else None


class _Writer:
    """Blocks of lines; `changes` collects what could not be written as it is."""

    def __init__(self, quotes: bool) -> None:
        self.quotes = quotes
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
        cell, read = write_cell(value, self.quotes)
        if read != value:
            self.changes.append(Change(where, value, read))
        return cell

    def changed(self, page: Page) -> Page:
        """The page as its TSV says it: with the changed texts, and blank values as none."""
        section = self._section(page.section) if page.section is not None else None
        return Page(tuple(self._said(a) for a in page.attributes), section, self._word(page.accno))

    def _word(self, text: str) -> str:
        return write_cell(text, self.quotes)[1]

    def _optional(self, text: str | None) -> str | None:
        said = self._word(text or "")
        return None if BLANK.fullmatch(said) else said

    def _said(self, a: Attribute) -> Attribute:
        names = tuple((self._word(n), self._optional(v)) for n, v in a.name_qualifiers)
        values = tuple((self._word(n), self._optional(v)) for n, v in a.value_qualifiers)
        return Attribute(self._word(a.name), self._optional(a.value), a.reference, names, values)

    def _link(self, x: Link) -> Link:
        return Link(self._word(x.url), tuple(self._said(a) for a in x.attributes))

    def _file(self, x: File, row: bool = False) -> File:
        attributes = x.attributes if row else _file_attributes(x)
        return File(self._word(x.path), "file" if row else x.type, None, tuple(self._said(a) for a in attributes))

    def _section(self, s: Section) -> Section:
        return Section(
            self._word(s.type),
            tuple(self._said(a) for a in s.attributes),
            self._word(s.accno),
            tuple(tuple(self._link(x) for x in i) if isinstance(i, tuple) else self._link(i) for i in s.links),
            tuple(tuple(self._file(x, True) for x in i) if isinstance(i, tuple) else self._file(i) for i in s.files),
            tuple(
                tuple(self._section(x) for x in i) if isinstance(i, tuple) else self._section(i) for i in s.subsections
            ),
        )


def _file_attributes(file: File) -> tuple[Attribute, ...]:
    """TSV has no place for a size; the type is an attribute spelled `type`."""
    if file.type == "file" or any(a.name == "type" for a in file.attributes):
        return file.attributes
    return (*file.attributes, Attribute("type", file.type))


def _headings(attribute: Attribute) -> list[str]:
    name = f"<{attribute.name}>" if attribute.reference else attribute.name
    return [name, *(f"({n})" for n, _ in attribute.name_qualifiers), *(f"[{n}]" for n, _ in attribute.value_qualifiers)]
