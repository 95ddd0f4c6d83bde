"""Tags of light microscopes: LSM, STK, MetaSeries, Harmony, Fluoview. Lengths: LSM m; the others by their unit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Confidence, Length, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.tags.told import Told, sized

_PRETENDS = "Prairie View"  # writes MetaMorph's tags with 99 µm for each pixel of any image


def _lsm(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 34412; every second page is a thumbnail. Positions and tiles are images of their own."""
    if not file.is_lsm:
        return None
    said = file.lsm_metadata or {}
    sizes = {a: int(said.get(f"Dimension{k}", 1) or 1) for a, k in (("T", "Time"), ("Z", "Z"), ("C", "Channels"))}
    sizes = {"N": int(said.get("DimensionP", 1) or 1) * int(said.get("DimensionM", 1) or 1)} | sizes
    if any(not 0 < n < 10**7 for n in sizes.values()):
        raise Unusable("its header says sizes that cannot be")
    pixels = sized(said.get("VoxelSizeX"), said.get("VoxelSizeY"), "m")
    if sizes["Z"] > 1 and (size := pixel_size(said.get("VoxelSizeZ"), "m")):
        pixels["Z"] = size
    if sizes["T"] > 1:
        facts.number("time_interval", said.get("TimeIntervall"), "s", "TimeIntervall")
    scan = said.get("ScanInformation") or {}
    if isinstance(scan, dict):
        facts.text("objective", scan.get("Objective"), "ScanInformation/Objective")
    colours = said.get("ChannelColors") or {}
    names = tuple(words(n) for n in colours.get("ColorNames", ())) if isinstance(colours, dict) else ()
    kept = {a: n for a, n in sizes.items() if n > 1}
    return Told("LSM", "".join(kept), kept, 1, "", pixels=pixels, channels=names if len(names) == sizes["C"] else ())


def _stk(file: Any, page: Any, facts: Facts) -> Told | None:
    """MetaMorph: UIC tags; the planes lie behind the one page."""
    if not file.is_stk or words(page.software).startswith(_PRETENDS):
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
    steps = {d for one in distances if math.isfinite(d := float(one))} if distances is not None else set()
    axis = "Z" if any(steps) else "N"
    sizes = {axis: planes} if planes > 1 else {}
    if axis == "Z" and len(steps) == 1 and pixels and (size := pixel_size(steps.pop(), unit)):
        pixels["Z"] = size
    return Told("STK", "".join(sizes), sizes, 1, "", pixels=pixels)


def _fraction(value: Any) -> Decimal | None:
    return number(value) if not isinstance(value, tuple) else None


_OBJECTIVE = "ImageXpress Micro Objective"
_POWER = re.compile(r"(\d+(?:\.\d+)?)\s*x\b", re.IGNORECASE)


def _metaseries(file: Any, page: Any, facts: Facts) -> Told | None:
    """MetaMorph and ImageXpress: XML of properties; the calibration counts where it is switched on."""
    text = (page.description or "").strip()
    if not text.startswith("<MetaData>") or "spatial-calibration" not in text:
        return None
    root = xml.parse(text)
    said = {e.get("id", ""): e.get("value", "") for kind in ("custom-prop", "prop") for e in xml.every(root, kind)}
    facts.number("numerical_aperture", said.get("_MagNA_"), "", "_MagNA_")
    objective = words(said.get(_OBJECTIVE))
    facts.text("objective", objective, _OBJECTIVE)
    if power := _POWER.match(objective):
        facts.number("magnification", power[1], "", _OBJECTIVE, Confidence.DERIVED)
    binning = [said.get(f"camera-binning-{a}", "") for a in "xy"]
    if all(b.isdigit() and b != "0" for b in binning):
        facts.text("binning", "x".join(binning), "camera-binning-x, camera-binning-y")
    calibrated = said.get("spatial-calibration-state", "on") == "on"
    x, y = (said.get(f"spatial-calibration-{a}") if calibrated else None for a in "xy")
    name = words(said.get("_IllumSetting_") or said.get("image-name"))
    pixels = sized(x, y, said.get("spatial-calibration-units", ""))
    acquired = words(said.get("acquisition-time-local"))
    return Told("TIFF", pixels=pixels, acquired=acquired, channels=(name,) if name else (), calibrated=False)


_HARMONY = 65500


def _harmony(file: Any, page: Any, facts: Facts) -> Told | None:
    """Operetta and Opera Phenix: long XML of the whole experiment, of which the beginning names the instrument.

    The resolution is that of the camera's pixels; the list of the plate (Index.xml) has the size of a pixel.
    """
    tag = page.tags.get(_HARMONY)
    begin = tag.value[:2000] if tag is not None and isinstance(tag.value, str | bytes) else ""
    begin = begin.decode("utf-8", "replace") if isinstance(begin, bytes) else begin
    if "<TiffImageDescription" not in begin:
        return None
    serial = re.search(r"<Serial>([^<]*)</Serial>", begin)
    return Told("TIFF", stacked="", instrument=words(serial[1]) if serial else "", calibrated=False)


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
    _lsm, _stk, _metaseries, _harmony, _fluoview,
)  # fmt: skip
