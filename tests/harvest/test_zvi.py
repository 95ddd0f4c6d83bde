"""ZVI of AxioVision, written here: planes, scales and what the tags say; and compound files that go in circles."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from rembi_sheets.harvest.compound import Compound
from rembi_sheets.harvest.model import Status, Unusable
from tests.harvest import written_zvi
from tests.harvest.real import said
from tests.harvest.test_traps import header, put
from tests.harvest.written_zvi import compound, zvi

STEPS = {"X": "0.125 µm", "Y": "0.25 µm", "Z": "0.5 µm"}


def test_what_it_says(tmp_path: Path) -> None:
    found = header(tmp_path, "a.zvi", zvi())
    assert {
        "sizes": "C2 Z2 Y6 X8", "type": "uint16", **STEPS, "channel 0": "DAPI", "channel 0 exposure_time": "100 ms",
        "channel 1": "GFP", "channel 1 exposure_time": "200 ms", "objective": "Plan 63x/1.40 Oil",
        "magnification": "63 x", "numerical_aperture": "1.4", "microscope": "Axioskop 2", "detector": "AxioCam HRm",
    }.items() <= said(found).items()  # fmt: skip
    assert found.acquired == "2023-03-15T12:00:00" and found.compression == "none" and "ada" not in str(found).lower()


@pytest.mark.parametrize(("about", "true"), [
    ({770: 0}, {"X": "", "Y": "0.25 µm"}),
    ({770: 77}, {"X": "", "Y": "0.25 µm"}),
    ({769: 0.0, 772: -1.0}, {"X": "", "Y": "", "Z": "0.5 µm"}),
    ({769: 2000.0, 772: float("nan")}, {"X": "", "Y": ""}),
    ({769: 1, 770: "76"}, {"X": ""}),
])  # fmt: skip
def test_a_scale_that_is_none(tmp_path: Path, about: dict[int, written_zvi.Value], true: dict[str, str]) -> None:
    found = said(header(tmp_path, "a.zvi", zvi(about=about)))
    assert {k: found.get(k, "") for k in true} == true


def test_a_unit_that_is_not_known_is_named(tmp_path: Path) -> None:
    assert header(tmp_path, "a.zvi", zvi(about={770: 77})).warnings == (
        "its scale is told in unit 77, which is not known; it is left out",
    )


@pytest.mark.parametrize(("places", "sizes"), [
    ([(0, 0, 0)], "Y6 X8"),
    ([(z, 0, 0) for z in (13, 14, 20)], "Z3 Y6 X8"),
    ([(z, c, t) for t in (0, 1) for z in (0, 1) for c in (0, 1)], "T2 Z2 C2 Y6 X8"),
    ([(z, 0, t) for z in (0, 1) for t in (0, 1, 2)], "Z2 T3 Y6 X8"),
    ([(0, 0, 0), (1, 1, 0), (0, 1, 0)], "Y6 X8"),
    ([(0, 0, 0), (0, 0, 0)], "Y6 X8"),
    ([], "Y6 X8"),
])  # fmt: skip
def test_planes_by_their_numbers(tmp_path: Path, places: list[tuple[int, int, int]], sizes: str) -> None:
    found = said(header(tmp_path, "a.zvi", zvi([(place, {}) for place in places])))
    assert found["sizes"] == sizes and ("Z" in found) is ("Z" in sizes)


def test_places_are_images_of_their_own(tmp_path: Path) -> None:
    planes = [((z, 0, 0), {2827: tile}) for tile in (0, 1, 2) for z in (0, 1)]
    found = header(tmp_path, "a.zvi", zvi(planes))
    assert len(found.images) == 3 and {tuple(i.sizes.values()) for i in found.images} == {(2, 6, 8)}


@pytest.mark.parametrize(("depth", "kind", "sizes"), [
    (1, "uint8", "Y6 X8"), (2, "uint16", "Y6 X8"), (3, "uint8", "Y6 X8 S3"), (6, "uint16", "Y6 X8 S3"),
    (5, "", "Y6 X8"),
])  # fmt: skip
def test_pixels(tmp_path: Path, depth: int, kind: str, sizes: str) -> None:
    found = said(header(tmp_path, "a.zvi", zvi([((0, 0, 0), {})], depth=depth)))
    assert (found["type"], found["sizes"]) == (kind, sizes)


@pytest.mark.parametrize(("begun", "told"), [(b"WZL\0rest", "deflate"), (b"\xff\xd8\xff\xe0", "JPEG (lossy)")])
def test_packed_pixels(tmp_path: Path, begun: bytes, told: str) -> None:
    assert header(tmp_path, "a.zvi", zvi([((0, 0, 0), {})], more=begun)).compression == told


def test_what_differs_between_planes_is_not_told(tmp_path: Path) -> None:
    planes = [((0, 0, t), {2049: f"Lens {t}", 2564: 10.0 + t}) for t in (0, 1)]
    found = said(header(tmp_path, "a.zvi", zvi(planes, about={2049: ""})))
    assert "objective" not in found and "channel 0 exposure_time" not in found


@pytest.mark.parametrize("content", [
    zvi([((0, 0, 0), {})], more=b"few"), zvi()[:600], zvi()[:8],
    compound({"Other/Contents": b"text"}),
])  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    assert put(tmp_path, "a.zvi", content).status is Status.FAILED


STREAMS = {"a": b"small", "b/c": b"x" * 5000, "b/d/e": bytes(range(100)), "f": b"y" * 70_000, "g": b"z" * 600}


def test_streams_are_read_as_they_were_written() -> None:
    content = compound(STREAMS)
    found = Compound(io.BytesIO(content), len(content))
    assert {path: found.head(path, 10**6) for path in found.streams} == STREAMS
    assert [found.head("f", 10), found.head("b/d/e", 70)[-1:], found.head("none", 9)] == [b"y" * 10, b"E", b""]


def test_another_reader_reads_the_same(tmp_path: Path) -> None:
    import oiffile

    (tmp_path / "a").write_bytes(compound(STREAMS))
    with oiffile.CompoundFile(tmp_path / "a") as file:
        assert {path: file.open_file(path).read() for path in file.files()} == STREAMS


def test_storages_are_no_deeper_than_paths_can_be() -> None:
    content = compound({f"{'a/' * 200}b": b"far below"})
    with pytest.raises(Unusable):
        Compound(io.BytesIO(content), len(content))


@pytest.mark.parametrize("at", ["table", "tree"])
def test_circles_end(at: str) -> None:
    content = bytearray(compound(STREAMS))
    if at == "table":
        (count,), (first,) = (struct.unpack_from("<I", content, place) for place in (44, 76))
        for place in range(128 * count):
            struct.pack_into("<I", content, 512 * (first + 1) + 4 * place, place)
    else:
        directory = struct.unpack_from("<I", content, 48)[0]
        struct.pack_into("<I", content, 512 * (directory + 1) + 128 + 68, 1)
    with pytest.raises(Unusable):
        Compound(io.BytesIO(bytes(content)), len(content)).head("a", 10**9)
