"""OME-Zarr 0.4 to 0.6: JSON files of the folder; the chunks are never touched.

Source: ngff.openmicroscopy.org 0.4, 0.5 and the draft of 0.6; Zarr 2 (.zarray, .zattrs) and 3 (zarr.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

from rembi_sheets.harvest.facts import Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_LIMIT = 16 * 2**20
_TYPES = {"u": "uint", "i": "int", "f": "float", "c": "complex"}
_KEYS = ("multiscales", "plate", "zarr_format", "bioformats2raw.layout")
_PARTS = {"plate", "well", "labels", "bioformats2raw.layout"}
"""Keys of folders that hold no image of their own: they name those that do."""
_MOST = 100_000
_WELL = re.compile(r"([A-Za-z]{1,2})/0*([1-9][0-9]?)")  # the path of a well: row, column


def sniff(head: bytes, name: str) -> int:
    """A folder by its name; a JSON file by its keys."""
    if not head:
        return 90 if name.endswith((".zarr", ".ome.zarr")) else 50
    text = head.decode("utf-8", "replace")
    return 80 if text.lstrip().startswith("{") and any(f'"{key}"' in text for key in _KEYS) else 0


def read(source: Source) -> Header:
    """The image of a folder, all fields of a plate, or the axes and scale that a file of attributes states."""
    facts = Facts(source.path, "ngff")
    if source.file.is_dir():
        attributes = _attributes(source.file)
        if "plate" in attributes:
            return _plate(source, facts, attributes)
        images = _images(source.file, attributes, facts)
        if not images and (series := _series(source.file)):
            images = [i for s in series for i in _images(s, _attributes(s), facts)]
        if not images:
            raise Unusable("it is a Zarr without the axes of OME-Zarr")
        return Header("OME-Zarr", tuple(images), tuple(facts.values), tuple(facts.warnings))
    found = _json(source.text_bytes(_LIMIT))
    attributes = found.get("attributes", found)
    attributes = attributes.get("ome", attributes) if isinstance(attributes, dict) else {}
    images = _images(None, attributes, facts)
    ours = bool(images) or not _PARTS.isdisjoint(attributes) or "zarr_format" in found
    return Header("OME-Zarr", tuple(images), tuple(facts.values), tuple(facts.warnings), companion=ours)


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Unusable("its JSON cannot be read") from None
    return found if isinstance(found, dict) else {}


def _load(folder: Path, name: str) -> dict[str, Any]:
    file = folder / name
    if not file.is_file() or file.is_symlink() or file.stat().st_size > _LIMIT:
        return {}
    return _json(file.read_bytes())


def _attributes(folder: Path) -> dict[str, Any]:
    """Those of 0.5 below `ome`, or those of 0.4."""
    newer = _load(folder, "zarr.json").get("attributes", {})
    if isinstance(newer, dict) and newer:
        inner = newer.get("ome", newer)
        return inner if isinstance(inner, dict) else {}
    return _load(folder, ".zattrs")


def _series(folder: Path) -> list[Path]:
    """The images of bioformats2raw: folders 0, 1, 2 ... up to the first that is not there."""
    return list(takewhile(Path.is_dir, (folder / str(n) for n in range(_MOST))))


def _plate(source: Source, facts: Facts, attributes: Mapping[str, Any]) -> Header:
    plate = attributes["plate"] if isinstance(attributes["plate"], dict) else {}
    wells = [w.get("path") for w in _list(plate, "wells") if isinstance(w, dict)]
    facts.number("fields_per_well", plate.get("field_count"), "", "plate.field_count")
    images: list[Image] = []
    filled: dict[str, None] = {}
    for well in wells[:_MOST]:
        before = len(images)
        folder = _below(source.file, well)
        found = _attributes(folder).get("well", {}) if folder else {}
        for one in found.get("images", []) if isinstance(found, dict) else []:
            field = _below(folder, one.get("path")) if folder and isinstance(one, dict) else None
            for image in _images(field, _attributes(field), facts) if field else []:
                images.append(
                    Image(
                        image.axes,
                        image.sizes,
                        image.pixel_type,
                        image.pixel_size,
                        f"{words(well)}/{field.name if field else ''}",
                        None,
                        image.channels,
                    )
                )
        if len(images) > before and (place := _WELL.fullmatch(str(well))):
            filled[f"{place[1].upper()}{int(place[2])}"] = None
    if not images:
        raise Unusable("its plate has no field that can be read")
    return Header(
        "OME-Zarr",
        tuple(images),
        tuple(facts.values),
        tuple(facts.warnings),
        plate=words(plate.get("name")),
        wells=tuple(filled),
    )


def _list(part: Mapping[str, Any], name: str) -> list[Any]:
    found = part.get(name, [])
    return found if isinstance(found, list) else []


def _below(folder: Path, name: object) -> Path | None:
    """A folder by the name that attributes give it; None for one that would lead elsewhere."""
    parts = str(name or "").split("/")
    if not name or any(p in ("", ".", "..") or ":" in p or "\\" in p for p in parts):
        return None
    return folder.joinpath(*parts)


def _images(folder: Path | None, attributes: Mapping[str, Any], facts: Facts) -> list[Image]:
    scales = attributes.get("multiscales", [])
    made = []
    for scale in scales if isinstance(scales, list) else []:
        if isinstance(scale, dict) and (image := _image(folder, scale, attributes, facts)) is not None:
            made.append(image)
    return made


def _image(folder: Path | None, scale: dict[str, Any], attributes: Mapping[str, Any], facts: Facts) -> Image | None:
    axes = _axes(scale)
    names = [words(a.get("name")).upper()[:1] for a in axes]
    if not names or not all(names) or len(set(names)) != len(names):
        return None
    levels = (
        [d for d in scale.get("datasets", []) if isinstance(d, dict)] if isinstance(scale.get("datasets"), list) else []
    )
    level: dict[str, Any] = levels[0] if levels else {}
    factors = _factors(level, len(names)), _factors(scale, len(names))
    pixels: dict[str, Length] = {}
    for place, (name, axis) in enumerate(zip(names, axes, strict=True)):
        steps = [f[place] for f in factors if f is not None]
        if name not in "XYZT" or not steps or not axis.get("unit"):
            continue
        product = steps[0]
        for step in steps[1:]:
            product *= step
        if name == "T":
            facts.number("time_interval", product, _SHORT.get(str(axis["unit"]), str(axis["unit"])), "multiscales: T")
        elif size := pixel_size(product, str(axis["unit"])):
            pixels[name] = size
    shape, kind = _array(folder, level.get("path"))
    sizes: dict[str, int] = {}
    if len(shape) == len(names):
        kept = [n for n, s in zip(names, shape, strict=True) if n in "XY" or s > 1]
        sizes = {n: s for n, s in zip(names, shape, strict=True) if n in kept}
        names = kept
    shown = attributes.get("omero", {})
    channels = shown.get("channels", []) if isinstance(shown, dict) else []
    return Image(
        axes="".join(names),
        sizes=sizes,
        pixel_type=kind,
        pixel_size={a: s for a, s in pixels.items() if a in names},
        name=file_name(scale.get("name")),
        channels=tuple(Channel(words(c.get("label"))) for c in channels if isinstance(c, dict)),
    )


def _axes(scale: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those of the image, or (from 0.6 on) of its first system of coordinates."""
    systems = [s for s in _list(scale, "coordinateSystems") if isinstance(s, dict)]
    return [a for a in _list(scale if "axes" in scale or not systems else systems[0], "axes") if isinstance(a, dict)]


