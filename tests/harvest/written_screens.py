"""Lists and logs of screens, as Harmony and CellVoyager write them beside their TIFFs."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence

from tests.harvest import written

SHARED = """<ChannelName>{name}</ChannelName><ChannelType>{kind}</ChannelType>
<ImageResolutionX Unit="m">{pixel}</ImageResolutionX><ImageResolutionY Unit="m">{pixel}</ImageResolutionY>
<ImageSizeX>8</ImageSizeX><ImageSizeY>6</ImageSizeY><BinningX>2</BinningX><BinningY>2</BinningY>
<CameraType>AndorZylaCam</CameraType><MainExcitationWavelength Unit="nm">{light}</MainExcitationWavelength>
<MainEmissionWavelength Unit="nm">{seen}</MainEmissionWavelength>
<ObjectiveMagnification Unit="">40</ObjectiveMagnification>
<ObjectiveNA Unit="">1.1</ObjectiveNA><ExposureTime Unit="s">0.06</ExposureTime>"""
LIGHTS = (("DAPI", "Fluorescence", "375", "456"), ("Brightfield", "Brightfield", "740", "760"))
Place = tuple[int, int, int]


def harmony_name(row: int, column: int, field: int, channel: int) -> str:
    return f"r{row:02}c{column:02}f{field:02}p01-ch{channel}sk1fk1fl1.tiff"


def harmony(
    places: Sequence[Place] = ((2, 3, 1), (16, 24, 1)), pixels: Sequence[str] = ("2.99E-07",), once: bool = False
) -> bytes:
    """`places`: row, column and field of each image; `pixels`: of each channel (one: the same); `once`: what the images
    of a channel share stands once, as Harmony 7 has it."""
    said = []
    for number, (name, kind, light, seen) in enumerate(LIGHTS):
        pixel = pixels[number % len(pixels)]
        said.append(SHARED.format(name=name, kind=kind, pixel=pixel, light=light, seen=seen))
    images = "".join(
        f'<Image Version="1"><id>x</id><State>Ok</State><URL>{harmony_name(row, column, field, at)}</URL>'
        f"<Row>{row}</Row><Col>{column}</Col><FieldID>{field}</FieldID><ChannelID>{at}</ChannelID>"
        f"{'' if once else shared}</Image>"
        for row, column, field in places
        for at, shared in enumerate(said, start=1)
    )
    entries = "".join(f'<Entry ChannelID="{at}">{shared}</Entry>' for at, shared in enumerate(said, start=1))
    maps = f"<Maps><Map>{entries}</Map></Maps>" if once else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?><EvaluationInputData Version="1" '
        'xmlns="http://www.perkinelmer.com/PEHH/HarmonyV5"><User>Somebody</User><InstrumentType>Phenix</InstrumentType>'
        "<Plates><Plate><PlateID>P</PlateID><MeasurementStartTime>2024-01-02T03:04:05Z</MeasurementStartTime>"
        f"<Name>P7</Name></Plate></Plates>{maps}<Images>{images}</Images></EvaluationInputData>"
    ).encode("utf-8-sig")


def harmony_tiff() -> bytes:
    """One image: its resolution is that of the camera's pixels, and its XML names the instrument."""
    text = b"<TiffImageDescription><Type>Phenix</Type><Serial>1400L1</Serial></TiffImageDescription>"
    tags = [(65500, 1, len(text), text, True)]
    return written.tiff(resolution=(1550.3, 1550.3), resolutionunit=3, extratags=tags)


BTS = 'xmlns:bts="http://www.yokogawa.co.jp/BTS/BTSSchema/1.0"'
MLF = "MeasurementData.mlf"
DYES = (
    ("1", "405", "BP445/45", "405nm", "ConfocalFluorescence"),
    ("3", "Brightfield", "BP525/50", "Lamp", "Brightfield"),
)


def cellvoyager_name(row: int, column: int, channel: str) -> str:
    return f"Assay_{chr(64 + row)}{column:02}_T0001F001L01A01Z01C{int(channel):02}.tif"


