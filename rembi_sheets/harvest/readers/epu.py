"""XML of EPU and Tomo 5: one file beside each image (MicroscopeImage), and the session (EpuSession.dm); companions.

Lengths are in m, voltages in V, doses per m², angles in rad. The name of the instrument's model holds the name of a
computer, so that only its number is taken. Source: files of EPU 2 and 3; the names have no schema of their own.
"""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import IMAGE_DATA, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Confidence, Header, Image, Unusable
from rembi_sheets.harvest.quantities import number, scaled
from rembi_sheets.harvest.source import Source

_MARKS = (b"<MicroscopeImage", b"<EpuSessionXml", b"<TomographySession", b":EpuSessionXml")
_KEPT = b'z:Type="Applications.'
"""The sessions, samples, atlases and squares that the programs keep beside their images."""
_MODES = {(True, False): "counting", (True, True): "super-resolution", (False, False): "integrating"}
_TILTED = Decimal("0.5")  # degrees; a stage that is meant to lie flat reads a few hundredths


def sniff(head: bytes, name: str) -> int:
    """By the root element, whatever the name: EpuSession.dm is no file of Gatan's."""
    plain = xml.begins(head)
    return 95 if any(mark in plain for mark in _MARKS) or (_KEPT in plain and b".Persistence" in plain) else 0


def read(source: Source) -> Header:
    """What the image or the session says. Raises Unusable for another XML."""
    root = xml.parse(source.text_bytes(xml.LIMIT))
    kind = root.tag
    if kind == "MicroscopeImage":
        return _image(source, root)
    if kind in ("EpuSessionXml", "TomographySessionXml"):
        return _session(source, root)
    if any(v.startswith("Applications.") for v in root.attrib.values()):
        return Header("EPU session", companion=True)
    raise Unusable(f"its root element {words(kind)} is none of EPU's")


def _pairs(element: ET.Element | None) -> dict[str, ET.Element]:
    """Key -> Value of a list of pairs."""
    found = {}
    for pair in element if element is not None else ():
        value = xml.child(pair, "Value")
        if value is not None:
            found[xml.text(pair, "Key")] = value
    return found


def _image(source: Source, root: ET.Element) -> Header:
    facts = Facts(source.path, "epu")
    data = xml.child(root, "microscopeData")
    custom = {k: (v.text or "").strip() for k, v in _pairs(xml.child(root, "CustomData")).items()}
    camera = xml.child(data, "acquisition", "camera")
    settings = _pairs(xml.child(camera, "CameraSpecificInput"))
    facts.number("accelerating_voltage", xml.text(data, "gun", "AccelerationVoltage"), "V", "gun/AccelerationVoltage")
    facts.text("electron_source", _spaced(xml.text(data, "gun", "Sourcetype")), "gun/Sourcetype")
    facts.number(
        "magnification",
        xml.text(data, "optics", "TemMagnification", "NominalMagnification"),
        "",
        "NominalMagnification",
    )
    filter_ = xml.child(data, "optics", "EnergyFilter")
    if xml.text(filter_, "EnergySelectionSlitInserted") == "true":
        facts.number(
            "energy_filter_slit_width", xml.text(filter_, "EnergySelectionSlitWidth"), "eV", "EnergySelectionSlitWidth"
        )
    facts.text("detector", custom.get("DetectorCommercialName"), "CustomData/DetectorCommercialName")
    _mode(facts, settings, number(xml.text(camera, "Binning", "x")))
    defocus = number(custom.get("AppliedDefocus", ""))
    if defocus is not None:
        facts.number("nominal_defocus", -defocus, "m", "CustomData/AppliedDefocus")
    facts.number("total_dose", custom.get("Dose", ""), "1/m²", "CustomData/Dose")
    tilt = number(xml.text(data, "stage", "Position", "A"))
    degrees = round(scaled(tilt, "rad", "°") or Decimal(0), 1) if tilt is not None else Decimal(0)
    if abs(degrees) >= _TILTED:
        facts.number("tilt_angles", degrees, "°", "stage/Position/A")
    software = [xml.text(data, "core", n) for n in ("ApplicationSoftware", "ApplicationSoftwareVersion")]
    facts.text("acquisition_software", " ".join(software), "core/ApplicationSoftware")
    binning = [xml.text(camera, "Binning", a) for a in "xy"]
    if all(b.isdigit() and b != "0" for b in binning):
        facts.text("binning", "x".join(binning), "camera/Binning")
    frames = xml.text(settings.get("FractionationSettings"), "NumberOffractions")
    image, warnings = _sizes(root, camera, int(frames) if frames.isdigit() and 0 < int(frames) < 10**6 else None)
    factor = (settings["SuperResolutionFactor"].text or "") if "SuperResolutionFactor" in settings else ""
    if factor.strip().isdigit() and int(factor) > 1:
        warnings.append(
            f"the pixel size is that of the binned image; a super-resolution movie has 1/{factor.strip()} of it"
        )
    return Header(
        "EPU XML",
        (image,) if image else (),
        tuple(facts.values),
        (*warnings, *facts.warnings),
        instrument=words(xml.text(data, "instrument", "InstrumentID")),
        acquired=words(xml.text(data, "acquisition", "acquisitionDateTime")),
        companion=True,
    )


def _mode(facts: Facts, settings: dict[str, ET.Element], binning: Decimal | None) -> None:
    """Super-resolution is what is finer than the pixels of the camera: a factor above the binning."""
    counting = settings.get("ElectronCountingEnabled")
    if counting is None:
        return
    factor = number(settings["SuperResolutionFactor"].text) if "SuperResolutionFactor" in settings else None
    finer = factor is not None and binning is not None and factor > binning
    mode = _MODES.get(((counting.text or "").strip() == "true", finer))
    if mode:
        facts.text("detector_mode", mode, "ElectronCountingEnabled, SuperResolutionFactor", Confidence.DERIVED)


def _sizes(root: ET.Element, camera: ET.Element | None, frames: int | None) -> tuple[Image | None, list[str]]:
    area = xml.child(camera, "ReadoutArea")
    wide, high = (number(xml.text(area, n)) for n in ("width", "height"))
    sizes = {"Y": int(high), "X": int(wide)} if wide and high and 0 < wide < 2**17 and 0 < high < 2**17 else {}
    pixels = {}
    for axis in "xy":
        stored = xml.child(root, "SpatialScale", "pixelSize", axis)
        if size := pixel_size(xml.text(stored, "numericValue"), "m", "Å"):
            pixels[axis.upper()] = size
    if not sizes and not pixels:
        return None, []
    return Image("".join(sizes), sizes, pixel_size=pixels, frames=frames), []


def _spaced(word: str) -> str:
    """FieldEmission -> field emission."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in word).strip()


def _session(source: Source, root: ET.Element) -> Header:
    facts = Facts(source.path, "epu")
    form = words(xml.text(root, "DoseFractionsOutputFormat"))
    own = facts.on(IMAGE_DATA)
    if "non-gain normalized" in form.casefold():
        own.text("gain_correction", "not applied (reference included)", "DoseFractionsOutputFormat", Confidence.DERIVED)
    return Header("EPU session", values=tuple(own.values), companion=True)
