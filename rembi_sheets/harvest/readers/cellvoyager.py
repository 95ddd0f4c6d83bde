"""Logs of CellVoyager (Yokogawa), which share a folder: MeasurementData.mlf names each image with its well and channel,
MeasurementDetail.mrf has pixel sizes by channel, and the settings (.mes), which the .mrf names, objective and filters.

The .mlf is the companion of the images, and what the other two say is read with it. Pixel sizes are in µm, wavelengths
in nm, exposures in ms. The operator is named in them and never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.screens import well
from rembi_sheets.harvest.source import Source

_ROOTS = (b"MeasurementData ", b"MeasurementDetail ", b"MeasurementSetting ")
_BTS = b"yokogawa.co.jp/BTS"
_DETAIL = "MeasurementDetail.mrf"
_BAND = re.compile(r"BP\s*(\d{3,4}(?:\.\d+)?)/(\d{1,3}(?:\.\d+)?)")
_KINDS = (("fluorescence", "fluorescence"), ("brightfield", "brightfield"), ("phase", "phase contrast"))
_MOST = 2**10  # rows and columns
Said = Mapping[str, str]


def sniff(head: bytes, name: str) -> int:
    """By the root element and the namespace of its maker."""
    plain = xml.begins(head)
    return 95 if _BTS in plain and any(root in plain for root in _ROOTS) else 0


def read(source: Source) -> Header:
    """What the .mlf and those beside it say. The other two alone tell nothing."""
    if _ROOTS[0] not in xml.begins(source.head):
        return Header("CellVoyager log", companion=True)
    facts = Facts(source.path, "cellvoyager")
    detail = _beside(source.file.parent, _DETAIL)
    head = _said(detail) if detail is not None else {}
    settings = _beside(source.file.parent, file_name(head.get("MeasurementSettingFileName", "")))
    wells: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, str] = {}
    for record in xml.each(source, "MeasurementRecord"):
        said = _said(record)
        name = file_name(record.text).casefold()
        row, column = (number(said.get(n, "")) for n in ("Row", "Column"))
        if not name or said.get("Type") != "IMG" or not row or not column:
            continue
        if 0 < row <= _MOST and 0 < column <= _MOST:
            wells[name] = (well(int(row) - 1, int(column) - 1),)
        numbers[name] = said.get("Ch", "")
    used = set(numbers.values())
    kinds = _of_channels(settings, "Channel", used)
    channels = {ch: _channel(facts, said, _lights(settings)) for ch, said in kinds.items()}
    facts.text("microscope", words(head.get("TargetSystem")) and f"Yokogawa {head['TargetSystem']}", "TargetSystem")
    facts.text("objective", _alike(kinds, "Objective"), "Channel@Objective")
    facts.number("magnification", _alike(kinds, "Magnification"), "", "Channel@Magnification")
    binning = _alike(kinds, "Binning")
    facts.text("binning", f"{binning}x{binning}" if binning.isdigit() else "", "Channel@Binning")
    plate = xml.child(detail, "MeasurementSamplePlate")
    return Header(
        "CellVoyager log",
        _image(facts, _of_channels(detail, "MeasurementChannel", used)),
        tuple(facts.values),
        tuple(dict.fromkeys(facts.warnings)),
        acquired=words(head.get("BeginTime")),
        links=tuple(numbers),
        companion=True,
        plate=words(_said(plate).get("Name")) if plate is not None else "",
        linked_wells=wells,
        linked_channels={name: channels[ch] for name, ch in numbers.items() if ch in channels},
    )


def _beside(folder: Path, name: str) -> ET.Element | None:
    """Another log of the same folder; None when there is none that can be read."""
    file = folder / name
    try:
        if not name or file.is_symlink() or not file.is_file() or file.stat().st_size > xml.LIMIT:
            return None
        return xml.parse(file.read_bytes())
    except (OSError, Unusable):
        return None


def _said(element: ET.Element) -> dict[str, str]:
    """Attributes by name, without their namespaces."""
    return {key.rpartition("}")[2]: value for key, value in element.attrib.items()}


def _of_channels(root: ET.Element | None, tag: str, used: set[str]) -> dict[str, dict[str, str]]:
    """Number of a channel that images have -> what an element says of it; its light sources by their names."""
    found = {}
    for element in xml.every(root, tag) if root is not None else ():
        said = _said(element)
        if said.get("Ch") in used:
            lights = [n.text or "" for n in xml.every(element, "LightSourceName")]
            found[said["Ch"]] = said | {"lights": "\n".join(lights)}
    return found


def _alike(channels: Mapping[str, Said], key: str) -> str:
    """What all channels say, where they say the same."""
    said = {c.get(key, "") for c in channels.values()}
    return said.pop() if len(said) == 1 else ""


def _lights(settings: ET.Element | None) -> dict[str, Said]:
    every = map(_said, xml.every(settings, "LightSource")) if settings is not None else ()
    return {said.get("Name", ""): said for said in every}


def _channel(facts: Facts, said: Said, lights: Mapping[str, Said]) -> Channel:
    own = facts.on(CHANNELS)
    kind = next((term for word, term in _KINDS if word in said.get("Kind", "").casefold()), "")
    own.text("contrast_method", kind, "Channel@Kind")
    if kind == "fluorescence":
        own.text("fluorophore", said.get("Fluorophore"), "Channel@Fluorophore")
        waves = [lights.get(name, {}).get("WaveLength", "") for name in said["lights"].split("\n")]
        if len(waves) == 1:
            own.number("excitation_wavelength", waves[0], "nm", "LightSource@WaveLength")
        if band := _BAND.fullmatch(said.get("Acquisition", "").strip()):
            middle, wide = Decimal(band[1]), Decimal(band[2])
            own.span("detection_wavelength", middle - wide / 2, middle + wide / 2, "nm", "Channel@Acquisition")
    own.number("exposure_time", said.get("ExposureTime"), "ms", "Channel@ExposureTime")
    facts.warnings += own.warnings
    return Channel(words(said.get("Fluorophore") or said.get("Target")), tuple(own.values))


def _image(facts: Facts, channels: Mapping[str, Said]) -> tuple[Image, ...]:
    """What the images of all channels are like."""
    axes = {"X": "Horizontal", "Y": "Vertical"}
    stored = {a: _alike(channels, f"{n}PixelDimension") for a, n in axes.items()}
    counts = {a: _alike(channels, f"{n}Pixels") for a, n in axes.items()}
    pixels = {a: size for a, value in stored.items() if (size := pixel_size(value, "µm"))}
    if not pixels:
        if len({c.get("HorizontalPixelDimension") for c in channels.values()}) > 1:
            facts.warnings.append("its channels have several pixel sizes; none is given to the images")
        return ()
    sizes = {a: int(counts[a]) for a in "YX" if counts[a].isdigit() and 0 < int(counts[a]) < 2**16}
    sizes = sizes if len(sizes) == 2 else {}
    return (Image("".join(sizes), sizes, pixel_size=pixels),)
