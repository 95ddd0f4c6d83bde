"""Leica LIF, by the library liffile: every image of the file.

Lengths in m, wavelengths in nm; moments count 100 ns from 1601. Images taken in sequences have the settings of each
sequence in a list of its own. Source: XML of LAS AF and LAS X; the names have no schema of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Confidence, Header, Image, Length, Unusable
from rembi_sheets.harvest.moments import WINDOWS, moment
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.source import Source

_MAGIC = b"\x70\x00\x00\x00"
_AXES = {"1": "X", "2": "Y", "3": "Z", "4": "T", "5": "L", "6": "R", "7": "A", "8": "B", "9": "Q", "10": "M"}
_HEX = re.compile(r"[0-9a-fA-F]{1,16}")
_SWEEPS = {"λ", "Λ"}
_SETTINGS = ("ATLConfocalSettingDefinition", "ATLCameraSettingDefinition")
_TICK = Decimal("1e-7")


def sniff(head: bytes, name: str) -> int:
    """By the first bytes and the mark before the XML."""
    return 95 if head.startswith(_MAGIC) and head[8:9] == b"\x2a" else 0


def read(source: Source) -> Header:
    """All images; what the first says of the microscope."""
    import liffile

    facts = Facts(source.path, "leica")
    try:
        with liffile.LifFile(source.file) as file:
            steps: set[Decimal] = set()
            acquired = ""
            images = [_image(i, steps, facts) for i in file.images]
            if len(steps) == 1:  # images with other intervals have none in common
                facts.number("time_interval", steps.pop(), "s", "DimensionDescription T")
            if file.images:
                _microscope(facts, file.images[0].xml_element)
                acquired = _acquired(file.images[0].xml_element)
    except OSError:
        raise
    except Unusable:
        raise
    except Exception as error:  # the library raises what its parser meets in a damaged file
        raise Unusable(f"its LIF is damaged or cut off ({type(error).__name__})") from None
    form = "LOF" if source.name.endswith(".lof") else "LIF"
    return Header(form, tuple(images), tuple(facts.values), tuple(dict.fromkeys(facts.warnings)), acquired=acquired)


def _image(image: Any, steps: set[Decimal], facts: Facts) -> Image:
    """One image; the step of its times in s goes to `steps`."""
    sizes = {a: int(n) for a, n in zip(image.dims, image.shape, strict=True)}
    if any(len(a) > 1 for a in sizes):  # an axis that stands there twice gets a number behind its letter
        raise Unusable("its LIF is damaged: an image names an axis twice")
    pixels: dict[str, Length] = {}
    for dimension in xml.every(image.xml_element, "DimensionDescription"):
        axis = _AXES.get(dimension.get("DimID", ""), "")
        whole, count = number(dimension.get("Length")), number(dimension.get("NumberOfElements"))
        if whole is None or count is None or count < 2:
            continue
        step = quotient(abs(whole), Decimal(int(count) - 1))
        if axis == "T" and dimension.get("Unit") == "s":
            steps.add(step)
        elif axis in ("X", "Y", "Z") and axis in sizes and (size := pixel_size(step, dimension.get("Unit", "m"), "µm")):
            pixels[axis] = size
    names = [words(c.get("LUTName")) for c in xml.every(image.xml_element, "ChannelDescription")]
    lit = _lit(image.xml_element, facts) if not _SWEEPS & sizes.keys() else []
    if len(lit) != len(names):  # it is not told which detector made which channel
        lit = [facts.on(CHANNELS) for _ in names]
    channels = tuple(Channel(n, tuple(own.values)) for n, own in zip(names, lit, strict=True))
    return Image("".join(sizes), sizes, str(image.dtype), pixels, words(image.name), channels=channels)


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


def _acquired(element: ET.Element) -> str:
    """The moment of the first plane, in UTC; '' where none stands."""
    stamps = xml.text(next(xml.every(element, "TimeStampList"), None)).split()
    counted = stamps[0] if stamps and _HEX.fullmatch(stamps[0]) else "0"
    return moment(Decimal(int(counted, 16)), _TICK, WINDOWS)


def _microscope(facts: Facts, element: ET.Element) -> None:
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
