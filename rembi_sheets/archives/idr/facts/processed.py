"""The table of results: read from its bytes, and joined to the rows of Files by the column that links them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from rembi_sheets.archives.idr.document import Row, Table
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.archives.idr.facts.columns import reserved
from rembi_sheets.archives.idr.facts.joins import best, spelled, taken_apart
from rembi_sheets.records import AnalysedData, Phenotype, ProcessedColumn, StudyComponent
from rembi_sheets.submission import Submission

_PHENOTYPE = re.compile(r"phenotype( ?\d*)\Z", re.IGNORECASE)
_TERM = re.compile(r"(Phenotype ?\d*) Term (?:Name|Accession)(?: [a-z])?")
FEATURES = "feature level"


def phenotype_heading(heading: str) -> str:
    """The heading of a column of phenotypes as IDR spells it (Phenotype 1), '' for any other column."""
    found = _PHENOTYPE.match(heading)
    return f"Phenotype{found[1]}" if found else ""


def unfit(header: Sequence[str], taken: Collection[str], sub: Submission) -> dict[str, str]:
    """Headings of the table that cannot head a column of the annotation CSV: not joined, each with its reason.

    `taken`: headings, in folded case, that the rows have already.
    """
    made = {phenotype_heading(h) for h in header} if any(p.terms for p in sub.phenotypes) else set()
    out: dict[str, str] = {}
    for heading in header:
        phenotype = _TERM.fullmatch(heading)
        if heading.casefold() in taken or not heading:
            continue
        if header.count(heading) > 1:
            out[heading] = "it stands twice"
        elif reserved(heading):
            out[heading] = "it means something else to OMERO"
        elif "%%" in heading or "# header" in heading:
            out[heading] = "OMERO takes these signs for an instruction"
        elif phenotype and phenotype[1] in made:
            out[heading] = "it is made from the sheet of phenotypes"
    return out


@dataclass(frozen=True)
class Processed:
    """The result table of a component: the analysis it comes from, its first file, and its described columns.

    `path` is '' where columns are described of a table that is no file of the study.
    """

    analysis: AnalysedData
    path: str
    columns: tuple[ProcessedColumn, ...]
    table: Table | None

    @property
    def links(self) -> tuple[str, ...]:
        """Headings that link the table to Files."""
        return tuple(text.cell(c.column_name) for c in self.columns if c.links_to_files)

    def places(self, heading: str) -> tuple[int, ...]:
        """The columns of the table that a heading names: one, those that it joins by _, or () where there is none."""
        header = self.table.header if self.table else ()
        return taken_apart(heading, lambda h: best(h, header))

    @cached_property
    def _keys(self) -> tuple[tuple[str, ...], ...]:
        """What links each row of the table; () when one of the linking columns is not there."""
        found = [(heading, self.places(heading)) for heading in self.links]
        if self.table is None or not found or not all(places for _, places in found):
            return ()
        return tuple(tuple(spelled(h, "_".join(row[p] for p in places)) for h, places in found) for row in self.table)

    @cached_property
    def rows(self) -> dict[tuple[str, ...], Row]:
        """Rows by the values of the linking columns; of equal ones the last counts, as in IDR's join."""
        return dict(zip(self._keys, self.table, strict=True)) if self.table and self._keys else {}

    @cached_property
    def repeated(self) -> tuple[str, ...]:
        """Values of the linking columns that stand in rows which differ."""
        if self.table is None or not self.rows:
            return ()
        keyed = zip(self._keys, self.table, strict=True)
        return tuple(dict.fromkeys(" ".join(key) for key, row in keyed if tuple(self.rows[key]) != tuple(row)))


def analyses(sub: Submission, component: StudyComponent) -> tuple[AnalysedData, ...]:
    """Analyses of image data of a component, in sheet order."""
    return tuple(a for a in sub.analysed_data if any(d.study_component == component for d in a.image_data))


def processed(sub: Submission, component: StudyComponent) -> Processed | None:
    """The result table of a component: the first file of the first analysis whose columns are described.

    Without any description it is the first result file that was read.
    """
    found = [a for a in analyses(sub, component) if a.result_level != FEATURES]
    described = {a.name: tuple(c for c in sub.processed_columns if c.analysed_data == a) for a in found}
    found = [a for a in found if a.result_files or described[a.name]]
    first = {a.name: a.result_files[0] if a.result_files else "" for a in found}
    for a in sorted(
        found, key=lambda a: (not first[a.name], not described[a.name], first[a.name] not in sub.attachments)
    ):
        path = first[a.name]
        content = sub.attachments.get(path)
        if not described[a.name] and content is None:
            return None
        return Processed(a, path, described[a.name], read(content) if content is not None else None)
    return None


def read(content: bytes) -> Table | None:
    """A table from its bytes, as `text.delimiter` parts it; None for what is no text table."""
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in decoded:
        return None
    decoded = decoded.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = csv.reader(io.StringIO(decoded), delimiter=text.delimiter(decoded.partition("\n")[0]))
        lines = [r for r in rows if any(c.strip() for c in r)]
    except csv.Error:
        return None
    if not lines:
        return None
    header = tuple(text.cell(h) for h in lines[0])
    while header and not header[-1]:
        header = header[:-1]
    return Table(header, tuple(_fitted(row, len(header)) for row in lines[1:]))


def _fitted(row: Sequence[str], width: int) -> tuple[str, ...]:
    cells = [text.cell(c) for c in row[:width]]
    return (*cells, *[""] * (width - len(cells)))


def phenotypes(sub: Submission, component: StudyComponent) -> tuple[Phenotype, ...]:
    """The phenotypes of the analyses of a component."""
    found = analyses(sub, component)
    return tuple(p for p in sub.phenotypes if any(a in found for a in p.analysed_data))
