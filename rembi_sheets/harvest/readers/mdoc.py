"""mdoc of SerialEM (and of Tomo 5): lines `Key = value` under [ZValue = n] or [FrameSet = n]; a companion.

Source: the SerialEM manual, "Image metadata". Lengths of pixels in Å, tilt in degrees, defocus in µm, dose in e/Å².
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from statistics import median

from rembi_sheets.harvest.facts import IMAGE_DATA, Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Confidence, Header, Image, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_SECTION = re.compile(r"\[\s*(ZValue|FrameSet|MontSection)\s*=\s*(-?\d+)\s*\]")
_TITLE = re.compile(r"\[?\s*T\s*=\s*(.*?)\s*\]?\s*$")
_LINE = re.compile(r"(\w+)\s*=\s*(.*?)\s*$")
_SCOPE = re.compile(
    r"SerialEM:\s*(?:(?:Digitized|Acquired) (?:on|by (?P<by>.+?) on)\s+)?(?P<scope>.*?)"
    r"(?:\s+Camera\s*->(?P<cameras>.*?))?\s*(?:\b(?:\d{1,2}-\w{3}-\d{2,4}|\d{4}-\w{2,3}-\d{1,2})\b.*)?$"
)
_CAMERA = re.compile(r"(\d+):(.*?)(?=\s+\d+:|$)")
_AXIS = re.compile(r"Tilt axis angle\s*=\s*(-?\d+(?:\.\d+)?)")
_VERSION = re.compile(r"SerialEM Version\s+(\S+)")
_LIMIT = 256 * 2**20
_OPERATING = {
    "0": "integrating", "1": "counting", "2": "super-resolution", "1 CDS": "counting with correlated double sampling",
}  # fmt: skip

Section = dict[str, str]


def sniff(head: bytes, name: str) -> int:
    """By a first key of SerialEM, in a text."""
    text = head.decode("latin-1")
    if "\0" in text:
        return 0
    if _SECTION.search(text) or re.match(r"\s*(?:PixelSpacing|Voltage|ImageFile|DataMode)\s*=", text):
        return 90 if name.endswith(".mdoc") else 60
    return 80 if name.endswith(".mdoc") and "=" in text else 0


def read(source: Source) -> Header:
    """The size of the images, the number of sections, frames, and what is said of the microscope."""
    top, titles, sections = _parsed(source.text_bytes(_LIMIT).decode("utf-8", "replace"))
    if not sections and not top:
        raise Unusable("it holds no line as SerialEM writes them")
    facts = Facts(source.path, "mdoc")
    instrument = _titles(facts, titles, {s["CameraIndex"] for s in sections if "CameraIndex" in s})
    if version := _VERSION.search(top.get("Version", "")):
        facts.text("acquisition_software", f"SerialEM {version[1]}", "Version")
    elif any("SerialEM" in t for t in titles):
        facts.text("acquisition_software", "SerialEM", "T")
    _microscope(facts, [top, *sections], sections)
    stored = facts.on(IMAGE_DATA)
    if any(s.get("GainReference") for s in sections):
        stored.text("gain_correction", "not applied (reference included)", "GainReference", Confidence.GUESS)
    image = _image(top, sections)
    links = [file_name(s["SubFramePath"]) for s in sections if s.get("SubFramePath")]
    if top.get("ImageFile"):
        links.insert(0, file_name(top["ImageFile"]))
    return Header(
        "mdoc",
        (image,) if image else (),
        (*facts.values, *stored.values),
        tuple(facts.warnings),
        instrument=instrument,
        acquired=words((sections[0] if sections else top).get("DateTime", "")),
        links=tuple(x for x in links if x),
        companion=True,
    )


def _parsed(text: str) -> tuple[Section, list[str], list[Section]]:
    top: Section = {}
    titles: list[str] = []
    sections: list[Section] = []
    current = top
    for line in text.splitlines():
        if found := _SECTION.match(line.strip()):
            current = {"": found[1]}
            if not (found[1] == "ZValue" and sections and sections[-1][""] == "FrameSet"):  # sums of a set's frames
                sections.append(current)
        elif (title := _TITLE.match(line)) and line.lstrip().startswith(("[T", "T ")):
            titles.append(title[1])
        elif pair := _LINE.match(line.strip()):
            current.setdefault(pair[1], pair[2])
    return top, titles, sections


def _titles(facts: Facts, titles: list[str], used: set[str]) -> str:
    """What the titles say; the name of the microscope. `used`: the numbers of the cameras that took the images."""
    scope_name = ""
    for title in titles:
        if axis := _AXIS.search(title):
            facts.number("tilt_axis_angle", axis[1], "°", "T: Tilt axis angle", zero=True)
        elif scope := _SCOPE.match(title):
            scope_name = words(scope["scope"])
            facts.text("microscope", scope_name, "T", Confidence.GUESS)
            camera = scope["by"] or _camera(scope["cameras"] or "", used)
            facts.text("detector", camera, "T: Camera", Confidence.GUESS)
    return scope_name


def _camera(listed: str, used: set[str]) -> str:
    """Of '0:Ceta 1:GIF-K3' the one that took the images; '' where several did."""
    numbered = dict(_CAMERA.findall(listed))
    if not numbered:
        return listed
    return numbered.get(next(iter(used)), "").strip() if len(used) == 1 else ""


def _microscope(facts: Facts, all_: list[Section], sections: list[Section]) -> None:
    def values(key: str) -> list[Decimal]:
        return [n for s in all_ if key in s and (n := number(s[key].split()[0] if s[key] else "")) is not None]

    def first(key: str) -> Decimal | None:
        return next(iter(values(key)), None)

    facts.number("accelerating_voltage", first("Voltage"), "kV", "Voltage")
    facts.number("magnification", first("Magnification"), "", "Magnification")
    facts.number("energy_filter_slit_width", first("FilterSlitAndLoss"), "eV", "FilterSlitAndLoss")
    every = set(values("Binning"))
    modes = {s["OperatingMode"] for s in sections if "OperatingMode" in s}
    if len(modes) == 1 and len(every) == 1:
        sampled = all(s.get("UsingCDS") == "1" for s in sections)
        mode = "2" if min(every) < 1 else "1 CDS" if sampled and modes == {"1"} else modes.pop()
        facts.text("detector_mode", _OPERATING.get(mode), "OperatingMode, Binning", Confidence.GUESS)
    binnings = {b for b in every if b == int(b) and 0 < b < 100}
    if len(binnings) == 1:  # 0.5 is how SerialEM says super-resolution
        facts.text("binning", "x".join(2 * [str(int(binnings.pop()))]), "Binning")
    _range(facts, "nominal_defocus", [-d for d in values("TargetDefocus")], "TargetDefocus")
    doses, tilts = values("ExposureDose"), sorted(values("TiltAngle"))
    if doses and all(d > 0 for d in doses):
        if len(sections) == 1:
            facts.number("total_dose", doses[0], "e/Å²", "ExposureDose")
        elif len(tilts) == len(doses) == len(sections) and len({round(t, 1) for t in tilts}) > 1:  # of one specimen
            facts.number("total_dose", sum(doses, Decimal(0)), "e/Å²", "ExposureDose", Confidence.DERIVED)
    if len(tilts) > 2:
        rounded = [round(t, 1) for t in tilts]
        step = median(b - a for a, b in pairwise(rounded))
        facts.span("tilt_angles", rounded[0], rounded[-1], "°", "TiltAngle", step if step > 0 else None)
    elif len(tilts) == 1:
        facts.number("tilt_angles", tilts[0], "°", "TiltAngle", zero=True)


def _range(facts: Facts, name: str, values: list[Decimal], key: str) -> None:
    if values:
        facts.span(name, min(values), max(values), "", key)


def _image(top: Section, sections: list[Section]) -> Image | None:
    """The image that the mdoc is about; sizes only where they are stated."""
    first = sections[0] if sections else {}
    spacing = top.get("PixelSpacing") or first.get("PixelSpacing", "")
    size = [number(n) for n in (top.get("ImageSize") or first.get("ImageSize", "")).split()]
    frames = {s["NumSubFrames"] for s in sections if s.get("NumSubFrames", "").isdigit()}
    pixel = pixel_size(number(spacing), "Å")
    sizes: dict[str, int] = {}
    if len(size) == 2 and all(n is not None and 0 < n < 2**20 for n in size):
        sizes = {"Y": int(size[1] or 0), "X": int(size[0] or 0)}
    if len(sections) > 1 and sizes:
        sizes = {"N": len(sections), **sizes}
    if not sizes and pixel is None and not frames:
        return None
    return Image(
        axes="".join(sizes),
        sizes=sizes,
        pixel_type=_MODES.get(top.get("DataMode", ""), ""),
        pixel_size=dict.fromkeys("XY", pixel) if pixel else {},
        frames=int(frames.pop()) if len(frames) == 1 else None,
    )


_MODES = {"0": "", "1": "int16", "2": "float32", "6": "uint16"}
