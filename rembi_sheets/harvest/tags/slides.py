"""Tags of slide scanners: Aperio SVS, Hamamatsu NDPI, Leica SCN, Akoya QPTIFF, Ventana BIF, Philips TIFF.

Lengths: SVS and BIF µm; NDPI and QPTIFF centimetres of the resolution; SCN nm; Philips mm. Labels, macro images and the
smaller images of a pyramid are no images.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Length
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.tags.pages import page_at
from rembi_sheets.harvest.tags.told import Told, sized

_MOST = 256  # pages that are looked through for the image
_XMP = 700


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
    """Leica SCN: XML of collections; sizes and views in nm. An image that shows all of its slide is the macro image."""
    if not file.is_scn:
        return None
    root = xml.parse(page.description)
    slides = [(c, i) for c in xml.every(root, "collection") for i in xml.children(c, "image")]
    shown = [i for c, i in slides if not _macro(c, i)] or [i for _, i in slides]
    parts = [part for i in shown if (part := _scn_image(file, i)) is not None]
    powers = {xml.text(e) for i in shown for e in xml.every(i, "objective")}
    if len(powers) == 1:
        facts.number("magnification", powers.pop(), "", "objective")
    device = xml.child(shown[0], "device") if shown else None
    facts.text("microscope", device.get("model", "").partition(";")[0] if device is not None else "", "device@model")
    acquired = words(xml.text(shown[0], "creationDate")) if shown else ""
    return Told("SCN", stacked="", acquired=acquired, parts=tuple(parts), calibrated=False)


def _macro(collection: ET.Element, image: ET.Element) -> bool:
    view = xml.child(image, "view")
    return view is not None and all(view.get(f"size{a}") == collection.get(f"size{a}") for a in "XY")


def _scn_image(file: Any, image: ET.Element) -> Told | None:
    """One image: its page of full size, how many channels and planes it has, and its pixels."""
    view, pixels = xml.child(image, "view"), xml.child(image, "pixels")
    full = [d for d in xml.children(image, "pixels", "dimension") if d.get("r", "0") == "0"]
    place = next((d.get("ifd", "") for d in full), "")
    if view is None or pixels is None or not place.isdecimal() or int(place) >= len(file.pages):
        return None
    found: dict[str, Length] = {}
    for axis in "XY":
        whole, count = number(view.get(f"size{axis}")), number(pixels.get(f"size{axis}"))
        if whole and count and (size := pixel_size(quotient(whole, count), "nm")):
            found[axis] = size
    counts = {a: len({d.get(k, "0") for d in full}) for a, k in (("Z", "z"), ("C", "c"))}
    sizes = {a: n for a, n in counts.items() if n > 1}
    if "Z" in sizes and (step := pixel_size(view.get("spacingZ"), "nm")):
        found["Z"] = step
    names = tuple(words(c.get("name")) for c in xml.every(image, "channel"))
    names = names if len(names) == counts["C"] > 1 else ()
    own = page_at(file, int(place))
    return Told("SCN", "".join(sizes), sizes, pixels=found, channels=names, calibrated=False, page=own)


_QPI = re.compile(r"<PerkinElmer-QPI-ImageDescription")


def _qptiff(file: Any, page: Any, facts: Facts) -> Told | None:
    """Akoya QPTIFF: XML a page; the pages of full size are channels."""
    if not _QPI.search((page.description or "")[:500]):
        return None
    root = xml.parse(page.description)
    objective = xml.text(root, "Objective")
    facts.number("magnification", objective.casefold().rstrip("x"), "", "Objective")
    names = [words(xml.text(root, "Name"))]
    while len(names) < min(len(file.pages), _MOST):
        other = page_at(file, len(names))
        same = (other.imagewidth, other.imagelength) == (page.imagewidth, page.imagelength)
        if not same or not _QPI.search((other.description or "")[:500]):
            break
        names.append(words(xml.text(xml.parse(other.description), "Name")))
    several = len(names) > 1
    sizes = {"C": len(names)} if several else {}
    return Told("TIFF", "".join(sizes), sizes, stacked="", channels=tuple(names) if several or names[0] else ())


def _bif(file: Any, page: Any, facts: Facts) -> Told | None:
    """Ventana BIF: the XMP of the first page (the label) tells of the scan; the image is the page `level=0`."""
    tag = page.tags.get(_XMP)
    raw = tag.value if tag is not None else b""
    if not isinstance(raw, bytes) or b"<iScan" not in raw[:4096]:
        return None
    scan = next(xml.every(xml.parse(raw), "iScan"), None)
    if scan is None:
        return None
    pages = (page_at(file, n) for n in range(min(len(file.pages), _MOST)))
    own = next((p for p in pages if (p.description or "").startswith("level=0")), None)
    if own is None:
        return None
    facts.number("magnification", scan.get("Magnification"), "", "iScan@Magnification")
    facts.text("microscope", scan.get("ScannerModel"), "iScan@ScannerModel")
    pixels = sized(scan.get("ScanRes"), scan.get("ScanRes"), "µm")
    return Told(
        "BIF", stacked="", pixels=pixels, instrument=words(scan.get("UnitNumber")), calibrated=False, page=own
    )  # fmt: skip


def _philips(file: Any, page: Any, facts: Facts) -> Told | None:
    """Philips TIFF: attributes by name; the spacing of rows, then of columns, in mm, between quotation marks."""
    if 'ObjectType="DPUfsImport"' not in (page.description or "")[:1000]:
        return None
    root = xml.parse(page.description)
    facts.text("microscope", _named(root, "DICOM_MANUFACTURERS_MODEL_NAME"), "DICOM_MANUFACTURERS_MODEL_NAME")
    serial = words(_named(root, "DICOM_DEVICE_SERIAL_NUMBER").strip('"'))
    for image in xml.every(root, "DataObject"):
        if _named(image, "PIM_DP_IMAGE_TYPE") == "WSI":
            steps = [s.strip('"') for s in _named(image, "DICOM_PIXEL_SPACING").split()]
            pixels = sized(steps[1], steps[0], "mm") if len(steps) == 2 else {}
            return Told("TIFF", stacked="", pixels=pixels, instrument=serial, calibrated=False)
    return Told("TIFF", stacked="", instrument=serial, calibrated=False)


def _named(element: ET.Element, name: str) -> str:
    """The text of an attribute that stands directly in an object."""
    return next((xml.text(a) for a in element.findall("Attribute") if a.get("Name") == name), "")


KINDS: tuple[Callable[[Any, Any, Facts], Told | None], ...] = (_svs, _ndpi, _scn, _qptiff, _bif, _philips)
