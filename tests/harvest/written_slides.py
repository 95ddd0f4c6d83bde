"""Files of slide scanners and of older light microscopes, written here by the layouts of their makers."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from tests.harvest import written
from tests.harvest.written_zvi import compound

Page = tuple[Sequence[int], Mapping[str, Any]]


def pages(*given: Page) -> bytes:
    """(shape, options of tifffile's writer) of each page."""
    import tifffile

    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        for shape, options in given:
            file.write(numpy.zeros(tuple(shape), "uint8"), metadata=None, **options)
    return made.getvalue()


RGB = {"photometric": "rgb"}
SCN = """<?xml version="1.0"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01"><collection sizeX="26500000"
sizeY="76700000">
<image><device model="Leica SCN400;Leica SCN"/><pixels sizeX="20" sizeY="58"><dimension r="0" ifd="0"/></pixels>
<view sizeX="26500000" sizeY="76700000"/><scanSettings><objectiveSettings><objective>0.6</objective>
</objectiveSettings></scanSettings></image>
<image><creationDate>2024-01-02T03:04:05Z</creationDate><device model="Leica SCN400;Leica SCN"/><pixels sizeX="64"
sizeY="48"><dimension sizeX="64" sizeY="48" r="0" c="0" ifd="1"/><dimension sizeX="64" sizeY="48" r="0" c="1" ifd="2"/>
<dimension sizeX="16" sizeY="12" r="1" c="0" ifd="3"/></pixels><view sizeX="16000" sizeY="12000" offsetX="5"/>
<scanSettings><objectiveSettings><objective>40</objective></objectiveSettings><channelSettings><channel index="0"
name="405|Empty"/><channel index="1" name="L5|Empty"/></channelSettings></scanSettings></image></collection></scn>"""
QPI = "<PerkinElmer-QPI-ImageDescription><Name>{}</Name><Objective>20x</Objective></PerkinElmer-QPI-ImageDescription>"
BIF = b"""<Metadata><iScan ScanRes="0.2325" Magnification="40" UnitNumber="2000515" UserName="ada"/></Metadata>"""
PHILIPS = """<?xml version="1.0"?><DataObject ObjectType="DPUfsImport">
<Attribute Name="DICOM_DEVICE_SERIAL_NUMBER">"FMT0"</Attribute>
<Attribute Name="PIM_DP_SCANNED_IMAGES"><Array><DataObject ObjectType="DPScannedImage">
<Attribute Name="PIM_DP_IMAGE_TYPE">{}</Attribute><Attribute Name="DICOM_PIXEL_SPACING">"0.00025" "0.000227"</Attribute>
</DataObject></Array></Attribute></DataObject>"""


def lsm(**fields: Any) -> bytes:
    """The record of tag 34412, by the names of its fields."""
    from tifffile import TIFF

    record = numpy.zeros(1, [(n or "_", t) for n, t in TIFF.CZ_LSMINFO])
    given = {"MagicNumber": 0x00400494C, "StructureSize": record.itemsize, "DimensionX": 8, "DimensionY": 6} | fields
    for name, value in given.items():
        record[name] = value
    return record.tobytes()


def lsm_file(record: bytes) -> bytes:
    """A page with the record, and its thumbnail."""
    first = ((6, 8), {"extratags": [(34412, 1, len(record), record, True)]})
    return pages(first, ((3, 4), {"subfiletype": 1}))


def fluoview() -> bytes:
    """Four dimensions, as the record of tag 34361 has them."""
    from tifffile import TIFF

    record = numpy.zeros(1, TIFF.MM_HEADER)
    for place, (name, size, step, unit) in enumerate(
        [("x", 8, 0.2, b"um"), ("y", 6, 0.25, "µm".encode("latin-1")), ("Z", 3, 1.5, b"um"), ("Time", 2, 2, b"s")]
    ):
        record["Dimensions"][0][place] = (name, size, 0, step, unit)
    raw = record.tobytes()
    return written.tiff(6, extratags=[(34361, 1, len(raw), raw, True)])


def stk(planes: int, step: tuple[int, int], unit: bytes = b"um\0", software: bytes = b"") -> bytes:
    """One page, its UIC tags, and the planes one behind the other; `software`: the program in a tag of TIFF."""
    wide, high = 8, 6
    entries: list[tuple[int, int, int, int]] = []
    area = 8 + 2 + 12 * (10 + bool(software)) + 4
    blob = b""

    def put(data: bytes) -> int:
        nonlocal blob
        place = area + len(blob)
        blob += data + bytes(len(data) % 2)
        return place

    x = put(struct.pack("<2I", 645, 10_000))
    name = put(struct.pack("<I", len(unit)) + unit)
    one = put(struct.pack("<8I", 3, 1, 4, x, 5, x, 6, name))
    two = put(b"".join(struct.pack("<6I", *step, 2459000, 0, 2459000, 0) for _ in range(planes)))
    pixels = put(bytes(wide * high * 2 * planes))
    entries = [
        (256, 3, 1, wide), (257, 3, 1, high), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, pixels),
        (278, 3, 1, high), (279, 4, 1, wide * high * 2), (33628, 4, 4, one), (33629, 5, planes, two),
    ]  # fmt: skip
    if software:
        entries.insert(8, (305, 2, len(software), put(software)))
    ifd = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8) + ifd + blob


