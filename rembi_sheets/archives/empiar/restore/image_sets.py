"""Image sets -> Image data with all that their details say of samples, acquisitions, correlations and analyses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rembi_sheets import derive, units, vocabularies
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import Deposition, ImageSet
from rembi_sheets.archives.empiar.facts import image_sets as facts
from rembi_sheets.archives.empiar.restore import samples
from rembi_sheets.archives.empiar.restore.details import EXTENT, VOXELS, Details, named, read, tell
from rembi_sheets.archives.empiar.restore.places import below, data_folder, place
from rembi_sheets.archives.shared.restoring import Row, Sheets, distinct
from rembi_sheets.records import ImageData

_AXES = {"Z": "size_z", "C": "size_c", "T": "size_t", "tilts or views": "tilts_views", "frames": "frames_per_image"}
_LINES = frozenset(
    (
        *("Study", "Study type", "Keywords", "Study component", "Imaging method", "Made from", "Dimensions"),
        *("Voxel size", "Size", "Image processing", "File pattern", "Particle coordinates", "Result files"),
    )
)


@dataclass
class OfStudy:
    """What the first image set says of the study, and the folder that all sets lie in."""

    description: str = ""
    study_type: str = ""
    keywords: list[str] = field(default_factory=list)
    data_folder: str = ""


def image_sets(document: Deposition, sheets: Sheets) -> OfStudy:
    """Rows of everything but the study, people and papers; what the details say of the study."""
    study = OfStudy(data_folder=data_folder(document))
    known = samples.Known(sheets)
    taken: set[str] = set()
    names: list[str] = []
    for n, found in enumerate(document.image_sets, 1):
        names.append(distinct(sheets.title(found.name, f"image set {n}") or f"Image set {n}", taken))
    for n, (found, name) in enumerate(zip(document.image_sets, names, strict=True), 1):
        where = f"image set {n}"
        if name != found.name:
            sheets.note(where, f"“{found.name}” is called “{name}”")
        details = read(found.details, sheets.schema, n == 1)
        if n == 1:
            study.description, study.study_type = details.one("Study"), details.one("Study type")
            study.keywords = details.one("Keywords").split("; ")
        component, methods = _component(details, found, name, known)
        row = _row(found, details, where, sheets)
        row |= {"name": name, "study_component": component, **known.samples(details, name, where)}
        row |= known.acquisition(details, methods, where)
        sources = [s for s in details.one("Made from").split("; ") if s]
        there = tuple(s for s in sources if s in names)
        row |= {"source_image_data": there} if there else {}
        for source in sources:
            if source not in there:
                sheets.note(f"{where}, details, Made from", source)
        row |= place(found, study.data_folder, where, sheets)
        sheets.rows.setdefault("image_data", []).append(row)
        label = sheets.schema["image_data"]["file_format"].label
        tell(details, _LINES | {label}, where, sheets)
        known.analyses(details, name, found, study.data_folder)
        _segmentations(found, name, study.data_folder, where, sheets)
    known.workflow(document.workflow_file, names, study.data_folder)
    samples.finish(known, document.scale)
    return study


def _component(details: Details, found: ImageSet, name: str, known: samples.Known) -> tuple[str, list[str]]:
    """The study component: the one that the details name, else one of the set's own with all of their text."""
    said = details.one("Study component")
    methods = [m for m in details.one("Imaging method").split("; ") if m]
    title, description = named(said) if said else (name, "")
    text = "\n".join(t for t in (description, *details.free) if t)
    return known.component(title, text, methods), methods


