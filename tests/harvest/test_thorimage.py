"""Folders of ThorImage LS, written here: Experiment.xml with TIFFs, a plane each, and with raw files."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status
from tests.harvest import written
from tests.harvest.real import said
from tests.harvest.test_lasx import whole
from tests.harvest.test_traps import header, put

LSM = {"pixelX": "8", "pixelY": "6", "pixelSizeUM": "0.116", "widthUM": "0.93", "heightUM": "0.7", "areaMode": "0"}
NEWER = {"pixelX": "8", "pixelY": "6", "pixelWidthUM": "0.116", "pixelHeightUM": "0.232", "heightUM": "1.4"}
STREAM = {"enable": "1", "frames": "12", "rawData": "1", "zFastEnable": "0", "flybackFrames": "2"}
FLAT = {"X": "0.116 µm", "Y": "0.116 µm"}


def experiment(
    channels: tuple[str, ...] = ("ChanA", "ChanB"), mode: str = "0", enabled: str = "", **elements: dict[str, str]
) -> bytes:
    """Attributes of an element are in place of the usual ones; {} leaves it out."""
    usual = {
        "Date": {"date": "06/24/2024 11:12:13"},
        "User": {"name": "ada"},
        "Computer": {"name": "ADA-PC"},
        "Software": {"version": "4.1.2021.9131"},
        "Camera": {"name": "None", "width": "8", "height": "6", "pixelSizeUM": "6.45"},
        "Magnification": {"mag": "27.78", "name": "25X OLY"},
        "ZStage": {"name": "ThorZPiezo", "steps": "3", "stepSizeUM": "0.5", "enable": "1"},
        "Timelapse": {"timepoints": "2", "intervalSec": "1"},
        "LSM": LSM,
        "Streaming": {"enable": "0", "frames": "3"},
        "RawData": {"onlyEnabledChannels": "1"},
        "Modality": {"primaryDetectorType": "1", "name": "Multiphoton"},
        "CaptureMode": {"mode": mode},
        "PowerRegulator": {"path": "C:\\Users\\ada"},
    }
    told = "".join(
        "<{} {} />".format(n, " ".join(f'{k}="{v}"' for k, v in a.items())) for n, a in (usual | elements).items() if a
    )
    mask = enabled or str(2 ** len(channels) - 1)
    waves = "".join(f'<Wavelength name="{c}" exposureTimeMS="0" />' for c in channels)
    return (
        f'<?xml version="1.0"?>\n<ThorImageExperiment>{told}<Wavelengths>{waves}'
        f'<ChannelEnable Set="{mask}" /></Wavelengths>'
        '<ZStage steps="9" stepSizeUM="7" /><Sample><Wells rows="1" columns="2">'
        '<SubImages subRows="1" subColumns="1" /></Wells></Sample></ThorImageExperiment>'
    ).encode()


def tiffs(folder: Path, digits: int = 3, areas: int = 1, channels: str = "AB", planes: int = 3, times: int = 2) -> None:
    for channel, area, z, t in product(channels, *(range(1, n + 1) for n in (areas, planes, times))):
        numbers = "_".join(f"{n:0{digits}}" for n in (area, 1, z, t))
        put(folder, f"Chan{channel}_{numbers}.tif", written.tiff())


def formats() -> dict[str, bytes]:
    """Experiment.xml, for tests of damage."""
    return {"Experiment.xml": experiment()}


def beside() -> tuple[str, bytes, bytes]:
    """Name of the XML, a raw file, and the XML that tells of it."""
    return "Experiment.xml", bytes(8 * 6 * 2 * 24), experiment(mode="1", Streaming=STREAM)


@pytest.mark.parametrize(("digits", "areas"), [(3, 1), (4, 1), (3, 2)])
def test_planes_become_images(tmp_path: Path, digits: int, areas: int) -> None:
    put(tmp_path, "Experiment.xml", experiment())
    tiffs(tmp_path, digits, areas)
    assert whole(harvest(tmp_path)) == [(areas, "T2 Z3 C2 Y6 X8", {**FLAT, "Z": "0.5 µm"}, ["ChanA", "ChanB"])]


def test_what_a_file_is_told(tmp_path: Path) -> None:
    put(tmp_path, "Experiment.xml", experiment())
    tiffs(tmp_path)
    items = {i.path: i for i in harvest(tmp_path).items}
    assert items["Experiment.xml"].status is Status.COMPANION
    found = items["ChanB_001_001_002_001.tif"].header
    assert found is not None and "ADA" not in str(found).upper().replace("METADATA", "")
    assert {
        "sizes": "Y6 X8", "X": "0.116 µm", "channel 0": "ChanB", "objective": "25X OLY",
        "acquisition_software": "ThorImage 4.1.2021.9131",
    }.items() <= said(found).items()  # fmt: skip
    assert "Z" not in said(found) and header(tmp_path, "Experiment.xml", experiment()).acquired == "06/24/2024 11:12:13"


@pytest.mark.parametrize(("elements", "true"), [
    ({"LSM": NEWER}, {"X": "0.116 µm", "Y": "0.232 µm"}),
    ({"LSM": NEWER | {"pixelSizeUM": "2.93", "widthUM": "0.93"}}, {"X": "0.116 µm", "Y": "0.232 µm"}),
    ({"LSM": LSM | {"pixelSizeUM": "2.93"}}, {"X": "", "Y": ""}),
    ({"LSM": LSM | {"widthUM": "1.2"}}, {"X": "", "Y": "0.116 µm"}),
    ({"LSM": LSM | {"pixelSizeUM": "0"}}, {"X": "", "Y": ""}),
    ({"LSM": LSM | {"pixelSizeUM": "1200", "widthUM": "", "heightUM": ""}}, {"X": "", "Y": ""}),
    ({"LSM": {"pixelX": "8", "pixelY": "6", "fieldSize": "180"}}, {"X": "", "Y": ""}),
    ({"LSM": LSM | {"areaMode": "2"}}, {"X": "0.116 µm", "Y": ""}),
    ({"Modality": {"primaryDetectorType": "0"}}, {"X": "", "Y": ""}),
    ({"Modality": {}, "LightPath": {"Camera": "1"}}, {"X": "", "Y": ""}),
    ({"Modality": {}, "LightPath": {"Camera": "0"}}, FLAT),
    ({"LSM": LSM | {"ThreePhotonEnable": "1"}}, {"X": "", "Y": ""}),
    ({"LSM": LSM | {"pixelX": "16"}}, {"X": "", "Y": ""}),
    ({"ScanArea": {"IsEnable": "true", "SizeX": "8"}}, {"X": "", "Y": ""}),
])  # fmt: skip
def test_a_size_that_is_not_sure_is_not_told(
    tmp_path: Path, elements: dict[str, dict[str, str]], true: dict[str, str]
) -> None:
    put(tmp_path, "Experiment.xml", experiment(**elements))
    put(tmp_path, "ChanA_001_001_001_001.tif", written.tiff())
    found = next(i.header for i in harvest(tmp_path).items if i.path.endswith(".tif"))
    assert found is not None and {k: said(found).get(k, "") for k in true} == true


@pytest.mark.parametrize(("elements", "true"), [
    ({"ZStage": {"name": "Z", "steps": "3", "stepSizeUM": "0.5", "enable": "0"}}, (1, "T2 C2 Y6 X8", FLAT)),
    ({"ZStage": {"name": "Z", "steps": "3", "stepSizeUM": "0", "enable": "1"}}, (1, "T2 Z3 C2 Y6 X8", FLAT)),
    ({"Timelapse": {"timepoints": "1"}}, (1, "Z3 C2 Y6 X8", {**FLAT, "Z": "0.5 µm"})),
    ({"mode": "1", "Streaming": {"enable": "1", "frames": "2"}}, (1, "T2 C2 Y6 X8", FLAT)),
    ({"mode": "1", "Streaming": {"enable": "1", "frames": "10", "zFastEnable": "1", "flybackFrames": "2"}},
     (1, "T2 Z3 C2 Y6 X8", {**FLAT, "Z": "0.5 µm"})),
])  # fmt: skip
def test_ways_to_acquire(tmp_path: Path, elements: dict[str, object], true: tuple[int, str, dict[str, str]]) -> None:
    put(tmp_path, "Experiment.xml", experiment(**elements))  # type: ignore[arg-type]
    tiffs(tmp_path, planes=3 if "Z" in true[1] else 1, times=2 if "T" in true[1] else 1)
    assert whole(harvest(tmp_path)) == [(*true, ["ChanA", "ChanB"])]


def raw(folder: Path, planes: int, content: bytes, name: str = "Image_0001_0001.raw") -> dict[str, str]:
    put(folder, "Experiment.xml", content)
    return said(header(folder, name, bytes(8 * 6 * 2 * planes)))


FAST = STREAM | {"zFastEnable": "1", "flybackFrames": "0"}


@pytest.mark.parametrize(("planes", "elements", "true"), [
    (24, {"Streaming": STREAM}, {"sizes": "T12 C2 Y6 X8", "type": "uint16", "channel 1": "ChanB", **FLAT, "Z": ""}),
    (10, {"Streaming": STREAM}, {"sizes": "T5 C2 Y6 X8"}),
    (12, {"Streaming": STREAM, "enabled": "2"}, {"sizes": "T12 Y6 X8", "channel 0": ""}),
    (24, {"Streaming": STREAM, "RawData": {}}, {"sizes": "T12 C2 Y6 X8"}),
    (48, {"Streaming": STREAM, "RawData": {}}, {"sizes": "T12 C4 Y6 X8", "channel 0": ""}),
    (20, {"Streaming": STREAM, "RawData": {}}, {"sizes": "Y6 X8"}),
    (48, {"Streaming": STREAM, "RawData": {}, "channels": ("ChanA",)}, {"sizes": "T12 C4 Y6 X8", "channel 0": ""}),
    (12, {"Streaming": STREAM, "RawData": {}, "channels": ("ChanA",)}, {"sizes": "T12 Y6 X8", "channel 0": "ChanA"}),
    (24, {"Streaming": FAST}, {"sizes": "T4 Z3 C2 Y6 X8", "Z": "0.5 µm"}),
    (24, {"Streaming": FAST | {"flybackFrames": "1"}}, {"sizes": "C2 Y6 X8", "Z": ""}),
    (24, {"Streaming": STREAM, "channels": ()}, {"sizes": "Y6 X8"}),
])  # fmt: skip
def test_raw_files_by_what_fits_their_size(
    tmp_path: Path, planes: int, elements: dict[str, object], true: dict[str, str]
) -> None:
    found = raw(tmp_path, planes, experiment(mode="1", **elements))  # type: ignore[arg-type]
    assert {k: found.get(k, "") for k in true} == true


@pytest.mark.parametrize(("planes", "sizes"), [(2, "C2 Y6 X8"), (12, "C2 Y6 X8")])
def test_raw_files_that_were_not_streamed(tmp_path: Path, planes: int, sizes: str) -> None:
    assert raw(tmp_path, planes, experiment(), "Image_001_001_001_001.raw")["sizes"] == sizes


def test_a_raw_file_that_nothing_tells_of_is_not_read(tmp_path: Path) -> None:
    alone = put(tmp_path, "Image_0001_0001.raw", bytes(96))
    assert alone.status is Status.UNREAD and alone.header is not None and "Experiment.xml" in alone.header.warnings[0]
    put(tmp_path, "Experiment.xml", experiment())
    assert put(tmp_path, "Image_0001_0001.raw", bytes(97)).status is Status.UNREAD
    put(tmp_path, "Experiment.xml", b"<ThorImageExperiment>")
    assert put(tmp_path, "Image_0001_0001.raw", bytes(96)).status is Status.FAILED


def test_a_raw_file_names_the_experiment_as_the_source(tmp_path: Path) -> None:
    put(tmp_path, "a/Experiment.xml", experiment(mode="1", Streaming=STREAM))
    found = put(tmp_path, "a/Image_0001_0001.raw", bytes(8 * 6 * 2 * 24)).header
    assert found is not None and {v.file for v in found.values} == {"a/Experiment.xml"}


@pytest.mark.parametrize("home", ["", "run 1"])
def test_pictures_in_a_folder_of_their_own_are_previews(tmp_path: Path, home: str) -> None:
    put(tmp_path / home, "Experiment.xml", experiment())
    tiffs(tmp_path / home)
    for name in ("ChanA_001_001_002_001", "other"):
        put(tmp_path / home, f"jpeg/{name}.jpg", written.jpeg())
    found = {i.path.rpartition("/")[2]: i.status for i in harvest(tmp_path).items}
    assert (found["ChanA_001_001_002_001.jpg"], found["other.jpg"]) == (Status.COMPANION, Status.READ)


def test_more_files_than_are_looked_up(tmp_path: Path) -> None:
    found = header(tmp_path, "Experiment.xml", experiment(Timelapse={"timepoints": "1000000"}))
    assert not found.links and "more files" in found.warnings[0] and said(found)["X"] == "0.116 µm"
