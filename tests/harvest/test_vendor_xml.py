"""What makers keep beside sizes in XML and JSON: microscope, light, detectors, moments; with files written here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.fill.images.guesses import guesses
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Confidence, Status
from rembi_sheets.harvest.moments import TABLES, UNIX, WINDOWS, moment
from rembi_sheets.harvest.quantities import measured, number
from rembi_sheets.harvest.sniff import look
from rembi_sheets.report import harvested
from tests.harvest import written, written_more
from tests.harvest.real import said
from tests.harvest.test_traps import header, put

LASER = """<LightSourcesSettings><LightSourceSettings><Wavelength>{line}</Wavelength></LightSourceSettings>
</LightSourcesSettings><AcquisitionMode>LaserScanningConfocalMicroscopy</AcquisitionMode>
<PinholeSizeAiry>{pinhole}</PinholeSizeAiry><LaserScanInfo><PixelTime>{dwell}</PixelTime></LaserScanInfo>
<DetectorSettings><Detector Id="{detector}"/></DetectorSettings>"""


def zen(*channels: str, scope: str = "", more: str = "", settings: str = "") -> bytes:
    """XML of ZEN: channels, what stands in the Microscope element, and what beside the information."""
    inside = "".join(f'<Channel Id="Channel:{n}">{c}</Channel>' for n, c in enumerate(channels))
    return (
        "<ImageDocument><Metadata><Information><Document><UserName>M9ADA</UserName></Document><Image>"
        f"<Dimensions><Channels>{inside}</Channels></Dimensions>{settings}</Image><Instrument><Microscopes>"
        f'{scope}</Microscopes><Detectors><Detector Id="D:1"><Type>Airyscan</Type></Detector>'
        '<Detector Id="D:2"><Type>PMT</Type></Detector></Detectors></Instrument></Information>'
        f"{more}</Metadata></ImageDocument>"
    ).encode()


def lit(line: str = "561", pinhole: str = "2", dwell: str = "1.5e-006", detector: str = "D:1") -> str:
    return LASER.format(line=line, pinhole=pinhole, dwell=dwell, detector=detector)


@pytest.mark.parametrize(("channels", "true"), [
    ([lit()], {"channel 0 excitation_wavelength": "561 nm", "channel 0 exposure_time": "0.0015 ms",
               "pinhole_size": "2 AU", "pixel_dwell_time": "1.5 µs", "light_source": "Laser",
               "detector_type": "Airyscan"}),
    ([lit("488.00000000000006"), lit("633", pinhole="3.5")], {
        "channel 0 excitation_wavelength": "488 nm", "channel 1 excitation_wavelength": "633 nm",
        "pinhole_size": "2-3.5 AU", "detector_type": "Airyscan"}),
    ([lit(), ""], {"pixel_dwell_time": "1.5 µs", "pinhole_size": "2 AU"}),
    ([lit(), lit(dwell="3e-6", detector="D:2")], {"pixel_dwell_time": "", "detector_type": "",
                                                  "channel 1 exposure_time": "0.003 ms"}),
    ([lit() + "<ExposureTime>4000000</ExposureTime>"], {"channel 0 exposure_time": "4 ms"}),
    (["<ExcitationWavelength>353</ExcitationWavelength><EmissionWavelength>465</EmissionWavelength>"], {
        "channel 0 excitation_wavelength": "", "channel 0 detection_wavelength": "", "light_source": ""}),
])  # fmt: skip
def test_light_and_detectors_of_confocals(tmp_path: Path, channels: list[str], true: dict[str, str]) -> None:
    found = said(header(tmp_path, "a.czi", written.czi({"X": (20, 1), "Y": (10, 1)}, xml=zen(*channels))))
    assert {k: found.get(k, "") for k in true} == true


@pytest.mark.parametrize(("fluor", "true"), [("TL Brightfield", ""), ("RL DIC", ""), ("TL1", "TL1"), ("EGFP", "EGFP")])
def test_transmitted_light_is_no_dye(tmp_path: Path, fluor: str, true: str) -> None:
    xml = zen(f"<Fluor>{fluor}</Fluor><ContrastMethod>Brightfield</ContrastMethod>")
    found = said(header(tmp_path, "a.czi", written.czi({"X": (20, 1), "Y": (10, 1)}, xml=xml)))
    assert (found.get("channel 0 fluorophore", ""), found["channel 0 contrast_method"]) == (true, "Brightfield")


@pytest.mark.parametrize(("scope", "true"), [
    ('<Microscope Id="1" Name="Castor.Stand"/>', ""),
    ('<Microscope Id="1" Name="Axio Observer.Z1 / 7"/>', "Axio Observer.Z1 / 7"),
    ('<Microscope Id="1"><System>LSM 700, AxioImager</System></Microscope>', "LSM 700, AxioImager"),
    ('<Microscope Id="1" Name="Pollux.Stand"><System>Crossbeam 340</System></Microscope>', "Crossbeam 340"),
    ('<Microscope Id="1" Name="x"><Manufacturer><Model>Celldiscoverer 7</Model></Manufacturer></Microscope>',
     "Celldiscoverer 7"),
])  # fmt: skip
def test_which_name_is_that_of_the_microscope(tmp_path: Path, scope: str, true: str) -> None:
    xml = zen("", scope=scope)
    assert (
        said(header(tmp_path, "a.czi", written.czi({"X": (20, 1), "Y": (10, 1)}, xml=xml))).get("microscope", "")
        == true
    )


@pytest.mark.parametrize(("key", "text", "column", "true"), [
    ("AcceleratingVoltage", "5.00 kV", "accelerating_voltage", "5 kV"),
    ("AcceleratingVoltage", "800 V", "accelerating_voltage", "0.8 kV"),
    ("Magnification", "2.00 K X", "magnification", "2000 x"),
    ("Magnification", "350 X", "magnification", "350 x"),
    ("WorkingDistance", "4.5 mm", "working_distance", "4.5 mm"),
    ("WorkingDistance", "4500 µm", "working_distance", "4.5 mm"),
    ("WorkingDistance", "far", "working_distance", ""),
])  # fmt: skip
def test_electron_microscopes_in_czi(tmp_path: Path, key: str, text: str, column: str, true: str) -> None:
    page = f"<Data><SEMData><Parameters><{key}>{text}</{key}></Parameters></SEMData></Data>"
    more = f'<Appliances><Appliance Id="Shuttle"/><Appliance Id="SEM:1">{page}</Appliance></Appliances>'
    found = header(tmp_path, "a.czi", written.czi({"X": (20, 1), "Y": (10, 1)}, xml=zen("", more=more)))
    assert said(found).get(column, "") == true


def test_a_czi_of_electrons_is_of_a_scanning_microscope(tmp_path: Path) -> None:
    page = "<Data><SEMData><Parameters><AcceleratingVoltage>5.00 kV</AcceleratingVoltage></Parameters></SEMData></Data>"
    more = f'<Appliances><Appliance Id="SEM:1">{page}</Appliance></Appliances>'
    put(tmp_path, "a.czi", written.czi({"X": (20, 1), "Y": (10, 1)}, xml=zen("", more=more)))
    (group,) = harvest(tmp_path).groups
    assert dict(guesses(group, "image_acquisition")) == {"imaging_methods": "scanning electron microscopy"}


def test_the_objective_of_the_scaling_stands_in_where_no_other_does(tmp_path: Path) -> None:
    more = "<Scaling><AutoScaling><ObjectiveName>EC 10x/0.3</ObjectiveName></AutoScaling></Scaling>"
    found = header(tmp_path, "a.czi", written.czi({"X": (20, 1), "Y": (10, 1)}, xml=zen("", more=more)))
    assert [(v.value, v.confidence) for v in found.values if v.column.endswith(".objective")] == [
        ("EC 10x/0.3", Confidence.DERIVED)
    ]


def confocal(detectors: str, lines: str, *, tag: str = "ATLConfocalSettingDefinition") -> str:
    """Settings of LAS X: 'type:low-high:dye' for each detector, 'line:intensity' for each line."""
    made, bands = "", ""
    for place, one in enumerate(detectors.split()):
        kind, band, dye = one.split(":")
        low, _, high = band.partition("-")
        on = int(bool(high))
        made += f'<Detector Type="{kind}" Channel="{place}" IsActive="{on}"/>'
        bands += f'<MultiBand Channel="{place}" LeftWorld="{low}" RightWorld="{high}" DyeName="{dye}"/>'
    aotf = "".join(
        '<LaserLineSetting LaserLine="{}" IntensityDev="{}"/>'.format(*one.split(":")) for one in lines.split()
    )
    return (
        f'<{tag} MicroscopeModel="DMI6000B" ObjectiveName="HC 63x"><Spectro>{bands}</Spectro>'
        f"<AotfList><Aotf>{aotf}</Aotf></AotfList><DetectorList>{made}</DetectorList></{tag}>"
    )


ONE = confocal("HyD:493-541:Leica/FITC PMT:548: HyD:618-700:", "488:0.5 552:49 633:0")
SEQUENCES = (
    '<LDM_Block_Sequential_List>' + confocal("HyD:500-540:", "488:1") + confocal("PMT:600-650:", "561:1")
    + "</LDM_Block_Sequential_List>"
)  # fmt: skip
PLANE = {"X": (9, "8e-6", "m"), "Y": (4, "6e-6", "m")}


@pytest.mark.parametrize(("settings", "true"), [
    (ONE, {"channel 0 detection_wavelength": "493-541 nm", "channel 1 detection_wavelength": "618-700 nm",
           "channel 0 excitation_wavelength": "488 nm", "channel 1 excitation_wavelength": "552 nm",
           "detector_type": "HyD", "light_source": "laser"}),
    (ONE + SEQUENCES, {"channel 0 detection_wavelength": "500-540 nm", "channel 0 excitation_wavelength": "488 nm",
                       "channel 1 excitation_wavelength": "561 nm", "detector_type": ""}),
    (confocal("HyD:493-541:", "488:1"), {"channel 0 detection_wavelength": "", "light_source": "laser"}),
    (confocal("HyD:493-541: HyD:600-700:", "633:1 640:1"), {"channel 0 excitation_wavelength": "",
                                                            "channel 0 detection_wavelength": "493-541 nm"}),
    (confocal("HyD:493-541: HyD:600-700:", "488:0"), {"light_source": "", "channel 1 excitation_wavelength": ""}),
])  # fmt: skip
def test_leica_channels_by_their_detectors(tmp_path: Path, settings: str, true: dict[str, str]) -> None:
    content = written_more.lif({**PLANE, "C": (2, "0", "")}, settings=settings)
    found = header(tmp_path, "a.lif", content)
    flat = said(found)
    assert {k: flat.get(k, "") for k in true} == true
    assert (flat["microscope"], flat["acquisition_software"]) == ("TCS SP8", "LAS X 9.9")
    assert found.acquired == "2024-01-02T03:04:05+00:00"


def test_what_a_channel_is_stained_with_is_a_question(tmp_path: Path) -> None:
    put(tmp_path, "a.lif", written_more.lif({**PLANE, "C": (2, "0", "")}, settings=ONE))
    channels = json.loads("".join(harvested.as_json(harvest(tmp_path))))["files"][0]["images"][0]["channels"]
    assert channels[0]["guesses"] == {"Fluorophore": "FITC"} and "Fluorophore" not in channels[0]
    assert "guesses" not in channels[1]


@pytest.mark.parametrize(("said_", "true"), [
    ({"Optics": {"NominalMagnification": "26996.3"}}, {"magnification": "26996.3 x"}),
    ({"CustomProperties": {"StemMagnification": {"type": "double", "value": "910000"}}}, {"magnification": "910000 x"}),
    ({"CustomProperties": {"StemMagnification": {"type": "double", "value": "13500000"}}},
     {"magnification": "13500000 x"}),
    ({"BinaryResult": {"AcquisitionUnit": "CameraImage", "Detector": "BM-Ceta"}},
     {"detector": "BM-Ceta", "detector_type": ""}),
    ({"BinaryResult": {"AcquisitionUnit": "", "Detector": "HAADF"}}, {"detector": "", "detector_type": "HAADF"}),
    ({"Instrument": {"InstrumentId": "3492", "ComputerName": "TITAN5233"}}, {"instrument": "3492", "microscope": ""}),
    ({"BinaryResult": "damaged", "Optics": [], "Acquisition": None}, {"detector": "", "magnification": ""}),
])  # fmt: skip
def test_velox(tmp_path: Path, said_: dict[str, Any], true: dict[str, str]) -> None:
    found = said(header(tmp_path, "a.emd", written.velox(1, said_)))
    assert {k: found.get(k, "") for k in true} == true and "TITAN5233" not in str(found)


def test_velox_complex_numbers_and_moment(tmp_path: Path) -> None:
    pairs = [("realFloat", "<f4"), ("imagFloat", "<f4")]
    content = written.velox(1, {"Acquisition": {"AcquisitionStartDatetime": {"DateTime": "1704164645"}}}, kind=pairs)
    found = header(tmp_path, "a.emd", content)
    assert (found.images[0].pixel_type, found.acquired) == ("complex64", "2024-01-02T03:04:05+00:00")


@pytest.mark.parametrize(("count", "step", "start", "true"), [
    ("1704164645", 1, UNIX, "2024-01-02T03:04:05+00:00"),
    ("133486382450000000", "1e-7", WINDOWS, "2024-01-02T03:04:05+00:00"),
    ("45293.5", 86_400, TABLES, "2024-01-02T12:00:00"),
    ("0", 1, UNIX, ""), ("-5", 1, UNIX, ""), ("1e300", 1, UNIX, ""), ("1e9", 86_400, TABLES, ""), (None, 1, UNIX, ""),
])  # fmt: skip
def test_moments(count: str | None, step: Any, start: Any, true: str) -> None:
    steps = number(str(step))
    assert steps is not None and moment(number(count), steps, start) == true


@pytest.mark.parametrize(("text", "true"), [
    ("8100 um", ("8100", "um")), ("5.00 kV", ("5.00", "kV")), ("2.00 K X", ("2.00", "K X")), ("-1e-3", ("-1e-3", "")),
    ("none", None), ("", None), ("1.2.3 mm", None),
])  # fmt: skip
def test_numbers_with_their_units(text: str, true: tuple[str, str] | None) -> None:
    assert measured(text) == ((number(true[0]), true[1]) if true else (None, ""))


TITLES = {
    "SerialEM: Digitized by Gatan K2 Summit on Krios A 03-May-23  13:59:32": ("Gatan K2 Summit", "Krios A"),
    "SerialEM: Krios B Camera -> 0:Ceta 1:GIF-K3         08-Oct-21  07:47:29": ("GIF-K3", "Krios B"),
    "SerialEM: Krios C Camera -> Falcon 4i   08-Oct-21  07:47:29": ("Falcon 4i", "Krios C"),
    "SerialEM: Krios D  08-Oct-21  07:47:29": ("", "Krios D"),
    "SerialEM: Acquired on Krios E D1234                 05-Sep-19  11:24:48": ("", "Krios E D1234"),
    "SerialEM: Digitized on Krios F   2024-Apr-18  10:11:12": ("", "Krios F"),
}


@pytest.mark.parametrize("title", TITLES)
def test_the_camera_that_an_mdoc_names(tmp_path: Path, title: str) -> None:
    text = (
        f"[T = {title}]\n\n[ZValue = 0]\nCameraIndex = 1\nBinning = 2\n\n[ZValue = 1]\nCameraIndex = 1\nBinning = 2\n"
    )
    found = header(tmp_path, "a.mdoc", text.encode())
    flat = said(found)
    assert (flat.get("detector", ""), flat["microscope"], flat["binning"]) == (*TITLES[title], "2x2")
    assert {v.confidence for v in found.values if v.column.endswith((".detector", ".microscope"))} == {Confidence.GUESS}


@pytest.mark.parametrize(("cameras", "binning", "true"), [
    (("0", "1"), "1", ("", "1x1")), (("0", "0"), "0.5", ("Ceta", "")), (("7", "7"), "1", ("", "1x1")),
])  # fmt: skip
def test_no_camera_where_several_were_used(
    tmp_path: Path, cameras: tuple[str, str], binning: str, true: tuple[str, str]
) -> None:
    sets = "".join(f"[ZValue = {n}]\nCameraIndex = {c}\nBinning = {binning}\n" for n, c in enumerate(cameras))
    text = f"[T = SerialEM: Krios B Camera -> 0:Ceta 1:GIF-K3  08-Oct-21  07:47:29]\n{sets}"
    found = said(header(tmp_path, "a.mdoc", text.encode()))
    assert (found.get("detector", ""), found.get("binning", "")) == true


@pytest.mark.parametrize(("content", "status", "pixels"), [
    ({"plate": {"rows": [], "wells": []}}, Status.COMPANION, {}),
    ({"ome": {"version": "0.5", "bioformats2raw.layout": 3}}, Status.COMPANION, {}),
    ({"attributes": {"ome": {"well": {"images": []}}}, "zarr_format": 3}, Status.COMPANION, {}),
    ({"zarr_format": 3, "node_type": "group"}, Status.COMPANION, {}),
    ({"settings": {"plate": 4}}, Status.UNREAD, {}),
    ({"ome": {"version": "0.6.dev4", "multiscales": [{
        "coordinateSystems": [{"name": "s", "axes": [
            {"name": "y", "type": "space", "unit": "nanometer"},
            {"name": "x", "type": "space", "unit": "micrometer"}]}],
        "datasets": [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [250, 0.5]}]}],
        "coordinateTransformations": [{"type": "scale", "scale": [2, 1]}]}]}},
     Status.COMPANION, {"X": "0.5 µm", "Y": "500 nm"}),
])  # fmt: skip
def test_json_of_ome_zarr_without_an_image_is_no_failure(
    tmp_path: Path, content: dict[str, Any], status: Status, pixels: dict[str, str]
) -> None:
    item = put(tmp_path, "zarr.json", json.dumps(content).encode())
    assert item.status is status and item.header is not None
    assert pixels.items() <= said(item.header).items()


@pytest.mark.parametrize("name", ["", "?", 7, None])
def test_an_axis_of_ome_zarr_needs_a_name(tmp_path: Path, name: object) -> None:
    folder = written.zarr(tmp_path / "a.zarr")
    attributes = json.loads((folder / ".zattrs").read_text())
    attributes["multiscales"][0]["axes"][0]["name"] = name
    (folder / ".zattrs").write_text(json.dumps(attributes))
    item = look(folder, "a.zarr", 0)
    assert item.header is None or all(all(i.sizes) for i in item.header.images)


@pytest.mark.parametrize("root", ["AtlasSessionXml", "ScreeningSessionXml", "SampleXml", "GridSquareXml"])
def test_what_epu_keeps_beside_its_images(tmp_path: Path, root: str) -> None:
    kind = f'z:Id="1" z:Type="Applications.Kept.Persistence.{root}"'
    xml = f'<{root} {kind} xmlns:z="z" xmlns="n"><a>/home/ada</a></{root}>'
    item = put(tmp_path, f"{root}.dm", xml.encode())
    assert item.status is Status.COMPANION and item.header is not None and not item.header.values


@pytest.mark.parametrize(("defocus", "dose", "true", "remarks"), [
    ("-2.5E-04", "1.5E+16", ("250 µm", "0.00015 e/Å²"), 0),
    ("1E-03", "6.7E+12", ("", "0.000000067 e/Å²"), 1),
])  # fmt: skip
def test_images_of_low_magnification(
    tmp_path: Path, defocus: str, dose: str, true: tuple[str, str], remarks: int
) -> None:
    content = written.epu().replace(b"-1.75E-06", defocus.encode()).replace(b"4.05E+21", dose.encode())
    found = header(tmp_path, "a.xml", content)
    flat = said(found)
    assert (flat.get("nominal_defocus", ""), flat["total_dose"]) == true
    assert [("left out" in w, "cannot be" in w) for w in found.warnings] == [(True, False)] * remarks


@pytest.mark.parametrize(("around", "temperature"), [('Temperature="-1.0"', ""), ('Temperature="37"', "37 °C")])
def test_no_temperature_as_nikon_writes_it(tmp_path: Path, around: str, temperature: str) -> None:
    content = written.ome(inside="").replace(
        b"<ObjectiveSettings", f"<ImagingEnvironment {around}/>".encode() + b"<ObjectiveSettings"
    )
    assert said(header(tmp_path, "a.ome.xml", content)).get("temperature", "") == temperature


def test_another_binning_is_none(tmp_path: Path) -> None:
    content = written.ome(c=1).replace(
        b'EmissionWavelength="500"/>', b'><DetectorSettings ID="Detector:0" Binning="Other"/></Channel>'
    )
    found = said(header(tmp_path, "a.ome.xml", content))
    assert found["detector"] == "Cam 9" and "binning" not in found
