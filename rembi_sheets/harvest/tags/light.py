"""Tags of light microscopes and slide scanners: LSM, STK, MetaSeries, Fluoview, SVS, NDPI, SCN, QPTIFF.

Lengths: LSM m; SVS and NDPI µm; SCN nm; the others by the unit they state.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.tags.told import Told, sized


def _lsm(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 34412; every second page is a thumbnail."""
    if not file.is_lsm:
        return None
    said = file.lsm_metadata or {}
    sizes = {a: int(said.get(f"Dimension{k}", 1) or 1) for a, k in (("T", "Time"), ("Z", "Z"), ("C", "Channels"))}
    if any(not 0 < n < 10**7 for n in sizes.values()):
        raise Unusable("its header says sizes that cannot be")
    pixels = sized(said.get("VoxelSizeX"), said.get("VoxelSizeY"), "m")
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
    pixels = sized(_fraction(x), _fraction(y), unit) if calibrated else {}
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
        pixels=sized(said.get("MPP"), said.get("MPP"), "µm"),
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


def _metaseries(file: Any, page: Any, facts: Facts) -> Told | None:
    """MetaMorph and ImageXpress: XML of properties; the calibration counts where it is switched on."""
    text = (page.description or "").strip()
    if not text.startswith("<MetaData>") or "spatial-calibration" not in text:
        return None
    said = {e.get("id", ""): e.get("value", "") for e in xml.every(xml.parse(text), "prop")}
    facts.number("numerical_aperture", said.get("_MagNA_"), "", "_MagNA_")
    calibrated = said.get("spatial-calibration-state", "on") == "on"
    x, y = (said.get(f"spatial-calibration-{a}") if calibrated else None for a in "xy")
    name = words(said.get("_IllumSetting_") or said.get("image-name"))
    pixels = sized(x, y, said.get("spatial-calibration-units", ""))
    acquired = words(said.get("acquisition-time-local"))
    return Told("TIFF", pixels=pixels, acquired=acquired, channels=(name,) if name else (), calibrated=False)


_FLUOVIEW = {"x": "X", "y": "Y", "z": "Z", "ch": "C", "t": "T", "time": "T", "wavelength": "C"}


def _fluoview(file: Any, page: Any, facts: Facts) -> Told | None:
    """Olympus Fluoview: a list of dimensions with size, step and unit."""
    tag = page.tags.get(34361)
    dimensions = tag.value.get("Dimensions") if tag is not None and isinstance(tag.value, dict) else None
    if dimensions is None:
        return None
    sizes: dict[str, int] = {}
    pixels: dict[str, Length] = {}
    for name, size, _, step, unit in dimensions:
        axis = _FLUOVIEW.get(str(name).strip("\0 ").casefold())
        if axis is None or not 0 < int(size) < 2**31:
            continue
        if axis in "XYZ" and (length := pixel_size(float(step), str(unit).strip("\0 "))):
            pixels[axis] = length
        if axis not in "XY" and int(size) > 1:
            sizes[axis] = int(size)
    sizes = {a: sizes[a] for a in "TZC" if a in sizes}
    return Told("TIFF", "".join(sizes), sizes, stacked="N", pixels=pixels, calibrated=False)


KINDS: tuple[Callable[[Any, Any, Facts], Told | None], ...] = (
    _lsm, _stk, _svs, _ndpi, _scn, _qptiff, _metaseries, _fluoview,
)  # fmt: skip
