"""The real files of ../shared, read once each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from rembi_sheets.harvest.model import Header, Item
from rembi_sheets.harvest.sniff import look
from rembi_sheets.values.ranges import plain

FOLDER = Path(__file__).parents[3] / "shared" / "samples" / "images"

needs_files = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real images lie in ../shared, which is not here")


@cache
def item(name: str) -> Item:
    return look(FOLDER / name, name, (FOLDER / name).stat().st_size)


def header(name: str) -> Header:
    found = item(name).header
    assert found is not None, item(name)
    return found


def said(found: Header) -> dict[str, str]:
    """All that a header says, flat: `sizes`, `type`, `X`, `channel 0`, `channel 0 exposure_time`, `tilts` ..."""
    flat: dict[str, str] = {"instrument": found.instrument, "images": str(len(found.images))}
    if found.images:
        image = found.images[0]
        flat["sizes"] = " ".join(f"{a}{n}" for a, n in image.sizes.items())
        flat["type"] = image.pixel_type
        flat["frames"] = str(image.frames or "")
        flat |= {a: f"{plain(s.value)} {s.unit}" for a, s in image.pixel_size.items()}
        for place, channel in enumerate(image.channels):
            flat[f"channel {place}"] = channel.name
            flat |= {f"channel {place} {v.column.split('.')[1]}": f"{v.value} {v.unit}".strip() for v in channel.values}
    flat |= {v.column.split(".")[1]: f"{v.value} {v.unit}".strip() for v in found.values}
    return flat
