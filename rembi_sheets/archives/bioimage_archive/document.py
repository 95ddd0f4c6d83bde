"""BioImage Archive's own structure: a PageTab page and its file lists, still without text or quoting.

PageTab as the archive's backend reads it (specification of 2025-01, backend of 2026-06): a page has attributes
and one root section; sections hold attributes, links, files and sections below them, singly or as tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from rembi_sheets.archives import Loss

NAME = "bioimage-archive"
ONLY = (NAME,)
JSON, TSV, GUIDE = "submission.json", "submission.tsv", "NEXT-STEPS.md"

Qualifier: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and a value; a reference's value is the accno of a section. Qualifiers are (name, value) pairs."""

    name: str
    value: str | None = None
    reference: bool = False
    name_qualifiers: tuple[Qualifier, ...] = ()
    value_qualifiers: tuple[Qualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An address, or an identifier whose database is the attribute Type."""

    url: str
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file named in the page itself; our pages name files in file lists only, published ones may do both."""

    path: str
    type: str = "file"
    size: int | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section. An inner tuple among links, files or subsections is a table: one row, one item."""

    type: str
    attributes: tuple[Attribute, ...] = ()
    accno: str = ""
    links: tuple[Link | tuple[Link, ...], ...] = ()
    files: tuple[File | tuple[File, ...], ...] = ()
    subsections: tuple[Section | tuple[Section, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A submission: `accno` is empty for a new deposit, `section` is missing only in a page that says nothing."""

    attributes: tuple[Attribute, ...]
    section: Section | None = None
    accno: str = ""


Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileList:
    """One file list: its path below the archive's folder, headings after `Files`, and its rows.

    `rows` may be called again and again and gives (path, value per heading), perhaps as `Blocks`; it holds one part of
    Files at a time. `table` is False for a list proper; True for a data file of ours in the same form (the table of
    wells).
    """

    path: str
    headings: tuple[str, ...]
    rows: Callable[[], Iterable[Row]]
    table: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """What NEXT-STEPS.md tells the depositor besides the page itself."""

    bytes: int | None = None
    largest: int | None = None
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """All that goes to BioImage Archive; a document read back from files has no guide."""

    page: Page
    file_lists: tuple[FileList, ...] = ()
    guide: Guide | None = None


def value(attributes: tuple[Attribute, ...], name: str) -> str | None:
    """The value of the first attribute of this exact name."""
    return next((a.value for a in attributes if a.name == name), None)


def sections(root: Section | None) -> Iterator[Section]:
    """A section and all below it, rows of tables too, in the order of the page."""
    if root is None:
        return
    yield root
    for item in root.subsections:
        for section in item if isinstance(item, tuple) else (item,):
            yield from sections(section)
