"""Slide scanners, LSM, STK, Fluoview, OIF, OIB, VSI, JEOL: files written here by the layouts of their makers."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status
from rembi_sheets.harvest.sniff import look
from tests.harvest import written
from tests.harvest.real import said
from tests.harvest.test_traps import header, put
from tests.harvest.written_lists import slidedat
from tests.harvest.written_slides import (
    OIF,
    PHILIPS,
    QPI,
    RGB,
    bif,
    fluoview,
    lsm,
    lsm_file,
    ndpi,
    oib,
    pages,
    scn,
    stk,
)


def test_leica_scn_gives_its_scan_and_not_the_slide_as_a_whole(tmp_path: Path) -> None:
    found = header(tmp_path, "a.scn", scn())
    values = said(found)
    assert (found.format, values["images"], values["sizes"]) == ("SCN", "1", "C2 Y48 X64")
    assert (values["X"], values["magnification"], values["microscope"]) == ("250 nm", "40 x", "Leica SCN400")
    assert values["channel 1"] == "L5|Empty"


@pytest.mark.parametrize(
    ("names", "true"), [(("DAPI", "Opal 520", "Opal 690"), "C3 Y48 X64"), (("Brightfield",), "Y48 X64")]
)
def test_the_full_pages_of_a_qptiff_are_channels(tmp_path: Path, names: Sequence[str], true: str) -> None:
    full = [
        ((48, 64), {"description": QPI.format(n), "resolution": (20080, 20080), "resolutionunit": 3}) for n in names
    ]
    values = said(header(tmp_path, "a.qptiff", pages(*full, ((24, 32), {"description": QPI.format("x")}))))
    assert (values["sizes"], values["magnification"], values["channel 0"]) == (true, "20 x", names[0])
    assert values["X"] == "498.00796812749 nm"


def test_ventana_bif_is_not_its_label(tmp_path: Path) -> None:
    values = said(header(tmp_path, "a.bif", bif()))
    assert (values["sizes"], values["X"], values["instrument"]) == ("Y48 X64 S3", "0.2325 µm", "2000515")
    assert values["images"] == "1" and "ada" not in str(values)


def test_philips_tells_rows_first(tmp_path: Path) -> None:
    values = said(header(tmp_path, "a.tiff", pages(((48, 64, 3), {"description": PHILIPS.format("WSI"), **RGB}))))
    assert (values["X"], values["Y"], values["instrument"]) == ("0.000227 mm", "0.00025 mm", "FMT0")
    assert "X" not in said(
        header(tmp_path, "b.tiff", pages(((48, 64, 3), {"description": PHILIPS.format("MACROIMAGE")})))
    )


def test_a_vsi_is_not_the_small_picture_in_it(tmp_path: Path) -> None:
    file = tmp_path / "Slide.vsi"
    file.write_bytes(written.tiff(resolution=(288, 288), resolutionunit=3))
    item = look(file, file.name, file.stat().st_size)
    assert item.status is Status.UNREAD and item.format == "VSI" and item.header and "folder" in item.header.warnings[0]


@pytest.mark.parametrize(("software", "true"), [("SCIFIO", "-"), ("OME Bio-Formats", "-"), ("Ours 1", "1 µm")])
def test_a_true_micrometre_counts_but_where_programs_write_it_for_none(
    tmp_path: Path, software: str, true: str
) -> None:
    content = written.tiff(software=software, resolution=(10_000, 10_000), resolutionunit=3)
    assert said(header(tmp_path, "a.tif", content)).get("X", "-") == true


def test_jeol_sightx_tells_its_microscope_and_no_pixel_of_the_screen(tmp_path: Path) -> None:
    text = (
        "<TemReporter><Instruments>JEM-2100</Instruments><Operator>ada</Operator><Comment>\x01</Comment>"
        "<AccelerationVoltage>200000</AccelerationVoltage><ImageFormingSystem><SelectorValue>150000</SelectorValue>"
        "<SelectorUnitString>{}</SelectorUnitString></ImageFormingSystem></TemReporter>"
    )
    for unit, true in (("X", "150000 x"), ("mm", "-")):
        content = written.tiff(description=text.format(unit), resolution=(93, 93), resolutionunit=2)
        values = said(header(tmp_path, "a.tif", content))
        assert (values["microscope"], values["accelerating_voltage"]) == ("JEOL JEM-2100", "200 kV")
        assert values.get("magnification", "-") == true and "X" not in values and "ada" not in str(values)


def test_damaged_xml_of_a_vendor_leaves_the_page(tmp_path: Path) -> None:
    found = header(tmp_path, "a.tif", written.tiff(description="<TemReporter><Instruments>JEM</TemReporter>"))
    assert said(found)["sizes"] == "Y6 X8" and "XML cannot be read" in found.warnings[0]


def test_lsm(tmp_path: Path) -> None:
    record = lsm(DimensionZ=3, DimensionChannels=2, DimensionTime=1, DimensionP=2, DimensionM=1, VoxelSizeX=8e-8,
                 VoxelSizeY=8e-8, VoxelSizeZ=5e-7)  # fmt: skip
    values = said(header(tmp_path, "a.lsm", lsm_file(record)))
    assert (values["sizes"], values["X"], values["Z"]) == ("N2 Z3 C2 Y6 X8", "80 nm", "500 nm")


def test_fluoview(tmp_path: Path) -> None:
    values = said(header(tmp_path, "a.tif", fluoview()))
    assert (values["X"], values["Y"], values["Z"]) == ("0.2 µm", "0.25 µm", "1.5 µm")
    assert values["sizes"] == "T2 Z3 Y6 X8"


@pytest.mark.parametrize(("step", "sizes", "deep"), [((5, 10), "Z4 Y6 X8", "0.5 µm"), ((0, 1), "N4 Y6 X8", "-"),
                                                     ((0, 0), "N4 Y6 X8", "-")])  # fmt: skip
def test_stk(tmp_path: Path, step: tuple[int, int], sizes: str, deep: str) -> None:
    values = said(header(tmp_path, "a.stk", stk(4, step)))
    assert (values["sizes"], values["X"], values.get("Z", "-")) == (sizes, "0.0645 µm", deep)


def test_ndpi(tmp_path: Path) -> None:
    found = header(tmp_path, "a.ndpi", ndpi())
    values = said(found)
    assert (found.format, values["sizes"], values["X"]) == ("NDPI", "Y6 X8 S3", "222.222222222222 nm")
    assert (values["magnification"], values["microscope"]) == ("20 x", "Hamamatsu C13220")


STATED = 'WidthConvertValue=0.207\nWidthUnit="um"\nHeightConvertValue=0.207\nHeightUnit="um"\n'


@pytest.mark.parametrize(("reference", "true"), [("", "0.2 µm"), (STATED, "0.207 µm")], ids=("ends", "stated"))
def test_oif(tmp_path: Path, reference: str, true: str) -> None:
    (tmp_path / "a.oif.files").mkdir()
    (tmp_path / "a.oif.files" / "s_C001.tif").write_bytes(written.tiff())
    values = said(header(tmp_path, "a.oif", OIF.format(reference=reference).encode("utf-16")))
    assert (values["sizes"], values["X"], values["Z"]) == ("Z5 C2 Y6 X8", true, "500 nm")


@pytest.mark.parametrize(("reference", "true"), [("", "0.2 µm"), (STATED, "0.207 µm")], ids=("ends", "stated"))
def test_oib(tmp_path: Path, reference: str, true: str) -> None:
    found = header(tmp_path, "a.oib", oib(reference))
    values = said(found)
    assert (found.format, values["sizes"], values["X"], values["Z"]) == ("OIB", "Z5 C2 Y6 X8", true, "500 nm")


def test_an_oib_that_goes_in_circles_is_damaged(tmp_path: Path) -> None:
    """oiffile alone would follow such a chain for ever."""
    content = bytearray(oib())
    (tables,), (first,) = (struct.unpack_from("<I", content, place) for place in (44, 76))
    for sector in range(128 * tables):
        struct.pack_into("<I", content, 512 * (first + 1) + 4 * sector, sector)
    item = put(tmp_path, "a.oib", bytes(content))
    assert item.header is None and item.status is Status.FAILED


@pytest.mark.parametrize(("zoom", "power"), [(0, "20"), (1, "20x"), (0, "20 X")])
def test_an_mrxs_is_not_its_picture_but_the_slide_beside_it(tmp_path: Path, zoom: int, power: str) -> None:
    put(tmp_path, "a/Slidedat.ini", slidedat(zoom, OBJECTIVE_MAGNIFICATION=power))
    put(tmp_path, "a/Data0000.dat", b"x")
    found = header(tmp_path, "a.mrxs", written.jpeg(40, 30))
    values = said(found)
    assert (found.format, found.compression, found.acquired) == ("MRXS", "JPEG (lossy)", "19/05/2011 14:21:03")
    assert {k: values[k] for k in ("sizes", "X", "Y", "magnification", "objective", "detector")} == {
        "sizes": "", "X": "0.2325 µm", "Y": "0.2326 µm", "magnification": "20 x", "objective": "Plan-Apochromat",
        "detector": "CIS_VCC_FC60FR19CL",
    }  # fmt: skip
    assert "ada" not in str(found) and any("type its size" in w for w in found.warnings)
    made = harvest(tmp_path)
    assert [i.path for i in made.items] == ["a.mrxs"] and made.groups[0].images == 1


def test_an_mrxs_without_its_folder_is_no_image(tmp_path: Path) -> None:
    item = put(tmp_path, "a.mrxs", written.jpeg(40, 30))
    assert item.status is Status.UNREAD and item.header is not None and "is not there" in item.header.warnings[0]


@pytest.mark.parametrize("said_", [{"MICROMETER_PER_PIXEL_X": "0"}, {"MICROMETER_PER_PIXEL_X": "many"}])
def test_an_mrxs_that_states_no_size_has_none(tmp_path: Path, said_: dict[str, str]) -> None:
    put(tmp_path, "a/Slidedat.ini", slidedat(**said_))
    assert "X" not in said(header(tmp_path, "a.mrxs", written.png()))
