"""Janelia FIB-SEM .dat: a big-endian header of 1,024 bytes. Pixel size in nm, voltage in kV.

Source: "FIB-SEM file format" of the Hess laboratory (versions 1 to 9; numbers have 64 bits before 3).
"""

from __future__ import annotations

import struct

from rembi_sheets.harvest.facts import Facts, file_name
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.quantities import number, single
from rembi_sheets.harvest.source import Source

_MAGIC = b"\xd3\xed\xf5\xf2"


def sniff(head: bytes, name: str) -> int:
    """By the first four bytes."""
    return 100 if head.startswith(_MAGIC) else 0


def read(source: Source) -> Header:
    """Sizes, channels, pixel size, and the voltage and working distance of the electron beam."""
    head = source.head
    if len(head) < 1024:
        raise Unusable("its header is cut off")
    version = struct.unpack_from(">H", head, 4)[0]
    channels, eight_bit = head[32], head[33]
    wide, high = struct.unpack_from(">2I", head, 100)
    if not (0 < version < 20 and 0 < channels <= 8 and 0 < wide < 2**20 and 0 < high < 2**20 and eight_bit < 2):
        raise Unusable("its header says sizes that cannot be")
    if source.size < 1024 + wide * high * channels * (1 if eight_bit else 2):
        raise Unusable("it is shorter than its header says")
    facts = Facts(source.path, "fibsem")
    code, step, place = (">d", 8, 416) if version < 3 else (">f", 4, 464)
    size, distance, volts = (struct.unpack_from(code, head, place + step * i)[0] for i in range(3))
    exact = single if version > 2 else number
    pixel = pixel_size(exact(size), "nm")
    facts.number("working_distance", exact(distance), "mm", "WD")
    facts.number("accelerating_voltage", exact(volts), "kV", "EHT")
    if version > 2:
        facts.number("beam_current", exact(struct.unpack_from(">f", head, 490)[0]), "A", "SEMCurr")
    sizes = ({"C": channels} if channels > 1 else {}) | {"Y": high, "X": wide}
    image = Image("".join(sizes), sizes, "uint8" if eight_bit else "int16", dict.fromkeys("XY", pixel) if pixel else {})
    return Header("FIB-SEM DAT", (image,), tuple(facts.values), tuple(facts.warnings), instrument=_machine(head))


def _machine(head: bytes) -> str:
    """The id of the machine, where there is one."""
    return file_name(head[800:830].split(b"\0")[0].decode("latin-1"))
