"""Protocols of image correlation -> Image correlation, in the words in which `build` writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rembi_sheets.archives.idr.restore.protocols import Protocol
from rembi_sheets.records import ImageCorrelation, ImageData

_PART = re.compile(r"(?:^| )(Images|Fiducials|Transformation|Related images): (?=\S)")


def correlations(found: Sequence[Protocol], images: Sequence[ImageData]) -> list[ImageCorrelation]:
    """One for each protocol; image data that it does not name are all of the component."""
    out = []
    for n, p in enumerate(found, start=1):
        marks = list(_PART.finditer(p.text))
        ends = [*(m.start() for m in marks[1:]), len(p.text)][: len(marks)]
        parts = {
            m[1]: p.text[m.end() : e].strip().removesuffix("." if e < len(p.text) else "")
            for m, e in zip(marks, ends, strict=True)
        }
        named = parts.get("Images", "").split("; ")
        mine = tuple(d for d in images if d.name in named) or tuple(images)
        out.append(
            ImageCorrelation(
                name=p.own_name or f"Image correlation {n}",
                image_data=mine,
                alignment=p.text[: marks[0].start()].removesuffix(".") if marks else p.text,
                fiducials=parts.get("Fiducials", ""),
                transformation=parts.get("Transformation", ""),
                related_images=tuple(filter(None, parts.get("Related images", "").split("; "))),
            )
        )
    return out
