"""MRC, MRCS, CCP4 maps, IMOD stacks, and DeltaVision: a header of 1,024 bytes.

Source of the layout: MRC2014 (Cheng et al. 2015) and its extended header of Thermo Fisher (FEI1, FEI2); DeltaVision by
the image format of its maker. Lengths are in Å, in DeltaVision in µm.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.lengths import pixel_size, refused
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.moments import TABLES, moment
from rembi_sheets.harvest.quantities import quotient, single
from rembi_sheets.harvest.source import Source, take

_NAMES = (".mrc", ".mrcs", ".map", ".st", ".rec", ".ali", ".ccp4", ".preali", ".dv")
_MODES = {0: "int8", 1: "int16", 2: "float32", 3: "", 4: "complex64", 6: "uint16", 12: "float16", 101: "uint4"}
_BYTES = {0: 1.0, 1: 2.0, 2: 4.0, 3: 4.0, 4: 8.0, 6: 2.0, 12: 2.0, 101: 0.5}
_DV_MAGIC, _DV_AT = -16224, 96
_DV_MODES = _MODES | {0: "uint8"}  # bytes of DeltaVision have no sign
_DV_ORDERS = {0: "CTZ", 1: "TZC", 2: "TCZ"}  # 0 is ZTW, 1 WZT, 2 ZWT, in which the first changes fastest
_STACK, _VOLUME, _VOLUMES = 0, 1, 401
_STACK_ALWAYS = ".mrcs"  # even one of a single image: the next one holds more
_STACKS = (_STACK_ALWAYS, ".st", ".ali", ".preali")
_OF_PROGRAM = ("_particles.mrc", "_class_averages.mrc")  # how cryoSPARC calls stacks, whose header is that of a volume
_EXTENDED = ("FEI1", "FEI2")

_MASKS = (8, 297)
_DAY = 86_400
_SIZES = {order: struct.Struct(order + "4i") for order in "<>"}

# Fields of the Thermo Fisher header: name -> (place, struct code, bit of the mask that says it is set: word, bit).
_FEI: Mapping[str, tuple[int, str, int, int]] = {
    "time": (12, "d", 0, 0),
    "microscope": (20, "16s", 0, 1),
    "d_number": (36, "16s", 0, 2),
    "application": (52, "16s", 0, 3),
    "ht": (84, "d", 0, 5),
    "dose": (92, "d", 0, 6),
    "alpha_tilt": (100, "d", 0, 7),
    "pixel_size_x": (156, "d", 0, 14),
    "magnification": (289, "d", 0, 31),
    "slit": (355, "d", 1, 8),
    "camera": (435, "16s", 1, 19),
}


def sniff(head: bytes, name: str) -> int:
    """By the stamp and the byte order; a name alone has to be borne out by sizes that can be."""
    if len(head) < 1024:
        return 0
    order = _order(head)
    if order is None:
        return 0
    if head[208:211] == b"MAP":
        return 90
    if struct.unpack(order + "h", head[_DV_AT : _DV_AT + 2])[0] == _DV_MAGIC:
        return 90
    return 60 if name.endswith(_NAMES) else 0


def _order(head: bytes) -> str | None:
    for order, sizes in _SIZES.items():
        nx, ny, nz, mode = sizes.unpack_from(head)
        if 0 < nx < 2**20 and 0 < ny < 2**20 and 0 < nz < 2**27 and (mode in _MODES):
            return order
    return None


def read(source: Source) -> Header:
    """Sizes, pixel type, pixel size along the image's own axes, and what the extended header says of the microscope."""
    head = source.head
    order = _order(head) if len(head) == 1024 else None
    if order is None:
        raise Unusable("its header is cut off, or says sizes that cannot be")
    if struct.unpack(order + "h", head[_DV_AT : _DV_AT + 2])[0] == _DV_MAGIC:
        return _deltavision(source, order)
    nx, ny, nz, mode = struct.unpack(order + "4i", head[:16])
    extended = struct.unpack(order + "i", head[92:96])[0]
    if source.size - 1024 - max(extended, 0) < int(nx * ny * nz * _BYTES[mode]):
        raise Unusable(f"its header says {nx} × {ny} × {nz}, but the file is too short for that")
    ispg, kind = struct.unpack(order + "i", head[88:92])[0], head[104:108].decode("latin-1")
    facts = Facts(source.path, "mrc")
    fei = _extended(source, order, extended) if kind in _EXTENDED else []
    sizes_of_pixels, warnings = _pixel_sizes(head[28:76], order)
    if not sizes_of_pixels and fei:
        found = pixel_size(_decimal(fei[0].get("pixel_size_x")), "m")
        sizes_of_pixels = {a: found for a in "XY" if found}
    instrument = _microscope(facts, fei)
    across, _, depth = struct.unpack(order + "3f", head[40:52])
    axes, sizes, per = _axes(
        source, nx, ny, nz, ispg, struct.unpack(order + "3i", head[28:40])[2], depth == 0 and across != 0
    )
    image = Image(
        axes=axes,
        sizes=sizes,
        pixel_type=_MODES[mode] if mode != 0 else _byte(head),
        pixel_size={a: s for a, s in sizes_of_pixels.items() if a in per},
    )
    form = "MRCS" if source.name.endswith(_STACK_ALWAYS) else "MRC"
    return Header(
        form,
        (image,),
        tuple(facts.values),
        (*warnings, *facts.warnings),
        instrument=instrument,
        acquired=moment(_decimal(fei[0].get("time")), _DAY, TABLES) if fei else "",
    )


