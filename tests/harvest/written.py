"""Small files of every format, written for tests: name -> bytes (or a folder), in the layouts of their makers."""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EPU = """<MicroscopeImage xmlns="http://schemas.datacontract.org/2004/07/Fei.SharedObjects" xmlns:a="a">
<CustomData>{custom}</CustomData>
<SpatialScale><pixelSize><x><numericValue>{pixel}</numericValue></x><y><numericValue>{pixel}</numericValue></y></pixelSize>
</SpatialScale><microscopeData><acquisition><acquisitionDateTime>2024-01-02T03:04:05Z</acquisitionDateTime><camera>
<Binning><a:x>{binning}</a:x><a:y>{binning}</a:y></Binning><CameraSpecificInput>
<a:KeyValueOfstringanyType><a:Key>SuperResolutionFactor</a:Key><a:Value>{factor}</a:Value></a:KeyValueOfstringanyType>
<a:KeyValueOfstringanyType><a:Key>ElectronCountingEnabled</a:Key><a:Value>true</a:Value></a:KeyValueOfstringanyType>
<a:KeyValueOfstringanyType><a:Key>FractionationSettings</a:Key>
<a:Value><b:NumberOffractions xmlns:b="b">{frames}</b:NumberOffractions></a:Value></a:KeyValueOfstringanyType>
</CameraSpecificInput><ReadoutArea><a:height>{high}</a:height><a:width>{wide}</a:width></ReadoutArea></camera></acquisition>
<core><ApplicationSoftware>EPU</ApplicationSoftware><ApplicationSoftwareVersion>3.9.1</ApplicationSoftwareVersion></core>
<gun><AccelerationVoltage>200000</AccelerationVoltage></gun><instrument><ComputerName>GLACIOS-9954123</ComputerName>
<InstrumentID>4711</InstrumentID><InstrumentModel>GLACIOS-9954123</InstrumentModel></instrument><optics>
<TemMagnification><NominalMagnification>120000</NominalMagnification></TemMagnification></optics>
<stage><Position><A>0.5</A></Position></stage></microscopeData></MicroscopeImage>"""


def epu(
    pixel: str = "7.3E-11", binning: int = 1, factor: int = 1, frames: int = 40, wide: int = 64, high: int = 48
) -> bytes:
    pairs = {"Dose": "4.05E+21", "AppliedDefocus": "-1.75E-06", "DetectorCommercialName": "Falcon 4i"}
    custom = "".join(
        f"<a:KeyValueOfstringanyType><a:Key>{k}</a:Key><a:Value>{v}</a:Value></a:KeyValueOfstringanyType>"
        for k, v in pairs.items()
    )
    return EPU.format(
        custom=custom, pixel=pixel, binning=binning, factor=factor, frames=frames, wide=wide, high=high
    ).encode()


def mrc(
    sizes: tuple[int, int, int] = (8, 6, 4),
    cell: tuple[float, float, float] = (12.0, 9.0, 10.0),
    grid: tuple[int, int, int] | None = None,
    axes: tuple[int, int, int] = (1, 2, 3),
    mode: int = 2,
    ispg: int = 1,
    stamp: bytes = b"MAP ",
    order: str = "<",
    extended: bytes = b"",
    kind: bytes = b"\0\0\0\0",
) -> bytes:
    head = bytearray(1024)
    struct.pack_into(order + "10i", head, 0, *sizes, mode, 0, 0, 0, *(grid or sizes))
    struct.pack_into(order + "6f", head, 40, *cell, 90, 90, 90)
    struct.pack_into(order + "3i", head, 64, *axes)
    struct.pack_into(order + "2i", head, 88, ispg, len(extended))
    head[104:108] = kind
    head[208:212] = stamp
    width = {0: 1, 1: 2, 2: 4, 6: 2, 12: 2}[mode]
    return bytes(head) + extended + bytes(sizes[0] * sizes[1] * sizes[2] * width)


def deltavision(sizes: tuple[int, int, int] = (8, 6, 12), waves: int = 2, times: int = 3) -> bytes:
    head = bytearray(1024)
    struct.pack_into("<4i", head, 0, *sizes, 6)
    struct.pack_into("<3f", head, 40, 0.1, 0.1, 0.25)
    struct.pack_into("<h", head, 96, -16224)
    struct.pack_into("<2h", head, 180, times, 0)
    struct.pack_into("<6h", head, 196, waves, 457, 528, 0, 0, 0)
    return bytes(head) + bytes(sizes[0] * sizes[1] * sizes[2] * 2)


