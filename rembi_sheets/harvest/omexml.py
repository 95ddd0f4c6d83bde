"""OME-XML, wherever it stands (a file, a tag of a TIFF): images, channels, and the microscope.

Source: the OME schema 2016-06 and its defaults for units: µm for lengths, nm for wavelengths, s for times.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import omeplates, xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size, printed, refused
from rembi_sheets.harvest.model import Channel, Confidence, Image, Length
from rembi_sheets.harvest.quantities import number, scaled
from rembi_sheets.values.ranges import plain

_TYPES = {"float": "float32", "double": "float64", "complex": "complex64"}
_LIGHTS = ("Laser", "Arc", "Filament", "LightEmittingDiode", "GenericExcitationSource")
_SIZES = {axis: f"Size{axis}" for axis in "XYZCT"}
_SILENT = {"ID", "Name", "SamplesPerPixel", "Color"}  # what a channel may say without a word of how it was made
_MOST_IMAGES = 100_000
_NO_TEMPERATURE = -1  # what Nikon's programs write for none


@dataclass(frozen=True, slots=True)
class Ome:
    """What an OME-XML says. `files`: names of the files that hold the pixels, where it names them.

    `plate`, `wells`: the one plate of the file, and where on it its own images were taken; '' and () for none.
    `linked_wells`: the same of the other files: name in small letters -> wells. `places`: where each file is one plane
    of the one image, which plane that is, as Header.linked_places.
    """

    images: tuple[Image, ...]
    files: tuple[str, ...]
    instrument: str
    acquired: str
    plate: str = ""
    wells: tuple[str, ...] = ()
    linked_wells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def of(root: ET.Element, facts: Facts) -> Ome:
    """The images, with what they all share written to `facts`."""
    instruments = {i.get("ID", ""): i for i in xml.children(root, "Instrument")}
    pictures = xml.children(root, "Image")[:_MOST_IMAGES]
    made, parts = [], []
    for picture in pictures:
        reference = xml.child(picture, "InstrumentRef")
        instrument = instruments.get(reference.get("ID", "")) if reference is not None else None
        if instrument is None and len(instruments) == 1:
            instrument = next(iter(instruments.values()))
        if (image := _image(picture, instrument, facts)) is None:
            continue
        made.append(image)
        parts.append(own := facts.on(facts.sheet))
        _interval(own, picture, image)
        _microscope(own, picture, instrument)
    facts.alike(parts)
    serials = {words(s.get("SerialNumber")) for i in instruments.values() for s in xml.children(i, "Microscope")} - {""}
    serial = serials.pop() if len(serials) == 1 else ""
    omeplates.fields(root, facts)
    files = dict.fromkeys(file_name(u.get("FileName")) for u in xml.every(root, "UUID") if u.get("FileName"))
    plate, wells, linked = omeplates.wells(root, file_name(facts.file))
    places = _places(pictures[0], made[0]) if len(pictures) == len(made) == 1 and len(files) > 1 else {}
    return Ome(tuple(made), tuple(f for f in files if f), serial, _acquired(pictures), plate, wells, linked, places)


def _places(picture: ET.Element, image: Image) -> dict[str, tuple[int, ...]]:
    """Files that are a plane each; nothing where any is named twice, or there are more or fewer than planes."""
    axes = [a for a in image.axes if a not in "XYS"]
    found: dict[str, tuple[int, ...]] = {}
    for part in xml.every(picture, "TiffData"):
        file = xml.child(part, "UUID")
        name = file_name(file.get("FileName")) if file is not None else ""
        told = [part.get(f"First{a}", "0") for a in axes]
        if not name or name.casefold() in found or not all(n.isdecimal() and len(n) < 8 for n in told):
            return {}
        found[name.casefold()] = tuple(map(int, told))
    within = all(n < image.sizes[a] for place in found.values() for a, n in zip(axes, place, strict=True))
    whole = len(found) == len(set(found.values())) == math.prod(image.sizes[a] for a in axes)
    return found if within and whole else {}


def _acquired(pictures: list[ET.Element]) -> str:
    if not pictures:
        return ""
    return words(xml.text(pictures[0], "AcquisitionDate") or xml.text(pictures[0], "AcquiredDate"))  # so until 2011


def _length(element: ET.Element, name: str, warnings: list[str], default: str = "µm") -> Length | None:
    if not (value := element.get(name, "")):
        return None
    size, note = _told_length(value, element.get(f"{name}Unit", default))
    if note:
        warnings.append(note)
    return size


@lru_cache(1024)  # the files of a folder have few sizes
def _told_length(value: str, unit: str) -> tuple[Length | None, str]:
    """A pixel size, and what is to be said of one that is none."""
    size = pixel_size(value, unit)
    if size is not None and printed(size):
        return None, f"{plain(size.value)} {size.unit} is a dot of a printer, and no pixel size; it is left out"
    return size, refused(value, unit) if size is None else ""


def _image(picture: ET.Element, instrument: ET.Element | None, facts: Facts) -> Image | None:
    pixels = xml.child(picture, "Pixels")
    if pixels is None:
        return None
    sizes = {a: _size(pixels.get(name, "")) for a, name in _SIZES.items()}
    if not all(sizes.values()):
        facts.warnings.append("its OME-XML says sizes that cannot be; they are left out")
        return None
    order = pixels.get("DimensionOrder", "XYCZT")
    order = order if sorted(order) == sorted("XYZCT") else "XYCZT"
    channels = xml.children(pixels, "Channel")
    samples = {int(s) for c in channels if (s := c.get("SamplesPerPixel", "1")).isdigit()}
    kept = [a for a in reversed(order) if a in "XY" or sizes[a] > 1]
    shape = {a: sizes[a] for a in kept}
    if len(samples) == 1 and (count := samples.pop()) in (3, 4) and sizes["C"] == count * len(channels):
        shape["S"] = count
        shape["C"] = sizes["C"] // count
        kept = [a for a in kept if a != "C" or shape["C"] > 1] + ["S"]
        shape = {a: shape[a] for a in kept}
    found = {a: _length(pixels, f"PhysicalSize{a}", facts.warnings) for a in "XYZ" if a in shape}
    times = _exposures(pixels)
    kind = pixels.get("Type") or pixels.get("PixelType") or ""
    return Image(
        axes="".join(kept),
        sizes=shape,
        pixel_type=_TYPES.get(kind, kind),
        pixel_size={a: s for a, s in found.items() if s is not None},
        name=file_name(picture.get("Name")),
        channels=tuple(_channel(facts, c, times.get(str(i), ()), instrument) for i, c in enumerate(channels)),
    )


@lru_cache(1024)
def _size(text: str) -> int:
    """A number of pixels; 0 for what cannot be one."""
    found = number(text)
    return int(found) if found is not None and 1 <= found < 2**31 and found == int(found) else 0


def _exposures(pixels: ET.Element) -> Mapping[str, set[tuple[str, str]]]:
    """Number of a channel -> the exposure times of its planes, each with its unit."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for plane in xml.children(pixels, "Plane"):
        if time := plane.get("ExposureTime"):
            found[plane.get("TheC", "")].add((time, plane.get("ExposureTimeUnit", "s")))
    return found


