"""Rows of Files joined to the records they belong to, a component and a part of the table at a time.

A row belongs to a component through its image data or annotation set. What it gets from the records depends on
four cells only (image data, annotation set, specimen, biosample), so each combination is joined once: a Sample.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress, repeat
from typing import Any, TypeVar

from rembi_sheets import derive
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.coded import by_values, different, throughout
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
from rembi_sheets.tables import REPEAT, Columns, Table

R = TypeVar("R", bound=Record)
T = TypeVar("T")
KEYS = ("image_data", "annotation_set", "specimen", "biosample")
Key = tuple[str, str, str, str]
_Shown = tuple[tuple[Specimen, ...], tuple[Biosample, ...], tuple[Channel, ...]]


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
    """Rows of one component: a part of Files, the Sample of each of its rows, and each different one by its id, in the
    order in which they are met."""

    table: Table
    samples: Sequence[Sample]
    distinct: Mapping[int, Sample]
    known: dict[str, Sequence[str]] = field(default_factory=dict, compare=False, repr=False)

    def texts(self, name: str) -> Sequence[str]:
        """A column as clean text, '' where the cell is empty or unreadable; made once, not to be changed."""
        if name not in self.known:
            kept = self.table.column(name) if name in self.table.names else throughout(None, len(self.samples))
            self.known[name] = by_values(kept, text.of_values)
        return self.known[name]

    def different(self, name: str) -> Collection[str]:
        """The different texts of a column, in the order of their first."""
        return dict.fromkeys(different(self.texts(name)))

    def values(self, name: str) -> Sequence[Any]:
        """A column as it is."""
        return self.table.values(name)

    @property
    def rows(self) -> Sequence[int]:
        """The index of each row."""
        return self.table.rows

    @cached_property
    def file_names(self) -> Sequence[str]:
        """The name of the file of each row."""
        return by_values(self.texts("path"), text.file_names)

    @cached_property
    def names(self) -> Sequence[str]:
        """Image Name of each row: as given, else the file name."""
        given, filled = self.texts("image_name"), self.different("image_name")
        if not any(filled):
            return self.file_names
        return given if all(filled) else [n or file for n, file in zip(given, self.file_names, strict=True)]

    @cached_property
    def datasets(self) -> Sequence[str]:
        """Dataset Name of each row: as given, else the name of the image data or annotation set."""
        given, filled = self.texts("dataset"), self.different("dataset")
        if all(filled):
            return given
        others = self.of_samples(dataset)
        return [d or other for d, other in zip(given, others, strict=True)] if any(filled) else others

    def of_samples(self, make: Callable[[Sample], T]) -> Sequence[T]:
        """What follows from the Sample of each row; made once for each Sample."""
        made = {key: make(sample) for key, sample in self.distinct.items()}
        if len(made) == 1:
            return throughout(next(iter(made.values())), len(self.samples))
        return [made[id(s)] for s in self.samples]


def dataset(sample: Sample) -> str:
    """The dataset of rows that name none."""
    named = sample.masks or sample.image
    return text.cell(named.name) if named else ""


@dataclass
class Joins:
    """The records of a submission by name, and the Sample of every combination met so far."""

    submission: Submission
    samples: dict[Key, Sample | None] = field(default_factory=dict)
    _kept: list[tuple[Table, Mapping[StudyComponent, Part]]] | None = field(default=None, init=False, repr=False)
    _shown: dict[tuple[str, str], _Shown] = field(default_factory=dict, init=False, repr=False)

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
        own = find(self._specimens, key[2])
        specimens, biosamples, channels = self._of_image(shown, own)
        own_sample = find(self._biosamples, key[3])
        return Sample(
            component,
            image,
            masks,
            specimens,
            (own_sample,) if own_sample else biosamples,
            derive.acquisitions(shown),
            () if masks else channels,
        )

    def _of_image(self, image: ImageData, own: Specimen | None) -> _Shown:
        """What image data shows, of all its specimens or of a row's own: once, since rows may name biosamples each."""
        key = image.name, own.name if own else ""
        if key not in self._shown:
            specimens = (own,) if own else derive.specimens(image)
            biosamples = dict.fromkeys(b for s in specimens for b in derive.biosamples(image, s))
            channels = dict.fromkeys(c for s in specimens for c in derive.channels(self.submission, s, image))
            self._shown[key] = specimens, tuple(biosamples), tuple(channels)
        return self._shown[key]

    def expanded(self, image: ImageData) -> tuple[tuple[str, int], ...]:
        """Files on disk, with their sizes, of image data that Files does not list, by its folder or pattern."""
        sub = self.submission
        if not image.path_pattern or sub.inventory is None or sub.file_counts.get(image.name):
            return ()
        return tuple((path, sub.inventory[path]) for path in derive.images_found(sub, image))

    def _tables(self) -> Iterator[Table]:
        """Files a part at a time, then the files that were found on disk."""
        table = self.submission.tables["files"]
        yield from table.parts()
        found = [(d.name, *f) for d in self.submission.image_data for f in self.expanded(d)]
        if found:
            images, paths, sizes = map(list, zip(*found, strict=True))
            rows = [table.heading_row + n * REPEAT for n in range(len(found))]
            cells = Columns(dict.fromkeys(table.names), rows)
            cells = cells.changed({"image_data": images, "path": paths, "size_bytes": sizes})
            yield replace(table, cells=cells, source=None)

    def parts(self, component: StudyComponent) -> Iterator[Part]:
        """The rows of a component, in the order of Files."""
        for _, parts in self.all_parts():
            if component in parts:
                yield parts[component]

    def all_parts(self) -> Iterator[tuple[Table, Mapping[StudyComponent, Part]]]:
        """Files a part at a time, with the rows of each component that goes to IDR.

        Kept unless Files is streamed, since several passes ask for them.
        """
        if self._kept is not None:
            yield from self._kept
            return
        made = ((part, self._parted(part)) for part in self._tables() if part.rows)
        if self.submission.tables["files"].source is None:
            self._kept = list(made)
        yield from self._kept if self._kept is not None else made

    def _parted(self, part: Table) -> Mapping[StudyComponent, Part]:
        samples, distinct = self._samples(part)
        found = {id(s): s for s in distinct if s is not None}
        components = list(dict.fromkeys(s.component for s in found.values()))
        if len(components) == 1 and None not in distinct:
            return {components[0]: Part(part, samples, found)}  # type: ignore[arg-type]
        out = {}
        for component in components:
            of_it = {key: s for key, s in found.items() if s.component is component}
            mine = list(map(of_it.__contains__, map(id, samples)))
            out[component] = Part(part.of_rows(mine), list(compress(samples, mine)), of_it)  # type: ignore[arg-type]
        return out

    def _samples(self, part: Table) -> tuple[list[Sample | None], Collection[Sample | None]]:
        """The Sample of each row, and the different ones in the order they are met; None where it is not IDR's."""
        if any(map(_names_any, repeat(part), KEYS[1:])):
            keys = list(zip(*(names_of(part, name) for name in KEYS), strict=True))
            joined = {key: self.sample(key) for key in dict.fromkeys(keys)}
            return list(map(joined.__getitem__, keys)), joined.values()
        # most tables name image data only
        names = names_of(part, KEYS[0])
        known = {name: self.sample((name, "", "", "")) for name in dict.fromkeys(names)}
        return list(map(known.__getitem__, names)), known.values()


def names_of(part: Table, column: str) -> list[str]:
    """A column of references as text, '' where there is none."""
    if not _names_any(part, column):
        return [""] * len(part.rows)
    values, kinds = part.values(column), set(map(type, part.distinct(column)))
    return list(values) if kinds == {str} else [v if isinstance(v, str) else "" for v in values]


def _names_any(part: Table, column: str) -> bool:
    return column in part.names and any(isinstance(v, str) for v in part.distinct(column))


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
