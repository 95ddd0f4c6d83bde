"""Gatan DM3 and DM4: a tree of tags, of which the image list and the microscope's page are read.

Source: the layout as described by G. Potdevin ("DM3 format") and in the open readers of the field. Lengths have a unit
of their own for each axis; voltages are in V, Cs in mm.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number, single
from rembi_sheets.harvest.source import Source, take

_TYPES = {
    1: "int16", 2: "float32", 3: "complex64", 5: "complex64", 6: "uint8", 8: "uint8", 7: "int32", 9: "int8",
    10: "uint16", 11: "uint32", 12: "float64", 14: "bit", 23: "uint8",
}  # fmt: skip
_COLOURS = (8, 23)  # red, green, blue and one byte more
_CODES = {2: "h", 3: "i", 4: "H", 5: "I", 6: "f", 7: "d", 8: "?", 9: "b", 10: "B", 11: "q", 12: "Q"}
_STRUCT, _STRING, _ARRAY = 15, 18, 20
_MOST_TAGS, _DEEPEST, _LONGEST = 500_000, 64, 4096
_BINNING = "Acquisition.Parameters.High Level.Binning"

Tags = dict[str, object]


def sniff(head: bytes, name: str) -> int:
    """By version, byte order, and a first tag of a kind that there is."""
    if len(head) < 24:
        return 0
    version = struct.unpack(">i", head[:4])[0]
    place = {3: 8, 4: 12}.get(version)
    if place is None or struct.unpack(">i", head[place : place + 4])[0] not in (0, 1):
        return 0
    return 90 if name.endswith((".dm3", ".dm4")) else 50


@dataclass
class _Walk:
    """Reads tags one after the other; `wide` is DM4, `order` the byte order of the data."""

    file: BinaryIO
    wide: bool
    order: str
    size: int
    tags: Tags = field(default_factory=dict)
    seen: int = 0

    def integer(self, code: str) -> int:
        return int(struct.unpack(">" + code, self.file.read(struct.calcsize(">" + code)))[0])

    def group(self, path: str, depth: int) -> None:
        """The tags of one group, each under path.name (or path.number where it has no name)."""
        if depth > _DEEPEST:
            raise Unusable("its tags are nested deeper than they can be")
        self.file.read(2)
        count = self.integer("Q" if self.wide else "I")
        if count > _MOST_TAGS:
            raise Unusable(f"it says {count} tags, which cannot be")
        unnamed = 0
        for _ in range(count):
            self.seen += 1
            if self.seen > _MOST_TAGS:
                raise Unusable("it holds more tags than can be")
            kind = self.integer("B")
            name = self.file.read(self.integer("H")).decode("latin-1")
            if not name:
                name, unnamed = str(unnamed), unnamed + 1
            end = self.integer("Q") if self.wide else 0
            start = self.file.tell()
            below = f"{path}.{name}" if path else name
            if kind == 20:
                self.group(below, depth + 1)
            elif kind == 21:
                self.data(below)
            elif kind == 0:
                return
            else:
                raise Unusable("it holds a tag of a kind that does not exist")
            if self.wide and kind == 21 and end:
                self.file.seek(start + end)
            if self.file.tell() > self.size:
                raise Unusable("it ends in the middle of its tags")

    def data(self, path: str) -> None:
        if self.file.read(4) != b"%%%%":
            raise Unusable("its tags are damaged")
        word = "Q" if self.wide else "I"
        info = [self.integer(word) for _ in range(min(self.integer(word), 4096))]
        if not info:
            return
        if info[0] in _CODES and len(info) == 1:
            code = self.order + _CODES[info[0]]
            self.tags[path] = struct.unpack(code, self.file.read(struct.calcsize(code)))[0]
        elif info[0] == _STRUCT:
            size = sum(self.width(k) for k in info[4::2])
            if path.endswith(_BINNING) and len(info) == 7:
                code = self.order + "".join(_CODES[k] for k in info[4::2])
                self.tags[path] = struct.unpack(code, self.file.read(size))
            else:
                self.file.seek(size, 1)
        elif info[0] == _STRING and len(info) > 1:
            self.text(path, info[1] * 2)
        elif info[0] == _ARRAY and len(info) > 2:
            count = info[-1]
            if info[1] == 4 and count <= _LONGEST and not path.endswith(".Data"):
                self.text(path, count * 2)
            else:
                each = sum(self.width(k) for k in info[5:-1:2]) if info[1] == _STRUCT else self.width(info[1])
                self.skip(count * each)
        else:
            raise Unusable("its tags are damaged")

    def width(self, kind: int) -> int:
        if kind not in _CODES:
            raise Unusable("its tags are damaged")
        return struct.calcsize("=" + _CODES[kind])

    def skip(self, count: int) -> None:
        if self.file.tell() + count > self.size:
            raise Unusable("it ends in the middle of its data")
        self.file.seek(count, 1)

    def text(self, path: str, count: int) -> None:
        self.tags[path] = self.file.read(min(count, self.size)).decode(
            "utf-16-le" if self.order == "<" else "utf-16-be", "replace"
        )


def read(source: Source) -> Header:
    """The images of the list but its thumbnails and spectra, and the microscope's page of the first."""
    with source.open() as file:
        head = take(file, 0, 16)
        wide = struct.unpack(">i", head[:4])[0] == 4
        file.seek(16 if wide else 12)
        little = struct.unpack(">i", head[12:16] if wide else head[8:12])[0] == 1
        walk = _Walk(file, wide, "<" if little else ">", source.size)
        try:
            walk.group("", 0)
        except struct.error:
            raise Unusable("it ends in the middle of its tags") from None
    tags = walk.tags
    numbers = [int(k.split(".")[1]) for k in tags if k.startswith("ImageList.") and k.endswith("ImageData.DataType")]
    thumbnails = {v for k, v in tags.items() if k.startswith("Thumbnails.") and k.endswith("ImageIndex")}
    real = [n for n in numbers if n not in thumbnails] or numbers[-1:]
    if not real:
        raise Unusable("it holds no image")
    facts = Facts(source.path, "gatan")
    _microscope(facts, tags, f"ImageList.{real[0]}.ImageTags")
    images = tuple(i for n in real if (i := _image(tags, f"ImageList.{n}")) is not None)
    if len(images) < len(real):
        facts.warnings.append(f"it holds {'spectra' if not images else 'spectra beside images'}, which are no images")
    page = f"ImageList.{real[0]}.ImageTags.DataBar.Acquisition"
    acquired = words(" ".join(str(tags.get(f"{page} {part}", "")) for part in ("Date", "Time")))
    return Header("DM4" if wide else "DM3", images, tuple(facts.values), tuple(facts.warnings), acquired=acquired)


