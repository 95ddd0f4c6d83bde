"""Texts of scanning electron microscopes, beside an image or in a tag of it: Hitachi, JEOL, TESCAN.

Units: Hitachi nm for a pixel, its own words (Volt, um) for others; TESCAN m, V, A, s; JEOL kV, mm and a bar of a
length. Persons (UserName) stand there and are never looked at. Source: files of the SU and S series, of InTouchScope
and of TESCAN's software; the keys have no schema of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Length
from rembi_sheets.harvest.quantities import measured, number, quotient

_PAIR = re.compile(r"([A-Za-z][\w ]*?)\s*=\s*(.*?)\s*$")
_DOLLAR = re.compile(r"\${1,2}(\w+)\s+(.*?)\s*$")
_UNITS = {"Volt": "V", "kVolt": "kV", "uA": "µA", "um": "µm"}


@dataclass(frozen=True, slots=True)
class Said:
    """What such a text says of its image: its size in pixels, theirs in lengths, and the microscope."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    pixels: Mapping[str, Length] = field(default_factory=dict)
    instrument: str = ""
    acquired: str = ""
    image: str = ""


def pairs(text: str) -> dict[str, str]:
    """The lines `key=value` (or `$key value`) of a text, whatever stands between them; the first of a key counts."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if pair := _PAIR.search(line) or _DOLLAR.search(line):
            found.setdefault(pair[1], pair[2])
    return found


def _quantity(text: str) -> tuple[Decimal | None, str]:
    """'8100 um' -> (8100, 'µm')."""
    value, unit = measured(text)
    return value, _UNITS.get(unit, unit)


def _wide_high(text: str) -> dict[str, int]:
    parts = re.split(r"[x\s]+", text.strip().casefold())
    if len(parts) != 2 or not all(p.isdigit() and 0 < int(p) < 2**20 for p in parts):
        return {}
    return {"Y": int(parts[1]), "X": int(parts[0])}


def tescan(said: Mapping[str, str], facts: Facts) -> Said:
    """TESCAN, in a tag and in a file .hdr."""
    device = words(said.get("Device") or said.get("DeviceModel"))
    facts.text("microscope", device, "MAIN/Device")
    facts.number("magnification", said.get("Magnification"), "", "MAIN/Magnification")
    facts.number("accelerating_voltage", said.get("HV"), "V", "SEM/HV")
    facts.number("working_distance", said.get("WD"), "m", "SEM/WD")
    facts.number("beam_current", said.get("PredictedBeamCurrent"), "A", "SEM/PredictedBeamCurrent")
    facts.number("pixel_dwell_time", said.get("DwellTime"), "s", "SEM/DwellTime")
    facts.text("electron_source", said.get("Gun"), "SEM/Gun")
    facts.text("detector_type", said.get("Detector0") or said.get("Detector"), "SEM/Detector")
    pixels = {a: s for a in "XY" if (s := pixel_size(said.get(f"PixelSize{a}"), "m"))}
    acquired = words(f"{said.get('Date', '')} {said.get('Time', '')}")
    return Said(pixels=pixels, instrument=words(said.get("SerialNumber")), acquired=acquired)


def hitachi(said: Mapping[str, str], facts: Facts) -> Said:
    """Hitachi, in a file .txt: the size of a pixel is in nm."""
    model = words(said.get("InstructName") or said.get("InstrumentName"))
    facts.text("microscope", model and f"Hitachi {model}", "InstructName")
    facts.number("magnification", said.get("Magnification"), "", "Magnification")
    facts.number("accelerating_voltage", *_quantity(said.get("AcceleratingVoltage", "")), "AcceleratingVoltage")
    facts.number("working_distance", *_quantity(said.get("WorkingDistance", "")), "WorkingDistance")
    facts.text("detector_type", said.get("SignalName"), "SignalName")
    pixel = pixel_size(said.get("PixelSize"), "nm")
    return Said(
        sizes=_wide_high(said.get("DataSize", "")),
        pixels=dict.fromkeys("XY", pixel) if pixel else {},
        instrument=words(said.get("SerialNumber")),
        acquired=words(f"{said.get('Date', '')} {said.get('Time', '')}"),
        image=words(said.get("ImageName")),
    )


def jeol(said: Mapping[str, str], facts: Facts) -> Said:
    """JEOL, in a file .txt: a pixel is the length of the bar by its pixels, which are whole; so it is no exact size."""
    model = words(said.get("CM_INSTRUMENT"))
    facts.text("microscope", model and f"JEOL {model}", "CM_INSTRUMENT")
    facts.number("magnification", said.get("CM_MAG"), "", "CM_MAG")
    facts.number("accelerating_voltage", said.get("CM_ACCEL_VOLT"), "kV", "CM_ACCEL_VOLT")
    facts.number("working_distance", said.get("SM_WD"), "mm", "SM_WD")
    facts.text("detector_type", said.get("CM_SIGNAL"), "CM_SIGNAL")
    length, unit = _quantity(said.get("SM_MICRON_MARKER", ""))
    bar = number(said.get("SM_MICRON_BAR", "").split(" ")[0])
    pixel = pixel_size(_digits(quotient(length, bar), bar), unit) if length and bar and bar >= 10 else None
    return Said(
        sizes=_wide_high(said.get("CM_FULL_SIZE", "")),
        pixels=dict.fromkeys("XY", pixel) if pixel else {},
        acquired=words(f"{said.get('CM_DATE', '')} {said.get('CM_TIME', '')}"),
    )


def _digits(value: Decimal, bar: Decimal) -> Decimal:
    """As many digits as a bar of so many pixels is sure of."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - (2 if bar >= 100 else 1)))
