"""Tags of electron microscopes: Thermo Fisher, Zeiss, TESCAN, JEOL, TVIPS, Olympus SIS, Gatan, OpenFIBSEM, and EER.

Lengths: Thermo Fisher, TESCAN and SIS m; Zeiss m in the first block and words with units after it; TVIPS nm; Gatan by
its own unit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest import semtext, xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Confidence, Length
from rembi_sheets.harvest.moments import UNIX, moment
from rembi_sheets.harvest.quantities import in_angstrom, magnified, number, quotient, single
from rembi_sheets.harvest.tags.told import Told, sized

_EER, _TESCAN, _SIS = 65001, 50431, 33560
_GATAN = {"X": (65003, 65009), "Y": (65004, 65010)}  # unit and scale of an axis
_SERIAL = re.compile(r"(.+?)-\d\d-\d\d")  # ULTRA 55-36-06: the model, then numbers
_SCREEN = 1024  # pixels across, for which Zeiss states a pixel size, whatever was stored


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
    detector = " ".join(d for k in ("Name", "Mode") if (d := str(at("Detectors", k))) != "None").strip()
    facts.text("detector_type", detector, "Detectors/Name")
    software = str(at("System", "Software"))
    facts.text("acquisition_software", f"xT {software}" if software else "", "System/Software", Confidence.GUESS)
    pixels = sized(
        at(scan, "PixelWidth") or at("Scan", "PixelWidth"), at(scan, "PixelHeight") or at("Scan", "PixelHeight"), "m"
    )
    if not pixels:  # a camera in the chamber has a field of view alone
        fields = [(number(at(beam, f"{s}FW")), number(at("Image", f"Resolution{a}"))) for s, a in ("HX", "VY")]
        across, down = (quotient(whole, count) if whole and count else None for whole, count in fields)
        pixels = sized(across, down, "m")
    bar = number(at("PrivateFei", "DatabarHeight"))
    shown = [number(at("Image", f"Resolution{a}")) for a in "XY"]
    if not bar and shown[0] == page.imagewidth and shown[1]:  # a bar that was put below the image later
        bar = page.imagelength - shown[1]
    acquired = " ".join(str(at("User", k)) for k in ("Date", "Time"))
    return Told(
        "TIFF",
        pixels=pixels,
        instrument=words(at("System", "Dnumber")),
        acquired=words(acquired),
        warnings=_barred(bar, page),
    )


def _barred(bar: Decimal | None, page: Any) -> tuple[str, ...]:
    """What is said of an image whose last rows are a bar with its data."""
    if not bar or not 0 < bar < page.imagelength:
        return ()
    rows = int(page.imagelength) - int(bar)
    return (f"{int(bar)} of its {page.imagelength} rows are the data bar; the image has {rows} rows",)


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
        ("beam_current", "ap_iprobe"),
    ):
        value, unit = at(key)
        facts.number(name, value, unit, key)
    facts.number("magnification", magnified(" ".join(map(str, at("ap_mag"))).strip()), "", "ap_mag")
    if at("dp_stage_bias_high")[0] is True:
        facts.number("stage_bias", *at("ap_stage_bias_voltage_high"), "ap_stage_bias_voltage_high")
    if at("dp_fib_present")[0] is True:
        facts.number("fib_voltage", *at("ap_fib_eht_actual"), "ap_fib_eht_actual")
    scope = words(at("dp_sem")[0])
    serial = words(at("sv_serial_number")[0])
    facts.text("microscope", scope and f"Zeiss {scope}", "dp_sem")
    if not scope and (model := _SERIAL.fullmatch(serial)):
        facts.text("microscope", f"Zeiss {model[1]}", "sv_serial_number", Confidence.GUESS)
    facts.text("electron_source", at("dp_filament_type")[0], "dp_filament_type", Confidence.GUESS)
    facts.text("detector_type", at("dp_detector_type")[0] or at("dp_detector_channel")[0], "dp_detector_type")
    facts.text("acquisition_software", f"SmartSEM {words(at('sv_version')[0]).split(' : ')[0]}".strip(), "sv_version")
    pixels = _zeisssized(said.get("", ()), at, int(page.imagewidth))
    acquired = words(f"{at('ap_date')[0]} {at('ap_time')[0]}")
    return Told("TIFF", pixels=pixels, instrument=serial, acquired=acquired)


def _zeisssized(first: Any, at: Callable[[str], tuple[Any, str]], wide: int) -> dict[str, Length]:
    """The first block's number with all its digits, brought from a screen of 1,024 pixels to what was stored.

    It has to agree with what is stated with a unit: the size of a stored pixel, or the width of the image.
    """
    stated = _length(*at("ap_image_pixel_size"))
    width = _length(*at("ap_width"))
    if stated is None and width is not None:
        stated = width / wide
    if stated is None and wide == _SCREEN:
        stated = _length(*at("ap_pixel_size"))
    block = number(first[3]) if isinstance(first, tuple) and len(first) > 3 else None
    exact = quotient(block * _SCREEN, wide) if block is not None and block > 0 else None
    if exact is not None:
        length = in_angstrom(exact, "m")
        if length is not None and (stated is None or abs(length - stated) <= stated / 100):
            return sized(exact, exact, "m")
    value, unit = at("ap_image_pixel_size")
    return sized(value, value, unit) if unit else {}


def _length(value: Any, unit: str) -> Decimal | None:
    """A length in Å; None for zero and for none."""
    found = number(value)
    return in_angstrom(found, unit) if found else None


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
    return Told("TIFF", pixels=sized(values[0], values[1], "nm"))


def _sis(file: Any, page: Any, facts: Facts) -> Told | None:
    """Olympus SIS: pixel sizes in m. A coloured picture of the image may stand before it."""
    own = next((p for p in _first(file, 4) if _SIS in p.tags), None)
    said = own.tags[_SIS].value if own is not None else None
    if not isinstance(said, dict):
        return None
    facts.number("magnification", said.get("magnification"), "", "SIS: magnification")
    facts.text("detector", said.get("cameraname"), "SIS: cameraname")
    pixels = sized(said.get("pixelsizex"), said.get("pixelsizey"), "m")
    tag = page.tags.get("DateTime")
    return Told("TIFF", stacked="", pixels=pixels, page=own, acquired=words(tag.value) if tag is not None else "")


def _first(file: Any, count: int) -> Iterator[Any]:
    """The first pages with their tags."""
    for number_ in range(count):
        try:
            yield file.pages.get(number_, validate=False) if number_ else file.pages.first
        except (IndexError, AttributeError):
            return


def _gatan(file: Any, page: Any, facts: Facts) -> Told | None:
    """DigitalMicrograph: unit and scale of each axis in tags of its own."""
    found = {}
    for axis, (unit, scale) in _GATAN.items():
        said, value = page.tags.get(unit), page.tags.get(scale)
        if said is None or value is None:
            return None
        one = single(value.value) if isinstance(value.value, float) else None
        if one is not None and (size := pixel_size(abs(one), words(said.value))):
            found[axis] = size
    return Told("TIFF", pixels=found, calibrated=False)


def _tescan(file: Any, page: Any, facts: Facts) -> Told | None:
    """Lines key=value between a few bytes. The height of the bar may stand there and the bar not."""
    tag = page.tags.get(_TESCAN)
    if tag is None or not isinstance(tag.value, bytes) or b"PixelSizeX" not in tag.value:
        return None
    said = semtext.pairs(tag.value.decode("latin-1"))
    found = semtext.tescan(said, facts)
    bar, wide = number(said.get("ImageStripSize")), int(page.imagewidth)
    held = bar is not None and page.imagelength - bar in (wide, Decimal(wide) * 3 / 4)
    return Told(
        "TIFF",
        pixels=found.pixels,
        instrument=found.instrument,
        acquired=found.acquired,
        calibrated=False,
        warnings=_barred(bar, page) if held else (),
    )


def _jeol(file: Any, page: Any, facts: Facts) -> Told | None:
    """SightX: XML of the microscope. It states pixels of the screen alone, which by a magnification are no measure."""
    text = page.description or ""
    if "<TemReporter" not in text[:500]:
        return None
    root = xml.parse(text)
    facts.text("microscope", f"JEOL {xml.text(root, 'Instruments')}", "Instruments")
    for said in xml.every(root, "AccelerationVoltage"):
        facts.number("accelerating_voltage", said.text or "", "V", "AccelerationVoltage")
        break
    imaging = next(xml.every(root, "ImageFormingSystem"), None)
    if xml.text(imaging, "SelectorUnitString") == "X":
        facts.number("magnification", xml.text(imaging, "SelectorValue"), "", "ImageFormingSystem/SelectorValue")
    return Told("TIFF", acquired=words(xml.text(root, "DateTime")), calibrated=False)


def _openfibsem(file: Any, page: Any, facts: Facts) -> Told | None:
    """OpenFIBSEM: JSON in the description; of its two beams the one that made the image."""
    text = (page.description or "").strip()
    if not text.startswith("{") or '"microscope_state"' not in text:
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None

    def at(*path: str) -> Any:
        found: Any = said
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    beam = {"ELECTRON": "electron", "ION": "ion"}.get(str(at("image", "beam_type")))
    if beam is None:
        return None
    state = f"{beam}_beam"
    voltage = "accelerating_voltage" if beam == "electron" else "fib_voltage"
    facts.number(voltage, at("microscope_state", state, "voltage"), "V", f"{state}/voltage")
    if beam == "electron":
        facts.number(
            "working_distance", at("microscope_state", state, "working_distance"), "m", f"{state}/working_distance"
        )
        facts.number("beam_current", at("microscope_state", state, "beam_current"), "A", f"{state}/beam_current")
    facts.number("pixel_dwell_time", at("image", "dwell_time"), "s", "image/dwell_time")
    scope = [words(at("system", "info", part)) for part in ("manufacturer", "model")]
    facts.text("microscope", " ".join(filter(None, scope)), "system/info/model")
    facts.text("detector_type", at("microscope_state", f"{beam}_detector", "type"), f"{beam}_detector/type")
    version = words(at("experiment", "fibsem_version"))
    facts.text("acquisition_software", f"OpenFIBSEM {version}".strip(), "experiment/fibsem_version")
    return Told(
        "TIFF",
        stacked="",
        pixels=sized(at("pixel_size", "x"), at("pixel_size", "y"), "m"),
        calibrated=False,
        instrument=words(at("system", "info", "serial_number")),
        acquired=moment(number(at("microscope_state", "timestamp")), 1, UNIX),
    )


def eer(file: Any, page: Any, facts: Facts) -> Told | None:
    """Tag 65001: XML of the acquisition. The pages are frames of one movie."""
    tag = page.tags.get(_EER)
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
        "EER", sizes={}, pages=1, stacked="", pixels=sized(wide, high, unit), frames=count,
        instrument=words(said.get("serialNumber", ("", ""))[0]), acquired=words(said.get("timestamp", ("", ""))[0]),
    )  # fmt: skip


def _dose(said: Mapping[str, tuple[str, str]]) -> tuple[object, str]:
    value, unit = said.get("totalDose", ("", ""))
    return (value, "e/Å²") if unit.startswith("e/") and ("Å" in unit or "A" in unit) else ("", "")


KINDS: tuple[Callable[[Any, Any, Facts], Told | None], ...] = (
    _thermo,
    _zeiss_sem,
    _tescan,
    _jeol,
    _tvips,
    _gatan,
    _sis,
    _openfibsem,
)
