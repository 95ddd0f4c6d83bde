"""Image data and their acquisition: the fewest groups of rows that are alike in what image data say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.facts import headings, samples
from rembi_sheets.archives.idr.restore import groups
from rembi_sheets.archives.idr.restore.applied import Applied
from rembi_sheets.archives.idr.restore.channels import channels
from rembi_sheets.archives.idr.restore.protocols import Protocol, Stage
from rembi_sheets.archives.idr.restore.sheet import Column, Sheet
from rembi_sheets.archives.idr.restore.words import Names, word
from rembi_sheets.coded import Coded, coded, throughout, together
from rembi_sheets.records import ImageAcquisition, ImageData, Specimen, StudyComponent
from rembi_sheets.values import Term

_PIXEL = re.compile(r"(\d+(?:\.\d+)?(?: x \d+(?:\.\d+)?){0,2}) (\S+)\Z")
_FORMAT = re.compile(r"(.+?) \((.+)\)\Z")
_RAW, _PROCESSED = "primary image", "processed image"


@dataclass
class Images:
    """Image data, acquisitions, and the image data of each row."""

    image_data: list[ImageData] = field(default_factory=list)
    acquisitions: list[ImageAcquisition] = field(default_factory=list)
    of_row: Coded[ImageData] = field(default_factory=lambda: coded(()))


@dataclass
class _Columns:
    """What the columns of a component say of the image of each row."""

    sheet: Sheet
    component: StudyComponent
    specimens: Coded[Specimen]
    applied: Applied
    formats: tuple[str, ...]
    paths: Coded[str]
    names: Names
    acquisition_names: Names

    def _one(self, heading: str) -> Column | None:
        """A column that tells groups of rows apart."""
        found = self.sheet.named(heading)
        return found[0] if found and not groups.names_rows(found[0].values) else None

    def _types(self) -> Coded[str]:
        """The type of each row's image; what is no type stays in a column of its own."""
        column = self._one(headings.FILE_TYPE)
        if column is None:
            return throughout(_RAW, self.sheet.rows)
        known = {v: vocabularies.resolve(v, "image_type").entry for v in column.values.values}
        types = {v: e.label if e else self._looks(v) for v, e in known.items()}
        if all(e is not None and samples.type_word(e.label) == v.casefold() for v, e in known.items() if v):
            self.sheet.take([column])  # any other word stays in its column
        return column.values.mapped(types.__getitem__)

    @staticmethod
    def _looks(text: str) -> str:
        return _PROCESSED if text and not text.casefold().startswith(("raw", "original")) else _RAW

    def _formats(self) -> Coded[tuple[str, str]]:
        column = self._one(headings.FILE_FORMAT)
        if column is None:
            only = self.formats[0] if len(self.formats) == 1 else ""
            return throughout(_format(only), self.sheet.rows)
        self.sheet.take([column])
        return column.values.mapped(_format)

    def _pixels(self) -> Coded[tuple[tuple[str, ...], str] | None]:
        column = self._one(headings.PIXEL_SIZE)
        known = {v: _pixel(v) for v in column.values.values} if column else {}
        if column is None or any(v and found is None for v, found in known.items()):
            return throughout(None, self.sheet.rows)
        self.sheet.take([column])
        return column.values.mapped(known.__getitem__)

    def _texts(self) -> Coded[str]:
        column = self._one(headings.SIZE)
        if column is None:
            return throughout("", self.sheet.rows)
        self.sheet.take([column])
        return column.values

    def _tilts(self) -> Coded[int | None]:
        column = self._one(headings.TILTS)
        if column is None or not all(v.isdecimal() for v in column.values.values if v):
            return throughout(None, self.sheet.rows)
        self.sheet.take([column])
        return column.values.mapped(lambda v: int(v) if v else None)

    @cached_property
    def _analyses(self) -> Coded[Protocol | None]:
        """The protocol by which the images of each row were processed: the one whose text its comment repeats."""
        pairs = together(self.sheet.rows, self.sheet.values(headings.FILE_COMMENTS), self.applied[Stage.ANALYSIS])
        return pairs.mapped(lambda pair: next((p for p in pair[1] if pair[0] and p.text == pair[0]), None))

    def _processing(self) -> Coded[str]:
        """How the images of each row were processed; a comment that no protocol repeats stays in its column."""
        column = self._one(headings.FILE_COMMENTS)
        if column is None:
            return throughout("", self.sheet.rows)
        out = self._analyses.mapped(lambda p: p.text if p else "")
        if all(a == b for a, b in together(self.sheet.rows, out, column.values).values):
            self.sheet.take([column])
        return out

    def _channels(self) -> Coded[tuple[object, ...]]:
        """The channels of each row, where specimen and other facts do not tell them: () otherwise."""
        cells, contents = self.sheet.values(headings.CHANNELS), self.sheet.values(headings.CHANNEL_CONTENT)
        self.sheet.take(self.sheet.named(headings.CHANNELS, headings.CHANNEL_CONTENT))
        shown: Coded[tuple[object, ...]] = together(self.sheet.rows, cells, contents).mapped(lambda c: channels(*c))
        return throughout((), self.sheet.rows) if groups.follows(shown, self.specimens) else shown


