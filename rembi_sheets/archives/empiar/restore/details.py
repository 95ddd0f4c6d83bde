"""The details of an image set, taken apart: labelled lines as `facts.details` writes them, and text without label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rembi_sheets.archives.empiar.facts.details import LABELS, has_label
from rembi_sheets.archives.shared.restoring import Sheets
from rembi_sheets.schema import Schema

EXTENT = re.compile(r"(X|Y|Z|C|T|tilts or views|frames) (\d+)")
DIMENSIONS = re.compile(f"{EXTENT.pattern}(?:, {EXTENT.pattern})*")
VOXELS = re.compile(r"(?P<sizes>[\d.]+(?: x [\d.]+){1,2}) (?P<unit>.+)")
_ID = re.compile(r"(?P<label>.+) \((?P<id>[A-Za-z][\w.]*:[^\s()]+)\)")
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
    "Biosample": LABELS[6:11],
    "Specimen": LABELS[12:18],
    "Image acquisition": LABELS[19:21],
    "Image correlation": LABELS[27:31],
    "Analysis": LABELS[32:34],
}


_INNER = frozenset(label for labels in _WITHIN.values() for label in labels)
_OF_STUDY = frozenset(("Study", "Study type", "Keywords"))  # in the first image set alone
_FORMS = {"Dimensions": DIMENSIONS, "Voxel size": VOXELS}


def read(text: str, schema: Schema, first: bool) -> Details:
    """The lines of a text, `first`: of the first image set. What is no line of ours in its place is free."""
    details = Details()
    within: tuple[str, dict[str, str]] | None = None
    for line in text.split("\n"):
        label, _, said = line.partition(": ")
        inner = within is not None and label in _WITHIN[within[0]]
        if not line.strip():
            continue
        if (
            not has_label(line, schema)
            or not said
            or (label in _INNER and not inner)
            or (label in _OF_STUDY and not first)
            or (label in _FORMS and not _FORMS[label].fullmatch(said))
        ):
            details.free.append(line)
        elif label in BEGIN:
            within = (label, {label: said})
            details.groups.append(within)
        elif within is not None and inner:
            if label in within[1]:
                details.free.append(line)
            within[1].setdefault(label, said)
        else:
            details.first.setdefault(label, []).append(said)
    _without_specimen(details)
    return details


def _without_specimen(details: Details) -> None:
    """Biosamples behind which no specimen stands are not ours: their lines are free."""
    last = max((n for n, (label, _) in enumerate(details.groups) if label == "Specimen"), default=-1)
    lone = [g for n, g in enumerate(details.groups) if g[0] == "Biosample" and n > last]
    details.free += [f"{label}: {text}" for _, lines in lone for label, text in lines.items()]
    details.groups = [g for g in details.groups if g not in lone]


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
