"""The XML of Leica's LAS AF and LAS X, alike in LIF, LOF and XLIF: dimensions, channels, settings, moments.

Lengths in m, from the middle of the first pixel to that of the last; wavelengths in nm; moments count 100 ns from 1601.
Images taken in sequences have the settings of each sequence in a list of its own. Source: XML of LAS AF and LAS X; the
names have no schema of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Confidence, Image, Length
from rembi_sheets.harvest.moments import WINDOWS, moment
from rembi_sheets.harvest.quantities import number, quotient

AXES = {
    "1": "X", "2": "Y", "3": "Z", "4": "T", "5": "λ", "6": "A", "7": "N", "8": "Q", "9": "Λ", "10": "M", "11": "L",
}  # fmt: skip
"""Numbers of dimensions, and the letters that liffile has for them."""
_HEX = re.compile(r"[0-9a-fA-F]{1,16}")
_SWEEPS = {"λ", "Λ"}
_SETTINGS = ("ATLConfocalSettingDefinition", "ATLCameraSettingDefinition")
_TICK = Decimal("1e-7")


def dimensions(element: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    """Axis ('' unknown) and description of each dimension of an image; not those of images that hang below it."""
    return ((AXES.get(d.get("DimID", ""), ""), d) for d in xml.every(_own(element), "DimensionDescription"))


def channels(element: ET.Element) -> list[ET.Element]:
    """The descriptions of its channels."""
    return list(xml.every(_own(element), "ChannelDescription"))


def _own(element: ET.Element) -> ET.Element:
    found = xml.child(element, "Data")
    return element if found is None else found


def image(element: ET.Element, name: object, sizes: Mapping[str, int], kind: str, facts: Facts) -> Image:
    """The image of an element whose sizes and pixel type are known."""
    pixels: dict[str, Length | None] = {}
    for axis, dimension in dimensions(element):
        if axis in ("X", "Y", "Z") and axis in sizes and (step := _step(dimension)) is not None:
            pixels[axis] = pixel_size(step, dimension.get("Unit", "m"), "µm")
    names = [words(c.get("LUTName")) for c in channels(element)]
    lit = _lit(element, facts) if not _SWEEPS & sizes.keys() else []
    if len(lit) != len(names):  # it is not told which detector made which channel
        lit = [facts.on(CHANNELS) for _ in names]
    shown = tuple(Channel(n, tuple(own.values)) for n, own in zip(names, lit, strict=True))
    known = {a: size for a, size in pixels.items() if size is not None}
    return Image("".join(sizes), sizes, kind, known, words(name), channels=shown)


def intervals(elements: Sequence[ET.Element], facts: Facts) -> None:
    """The time between frames, where all images have the same."""
    steps = {
        step
        for element in elements
        for axis, dimension in dimensions(element)
        if axis == "T" and dimension.get("Unit") == "s"
        if (step := _step(dimension)) is not None
    }
    if len(steps) == 1:  # images with other intervals have none in common
        facts.number("time_interval", steps.pop(), "s", "DimensionDescription T")


def _step(dimension: ET.Element) -> Decimal | None:
    """From one element of a dimension to the next: there is one interval less than there are elements."""
    whole, count = number(dimension.get("Length")), number(dimension.get("NumberOfElements"))
    return None if whole is None or count is None or count < 2 else quotient(abs(whole), Decimal(int(count) - 1))


def _settings(element: ET.Element) -> list[ET.Element]:
    """Those with which an image was taken, one a sequence."""
    listed = next(xml.every(element, "LDM_Block_Sequential_List"), None)
    found = [s for s in (listed if listed is not None else ()) if s.tag in _SETTINGS]
    return found or [s for name in _SETTINGS for s in xml.every(element, name)][:1]


def _lit(element: ET.Element, facts: Facts) -> list[Facts]:
    """What the detectors that were on saw, and by which light, in the order of the channels."""
    found = []
    for settings in _settings(element):
        lines = _lines(settings)
        bands = {b.get("Channel"): b for b in xml.every(settings, "MultiBand")}
        for detector in _detectors(settings):
            own = facts.on(CHANNELS)
            found.append(own)
            if (band := bands.get(detector.get("Channel"))) is None:
                continue
            own.text("fluorophore", band.get("DyeName", "").rpartition("/")[2], "MultiBand@DyeName", Confidence.GUESS)
            low, high = (number(band.get(k, "")) for k in ("LeftWorld", "RightWorld"))
            own.span("detection_wavelength", low, high, "nm", "MultiBand@LeftWorld, @RightWorld", sure=True)
            if len(lines) == 1:
                own.number("excitation_wavelength", lines[0], "nm", "LaserLineSetting@LaserLine")
            elif shorter := [n for n in lines if low is not None and n < low]:
                key = "LaserLineSetting@LaserLine: the longest below the band"
                own.number("excitation_wavelength", max(shorter), "nm", key, Confidence.DERIVED)
    return found


def _detectors(settings: ET.Element) -> list[ET.Element]:
    return [d for d in xml.every(settings, "Detector") if d.get("IsActive") == "1"]


def _lines(settings: ET.Element) -> list[Decimal]:
    """The laser lines that were on."""
    told = (
        number(s.get("LaserLine", ""))
        for s in xml.every(settings, "LaserLineSetting")
        if (number(s.get("IntensityDev", "")) or 0) > 0
    )
    return sorted({n for n in told if n})


def acquired(element: ET.Element) -> str:
    """The moment of the first plane, in UTC; '' where none stands."""
    stamps = xml.text(next(xml.every(_own(element), "TimeStampList"), None)).split()
    counted = stamps[0] if stamps and _HEX.fullmatch(stamps[0]) else "0"
    return moment(Decimal(int(counted, 16)), _TICK, WINDOWS)


def microscope(facts: Facts, element: ET.Element) -> None:
    """The microscope, its objective and software, and what all sequences have alike."""
    every = _settings(element)
    if not every:
        return
    settings = every[0]
    hardware = next((a for a in xml.every(element, "Attachment") if a.get("SystemTypeName")), settings)
    facts.text("microscope", hardware.get("SystemTypeName") or settings.get("MicroscopeModel"), "SystemTypeName")
    facts.text("acquisition_software", hardware.get("Software"), "HardwareSetting@Software")
    facts.text("objective", settings.get("ObjectiveName"), "ObjectiveName")
    facts.number("magnification", settings.get("Magnification"), "", "Magnification")
    facts.number("numerical_aperture", settings.get("NumericalAperture"), "", "NumericalAperture")
    facts.text("immersion", settings.get("Immersion"), "Immersion")
    facts.number("pinhole_size", settings.get("PinholeAiry"), "AU", "PinholeAiry")
    _alike(facts, every)


def _alike(facts: Facts, every: Sequence[ET.Element]) -> None:
    """What all sequences have alike."""
    kinds = {d.get("Type", "") for s in every for d in _detectors(s)}
    if len(kinds) == 1:
        facts.text("detector_type", kinds.pop(), "Detector@Type")
    if any(_lines(s) for s in every):
        lasers = {x.get("LaserName") for s in every for x in xml.every(s, "Laser") if x.get("PowerState") == "On"}
        name = "white light laser" if lasers == {"WLL"} else "laser"
        facts.text("light_source", name, "LaserLineSetting@IntensityDev", Confidence.DERIVED)
