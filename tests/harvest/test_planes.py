"""Images spread over files: how many there are, with which channels, planes and times, by trees of instruments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.groups import Groups
from rembi_sheets.harvest.model import Header, Image, Item, Status
from rembi_sheets.harvest.screens import spots
from tests.harvest import written


def item(path: str, **sizes: int) -> Item:
    image = Image("YX", {"Y": 6, "X": 8} | sizes, "uint16")
    return Item(path, 100, Status.READ, "TIFF", Header("TIFF", (image,)))


def made(paths: list[str], **sizes: int) -> list[tuple[int, str]]:
    """Number of images and sizes of each group."""
    groups = Groups()
    for path in sorted(paths):
        groups.add(item(path, **sizes))
    found = groups.made(lambda _: ())
    return [(g.images, " ".join(f"{a}{n}" for a, n in g.image.sizes.items() if a not in "YX")) for g in found]


@dataclass(frozen=True)
class Tree:
    """Paths as an instrument leaves them, and what they are: images, further sizes, plates and wells."""

    paths: tuple[str, ...]
    images: int
    sizes: str
    plates: frozenset[str]
    wells: int


def _wells(rows: int, columns: int) -> Iterator[tuple[int, int, str]]:
    for row, column in product(range(1, rows + 1), range(1, columns + 1)):
        yield row, column, f"{chr(64 + row)}{column:02}"


def trees() -> Mapping[str, Tree]:
    operetta = tuple(
        f"S A/{plate}__2024-01-02T10_00_00-Measurement 1/Images/r{r:02}c{c:02}f{f:02}p{p:02}-ch{ch}sk{t}fk1fl1.tiff"
        for plate in ("Plate 1", "Plate 2")
        for r, c, _ in _wells(2, 2)
        for f, p, ch, t in product((1, 2), (1, 2), (1, 2), (1, 2))
    )
    express = tuple(
        f"{plate}/TimePoint_{t}/ZStep_{z}/exp 7_{well}_s{s}_w{w}{n:08X}-AB12-4C00.tif"
        for plate in ("P1", "P2")
        for n, ((_, _, well), t, z, s, w) in enumerate(product(_wells(2, 2), (1, 2), (1, 2), (1, 2), (1, 2)))
    )
    one_site = tuple(f"Plate_9/run_{well}_w{w}.TIF" for (_, _, well), w in product(_wells(2, 2), (1, 2, 3)))
    voyager = tuple(
        f"AssayPlate/Image/AP 1_{well}_T0001F{f:03}L01A0{c}Z{z:02}C0{c}.tif"
        for (_, _, well), f, z, c in product(_wells(2, 2), (1, 2), (1, 2), (1, 2))
    )
    shading = ("AssayPlate/Image/DC_sCMOS #1_CAM1.tif", "AssayPlate/Image/SHD_20x_W1_C01.tif")
    in_cell = tuple(
        f"plate x/{chr(64 + r)} - {c}(fld {f} wv {w} - {w} z {z}).tif"
        for (r, c, _), f, w, z in product(_wells(2, 2), (1, 2), ("DAPI", "Cy3"), (1, 2))
    )
    scan_r = tuple(
        f"run_001/data/{chr(64 + r)}{c}--W0000{r}--P0000{p}--Z00000--T0000{t}--{ch}.tif"
        for (r, c, _), p, t, ch in product(_wells(2, 2), (1, 2), (0, 1, 2), ("DAPI", "GFP"))
    )
    manager = tuple(
        f"Slide/{chr(64 + r)}{c}-Site_{s}/img_channel00{ch}_position00{s}_time000000000_z00{z}.tif"
        for (r, c, _), s, ch, z in product(_wells(2, 2), (0, 1), (0, 1), (0, 1))
    )
    old_manager = tuple(f"Pos{p}/img_00000000{t}_{ch}_000.tif" for p, t, ch in product((0, 1), (0, 1), ("Cy3", "Cy5")))
    leica = tuple(f"exp/Series{s:03}_z{z:03}_ch0{c}.tif" for s, z, c in product((1, 2, 3), (0, 1), (0, 1)))
    tail = ("--Z00000", "--T00000")
    return {
        "Operetta, two plates": Tree(operetta, 16, "T2 C2 Z2", frozenset(("Plate 1", "Plate 2")), 8),
        "Operetta, a field missing": Tree(
            tuple(p for p in operetta if not ("Plate 2" in p and "r02c02f02" in p)), 15, "T2 C2 Z2",
            frozenset(("Plate 1", "Plate 2")), 8,
        ),
        "ImageXpress, times and planes": Tree(express, 16, "T2 C2 Z2", frozenset(("P1", "P2")), 8),
        "ImageXpress, one site": Tree(one_site, 4, "C3", frozenset(("Plate_9",)), 4),
        "CellVoyager and its shading": Tree((*voyager, *shading), 8, "C2 Z2", frozenset(("AssayPlate",)), 4),
        "IN Cell": Tree(in_cell, 8, "C2 Z2", frozenset(("plate x",)), 4),
        "ScanR": Tree(scan_r, 8, "T3 C2", frozenset(("run_001",)), 4),
        "Micro-Manager": Tree(manager, 8, "C2 Z2", frozenset(("Slide",)), 4),
        "Micro-Manager 1.4": Tree(old_manager, 2, "T2 C2", frozenset(), 0),
        "Leica export": Tree(leica, 3, "C2 Z2", frozenset(), 0),
        "ScanR, no plate": Tree(("x" + tail[0] + tail[1],), 1, "", frozenset(), 0),
    }  # fmt: skip


@pytest.mark.parametrize("name", trees())
def test_a_tree_is_its_images_plates_and_wells(name: str) -> None:
    tree = trees()[name]
    plain = [p for p in tree.paths if "SHD" not in p and "DC_" not in p]
    assert made(plain) == [(tree.images, tree.sizes)]
    places = spots(tree.paths)
    assert {s.plate for s in places.values()} == tree.plates
    assert len({(s.plate, s.well) for s in places.values()}) == tree.wells


def test_the_folder_harvested_may_be_the_plate() -> None:
    paths = [f"Images/r01c{c:02}f01p01-ch1sk1fk1fl1.tiff" for c in (1, 2)]
    found = spots(paths, "P 7__2024-01-02T10_00_00-Measurement 1")
    assert [(s.plate, s.well) for s in found.values()] == [("P 7", "A1"), ("P 7", "A2")]
    assert {s.plate for s in spots(["exp_B02_s1_w1.tif", "exp_B02_s2_w1.tif"], "Plate 3").values()} == {"Plate 3"}


@pytest.mark.parametrize(
    ("paths", "true"),
    [
        (["a_w1DAPI.tif", "a_w2GFP.tif", "b_w1DAPI.tif", "b_w2GFP.tif"], [(2, "C2")]),
        (["a_ch01.tif", "a_ch02.tif"], [(1, "C2")]),
        (["a_C=0.tif", "a_C=1.tif", "a_C=2.tif"], [(1, "C3")]),
        (["a_c1_z1.tif", "a_c1_z2.tif", "a_c2_z1.tif", "a_c2_z2.tif"], [(1, "C2 Z2")]),
        (["mouse_c1.tif", "mouse_c2.tif"], [(2, "")]),  # cages, cells, clones
        (["a_ch1.tif", "b_ch2.tif"], [(2, "")]),  # nothing says that they belong together
        (["a_ch1.tif", "b_ch1.tif"], [(2, "")]),
        (["a_z1.tif", "a_z2.tif"], [(2, "")]),
        (["batch1.tif", "batch2.tif", "patch3.tif"], [(3, "")]),
        (["FoilHole_1_Data_2_3.mrc", "FoilHole_2_Data_2_3.mrc"], [(2, "")]),
    ],
)
def test_marks_of_a_name(paths: list[str], true: list[tuple[int, str]]) -> None:
    assert made(paths) == true


def test_a_file_of_several_channels_is_an_image() -> None:
    assert made(["a_ch1.tif", "a_ch2.tif"], C=3) == [(2, "C3")]


def test_channels_of_their_headers_stay_with_the_image(tmp_path: Path) -> None:
    text = (
        '<MetaData><PlaneInfo><prop id="spatial-calibration-state" value="on"/><prop id="spatial-calibration-x" '
        'value="0.5"/><prop id="spatial-calibration-y" value="0.5"/><prop id="spatial-calibration-units" value="um"/>'
        '<prop id="_IllumSetting_" value="{}"/></PlaneInfo></MetaData>'
    )
    home = tmp_path / "P1" / "TimePoint_1"
    home.mkdir(parents=True)
    for well, (wave, name) in product(("A01", "A02"), enumerate(("DAPI", "GFP"), 1)):
        (home / f"e_{well}_s1_w{wave}.tif").write_bytes(written.tiff(description=text.format(name)))
        (home / f"e_{well}_s1_w{wave}_thumb.tif").write_bytes(written.tiff(shape=(3, 4)))
    (group,) = harvest(tmp_path).groups
    assert (group.images, len(group.files), [c.name for c in group.image.channels]) == (2, 4, ["DAPI", "GFP"])
    kinds = [i.status for i in harvest(tmp_path).items if "thumb" in i.path]
    assert set(kinds) == {Status.COMPANION}


PLATE = """<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Plate ID="Plate:0" Name="P 9">
<Well ID="Well:0" Row="0" Column="0"><WellSample ID="WellSample:0" Index="0"><ImageRef ID="Image:0"/></WellSample>
</Well><Well ID="Well:1" Row="1" Column="11"><WellSample ID="WellSample:1" Index="1"><ImageRef ID="Image:1"/>
</WellSample></Well></Plate>{images}</OME>"""
IMAGE = """<Image ID="Image:{n}"><Pixels ID="Pixels:{n}" DimensionOrder="XYZCT" Type="uint16" SizeX="8" SizeY="6"
SizeZ="1" SizeC="1" SizeT="1" PhysicalSizeX="0.5" PhysicalSizeY="0.5"><TiffData><UUID FileName="{name}">urn:uuid:{n}
</UUID></TiffData></Pixels></Image>"""


def test_a_companion_hands_wells_to_the_files_that_it_names(tmp_path: Path) -> None:
    images = "".join(IMAGE.format(n=n, name=f"Field{n}.tif") for n in (0, 1))
    (tmp_path / "plate.companion.ome").write_text(PLATE.format(images=images), encoding="utf-8")
    for n in (0, 1, 2):
        (tmp_path / f"field{n}.tif").write_bytes(written.tiff())
    found = {i.path: i.header for i in harvest(tmp_path).items if i.header and not i.header.companion}
    assert [(h.plate, h.wells) for h in found.values()] == [("P 9", ("A1",)), ("P 9", ("B12",)), ("", ())]
