"""The list of a plate that IN Cell Analyzer (GE, Cytiva) and MetaXpress write beside their TIFFs: .xdce.

Each image has its file, well and channel (Wavelength, by its index). Lengths are in µm, wavelengths in nm, exposures in
ms. The operator, the computer and where the images lay are named in it and never looked at.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.screens import well
from rembi_sheets.harvest.source import Source

_ROOT = b"<ImageStack"
_MAKER = "IN Cell Analyzer"
_MOST = 2**10  # rows and columns
_UNITS = {"µm": "µm", "um": "µm", "μm": "µm", "micron": "µm", "nm": "nm"}
_BINNING = re.compile(r"(\d{1,2})\s*[xX]\s*(\d{1,2})")
_ABOUT = ("Application", "Creation", "ObjectiveCalibration", "Camera", "Wavelength", "Image")


def sniff(head: bytes, name: str) -> int:
    """By the root element, and the name of the program or of the file."""
    plain = xml.begins(head)
    return 95 if _ROOT in plain and (name.endswith(".xdce") or _MAKER.encode() in plain) else 0


def read(source: Source) -> Header:
    """What the list says of the files that it names."""
    facts = Facts(source.path, "incell")
    wells: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, str] = {}
    exposures: dict[str, set[str]] = {}
    waves: dict[str, ET.Element] = {}
    images: tuple[Image, ...] = ()
    size: dict[str, int] = {}
    binning, acquired = "", ""
    calibration: ET.Element | None = None
    for element in xml.each(source, *_ABOUT):
        if element.tag == "Image":
            _taken(element, wells, numbers, exposures)
        elif element.tag == "Wavelength":
            waves.setdefault(element.get("index", str(len(waves))), element)
        elif element.tag == "Application":
            name, version = (words(element.get(k)) for k in ("name", "software_version"))
            facts.text("acquisition_software", f"{name} {version}".strip(), "Application")
            if name.startswith(_MAKER):
                facts.text("microscope", name, "Application@name")
        elif element.tag == "Creation":
            acquired = words(f"{element.get('date', '')}T{element.get('time', '')}".strip("T"))
        elif element.tag == "ObjectiveCalibration" and calibration is None:
            calibration = element
            facts.text("objective", element.get("objective_name"), "ObjectiveCalibration@objective_name")
            facts.number("magnification", element.get("magnification"), "", "ObjectiveCalibration@magnification")
            facts.number(
                "numerical_aperture", element.get("numerical_aperture"), "", "ObjectiveCalibration@numerical_aperture"
            )
        elif element.tag == "Camera":
            facts.text("detector", element.get("name"), "Camera@name")
            binning, size = _camera(facts, element)
    if pixels := _pixels(facts, calibration, binning):
        images = (Image("".join(size), size, pixel_size=pixels),)
    channels = {n: _channel(facts, waves[n], exposures.get(n, set())) for n in set(numbers.values()) if n in waves}
    return Header(
        "IN Cell list",
        images,
        tuple(facts.values),
        tuple(dict.fromkeys(facts.warnings)),
        acquired=acquired,
        links=tuple(numbers),
        companion=True,
        plate=words(source.path.rpartition("/")[2].rpartition(".")[0]),
        linked_wells=wells,
        linked_channels={name: channels[n] for name, n in numbers.items() if n in channels},
    )


def _taken(
    image: ET.Element, wells: dict[str, tuple[str, ...]], numbers: dict[str, str], exposures: dict[str, set[str]]
) -> None:
    """Notes one image: its well, the number of its channel, and how long it was exposed."""
    name = file_name(image.get("filename")).casefold()
    if not name:
        return
    row, column = (number(_of(image, f"Well/{n}", "number")) for n in ("Row", "Column"))
    if row and column and 0 < row <= _MOST and 0 < column <= _MOST:
        wells[name] = (well(int(row) - 1, int(column) - 1),)
    wave = numbers[name] = _of(image, "Identifier", "wave_index")
    exposures.setdefault(wave, set()).add(_of(image, "Exposure", "time"))


def _of(element: ET.Element, path: str, attribute: str) -> str:
    found = element.find(path)
    return "" if found is None else found.get(attribute, "").strip()


def _camera(facts: Facts, camera: ET.Element) -> tuple[str, dict[str, int]]:
    """Binning ('' where it is not stated), and how many pixels an image has."""
    found = _BINNING.fullmatch(_of(camera, "Binning", "value"))
    binning = f"{found[1]}x{found[2]}" if found else ""
    facts.text("binning", binning, "Camera/Binning")
    counts = {a: number(_of(camera, "Size", n)) for a, n in (("Y", "height"), ("X", "width"))}
    sizes = {a: int(n) for a, n in counts.items() if n is not None and 0 < n < 2**16}
    return binning, sizes if len(sizes) == 2 else {}


def _pixels(facts: Facts, calibration: ET.Element | None, binning: str) -> dict[str, Length]:
    """The size of a pixel, as the objective was calibrated: that of the camera's own, which binned ones exceed."""
    if calibration is None:
        return {}
    unit = _UNITS.get(calibration.get("unit", "").strip(), "")
    found = {a: pixel_size(calibration.get(n), unit) for a, n in (("X", "pixel_width"), ("Y", "pixel_height"))}
    pixels = {a: size for a, size in found.items() if unit and size}
    if pixels and binning not in ("", "1x1"):
        facts.warnings.append(f"its pixels are binned ({binning}), its pixel size may be that of single ones; type it")
        return {}
    return pixels


def _channel(facts: Facts, wave: ET.Element, exposures: set[str]) -> Channel:
    own = facts.on(CHANNELS)
    for column, tag in (("excitation_wavelength", "ExcitationFilter"), ("detection_wavelength", "EmissionFilter")):
        if _of(wave, tag, "unit") == "nm":
            own.number(column, _of(wave, tag, "wavelength"), "nm", f"Wavelength/{tag}")
    if len(exposures) == 1:
        own.number("exposure_time", next(iter(exposures)), "ms", "Image/Exposure")
    facts.warnings += own.warnings
    return Channel(words(_of(wave, "EmissionFilter", "name")), tuple(own.values))