def _interval(facts: Facts, picture: ET.Element, image: Image) -> None:
    pixels = xml.child(picture, "Pixels")
    if pixels is not None and image.sizes.get("T", 1) > 1:
        unit = pixels.get("TimeIncrementUnit", "s")
        facts.number("time_interval", pixels.get("TimeIncrement"), unit, "Pixels@TimeIncrement")


def _parts(instrument: ET.Element | None, *names: str) -> dict[str, ET.Element]:
    return {e.get("ID", ""): e for e in (instrument if instrument is not None else ()) if e.tag in names}


def _channel(
    facts: Facts, channel: ET.Element, times: Collection[tuple[str, str]], instrument: ET.Element | None
) -> Channel:
    """`times`: the exposure times of its planes, each with its unit."""
    if not (times or _tells(channel)) and _SILENT.issuperset(channel.keys()):
        return Channel(words(channel.get("Name")))
    own = facts.on(CHANNELS)
    own.text("fluorophore", channel.get("Fluor"), "Channel@Fluor")
    own.text("contrast_method", channel.get("ContrastMethod"), "Channel@ContrastMethod")
    settings = xml.child(channel, "LightSourceSettings")
    settings = settings if settings is not None else xml.child(channel, "LightSourceRef")
    light = _parts(instrument, *_LIGHTS).get(settings.get("ID", "")) if settings is not None else None
    for element, key in ((settings, "LightSourceSettings@Wavelength"), (light, "Laser@Wavelength")):
        if element is not None and element.get("Wavelength") and not own.has("excitation_wavelength"):
            own.number("excitation_wavelength", element.get("Wavelength"), element.get("WavelengthUnit", "nm"), key)
    if not own.has("excitation_wavelength"):
        unit = channel.get("ExcitationWavelengthUnit", "nm")
        own.number("excitation_wavelength", channel.get("ExcitationWavelength"), unit, "Channel@ExcitationWavelength")
    _band(own, channel, instrument)
    if not own.has("detection_wavelength"):
        unit = channel.get("EmissionWavelengthUnit", "nm")
        own.number("detection_wavelength", channel.get("EmissionWavelength"), unit, "Channel@EmissionWavelength")
    if len(times) == 1:
        value, unit = next(iter(times))
        own.number("exposure_time", value, unit, "Plane@ExposureTime")
    facts.warnings += own.warnings
    return Channel(words(channel.get("Name")), tuple(own.values))


