"""How many plates and images a component has, and how large they are, as the study file says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.records import ImageData


def sizes(kind: Kind, plates: int, rows: int, images: Sequence[ImageData]) -> tuple[str, ...]:
    """Plates, images, planes and dimension, as far as they are known; `rows`: those of the annotation."""
    out = []
    if kind is Kind.SCREEN:
        out.append(f"Plates: {plates}")
    number = sum(d.image_count for d in images if d.image_count) if all(d.image_count for d in images) else 0
    number = number or (rows if kind is Kind.EXPERIMENT else 0)
    if number:
        out.append(f"5D Images: {number}")
    known = [d for d in images if d.size_x and d.size_y]
    if known:
        first = known[0]
        extents = [first.size_x, first.size_y, first.size_z or 1, first.size_c or 1, first.size_t or 1]
        if kind is Kind.SCREEN and number and len(known) == 1:
            out.append(f"Planes: {number * int(extents[2] or 1) * int(extents[3] or 1) * int(extents[4] or 1)}")
        out.append(f"Average Image Dimension (XYZCT): {' x '.join(str(e) for e in extents)}")
    return tuple(out)


def alike(value: str) -> str:
    """A size as compared: blanks, commas between thousands and the sign between extents say nothing."""
    return re.sub(r"[\s,]+", "", value).casefold().replace("×", "x").replace("*", "x")
