"""EMD of Velox (an HDF5): each image with its metadata as JSON. Lengths in m, times in s, voltages in V.

Moments in s from 1970. Source: files of Velox 2 and 3; the keys have no schema of their own. The name of the
computer stands there and is never looked at.
"""

from __future__ import annotations

import json
from typing import Any

from rembi_sheets.harvest.arrays import pixel_type
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.moments import UNIX, moment
from rembi_sheets.harvest.quantities import number

MOST = 10_000  # images


def header(file: Any, facts: Facts) -> Header:
    """The images of a file in their order. Raises Unusable where it holds none."""
    images: list[Image] = []
    first: dict[str, Any] = {}
    detectors: dict[str, str] = {}
    for place, key in enumerate(list(file["Data/Image"])[:MOST]):
        group = file["Data/Image"][key]
        data = group.get("Data")
        if data is None or len(data.shape) != 3:
            continue
        said = _metadata(group.get("Metadata"))
        first = first or said
        binary = said.get("BinaryResult", {})
        binary = binary if isinstance(binary, dict) else {}
        camera = binary.get("AcquisitionUnit") == "CameraImage"
        detectors[words(binary.get("Detector", ""))] = "detector" if camera else "detector_type"
        pixels: dict[str, Length] = {}
        for axis, side in (("X", "width"), ("Y", "height")):
            unit = str(binary.get(f"PixelUnit{axis}", "m"))
            if size := pixel_size(_at(binary, "PixelSize", side), unit):
                pixels[axis] = size
        high, wide, frames = (int(n) for n in data.shape)
        sizes = ({"T": frames} if frames > 1 else {}) | {"Y": high, "X": wide}
        name = words(binary.get("Detector", "")) or f"image {place + 1}"
        images.append(Image("".join(sizes), sizes, pixel_type(data), pixels, name))
    if not images:
        raise Unusable("it holds no image")
    _microscope(facts, first)
    if len(detectors) == 1:
        name, column = detectors.popitem()
        facts.text(column, name, "BinaryResult/Detector")
    return Header(
        "EMD",
        tuple(images),
        tuple(facts.values),
        tuple(facts.warnings),
        instrument=words(_at(first, "Instrument", "InstrumentId")),
        acquired=moment(number(_at(first, "Acquisition", "AcquisitionStartDatetime", "DateTime")), 1, UNIX),
    )


def _at(said: dict[str, Any], *path: str) -> str | int | float:
    """The text or number down a path of keys; '' for none."""
    found: Any = said
    for name in path:
        found = found.get(name, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, str | int | float) else ""


def _metadata(data: Any) -> dict[str, Any]:
    """The JSON of the first frame, stored as a column of bytes padded with zeros."""
    if data is None or len(data.shape) != 2 or data.shape[0] > 16 * 2**20:
        return {}
    try:
        found = json.loads(bytes(data[:, 0]).split(b"\0")[0])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _microscope(facts: Facts, said: dict[str, Any]) -> None:
    facts.text("microscope", _at(said, "Instrument", "InstrumentModel"), "Instrument/InstrumentModel")
    facts.number("accelerating_voltage", _at(said, "Optics", "AccelerationVoltage"), "V", "Optics/AccelerationVoltage")
    facts.text("electron_source", _at(said, "Acquisition", "SourceType"), "Acquisition/SourceType")
    scanned = _at(said, "CustomProperties", "StemMagnification", "value")
    facts.number("magnification", scanned, "", "CustomProperties/StemMagnification")
    if not facts.has("magnification"):
        facts.number("magnification", _at(said, "Optics", "NominalMagnification"), "", "Optics/NominalMagnification")
    facts.number("pixel_dwell_time", _at(said, "Scan", "DwellTime"), "s", "Scan/DwellTime")
    facts.text("acquisition_software", "Velox" if _at(said, "Core", "MetadataDefinitionVersion") else "", "Core")