MDOC = """PixelSpacing = 2.5
Voltage = 200
Version = SerialEM Version 4.1.2 64-bit
ImageFile = TS_7.mrc
ImageSize = 400 300
DataMode = 1

[T = SerialEM: Some Talos Camera -> 0:Falcon 4 12-Dec-23 10:00:00]
[T = Tilt axis angle = -86.5, binning = 2 spot = 6 camera = 0]
"""


def mdoc(tilts: tuple[float, ...] = (-6.0, -3.0, 0.0, 3.0, 6.0), dose: str = "3.0", defocus: str = "-3.0") -> bytes:
    sections = "".join(
        f"\n[ZValue = {n}]\nTiltAngle = {t}\nExposureDose = {dose}\nMagnification = 53000\nTargetDefocus = {defocus}\n"
        f"RotationAngle = 3.5\nSubFramePath = X:\\people\\ada\\frames\\TS_7_{n:03}.eer\nNumSubFrames = 9\n"
        for n, t in enumerate(tilts)
    )
    return (MDOC + sections).encode()


OME = """<?xml version="1.0" encoding="UTF-8"?>
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
<Experimenter ID="Experimenter:0" FirstName="Ada" LastName="Beispiel" Email="ada@example.org"/>
<Instrument ID="Instrument:0"><Microscope Manufacturer="Acme" Model="Scope 3" SerialNumber="S-77"/>
<Detector ID="Detector:0" Model="Cam 9" Type="CMOS"/>
<Objective ID="Objective:0" Model="Plan 40x" LensNA="1.3" NominalMagnification="40" Immersion="Oil"/></Instrument>
<Image ID="Image:0" Name="C:\\Users\\ada\\run 1.tif"><InstrumentRef ID="Instrument:0"/>
<ObjectiveSettings ID="Objective:0"/><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="{kind}"
SizeX="{x}" SizeY="{y}" SizeZ="{z}" SizeC="{c}" SizeT="{t}" {more}>
{channels}{inside}</Pixels></Image></OME>"""


def ome(
    more: str = 'PhysicalSizeX="0.25" PhysicalSizeY="0.25" PhysicalSizeZ="1.5"', inside: str = "", **sizes: Any
) -> bytes:
    wanted = {"x": 8, "y": 6, "z": 2, "c": 2, "t": 1, "kind": "uint16"} | sizes
    channels = "".join(
        f'<Channel ID="Channel:0:{n}" Name="ch{n}" SamplesPerPixel="1" EmissionWavelength="5{n}0"/>'
        for n in range(wanted["c"])
    )
    return OME.format(more=more, channels=channels, inside=inside, **wanted).encode()


CZI_XML = """<ImageDocument><Metadata><Information><Document><UserName>M9ADA</UserName></Document>
<Application><Name>ZEN</Name><Version>3.9</Version></Application>
<Image><SizeX>{said}</SizeX><SizeY>{said}</SizeY><SizeZ>1</SizeZ>
<Dimensions><Channels><Channel Id="Channel:0" Name="AF"><ExposureTime>50000000</ExposureTime><Fluor>EGFP</Fluor>
<ExcitationWavelength>488</ExcitationWavelength><IlluminationWavelength><Ranges>470-490</Ranges></IlluminationWavelength>
</Channel></Channels></Dimensions></Image></Information>
<Scaling><Items><Distance Id="X"><Value>{scale}</Value></Distance><Distance Id="Y"><Value>{scale}</Value></Distance>
<Distance Id="Z"><Value>1.595E-07</Value></Distance></Items></Scaling></Metadata></ImageDocument>"""


