"""The details of an image set, taken apart: labelled lines as `facts.details` writes them, and text without label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rembi_sheets.archives.shared.restoring import Sheets
from rembi_sheets.schema import Schema

_ID = re.compile(r"(?P<label>.+) \((?P<id>[A-Za-z][\w.]*:[^\s()]+)\)")
_LABELS = (
    *("Study", "Study type", "Keywords", "Study component", "Imaging method", "Biosample", "Organism"),
    *("Biological entity", "Intrinsic variable", "Extrinsic variable", "Experimental variables", "Specimen"),
    *("Experimental status", "Location", "Preparation", "Growth", "Signal/contrast", "Channels"),
    *("Image acquisition", "Instrument", "Acquisition", "Made from", "Dimensions", "Voxel size", "Size"),
    *("Image processing", "Image correlation", "Alignment", "Fiducials", "Transformation", "Related images"),
    *("Analysis", "Result type", "Data used", "File pattern", "Particle coordinates", "Result files"),
)
BEGIN = frozenset({"Biosample", "Specimen", "Image acquisition", "Image correlation", "Analysis"})


@dataclass
class Details:
    """`first`: lines that stand once; `groups`: lines from one that begins a record to the next; `free`: the others."""

    first: dict[str, list[str]] = field(default_factory=dict)
    groups: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    free: list[str] = field(default_factory=list)

    @property
    def ours(self) -> bool:
        """Are there labelled lines at all?"""
        return bool(self.first or self.groups)

    def one(self, label: str) -> str:
        """The text of a line that stands once."""
        return next(iter(self.first.get(label, ())), "")

    def of(self, label: str) -> list[dict[str, str]]:
        """The groups that a line of this label begins."""
        return [found for begun, found in self.groups if begun == label]


_WITHIN = {
    "Biosample": _LABELS[6:11],
    "Specimen": _LABELS[12:18],
    "Image acquisition": _LABELS[19:21],
    "Image correlation": _LABELS[27:31],
    "Analysis": _LABELS[32:34],
}


def read(text: str, schema: Schema) -> Details:
    """The lines of a text. A text without any line that only we write is free as a whole."""
    details = Details()
    known = (*_LABELS, schema["image_data"]["file_format"].label)
    lines = [line for line in text.split("\n") if line.strip()]
    labels = [line.partition(": ")[0] for line in lines]
    if not {"Study component", "Biosample", "Image acquisition"} & set(labels):
        details.free = lines
        return details
    within: tuple[str, dict[str, str]] | None = None
    for label, line in zip(labels, lines, strict=True):
        said = line.partition(": ")[2]
        if label not in known or not said:
            details.free.append(line)
        elif label in BEGIN:
            within = (label, {label: said})
            details.groups.append(within)
        elif within is not None and label in _WITHIN[within[0]]:
            if label in within[1]:
                details.free.append(line)
            within[1].setdefault(label, said)
        else:
            details.first.setdefault(label, []).append(said)
    return details


def named(text: str) -> tuple[str, str]:
    """`name. text` -> name and text."""
    name, _, rest = text.partition(". ")
    return name, rest


def labelled(text: str) -> str:
    """`HeLa (CVCL:0030)` -> as a cell holds it, `HeLa [CVCL:0030]`; several with semicolons."""
    parts = []
    for part in text.split("; "):
        found = _ID.fullmatch(part)
        parts.append(f"{found['label']} [{found['id']}]" if found else part)
    return "; ".join(parts)


def tell(details: Details, taken: frozenset[str], where: str, sheets: Sheets) -> None:
    """Note the lines that nobody took."""
    for label, texts in details.first.items():
        for text in texts if label not in taken else texts[1:]:
            sheets.note(f"{where}, details", f"{label}: {text}")
