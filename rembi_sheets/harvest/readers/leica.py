"""Leica LIF, by the library liffile: every image of the file. Lengths in m."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.source import Source

_MAGIC = b"\x70\x00\x00\x00"
_AXES = {"1": "X", "2": "Y", "3": "Z", "4": "T", "5": "L", "6": "R", "7": "A", "8": "B", "9": "Q", "10": "M"}


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
            images = [_image(i, steps) for i in file.images]
            if len(steps) == 1:  # images with other intervals have none in common
                facts.number("time_interval", steps.pop(), "s", "DimensionDescription T")
            if file.images:
                _microscope(facts, file.images[0].xml_element)
    except OSError:
        raise
    except Unusable:
        raise
    except Exception as error:  # the library raises what its parser meets in a damaged file
        raise Unusable(f"its LIF is damaged or cut off ({type(error).__name__})") from None
    form = "LOF" if source.name.endswith(".lof") else "LIF"
    return Header(form, tuple(images), tuple(facts.values), tuple(dict.fromkeys(facts.warnings)))


def _image(image: Any, steps: set[Decimal]) -> Image:
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
    lengths = xml.every(image.xml_element, "ChannelDescription")
    channels = tuple(Channel(words(c.get("LUTName"))) for c in lengths)
    return Image("".join(sizes), sizes, str(image.dtype), pixels, words(image.name), channels=channels)


def _microscope(facts: Facts, element: ET.Element) -> None:
    settings = next(xml.every(element, "ATLConfocalSettingDefinition"), None)
    if settings is None:
        return
    facts.text("microscope", settings.get("SystemTypeName") or settings.get("MicroscopeModel"), "SystemTypeName")
    facts.text("objective", settings.get("ObjectiveName"), "ObjectiveName")
    facts.number("magnification", settings.get("Magnification"), "", "Magnification")
    facts.number("numerical_aperture", settings.get("NumericalAperture"), "", "NumericalAperture")
    facts.text("immersion", settings.get("Immersion"), "Immersion")
    facts.number("pinhole_size", settings.get("PinholeAiry"), "AU", "PinholeAiry")
