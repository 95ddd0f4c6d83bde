"""A group as columns of the workbook: what Image data, Image acquisition and Channels would say of it."""

from __future__ import annotations

from collections.abc import Mapping

from rembi_sheets import units
from rembi_sheets.harvest.facts import ACQUISITION, IMAGE_DATA
from rembi_sheets.harvest.model import Confidence, Group, Image, Value
from rembi_sheets.schema import load
from rembi_sheets.values import ranges
from rembi_sheets.values.ranges import plain

_PLACES = {"X": "size_x", "Y": "size_y", "Z": "size_z", "C": "size_c", "T": "size_t"}


def image_data(group: Group) -> dict[str, str]:
    """Columns of Image data by machine name, as they would be typed."""
    image = group.image
    tilts = is_tilt_series(group)
    found = {
        "file_format": group.format,
        "compression": group.compression,
        "pixel_type": image.pixel_type,
        "image_count": str(group.stacks if tilts else group.images),
        "tilts_views": str(image.sizes["N"] if tilts else ""),
        **{column: str(image.sizes[axis]) for axis, column in _PLACES.items() if axis in image.sizes},
        "frames_per_image": str(image.frames or ""),
        **_pixel_size(image),
        **{_name(v): v.value for v in group.values if v.column.startswith(f"{IMAGE_DATA}.")},
    }
    return {c: v for c, v in found.items() if v}


def is_tilt_series(group: Group) -> bool:
    """Is each file a stack of images that were taken at different tilts?"""
    tilted = (ranges.read(v.value) for v in group.values if v.column == f"{ACQUISITION}.tilt_angles")
    return group.image.sizes.get("N", 1) > 1 and any(r is not None and r.low != r.high for r in tilted)


def _pixel_size(image: Image) -> dict[str, str]:
    """The three columns and their one unit: that of X; another unit of another axis is converted exactly."""
    if "X" not in image.pixel_size and "Y" not in image.pixel_size:
        return {}
    first = image.pixel_size.get("X") or image.pixel_size["Y"]
    found = {}
    for axis, size in image.pixel_size.items():
        told = units.convert(size.value, size.unit, first.unit)
        if axis in ("X", "Y", "Z") and told is not None:
            found[f"pixel_size_{axis.lower()}"] = plain(told)
    return found | {"pixel_size_unit": first.unit}


def image_acquisition(group: Group) -> dict[str, str]:
    """Columns of Image acquisition by machine name; guesses are left to people."""
    own = [v for v in group.values if not v.column.startswith(f"{IMAGE_DATA}.")]
    return {_name(v): v.value for v in own if v.confidence is not Confidence.GUESS}


def channels(group: Group) -> list[dict[str, str]]:
    """One row a channel: its name and what is known of it."""
    return [
        {"channel_name": c.name, **{_name(v): v.value for v in c.values if v.confidence is not Confidence.GUESS}}
        for c in group.image.channels
        if c.name or c.values
    ]


def _name(value: Value) -> str:
    return value.column.partition(".")[2]


def labelled(sheet: str, row: Mapping[str, str]) -> dict[str, str]:
    """A row with the headings of the workbook in the place of machine names."""
    return {load()[sheet][name].label: value for name, value in row.items()}


def title(value: Value) -> str:
    """'Image acquisition: Nominal magnification': the sheet and the heading of a value."""
    sheet, _, name = value.column.partition(".")
    spec = load()[sheet]
    return f"{spec.title}: {spec[name].label}"


def units_of(sheet: str) -> dict[str, str]:
    """Heading -> the unit of its column behind a blank, where it has one."""
    return {c.label: f" {c.unit}" for c in load()[sheet].columns if c.unit}