def czi(
    axes: Mapping[str, tuple[int, int]] | None = None, scale: str = "1.1E-07", said: int = 20, xml: bytes | None = None
) -> bytes:
    """`axes`: axis -> (size in one sub-block, number of sub-blocks along it)."""
    axes = axes or {"X": (20, 1), "Y": (10, 1), "C": (1, 1)}
    xml = CZI_XML.format(scale=scale, said=said).encode() if xml is None else xml
    entries = b""
    total = math.prod(n for _, n in axes.values())
    for index in range(total):
        dims, rest = b"", index
        for axis, (size, n) in axes.items():
            dims += struct.pack("<4siifi", axis.encode(), (rest % n) * size, size, 0.0, size)
            rest //= n
        entries += b"DV" + struct.pack("<iqii6xi", 1, 0, 0, 0, len(axes)) + dims
    metadata = (
        b"ZISRAWMETADATA\0\0" + struct.pack("<qq", 256 + len(xml), 256 + len(xml)) + struct.pack("<ii", len(xml), 0)
    )
    metadata += bytes(248) + xml
    directory_at = 32 + 512 + len(metadata)
    body = struct.pack("<i", total) + bytes(124) + entries
    directory = b"ZISRAWDIRECTORY\0" + struct.pack("<qq", len(body), len(body)) + body
    head = b"ZISRAWFILE\0\0\0\0\0\0" + struct.pack("<qq", 512, 512) + struct.pack("<iiii", 1, 0, 0, 0) + bytes(32)
    head += struct.pack("<iqqiq", 0, directory_at, 544, 0, 0)
    return head.ljust(544, b"\0") + metadata + directory


def ser(scale: float = 2.5e-9, count: int = 1, sizes: tuple[int, int] = (8, 6)) -> bytes:
    first = 30 + 8 * count
    head = struct.pack("<HHHIIII", 0x4949, 0x0197, 0x0220, 0x4122, 0x4152, count, count) + struct.pack("<Q", 30)
    element = struct.pack("<ddi", 0, scale, 0) + struct.pack("<ddi", 0, scale, 0) + struct.pack("<Hii", 2, *sizes)
    element += bytes(sizes[0] * sizes[1] * 2)
    places = b"".join(struct.pack("<Q", first + n * len(element)) for n in range(count))
    return head + places + element * count


EMI_XML = (
    "<ObjectInfo><ExperimentalConditions><MicroscopeConditions><AcceleratingVoltage>300000</AcceleratingVoltage>"
    "</MicroscopeConditions></ExperimentalConditions><ExperimentalDescription><Root>"
    "<Data><Label>User</Label><Value>ADA</Value><Unit/></Data><Data><Label>Magnification</Label><Value>80000</Value>"
    "<Unit>x</Unit></Data></Root></ExperimentalDescription></ObjectInfo>"
)


def emi() -> bytes:
    return b"JK\0\2" + bytes(60) + EMI_XML.encode() + bytes(40)


def _dm_tag(name: str, body: bytes, kind: int) -> bytes:
    return struct.pack(">BH", kind, len(name)) + name.encode("latin-1") + body


def _dm_value(name: str, code: int, form: str, value: float) -> bytes:
    return _dm_tag(name, b"%%%%" + struct.pack(">2I", 1, code) + struct.pack("<" + form, value), 21)


def _dm_text(name: str, text: str) -> bytes:
    return _dm_tag(name, b"%%%%" + struct.pack(">4I", 3, 20, 4, len(text)) + text.encode("utf-16-le"), 21)


def _dm_group(name: str, *tags: bytes) -> bytes:
    return _dm_tag(name, struct.pack(">2BI", 1, 0, len(tags)) + b"".join(tags), 20)


