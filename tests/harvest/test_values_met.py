"""Values of headers that were wrong or missing in files of other instruments: each with a file written here."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.harvest.model import Confidence, Header
from rembi_sheets.harvest.readers import nikon
from tests.harvest import written, written_more
from tests.harvest.real import said
from tests.harvest.test_traps import header
from tests.harvest.test_vendor_tags import FEI, tagged


def guessed(found: Header) -> set[str]:
    return {v.column.split(".")[1] for v in found.values if v.confidence is Confidence.GUESS}


@pytest.mark.parametrize(("operation", "imaging", "magnified"), [
    ("DIFFRACTION", "DIFFRACTION", None), ("", "EFTEM DIFFRACTION", None), ("SCANNING", "DIFFRACTION", "320 x"),
    ("GIF SCANNING", "EFTEM DIFFRACTION", "320 x"), ("IMAGING", "MAG1", "320 x"), ("", "", "320 x"),
])  # fmt: skip
def test_a_camera_length_is_no_magnification(
    tmp_path: Path, operation: str, imaging: str, magnified: str | None
) -> None:
    modes = {"Operation Mode": operation, "Imaging Mode": imaging}
    found = said(header(tmp_path, "a.dm3", written.dm3(magnification=320.0, modes=modes)))
    assert found.get("magnification") == magnified


@pytest.mark.parametrize(("pair", "told"), [((2, 4), "2x4"), ((1, 1), "1x1"), ((0, 1), None), ((1, 300), None)])
def test_binning_of_gatan_is_a_pair_of_numbers(tmp_path: Path, pair: tuple[int, int], told: str | None) -> None:
    found = header(tmp_path, "a.dm3", written.dm3(binning=pair))
    assert said(found).get("binning") == told and found.images[0].sizes == {"Y": 6, "X": 8}


@pytest.mark.parametrize(("mode", "kind"), [(0, "uint8"), (1, "int16"), (6, "uint16")])
def test_bytes_of_deltavision_have_no_sign(tmp_path: Path, mode: int, kind: str) -> None:
    content = bytearray(written.deltavision())
    struct.pack_into("<i", content, 12, mode)
    assert said(header(tmp_path, "a.dv", bytes(content)))["type"] == kind


@pytest.mark.parametrize(("sequence", "sizes"), [(0, "C2 T3 Z2 Y6 X8"), (1, "T3 Z2 C2 Y6 X8"), (2, "T3 C2 Z2 Y6 X8")])
def test_the_order_of_deltavision_is_a_code(tmp_path: Path, sequence: int, sizes: str) -> None:
    content = bytearray(written.deltavision())
    struct.pack_into("<h", content, 182, sequence)
    assert said(header(tmp_path, "a.dv", bytes(content)))["sizes"] == sizes


FILTERS = """<Filter ID="Filter:0"><TransmittanceRange {band}/></Filter>
<Filter ID="Filter:1"><TransmittanceRange CutIn="1" CutOut="2"/></Filter></Instrument>"""


@pytest.mark.parametrize(("band", "refs", "told"), [
    ('CutIn="562000" CutInUnit="pm" CutOut="633" CutOutUnit="nm"', 1, "562-633 nm"),
    ('CutIn="0.562" CutInUnit="µm" CutOut="0.633" CutOutUnit="µm"', 1, "562-633 nm"),
    ('CutIn="562" CutOut="633"', 1, "562-633 nm"),
    ('CutIn="562" CutInUnit="s" CutOut="633" CutOutUnit="s"', 1, "500 nm"),
    ('CutIn="562"', 1, "500 nm"),
    ('CutIn="562" CutOut="633"', 2, "500 nm"),
])  # fmt: skip
def test_the_band_of_an_emission_filter_has_its_own_unit(tmp_path: Path, band: str, refs: int, told: str) -> None:
    path = "".join(f'<EmissionFilterRef ID="Filter:{n}"/>' for n in range(refs))
    content = written.ome().replace(b"</Instrument>", FILTERS.format(band=band).encode())
    content = content.replace(
        b'EmissionWavelength="500"/>', b'EmissionWavelength="500"><LightPath>%b</LightPath></Channel>' % path.encode()
    )
    assert said(header(tmp_path, "a.ome.xml", content))["channel 0 detection_wavelength"] == told


def test_the_moment_of_old_ome_xml(tmp_path: Path) -> None:
    content = written.ome().replace(
        b"<ObjectiveSettings", b"<AcquiredDate>2010-02-23T12:51:30</AcquiredDate><ObjectiveSettings"
    )
    assert header(tmp_path, "a.ome.xml", content).acquired == "2010-02-23T12:51:30"


@pytest.mark.parametrize(("lines", "told"), [
    ("[Image]\r\nResolutionX=8\r\nResolutionY=4\r\n", "2 of its 6 rows"),
    ("[Image]\r\nResolutionX=8\r\nResolutionY=6\r\n", ""),
    ("[Image]\r\nResolutionX=4\r\nResolutionY=4\r\n", ""), ("", ""),
])  # fmt: skip
def test_a_data_bar_without_a_height(tmp_path: Path, lines: str, told: str) -> None:
    text = FEI.format(pixel="3e-06").replace("DatabarHeight=2", "DatabarHeight=0") + lines
    found = header(tmp_path, "a.tif", tagged(34682, text))
    assert [w for w in found.warnings if "data bar" in w and told in w] if told else not found.warnings


@pytest.mark.parametrize(("rows", "strip", "told"), [(8, "2", True), (10, "2", True), (8, "0", False), (6, "2", False)])
def test_a_data_bar_of_tescan_is_told_where_it_is_stored(tmp_path: Path, rows: int, strip: str, told: bool) -> None:
    text = f"\x01\x00ImageStripSize={strip}\n" + written_more.TESCAN
    content = tagged(50431, text, 7, shape=(rows, 8))
    found = header(tmp_path, "a.tif", content)
    assert said(found)["sizes"] == f"Y{rows} X8" and any(f"2 of its {rows} rows" in w for w in found.warnings) is told


FIBSEM: dict[str, Any] = {
    "image": {"beam_type": "ELECTRON", "dwell_time": 2e-06, "path": "/home/ada"},
    "pixel_size": {"x": 9.765624999999999e-08, "y": 1.25e-07},
    "microscope_state": {
        "timestamp": 1705987635.22,
        "electron_beam": {"voltage": 2000, "working_distance": 0.004, "beam_current": 5e-11},
        "ion_beam": {"voltage": 30000, "working_distance": 0.0165, "beam_current": 2e-11},
        "electron_detector": {"type": "ETD"},
        "ion_detector": {"type": "ICE"},
    },
    "user": {"name": "ada", "hostname": "laptop-ada"},
    "experiment": {"fibsem_version": "0.3.2"},
    "system": {"info": {"manufacturer": "Thermo", "model": "Hydra", "serial_number": "H-7", "ip_address": "10.0.0.7"}},
}


@pytest.mark.parametrize(("beam", "told"), [
    ("ELECTRON", {
        "accelerating_voltage": "2 kV", "working_distance": "4 mm", "beam_current": "0.05 nA", "detector_type": "ETD",
    }),
    ("ION", {"fib_voltage": "30 kV", "detector_type": "ICE"}),
])  # fmt: skip
def test_openfibsem_tells_of_the_beam_that_made_the_image(tmp_path: Path, beam: str, told: dict[str, str]) -> None:
    described = FIBSEM | {"image": FIBSEM["image"] | {"beam_type": beam}}
    found = header(tmp_path, "a.tif", written.tiff(description=json.dumps(described), software="tifffile.py"))
    values, columns = said(found), {v.column.split(".")[1] for v in found.values}
    assert (values["X"], values["Y"]) == ("97.65625 nm", "125 nm") and found.instrument == "H-7"
    assert found.acquired.startswith("2024-01-23T05:27:15") and values["acquisition_software"] == "OpenFIBSEM 0.3.2"
    assert (values["microscope"], values["pixel_dwell_time"]) == (
        "Thermo Hydra",
        "2 µs",
    ) and told.items() <= values.items()
    assert columns == {*told, "microscope", "pixel_dwell_time", "acquisition_software"} and "ada" not in str(found)


@pytest.mark.parametrize(
    "text", ['{"microscope_state": ', '{"microscope_state": 3}', '{"microscope_state": {}, "image": 7}']
)
def test_json_of_another_kind_is_a_plain_tiff(tmp_path: Path, text: str) -> None:
    found = header(tmp_path, "a.tif", written.tiff(description=text, software="tifffile.py"))
    assert not found.values and not found.images[0].pixel_size


@pytest.mark.parametrize(("radians", "told"), [
    ("0.5", "28.6 °"), ("-0.7853981633974483", "-45 °"), ("-0.00051001212656003416", None), ("0.0026", None),
    ("0", None), ("", None),
])  # fmt: skip
def test_the_tilt_of_an_epu_image_is_in_radians(tmp_path: Path, radians: str, told: str | None) -> None:
    content = written.epu().replace(b"<A>0.5</A>", f"<A>{radians}</A>".encode())
    assert said(header(tmp_path, "a.xml", content)).get("tilt_angles") == told


@pytest.mark.parametrize(("lines", "told"), [
    ("OperatingMode = 1\nBinning = 1\n", "counting"), ("OperatingMode = 0\nBinning = 2\n", "integrating"),
    ("OperatingMode = 2\nBinning = 1\n", "super-resolution"),
    ("OperatingMode = 1\nBinning = 0.5\n", "super-resolution"),
    ("OperatingMode = 1\nBinning = 1\nUsingCDS = 1\n", "counting with correlated double sampling"),
    ("OperatingMode = 7\nBinning = 1\n", None), ("OperatingMode = 1\n", None), ("Binning = 1\n", None),
])  # fmt: skip
def test_the_mode_of_a_camera_of_serialem_is_asked(tmp_path: Path, lines: str, told: str | None) -> None:
    content = written.mdoc().replace(b"RotationAngle", f"{lines}RotationAngle".encode())
    found = header(tmp_path, "a.mdoc", content)
    assert said(found).get("detector_mode") == told
    assert ("detector_mode" in guessed(found)) is (told is not None)


def test_a_gain_reference_beside_frames_is_a_question(tmp_path: Path) -> None:
    content = written.mdoc().replace(b"RotationAngle", b"GainReference = SuperRef_1.dm4\nRotationAngle")
    found = header(tmp_path, "a.mdoc", content)
    assert said(found)["gain_correction"] == "not applied (reference included)" and "gain_correction" in guessed(found)
    assert "gain_correction" not in said(header(tmp_path, "b.mdoc", written.mdoc()))


CZI_FILTERS = """<Instrument><FilterSets><FilterSet Id="S:1"><EmissionFilters>{refs}</EmissionFilters></FilterSet>
</FilterSets><Filters>{filters}</Filters></Instrument>"""
BAND = "<Filter Id='F:{n}'><TransmittanceRange><CutIn>5{n}0</CutIn><CutOut>5{n}5</CutOut></TransmittanceRange></Filter>"


@pytest.mark.parametrize(("count", "stated", "told"), [
    (1, "", "500-505 nm"), (2, "", None), (0, "", None), (1, "400-420", "400-420 nm"), (1, "400-420,500-520", None),
])  # fmt: skip
def test_the_emission_filter_of_a_czi(tmp_path: Path, count: int, stated: str, told: str | None) -> None:
    refs = "".join(f'<EmissionFilterRef Id="F:{n}"/>' for n in range(count))
    part = CZI_FILTERS.format(refs=refs, filters="".join(BAND.format(n=n) for n in range(count)))
    own = f'<DetectionWavelength><Ranges>{stated}</Ranges></DetectionWavelength><FilterSetRef Id="S:1"/></Channel>'
    text = written.CZI_XML.format(scale="1e-7", said=20).replace("</Channel>", own, 1)
    text = text.replace("</Image></Information>", f"</Image>{part}</Information>")
    found = said(header(tmp_path, "a.czi", written.czi(xml=text.encode())))
    assert found.get("channel 0 detection_wavelength") == told


@pytest.mark.parametrize(("name", "id_", "told"), [
    ("", "Channel:0", "DAPI"), ('Name="AF"', "Channel:0", "AF"), ('Name=""', "Channel:0", "DAPI"),
    ("", "Channel:7", ""),
])  # fmt: skip
def test_a_channel_of_a_czi_without_a_name_is_called_as_it_is_shown(
    tmp_path: Path, name: str, id_: str, told: str
) -> None:
    shown = f'<DisplaySetting><Channels><Channel Id="{id_}" Name="DAPI"/></Channels></DisplaySetting></Metadata>'
    text = written.CZI_XML.format(scale="1e-7", said=20).replace('Name="AF"', name).replace("</Metadata>", shown)
    assert said(header(tmp_path, "a.czi", written.czi(xml=text.encode())))["channel 0"] == told


@pytest.mark.parametrize(("channels", "sizes"), [(4, "Y6 X8 S4"), (3, "C3 Y6 X8 S4")])
def test_colours_that_are_counted_as_channels_are_none(tmp_path: Path, channels: int, sizes: str) -> None:
    line = f"ImageJ=\nhyperstack=true\nimages={channels}\nchannels={channels}\n"
    content = written.tiff(kind="uint8", shape=(6, 8, 4), photometric="rgb", description=line)
    assert said(header(tmp_path, "a.tif", content))["sizes"] == sizes


def lines(*modalities: str) -> str:
    return "Camera Name: A1\r\n" + "".join(f"Plane #{n}:\r\n Modality: {m}\r\n" for n, m in enumerate(modalities))


@pytest.mark.parametrize(("text", "told"), [
    (lines("Widefield Fluorescence, Laser Scan Confocal"), "fluorescence"), (lines("Brightfield"), "bright field"),
    (lines("Brightfield, Fluorescence"), ""), (lines("Spectral"), ""),
    (lines("Fluorescence", "Brightfield"), ""), ("", ""),
])  # fmt: skip
def test_the_contrast_of_an_nd2_is_what_its_text_says(text: str, told: str) -> None:
    assert nikon.contrast(nikon.behind(text, "Modality:"), 0, 1) == told


def lif_of(*settings: str) -> bytes:
    """Two or more images in one LIF, each with its own settings."""
    axes = {"X": (9, "8e-6", "m"), "Y": (4, "6e-6", "m")}
    one = written_more.lif(axes, settings=settings[0])
    first = one[13 : 13 + struct.unpack_from("<I", one, 9)[0] * 2].decode("utf-16-le")
    start, end = first.index("<Children>") + 10, first.index("</Children>")
    element = first[start:end]
    every = "".join(
        element.replace(settings[0].replace("\n", " "), s.replace("\n", " "))
        .replace("MemBlock_1", f"MemBlock_{n}")
        .replace('Name="xz"', f'Name="{n}"')
        for n, s in enumerate(settings, start=1)
    )
    text = (first[:start] + every + first[end:]).encode("utf-16-le")
    made = struct.pack("<IIBI", 0x70, len(text) + 5, 0x2A, len(text) // 2) + text
    for n in range(1, len(settings) + 1):
        block = f"MemBlock_{n}".encode("utf-16-le")
        made += struct.pack("<IIBQBI", 0x70, 14 + len(block), 0x2A, 36, 0x2A, len(block) // 2) + block + bytes(36)
    return made


def test_the_images_of_a_lif_have_an_objective_each(tmp_path: Path) -> None:
    dry = (
        written_more.CONFOCAL.replace("HC PL 63x/1.30", "HC PL 10x/0.30").replace('"63"', '"10"').replace("GLYC", "DRY")
    )
    found = header(tmp_path, "a.lif", lif_of(written_more.CONFOCAL, dry.replace('"1.3"', '"0.3"')))
    values = said(found)
    assert values["images"] == "2" and values["microscope"] == "TCS SP8" and values["pinhole_size"] == "1 AU"
    assert not values.keys() & {"objective", "magnification", "numerical_aperture", "immersion"}
    assert any("differ in Objective, Nominal magnification" in w for w in found.warnings)
    assert said(header(tmp_path, "b.lif", lif_of(*2 * [written_more.CONFOCAL])))["magnification"] == "63 x"


SECOND = """<Instrument ID="Instrument:1"><Objective ID="Objective:1" Model="Plan 10x" LensNA="1.3"
NominalMagnification="10"/></Instrument>"""
IMAGE = """<Image ID="Image:1">{refs}<Pixels ID="Pixels:1" DimensionOrder="XYCZT" Type="uint8" SizeX="8" SizeY="6"
SizeZ="1" SizeC="1" SizeT="3" TimeIncrement="{step}"/></Image></OME>"""


@pytest.mark.parametrize(("refs", "magnified", "objective", "aperture"), [
    ('<InstrumentRef ID="Instrument:1"/><ObjectiveSettings ID="Objective:1"/>', None, None, "1.3"),
    ('<InstrumentRef ID="Instrument:0"/><ObjectiveSettings ID="Objective:0"/>', "40 x", "Plan 40x", "1.3"),
    ("", "40 x", "Plan 40x", "1.3"),
])  # fmt: skip
def test_the_images_of_ome_xml_have_an_objective_each(
    tmp_path: Path, refs: str, magnified: str | None, objective: str | None, aperture: str
) -> None:
    content = written.ome('TimeIncrement="5"', t=2).decode().replace("</OME>", IMAGE.format(refs=refs, step=5))
    values = said(header(tmp_path, "a.ome.xml", content.replace("<Image ", SECOND + "<Image ", 1).encode()))
    assert values["images"] == "2" and values["time_interval"] == "5 s"
    assert (values.get("magnification"), values.get("objective")) == (magnified, objective)
    assert values["numerical_aperture"] == aperture


def test_images_with_other_intervals_have_none_in_common(tmp_path: Path) -> None:
    content = written.ome('TimeIncrement="5"', t=2).decode().replace("</OME>", IMAGE.format(refs="", step=6))
    assert "time_interval" not in said(header(tmp_path, "a.ome.xml", content.encode()))