def _row(found: ImageSet, details: Details, where: str, sheets: Sheets) -> Row:
    """The cells of Image data that are fields of the set, or lines on its size, format and processing."""
    label = sheets.schema["image_data"]["file_format"].label
    packed = re.fullmatch(r".*\((?P<compression>[^()]+)\)", details.one(label))
    tilted = found.category == codes.word("category", "T9")
    cells: dict[str, Any] = {
        "type": _type(found.category),
        "file_format": _format(found.data_format),
        "compression": packed["compression"] if packed else "none" if details.one(label) else "",
        "pixel_type": _pixel_type(found.voxel_type),
        "image_count": found.number or None,
        "size_x": found.image_width,
        "size_y": found.image_height,
        "processing": details.one("Image processing"),
        # Our own details tell frames, too, if they tell dimensions at all.
        "tilts_views" if tilted else "frames_per_image": found.frames if found.frames > 1 or not details.ours else None,
        "frame_range": "-".join(map(str, found.frame_range)) if found.frame_range else "",
    }
    if found.header_format != codes.header_word(found.data_format):
        cells["header_format"] = _format(found.header_format)
    for axis, number in EXTENT.findall(details.one("Dimensions")):
        if axis in _AXES:
            cells[_AXES[axis]] = int(number)
    cells |= _pixels(found, details.one("Voxel size"))
    if details.one("Voxel size") and "pixel_size_z" not in cells:
        sheets.note(f"{where}, details, Voxel size", details.one("Voxel size"))
    spec = sheets.schema["image_data"]
    row: Row = {n: v for n, c in cells.items() if (v := sheets.value(spec[n], c, where)) is not None}
    image = ImageData(**row)  # type: ignore[arg-type]
    if details.one("Size") not in ("", derive.computed_size_text(image)):
        row["size_description"] = details.one("Size")
    if found.category and facts.category(image) != found.category:
        row["empiar_category"] = found.category
    return row


def _pixels(found: ImageSet, voxels: str) -> dict[str, Any]:
    """Pixel sizes in the unit of the details where that says the same, else in Ångström."""
    said = VOXELS.fullmatch(voxels)
    sizes = [Decimal(s) for s in said["sizes"].split(" x ")] if said else []
    given = (found.pixel_width, found.pixel_height)
    if said and [units.angstrom(s, said["unit"]) for s in sizes[:2]] == list(given):
        names = ("pixel_size_x", "pixel_size_y", "pixel_size_z")
        return {**dict(zip(names, sizes, strict=False)), "pixel_size_unit": said["unit"]}
    if not any(given):
        return {}
    return {"pixel_size_x": found.pixel_width, "pixel_size_y": found.pixel_height, "pixel_size_unit": "Å"}


def _type(category: str) -> str:
    """The first type of Image data that such a set has."""
    code = codes.code("category", category) or category
    return next((t for t, both in codes.table("image_type").items() if code in both), "")


def _format(word: str) -> str:
    """The workbook's label of a format as EMPIAR spells it."""
    labels = [e.label for e in vocabularies.entries("file_format")]
    return next((t for t in (word, *labels) if t in labels and codes.format_word(t) == word), word)


def _pixel_type(word: str) -> str:
    labels = [e.label for e in vocabularies.entries("pixel_type")]
    return next((t for t in labels if codes.voxel_word(t) == word), word)


def _segmentations(found: ImageSet, name: str, folder: str, where: str, sheets: Sheets) -> None:
    """Rows of Annotations and Files from the segmentations of the XML."""
    for one in found.segmentations:
        overview, _, method = one.description.partition("\n")
        title = f"Segmentation {one.number + 1}"
        sheets.add(
            "annotations",
            f"{where}, segmentation",
            {
                "name": title,
                "image_data": [name],
                "overview": overview,
                "method": method,
                "types": [facts.MASK],
            },
        )
        if one.file and "*" not in one.file:
            _file(sheets, {"path": below(one.file, folder), "annotation_set": title})
        elif one.file:
            sheets.note(f"{where}, segmentation, file", one.file)
        if one.original_files:
            sheets.note(f"{where}, segmentation, originalFiles", one.original_files)


def _file(sheets: Sheets, row: Row) -> None:
    count = max(map(len, sheets.files.values()), default=0)
    for name in {**sheets.files, **row}:
        sheets.files.setdefault(name, [None] * count).append(row.get(name))
