"""Lists that screens leave beside their images, and images that leave what they are to another file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from rembi_sheets.harvest.coding import pack, unpack
from rembi_sheets.harvest.companions import is_preview
from rembi_sheets.harvest.folder import Harvest, harvest
from rembi_sheets.harvest.model import Header, Item, Status
from rembi_sheets.report import harvested
from tests.harvest import written, written_screens
from tests.harvest.folders import lay
from tests.harvest.real import said
from tests.harvest.written_screens import NDTIFF as WHOLE
from tests.harvest.written_screens import ndtiff

WELLS = ((2, 3), (16, 24))


def of(made: Harvest, name: str) -> Header:
    found = next(i for i in made.items if i.path.endswith(name))
    assert found.header is not None
    return found.header


@pytest.fixture
def plate(tmp_path: Path) -> Path:
    """Two wells in two channels, whose TIFFs say no size of a pixel, and the list of another measurement."""
    folder = tmp_path / "P"
    image = written_screens.harmony_tiff()
    names = [written_screens.harmony_name(r, c, 1, ch) for r, c in WELLS for ch in (1, 2)]
    other = written_screens.harmony(pixels=("1E-06",))
    return lay(
        folder,
        {f"a/Images/{n}": image for n in names}
        | {f"b/Images/{n}": image for n in names}
        | {"b/Images/Index.idx.xml": other},
    )


@pytest.mark.parametrize("once", [False, True])
@pytest.mark.parametrize("name", ["Index.idx.xml", "Index.xml"])
def test_the_list_of_harmony(plate: Path, once: bool, name: str) -> None:
    (plate / "a/Images" / name).write_bytes(written_screens.harmony(once=once))
    made = harvest(plate)
    found = of(made, "a/Images/r16c24f01p01-ch1sk1fk1fl1.tiff")
    true = {
        "X": "0.299 µm", "Y": "0.299 µm", "channel 0": "DAPI", "channel 0 excitation_wavelength": "375 nm",
        "channel 0 exposure_time": "60 ms", "magnification": "40 x", "numerical_aperture": "1.1", "binning": "2x2",
        "instrument": "1400L1",
    }  # fmt: skip
    assert true.items() <= said(found).items() and found.wells == ("P24",) and found.plate == "P7"
    bright = said(of(made, "a/Images/r02c03f01p01-ch2sk1fk1fl1.tiff"))
    assert bright["channel 0"] == "Brightfield" and "channel 0 excitation_wavelength" not in bright
    assert said(of(made, "b/Images/r02c03f01p01-ch1sk1fk1fl1.tiff"))["X"] == "1 µm"  # of the list of its own folder
    assert "Somebody" not in "".join(harvested.as_json(made))


def test_channels_of_several_pixels_have_none_in_common(plate: Path) -> None:
    (plate / "a/Images/Index.idx.xml").write_bytes(written_screens.harmony(pixels=("2.99E-07", "5.98E-07")))
    found = of(harvest(plate), "a/Images/r02c03f01p01-ch1sk1fk1fl1.tiff")
    assert not found.images[0].pixel_size and said(found)["channel 0"] == "DAPI"


def test_a_pixel_of_the_camera_is_none_of_the_image(tmp_path: Path) -> None:
    (tmp_path / "r01c01.tiff").write_bytes(written_screens.harmony_tiff())
    (tmp_path / "plain.tiff").write_bytes(written.tiff(resolution=(1550.3, 1550.3), resolutionunit=3))
    made = harvest(tmp_path)
    assert not of(made, "r01c01.tiff").images[0].pixel_size and of(made, "plain.tiff").images[0].pixel_size


@pytest.mark.parametrize(("pixels", "true"), [(("0.325",), "0.325 µm"), (("0.325", "0.65"), None)])
def test_the_logs_of_cellvoyager(tmp_path: Path, pixels: tuple[str, ...], true: str | None) -> None:
    names = [written_screens.cellvoyager_name(r, c, ch) for r, c in WELLS for ch in "13"]
    logs = written_screens.cellvoyager(pixels=pixels)
    made = harvest(lay(tmp_path / "P", logs | {name: written.tiff() for name in names}))
    assert {i.path for i in made.items if i.status is Status.COMPANION} == set(logs)
    found = of(made, "_P24_T0001F001L01A01Z01C01.tif")
    known = {
        "channel 0": "405", "channel 0 excitation_wavelength": "405 nm", "channel 0 exposure_time": "100 ms",
        "channel 0 detection_wavelength": "422.5-467.5 nm", "objective": "20x v2", "magnification": "20 x",
        "binning": "1x1", "microscope": "Yokogawa CV8000",
    }  # fmt: skip
    assert known.items() <= said(found).items() and said(found).get("X") == true
    assert found.wells == ("P24",) and found.plate == "P7"
    bright = said(of(made, "_B03_T0001F001L01A01Z01C03.tif"))
    assert bright["channel 0"] == "Brightfield" and "channel 0 detection_wavelength" not in bright
    assert "somebody" not in "".join(harvested.as_json(made))


@pytest.mark.parametrize("gone", ["MeasurementDetail.mrf", "own.mes"])
def test_a_log_that_is_gone_takes_only_its_own_along(tmp_path: Path, gone: str) -> None:
    logs = written_screens.cellvoyager()
    del logs[gone]
    name = written_screens.cellvoyager_name(2, 3, "1")
    found = of(harvest(lay(tmp_path / "P", logs | {name: written.tiff()})), name)
    assert found.wells == ("B3",) and bool(found.images[0].pixel_size) == (gone == "own.mes")


def test_channels_of_other_files_are_kept_once(tmp_path: Path) -> None:
    (tmp_path / "Index.idx.xml").write_bytes(written_screens.harmony([(1, n, 1) for n in range(1, 25)]))
    item = next(iter(harvest(tmp_path).items))
    assert item.header is not None and len(item.header.linked_channels) == 48
    text = pack(item)
    assert text.count("DAPI") == 1 and unpack(item.path, item.size, text).header == item.header


def test_pixels_alone_are_told_by_the_ome_xml_that_names_them(tmp_path: Path) -> None:
    space = 'xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'
    text = f'<OME {space}><BinaryOnly MetadataFile="a.companion.ome" UUID="u"/></OME>'
    pixels = written.tiff(3, description=text, resolution=(100, 100), resolutionunit=3)
    (tmp_path / "a.ome.tif").write_bytes(pixels)
    alone = of(harvest(tmp_path), "a.ome.tif")
    assert alone.format == "OME-TIFF" and alone.images[0].sizes == {"N": 3, "Y": 6, "X": 8}
    assert not alone.images[0].pixel_size
    sizes = 'PhysicalSizeX="0.5" PhysicalSizeY="0.5"'
    told = written.ome(sizes).replace(
        b"</Pixels>", b'<TiffData><UUID FileName="a.ome.tif">u</UUID></TiffData></Pixels>'
    )
    (tmp_path / "a.companion.ome").write_bytes(told)
    assert said(of(harvest(tmp_path), "a.ome.tif"))["X"] == "0.5 µm"


@pytest.mark.parametrize(("path", "true"), [
    ("T/exp_C03_w1_thumb4BFD4018-E675-475E-B5AB-2E959E6B6DA1.tif", True),
    ("T/exp_C03_w1_thumbE5A6D08C-AF44-4CA9-A6E8-7DC9BC9565F2.tif", True),
    ("T/exp_C03_w1_thumb.tif", True), ("T/a_thumbnail_1.tif", True), ("T/left_thumbs.tif", False),
    ("T/a_thumb/exp.tif", False), ("run/Downsampled_x16/run_NDTiffStack.tif", True),
    ("run/Downsampled_x2/run_NDTiffStack_1.tif", True), ("run/Full resolution/run_NDTiffStack.tif", False),
    ("Downsampled_x2/mine.tif", False),
])  # fmt: skip
def test_smaller_pictures_by_their_names(path: str, true: bool) -> None:
    assert is_preview(Item(path, 1, Status.READ, "TIFF")) is true


@pytest.mark.parametrize(("per_cm", "true"), [
    ((2834, 100), None), ((2835, 100), None), ((3779, 100), None), ((11811, 100), None), ((25, 1), "400 µm"),
])  # fmt: skip
@pytest.mark.parametrize("unit", ["micron", "um"])
def test_dots_of_a_printer_are_no_pixels_of_imagej(
    tmp_path: Path, per_cm: tuple[int, int], true: str | None, unit: str
) -> None:
    """ImageJ keeps the dots of a centimetre of another program, and people give them a unit."""
    text = f"ImageJ=1.54p\nimages=2\nslices=2\nunit={unit}\n"
    per = (per_cm[0], per_cm[1] * 10_000)
    content = written.tiff(2, description=text, resolution=(per, per), resolutionunit=1)
    (tmp_path / "a.tif").write_bytes(content)
    assert said(of(harvest(tmp_path), "a.tif")).get("X") == true


@pytest.mark.parametrize(("kind", "status"), [
    ("VOLUME", Status.READ), ("LABEL", Status.COMPANION), ("OVERVIEW", Status.COMPANION),
    ("THUMBNAIL", Status.COMPANION),
])  # fmt: skip
def test_the_label_of_a_slide_is_no_image(tmp_path: Path, kind: str, status: Status) -> None:
    import pydicom

    data, made = pydicom.dcmread(io.BytesIO(written.dicom())), io.BytesIO()
    data.ImageType = ["ORIGINAL", "PRIMARY", kind, "NONE"]
    data.save_as(made)
    (tmp_path / "a.dcm").write_bytes(made.getvalue())
    assert [i.status for i in harvest(tmp_path).items] == [status]


INDEXED = {
    "every image": (ndtiff(*WHOLE), "T2 Z3 C2 Y6 X8"),
    "one is missing": (ndtiff(*WHOLE[:-1]), "N12 Y6 X8"),
    "one stands twice": (ndtiff(*WHOLE[:-1], WHOLE[0]), "N12 Y6 X8"),
    "another file": (ndtiff(*WHOLE, name="run_NDTiffStack_1.tif"), "N12 Y6 X8"),
    "an axis of nobody": (ndtiff(*({**p, "row": 0} for p in WHOLE)), "N12 Y6 X8"),
    "cut off": (ndtiff(*WHOLE)[:-40], "N12 Y6 X8"),
    "no index": (b"\xff" * 90, "N12 Y6 X8"),
}


@pytest.mark.parametrize("which", INDEXED)
def test_the_index_of_ndtiff_tells_the_axes(tmp_path: Path, which: str) -> None:
    content, true = INDEXED[which]
    (tmp_path / "run_NDTiffStack.tif").write_bytes(written.tiff(12))
    (tmp_path / "NDTiff.index").write_bytes(content)
    found = said(of(harvest(tmp_path), "run_NDTiffStack.tif"))
    assert found["sizes"] == true and found.get("channel 1") == ("Cy5" if true[0] == "T" else None)


@pytest.mark.parametrize(("named", "power"), [("40X Plan Apo Lambda", "40 x"), ("2.5x", "2.5 x"), ("Plan 10", None)])
def test_imagexpress_names_its_objective(tmp_path: Path, named: str, power: str | None) -> None:
    told = {"spatial-calibration-x": "0.5", "ImageXpress Micro Objective": named, "camera-binning-x": "2"}
    told |= {"spatial-calibration-y": "0.5", "spatial-calibration-units": "um", "camera-binning-y": "2"}
    kinds = {"ImageXpress Micro Objective": "custom-prop"}
    properties = "".join(f'<{kinds.get(key, "prop")} id="{key}" value="{value}"/>' for key, value in told.items())
    text = f"<MetaData><PlaneInfo>{properties}</PlaneInfo></MetaData>"
    (tmp_path / "a.tif").write_bytes(written.tiff(description=text))
    found = said(of(harvest(tmp_path), "a.tif"))
    assert (found["objective"], found.get("magnification"), found["binning"], found["X"]) == (
        named,
        power,
        "2x2",
        "0.5 µm",
    )
