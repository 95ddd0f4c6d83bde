"""ICS, OIR, the lists of IN Cell Analyzer, and lists of files that are longer than any header."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.folder import Harvest, harvest
from rembi_sheets.harvest.model import Header, Status
from rembi_sheets.report import harvested
from tests.harvest import written, written_light, written_screens
from tests.harvest.real import said
from tests.harvest.test_traps import header, put


def of(made: Harvest, name: str) -> Header:
    found = next(i for i in made.items if i.path.endswith(name))
    assert found.header is not None
    return found.header


@pytest.mark.parametrize("mark", ["\t", " ", "\x01"])
def test_ics(tmp_path: Path, mark: str) -> None:
    content = written_light.ics(mark=mark)
    found = said(header(tmp_path, "a.ics", content))
    assert (found["sizes"], found["type"], found["time_interval"]) == ("T4 C2 Z3 Y6 X8", "uint16", "1.5 s")
    assert (found["X"], found["Y"], found["Z"]) == ("0.25 µm", "0.5 µm", "2 µm")
    assert "ada" not in str(header(tmp_path, "a.ics", content))


@pytest.mark.parametrize(("how", "true"), [
    ({"units": ("relative", *["undefined"] * 5)}, {"X": None, "Z": None, "time_interval": None}),
    ({"units": ("relative", "nm", "nm", "mm", "-", "min")}, {"X": "0.25 nm", "Z": None, "time_interval": None}),
    ({"scale": ("1", "0", "-0.5", "nan", "1", "0")}, {"X": None, "Y": "0.5 µm", "Z": None}),
    ({"units": ("relative", "micrometers")}, {"X": None}),
    ({"kind": ("real", "signed"), "sizes": {"bits": 32, "x": 8, "y": 6}, "scale": (), "units": ()},
     {"sizes": "Y6 X8", "type": "float32"}),
    ({"sizes": {"bits": 8, "ch": 3, "x": 8, "y": 6, "z": 1, "phase": 2}, "scale": (), "units": ()},
     {"sizes": "Q2 C3 Y6 X8", "type": "uint8"}),
])  # fmt: skip
def test_a_step_of_ics_counts_where_its_unit_stands(tmp_path: Path, how: Any, true: dict[str, str | None]) -> None:
    found = said(header(tmp_path, "a.ics", written_light.ics(**how)))
    assert {k: found.get(k) for k in true} == true


def test_what_bio_formats_writes_for_nothing_is_no_size(tmp_path: Path) -> None:
    units = ("bits", "micrometers", "micrometers", "micrometers", "seconds")  # channels get none
    how: dict[str, Any] = {"scale": ("1.000000", "0.0885", "0.0885", "1.0", "1.0", "0.25"), "units": units}
    found = said(header(tmp_path, "a.ics", written_light.ics(**how)))
    assert (found["X"], found.get("Z"), found["time_interval"]) == ("0.0885 µm", None, "0.25 s")
    how["units"] = ("relative", *units[1:4], "undefined", "seconds")  # others may well mean it
    assert said(header(tmp_path, "a.ics", written_light.ics(**how)))["Z"] == "1 µm"


def test_pixels_beside_their_header_are_no_second_image(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(written_light.ics())
    (tmp_path / "a.ids").write_bytes(bytes(99))
    made = harvest(tmp_path)
    assert [i.status for i in made.items] == [Status.READ, Status.COMPANION]
    assert (made.groups[0].format, made.groups[0].images) == ("ICS", 1)


@pytest.mark.parametrize("sizes", [
    {"x": 8, "y": 6}, {"bits": 8, "x": 8, "z": 6}, {"bits": 8, "x": 0, "y": 6}, {"bits": 8},
])  # fmt: skip
def test_an_ics_without_a_plane_is_damaged(tmp_path: Path, sizes: dict[str, int]) -> None:
    assert put(tmp_path, "a.ics", written_light.ics(sizes=sizes)).status is Status.FAILED


SERIES = [f"t{t:03}z{z:03}" for t in (1, 2, 3) for z in (1, 2)]


@pytest.mark.parametrize(("how", "sizes", "warned"), [
    ({}, "C2 Z3 Y6 X8", False),
    ({"declared": {"TIMELAPSE": 3, "ZSTACK": 2}, "planes": SERIES}, "T3 C2 Z2 Y6 X8", False),
    ({"declared": {"TIMELAPSE": 9, "ZSTACK": 2}, "planes": SERIES[:5]}, "T3 C2 Z2 Y6 X8", True),
    ({"declared": {"ZSTACK": 7}}, "C2 Z3 Y6 X8", True),
    ({"declared": {}, "planes": [""]}, "C2 Y6 X8", False),
    ({"declared": {"TIMELAPSE": 6}, "planes": [""]}, "T6 C2 X8", False),
    ({"declared": {"LAMBDA": 2}, "planes": ["l001", "l002"]}, "λ2 C2 Y6 X8", False),
])  # fmt: skip
def test_an_oir_has_the_planes_that_are_stored(tmp_path: Path, how: Any, sizes: str, warned: bool) -> None:
    found = header(tmp_path, "a.oir", written_light.oir(**how))
    values = said(found)
    assert (values["sizes"], values["type"], bool(found.warnings)) == (sizes, "uint16", warned)
    assert values["X"] == "0.621480569402239 µm" and (values.get("Z") == "0.5 µm") == ("Z" in sizes)
    assert values.get("Y") == ("0.310740284701119 µm" if "Y" in sizes else None)


def test_an_oir_names_its_channels_and_its_objective(tmp_path: Path) -> None:
    found = header(tmp_path, "a.oir", written_light.oir())
    true = {
        "channel 0": "CH1", "channel 0 fluorophore": "Dye 1", "channel 0 excitation_wavelength": "488 nm",
        "channel 0 detection_wavelength": "550-590 nm", "channel 1": "CH2", "microscope": "FV3000",
        "objective": "UPLSAPO60X", "magnification": "60 x", "numerical_aperture": "1.3", "immersion": "silicone oil",
    }  # fmt: skip
    assert true.items() <= said(found).items() and found.acquired.startswith("2025-07-28T15:36")
    assert "channel 1 excitation_wavelength" not in said(found), "its laser was off"
    assert "ada" not in str(found)


@pytest.mark.parametrize(("unit", "pixel", "true"), [
    ("", "0.5", "0.5 µm"), ("NANO_METER", "250", "250 nm"), ("PIXEL", "1", None), ("MICRO_METER", "0", None),
])  # fmt: skip
def test_the_unit_of_an_oir(tmp_path: Path, unit: str, pixel: str, true: str | None) -> None:
    content = written_light.oir(unit=unit, pixel=(pixel, pixel))
    assert said(header(tmp_path, "a.oir", content)).get("X") == true


def test_an_oir_that_goes_on_in_other_files_is_one_image(tmp_path: Path) -> None:
    how: dict[str, Any] = {"declared": {"TIMELAPSE": 3, "ZSTACK": 2}}
    (tmp_path / "a.oir").write_bytes(written_light.oir(**how, planes=SERIES[:2]))
    for number, planes in enumerate((SERIES[2:4], SERIES[4:]), start=1):
        (tmp_path / f"a_{number:05}").write_bytes(written_light.oir(**how, planes=planes))
    made = harvest(tmp_path)
    assert {i.path: i.status for i in made.items} == {
        "a.oir": Status.READ, "a_00001": Status.COMPANION, "a_00002": Status.COMPANION,
    }  # fmt: skip
    assert said(of(made, "a.oir"))["sizes"] == "T3 C2 Z2 Y6 X8" and made.groups[0].images == 1


def test_a_damaged_oir_is_told(tmp_path: Path) -> None:
    whole = written_light.oir()
    assert put(tmp_path, "a.oir", whole[:-60]).status is Status.FAILED
    assert put(tmp_path, "b.oir", whole[:80]).status is Status.FAILED
    assert put(tmp_path, "c.oir", written_light.oir(planes=())).status is Status.UNREAD


@pytest.fixture
def plate(tmp_path: Path) -> Path:
    image = written.tiff(kind="uint16")
    for row, column in ((2, 3), (16, 24)):
        for name, *_ in written_light.WAVES:
            (tmp_path / written_light.incell_name(row, column, name)).write_bytes(image)
    return tmp_path


def test_the_list_of_in_cell(plate: Path) -> None:
    (plate / "P7.xdce").write_bytes(written_light.incell())
    made = harvest(plate)
    one = of(made, written_light.incell_name(16, 24, "FITC"))
    true = {
        "X": "0.325 µm", "Y": "0.325 µm", "channel 0": "FITC", "channel 0 excitation_wavelength": "490 nm",
        "channel 0 detection_wavelength": "525 nm", "channel 0 exposure_time": "100 ms", "magnification": "20 x",
        "numerical_aperture": "0.45", "objective": "Nikon 20X/0.45", "microscope": "IN Cell Analyzer 2000",
        "detector": "CoolSNAP K4", "binning": "1x1",
    }  # fmt: skip
    assert true.items() <= said(one).items() and (one.plate, one.wells) == ("P7", ("P24",))
    text = "".join(harvested.as_json(made))
    assert not any(hidden in text for hidden in ("ada", "PC0815"))


@pytest.mark.parametrize(("how", "true"), [
    ({"binning": "2 X 2"}, None), ({"unit": "px"}, None), ({"unit": "um"}, "0.325 µm"), ({"binning": ""}, "0.325 µm"),
])  # fmt: skip
def test_pixels_of_a_list_are_those_of_its_images(plate: Path, how: Any, true: str | None) -> None:
    (plate / "P7.xdce").write_bytes(written_light.incell(**how))
    assert said(of(harvest(plate), written_light.incell_name(2, 3, "DAPI"))).get("X") == true


LISTS = {
    "Index.xml": (written_screens.harmony(), written_screens.harmony_name(16, 24, 1, 2)),
    "Index.idx.xml": (written_screens.harmony(once=True), written_screens.harmony_name(16, 24, 1, 2)),
    "a.xdce": (written_light.incell(), written_light.incell_name(16, 24, "DAPI")),
    written_screens.MLF: (written_screens.cellvoyager()[written_screens.MLF], "Assay_P24_T0001F001L01A01Z01C01.tif"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_is_read_as_a_short_one(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, image = LISTS[name]
    short = header(tmp_path, name, content)
    monkeypatch.setattr(xml, "LIMIT", 100)
    assert header(tmp_path, name, content) == short and short.linked_wells[image.casefold()] == ("P24",)
    for damaged in (content[: len(content) // 2], content.replace(b"?>", b"?><!DOCTYPE a>", 1)):
        assert b"?>" not in content or put(tmp_path, name, damaged).status is Status.FAILED
    monkeypatch.setattr(xml, "LONGEST", len(content) - 1)
    assert put(tmp_path, name, content).status is Status.FAILED
