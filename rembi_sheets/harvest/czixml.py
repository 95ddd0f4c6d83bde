"""What the XML of a Zeiss CZI says of channels, microscope and times; the reader has its sizes.

Source: "ZISRAW (CZI) File Format" of Carl Zeiss Microscopy. Exposures in ns, dwell times and time points in s. A
name of the microscope that ends in .Stand is that of a part, in the words of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.model import Channel, Confidence
from rembi_sheets.harvest.quantities import magnified, measured, number

_PART = ".Stand"
_NO_DYE = ("TL ", "RL ")  # TL Brightfield, RL DIC: transmitted and reflected light
_SCANNING = "LaserScanning"


def shown(root: ET.Element | None) -> dict[str, str]:
    """The names by which the program shows channels: id -> name."""
    found = xml.children(root, "Metadata", "DisplaySetting", "Channels", "Channel")
    return {c.get("Id", ""): c.get("Name", "") for c in found}


def channel(facts: Facts, said: ET.Element, instrument: ET.Element | None, names: Mapping[str, str]) -> Channel:
    """One channel. Its dye's own wavelengths are not those of the light that was used, and not told.

    `names`: by id, those that are shown of channels without one.
    """
    dye = xml.text(said, "Fluor")
    facts.text("fluorophore", "" if dye.startswith(_NO_DYE) else dye, "Channel/Fluor")
    facts.text("contrast_method", xml.text(said, "ContrastMethod"), "Channel/ContrastMethod")
    _band(facts, "excitation_wavelength", said, "IlluminationWavelength")
    lines = {n for s in _lights(said) if (n := number(xml.text(s, "Wavelength")))}
    if len(lines) == 1 and not facts.has("excitation_wavelength"):
        facts.number("excitation_wavelength", lines.pop(), "nm", "LightSourceSettings/Wavelength")
    _band(facts, "detection_wavelength", said, "DetectionWavelength")
    if not xml.text(said, "DetectionWavelength", "Ranges"):
        _filter(facts, said, instrument)
    facts.number("exposure_time", xml.text(said, "ExposureTime"), "ns", "Channel/ExposureTime")
    if not facts.has("exposure_time"):
        facts.number("exposure_time", _dwell(said), "s", "LaserScanInfo/PixelTime")
    intensities = [xml.text(s, "Intensity") for s in _lights(said)]
    kept = [i for i in intensities if number(i.rstrip(" %")) is not None]
    if kept:
        facts.text("illumination_power", "; ".join(kept), "LightSourceSettings/Intensity")
    return Channel(words(said.get("Name") or names.get(said.get("Id", ""))), tuple(facts.values))


def _band(facts: Facts, name: str, said: ET.Element, key: str) -> None:
    bands = xml.text(said, key, "Ranges").split(",")
    ends = bands[0].split("-")
    if len(bands) == 1 and len(ends) == 2:
        facts.span(name, ends[0], ends[1], "nm", f"Channel/{key}/Ranges", sure=True)
    elif len(bands) == 1:
        facts.number(name, xml.text(said, key, "SinglePeak"), "nm", f"Channel/{key}/SinglePeak")


def _filter(facts: Facts, said: ET.Element, instrument: ET.Element | None) -> None:
    """The band of the emission filter, where the channel's set has one of one band."""
    named = xml.child(said, "FilterSetRef")
    used = _by_id(instrument, "FilterSets", "FilterSet").get(named.get("Id", "") if named is not None else "")
    filters = _by_id(instrument, "Filters", "Filter")
    parts = [filters.get(r.get("Id", "")) for r in xml.children(used, "EmissionFilters", "EmissionFilterRef")]
    bands = [b for part in parts for b in xml.children(part, "TransmittanceRange")]
    if len(parts) == len(bands) == 1:
        low, high = (number(xml.text(bands[0], end)) for end in ("CutIn", "CutOut"))
        facts.span("detection_wavelength", low, high, "nm", "Filter/TransmittanceRange", sure=True)


def _lights(said: ET.Element) -> list[ET.Element]:
    return xml.children(said, "LightSourcesSettings", "LightSourceSettings")


def _dwell(said: ET.Element) -> str:
    return xml.text(said, "LaserScanInfo", "PixelTime")


def _by_id(parent: ET.Element | None, *path: str) -> dict[str, ET.Element]:
    return {e.get("Id", ""): e for e in xml.children(parent, *path)}


