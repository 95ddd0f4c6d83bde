"""Columns of a file list, and the texts they hold for rows of Files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rembi_sheets import derive
from rembi_sheets.coded import by_values, different
from rembi_sheets.records import ImageData
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import UNREADABLE, to_cell

SOURCE_IMAGE = "Source image"
SIZE = "Size"

# Headings the archive reads as the annotated image, in any case (bia-ingest, 2026-05).
SOURCE_LIKE = frozenset({"source image", "source_image", "source image association"})
_BREAKS = re.compile(r"[\t\r\n]+")

Texts: TypeAlias = "Callable[[Table], Sequence[str]]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file list: its heading, and its texts for a part of Files.

    `typed` is given where the texts may also follow from elsewhere (the specimen of the image data): such a column
    is written only if somebody typed it or its texts differ, for else the page says it already.
    """

    heading: str
    texts: Texts
    typed: Texts | None = None


def columns(sub: Submission, annotations: bool) -> list[Column]:
    """Columns after the path, in their order; the list of an annotation set begins with the source image."""
    files = sub.schema["files"]
    heads = _of_image_data(sub)
    cells = {fold(d.name): cells_of_image(sub, d) for d in sub.image_data}
    own = (Column(heading, _typed(OWN + name)) for name, heading in headings_of_own(sub).items())
    return [
        *([Column(SOURCE_IMAGE, _typed("source_image"))] if annotations else []),
        *(Column(heading, _looked_up(cells, heading)) for heading in heads[:-3]),
        *_samples(sub, cells, heads[-3:]),
        *(Column(files[n].label, _typed(n)) for n in ("dataset", "image_name", "plate", "well", "phenotypes")),
        *own,
        Column(files["checksum"].label, _typed("checksum")),
    ]


def _of_image_data(sub: Submission) -> list[str]:
    """Headings of what follows from image data; the last three from its samples."""
    image, files = sub.schema["image_data"], sub.schema["files"]
    return [
        files["image_data"].label,
        image["type"].label,
        image["file_format"].label,
        image["size_x"].band,
        image["pixel_size_x"].band,
        SIZE,
        files["specimen"].label,
        files["biosample"].label,
        files["experimental_status"].label,
    ]


def cells_of_image(sub: Submission, image: ImageData) -> dict[str, str]:
    """Heading -> text of what follows from image data for each of its files; empty ones left out."""
    specimens = derive.specimens(image)
    biosamples = {b.identity for s in specimens for b in derive.biosamples(image, s)}
    only = specimens[0] if len(specimens) == 1 else None
    texts = (
        image.name,
        image.type,
        derive.format_text(image),
        derive.extents_text(image),
        derive.pixel_size_text(image),
        derive.size_text(image),
        only.name if only else "",
        biosamples.pop() if len(biosamples) == 1 else "",
        only.experimental_status if only else "",
    )
    return {h: text_of(t) for h, t in zip(_of_image_data(sub), texts, strict=True) if t}


def headings_of_own(sub: Submission) -> dict[str, str]:
    """Own heading of Files -> heading in the lists; one that has a meaning there already gets a number."""
    files = sub.schema["files"]
    typed = ("dataset", "image_name", "plate", "well", "phenotypes", "checksum")
    fixed = (*_of_image_data(sub), *(files[n].label for n in typed), *SOURCE_LIKE, "Files")
    used = {h.casefold() for h in fixed}
    out = {}
    for own in sub.own_columns:
        plain = _BREAKS.sub(" ", own)
        number, tried = 1, plain
        while tried.casefold() in used:
            number += 1
            tried = f"{plain} ({number})"
        used.add(tried.casefold())
        out[own] = tried
    return out


def _typed(name: str) -> Texts:
    def texts(part: Table) -> Sequence[str]:
        return texts_of(part, name)

    return texts


def _looked_up(cells: dict[str, dict[str, str]], heading: str) -> Texts:
    """Texts of a column that follows from the image data a row names."""

    def text(image: Any) -> str:
        return cells.get(fold(image), {}).get(heading, "") if isinstance(image, str) else ""

    def texts(part: Table) -> Sequence[str]:
        known = {image: text(image) for image in part.distinct("image_data")}
        return by_values(part.column("image_data"), lambda images: list(map(known.__getitem__, images)))

    return texts


def _samples(sub: Submission, cells: dict[str, dict[str, str]], headings: list[str]) -> list[Column]:
    """Specimen, biosample and experimental status: what the row says, else what follows from its image data."""
    status_of = {fold(s.name): s.experimental_status for s in sub.specimens}
    specimen, biosample, status = (_typed(n) for n in ("specimen", "biosample", "experimental_status"))

    def either(own: Texts, other: Texts) -> Texts:
        def texts(part: Table) -> Sequence[str]:
            given = own(part)
            if not any(different(given)):
                return other(part)
            return given if all(different(given)) else [a or b for a, b in zip(given, other(part), strict=True)]

        return texts

    def of_specimen(part: Table) -> Sequence[str]:
        return by_values(specimen(part), lambda names: [status_of.get(fold(s), "") if s else "" for s in names])

    shown = [_looked_up(cells, h) for h in headings]
    return [
        Column(headings[0], either(specimen, shown[0]), specimen),
        Column(headings[1], either(biosample, shown[1]), biosample),
        Column(headings[2], either(status, either(of_specimen, shown[2])), status),
    ]


def texts_of(part: Table, name: str) -> Sequence[str]:
    """`text_of` each cell of a column."""
    return by_values(part.column(name), _texts)


def _texts(cells: Sequence[Any]) -> list[str]:
    """`text_of` each; mostly they are texts that stay as they are, or nothing."""
    if set(map(type, cells)) <= {str, type(None)} and not breaks_a_list("".join(filter(None, cells))):
        return [v or "" for v in cells]
    return list(map(text_of, cells))


def text_of(value: Any) -> str:
    """A cell as a file list holds it: one line, no tab, for the list is split plainly."""
    if value is None or value is UNREADABLE:
        return ""
    text = value if isinstance(value, str) else str(to_cell(value))
    return _BREAKS.sub(" ", text) if breaks_a_list(text) else text


def breaks_a_list(text: str) -> bool:
    """Does a text hold what would split a row of a list?"""
    return "\n" in text or "\t" in text or "\r" in text
