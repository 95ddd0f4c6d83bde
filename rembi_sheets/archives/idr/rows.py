"""Rows of Files joined to the records they belong to, a component and a part of the table at a time.

A row belongs to a component through its image data or annotation set. What it gets from the records depends on
four cells only (image data, annotation set, specimen, biosample), so each combination is joined once: a Sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from rembi_sheets import derive
from rembi_sheets.archives.idr import text
from rembi_sheets.archives.idr import wells as well
from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.records import (
    AnnotationSet,
    Biosample,
    Channel,
    ImageAcquisition,
    ImageData,
    Phenotype,
    Record,
    Specimen,
    StudyComponent,
)
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import REPEAT, frame
from rembi_sheets.values import UNREADABLE

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Record)
KEYS = ("image_data", "annotation_set", "specimen", "biosample")
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Sample:
    """What rows of one combination of references share."""

    component: StudyComponent
    image: ImageData | None = None
    masks: AnnotationSet | None = None
    specimens: tuple[Specimen, ...] = ()
    biosamples: tuple[Biosample, ...] = ()
    acquisitions: tuple[ImageAcquisition, ...] = ()
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True)
class Part:
    """Rows of one component: a frame of Files, and the Sample of each of its rows."""

    frame: pd.DataFrame
    samples: Sequence[Sample]

    def texts(self, name: str) -> list[str]:
        """A column as clean text, '' where the cell is empty or unreadable."""
        if name not in self.frame.columns:
            return [""] * len(self.samples)
        return [as_text(v) for v in self.frame[name].array]

    @cached_property
    def names(self) -> list[str]:
        """Image Name of each row: as given, else the file name."""
        given, paths = self.texts("image_name"), self.texts("path")
        return [n or p.rstrip("/").rpartition("/")[2] for n, p in zip(given, paths, strict=True)]

    @cached_property
    def datasets(self) -> list[str]:
        """Dataset Name of each row: as given, else the name of the image data or annotation set."""
        return [d or dataset(s) for d, s in zip(self.texts("dataset"), self.samples, strict=True)]


def as_text(value: Any) -> str:
    """A cell of Files as text."""
    if value is None or value is UNREADABLE:
        return ""
    if isinstance(value, str):
        return text.cell(value)
    if isinstance(value, tuple):
        return "; ".join(as_text(v) for v in value)
    if isinstance(value, float):
        return "" if value != value else repr(value)
    return str(value)


def dataset(sample: Sample) -> str:
    """The dataset of rows that name none."""
    named = sample.masks or sample.image
    return text.cell(named.name) if named else ""


@dataclass
class Joins:
    """The records of a submission by name, and the Sample of every combination met so far."""

    submission: Submission
    samples: dict[Key, Sample | None] = field(default_factory=dict)

    @cached_property
    def components(self) -> tuple[StudyComponent, ...]:
        """The study components that go to IDR."""
        return derive.components(self.submission, "idr")

    @cached_property
    def _images(self) -> Mapping[str, ImageData]:
        return _by_name(self.submission.image_data, "name")

    @cached_property
    def _masks(self) -> Mapping[str, AnnotationSet]:
        return _by_name(self.submission.annotations, "name")

    @cached_property
    def _specimens(self) -> Mapping[str, Specimen]:
        return _by_name(self.submission.specimens, "name")

    @cached_property
    def _biosamples(self) -> Mapping[str, Biosample]:
        return _by_name(self.submission.biosamples, "identity")

    @cached_property
    def phenotypes(self) -> Mapping[str, Phenotype]:
        """Phenotypes by name, exact and folded."""
        return _by_name(self.submission.phenotypes, "name")

    def sample(self, key: Key) -> Sample | None:
        """The Sample of a combination; None when it leads to no component that goes to IDR."""
        if key not in self.samples:
            self.samples[key] = self._join(key)
        return self.samples[key]

    def _join(self, key: Key) -> Sample | None:
        image = find(self._images, key[0])
        masks = find(self._masks, key[1]) if image is None else None
        shown = image or (masks.image_data[0] if masks and masks.image_data else None)
        component = next((c for c in self.components if shown and c == shown.study_component), None)
        if shown is None or component is None:
            return None
        possible = derive.specimens(shown)
        own = find(self._specimens, key[2])
        specimens = (own,) if own else possible
        own_sample = find(self._biosamples, key[3])
        if own_sample:
            biosamples: tuple[Biosample, ...] = (own_sample,)
        else:
            biosamples = tuple(dict.fromkeys(b for s in specimens for b in derive.biosamples(shown, s)))
        channels = (
            ()
            if masks
            else tuple(dict.fromkeys(c for s in specimens for c in derive.channels(self.submission, s, shown)))
        )
        return Sample(component, image, masks, specimens, biosamples, derive.acquisitions(shown), channels)

    def expanded(self, image: ImageData) -> tuple[tuple[str, int], ...]:
        """Files on disk, with their sizes, of image data that Files does not list, by its folder or pattern."""
        sub = self.submission
        if not image.path_pattern or sub.inventory is None or sub.file_counts.get(image.name):
            return ()
        pattern = image.path_pattern.rstrip("/")
        form = re.compile(".*".join(re.escape(p) for p in pattern.split("*")) + ("" if "*" in pattern else "(/.*)?"))
        return tuple((path, size) for path, size in sub.inventory.items() if form.fullmatch(path))

    def _frames(self) -> Iterator[pd.DataFrame]:
        """Files a part at a time, then the files that were found on disk."""
        yield from self.submission.file_chunks()
        found = [(d.name, *f) for d in self.submission.image_data for f in self.expanded(d)]
        if found:
            table = self.submission.tables["files"]
            cells: dict[str, list[Any]] = {name: [None] * len(found) for name in table.frame.columns}
            cells |= {"image_data": [f[0] for f in found], "path": [f[1] for f in found]}
            cells["size_bytes"] = [f[2] for f in found]
            yield frame(cells, [table.heading_row + n * REPEAT for n in range(len(found))])

    def parts(self, component: StudyComponent) -> Iterator[Part]:
        """The rows of a component, in the order of Files."""
        for chunk, samples in self.all_parts():
            mine = [s is not None and s.component is component for s in samples]
            if all(mine):
                yield Part(chunk, samples)  # type: ignore[arg-type]
            elif any(mine):
                yield Part(chunk[mine], [s for s, m in zip(samples, mine, strict=True) if m and s is not None])

    def all_parts(self) -> Iterator[tuple[pd.DataFrame, list[Sample | None]]]:
        """Files a part at a time, with the Sample of each row (None: not IDR's)."""
        for chunk in self._frames():
            if len(chunk):
                columns = [_names(chunk, name) for name in KEYS]
                known: dict[Key, Sample | None] = {}
                out = []
                for key in zip(*columns, strict=True):
                    if key not in known:
                        known[key] = self.sample(key)
                    out.append(known[key])
                yield chunk, out


def _names(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame.columns:
        return [""] * len(frame)
    return [v if isinstance(v, str) else "" for v in frame[column].array]


def _by_name(records: Sequence[R], name: str) -> Mapping[str, R]:
    known: dict[str, R] = {}
    for r in records:
        for key in (str(getattr(r, name)), "\0" + fold(str(getattr(r, name)))):
            known.setdefault(key, r)
    return known


def find(known: Mapping[str, R], name: str) -> R | None:
    """The record of a name: exact, else without regard to case and blanks."""
    if not name:
        return None
    return known.get(name) or known.get("\0" + fold(name))


@dataclass
class Survey:
    """What one pass over the rows of a component shows."""

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
    size: int = 0
    merged: bool = False
    well_columns: int = 0
    renamed: bool = False

    @property
    def kind(self) -> Kind:
        """A component whose files name wells is a screen."""
        return Kind.SCREEN if self.with_well else Kind.EXPERIMENT

    @property
    def folder(self) -> str:
        """experimentA, screenB: the letter follows the number."""
        from rembi_sheets.cells import letters

        return f"{self.kind.value.lower()}{letters(self.number)}"

    @property
    def used(self) -> tuple[Sample, ...]:
        """The Samples in the order in which they are met."""
        return tuple(self.samples.values())


def survey(joins: Joins) -> list[Survey]:
    """One pass over Files: which columns are filled, which plates and phenotypes there are, and how many rows."""
    out = [Survey(c, n) for n, c in enumerate(joins.components, start=1)]
    by_id = {id(s.component): s for s in out}
    by_component = {s.component: s for s in out}
    wells: dict[int, set[tuple[str, str]]] = {}
    for chunk, samples in joins.all_parts():
        groups: dict[int, list[int]] = {}
        of: dict[int, int] = {}
        for place, sample in enumerate(samples):
            if sample is None:
                continue
            key = of.get(id(sample))
            if key is None:
                found = by_component[sample.component]
                found.samples.setdefault(id(sample), sample)
                key = of[id(sample)] = id(found.component)
            groups.setdefault(key, []).append(place)
        for key, places in groups.items():
            whole = len(places) == len(chunk)
            part = Part(
                chunk if whole else chunk.iloc[places],
                [s for s in samples if s] if whole else [s for s in (samples[p] for p in places) if s],
            )
            _note(by_id[key], part, wells.setdefault(key, set()))
    for key, seen in wells.items():
        by_id[key].merged = bool(seen) and len(seen) < by_id[key].with_well
        by_id[key].well_columns = well.layout(seen)
    return out


def _note(out: Survey, part: Part, wells: set[tuple[str, str]]) -> None:
    frame = part.frame
    out.rows += len(frame)
    for name in frame.columns:
        if name not in out.filled and any(v is not None and v is not UNREADABLE for v in frame[name].array):
            out.filled.add(name)
    if "size_bytes" in frame.columns:
        out.size += sum(v for v in frame["size_bytes"].array if isinstance(v, int))
    out.statuses.update(v for v in frame["experimental_status"].unique() if isinstance(v, str))
    if "phenotypes" in out.filled:
        for names in frame["phenotypes"].array:
            if isinstance(names, tuple):
                for name in names:
                    out.phenotypes[name] = out.phenotypes.get(name, 0) + 1
    if "image_name" in out.filled and not out.renamed:
        out.renamed = any(n and n != p.rpartition("/")[2] for n, p in zip(part.names, part.texts("path"), strict=True))
    if "well" in out.filled or "plate" in out.filled:
        _plates(out, part, wells)


def _plates(out: Survey, part: Part, wells: set[tuple[str, str]]) -> None:
    last: tuple[str, str] | None = None
    rows = part.frame.index
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
            out.plates[plate], out.plate_files[plate], out.plate_rows[plate] = path, 1, int(row)
        elif known != path:
            out.plates[plate] = well.common_folder(known, path)
            out.plate_files[plate] += 1