def cellvoyager(
    places: Sequence[tuple[int, int]] = ((2, 3), (16, 24)), pixels: Sequence[str] = ("0.325",)
) -> dict[str, bytes]:
    """The three logs of a folder, with a channel that no image shows among them. `pixels`: of each channel."""
    records = "".join(
        f'<bts:MeasurementRecord bts:Type="IMG" bts:Time="x" bts:Column="{column}" bts:Row="{row}" bts:FieldIndex="1" '
        f'bts:Ch="{dye[0]}">{cellvoyager_name(row, column, dye[0])}</bts:MeasurementRecord>'
        for row, column in places
        for dye in DYES
    )
    failed = '<bts:MeasurementRecord bts:Type="ERR" bts:Column="1" bts:Row="1">a path: C:\\x</bts:MeasurementRecord>'
    detail = "".join(
        f'<bts:MeasurementChannel bts:Ch="{ch}" bts:HorizontalPixelDimension="{pixel}" '
        f'bts:VerticalPixelDimension="{pixel}" bts:HorizontalPixels="8" bts:VerticalPixels="6" />'
        for ch, pixel in (("1", pixels[0]), ("2", "9.9"), ("3", pixels[-1]))
    )
    unused = '<bts:Channel bts:Ch="2" bts:Objective="4x" bts:Magnification="4" bts:Binning="4"/>'
    channels = "".join(
        f'<bts:Channel bts:Ch="{ch}" bts:Target="{name}" bts:Objective="20x v2" bts:Magnification="20" '
        f'bts:Acquisition="{band}" bts:ExposureTime="100" bts:Binning="1" bts:Kind="{kind}" bts:Fluorophore="">'
        f"<bts:LightSourceName>{light}</bts:LightSourceName></bts:Channel>"
        for ch, name, band, light, kind in DYES
    )
    lights = (
        '<bts:LightSource bts:Name="405nm" bts:WaveLength="405"/><bts:LightSource bts:Name="Lamp" bts:WaveLength="0"/>'
    )
    return {
        MLF: f"<bts:MeasurementData bts:Version='1.0' {BTS}>{failed}{records}</bts:MeasurementData>".encode(),
        "MeasurementDetail.mrf": (
            f'<bts:MeasurementDetail bts:Version="1.0" bts:OperatorName="somebody" bts:BeginTime="2024-01-02T03:04:05" '
            f'bts:MeasurementSettingFileName="own.mes" bts:TargetSystem="CV8000" {BTS}>'
            f'<bts:MeasurementSamplePlate bts:Name="P7"/>{detail}</bts:MeasurementDetail>'
        ).encode("utf-8-sig"),
        "own.mes": (
            f"<bts:MeasurementSetting bts:Version='1.0' {BTS}><bts:LightSourceList>{lights}</bts:LightSourceList>"
            f"<bts:ChannelList>{channels}{unused}</bts:ChannelList></bts:MeasurementSetting>"
        ).encode(),
    }


NDTIFF = [{"channel": c, "z": z, "time": t} for t in range(2) for z in (-1, 4, 7) for c in ("DAPI", "Cy5")]


def ndtiff(*places: Mapping[str, object], name: str = "run_NDTiffStack.tif") -> bytes:
    """The index of an NDTiff dataset: the axes of each image of a file."""
    made = b""
    for place in places:
        for text in (json.dumps(place).encode(), name.encode()):
            made += struct.pack("<I", len(text)) + text
        made += struct.pack("<8I", 1, 8, 6, 1, 0, 2, 3, 0)
    return made


METASERIES = (
    '<MetaData><PlaneInfo><prop id="spatial-calibration-state" value="on"/><prop id="spatial-calibration-x" '
    'value="0.645"/><prop id="spatial-calibration-y" value="0.645"/><prop id="spatial-calibration-units" value="um"/>'
    '<prop id="_IllumSetting_" value="DAPI"/><prop id="_MagNA_" value="0.75"/><prop id="camera-binning-x" value="2"/>'
    '<prop id="camera-binning-y" value="2"/><prop id="Exposure Time" value="50 ms"/></PlaneInfo></MetaData>'
)
PIXELS_ALONE = (
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
    '<BinaryOnly MetadataFile="a.companion.ome" UUID="urn:uuid:0"/></OME>'
)


def formats() -> dict[str, bytes]:
    """One of each, by name."""
    return {
        "Index.idx.xml": harmony(),
        "Index.xml": harmony(once=True),
        "r01c01.tiff": harmony_tiff(),
        **cellvoyager(),
        "A01_w1.tif": written.tiff(description=METASERIES),
        "a_alone.ome.tif": written.tiff(3, description=PIXELS_ALONE),
    }
