"""What is found in a folder: folders that are one thing, links, what systems leave, names in several forms."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.inventory import Listing, Odd, attachments, covering, scan
from tests.disk.made import folder


@pytest.mark.parametrize(
    ("inside", "whole"),
    [
        (("a.zarr/.zattrs", "a.zarr/0/.zarray", "a.zarr/0/0/0"), "a.zarr"),
        (("A.OME.ZARR/zarr.json", "A.OME.ZARR/0/c/0/0"), "A.OME.ZARR"),
        (("raw/plate.ome.zarr/.zgroup", "raw/plate.ome.zarr/A/1/0/0/.zarray"), "raw/plate.ome.zarr"),
        (("vol.n5/attributes.json", "vol.n5/c0/s0/0/0"), "vol.n5"),
        (("unnamed/.zgroup", "unnamed/0/.zarray"), "unnamed"),
        (("array/.zarray", "array/0.0"), "array"),
        (("version3/zarr.json", "version3/c/0"), "version3"),
        (("a.oif.files/s_C001.tif", "a.oif.files/s.pty"), "a.oif.files"),
    ],
)
def test_a_folder_that_is_one_thing_is_one_path_with_all_its_bytes(
    tmp_path: Path, inside: tuple[str, ...], whole: str
) -> None:
    found = scan(folder(tmp_path, dict.fromkeys(inside, 7)))
    assert dict(found) == {whole: 7 * len(inside)}
    assert found.wholes == {whole}
    assert found.spelled(inside[-1]) == inside[-1] and not found.spelled(f"{whole}/nothing")


@pytest.mark.parametrize(
    ("image", "beside"),
    [("scan.vsi", "_scan_/stack1/frame_t_0.ets"), ("b.oif", "b.oif.files/s_C001.tif"), ("c.mrxs", "c/Slidedat.ini")],
)
def test_a_folder_that_belongs_to_a_file_is_one_path_beside_it(tmp_path: Path, image: str, beside: str) -> None:
    found = scan(folder(tmp_path, {f"day1/{image}": 1, f"day1/{beside}": 2, "day2/x/a.tif": 1}))
    assert list(found) == sorted([f"day1/{image}", f"day1/{beside.partition('/')[0]}", "day2/x/a.tif"])
    alone = scan(folder(tmp_path / "alone", {"c/Slidedat.ini": 1, "_day_/a.tif": 1}))
    assert list(alone) == ["_day_/a.tif", "c/Slidedat.ini"]


def test_what_systems_and_programs_leave_is_no_file() -> None:
    left = ("Thumbs.db", "THUMBS.DB", "desktop.ini", ".DS_Store", "._a.tif", "@eaDir", "a.tif.tmp", "~$notes.docx")
    left += ("__MACOSX", "$RECYCLE.BIN", "a.mrc.filepart", "b.tif~")
    from rembi_sheets.vocabularies import file_names

    assert [n for n in left if not file_names.is_left(n)] == []
    assert [n for n in ("a.tif", "thumbs.tif", "tmp", "part_1.mrc", "a.mdoc") if file_names.is_left(n)] == []


def test_what_is_left_out_is_known_and_is_there_when_it_is_listed(tmp_path: Path) -> None:
    found = scan(folder(tmp_path, {"a.tif": 1, "Thumbs.db": 1, "@eaDir/a.tif/thumb.jpg": 1, ".git/config": 1}))
    assert list(found) == ["a.tif"]
    assert found.odd == {"Thumbs.db": Odd.LEFT, "@eaDir": Odd.LEFT, ".git": Odd.LEFT}
    assert found.spelled("Thumbs.db") == "Thumbs.db" and found.spelled("@eaDir/a.tif/thumb.jpg")
    assert not found.spelled(".git/nothing") and not found.spelled("../" + tmp_path.name + "/a.tif")


def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    store = folder(tmp_path / "store", {"a.tif": 3, "day1/b.tif": 4, "c.zarr/.zgroup": 5})
    data = tmp_path / "data"
    data.mkdir()
    (data / "one.tif").symlink_to(store / "a.tif")
    (data / "raw").symlink_to(store)
    (data / "image.zarr").symlink_to(store / "c.zarr")
    (tmp_path / "here").symlink_to(data)
    expected = {"image.zarr": 5, "one.tif": 3, "raw/a.tif": 3, "raw/c.zarr": 5, "raw/day1/b.tif": 4}
    assert dict(scan(data)) == dict(scan(tmp_path / "here")) == expected


def test_circles_of_links_and_links_to_nothing_are_noticed(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", {"a/x.tif": 1, "b/y.tif": 1})
    (data / "a/up").symlink_to(data)
    (data / "a/self").symlink_to(data / "a")
    (data / "a/over").symlink_to(data / "b")
    (data / "b/over").symlink_to(data / "a")
    (data / "loop").symlink_to(data / "loop")
    (data / "gone").symlink_to(tmp_path / "nowhere")
    found = scan(data)
    assert list(found) == ["a/over/y.tif", "a/x.tif", "b/over/x.tif", "b/y.tif"]
    assert {p for p, k in found.odd.items() if k is Odd.BROKEN} == {"gone", "loop"}
    circles = {p for p, k in found.odd.items() if k is Odd.CIRCLE}
    assert {"a/up", "a/self", "a/over/over", "b/over/over"} <= circles


def test_many_folders_linked_to_each_other_end(tmp_path: Path) -> None:
    names = [f"d{n}" for n in range(6)]
    for name in names:
        (tmp_path / "store" / name).mkdir(parents=True)
    for name in names:
        for other in names:
            (tmp_path / "store" / name / f"to-{other}").symlink_to(tmp_path / "store" / other)
    data = tmp_path / "data"
    data.mkdir()
    (data / "in").symlink_to(tmp_path / "store" / "d0")
    assert dict(scan(data)) == {}


def test_a_folder_that_cannot_be_read_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = folder(tmp_path, {"a.tif": 1, "private/b.tif": 1})
    reading = os.scandir

    def scandir(path: str) -> Any:  # root may read everything, so that rights would say nothing here
        if Path(path).name == "private":
            raise PermissionError(path)
        return reading(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = scan(data)
    assert found.odd == {"private": Odd.UNREADABLE} and list(found) == ["a.tif"]
    with pytest.raises(OSError, match="private"):
        scan(data / "private")


def test_linked_results_are_read_from_a_data_folder_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"1,2")
    data = tmp_path / "data"
    data.mkdir()
    (data / "t.csv").symlink_to(tmp_path / "table.csv")
    assert attachments(["t.csv"], [data]) == {}
    assert attachments(["t.csv"], [data], scan(data)) == {"t.csv": b"1,2"}
    assert attachments(["../table.csv"], [data], scan(data)) == {}


@pytest.mark.parametrize("name", ["Ärztin é.tif", "한국어.tif", "naïve ﬁ.tif", "Ångström.tif"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_several_forms_are_one_name(name: str, form: str) -> None:
    on_disk = unicodedata.normalize(form, f"raw/{name}")
    found = Listing.of({on_disk: 1, "raw/other.tif": 1})
    for typed in ("NFC", "NFD"):
        assert found.spelled(unicodedata.normalize(typed, f"raw/{name}")) == on_disk
        assert covering(unicodedata.normalize(typed, f"raw/{name[:2]}*"))(on_disk)
    assert found.twins == ()


def test_blanks_that_look_alike_are_one_name() -> None:
    found = Listing.of({"Screenshot at 3.14\u202fPM.png": 1, "a\u00a0b.tif": 1})
    assert found.spelled("Screenshot at 3.14 PM.png") == "Screenshot at 3.14\u202fPM.png"
    assert found.spelled("a b.tif") == "a\u00a0b.tif"


def test_of_two_files_that_look_alike_each_is_itself() -> None:
    composed, parted = "raw/\u00e4.tif", "raw/a\u0308.tif"
    found = Listing.of({parted: 1, composed: 1})
    assert (found.spelled(composed), found.spelled(parted)) == (composed, parted)
    assert found.twins == ((parted, composed),)


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "a" * 300 + "/b.csv"])
def test_what_is_too_long_for_a_name_is_no_attachment(tmp_path: Path, name: str) -> None:
    assert attachments([name], [tmp_path]) == {}
