"""OME-TIFFs of which each holds one plane: the first tells of all, or all do, or an OME-XML beside them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from tests.harvest import written
from tests.harvest.real import said
from tests.harvest.test_lasx import whole

ONLY = (
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
    '<BinaryOnly MetadataFile="a.companion.ome" UUID="urn:uuid:0"/></OME>'
)
STEPS = {"X": "0.25 µm", "Y": "0.25 µm", "Z": "1.5 µm"}


def names(planes: int = 2, channels: int = 2, times: int = 1) -> dict[str, tuple[int, int, int]]:
    """Names that say nothing -> plane, channel, time."""
    every = product(range(times), range(planes), range(channels))
    return {f"{chr(97 + n)}.ome.tif": (z, c, t) for n, (t, z, c) in enumerate(every)}


def parts(files: dict[str, tuple[int, int, int]]) -> str:
    return "".join(
        f'<TiffData FirstZ="{z}" FirstC="{c}" FirstT="{t}"><UUID FileName="{n}">urn:uuid:{n}</UUID></TiffData>'
        for n, (z, c, t) in files.items()
    )


def put(folder: Path, files: dict[str, tuple[int, int, int]], told: str, first: str) -> None:
    for number, name in enumerate(files):
        (folder / name).write_bytes(written.tiff(description=first if number == 0 else told))


@pytest.mark.parametrize("repeated", [True, False])
def test_the_files_of_one_image_are_one(tmp_path: Path, repeated: bool) -> None:
    files = names()
    told = written.ome(inside=parts(files)).decode()
    put(tmp_path, files, told if repeated else written.ome().decode(), told)
    assert whole(harvest(tmp_path)) == [(1, "Z2 C2 Y6 X8", STEPS, ["ch0", "ch1"])]
    found = {i.path: said(i.header) for i in harvest(tmp_path).items if i.header}
    assert [(f["sizes"], f["channel 0"], f.get("channel 1"), f.get("Z")) for f in found.values()] == [
        ("Y6 X8", name, None, None) for name in ("ch0", "ch1", "ch0", "ch1")
    ]


def test_two_images_of_one_folder_are_two(tmp_path: Path) -> None:
    for place in ("1", "2"):
        files = {f"{place}{n}": at for n, at in names(times=3).items()}
        told = written.ome(inside=parts(files), t=3).decode()
        put(tmp_path, files, told, told)
    assert whole(harvest(tmp_path)) == [(2, "T3 Z2 C2 Y6 X8", STEPS, ["ch0", "ch1"])]


def test_an_xml_beside_them_says_the_same(tmp_path: Path) -> None:
    files = names()
    (tmp_path / "a.companion.ome").write_bytes(written.ome(inside=parts(files)))
    put(tmp_path, files, ONLY, ONLY)
    assert whole(harvest(tmp_path)) == [(1, "Z2 C2 Y6 X8", STEPS, ["ch0", "ch1"])]


@pytest.mark.parametrize("inside", [
    parts(names(planes=1)), parts(names()) + parts(names()), parts(names()) + '<TiffData IFD="0"/>',
    parts({n: (0, c, t) for n, (_, c, t) in names().items()}),
    parts({n: (9, c, t) for n, (_, c, t) in names().items()}),
    parts(names()).replace('FirstZ="1"', 'FirstZ="-1"'), parts(names()).replace("a.ome.tif", ""),
])  # fmt: skip
def test_what_is_no_plane_a_file_stays_as_it_is_told(tmp_path: Path, inside: str) -> None:
    told = written.ome(inside=inside).decode()
    put(tmp_path, names(), told, told)
    assert whole(harvest(tmp_path)) == [(4, "Z2 C2 Y6 X8", STEPS, ["ch0", "ch1"])]


def test_a_file_alone_has_the_sizes_that_it_tells(tmp_path: Path) -> None:
    told = written.ome(inside='<TiffData IFD="0" PlaneCount="4"><UUID FileName="a.ome.tif">u</UUID></TiffData>')
    put(tmp_path, {"a.ome.tif": (0, 0, 0)}, "", told.decode())
    assert whole(harvest(tmp_path))[0][:2] == (1, "Z2 C2 Y6 X8")
