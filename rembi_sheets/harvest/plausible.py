"""What no reader may claim, whoever wrote it: sizes that cannot be, and more pixels than the file could hold."""

from __future__ import annotations

import operator
from dataclasses import replace
from functools import cache, lru_cache

from rembi_sheets.harvest.facts import IMAGE_DATA
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import GREATEST_PIXEL, LEAST_PIXEL, in_angstrom
from rembi_sheets.harvest.source import Source
from rembi_sheets.schema import load

_PRESSED = 50_000
"""Pixels of one plane that a byte of a file can stand for: an empty image, compressed as well as can be."""


def plausible(header: Header, source: Source) -> Header:
    """The header without what cannot be. Raises Unusable when its images are larger than the file can hold."""
    for image in header.images:
        for axis, count in image.sizes.items():
            if not 0 < count <= _greatest(axis):
                raise Unusable(f"its header says {count} along {axis}, which cannot be")
        plane = image.sizes.get("X", 0) * image.sizes.get("Y", 0)
        if not header.companion and source.size and plane > source.size * _PRESSED:
            raise Unusable("its header says more pixels than the file can hold")
    images = tuple(_image(i) for i in header.images)
    return header if all(map(operator.is_, images, header.images)) else replace(header, images=images)


def _image(image: Image) -> Image:
    kept = {a: s for a, s in image.pixel_size.items() if _size(s)}
    frames = image.frames if image.frames is not None and 0 < image.frames < 10**7 else None
    if len(kept) == len(image.pixel_size) and frames == image.frames:
        return image
    return replace(image, pixel_size=kept, frames=frames)


@lru_cache(1024)
def _size(length: Length) -> bool:
    size = in_angstrom(length.value, length.unit)
    return size is not None and LEAST_PIXEL <= size <= GREATEST_PIXEL


@cache
def _greatest(axis: str) -> int:
    column = load()[IMAGE_DATA].by_name.get(f"size_{axis.lower()}")
    return int(column.maximum) if column is not None and column.maximum is not None else 10**8
