"""Folders as people have them: names of instruments and their variants, links, previews, Macs."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.harvest import walk as walking
from rembi_sheets.harvest.folder import Harvest, harvest
from rembi_sheets.harvest.screens import spots
from rembi_sheets.harvest.store import Store
from rembi_sheets.report import harvested
from tests.harvest import folders, written
from tests.harvest.test_planes import made

GUID = "0AB12C3D-AC76-4844-8431-E6A954BD1174"
NAMED: list[tuple[Sequence[str], str, str, list[str]]] = [
    ([f"x/P1/2024-01-02/4321/TimePoint_1/e_{w}_s1_w1{GUID}.tif" for w in ("B02", "B03")], "", "P1", ["B2", "B3"]),
    ([f"P1/2024-01-02/4321/e_{w}_w2.tif" for w in ("B02", "P24")], "store", "P1", ["B2", "P24"]),
    ([f"2024-01-02/4321/e_{w}_w2.tif" for w in ("B02", "P24")], "P1", "P1", ["B2", "P24"]),
    ([f"P1/TimePoint_1/e_{w}.TIF" for w in ("B02", "AF48")], "", "P1", ["B2", "AF48"]),
    ([f"P1/e_{w}{GUID}.tif" for w in ("B02", "B03")], "", "P1", ["B2", "B3"]),
    ([f"P1/{w}_s1_w1_z1.tif" for w in ("B02", "B03")], "", "P1", ["B2", "B3"]),
    ([f"run_1/run_1_MMStack_{w}-Site_0.ome.tif" for w in ("B2", "P24")], "", "run_1", ["B2", "P24"]),
    ([f"run_1/run_1_MMStack_1-{w}-Site_000_1.ome.tif" for w in ("B02", "P24")], "", "run_1", ["B2", "P24"]),
    ([f"P1/{w}(wv DAPI - DAPI).tif" for w in ("B - 2", "P - 24")], "", "P1", ["B2", "P24"]),
    ([f"P1/{w}(z 2 wv Cy5 - Cy5).tif" for w in ("B - 2", "AF - 48")], "", "P1", ["B2", "AF48"]),
    ([f"P1/{w}--W00001--P00001--Z00000--T00000--DAPI.tif" for w in ("B2", "B3")], "", "P1", ["B2", "B3"]),
    ([f"{w}--W00001--P00001--Z00000--T00000--DAPI.tif" for w in ("B2", "B3")], "data", "data", ["B2", "B3"]),
    ([f"r02c{c}f01p01-ch1sk1fk1fl1.tiff" for c in ("02", "48")], "Images", "Images", ["B2", "B48"]),
    ([f"e_{w}_s1_w1.tif" for w in ("B02", "B03")], "TimePoint_1", "TimePoint_1", ["B2", "B3"]),
]


@pytest.mark.parametrize(("paths", "home", "plate", "wells"), NAMED, ids=lambda v: v[0] if isinstance(v, list) else v)
def test_variants_of_names_have_their_plate_and_wells(
    paths: Sequence[str], home: str, plate: str, wells: list[str]
) -> None:
    found = spots(paths, home)
    assert [(s.plate, s.well) for s in found.values()] == [(plate, w) for w in wells]


@pytest.mark.parametrize(
    "paths",
    [
        ["a/mouse_B02.tif", "a/mouse_B03.tif"],  # no folder of a time point, no number of the database
        ["a/P01_s1.tif", "a/P02_s1.tif"],  # patients and sections
        ["a/A - 1(2).tif", "a/B - 1(copy).tif"],
        ["a/2024-01-02/4321/cells.tif", "a/2024-01-02/4321/more.tif"],
    ],
)
def test_names_that_only_look_so_are_no_wells(paths: list[str]) -> None:
    assert spots(paths, "home") == {}


@pytest.mark.parametrize(
    ("names", "true"),
    [
        ([f"W{w}F001T0001Z0{z}C{c}.tif" for w in (1, 2) for z in (1, 2) for c in (1, 2)], [(2, "C2 Z2")]),
        ([f"W0001F000{f}T0001Z001C{c}.tif" for f in (1, 2, 3) for c in (1, 2)], [(3, "C2")]),
        ([f"--W0000{w}--P00001--Z00000--T0000{t}--{c}.tif" for w in (1, 2) for t in (0, 1) for c in "DG"],
         [(2, "T2 C2")]),
        ([f"P/TimePoint_1/A01_s{s}_w1_z{z}.tif" for s in (1, 2) for z in (1, 2, 3)], [(2, "Z3")]),
    ],
)  # fmt: skip
def test_planes_of_further_names(names: list[str], true: list[tuple[int, str]]) -> None:
    assert made(names) == true


def told(harvest: Harvest) -> str:
    return "".join(harvested.text(harvest))


def test_a_picture_of_the_name_of_an_image_is_its_preview_whatever_number_the_name_ends_with(tmp_path: Path) -> None:
    kinds = {".czi": written.czi(), ".mrc": written.mrc(), ".tif": written.tiff()}
    folders.lay(tmp_path, {f"a_{n:02}{kind}": content for n, (kind, content) in enumerate(kinds.items(), 1)})
    folders.lay(tmp_path, {f"a_{n:02}.jpg": written.jpeg() for n in (1, 2, 3, 4)})
    statuses = {i.path: i.status.value for i in harvest(tmp_path).items if i.path.endswith("jpg")}
    assert statuses == {"a_01.jpg": "companion", "a_02.jpg": "companion", "a_03.jpg": "companion", "a_04.jpg": "read"}


def test_the_atlas_of_a_session_has_what_its_xml_says(tmp_path: Path) -> None:
    tile = {f"Atlas/Tile_19_{n}_1{kind}": content for n in (0, 1) for kind, content in (
        (".mrc", folders.stack(64, 48, 1, 300.0)), (".xml", written.epu()), (".jpg", written.jpeg()))}  # fmt: skip
    group = harvest(folders.lay(tmp_path, tile)).groups
    assert [(len(g.files), g.instrument) for g in group] == [(2, "4711")]


def test_an_emi_is_that_of_all_its_images(tmp_path: Path) -> None:
    folders.lay(tmp_path, {"s.emi": written.emi(), "s_1.ser": written.ser(), "s_12.ser": written.ser()})
    (group,) = harvest(tmp_path).groups
    assert any(v.value == "300" for v in group.values) and len(group.files) == 2


def test_references_of_a_camera_are_no_images_of_a_group(tmp_path: Path) -> None:
    movie = folders.stack(8, 6, 4, 1.0)
    names = ("20240101_EER_GainReference.gain", "K3-1 Gain Ref. x1.m3.kv[1].mrc", "SuperRef_a.mrc", "dark-ref.mrc")
    folders.lay(tmp_path, {f"m/{name}": movie for name in (*names, "gain-of-function_1.mrc", "m_1.mrc")})
    groups = {g.name: list(g.files) for g in harvest(tmp_path).groups}
    assert groups["m, MRC"] == ["m/gain-of-function_1.mrc", "m/m_1.mrc"]
    assert sorted(groups["m, MRC, reference of the camera"]) == sorted(f"m/{n}" for n in names)


def test_folders_that_a_mac_writes_are_the_same_as_others(tmp_path: Path) -> None:
    image = written.tiff()
    for form in ("NFC", "NFD"):
        folders.lay(tmp_path, {unicodedata.normalize(form, f"Zellöl/{form}.tif"): image})
    assert [(g.name, len(g.files)) for g in harvest(tmp_path).groups] == [("Zellöl, TIFF", 2)]


def test_links_are_not_followed_and_named(tmp_path: Path) -> None:
    folders.lay(tmp_path, {"data/a/b.tif": written.tiff(), "far/c.tif": written.tiff()})
    data = tmp_path / "data"
    for name, target in (
        ("l.tif", data / "a/b.tif"),
        ("sub", tmp_path / "far"),
        ("gone", tmp_path / "no"),
        (".h", data),
    ):
        (data / name).symlink_to(target)
    with_store = harvest(data, store=Store(tmp_path / "one.store"))
    assert [i.path for i in with_store.items] == ["a/b.tif"]
    (note,) = with_store.passed
    assert "not followed" in note and with_store.passed[note] == (3, ["gone", "l.tif", "sub"])
    assert note in told(with_store)
    (data / "sub").unlink()
    with_store.items._store.close()
    again = harvest(data, store=Store(tmp_path / "one.store"))
    assert again.passed[note] == (2, ["gone", "l.tif"])
    again.items._store.close()
    merged = Store()
    merged.take(tmp_path / "one.store")
    assert "not followed" in merged.about("passed")


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders.lay(tmp_path, {"a/b.tif": written.tiff(), "shut/c.tif": written.tiff()})
    looked = walking._looked_into

    def refused(place: str) -> object:
        if place.endswith("shut"):
            raise PermissionError(13, "Permission denied", place)
        return looked(place)

    monkeypatch.setattr(walking, "_looked_into", refused)
    assert harvest(tmp_path).passed == {"the folder cannot be read": (1, ["shut"])}


def test_a_store_does_not_lie_among_the_files_that_it_tells_of(tmp_path: Path) -> None:
    data = folders.lay(tmp_path / "data", {"deep/a.tif": written.tiff()})
    for place in (data / "x.harvest", data / "deep" / "y"):
        done = CliRunner().invoke(cli, ["harvest", str(data), "--store", str(place)])
        assert done.exit_code == 2 and "outside" in done.output and not place.exists()
    assert CliRunner().invoke(cli, ["harvest", str(data), "--store", str(tmp_path / "data.harvest")]).exit_code == 0
