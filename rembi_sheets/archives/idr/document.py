"""An IDR study as data: the lines of its study file, and for each component its tables and configurations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from rembi_sheets.coded import Coded, coded

Row: TypeAlias = Sequence[str]


NAME = "idr"
ONLY = (NAME,)


class Kind(StrEnum):
    """A screen has plates and wells, an experiment has datasets and images."""

    EXPERIMENT = "Experiment"
    SCREEN = "Screen"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the study file: a key, and its values in successive columns (empty ones keep their place)."""

    key: str
    values: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The first value, '' when there is none."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together below one comment, in order."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class KeptRows:
    """Rows of a table that was read, kept by columns."""

    columns: Sequence[Coded[str]]

    def __iter__(self) -> Iterator[Row]:
        return zip(*self.columns, strict=True)


@dataclass(frozen=True)
class Table:
    """A table as text: headings, and rows of the same width that may be gone through more than once."""

    header: tuple[str, ...] = ()
    rows: Iterable[Row] = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def column(self, heading: str) -> list[str]:
        """The cells of a column. Raises ValueError when there is no such heading."""
        place = self.header.index(heading)
        return [row[place] for row in self.rows]

    def columns(self) -> Sequence[Coded[str]]:
        """The cells of each column, by their different values."""
        if isinstance(self.rows, KeptRows):
            return self.rows.columns
        return [coded(cells) for cells in zip(*self.rows, strict=True)] or [coded(()) for _ in self.header]


@dataclass(frozen=True)
class Entry:
    """One column in the bulkmap configuration: `clientname` is how OMERO shows it, `clientvalue` a template."""

    name: str
    clientname: str = ""
    clientvalue: str | None = None
    omitempty: bool = True


@dataclass(frozen=True)
class Group:
    """Columns that are searched together (mapr): namespace below openmicroscopy.org/mapr/, and its primary keys."""

    namespace: str
    entries: tuple[Entry, ...]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class BulkMap:
    """bulkmap-config.yml: the columns that OMERO shows, and the groups that can be searched."""

    columns: tuple[Entry, ...] = ()
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Component:
    """A screen or an experiment: its part of the study file and the files in its folder.

    `layout` is the library (screen) or assays (experiment) file, `paths` the rows of plates.tsv or filePaths.tsv.
    """

    kind: Kind
    number: int
    folder: str
    blocks: tuple[Block, ...] = ()
    annotation: Table = Table()
    layout: Table = Table()
    processed: Table | None = None
    paths: Table = Table()
    bulkmap: BulkMap = BulkMap()

    def values(self, key: str) -> tuple[str, ...]:
        """The values of the first line with this key, () when there is none."""
        return _values(self.blocks, key)


@dataclass(frozen=True)
class Study:
    """A study: accession, folder name (idrNNNN-lastname-word), lines about the whole, and its components."""

    accession: str
    name: str
    blocks: tuple[Block, ...] = ()
    components: tuple[Component, ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """The values of the first study line with this key, () when there is none."""
        return _values(self.blocks, key)


def _values(blocks: tuple[Block, ...], key: str) -> tuple[str, ...]:
    for block in blocks:
        for line in block.lines:
            if line.key == key:
                return line.values
    return ()
