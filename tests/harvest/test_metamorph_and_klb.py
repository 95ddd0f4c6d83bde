"""Lists of MetaMorph with the images beside them, and KLB, written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status
from tests.harvest import written, written_slides
from tests.harvest.real import said
from tests.harvest.test_traps import header, put
from tests.harvest.written_lists import klb, nd

GFP, CHERRY = "scan_w1confGFP_s{}.{}", "scan_w2conf mCherry_s{}.{}"


def of_images(folder: Path) -> dict[str, dict[str, str]]:
    return {i.path: said(i.header) for i in harvest(folder).items if i.header and i.status is Status.READ}


@pytest.mark.parametrize("ending", ["stk", "TIF"])
def test_each_image_has_its_channel_and_planes_their_step(tmp_path: Path, ending: str) -> None:
    put(tmp_path, "scan.nd", nd())
    content = written_slides.stk(5, (0, 1)) if ending == "stk" else written.tiff(5)
    for spot in (1, 2):
        for name in (GFP, CHERRY):
            put(tmp_path, name.format(spot, ending), content)
    found = of_images(tmp_path)
    assert {n: (f["channel 0"], f["sizes"], f["Z"]) for n, f in found.items()} == {
        **{GFP.format(s, ending): ("confGFP", "Z5 Y6 X8", "0.75 µm") for s in (1, 2)},
        **{CHERRY.format(s, ending): ("conf mCherry", "Z5 Y6 X8", "0.75 µm") for s in (1, 2)},
    }
    assert [(g.images, [c.name for c in g.image.channels]) for g in harvest(tmp_path).groups] == [
        (2, ["confGFP"]), (2, ["conf mCherry"]),
    ]  # fmt: skip


def test_what_the_list_says(tmp_path: Path) -> None:
    found = header(tmp_path, "scan.nd", nd())
    assert found.companion and found.acquired == "20240209 16:25:29.500" and "ada" not in str(found)
    assert len(found.links) == 12 and len(found.linked_channels) == 12


@pytest.mark.parametrize(("content", "true"), [
    (nd('"ZStepSize", 0,5'), {"sizes": "Z5 Y6 X8", "Z": "0.5 µm"}),
    (nd('"ZStepSize", 0'), {"sizes": "Z5 Y6 X8", "Z": ""}),
    (nd('"ZStepSize", -1'), {"sizes": "Z5 Y6 X8", "Z": ""}),
    (nd('"NZSteps", 4'), {"sizes": "N5 Y6 X8", "Z": ""}),
    (nd(deep=False), {"sizes": "N5 Y6 X8", "Z": "", "channel 0": "confGFP"}),
    (nd('"NStagePositions", 999999'), {"channel 0": ""}),
    (nd('"DoWave", FALSE'), {"channel 0": ""}),
])  # fmt: skip
def test_what_does_not_fit_is_not_told(tmp_path: Path, content: bytes, true: dict[str, str]) -> None:
    put(tmp_path, "scan.nd", content)
    put(tmp_path, GFP.format(1, "stk"), written_slides.stk(5, (0, 1)))
    found = of_images(tmp_path)[GFP.format(1, "stk")]
    assert {k: found.get(k, "") for k in true} == true


def test_names_that_no_file_can_have_are_those_that_programs_write(tmp_path: Path) -> None:
    put(tmp_path, "scan.nd", nd(waves=("DIC/Cy5", "b")))
    put(tmp_path, "scan_w1DIC-Cy5_s1.tif", written.tiff())
    assert of_images(tmp_path)["scan_w1DIC-Cy5_s1.tif"]["channel 0"] == "DIC/Cy5"


def test_klb(tmp_path: Path) -> None:
    found = header(tmp_path, "a.klb", klb())
    flat = said(found)
    assert {"sizes": "T3 C2 Z4 Y6 X8", "type": "uint16", "X": "0.40625 µm", "Y": "0.40625 µm", "Z": "2.031 µm",
            "time_interval": "30 s"}.items() <= flat.items()  # fmt: skip
    assert (found.format, found.compression) == ("KLB", "bzip2")


@pytest.mark.parametrize(("content", "true"), [
    (klb(steps=(1, 1, 1, 1, 1)), {"sizes": "T3 C2 Z4 Y6 X8", "X": "", "Z": "", "time_interval": ""}),
    (klb(steps=(0, float("nan"), -1, 1, 0)), {"X": "", "Y": "", "Z": "", "time_interval": ""}),
    (klb((8, 6, 1, 1, 1)), {"sizes": "Y6 X8", "Z": "", "time_interval": ""}),
    (klb(kind=8, compression=0), {"type": "float32"}),
])  # fmt: skip
def test_klb_that_was_told_no_sizes_has_none(tmp_path: Path, content: bytes, true: dict[str, str]) -> None:
    flat = said(header(tmp_path, "a.klb", content))
    assert {k: flat.get(k, "") for k in true} == true


@pytest.mark.parametrize("content", [
    klb((0, 6, 4, 1, 1)), klb(kind=12), klb(compression=9), klb(blocks=(0, 6, 4, 1, 1)), klb()[:340],
    klb(sizes=(2**30, 2**30, 1, 1, 1), blocks=(2**30, 2**30, 1, 1, 1))[:324],
])  # fmt: skip
def test_klb_whose_header_cannot_be_is_named(tmp_path: Path, content: bytes) -> None:
    assert put(tmp_path, "a.klb", content).status is Status.FAILED


def test_a_klb_cut_off_in_its_header_is_not_taken_for_read(tmp_path: Path) -> None:
    assert put(tmp_path, "a.klb", klb()[:200]).status is Status.UNREAD
