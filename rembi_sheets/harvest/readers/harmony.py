"""The list of a plate that Harmony writes beside its TIFFs: Index.idx.xml, Index.xml.

Operetta and Opera Phenix. Each image has its file, well and channel; what all images of a channel share stands at each
image in Harmony 5 and 6, and once a channel (Maps/Map/Entry) in Harmony 7. Lengths are in m, wavelengths in nm, times
in s. The user is named in it and never looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.screens import well
from rembi_sheets.harvest.source import Source

_ROOT = b"<EvaluationInputData"
_MOST = 2**16  # rows, columns and pixels along an axis
_CHANNEL = ("ChannelName", "ChannelType", "MainExcitationWavelength", "MainEmissionWavelength", "ExposureTime")
_ALIKE = (
    "CameraType", "ObjectiveMagnification", "ObjectiveNA", "BinningX", "BinningY",
    "ImageSizeX", "ImageSizeY", "ImageResolutionX", "ImageResolutionY",
)  # fmt: skip
Ask = Callable[[str], str]


def sniff(head: bytes, name: str) -> int:
    """By the root element."""
    return 95 if _ROOT in xml.begins(head) else 0


def read(source: Source) -> Header:
    """What the list says of the files that it names. What a channel says of all its images stands before them."""
    facts = Facts(source.path, "harmony")
    shared: dict[str, dict[str, str]] = {}
    wells: dict[str, tuple[str, ...]] = {}
    shown: dict[str, Channel] = {}
    channels: dict[tuple[str, ...], Channel] = {}
    said: dict[str, set[str]] = {key: set() for key in _ALIKE}
    plates: list[ET.Element] = []
    for element in xml.each(source, "Plate", "InstrumentType", "Entry", "Image"):
        if element.tag == "Entry":
            own = {e.tag: (e.text or "").strip() for e in element}
            shared.setdefault(element.get("ChannelID", ""), {}).update(own)
        elif element.tag == "Plate":
            plates.append(element)
        elif element.tag == "InstrumentType":
            facts.text("microscope", element.text, "InstrumentType")
        elif name := file_name(xml.text(element, "URL")).casefold():
            ask = _asking(element, shared.get(xml.text(element, "ChannelID"), {}))
            row, column = (number(ask(n)) for n in ("Row", "Col"))
            if row and column and 0 < row <= _MOST and 0 < column <= _MOST:
                wells[name] = (well(int(row) - 1, int(column) - 1),)
            marks = tuple(map(ask, _CHANNEL))
            if marks not in channels:
                channels[marks] = _channel(facts, ask)
            shown[name] = channels[marks]
            for key, found in said.items():
                found.add(ask(key))
    once = {key: next(iter(found)) for key, found in said.items() if len(found) == 1}
    if len(said["ImageResolutionX"]) > 1:
        facts.warnings.append("its images have several pixel sizes; none is given to them")
    facts.text("detector", once.get("CameraType"), "CameraType")
    facts.number("magnification", once.get("ObjectiveMagnification"), "", "ObjectiveMagnification")
    facts.number("numerical_aperture", once.get("ObjectiveNA"), "", "ObjectiveNA")
    if all(once.get(f"Binning{a}", "").isdigit() for a in "XY"):
        facts.text("binning", f"{once['BinningX']}x{once['BinningY']}", "BinningX, BinningY")
    return Header(
        "Harmony list",
        _image(once),
        tuple(facts.values),
        tuple(dict.fromkeys(facts.warnings)),
        acquired=words(xml.text(plates[0], "MeasurementStartTime")) if plates else "",
        links=tuple(shown),
        companion=True,
        plate=words(xml.text(plates[0], "Name")) if len(plates) == 1 else "",
        linked_wells=wells,
        linked_channels=shown,
    )


def _asking(image: ET.Element, shared: dict[str, str]) -> Ask:
    """What an image says of itself, else what its channel says of all."""
    own = {e.tag: (e.text or "").strip() for e in image}
    return lambda name: own.get(name) or shared.get(name, "")


def _channel(facts: Facts, ask: Ask) -> Channel:
    own = facts.on(CHANNELS)
    kind = ask("ChannelType")
    own.text("contrast_method", kind, "ChannelType")
    if kind.casefold() == "fluorescence":
        own.number("excitation_wavelength", ask("MainExcitationWavelength"), "nm", "MainExcitationWavelength")
        own.number("detection_wavelength", ask("MainEmissionWavelength"), "nm", "MainEmissionWavelength")
    own.number("exposure_time", ask("ExposureTime"), "s", "ExposureTime")
    facts.warnings += own.warnings
    return Channel(words(ask("ChannelName")), tuple(own.values))


def _image(once: dict[str, str]) -> tuple[Image, ...]:
    """What all images of the plate are like."""
    counts = {a: number(once.get(f"ImageSize{a}", "")) for a in "YX"}
    sizes = {a: int(n) for a, n in counts.items() if n is not None and 0 < n < _MOST}
    pixels: dict[str, Length] = {}
    for axis in "XY":
        if size := pixel_size(once.get(f"ImageResolution{axis}", ""), "m", "µm"):
            pixels[axis] = size
    sizes = sizes if len(sizes) == 2 else {}
    return (Image("".join(sizes), sizes, pixel_size=pixels),) if pixels else ()
