"""What programs write into a TIFF: ImageJ and SCIFIO into its description, Micro-Manager into a tag of its own."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size, printed
from rembi_sheets.harvest.model import Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.tags.told import Told, per_unit, sized

_NO_LENGTH = ("pixel", "pixels", "inch", "null")
_TIMES = {"sec": "s", "seconds": "s", "msec": "ms", "minutes": "min", "hr": "h", "hour": "h", "hours": "h"}
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")
_MICRO_MANAGER = 51123


def _lines(description: str) -> dict[str, str]:
    """The lines `key=value`, with characters that are written as numbers."""
    said = dict(line.partition("=")[::2] for line in description.splitlines())
    return {k: _ESCAPED.sub(lambda m: chr(int(m[1], 16)), v).strip() for k, v in said.items()}


def _imagej(file: Any, page: Any, facts: Facts) -> Told | None:
    """ImageJ: counts, and the unit of the resolution."""
    description = page.description or ""
    if not description.startswith("ImageJ="):
        return None
    said = _lines(description)
    counts = {
        a: int(n) for a, k in (("T", "frames"), ("Z", "slices"), ("C", "channels")) if (n := said.get(k, "")).isdigit()
    }
    total = int(said["images"]) if said.get("images", "").isdigit() else 1
    product = math.prod(counts.values()) if counts else 1
    warnings: list[str] = []
    if any(not 0 < n < 10**8 for n in (*counts.values(), total)):
        raise Unusable("ImageJ's line says sizes that cannot be")
    if counts and product != total:
        counts, warnings = {}, [f"ImageJ's line says {total} images, but its axes make {product}"]
    kept = {a: n for a, n in counts.items() if n > 1}
    if not kept and total > 1:
        kept = {"Z" if not counts else "N": total}
    if "T" in kept:
        unit = said.get("tunit", "sec")
        facts.number("time_interval", said.get("finterval"), _TIMES.get(unit, unit), "ImageJ: finterval")
    pixels = _imagej_pixels(said, page, "Z" in kept)
    return Told("TIFF", "".join(kept), kept, total, pixels=pixels, warnings=tuple(warnings), calibrated=False)


def _imagej_pixels(said: Mapping[str, str], page: Any, deep: bool) -> dict[str, Length]:
    unit = said.get("unit", "")
    pixels: dict[str, Length] = {}
    for axis in "XY":
        own, per = said.get(f"{axis.lower()}unit", "") or unit, per_unit(page, axis)
        size = pixel_size(quotient(Decimal(1), per), own) if per and own not in _NO_LENGTH else None
        if size is not None and not printed(size):
            pixels[axis] = size
    spacing = number(said.get("spacing", ""))
    if spacing and deep and pixels and (size := pixel_size(abs(spacing), said.get("zunit", "") or unit)):
        pixels["Z"] = size
    return pixels


def _scifio(file: Any, page: Any, facts: Facts) -> Told | None:
    """SCIFIO: axes, lengths, scales and units side by side. Without a unit a scale of 1 is nobody's measure."""
    description = page.description or ""
    if not description.startswith("SCIFIO="):
        return None
    said = {k: v.split(",") for k, v in _lines(description).items()}
    names = [{"Channel": "C", "Time": "T"}.get(n, n) for n in said.get("axes", [])]
    lengths = [number(n) for n in said.get("lengths", [])]
    if len(names) != len(lengths) or any(n is None or not 0 < n < 2**31 for n in lengths):
        return Told("TIFF", calibrated=False)
    counts = {a: int(n) for a, n in zip(names, lengths, strict=True) if n is not None}
    scales = dict(zip(names, said.get("scales", []), strict=False))
    units = dict(zip(names, said.get("units", []), strict=False))
    pixels = {
        a: s
        for a in "XYZ"
        if units.get(a, "null") not in _NO_LENGTH and (s := pixel_size(scales.get(a), units[a])) is not None
    }
    kept = {a: counts[a] for a in reversed(names) if a not in ("X", "Y") and len(a) == 1 and counts[a] > 1}
    return Told("TIFF", "".join(kept), kept, pixels=pixels, calibrated=False)


def _micromanager(file: Any, page: Any, facts: Facts) -> Told | None:
    """Micro-Manager: JSON a page; an uncalibrated camera has a pixel size of 0. ImageJ's lines tell the axes."""
    tag = page.tags.get(_MICRO_MANAGER)
    if tag is None:
        return None
    said = tag.value
    if isinstance(said, str | bytes):
        try:
            said = json.loads(said)
        except (ValueError, RecursionError):
            return None
    if not isinstance(said, dict):
        return None
    camera = words(said.get("Core-Camera") or said.get("Camera"))
    facts.text("detector", said.get(f"{camera}-CameraName") or camera, "Camera")
    binning = words(said.get("Binning"))
    if binning.isdigit():
        facts.text("binning", f"{binning}x{binning}", "Binning")
    size = said.get("PixelSizeUm")
    axes = _imagej(file, page, facts) or Told("TIFF")
    return replace(axes, pixels=axes.pixels or sized(size, size, "µm"), acquired=words(said.get("Time")))


KINDS: tuple[Callable[[Any, Any, Facts], Told | None], ...] = (_micromanager, _imagej, _scifio)