_SHORT = {"second": "s", "millisecond": "ms", "microsecond": "µs", "minute": "min", "hour": "h", "day": "d"}


def _factors(part: Mapping[str, Any], count: int) -> list[Any] | None:
    """The scale among the transformations, as exact numbers."""
    for step in part.get("coordinateTransformations", []) or []:
        if isinstance(step, dict) and step.get("type") == "scale" and isinstance(step.get("scale"), list):
            found = [number(n) for n in step["scale"]]
            if len(found) == count and all(n is not None and n > 0 for n in found):
                return found
    return None


def _array(folder: Path | None, path: object) -> tuple[list[int], str]:
    """Shape and pixel type of an array."""
    place = _below(folder, path) if folder else None
    if place is None:
        return [], ""
    found = _load(place, "zarr.json") or _load(place, ".zarray")
    shape = found.get("shape", [])
    kind = str(found.get("data_type") or found.get("dtype", ""))
    if not isinstance(shape, list) or any(not isinstance(n, int) or not 0 < n < 2**40 for n in shape):
        return [], ""
    if kind[:1] in "<>|" and kind[2:].isdigit():
        kind = f"{_TYPES.get(kind[1], '')}{int(kind[2:]) * 8}" if kind[1] in _TYPES else ""
    return shape, words(kind)
