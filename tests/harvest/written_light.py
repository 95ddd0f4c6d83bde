"""Files of light microscopes as ICS, OIR and IN Cell Analyzer have them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

ICS_SIZES = {"bits": 16, "x": 8, "y": 6, "z": 3, "ch": 2, "t": 4}


def ics(
    sizes: Mapping[str, int] | None = None,
    scale: Sequence[str] = ("1", "0.25", "0.5", "2.0", "1", "1.5"),
    units: Sequence[str] = ("relative", "micrometers", "micrometers", "micrometers", "undefined", "seconds"),
    mark: str = "\t",
    kind: tuple[str, str] = ("integer", "unsigned"),
) -> bytes:
    """Version 2. `sizes`: fastest first; `mark`: what stands between the words."""
    named = sizes or ICS_SIZES
    lines = [
        f"{mark}\n",
        ("ics_version", "2.0"),
        ("filename", "C:\\Users\\ada\\a"),
        ("layout", "parameters", str(len(named))),
        ("layout", "order", *named),
        ("layout", "sizes", *map(str, named.values())),
        ("layout", "significant_bits", "12"),
        ("representation", "format", kind[0]),
        ("representation", "sign", kind[1]),
        ("representation", "compression", "uncompressed"),
        ("parameter", "scale", *scale),
        ("parameter", "units", *units),
        ("history", "author", "ada@example.org"),
        ("end",),
    ]
    return "".join(line if isinstance(line, str) else mark.join(line) + "\n" for line in lines).encode() + bytes(64)


CHANNELS = ("0a0b0c0d-1111-2222-3333-444444444444", "0a0b0c0d-5555-6666-7777-888888888888")
_PROPERTIES = """<?xml version="1.0" encoding="ASCII"?>
<lsmimage:imageProperties xmlns:lsmimage="l" xmlns:base="b" xmlns:commonimage="i" xmlns:commonphase="p"
 xmlns:commonparam="c" xmlns:opticalelement="o"><commonimage:general>
<base:creationDateTime>2025-07-28T15:36:14.925-04:00</base:creationDateTime><base:userName>ada</base:userName>
</commonimage:general><commonimage:system><base:systemName>FV3000</base:systemName></commonimage:system>
{info}<lsmimage:acquisition><lsmimage:microscopeConfiguration><opticalelement:objectiveLens>
<opticalelement:name>UPLSAPO60X</opticalelement:name><opticalelement:magnification>60.0</opticalelement:magnification>
<opticalelement:naValue>1.3</opticalelement:naValue><opticalelement:immersion>SILICONE_OIL</opticalelement:immersion>
</opticalelement:objectiveLens></lsmimage:microscopeConfiguration>
<lsmimage:imagingParam><commonparam:axis enable="true"><commonparam:axis>ZSTACK</commonparam:axis>
<commonparam:step>9</commonparam:step><commonparam:maxSize>99</commonparam:maxSize></commonparam:axis>
</lsmimage:imagingParam><lsmimage:phase>{settings}</lsmimage:phase>
<lsmimage:imagingMainLaser id="L1" enable="true"><commonparam:wavelength>488</commonparam:wavelength>
</lsmimage:imagingMainLaser><lsmimage:imagingMainLaser id="L2" enable="false"><commonparam:wavelength>561
</commonparam:wavelength></lsmimage:imagingMainLaser></lsmimage:acquisition></lsmimage:imageProperties>"""
_SETTINGS = """<lsmimage:channel id="{id}" order="{order}" enable="true"><commonphase:name>CH{order}</commonphase:name>
<lsmimage:laserDataId>L{order}</lsmimage:laserDataId><commonphase:dyeName>Dye {order}</commonphase:dyeName>
<commonphase:dyeData><commonphase:emissionWavelength>520</commonphase:emissionWavelength></commonphase:dyeData>
<commonphase:startWavelength>{start}</commonphase:startWavelength><commonphase:endWavelength>{end}
</commonphase:endWavelength></lsmimage:channel>"""
_CHANNEL = """<commonphase:channel id="{id}" order="{order}"><commonphase:name>CH{order}</commonphase:name>
<commonphase:length><commonparam:x>{x}</commonparam:x><commonparam:y>{y}</commonparam:y><commonparam:z>1.0
</commonparam:z></commonphase:length>{unit}</commonphase:channel>"""
_UNIT = """<commonphase:pixelUnit><commonphase:x>{0}</commonphase:x><commonphase:y>{0}</commonphase:y>
</commonphase:pixelUnit>"""
_AXIS = """<commonimage:axis><commonimage:axis>{name}</commonimage:axis><commonimage:step>{step}</commonimage:step>
<commonimage:maxSize>{size}</commonimage:maxSize></commonimage:axis>"""
_FRAME = """<?xml version="1.0" encoding="ASCII"?><lsmframe:frameProperties xmlns:lsmframe="f" xmlns:base="b"
 xmlns:commonframe="c"><commonframe:imageDefinition><base:width>8</base:width><base:height>{high}</base:height>
