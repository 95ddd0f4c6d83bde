"""What the tags of vendors in a TIFF say: SEMs of Thermo Fisher and Zeiss, TVIPS, EER, LSM, STK, SVS, NDPI and others.

Each function takes the open file and its first page and returns what it knows, or None where the file is not of its
kind. Persons (user, operator) stand in these tags and are never looked at. Lengths: Thermo Fisher m; Zeiss m in the
first block and words with units after it; TVIPS nm; LSM m; SVS and NDPI µm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Confidence, Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient, single

_EER_TAG = 65001


@dataclass(frozen=True)
class Told:
    """What tags say beside the page itself. `stacked`: the axis of further pages where nothing states axes."""

    format: str
    axes: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    pages: int = 0
    stacked: str = "N"
    wide: int = 0
    high: int = 0
    pixels: Mapping[str, Length] = field(default_factory=dict)
    frames: int | None = None
    channels: tuple[str, ...] = ()
    instrument: str = ""
    acquired: str = ""
    warnings: tuple[str, ...] = ()


def told(file: Any, page: Any, facts: Facts) -> Told | None:
    """The first that knows the file; None for a plain TIFF."""
    for kind in _KINDS:
        if (found := kind(file, page, facts)) is not None:
            return found
    return None


def _pixels(x: object, y: object, unit: str) -> dict[str, Length]:
    return {a: s for a, v in (("X", x), ("Y", y)) if (s := pixel_size(v, unit))}


def _thermo(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tags 34680 and 34682: sections of key=value."""
    said = file.fei_metadata
    if not isinstance(said, dict) or "System" not in said:
        return None

    def at(section: str, key: str) -> Any:
        part = said.get(section)
        return part.get(key, "") if isinstance(part, dict) else ""

    beam = str(at("Beam", "Beam") or "EBeam")
    scan = str(at("Beam", "Scan") or "EScan")
    facts.text("microscope", str(at("System", "SystemType")).replace('"', ""), "System/SystemType")
    facts.text("electron_source", at("System", "Source"), "System/Source")
    facts.number("accelerating_voltage", at("EBeam", "HV") if beam != "IBeam" else "", "V", "EBeam/HV")
    facts.number("beam_current", at("EBeam", "BeamCurrent") if beam != "IBeam" else "", "A", "EBeam/BeamCurrent")
    facts.number("working_distance", at("EBeam", "WD"), "m", "EBeam/WD")
    facts.number("pixel_dwell_time", at(scan, "Dwell") or at("Scan", "Dwelltime"), "s", f"{scan}/Dwell")
    if str(at("EBeamDeceleration", "ModeOn")).casefold() in ("on", "yes", "true"):
        facts.number("stage_bias", at("EBeamDeceleration", "StageBias"), "V", "EBeamDeceleration/StageBias")
    facts.number("fib_voltage", at("IBeam", "HV"), "V", "IBeam/HV")
    detector = " ".join(str(at("Detectors", k)) for k in ("Name", "Mode")).strip()
    facts.text("detector_type", detector, "Detectors/Name")
    software = str(at("System", "Software"))
    facts.text("acquisition_software", f"xT {software}" if software else "", "System/Software", Confidence.GUESS)
    pixels = _pixels(
        at(scan, "PixelWidth") or at("Scan", "PixelWidth"), at(scan, "PixelHeight") or at("Scan", "PixelHeight"), "m"
    )
    bar = number(at("PrivateFei", "DatabarHeight"))
    warnings = []
    if bar and 0 < bar < page.imagelength:
        rows = int(page.imagelength) - int(bar)
        warnings.append(f"{int(bar)} of its {page.imagelength} rows are the data bar; the image has {rows} rows")
    acquired = " ".join(str(at("User", k)) for k in ("Date", "Time"))
    return Told(
        "TIFF",
        pixels=pixels,
        instrument=words(at("System", "Dnumber")),
        acquired=words(acquired),
        warnings=tuple(warnings),
    )