def dm3(
    units: tuple[str, ...] = ("nm", "Å"),
    scales: tuple[float, ...] = (1.0, 2.0),
    form: str = "",
    magnification: float = 0.0,
    modes: Mapping[str, str] | None = None,
    binning: tuple[int, int] | None = None,
) -> bytes:
    lengths = (8, 6, 5)[: len(units)]
    axes = [
        _dm_group("", _dm_value("Scale", 6, "f", s), _dm_text("Units", u)) for u, s in zip(units, scales, strict=True)
    ]
    data = _dm_group(
        "ImageData",
        _dm_group("Calibrations", _dm_group("Dimension", *axes)),
        _dm_value("DataType", 5, "I", 2),
        _dm_group("Dimensions", *(_dm_value("", 5, "I", n) for n in lengths)),
    )
    said = [_dm_text(key, text) for key, text in (modes or {}).items()]
    said += [_dm_value("Indicated Magnification", 7, "d", magnification)] if magnification else []
    info = _dm_group("Microscope Info", _dm_value("Voltage", 7, "d", 80000.0), _dm_value("Cs(mm)", 7, "d", 1.2), *said)
    tags = [info, _dm_group("Meta Data", _dm_text("Format", form))] if form else [info]
    if binning:
        pair = b"%%%%" + struct.pack(">8I", 7, 15, 0, 2, 0, 3, 0, 3) + struct.pack("<2i", *binning)
        level = _dm_group("High Level", _dm_tag("Binning", pair, 21))
        tags.append(_dm_group("Acquisition", _dm_group("Parameters", level)))
    root = _dm_group("ImageList", _dm_group("", data, _dm_group("ImageTags", *tags)))
    body = struct.pack(">2BI", 1, 0, 1) + root
    return struct.pack(">3I", 3, len(body), 1) + body + bytes(8)


def fibsem(version: int = 8, pixel: float = 4.0) -> bytes:
    head = bytearray(1024)
    head[:4] = b"\xd3\xed\xf5\xf2"
    struct.pack_into(">H", head, 4, version)
    head[32], head[33] = 2, 0
    struct.pack_into(">2I", head, 100, 8, 6)
    if version < 3:
        struct.pack_into(">3d", head, 416, pixel, 5.0, 1.2)
    else:
        struct.pack_into(">3f", head, 464, pixel, 5.0, 1.2)
    head[800:808] = b"FIB-0042"
    return bytes(head) + bytes(8 * 6 * 2 * 2)


STAR = """
data_optics

loop_
_rlnOpticsGroup #1
_rlnVoltage #2
_rlnSphericalAberration #3
_rlnImagePixelSize #4
_rlnImageSize #5
1 300.0 2.7 1.05 128

data_particles

loop_
_rlnImageName #1
_rlnOpticsGroup #2
000001@Extract/stack.mrcs 1
000002@Extract/stack.mrcs 1
000003@Extract/stack.mrcs 1
"""


def png(wide: int = 8, high: int = 6) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", wide, high, 8, 2, 0, 0, 0) + bytes(20)


def jpeg(wide: int = 8, high: int = 6) -> bytes:
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\1\0\x48\0\x48\0\0"
        + b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, high, wide, 1) + bytes(8)
    )  # fmt: skip