def microscope(facts: Facts, information: ET.Element, image: ET.Element) -> str:
    """The stand, objective, software, and what channels have alike; the serial number of the stand."""
    instrument = xml.child(information, "Instrument")
    scopes = _by_id(instrument, "Microscopes", "Microscope")
    reference = xml.child(image, "MicroscopeRef")
    scope = scopes.get(reference.get("Id", "")) if reference is not None else next(iter(scopes.values()), None)
    if scope is not None:
        model = " ".join(xml.text(scope, "Manufacturer", n) for n in ("Manufacturer", "Model")).strip()
        name = scope.get("Name", "")
        told = model or xml.text(scope, "System") or ("" if name.endswith(_PART) else name)
        facts.text("microscope", told, "Microscopes/Microscope")
    settings = xml.child(image, "ObjectiveSettings")
    wanted = xml.child(settings, "ObjectiveRef")
    objective = _by_id(instrument, "Objectives", "Objective").get(wanted.get("Id", "") if wanted is not None else "")
    if objective is not None:
        facts.text("objective", objective.get("Name") or xml.text(objective, "Manufacturer", "Model"), "Objective@Name")
        facts.number("magnification", xml.text(objective, "NominalMagnification"), "", "Objective/NominalMagnification")
        facts.number("numerical_aperture", xml.text(objective, "LensNA"), "", "Objective/LensNA")
    medium = xml.text(settings, "Medium") or xml.text(objective, "Immersion")
    facts.text("immersion", medium, "ObjectiveSettings/Medium")
    software = [xml.text(information, "Application", n) for n in ("Name", "Version")]
    facts.text("acquisition_software", " ".join(software), "Application")
    _alike(facts, instrument, xml.children(image, "Dimensions", "Channels", "Channel"))
    return words(xml.text(scope, "Manufacturer", "SerialNumber"))


def _alike(facts: Facts, instrument: ET.Element | None, channels: Iterable[ET.Element]) -> None:
    """What channels have and the sheet has once: told where all channels agree; of numbers, the range."""
    detectors = _by_id(instrument, "Detectors", "Detector")
    sources = _by_id(instrument, "LightSources", "LightSource")
    found: dict[str, list[str]] = {n: [] for n in ("detector", "detector_type", "light_source", "binning")}
    pinholes, dwells, lasers = [], set(), False
    for said in channels:
        used = xml.child(said, "DetectorSettings", "Detector")
        detector = detectors.get(used.get("Id", "")) if used is not None else None
        if detector is not None:
            found["detector"].append(xml.text(detector, "Manufacturer", "Model") or detector.get("Name", ""))
            found["detector_type"].append(xml.text(detector, "Type"))
        found["binning"].append(xml.text(said, "DetectorSettings", "Binning").replace(",", "x"))
        pinholes.append(number(xml.text(said, "PinholeSizeAiry")))
        dwells.add(_dwell(said))
        for setting in _lights(said):
            named = xml.child(setting, "LightSource")
            kind = xml.child(sources.get(named.get("Id", "")) if named is not None else None, "LightSourceType")
            found["light_source"] += [k.tag for k in kind or ()]
            lasers |= _SCANNING in xml.text(said, "AcquisitionMode") and bool(xml.text(setting, "Wavelength"))
    for name, key in (
        ("detector", "Detectors/Detector"),
        ("detector_type", "Detectors/Detector/Type"),
        ("light_source", "LightSource/LightSourceType"),
        ("binning", "DetectorSettings/Binning"),
    ):
        if len(once := {f for f in found[name] if f}) == 1:
            facts.text(name, once.pop(), key)
    if lasers and not any(found["light_source"]):
        facts.text("light_source", "Laser", "Channel/AcquisitionMode", Confidence.DERIVED)
    if sizes := [p for p in pinholes if p]:
        facts.span("pinhole_size", min(sizes), max(sizes), "AU", "Channel/PinholeSizeAiry")
    if len(once := dwells - {""}) == 1:
        facts.number("pixel_dwell_time", once.pop(), "s", "LaserScanInfo/PixelTime")


def beside(facts: Facts, root: ET.Element | None) -> None:
    """What stands outside the image's own page: the objective of the scaling, and the electron microscope."""
    if not facts.has("objective"):
        name = xml.text(root, "Metadata", "Scaling", "AutoScaling", "ObjectiveName")
        facts.text("objective", name, "AutoScaling/ObjectiveName", Confidence.DERIVED)
    for appliance in xml.children(root, "Metadata", "Appliances", "Appliance"):
        page = xml.child(appliance, "Data", "SEMData", "Parameters")
        facts.number(
            "accelerating_voltage", *measured(xml.text(page, "AcceleratingVoltage")), "SEMData/AcceleratingVoltage"
        )
        facts.number("working_distance", *measured(xml.text(page, "WorkingDistance")), "SEMData/WorkingDistance")
        if not facts.has("magnification"):
            facts.number("magnification", magnified(xml.text(page, "Magnification")), "", "SEMData/Magnification")


def times(facts: Facts, image: ET.Element) -> None:
    """The interval between time points: as it stands, or where all steps are alike but for a hundredth."""
    positions = xml.child(image, "Dimensions", "T", "Positions")
    interval = xml.text(positions, "Interval", "Increment")
    if interval:
        facts.number("time_interval", interval, "s", "T/Positions/Interval")
        return
    offsets = [number(o) for o in xml.text(positions, "List", "Offsets").split()]
    steps = [b - a for a, b in pairwise(offsets) if a is not None and b is not None]
    if steps and max(steps) - min(steps) <= max(steps) / 100:
        facts.number("time_interval", steps[0], "s", "T/Positions/List", Confidence.DERIVED)