OIF = """[ProfileSaveInfo]
Name="OIF"
Version="2.0.0.0"
[Axis 0 Parameters Common]
AxisCode="X"
MaxSize=8
StartPosition=0.0
EndPosition=1.6
UnitName="um"
[Axis 1 Parameters Common]
AxisCode="Y"
MaxSize=6
StartPosition=0.0
EndPosition=1.2
UnitName="um"
[Axis 2 Parameters Common]
AxisCode="C"
MaxSize=2
[Axis 3 Parameters Common]
AxisCode="Z"
MaxSize=5
StartPosition=2000.0
EndPosition=0.0
UnitName="nm"
[Reference Image Parameter]
ImageDepth=2
{reference}"""


INFO = """[OibSaveInfo]
Name=OIB
Version=2.0.0.0
MainFileName=Stream00002
Storage00001=a.oif.files
Stream00001=s_C001Z001.tif
Stream00002=a.oif
"""


def oib(reference: str = "") -> bytes:
    """The OIF above and a plane, as streams of a compound file."""
    main = OIF.format(reference=reference).encode("utf-16")
    streams = {"OibInfo.txt": INFO.encode("utf-16"), "Storage00001/Stream00001": written.tiff(), "Stream00002": main}
    return compound(streams)


def bif() -> bytes:
    """The label, the scan, a smaller image of it."""
    label = {"description": "Label Image", "extratags": [(700, 1, len(BIF), BIF, True)], **RGB}
    scan = {"description": "level=0 mag=40 quality=95", **RGB}
    return pages(((58, 20, 3), label), ((48, 64, 3), scan), ((24, 32, 3), RGB))


def scn() -> bytes:
    """The slide as a whole, two channels of the scan, a smaller image."""
    return pages(((58, 20, 3), {"description": SCN, **RGB}), ((48, 64), {}), ((48, 64), {}), ((12, 16), {}))


def formats() -> dict[str, bytes]:
    """One file a format, by a name of that format."""
    philips = {"description": PHILIPS.format("WSI"), **RGB}
    return {
        "a.lsm": lsm_file(lsm(DimensionZ=3, DimensionChannels=1, DimensionTime=1, VoxelSizeX=8e-8, VoxelSizeY=8e-8)),
        "a.stk": stk(4, (5, 10)),
        "a.oib": oib(),
        "a.scn": scn(),
        "a.bif": bif(),
        "b.tif": fluoview(),
        "c.tif": pages(((48, 64, 3), philips)),
    }


def ndpi() -> bytes:
    """A slide of Hamamatsu: a TIFF with places of 64 bits, their upper halves behind each directory; dots in
    centimetres, the lens in a tag of theirs (65421)."""
    pixels, data = bytes(6 * 8 * 3), bytearray(b"II*\0" + struct.pack("<Q", 0))
    longer = {}
    for name, value in (
        ("bits", struct.pack("<3H", 8, 8, 8)),
        ("make", b"Hamamatsu\0"),
        ("model", b"C13220\0\0"),
        ("dots", struct.pack("<2I", 45_000, 1)),
        ("pixels", pixels),
    ):
        longer[name] = len(data)
        data += value
    lens = int.from_bytes(struct.pack("<f", 20.0), "little")
    tags = [
        (256, 4, 1, 8), (257, 4, 1, 6), (258, 3, 3, longer["bits"]), (259, 3, 1, 1), (262, 3, 1, 2),
        (271, 2, 10, longer["make"]), (272, 2, 7, longer["model"]), (273, 4, 1, longer["pixels"]), (277, 3, 1, 3),
        (278, 4, 1, 6), (279, 4, 1, len(pixels)), (282, 5, 1, longer["dots"]), (283, 5, 1, longer["dots"]),
        (296, 3, 1, 3), (65420, 4, 1, 1), (65421, 11, 1, lens),
    ]  # fmt: skip
    data[4:12] = struct.pack("<Q", len(data))
    data += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return bytes(data + bytes(8 + 4 * len(tags)))