@dataclass
class Imager(_Columns):
    """Makes the image data of one component."""

    def images(self) -> Images:
        """Every column that image data say is taken from the sheet."""
        sheet, out = self.sheet, Images()
        acquisitions = self._acquisitions(out)
        said = (self._types(), self._formats(), self._pixels(), self._texts(), self._tilts(), self._processing())
        shown = self._channels()
        source_data = [c for c in sheet.named(headings.SOURCE_DATA) if not groups.names_rows(c.values)]
        source = source_data[0].values if source_data else throughout("", sheet.rows)
        keys = together(sheet.rows, acquisitions, *said, shown, source)
        called = self._called(keys)
        first = dict(zip(keys.values, keys.firsts, strict=True))
        shows: dict[object, list[Specimen]] = {}
        for specimen, key in together(sheet.rows, self.specimens, keys).values:
            shows.setdefault(key, []).append(specimen)
        made: dict[object, ImageData] = {}
        ordered = sorted(keys.values, key=lambda k: bool(k[-1]))  # those that name sources come last
        known: dict[str, ImageData] = {}
        for key in ordered:
            n = first[key]
            record = self._record(key, tuple(shows[key]), called[key], out.acquisitions)
            sources = [known.get(name) for name in str(key[-1]).split("; ")] if key[-1] else []
            if sources and all(sources):
                record = _from(record, [s for s in sources if s])
                sheet.take(source_data)
            made[key] = record
            known.setdefault(record.name, record)
            known.setdefault(sheet.values(headings.DATASET)[n], record)
        out.image_data = [made[k] for k in keys.values]
        out.of_row = keys.holding(out.image_data)
        return out

    def _record(
        self,
        key: tuple[object, ...],
        specimens: tuple[Specimen, ...],
        name: str,
        acquisitions: Sequence[ImageAcquisition],
    ) -> ImageData:
        acquisition, kind, form, pixel, size, tilts, processing, *_ = key
        file_format, compression = form if isinstance(form, tuple) else ("", "")
        sizes, unit = pixel if isinstance(pixel, tuple) else ((), "")
        x, y, z = (*(Decimal(s) for s in sizes), None, None, None)[:3]
        return ImageData(
            name=name,
            study_component=self.component,
            type=str(kind),
            image_acquisition=acquisitions[acquisition] if isinstance(acquisition, int) else None,
            specimens=specimens,
            file_format=file_format,
            compression=compression,
            pixel_size_x=x,
            pixel_size_y=y,
            pixel_size_z=z,
            pixel_size_unit=unit,
            size_description=str(size),
            tilts_views=tilts if isinstance(tilts, int) else None,
            processing=str(processing),
        )

    def _acquisitions(self, out: Images) -> Coded[int]:
        """The number of each row's acquisition; named as its assay where each has one, else as its protocol."""
        sheet, protocols = self.sheet, self.applied[Stage.IMAGING]
        assays = sheet.named(headings.ASSAY)
        follows = (
            bool(assays) and groups.follows(assays[0].values, protocols) and groups.follows(protocols, assays[0].values)
        )
        if follows and assays[0].added:
            sheet.take(assays)
        for applied, n in zip(protocols.values, protocols.firsts, strict=True):
            own = assays[0].values[n] if follows else ", ".join(p.own_name for p in applied if p.own_name)
            out.acquisitions.append(
                ImageAcquisition(
                    name=self.acquisition_names.name(own, f"Imaging of {self.component.name}"),
                    instrument=" ".join(p.text for p in applied),
                    imaging_methods=self._methods(" ".join((own, *(p.text for p in applied)))),
                )
            )
        return protocols.holding(range(len(protocols.values)))

    def _methods(self, text: str) -> tuple[Term, ...]:
        """Of several methods of the component those that the words of an acquisition name, else all."""
        methods = self.component.imaging_methods
        if len(methods) < 2 or len(self.applied[Stage.IMAGING].values) < 2:
            return ()
        named = tuple(m for m in methods if m.label.casefold() in text.casefold())
        return named or methods

    def _called(self, keys: Coded[tuple[object, ...]]) -> dict[tuple[object, ...], str]:
        """A name for each group: of its protocol, of its source data, of its dataset, else of the component."""
        datasets, plates = self.sheet.values(headings.DATASET), self.sheet.values(headings.PLATE)
        held: dict[tuple[object, ...], set[str]] = {}
        for key, dataset, plate in together(len(keys), keys, datasets, plates).values:
            held.setdefault(key, set()).add(dataset or plate)
        groups_of = Counter(name for names in held.values() for name in names)
        by_source = self._named_as_source(keys)
        out = {}
        for key, n in zip(keys.values, keys.firsts, strict=True):
            analysis = self._analyses[n]
            own = by_source.get(key, "") or (analysis.own_name if analysis else "")
            only = next(iter(held[key])) if len(held[key]) == 1 else ""
            if not own and groups_of[only] == 1:
                own = only
            kind = "processed images" if key[1] != _RAW else "images"
            other = f"{self.component.name}, {kind}"
            out[key] = self.names.name(own, other)
        return out

    def _named_as_source(self, keys: Coded[tuple[object, ...]]) -> dict[tuple[object, ...], str]:
        """Groups whose rows are the source image of a row that also names the image data of its source."""
        said = together(len(keys), self.sheet.values(headings.SOURCE_IMAGE), self.sheet.values(headings.SOURCE_DATA))
        named = [(path, name) for path, name in said.values if path and name and "; " not in name]
        by_path = dict(together(len(keys), self.paths, keys).values) if named else {}
        out: dict[tuple[object, ...], str] = {}
        for path, name in named:
            if path in by_path:
                out.setdefault(by_path[path], name)
        return out


def _from(record: ImageData, sources: Sequence[ImageData]) -> ImageData:
    same = {s for d in sources for s in d.specimens} >= set(record.specimens)
    one = len({d.image_acquisition for d in sources}) == 1 and record.image_acquisition in {
        d.image_acquisition for d in sources
    }
    return replace(
        record,
        source_image_data=tuple(sources),
        specimens=() if same and len(record.specimens) == len(sources[0].specimens) else record.specimens,
        image_acquisition=None if one and record.type != _RAW else record.image_acquisition,
    )


def _format(text: str) -> tuple[str, str]:
    """'OME-TIFF (LZW)' -> format and compression."""
    found = _FORMAT.match(text)
    if found and vocabularies.listed(found[2], "compression"):
        return word(found[1], "file_format"), word(found[2], "compression")
    return (word(text, "file_format") if text else ""), ""


def _pixel(text: str) -> tuple[tuple[str, ...], str] | None:
    """'0.57 x 0.57 x 1.3 µm' -> numbers and unit; None for another form."""
    found = _PIXEL.match(text)
    unit = vocabularies.listed(found[2], "length_unit") if found else ""
    return (tuple(found[1].split(" x ")), unit) if found and unit else None
