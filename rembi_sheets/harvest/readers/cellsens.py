"""Olympus VSI: a TIFF that shows what lies in the folder beside it, smaller and without a scale; that is no image."""

from __future__ import annotations

from rembi_sheets.harvest.model import Header
from rembi_sheets.harvest.source import Source

_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def sniff(head: bytes, name: str) -> int:
    """A TIFF of this name."""
    return 95 if name.endswith(".vsi") and head[:4] in _MAGIC else 0


def read(source: Source) -> Header:
    """Nothing of the image: its pixels are in ETS files, which are not read."""
    return Header("VSI", warnings=("its images lie in the folder beside it, which is not read; type their sizes",))
