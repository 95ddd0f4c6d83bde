"""EM, SPIDER, IMAGIC and Amira: sizes and numbers of images, and a pixel size where one stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status
from tests.harvest import written_particles as written
from tests.harvest.real import said
from tests.harvest.test_traps import header, put


@pytest.mark.parametrize(("how", "sizes", "kind"), [
    ({}, "Z24 Y26 X30", "float32"), ({"machine": 5}, "Z24 Y26 X30", "float32"),
    ({"sizes": (30, 26, 1), "kind": 2}, "Y26 X30", "int16"), ({"sizes": (64, 64, 2), "kind": 1}, "Z2 Y64 X64", "uint8"),
])  # fmt: skip
def test_em(tmp_path: Path, how: Any, sizes: str, kind: str) -> None:
    found = header(tmp_path, "a.em", written.em(**how))
    assert (said(found)["sizes"], said(found)["type"], "X" in said(found)) == (sizes, kind, False)
    assert "ada" not in str(found)


@pytest.mark.parametrize("sizes", [(20, 900, 1), (3, 2, 1), (19, 11, 1)])
def test_a_list_of_particles_is_no_image(tmp_path: Path, sizes: tuple[int, int, int]) -> None:
    assert put(tmp_path, "a.em", written.em(sizes)).status is Status.UNREAD


@pytest.mark.parametrize(("how", "sizes", "pixels"), [
    ({}, "Y26 X30", "XY"), ({"order": ">"}, "Y26 X30", "XY"), ({"stack": 4}, "N4 Y26 X30", "XY"),
    ({"sizes": (300, 26, 5)}, "Z5 Y26 X300", "XYZ"), ({"sizes": (30, 26, 5), "stack": 2}, "N2 Z5 Y26 X30", "XYZ"),
    ({"pixel": 0.0}, "Y26 X30", ""), ({"pixel": -2.0}, "Y26 X30", ""), ({"planes": -1}, "Y26 X30", "XY"),
])  # fmt: skip
@pytest.mark.parametrize("name", ["a.spi", "a.xmp"])
def test_spider(tmp_path: Path, how: Any, sizes: str, pixels: str, name: str) -> None:
    found = header(tmp_path, name, written.spider(**how))
    values = said(found)
    assert (found.format, values["sizes"], values["type"]) == ("SPIDER", sizes, "float32")
    assert {a: values[a] for a in "XYZ" if a in values} == dict.fromkeys(pixels, "1.5 Å")


@pytest.mark.parametrize(("how", "sizes", "images"), [
    ({}, "N3 Y26 X30", 3), ({"count": 1}, "Y26 X30", 1), ({"order": ">"}, "N3 Y26 X30", 3),
    ({"count": 6, "planes": 3}, "N2 Z3 Y26 X30", 2), ({"count": 5, "planes": 5}, "Z5 Y26 X30", 1),
    ({"kind": b"PACK"}, "N3 Y26 X30", 3),
])  # fmt: skip
def test_imagic(tmp_path: Path, how: Any, sizes: str, images: int) -> None:
    told, pixels = written.imagic(**how)
    (tmp_path / "a.hed").write_bytes(told)
    found = header(tmp_path, "a.img", pixels)
    assert (found.format, said(found)["sizes"], "X" in said(found)) == ("IMAGIC", sizes, False)
    made = harvest(tmp_path)
    assert made.groups[0].images == images
    assert {i.path: i.status for i in made.items} == {"a.hed": Status.COMPANION, "a.img": Status.READ}


def test_pixels_without_their_header_are_nobodys(tmp_path: Path) -> None:
    told, pixels = written.imagic()
    assert put(tmp_path, "a.img", pixels).status is Status.UNREAD
    for damaged in (told[:-1024], told[:900], told[:56] + b"WHAT" + told[60:]):
        (tmp_path / "a.hed").write_bytes(damaged)
        assert put(tmp_path, "a.img", pixels).status is Status.FAILED
    (tmp_path / "a.hed").write_bytes(told)
    assert put(tmp_path, "a.img", pixels[:-1]).status is Status.FAILED


@pytest.mark.parametrize("content", [written.em()[:-1], written.spider(stack=2)[:-1], written.spider()[:-1]])
def test_what_is_cut_off_is_told(tmp_path: Path, content: bytes) -> None:
    assert put(tmp_path, "a.em", content).status is Status.FAILED


@pytest.mark.parametrize(("how", "sizes", "kind", "pixels"), [
    ({}, "Z5 Y7 X9", "uint16", {"X": "0.5 µm", "Y": "2 µm", "Z": "0.5 µm"}),
    ({"unit": ""}, "Z5 Y7 X9", "uint16", {}), ({"unit": "pixel"}, "Z5 Y7 X9", "uint16", {}),
    ({"coordinates": "stacked"}, "Z5 Y7 X9", "uint16", {}),
    ({"unit": "", "data": "Lattice { byte[4] Colour } @1"}, "Z5 Y7 X9 S4", "uint8", {}),
    ({"unit": "", "data": "Lattice { float[3] Field } @1"}, "Z5 Y7 X9 C3", "float32", {}),
])  # fmt: skip
def test_amira(tmp_path: Path, how: Any, sizes: str, kind: str, pixels: dict[str, str]) -> None:
    values = said(header(tmp_path, "a.am", written.amira(**how)))
    assert (values["sizes"], values["type"]) == (sizes, kind)
    assert {a: values[a] for a in "XYZ" if a in values} == pixels


def test_a_mesh_of_surfaces_is_no_image(tmp_path: Path) -> None:
    content = written.amira().replace(b"define Lattice 9 7 5", b"define Vertices 9")
    assert put(tmp_path, "a.am", content).status is Status.UNREAD


def test_a_reader_that_fails_over_a_head_is_not_asked_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rembi_sheets.harvest.readers import mrc
    from tests.harvest.written import tiff

    def fails(head: bytes, name: str) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(mrc, "sniff", fails)
    assert put(tmp_path, "a.tif", tiff()).status is Status.READ
    nothing = written.spider()[:4] + b"\xff\xff\xff\x7f" + written.spider()[8:]
    assert put(tmp_path, "a.spi", nothing).status is Status.UNREAD, "a length that is no number"