def _byte(head: bytes) -> str:
    """Mode 0 is signed since MRC2014; IMOD says otherwise by a stamp and a flag."""
    if head[152:156] == b"IMOD":
        return "int8" if head[156] & 1 else "uint8"
    return "int8"


def _axes(
    source: Source, nx: int, ny: int, nz: int, ispg: int, mz: int, flat: bool
) -> tuple[str, Mapping[str, int], str]:
    """Axes, sizes, and the axes along which a pixel has a size: planes of a stack have no distance.

    `flat`: the cell has a width and no depth, as that of a movie which claims to be a volume.
    """
    if nz == 1 and not source.name.endswith(_STACK_ALWAYS):
        return "YX", {"Y": ny, "X": nx}, "XY"
    if ispg == _VOLUMES or (ispg > 400 and mz > 0 and nz % mz == 0):
        return "NZYX", {"N": nz // mz if mz > 0 else 1, "Z": mz if mz > 0 else nz, "Y": ny, "X": nx}, "XYZ"
    stacked = mz == 1 or source.name.endswith(_OF_PROGRAM)
    if source.name.endswith(_STACKS) or (ispg == _STACK and stacked) or flat:
        return "NYX", {"N": nz, "Y": ny, "X": nx}, "XY"
    return "ZYX", {"Z": nz, "Y": ny, "X": nx}, "XYZ"


@lru_cache(1024)
def _pixel_sizes(cell_of: bytes, order: str) -> tuple[Mapping[str, Length], tuple[str, ...]]:
    """Å along columns (X), rows (Y) and sections (Z) of the image: MAPC, MAPR, MAPS say which cell edge that is.

    `cell_of`: bytes 28 to 76 of the header, alike in all images of a session. Warnings are the second part.
    """
    grid = struct.unpack_from(order + "3i", cell_of)
    cell = struct.unpack_from(order + "3f", cell_of, 12)
    order_of = struct.unpack_from(order + "3i", cell_of, 36)
    if sorted(order_of) != [1, 2, 3]:
        order_of = (1, 2, 3)
    found: dict[str, Length] = {}
    warnings = []
    for axis, edge in zip("XYZ", order_of, strict=True):
        whole, parts = single(cell[edge - 1]), grid[edge - 1]
        if whole is None or parts <= 0:
            continue
        value = quotient(whole, parts)
        if (size := pixel_size(value, "Å")) is not None:
            found[axis] = size
        elif note := refused(value, "Å"):
            warnings.append(note)
    return found, tuple(warnings)


def _decimal(value: object) -> Decimal | None:
    return Decimal(repr(value)) if isinstance(value, float) else None


def _extended(source: Source, order: str, length: int) -> list[dict[str, object]]:
    """The sets of the Thermo Fisher header, one an image."""
    if length < 768 or length > source.size - 1024:
        return []
    with source.open() as file:
        first = take(file, 1024, 8)
        size, version = struct.unpack(order + "2i", first)
        if version not in (1, 2) or not 768 <= size <= 4096:
            return []
        sets = []
        for number in range(min(length // size, 512)):
            data = take(file, 1024 + number * size, size)
            masks = [struct.unpack_from(order + "I", data, at)[0] for at in _MASKS]
            one: dict[str, object] = {}
            for name, (place, code, word, bit) in _FEI.items():
                if masks[word] >> bit & 1 and place + struct.calcsize(order + code) <= size:
                    raw = struct.unpack_from(order + code, data, place)[0]
                    one[name] = raw.split(b"\0")[0] if isinstance(raw, bytes) else raw
            if not one and number:
                break
            sets.append(one)
        return sets


def _microscope(facts: Facts, sets: list[dict[str, object]]) -> str:
    if not sets:
        return ""
    one = sets[0]
    facts.text("microscope", one.get("microscope"), "FEI: microscope type")
    facts.text("acquisition_software", one.get("application"), "FEI: application")
    facts.number("accelerating_voltage", _decimal(one.get("ht")), "V", "FEI: HT")
    facts.number("total_dose", _decimal(one.get("dose")), "1/m²", "FEI: dose")
    facts.number("magnification", _decimal(one.get("magnification")), "", "FEI: magnification")
    facts.number("energy_filter_slit_width", _decimal(one.get("slit")), "eV", "FEI: slit width")
    facts.text("detector", one.get("camera"), "FEI: camera name")
    tilts = [t for s in sets if (t := s.get("alpha_tilt")) is not None and isinstance(t, float)]
    if len(tilts) > 1 and max(tilts) - min(tilts) > 1 and max(map(abs, tilts)) <= 180:
        low, high = (round(Decimal(repr(t)), 1) for t in (min(tilts), max(tilts)))
        facts.span("tilt_angles", low, high, "°", "FEI: alpha tilt")
    number = one.get("d_number")
    return number.decode("latin-1").strip() if isinstance(number, bytes) else ""


def _deltavision(source: Source, order: str) -> Header:
    """DeltaVision: Z, T and channels are told by counts and a code for their order; lengths in µm."""
    head = source.head
    nx, ny, nz, mode = struct.unpack(order + "4i", head[:16])
    spacing = struct.unpack(order + "3f", head[40:52])
    times, sequence = struct.unpack(order + "2h", head[180:184])
    waves = struct.unpack(order + "h", head[196:198])[0]
    lengths = struct.unpack(order + "5h", head[198:208])
    t, c = max(times, 1), max(waves, 1)
    if c > 5 or nz % (t * c):
        raise Unusable(f"its header says {nz} planes for {t} time points and {c} channels")
    if source.size < 1024 + nx * ny * nz * _BYTES[mode]:
        raise Unusable("it is shorter than its header says")
    sizes = {"T": t, "C": c, "Z": nz // (t * c), "Y": ny, "X": nx}
    facts = Facts(source.path, "mrc")
    channels = []
    for wave in lengths[:c]:
        own = facts.on("channels")
        own.number("detection_wavelength", Decimal(wave), "nm", "wavelength")
        channels.append(Channel("", tuple(own.values)))
    kept = [a for a in _DV_ORDERS.get(sequence, "TZC") + "YX" if a in "YX" or sizes[a] > 1]
    pixels = {}
    for axis, length in zip("XYZ", spacing, strict=True):
        size = pixel_size(single(length), "µm")
        if size and axis in kept:
            pixels[axis] = size
    image = Image("".join(kept), {a: sizes[a] for a in kept}, _DV_MODES[mode], pixels, channels=tuple(channels))
    return Header("DV", (image,), tuple(facts.values))