def zarr(folder: Path, version: str = "0.4", base: str = "0.5", level: str = "2") -> Path:
    """An image of 3 channels; the pixel size is base × level."""
    axes = [{"name": "c", "type": "channel"}, *({"name": a, "type": "space", "unit": "micrometer"} for a in "zyx")]
    scale = {
        "axes": axes,
        "datasets": [
            {"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1, *([float(base)] * 2)]}]}
        ],
        "coordinateTransformations": [{"type": "scale", "scale": [1, 1, *([float(level)] * 2)]}],
        "name": "image",
    }
    shown = {"channels": [{"label": n} for n in ("DAPI", "GFP", "RFP")]}
    (folder / "0").mkdir(parents=True)
    if version == "0.4":
        (folder / ".zgroup").write_text('{"zarr_format": 2}')
        (folder / ".zattrs").write_text(json.dumps({"multiscales": [scale], "omero": shown}))
        (folder / "0" / ".zarray").write_text(json.dumps({"shape": [3, 4, 6, 8], "dtype": "<u2", "zarr_format": 2}))
    else:
        inner = {"version": "0.5", "multiscales": [scale], "omero": shown}
        (folder / "zarr.json").write_text(json.dumps({"zarr_format": 3, "attributes": {"ome": inner}}))
        array = {"shape": [3, 4, 6, 8], "data_type": "uint16", "zarr_format": 3, "node_type": "array"}
        (folder / "0" / "zarr.json").write_text(json.dumps(array))
    return folder


def tiff(pages: int = 1, kind: str = "uint16", **options: Any) -> bytes:
    """By tifffile; `options` as its writer takes them, for the first page."""
    import numpy
    import tifffile

    made = io.BytesIO()
    shape = options.pop("shape", (6, 8))
    how = {k: options.pop(k) for k in ("bigtiff", "imagej", "byteorder") if k in options}
    metadata = options.pop("metadata", None)
    with tifffile.TiffWriter(made, **how) as file:
        if how.get("imagej"):
            file.write(numpy.zeros(shape, kind), metadata=metadata, **options)
        else:
            for page in range(pages):
                file.write(numpy.zeros(shape, kind), metadata=None, **(options if not page else {}))
    return made.getvalue()


def imaris(attributes: bool = True) -> bytes:
    import h5py
    import numpy

    def chars(text: str) -> Any:
        return numpy.array([c.encode() for c in text], "S1")

    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        channel = file.create_group("DataSet/ResolutionLevel 0/TimePoint 0/Channel 0")
        channel.create_dataset("Data", data=numpy.zeros((4, 16, 16), "u1"), compression="gzip")
        info = file.create_group("DataSetInfo/Image")
        for side, values in (("Min", ("0", "0", "0")), ("Max", ("5.0", "3.0", "2.0"))):
            for place, value in enumerate(values):
                info.attrs[f"Ext{side}{place}"] = chars(value)
        sizes = {"X": "10", "Y": "12", "Z": "2"}
        for axis, size in sizes.items():
            channel.attrs[f"ImageSize{axis}"] = chars(size)
            if attributes:
                info.attrs[axis] = chars(size)
        named = file.create_group("DataSetInfo/Channel 0")
        named.attrs["Name"] = chars("GFP")
        named.attrs["LSMEmissionWavelength"] = chars("525")
    return made.getvalue()


def velox(frames: int = 3, said: Mapping[str, Any] | None = None, kind: Any = "u2") -> bytes:
    """`said`: the metadata in place of those of a usual microscope; `kind`: of its pixels."""
    import h5py
    import numpy

    said = said or {
        "Instrument": {"InstrumentModel": "Talos F200X", "ComputerName": "LAB-PC7"},
        "Optics": {"AccelerationVoltage": "200000"},
        "BinaryResult": {"PixelSize": {"width": "2.5e-11", "height": "2.5e-11"}, "PixelUnitX": "m", "PixelUnitY": "m"},
        "Scan": {"DwellTime": "4e-06"},
    }
    text = numpy.zeros((2000, frames), "u1")
    raw = json.dumps(said).encode()
    text[: len(raw), :] = numpy.frombuffer(raw, "u1")[:, None]
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        group = file.create_group("Data/Image/0123456789abcdef")
        group.create_dataset("Data", data=numpy.zeros((6, 8, frames), kind))
        group.create_dataset("Metadata", data=text)
    return made.getvalue()


def dicom() -> bytes:
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    data.PatientName, data.ReferringPhysicianName = "Beispiel^Ada", "Muster^Max"
    data.Manufacturer, data.ManufacturerModelName, data.DeviceSerialNumber = "Acme", "Slide 2", "SN-5"
    data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows = 1000, 800
    data.Rows, data.Columns, data.NumberOfFrames, data.SamplesPerPixel = 256, 256, 16, 3
    data.BitsAllocated, data.PixelRepresentation = 8, 0
    data.PixelSpacing = ["0.0005", "0.00025"]
    made = io.BytesIO()
    pydicom.dcmwrite(made, data, enforce_file_format=True)
    return made.getvalue()


def all_formats() -> dict[str, bytes]:
    """One file a format, by a name of that format."""
    return {
        "a.mrc": mrc(),
        "a.dv": deltavision(),
        "a.mdoc": mdoc(),
        "a_epu.xml": epu(),
        "a.czi": czi(),
        "a.dm3": dm3(),
        "a.ser": ser(),
        "a.emi": emi(),
        "a.ome.xml": ome(),
        "a.star": STAR.encode(),
        "a.dat": fibsem(),
        "a.png": png(),
        "a.jpg": jpeg(),
        "a.tif": tiff(resolution=(40000, 40000), resolutionunit=3),
        "a.ome.tif": tiff(4, description=ome().decode()),
        "a_ij.tif": tiff(imagej=True, shape=(3, 6, 8), resolution=(4, 4), metadata={"axes": "ZYX", "unit": "um"}),
        "a.ims": imaris(),
        "a.emd": velox(),
        "a.dcm": dicom(),
    }