def _tells(channel: ET.Element) -> bool:
    """Is any part of it more than its name?"""
    return any(len(part) or part.keys() for part in channel)


def _band(own: Facts, channel: ET.Element, instrument: ET.Element | None) -> None:
    """What the emission filter lets through; of several filters one after the other none is told."""
    used = xml.children(channel, "LightPath", "EmissionFilterRef")
    emission = _parts(instrument, "Filter").get(used[0].get("ID", "")) if len(used) == 1 else None
    band = xml.child(emission, "TransmittanceRange")
    if band is None:
        return
    ends = [
        scaled(n, band.get(f"{end}Unit", "nm"), "nm")
        for end in ("CutIn", "CutOut")
        if (n := number(band.get(end))) is not None
    ]
    if len(ends) == 2:
        own.span("detection_wavelength", ends[0], ends[1], "nm", "Filter/TransmittanceRange", sure=True)


def _microscope(facts: Facts, picture: ET.Element, instrument: ET.Element | None) -> None:
    if instrument is not None:
        _scope(facts, picture, instrument)
    _alike(facts, instrument, xml.children(picture, "Pixels", "Channel"))
    around = xml.child(picture, "ImagingEnvironment")
    if around is not None:
        unit = around.get("TemperatureUnit", "°C")
        stored = number(around.get("Temperature", ""))
        if stored != _NO_TEMPERATURE:
            facts.number("temperature", stored, unit, "ImagingEnvironment@Temperature", zero=True)
        facts.number("co2", around.get("CO2Percent"), "fraction", "ImagingEnvironment@CO2Percent", zero=True)


def _scope(facts: Facts, picture: ET.Element, instrument: ET.Element) -> None:
    scope = xml.child(instrument, "Microscope")
    if scope is not None:
        facts.text("microscope", _named(scope), "Microscope@Model")
    settings = xml.child(picture, "ObjectiveSettings")
    settings = settings if settings is not None else xml.child(picture, "ObjectiveRef")
    objectives = _parts(instrument, "Objective")
    objective = objectives.get(settings.get("ID", "")) if settings is not None else None
    sure = Confidence.READ
    if objective is None and len(objectives) == 1:  # the only one there is, though the image does not name it
        objective, sure = next(iter(objectives.values())), Confidence.DERIVED
    if objective is not None:
        facts.text("objective", objective.get("Model"), "Objective@Model", sure)
        facts.number("magnification", objective.get("NominalMagnification"), "", "Objective@NominalMagnification", sure)
        facts.number("numerical_aperture", objective.get("LensNA"), "", "Objective@LensNA", sure)
        medium = settings.get("Medium") if settings is not None else None
        facts.text("immersion", medium or objective.get("Immersion"), "Objective@Immersion", sure)


def _alike(facts: Facts, instrument: ET.Element | None, channels: list[ET.Element]) -> None:
    """What each channel has, where all that have it agree."""
    channels = [c for c in channels if _tells(c)]
    if not channels:
        return
    detectors, lights = _parts(instrument, "Detector"), _parts(instrument, *_LIGHTS)
    names, kinds, binnings, sources = set(), set(), set(), set()
    for channel in channels:
        settings = xml.child(channel, "DetectorSettings")
        settings = settings if settings is not None else xml.child(channel, "DetectorRef")
        if settings is not None:
            detector = detectors.get(settings.get("ID", ""))
            binnings.add(settings.get("Binning", "").replace("Other", ""))
            names.add(_named(detector) if detector is not None else "")
            kinds.add(detector.get("Type", "") if detector is not None else "")
        light = xml.child(channel, "LightSourceSettings")
        if light is not None and light.get("ID", "") in lights:
            sources.add(lights[light.get("ID", "")].tag)
    for name, found, key in (
        ("detector", names, "Detector@Model"),
        ("detector_type", kinds, "Detector@Type"),
        ("binning", binnings, "DetectorSettings@Binning"),
        ("light_source", sources, "LightSourceSettings@ID"),
    ):
        if len(once := {f for f in found if f}) == 1:
            facts.text(name, once.pop(), key)


def _named(part: ET.Element) -> str:
    return " ".join(filter(None, (part.get("Manufacturer"), part.get("Model"))))
