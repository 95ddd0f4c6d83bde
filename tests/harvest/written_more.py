"""More files written here: formats of which the package has readers, and whose own programs are not to be had."""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

HITACHI = """[SemImageFile]\r\nInstructName=SU8230\r\nSerialNumber=HI-0815\r\nUserName=ada\r\nImageName=a.tif\r
DataSize=8x6\r\nPixelSize=4.961\r\nMagnification=20000\r\nAcceleratingVoltage=5000 Volt\r\nWorkingDistance=8200 um\r
SignalName=SE(UL)\r\nDate=01/02/2024\r\nTime=11:12:13\r\n"""
JEOL = """$CM_FORMAT Format1\r\n$CM_INSTRUMENT JSM-7800F\r\n$CM_USER ada\r\n$CM_ACCEL_VOLT 15\r\n$CM_MAG 10000\r
$CM_FULL_SIZE 8 6\r\n$CM_SIGNAL LED\r\n$$SM_WD 9.8\r\n$$SM_MICRON_BAR 120\r\n$$SM_MICRON_MARKER 1um\r\n"""
TESCAN = """[MAIN]\r\nDevice=TESCAN CLARA\r\nSerialNumber=TE-42\r\nUserName=ada\r\nMagnification=5000\r
PixelSizeX=2.0E-8\r\nPixelSizeY=2.5E-8\r\n[SEM]\r\nHV=10000\r\nWD=0.0061\r\nPredictedBeamCurrent=1E-10\r
DwellTime=3.2E-6\r\nGun=Schottky\r\nDetector0=SE\r\n"""
CHANNEL = """<ChannelDescription DataType="0" ChannelTag="0" Resolution="8" NameOfMeasuredQuantity="" Min="0" Max="255"
Unit="" LUTName="Green" IsLUTInverted="0" BytesInc="{start}" BitInc="0"/>"""
LIF = """<LMSDataContainerHeader Version="2"><Element Name="ada.lif"><Children><Element Name="{name}">
<Data><Image><ImageDescription><Channels>{channels}</Channels><Dimensions>{dimensions}</Dimensions></ImageDescription>
<Attachment Name="HardwareSetting" SystemTypeName="TCS SP8" Software="LAS X 9.9">{settings}</Attachment>
<TimeStampList>1da3d285848c080 1da3d285848c1ca</TimeStampList></Image></Data>
<Memory Size="{size}" MemoryBlockID="MemBlock_1"/></Element></Children></Element></LMSDataContainerHeader>"""
CONFOCAL = """<ATLConfocalSettingDefinition ObjectiveName="HC PL 63x/1.30" Magnification="63"
NumericalAperture="1.3" Immersion="GLYC" PinholeAiry="1"/>"""
_IDS = {"X": 1, "Y": 2, "Z": 3, "T": 4}


def lif(axes: Mapping[str, tuple[int, str, str]], settings: str = CONFOCAL) -> bytes:
    """One image: axis, fastest first -> (number, length, unit); C is the number of its channels."""
    size, dimensions = 1, ""
    axes = dict(axes)
    channels = axes.pop("C", (1, "", ""))[0]
    for axis, (count, length, unit) in axes.items():
        dimensions += (
            f'<DimensionDescription DimID="{_IDS[axis]}" NumberOfElements="{count}" Origin="0" Length="{length}" '
            f'Unit="{unit}" BitInc="0" BytesInc="{size}"/>'
        )
        size *= count
    names = "".join(CHANNEL.format(start=n * size) for n in range(channels))
    size *= channels
    xml = LIF.format(name="xz", channels=names, dimensions=dimensions, size=size, settings=settings).replace("\n", " ")
    text, block = xml.encode("utf-16-le"), "MemBlock_1".encode("utf-16-le")
    head = struct.pack("<IIBI", 0x70, len(text) + 5, 0x2A, len(xml)) + text
    memory = struct.pack("<IIBQBI", 0x70, 14 + len(block), 0x2A, size, 0x2A, len("MemBlock_1")) + block
    return head + memory + bytes(size)


