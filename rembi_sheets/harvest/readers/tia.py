"""FEI TIA: SER (images), and EMI (what the microscope said, as XML within a binary file; a companion).

Source: the layout published by C. Boothroyd, "TIA .ser and .emi". Lengths of pixels are in m.
"""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.source import Source, take

_SER, _EMI = b"II\x97\x01", b"J"
_IMAGES, _PLACES = 0x4122, 0x4142
_TYPES = {
    1: "uint8", 2: "uint16", 3: "uint32", 4: "int8", 5: "int16", 6: "int32", 7: "float32", 8: "float64", 9: "complex64",
}  # fmt: skip
_INFO = re.compile(rb"<ObjectInfo>.*?</ObjectInfo>", re.S)
_LIMIT = 512 * 2**20


def sniff(head: bytes, name: str) -> int:
    """By the first bytes; those of an EMI say little, so that its name counts too."""
    if head.startswith(_SER):
        return 95
    return 80 if head.startswith(_EMI) and name.endswith(".emi") else 0


def read(source: Source) -> Header:
    """A SER's sizes, or the conditions of an EMI."""
    return _ser(source) if source.head.startswith(_SER) else _emi(source)


def _ser(source: Source) -> Header:
    with source.open() as file:
        head = take(file, 0, 30)
        version, kind, tags, count, valid = struct.unpack("<H4I", head[4:22])
        wide = version >= 0x0220
        place = struct.unpack("<Q" if wide else "<I", head[22 : 30 if wide else 26])[0]
        if not 0 < valid <= count <= 10**7:
            raise Unusable(f"its header says {count} images, which cannot be")
        step = 8 if wide else 4
        first = struct.unpack("<Q" if wide else "<I", take(file, place, step))[0]
        if kind != _IMAGES:
            return Header("SER", warnings=("it holds spectra, which are no images",))
        data = take(file, first, 50)
        x_scale, y_scale = struct.unpack("<d", data[8:16])[0], struct.unpack("<d", data[28:36])[0]
        code, across, down = struct.unpack("<Hii", data[40:50])
    if code not in _TYPES or not (0 < across < 2**20 and 0 < down < 2**20):
        raise Unusable("its header says sizes that cannot be")
    if first + 50 + across * down > source.size:
        raise Unusable("it is shorter than its header says")
    pixels = {a: s for a, v in (("X", x_scale), ("Y", y_scale)) if (s := pixel_size(v, "m"))}
    series = "N" if tags == _PLACES else "T"  # images along a line or over an area, or one after the other
    sizes = ({series: valid} if valid > 1 else {}) | {"Y": down, "X": across}
    return Header("SER", (Image("".join(sizes), sizes, _TYPES[code], pixels),))


def _emi(source: Source) -> Header:
    facts = Facts(source.path, "tia")
    found = _INFO.search(source.text_bytes(_LIMIT))
    if found is None:
        raise Unusable("it holds no description of an acquisition")
    root = xml.parse(found[0].replace(b"\0", b""))
    volts = xml.text(root, "ExperimentalConditions", "MicroscopeConditions", "AcceleratingVoltage")
    facts.number("accelerating_voltage", volts, "V", "MicroscopeConditions/AcceleratingVoltage")
    said = _pairs(root)
    scope = re.sub(r"^Microscope\s+", "", said.get("Microscope", ("", ""))[0])
    facts.text("microscope", scope, "ExperimentalDescription/Microscope")
    facts.text("electron_source", said.get("Gun type", ("", ""))[0], "ExperimentalDescription/Gun type")
    facts.number("magnification", said.get("Magnification", ("", ""))[0], "", "ExperimentalDescription/Magnification")
    camera = next(iter(xml.every(root, "CameraNamePath")), None)
    facts.text("detector", xml.text(camera), "CameraNamePath")
    return Header(
        "EMI",
        values=tuple(facts.values),
        warnings=tuple(facts.warnings),
        acquired=words(xml.text(root, "AcquireDate")),
        companion=True,
    )


def _pairs(root: ET.Element) -> dict[str, tuple[str, str]]:
    rows = xml.children(root, "ExperimentalDescription", "Root", "Data")
    return {xml.text(r, "Label"): (xml.text(r, "Value"), xml.text(r, "Unit")) for r in rows}