<base:depth>2</base:depth><base:bitCounts>12</base:bitCounts></commonframe:imageDefinition></lsmframe:frameProperties>"""


def oir(
    declared: Mapping[str, int] | None = None,
    planes: Sequence[str] = ("z001", "z002", "z003"),
    pixel: tuple[str, str] = ("0.621480569402239", "0.310740284701119"),
    unit: str = "MICRO_METER",
    high: int = 6,
) -> bytes:
    """`declared`: axis -> how many, as planned; `planes`: those that are stored, of two channels each."""
    blocks: list[bytes] = []

    def block(kind: int, content: bytes = b"") -> None:
        blocks.append(struct.pack("<2I", len(content), kind) + content)

    def documents(kind: int, *texts: str) -> None:
        plain = [t.encode() for t in texts]
        block(kind, bytes(36) + b"".join(struct.pack("<I", len(t)) + t for t in plain))

    axes = {"ZSTACK": 3} if declared is None else declared
    told = _UNIT.format(unit) if unit else ""
    channels = [(c, n, 500 + 50 * n, 540 + 50 * n) for n, c in enumerate(CHANNELS, start=1)]
    info = "".join(_CHANNEL.format(id=c, order=n, x=pixel[0], y=pixel[1], unit=told) for c, n, *_ in channels[::-1])
    info += "".join(_AXIS.format(name=n, step="-0.5", size=size) for n, size in axes.items())
    settings = "".join(_SETTINGS.format(id=c, order=n, start=a, end=b) for c, n, a, b in channels)
    begun = _PROPERTIES.format(info="", settings=settings)
    ended = _PROPERTIES.format(info=f"<commonimage:imageInfo>{info}</commonimage:imageInfo>", settings=settings)
    for number, plane in enumerate(planes):
        for channel in CHANNELS:
            for part in range(2):
                name, length = f"{plane}_0_1_{channel}_{part}".encode(), 8 * high
                block(3, struct.pack("<3I", part * length, length, len(name)) + name)
                block(4, bytes(length))
        documents(1, _FRAME.format(high=high))
        block(5)
        if number == 0:
            documents(0, begun)
    reference = f"REF_LSM0_{CHANNELS[0]}_1".encode()
    block(3, struct.pack("<3I", 0, 4, len(reference)) + reference)
    block(4, bytes(4))
    lut = '<?xml version="1.0"?><lut:LUT xmlns:lut="l"><lut:name>Green</lut:name></lut:LUT>'
    documents(0, '<?xml version="1.0"?><event:eventList xmlns:event="e"/>', ended, lut)
    places, at = [], 96
    for content in blocks:
        places.append(at)
        at += len(content)
    index = struct.pack(f"<I{len(places)}Q", 0xFFFFFFFF, *places)
    head = b"OLYMPUSRAWFORMAT" + struct.pack("<4I2Q", 12, 0, 1, 2, at + len(index), at)
    return head.ljust(72, b"\0") + b"FLUOVIEW".ljust(24, b"\0") + b"".join(blocks) + index


def incell_name(row: int, column: int, wave: str) -> str:
    return f"{chr(64 + row)} - {column}(fld 1 wv {wave} - {wave}).tif"


WAVES = (("DAPI", "350", "455"), ("FITC", "490", "525"))


def incell(places: Sequence[tuple[int, int]] = ((2, 3), (16, 24)), binning: str = "1 X 1", unit: str = "µm") -> bytes:
    """The list of a plate. `places`: row and column of each image, of two channels each."""
    images = "".join(
        f'<Image acquisition_time_ms="7" filename="{incell_name(row, column, name)}"><Well label="x">'
        f'<Row number="{row}"/><Column number="{column}"/></Well><Exposure time="100.0"/>'
        f'<Identifier field_index="0" time_index="0" wave_index="{wave}" z_index="0"/></Image>'
        for row, column in places
        for wave, (name, *_) in enumerate(WAVES)
    )
    waves = "".join(
        f'<Wavelength index="{wave}"><ExcitationFilter name="{name}" unit="nm" wavelength="{light}"/>'
        f'<EmissionFilter name="{name}" unit="nm" wavelength="{seen}"/></Wavelength>'
        for wave, (name, light, seen) in enumerate(WAVES)
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>\n<ImageStack><UUID value="x"/>'
        '<Application name="IN Cell Analyzer 2000" software_version="3.0.0.5"/><Creation date="2010-11-17" '
        'time="20:23:53"/><Operator login="ada"/><Computer name="PC0815"/><AutoLeadAcquisitionProtocol name="own">'
        '<ObjectiveCalibration magnification="20.0" numerical_aperture="0.45" objective_name="Nikon 20X/0.45" '
        f'pixel_height="0.3250" pixel_width="0.3250" unit="{unit}"/><Camera name="CoolSNAP K4">'
        f'<Binning value="{binning}"/><Size height="6" width="8"/></Camera><Wavelengths>{waves}</Wavelengths>'
        f'</AutoLeadAcquisitionProtocol><Images number="4" path="C:\\data\\ada">{images}</Images></ImageStack>'
    ).encode("iso-8859-1", "replace")


def formats() -> dict[str, bytes]:
    """One of each, by name."""
    return {"a.ics": ics(), "a.oir": oir(), "plate.xdce": incell()}