def _image(tags: Tags, path: str) -> Image | None:
    """One image; None for a spectrum, and for spectra along a line."""
    lengths: list[int] = []
    while isinstance(n := tags.get(f"{path}.ImageData.Dimensions.{len(lengths)}"), int) and len(lengths) < 6:
        lengths.append(n)
    if not lengths or any(not 0 < n < 2**31 for n in lengths):
        raise Unusable("its header says sizes that cannot be")
    form = words(tags.get(f"{path}.ImageTags.Meta Data.Format", "")).casefold()
    spectral = len(lengths) - 1 if form == "spectrum image" else None
    if len(lengths) < 2 or form == "spectrum" or (spectral is not None and len(lengths) < 3):
        return None
    pixels: dict[str, Length] = {}
    units = []
    for axis in range(len(lengths)):
        below = f"{path}.ImageData.Calibrations.Dimension.{axis}"
        scale, unit = tags.get(f"{below}.Scale"), words(tags.get(f"{below}.Units", "")).replace("μ", "µ")
        units.append(unit)
        value = single(scale) if isinstance(scale, float) else None
        letter = "XYZ"[axis] if axis < 3 and axis != spectral else ""
        if letter and value is not None and unit and (size := pixel_size(abs(value), unit)):
            pixels[letter] = size
    names = _letters(units, len(lengths), spectral)
    sizes = dict(zip(names, lengths, strict=True))
    kept = [a for a in names if a in "XY" or sizes[a] > 1]
    kind = tags.get(f"{path}.ImageData.DataType")
    shape = {a: sizes[a] for a in reversed(kept)} | ({"S": 4} if kind in _COLOURS else {})
    return Image(
        axes="".join(shape),
        sizes=shape,
        pixel_type=_TYPES.get(kind if isinstance(kind, int) else -1, ""),
        pixel_size={a: s for a, s in pixels.items() if a in kept},
        name=words(tags.get(f"{path}.Name", "")),
    )


def _letters(units: list[str], count: int, spectral: int | None) -> list[str]:
    """X and Y, and what the third axis is by its unit: a distance, a time, an energy, or another series.

    `spectral`: the axis that is known to be one of wavelengths or energies.
    """
    letters = list("XY"[:count])
    for axis in range(2, count):
        unit = units[axis]
        energy = axis == spectral or unit in ("eV", "keV")
        letter = "E" if energy else "Z" if pixel_size(1, unit) else "T" if unit in ("s", "ms") else "N"
        letters.append(letter if letter not in letters else next(x for x in "NQRUV" if x not in letters))
    return letters


def _microscope(facts: Facts, tags: Tags, path: str) -> None:
    page = f"{path}.Microscope Info."

    def found(name: str) -> object:
        value = tags.get(page + name)
        return single(value) if isinstance(value, float) and abs(value) < 1e38 else value

    facts.text("microscope", found("Microscope"), "Microscope Info.Microscope")
    facts.number("accelerating_voltage", _plain(found("Voltage")), "V", "Microscope Info.Voltage")
    if not _is_diffraction(words(tags.get(page + "Operation Mode")), words(tags.get(page + "Imaging Mode"))):
        facts.number(
            "magnification", _plain(found("Indicated Magnification")), "", "Microscope Info.Indicated Magnification"
        )
    facts.number("spherical_aberration", _plain(found("Cs(mm)")), "mm", "Microscope Info.Cs(mm)")
    facts.number("beam_current", _plain(found("Probe Current (nA)")), "nA", "Microscope Info.Probe Current (nA)")
    device = tags.get(f"{path}.Acquisition.Device.Name")
    facts.text("detector", device, "Acquisition.Device.Name")
    binning = tags.get(f"{path}.{_BINNING}")
    if isinstance(binning, tuple) and len(binning) == 2 and all(0 < b < 100 for b in binning):
        facts.text("binning", f"{binning[0]}x{binning[1]}", _BINNING)


def _is_diffraction(operation: str, imaging: str) -> bool:
    """Is the magnification a camera length? A scanned image is none, though its lenses are set to diffraction."""
    return "SCANNING" not in operation and "DIFFRACTION" in (operation or imaging)


def _plain(value: object) -> object:
    return number(value) if not isinstance(value, bool) else None
