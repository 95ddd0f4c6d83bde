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
    known: dict[str, list[str]] = field(default_factory=dict, compare=False, repr=False)

    def texts(self, name: str) -> list[str]:
        """A column as clean text, '' where the cell is empty or unreadable; made once, not to be changed."""
        made = self.known.get(name)
        if made is None:
            if name in self.frame.columns:
                made = [v if type(v) is str and v.isprintable() else as_text(v) for v in self.values(name)]
            else:
                made = [""] * len(self.samples)
            self.known[name] = made
        return made

    def values(self, name: str) -> list[Any]:
        """A column as it is."""
        return list(self.frame[name].tolist())

    @property
    def rows(self) -> list[int]:
        """The index of each row."""
        return list(self.frame.index.tolist())

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
                columns = [names_of(chunk, name) for name in KEYS]
                known: dict[Key, Sample | None] = {}
                out = []
                for key in zip(*columns, strict=True):
                    if key not in known:
                        known[key] = self.sample(key)
                    out.append(known[key])
                yield chunk, out


def names_of(frame: pd.DataFrame, column: str) -> list[str]:
    """A column of references as text, '' where there is none."""
    if column not in frame.columns:
        return [""] * len(frame)
    return [v if isinstance(v, str) else "" for v in frame[column].tolist()]


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