def nifti(sizes: Sequence[int] = (8, 6, 4), steps: Sequence[float] = (0.5, 0.25, 2.0), **how: Any) -> bytes:
    """`how`: order, units (code of space and time), packed, version."""
    order, units = how.get("order", "<"), how.get("units", 3)
    dims = (len(sizes), *sizes, *[1] * (7 - len(sizes)))
    pixdim = (1.0, *steps, *[0.0] * (7 - len(steps)))
    if how.get("version") == 2:
        head = bytearray(544)
        struct.pack_into(order + "i8shh", head, 0, 540, b"n+2\0\r\n\x1a\n", 4, 16)
        struct.pack_into(order + "8q", head, 16, *dims)
        struct.pack_into(order + "8d", head, 104, *pixdim)
        struct.pack_into(order + "i", head, 500, units)
    else:
        head = bytearray(352)
        struct.pack_into(order + "i", head, 0, 348)
        struct.pack_into(order + "8h", head, 40, *dims)
        struct.pack_into(order + "hh", head, 70, 4, 16)
        struct.pack_into(order + "8f", head, 76, *pixdim)
        head[123] = units
        head[344:348] = b"n+1\0"
    whole = bytes(head) + bytes(400)
    return gzip.compress(whole, mtime=0) if how.get("packed") else whole


def nrrd(*lines: str) -> bytes:
    given = lines or (
        "type: unsigned short", "dimension: 3", "sizes: 8 6 4", 'space units: "µm" "µm" "µm"',
        "space directions: (0.5,0,0) (0,0.25,0) (0,0,2)", "encoding: gzip",
    )  # fmt: skip
    return "\n".join(("NRRD0005", "# written here", *given, "key:=C:\\Users\\ada", "", "")).encode() + bytes(64)


def hdf5(data: Mapping[str, tuple[Sequence[int], Mapping[str, Any]]], **root: Any) -> bytes:
    """name -> (shape, attributes); a shape of floats is a vector of these values. `root`: attributes of the file."""
    import h5py
    import numpy

    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.attrs.update(root)
        for name, (shape, attributes) in data.items():
            vector = any(isinstance(n, float) for n in shape)
            values = numpy.array(shape, "float32") if vector else numpy.zeros(tuple(shape), "uint16")
            item = file.create_dataset(name, data=values)
            for key, value in attributes.items():
                if key == "labels":
                    for place, label in enumerate(value):
                        item.dims[place].label = label
                elif key == "group":
                    item.parent.attrs.update(value)
                else:
                    item.attrs[key] = value
    return made.getvalue()


def axistags(letters: str) -> str:
    return json.dumps({"axes": [{"key": a, "typeFlags": 2, "resolution": 0, "description": ""} for a in letters]})


def ncem() -> bytes:
    step = {"units": "[n_m]"}
    return hdf5(
        {
            "data/one/data": ((12, 10), {"group": {"emd_group_type": 1}}),
            "data/one/dim1": ((0.1, 0.3, 0.5), {"name": "R_x", **step}),
            "data/one/dim2": ((0.0, 0.25, 0.5), {"name": "R_y", **step}),
        },
        version_major=0,
        version_minor=2,
    )


def formats() -> dict[str, bytes]:
    """One file a format, by a name of that format."""
    return {
        "a.lif": lif({"X": (8, "7e-6", "m"), "Y": (6, "5e-6", "m")}),
        "a.nii": nifti(),
        "b.nii": nifti(version=2),
        "a.nrrd": nrrd(),
        "b.emd": ncem(),
        "a.h5": hdf5({"a": ((3, 12, 10), {"axistags": axistags("zyx")})}),
        "a.txt": HITACHI.encode(),
        "b.txt": JEOL.encode(),
        "a.hdr": TESCAN.encode(),
    }
