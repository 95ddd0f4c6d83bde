"""What tags of a TIFF say beside the page itself, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Length


@dataclass(frozen=True)
class Told:
    """What tags say. `stacked`: the axis of further pages where nothing states axes; '' where they are no stack.

    `calibrated`: may the resolution of the page be a pixel size? `page`: the page that is the image, where it is not
    the first. `pages`: their number, where it is stated. `parts`: what is said of each image, where there are several.
    """

    format: str
    axes: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    pages: int = 0
    stacked: str = "N"
    pixels: Mapping[str, Length] = field(default_factory=dict)
    calibrated: bool = True
    frames: int | None = None
    channels: tuple[str, ...] = ()
    instrument: str = ""
    acquired: str = ""
    warnings: tuple[str, ...] = ()
    page: Any = None
    parts: tuple[Told, ...] = ()


def sized(x: object, y: object, unit: str) -> dict[str, Length]:
    """Pixel sizes along X and Y, without those that can be none."""
    return {a: s for a, v in (("X", x), ("Y", y)) if (s := pixel_size(v, unit))}


def per_unit(page: Any, axis: str) -> Decimal | None:
    """Pixels in a unit of length along X or Y, as the fraction that is stored; None for none and for zero."""
    tag = page.tags.get(f"{axis}Resolution")
    value = tag.value if tag is not None else None
    if not isinstance(value, tuple) or len(value) != 2 or not value[0] or not value[1]:
        return None
    per = Decimal(int(value[0])) / Decimal(int(value[1]))
    return per if per > 0 else None