def _zeiss_sem(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 34118: (label, value, unit) by name; the first block has the pixel size in m, with all its digits."""
    said = file.sem_metadata
    if not isinstance(said, dict):
        return None

    def at(key: str) -> tuple[Any, str]:
        found = said.get(key)
        if not isinstance(found, tuple) or len(found) < 2:
            return "", ""
        return found[1], str(found[2]) if len(found) > 2 else ""

    for name, key in (
        ("accelerating_voltage", "ap_actualkv"),
        ("working_distance", "ap_wd"),
        ("magnification", "ap_mag"),
        ("beam_current", "ap_iprobe"),
    ):
        value, unit = at(key)
        facts.number(name, value, unit if unit != "X" else "", key)
    if at("dp_stage_bias_high")[0] is True:
        facts.number("stage_bias", *at("ap_stage_bias_voltage_high"), "ap_stage_bias_voltage_high")
    if at("dp_fib_present")[0] is True:
        facts.number("fib_voltage", *at("ap_fib_eht_actual"), "ap_fib_eht_actual")
    scope = words(at("dp_sem")[0])
    facts.text("microscope", scope and f"Zeiss {scope}", "dp_sem")
    facts.text("electron_source", at("dp_filament_type")[0], "dp_filament_type", Confidence.GUESS)
    facts.text("detector_type", at("dp_detector_type")[0], "dp_detector_type")
    facts.text("acquisition_software", f"SmartSEM {words(at('sv_version')[0]).split(' : ')[0]}".strip(), "sv_version")
    first = said.get("", ())
    stored = number(first[3]) if isinstance(first, tuple) and len(first) > 3 else None
    pixels = _pixels(stored, stored, "m") if stored else {}
    value, unit = at("ap_image_pixel_size") if said.get("ap_image_pixel_size") else at("ap_pixel_size")
    if not pixels or not _near(pixels["X"], value, unit):
        pixels = _pixels(value, value, unit)
    acquired = words(f"{at('ap_date')[0]} {at('ap_time')[0]}")
    return Told("TIFF", pixels=pixels, instrument=words(at("sv_serial_number")[0]), acquired=acquired)


def _near(length: Length, value: Any, unit: str) -> bool:
    """Do the long and the short number mean the same?"""
    short = pixel_size(value, unit, length.unit)
    if short is None:
        return not value
    one, other = (float(s.value) * {"Å": 1, "nm": 10, "µm": 1e4, "mm": 1e7}[s.unit] for s in (length, short))
    return abs(one - other) <= 0.01 * one


def _tvips(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 37706: its second part is in plain units, the first is scaled and is left."""
    said = file.tvips_metadata
    if not isinstance(said, dict):
        return None
    facts.text("microscope", said.get("TemType"), "TemType", Confidence.GUESS)
    facts.text("detector", said.get("CameraType") and f"TVIPS {said['CameraType']}", "CameraType")
    facts.number("accelerating_voltage", said.get("TemHighTension"), "V", "TemHighTension")
    facts.number("magnification", said.get("TemMagnification"), "", "TemMagnification")
    binning = [said.get(f"Binning{a}") for a in "XY"]
    if all(isinstance(b, int) and 0 < b < 100 for b in binning):
        facts.text("binning", f"{binning[0]}x{binning[1]}", "BinningX, BinningY")
    values = [single(v) if isinstance(v := said.get(f"PixelSize{a}"), float) else None for a in "XY"]
    return Told("TIFF", pixels=_pixels(values[0], values[1], "nm"))


def _sis(file: Any, page: Any, facts: Facts) -> Told | None:
    """Olympus SIS: pixel sizes in m."""
    if not file.is_sis:
        return None
    said = file.sis_metadata or {}
    facts.number("magnification", said.get("magnification"), "", "SIS: magnification")
    facts.text("detector", said.get("cameraname"), "SIS: cameraname")
    return Told("TIFF", stacked="", pixels=_pixels(said.get("pixelsizex"), said.get("pixelsizey"), "m"))


def _eer(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 65001: XML of the acquisition. The pages are frames of one movie."""
    tag = page.tags.get(_EER_TAG)
    if tag is None and int(page.compression) not in (65000, 65001, 65002):
        return None
    said: dict[str, tuple[str, str]] = {}
    if tag is not None and isinstance(tag.value, bytes | str):
        root = xml.parse(tag.value if isinstance(tag.value, str) else tag.value.rstrip(b"\0"))
        said = {e.get("name", ""): ((e.text or "").strip(), e.get("unit", "")) for e in xml.every(root, "item")}
    wide, high = (number(said.get(f"sensorPixelSize.{s}", ("", ""))[0]) for s in ("width", "height"))
    unit = said.get("sensorPixelSize.width", ("", "m"))[1] or "m"
    facts.text("detector", said.get("cameraName", ("", ""))[0], "cameraName")
    facts.number("total_dose", *_dose(said), "totalDose")
    frames = number(said.get("numberOfFrames", ("", ""))[0])
    count = int(frames) if frames and 0 < frames < 10**7 else len(file.pages)
    return Told(
        "EER", sizes={}, pages=1, stacked="", pixels=_pixels(wide, high, unit), frames=count,
        instrument=words(said.get("serialNumber", ("", ""))[0]), acquired=words(said.get("timestamp", ("", ""))[0]),
    )  # fmt: skip


def _dose(said: Mapping[str, tuple[str, str]]) -> tuple[object, str]:
    value, unit = said.get("totalDose", ("", ""))
    return (value, "e/Å²") if unit.startswith("e/") and ("Å" in unit or "A" in unit) else ("", "")


def _lsm(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 34412; every second page is a thumbnail."""
    if not file.is_lsm:
        return None
    said = file.lsm_metadata or {}
    sizes = {a: int(said.get(f"Dimension{k}", 1) or 1) for a, k in (("T", "Time"), ("Z", "Z"), ("C", "Channels"))}
    if any(not 0 < n < 10**7 for n in sizes.values()):
        raise Unusable("its header says sizes that cannot be")
    pixels = _pixels(said.get("VoxelSizeX"), said.get("VoxelSizeY"), "m")
    if sizes["Z"] > 1 and (size := pixel_size(said.get("VoxelSizeZ"), "m")):
        pixels["Z"] = size
    if sizes["T"] > 1:
        facts.number("time_interval", said.get("TimeIntervall"), "s", "TimeIntervall")
    colours = said.get("ChannelColors") or {}
    names = tuple(words(n) for n in colours.get("ColorNames", ())) if isinstance(colours, dict) else ()
    kept = {a: n for a, n in sizes.items() if n > 1}
    return Told("LSM", "".join(kept), kept, 1, "", pixels=pixels, channels=names if len(names) == sizes["C"] else ())


def _stk(file: Any, page: Any, facts: Facts) -> Told | None:
    """MetaMorph: UIC tags; the planes lie behind the one page."""
    if not file.is_stk:
        return None
    said = file.stk_metadata or {}
    planes = int(said.get("NumberPlanes", 1) or 1)
    if not 0 < planes < 10**7:
        raise Unusable("its header says sizes that cannot be")
    unit = str(said.get("CalibrationUnits", "")).strip()
    calibrated = bool(said.get("SpatialCalibration")) and bool(unit)
    x, y = said.get("XCalibration"), said.get("YCalibration")
    pixels = _pixels(_fraction(x), _fraction(y), unit) if calibrated else {}
    distances = said.get("ZDistance")
    steps = {float(d) for d in distances} if distances is not None else set()
    axis = "Z" if any(steps) else "N"
    sizes = {axis: planes} if planes > 1 else {}
    if axis == "Z" and len(steps) == 1 and pixels and (size := pixel_size(steps.pop(), unit)):
        pixels["Z"] = size
    return Told("STK", "".join(sizes), sizes, 1, "", pixels=pixels)


def _fraction(value: Any) -> Decimal | None:
    return number(value) if not isinstance(value, tuple) else None


def _svs(file: Any, page: Any, facts: Facts) -> Told | None:
    """Aperio: `key = value` between bars; the user's id among them is never looked at."""
    if not file.is_svs:
        return None
    parts = [p.partition("=") for p in (page.description or "").replace("\r", " ").split("|")[1:]]
    said = {k.strip(): v.strip() for k, _, v in parts}
    facts.number("magnification", said.get("AppMag"), "", "AppMag")
    scope = words(said.get("ScanScope ID", ""))
    acquired = words(f"{said.get('Date', '')} {said.get('Time', '')}")
    return Told(
        "SVS",
        stacked="",
        pixels=_pixels(said.get("MPP"), said.get("MPP"), "µm"),
        instrument=scope,
        acquired=acquired,
    )


def _ndpi(file: Any, page: Any, facts: Facts) -> Told | None:
    """Hamamatsu: the magnification has a tag; the resolution is in centimetres."""
    if not file.is_ndpi:
        return None
    tag = page.tags.get(65421)
    facts.number("magnification", tag.value if tag is not None else None, "", "SourceLens")
    make = [page.tags[n].value for n in ("Make", "Model") if page.tags.get(n) is not None]
    facts.text("microscope", " ".join(map(str, make)), "Make, Model")
    return Told("NDPI", stacked="")


def _scn(file: Any, page: Any, facts: Facts) -> Told | None:
    """Leica SCN: XML of collections; sizes and views in nm."""
    if not file.is_scn:
        return None
    root = xml.parse(page.description)
    magnification = {xml.text(e) for e in xml.every(root, "objective")}
    views: list[tuple[ET.Element, ET.Element]] = []
    for image in xml.every(root, "image"):
        view, pixels = xml.child(image, "view"), xml.child(image, "pixels")
        if view is not None and pixels is not None:
            views.append((view, pixels))
    if len(magnification) == 1:
        facts.number("magnification", magnification.pop(), "", "objective")
    found: dict[str, Length] = {}
    for view, pixels in views:
        if pixels.get("sizeX") == str(page.imagewidth):
            for axis in "XY":
                whole, count = number(view.get(f"size{axis}")), number(pixels.get(f"size{axis}"))
                if whole and count and (size := pixel_size(quotient(whole, count), "nm")):
                    found[axis] = size
    return Told("SCN", stacked="", pixels=found)


_QPI = re.compile(r"<PerkinElmer-QPI-ImageDescription")


def _qptiff(file: Any, page: Any, facts: Facts) -> Told | None:
    """Akoya QPTIFF: XML a page; the pages of full size are channels."""
    if not _QPI.search((page.description or "")[:500]):
        return None
    root = xml.parse(page.description)
    objective = xml.text(root, "Objective")
    facts.number("magnification", objective.casefold().rstrip("x"), "", "Objective")
    return Told("TIFF", stacked="")


_KINDS: tuple[Callable[[Any, Any, Facts], Told | None], ...] = (
    _eer, _lsm, _stk, _svs, _ndpi, _scn, _qptiff, _thermo, _zeiss_sem, _tvips, _sis,
)  # fmt: skip
