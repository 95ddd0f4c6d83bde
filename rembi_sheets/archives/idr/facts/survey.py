"""One pass over Files: what there is in each component, before its tables are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress, repeat

from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.archives.idr.facts import sources
from rembi_sheets.archives.idr.facts import wells as well
from rembi_sheets.archives.idr.facts.columns import listed
from rembi_sheets.archives.idr.facts.rows import Joins, Part, Sample, names_of
from rembi_sheets.cells import letters
from rembi_sheets.records import StudyComponent
from rembi_sheets.schema import load
from rembi_sheets.submission import Submission
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import UNREADABLE, split_id

# Files that open a whole plate in Bio-Formats, by the ends of their names: ScanR, OME, InCell, MetaXpress, CellVoyager
# and Operetta, and IDR's own patterns of screens.
_DESCRIPTORS = (".xml", ".companion.ome", ".xdce", ".htd", ".mea", ".mrf", ".screen")

_NOTHING = frozenset((None, UNREADABLE))


@dataclass
class Survey:
    """What one pass over the rows of a component shows.

    `values` are the distinct values of some own columns, `termed` the identifiers that values of own columns carry
    themselves: melanoma [NCIT:C3224].
    """

    component: StudyComponent
    number: int = 0
    rows: int = 0
    with_well: int = 0
    samples: dict[int, Sample] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    phenotypes: dict[str, int] = field(default_factory=dict)
    plates: dict[str, str] = field(default_factory=dict)
    plate_files: dict[str, int] = field(default_factory=dict)
    plate_rows: dict[str, int] = field(default_factory=dict)
    containers: dict[str, str] = field(default_factory=dict)
    values: dict[str, set[str]] = field(default_factory=dict)
    termed: dict[str, set[str]] = field(default_factory=dict)
    size: int = 0
    merged: bool = False
    well_columns: int = 0
    renamed: bool = False

    @property
    def kind(self) -> Kind:
        """A component whose files name wells is a screen; so is one without files that says what only screens do."""
        screen = self.with_well or (not self.rows and self._of_screens)
        return Kind.SCREEN if screen else Kind.EXPERIMENT

    @property
    def _of_screens(self) -> tuple[str, ...]:
        """What is typed though only screens have a line for it: names of columns."""
        only = load()["study_components"].only_for(Kind.SCREEN.value.lower())
        return tuple(n for n in only if getattr(self.component, n))

    @property
    def out_of_place(self) -> tuple[str, ...]:
        """What is typed of an experiment though only screens have a line for it: names of columns."""
        return () if self.kind is Kind.SCREEN else self._of_screens

    @property
    def folder(self) -> str:
        """experimentA, screenB: the letter follows the number."""
        return f"{self.kind.value.lower()}{letters(self.number)}"

    def holds_terms(self, heading: str) -> bool:
        """Does an own column, of those whose values are kept, name the vocabulary of each of its identifiers?"""
        found = (sources.join("", v) for v in self.values.get(OWN + heading, set()) - {""})
        return all(":" in part for v in found for part in v.split(sources.SEVERAL))

    @property
    def used(self) -> tuple[Sample, ...]:
        """The Samples in the order in which they are met."""
        return tuple(self.samples.values())


def surveyed(submission: Submission) -> tuple[Joins, list[Survey]]:
    """The joins of a submission and what a pass over its rows shows."""
    joins = Joins(submission)
    return joins, survey(joins)


def survey(joins: Joins) -> list[Survey]:
    """One pass over Files: which columns are filled, which plates and phenotypes there are, and how many rows."""
    names = listed(joins.submission.own_columns)
    out = [Survey(c, n, values={name: set() for name in names}) for n, c in enumerate(joins.components, start=1)]
    by_component = {s.component: s for s in out}
    wells: dict[StudyComponent, set[tuple[str, str]]] = {}
    descriptors: dict[str, list[str]] = {}
    for rows, parts in joins.all_parts():
        _describing(rows, descriptors)
        for component, part in parts.items():
            _note(by_component[component], part, wells.setdefault(component, set()))
    for component, seen in wells.items():
        found = by_component[component]
        found.merged = bool(seen) and len(seen) < found.with_well
        found.well_columns = well.layout(seen)
        for plate, path in found.plates.items():
            found_there = descriptors.get(path, [])
            if found.plate_files[plate] > 1 and len(found_there) == 1:
                found.containers[plate] = found_there[0]
    return out


def _describing(rows: Table, known: dict[str, list[str]]) -> None:
    """Other files (Study component) that by their name can describe a plate, by the folder they lie in."""
    if "study_component" not in rows.names:
        return
    for path, owner in zip(names_of(rows, "path"), rows.values("study_component"), strict=True):
        if owner is not None and path.casefold().endswith(_DESCRIPTORS):
            known.setdefault(path.rpartition("/")[0], []).append(path)


def _note(out: Survey, part: Part, wells: set[tuple[str, str]]) -> None:
    names = part.table.names
    out.rows += len(part.rows)
    out.samples.update(part.distinct)
    out.filled.update(n for n in names if n not in out.filled and not _NOTHING.issuperset(part.values(n)))
    if "size_bytes" in out.filled:
        out.size += sum(v for v in part.values("size_bytes") if isinstance(v, int))
    for name in out.values:
        out.values[name].update(part.different(name))
    for name in (n for n in names if n.startswith(OWN) and n in out.filled):
        values = part.different(name)
        ids = {split_id(v)[1] for v in compress(values, map(str.endswith, values, repeat("]")))} - {""}
        if ids:
            out.termed.setdefault(name, set()).update(ids)
    out.statuses.update(v for v in part.table.distinct("experimental_status") if isinstance(v, str))
    if "phenotypes" in out.filled:
        for shown in part.values("phenotypes"):
            if isinstance(shown, tuple):
                for name in shown:
                    out.phenotypes[name] = out.phenotypes.get(name, 0) + 1
    if "image_name" in out.filled and not out.renamed:
        out.renamed = any(n and n != p.rpartition("/")[2] for n, p in zip(part.names, part.texts("path"), strict=True))
    if "well" in out.filled or "plate" in out.filled:
        _plates(out, part, wells)


def _plates(out: Survey, part: Part, wells: set[tuple[str, str]]) -> None:
    last: tuple[str, str] | None = None
    rows = part.rows
    columns = (part.texts("plate"), part.texts("well"), part.texts("path"))
    for row, plate, name, path in zip(rows, *columns, strict=True):
        if not plate and not name:
            continue
        out.with_well += 1
        wells.add((plate, well.key(name)))
        if (plate, path) == last:
            continue
        last = (plate, path)
        known = out.plates.get(plate)
        if known is None:
            out.plates[plate], out.plate_files[plate], out.plate_rows[plate] = path, 1, row
        elif known != path:
            out.plates[plate] = well.common_folder(known, path)
            out.plate_files[plate] += 1
