"""Tags of vendors in TIFFs, written here: they count before any resolution, and no person in them comes out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.harvest import readers
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status
from rembi_sheets.report import harvested
from tests.harvest import written
from tests.harvest.real import said
from tests.harvest.test_traps import header, put

FEI = """[User]\r\nDate=01/02/2024\r\nUser=ada\r\n[System]\r\nSystemType=Scios 2\r\nDnumber=D9999\r\nSource=FEG\r
[Beam]\r\nBeam=EBeam\r\nScan=EScan\r\n[EBeam]\r\nHV=2000\r\nWD=0.0041\r\nBeamCurrent=1e-10\r\n[Scan]\r\nDwelltime=3e-06\r
PixelWidth={pixel}\r\nPixelHeight={pixel}\r\n[EScan]\r\nDwell=3e-06\r\nPixelWidth={pixel}\r\nPixelHeight={pixel}\r
[Detectors]\r\nName=T1\r\nMode=A+B\r\n[PrivateFei]\r\nDatabarHeight=2\r\n"""
SEM = """0\r\n0\r\n0\r\n{first}\r\nAP_WD\r\nWD =  5.2 mm\r\nAP_ACTUALKV\r\nEHT = 1.50 kV\r\nAP_IPROBE\r
I Probe =  500 pA\r
{key}\r\n{short}\r\nDP_SEM\r\nSem = Gemini 300\r\nSV_SERIAL_NUMBER\r
Serial No. = GE-1\r\nSV_USER_NAME\r\nUser Name = ada\r\n"""
EER = """<metadata><item name="cameraName">Falcon4i</item><item name="numberOfFrames">{frames}</item>
<item name="sensorPixelSize.width" unit="m">8.1e-11</item><item name="sensorPixelSize.height" unit="m">8.1e-11</item>
<item name="serialNumber">C-12</item><item name="totalDose" unit="e/Å²">50.5</item></metadata>"""


def tagged(code: int, text: str, kind: int = 2, pages: int = 1, **options: Any) -> bytes:
    raw: Any = text.encode("utf-8") if kind == 7 else text
    tag = (code, kind, len(raw), raw, True) if kind == 7 else (code, "s", 0, raw, True)
    return written.tiff(pages, extratags=[tag], **options)


def test_thermo_fisher(tmp_path: Path) -> None:
    content = tagged(34682, FEI.format(pixel="3.3724e-06"), resolution=(64, 64), resolutionunit=2)
    found = header(tmp_path, "a.tif", content)
    values = said(found)
    assert (values["X"], values["Y"]) == ("3.3724 µm", "3.3724 µm")
    assert (values["accelerating_voltage"], values["working_distance"]) == ("2 kV", "4.1 mm")
    assert (values["beam_current"], values["pixel_dwell_time"]) == ("0.1 nA", "3 µs")
    assert found.instrument == "D9999" and any("2 of its 6 rows" in w for w in found.warnings)


@pytest.mark.parametrize(
    ("first", "short", "true"),
    [
        ("3.12509609375e-11", "Image Pixel Size = 4.000 nm", "4.000123 nm"),
        ("7e-07", "Image Pixel Size = 4.000 nm", "4 nm"),
        ("3.12509609375e-11", "Width = 32.00 nm", "4.000123 nm"),
        ("3.12509609375e-11", "Width = 64.00 nm", "-"),
    ],
)
def test_zeiss_sem(tmp_path: Path, first: str, short: str, true: str) -> None:
    """The long number (of a screen of 1,024 pixels) counts where it agrees with what has a unit; else that, or none."""
    key = "AP_WIDTH" if short.startswith("Width") else "AP_IMAGE_PIXEL_SIZE"
    values = said(header(tmp_path, "a.tif", tagged(34118, SEM.format(first=first, key=key, short=short))))
    assert values.get("X", "-") == true
    assert (values["accelerating_voltage"], values["beam_current"]) == ("1.5 kV", "0.5 nA")
    assert values["instrument"] == "GE-1"


@pytest.mark.parametrize(("more", "true"), [
    ("AP_MAG\r\nMag = 50.00 K X\r\n", {"magnification": "50000 x"}),
    ("AP_MAG\r\nMag =   105 X\r\n", {"magnification": "105 x"}),
    ("DP_DETECTOR_CHANNEL\r\nSignal A = InLens\r\n", {"detector_type": "InLens"}),
    ("DP_DETECTOR_CHANNEL\r\nSignal A = SE\r\nDP_DETECTOR_TYPE\r\nDetector = HE-SE2\r\n", {"detector_type": "HE-SE2"}),
    ("SV_SERIAL_NUMBER\r\nSerial No. = ULTRA 55-36-06\r\n", {"microscope": "Zeiss ULTRA 55",
                                                            "instrument": "ULTRA 55-36-06"}),
    ("SV_SERIAL_NUMBER\r\nSerial No. = 4711\r\n", {"microscope": "", "instrument": "4711"}),
])  # fmt: skip
def test_zeiss_sem_of_older_programs(tmp_path: Path, more: str, true: dict[str, str]) -> None:
    text = f"0\r\n0\r\n0\r\n4e-9\r\nAP_ACTUALKV\r\nEHT = 1.50 kV\r\n{more}"
    found = said(header(tmp_path, "a.tif", tagged(34118, text)))
    assert {k: found.get(k, "") for k in true} == true


@pytest.mark.parametrize("name", ["a.eer", "a.tif"])
def test_eer_is_one_movie(tmp_path: Path, name: str) -> None:
    values = said(header(tmp_path, name, tagged(65001, EER.format(frames=3), 7, pages=3)))
    assert (values["frames"], values["sizes"], values["X"]) == ("3", "Y6 X8", "0.81 Å")
    assert (values["total_dose"], values["detector"], values["instrument"]) == ("50.5 e/Å²", "Falcon4i", "C-12")


def test_svs_knows_its_scanner_and_no_user(tmp_path: Path) -> None:
    text = "Aperio Image Library v11\r\n8x6 (256x256)|AppMag = 40|MPP = 0.2525|ScanScope ID = SS1|User = ada"
    values = said(header(tmp_path, "a.svs", written.tiff(description=text)))
    assert (values["X"], values["magnification"], values["instrument"]) == ("0.2525 µm", "40 x", "SS1")


def test_no_user_comes_out(tmp_path: Path) -> None:
    put(tmp_path, "a.tif", tagged(34682, FEI.format(pixel="1e-9")))
    put(
        tmp_path,
        "b.tif",
        tagged(34118, SEM.format(first="4e-9", key="AP_IMAGE_PIXEL_SIZE", short="Image Pixel Size = 4.0 nm")),
    )
    assert "ada" not in "".join(harvested.as_json(harvest(tmp_path)))


def test_a_library_that_is_absent_is_named_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.tif", written.tiff())
    put(tmp_path, "b.tif", written.tiff())
    put(tmp_path, "c.mrc", written.mrc())
    monkeypatch.setattr(readers, "_absent", lambda library: library == "tifffile")
    made = harvest(tmp_path)
    assert [i.status for i in made.items] == [Status.UNREAD, Status.UNREAD, Status.READ]
    told = "".join(harvested.text(made))
    assert told.count("pip install 'rembi-sheets[harvest]'") == 1 and "2 files" in told
    assert json.loads("".join(harvested.as_json(made)))["counts"]["unread"] == 2


def test_every_extra_of_a_reader_is_one_that_brings_what_it_needs() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    for reader in readers.all_readers():
        brought = {p.split(">")[0] for p in extras.get(reader.extra, [])}
        assert set(reader.needs) <= brought, reader


def test_readers_load_no_library_before_a_file_asks_for_it() -> None:
    code = (
        "import sys; from rembi_sheets.harvest.readers import all_readers; [r.code for r in all_readers()];"
        "heavy = {'numpy', 'tifffile', 'h5py', 'nd2', 'liffile', 'oiffile', 'pydicom', 'pandas'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
