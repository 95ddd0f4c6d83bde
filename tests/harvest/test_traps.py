"""Where naive readers go wrong (each trap has a real file somewhere), with files written here."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Header, Item, Status
from rembi_sheets.harvest.sniff import look
from rembi_sheets.report import harvested
from tests.harvest import written
from tests.harvest.real import said


def put(folder: Path, name: str, content: bytes) -> Item:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return look(folder / name, name, len(content))


def header(folder: Path, name: str, content: bytes) -> Header:
    found = put(folder, name, content)
    assert found.header is not None, found
    return found.header


@pytest.mark.parametrize("dots", [64, 72, 93, 96, 100, 150, 300, 600, 1200])
@pytest.mark.parametrize("unit", [1, 2])
def test_dots_per_inch_are_no_pixel_size(tmp_path: Path, dots: int, unit: int) -> None:
    content = written.tiff(resolution=(dots, dots), resolutionunit=unit)
    assert not header(tmp_path, "a.tif", content).images[0].pixel_size


@pytest.mark.parametrize("dots", [64, 72, 96, 150, 300, 600])
def test_nor_are_they_when_told_in_centimetres(tmp_path: Path, dots: int) -> None:
    content = written.tiff(resolution=(dots / 2.54, dots / 2.54), resolutionunit=3)
    assert not header(tmp_path, "a.tif", content).images[0].pixel_size


def test_a_resolution_in_centimetres_is_one(tmp_path: Path) -> None:
    found = said(header(tmp_path, "a.tif", written.tiff(resolution=(40000, 20000), resolutionunit=3)))
    assert (found["X"], found["Y"]) == ("250 nm", "500 nm")


def test_zero_is_no_pixel_size(tmp_path: Path) -> None:
    zero = written.ome('PhysicalSizeX="0" PhysicalSizeY="0.0"')
    assert not header(tmp_path, "a.ome.xml", zero).images[0].pixel_size
    assert not header(tmp_path, "a.czi", written.czi(scale="0")).images[0].pixel_size
    assert not header(tmp_path, "a.mrc", written.mrc(cell=(0, 0, 0))).images[0].pixel_size
    assert (
        not header(tmp_path, "a.tif", written.tiff(resolution=((0, 1000), (0, 1000)), resolutionunit=3))
        .images[0]
        .pixel_size
    )


@pytest.mark.parametrize("value", ["-0.1", "NaN", "INF", "1000.1", "1e9", "1e-9", "half", ""])
def test_nor_is_what_cannot_be(tmp_path: Path, value: str) -> None:
    content = written.ome(f'PhysicalSizeX="{value}" PhysicalSizeY="{value}"')
    assert not header(tmp_path, "a.ome.xml", content).images[0].pixel_size


@pytest.mark.parametrize(
    ("axes", "true"),
    [((1, 2, 3), ("1 Å", "2 Å", "3 Å")), ((3, 1, 2), ("3 Å", "1 Å", "2 Å")), ((2, 1, 3), ("2 Å", "1 Å", "3 Å"))],
)
@pytest.mark.parametrize("order", "<>")
def test_axes_of_a_map_are_those_that_it_names(
    tmp_path: Path, axes: tuple[int, int, int], true: tuple[str, ...], order: str
) -> None:
    content = written.mrc(cell=(10, 40, 90), grid=(10, 20, 30), axes=axes, order=order)
    found = said(header(tmp_path, "a.map", content))
    assert (found["X"], found["Y"], found["Z"]) == true
    assert found["sizes"] == "Z4 Y6 X8"


def test_an_mrc_without_its_stamp_is_read(tmp_path: Path) -> None:
    assert said(header(tmp_path, "a.mrc", written.mrc(stamp=b"\0\0\0\0")))["X"] == "1.5 Å"


@pytest.mark.parametrize(("ispg", "grid", "name", "sizes"), [
    (1, (8, 6, 4), "a.mrc", "Z4 Y6 X8"),
    (0, (8, 6, 1), "a.mrc", "N4 Y6 X8"),
    (0, (8, 6, 4), "a.mrcs", "N4 Y6 X8"),
    (401, (8, 6, 2), "a.mrc", "N2 Z2 Y6 X8"),
    (0, (8, 6, 4), "J5/00017_mic_doseweighted_particles.mrc", "N4 Y6 X8"),
    (0, (8, 6, 4), "J8_020_class_averages.mrc", "N4 Y6 X8"),
    (1, (8, 6, 4), "map_of_all_particles.mrc", "Z4 Y6 X8"),
])  # fmt: skip
def test_a_stack_is_no_volume(tmp_path: Path, ispg: int, grid: tuple[int, int, int], name: str, sizes: str) -> None:
    assert said(header(tmp_path, name, written.mrc(ispg=ispg, grid=grid)))["sizes"] == sizes


def test_the_directory_counts_where_the_xml_says_otherwise(tmp_path: Path) -> None:
    assert said(header(tmp_path, "a.czi", written.czi(said=-1)))["sizes"] == "Y10 X20"


def test_an_axis_that_few_know_is_told(tmp_path: Path) -> None:
    content = written.czi({"X": (20, 1), "Y": (10, 1), "Z": (1, 1), "H": (1, 32)})
    found = said(header(tmp_path, "a.czi", content))
    assert found["sizes"] == "H32 Y10 X20"
    assert "Z" not in found, "a step along Z, where there is one plane"


def test_tiles_make_one_image_and_scenes_are_images(tmp_path: Path) -> None:
    tiles = header(tmp_path, "a.czi", written.czi({"X": (20, 3), "Y": (10, 2)}))
    assert said(tiles)["sizes"] == "Y20 X60"
    scenes = header(tmp_path, "b.czi", written.czi({"X": (20, 1), "Y": (10, 1), "S": (1, 2)}))
    assert [dict(i.sizes) for i in scenes.images] == [{"Y": 10, "X": 20}] * 2


def test_units_of_axes_may_differ(tmp_path: Path) -> None:
    found = said(header(tmp_path, "a.dm3", written.dm3()))
    assert (found["X"], found["Y"]) == ("1 nm", "2 Å")


@pytest.mark.parametrize(("unit", "axis"), [("s", "T"), ("eV", "E"), ("nm", "Z"), ("", "N")])
def test_a_third_axis_is_what_its_unit_says(tmp_path: Path, unit: str, axis: str) -> None:
    content = written.dm3(("nm", "nm", unit), (1.0, 1.0, 1.0))
    assert said(header(tmp_path, "a.dm3", content))["sizes"] == f"{axis}5 Y6 X8"


def test_frames_of_velox_and_ser_are_times(tmp_path: Path) -> None:
    assert said(header(tmp_path, "a.emd", written.velox(3)))["sizes"] == "T3 Y6 X8"
    assert said(header(tmp_path, "a.ser", written.ser(count=4)))["sizes"] == "T4 Y6 X8"


@pytest.mark.parametrize("attributes", [True, False])
def test_imaris_is_its_extent_over_its_size(tmp_path: Path, attributes: bool) -> None:
    found = said(header(tmp_path, "a.ims", written.imaris(attributes)))
    assert (found["sizes"], found["X"], found["Y"], found["Z"]) == ("Z2 Y12 X10", "0.5 µm", "0.25 µm", "1 µm")


@pytest.mark.parametrize("name", ["EpuSession.dm", "a.tif", "a.xml", "noending"])
def test_a_file_is_what_it_holds(tmp_path: Path, name: str) -> None:
    session = b'<EpuSessionXml xmlns="x"><DoseFractionsOutputFormat>Eer</DoseFractionsOutputFormat></EpuSessionXml>'
    assert put(tmp_path, name, session).format == "EPU session"
    assert put(tmp_path, name, written.mrc()).format == "MRC"


def test_units_of_epu_and_no_name_of_a_computer(tmp_path: Path) -> None:
    found = header(tmp_path, "a.xml", written.epu(binning=2, factor=2))
    values = said(found)
    assert (values["total_dose"], values["nominal_defocus"], values["X"]) == ("40.5 e/Å²", "1.75 µm", "0.73 Å")
    assert values["detector_mode"] == "counting" and found.warnings
    assert "microscope" not in values and found.instrument == "4711"
    assert said(header(tmp_path, "b.xml", written.epu(binning=1, factor=2)))["detector_mode"] == "super-resolution"


def test_a_movie_of_more_pixels_has_smaller_ones(tmp_path: Path) -> None:
    """The XML beside a super-resolution movie is about the binned image."""
    put(tmp_path, "FoilHole_1_Data.xml", written.epu("1.0E-10", 2, 2, 5, 8, 6))
    put(tmp_path, "FoilHole_1_Data_fractions.mrc", written.mrc((16, 12, 5), (0, 0, 0), (16, 12, 1), ispg=0))
    put(tmp_path, "FoilHole_1_Data.mrc", written.mrc((8, 6, 1), (0, 0, 0)))
    put(tmp_path, "FoilHole_1_Data.jpg", written.jpeg())
    items = {i.path: i for i in harvest(tmp_path).items}
    movie, whole = items["FoilHole_1_Data_fractions.mrc"].header, items["FoilHole_1_Data.mrc"].header
    assert movie is not None and whole is not None
    assert (said(movie)["X"], said(movie)["frames"], said(movie)["sizes"]) == ("0.5 Å", "5", "Y12 X16")
    assert said(whole)["X"] == "1 Å" and said(whole)["accelerating_voltage"] == "200 kV"
    assert items["FoilHole_1_Data.jpg"].status is Status.COMPANION


def test_a_companion_counts_before_the_resolution_of_a_tiff(tmp_path: Path) -> None:
    """Its centimetres are what a program made of it later, or nobody knows what."""
    movie = written.tiff(5, shape=(6, 8), resolution=(250_000, 250_000), resolutionunit=3)
    put(tmp_path, "m7.tif", movie)
    put(tmp_path, "m7.mdoc", b"[FrameSet = 0]\nPixelSpacing = 1.25\nNumSubFrames = 5\nSubFramePath = X:\\f\\m7.tif\n")
    put(tmp_path, "FoilHole_1_Data_fractions.tiff", movie)
    put(tmp_path, "FoilHole_1_Data.xml", written.epu("1.0E-10", 2, 2, 5, 4, 3))
    put(tmp_path, "FoilHole_2_Data_fractions.tiff", movie)
    put(tmp_path, "FoilHole_2_Data.xml", written.epu("1.0E-10", 2, 2, 5, 5, 4))  # of another image
    found = {i.path: said(i.header) for i in harvest(tmp_path).items if i.header and not i.header.companion}
    sizes = {path: (values.get("X"), values.get("Y"), values.get("frames")) for path, values in found.items()}
    assert sizes == {
        "FoilHole_1_Data_fractions.tiff": ("0.5 Å", "0.5 Å", "5"),
        "FoilHole_2_Data_fractions.tiff": ("40 nm", "40 nm", "5"),
        "m7.tif": ("1.25 Å", "1.25 Å", "5"),
    }


def test_an_mdoc_says_nothing_that_it_does_not_hold(tmp_path: Path) -> None:
    text = written.mdoc().replace(b"Voltage = 200\n", b"")
    assert "accelerating_voltage" not in said(header(tmp_path, "a.mdoc", text))
    assert "total_dose" not in said(header(tmp_path, "a.mdoc", written.mdoc(dose="0")))
    one = b"[FrameSet = 0]\nTiltAngle = 3\nPixelSpacing = 1.2827\nNumSubFrames = 7\n"
    assert said(header(tmp_path, "a.tif.mdoc", one))["X"] == "1.2827 Å"
    assert said(header(tmp_path, "b.mdoc", written.mdoc()))["tilt_axis_angle"] == "-86.5 °", "never RotationAngle"


def test_scales_of_a_zarr_are_multiplied(tmp_path: Path) -> None:
    for version in ("0.4", "0.5"):
        folder = written.zarr(tmp_path / f"a{version}.zarr", version)
        found = look(folder, folder.name, 0).header
        assert found is not None
        values = said(found)
        assert (values["X"], values["sizes"], values["channel 1"]) == ("1 µm", "C3 Z4 Y6 X8", "GFP")
        assert values["type"] == "uint16"


def test_the_unit_of_imagej_is_that_of_its_resolution(tmp_path: Path) -> None:
    content = written.tiff(
        imagej=True, shape=(3, 6, 8), resolution=(4, 2), metadata={"axes": "ZYX", "unit": "um", "spacing": 1.5}
    )
    found = said(header(tmp_path, "a.tif", content))
    assert (found["X"], found["Y"], found["Z"], found["sizes"]) == ("0.25 µm", "0.5 µm", "1.5 µm", "Z3 Y6 X8")


def test_stored_pixels_count_where_ome_xml_says_otherwise(tmp_path: Path) -> None:
    found = header(tmp_path, "a.ome.tif", written.tiff(4, description=written.ome(x=80).decode()))
    assert said(found)["sizes"] == "Z2 C2 Y6 X8" and any("80 × 6" in w for w in found.warnings)
    assert "X" not in said(found)


def test_no_person_comes_out(tmp_path: Path) -> None:
    """Names, addresses, computers and paths stand in these files and in no form of the output."""
    for name, content in written.all_formats().items():
        put(tmp_path, name, content)
    made = harvest(tmp_path)
    for parts in (harvested.as_json(made), harvested.as_tsv(made), harvested.text(made, verbose=True)):
        shown = "".join(parts)
        for word in (
            "Ada",
            "ADA",
            "ada",
            "Beispiel",
            "Muster",
            "example.org",
            "GLACIOS",
            "LAB-PC7",
            "C:\\",
            "X:\\",
            str(tmp_path.parent),
        ):
            assert word not in shown, word


def test_every_format_is_read(tmp_path: Path) -> None:
    for name, content in written.all_formats().items():
        assert put(tmp_path, name, content).status in (Status.READ, Status.COMPANION), name


def test_what_is_cut_off_or_strange_is_named(tmp_path: Path) -> None:
    for name, content in written.all_formats().items():
        for length in (0, 3, 17, 200, len(content) // 2):
            put(tmp_path, name, content[:length])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><OME>&b;</OME>'
    found = put(tmp_path, "bomb.ome.xml", bomb)
    assert found.status is Status.FAILED and "entities" in found.notes[0]


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path, "elsewhere/a.mrc", written.mrc())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "link.mrc").symlink_to(tmp_path / "elsewhere" / "a.mrc")
    (tmp_path / "data" / "folder").symlink_to(tmp_path / "elsewhere")
    assert not harvest(tmp_path / "data").items


def test_like_files_are_one_group_and_numbers_a_range(tmp_path: Path) -> None:
    for n, defocus in enumerate(("-1.5", "-2.25", "-3.5")):
        put(tmp_path, f"s/m{n}.mrc", written.mrc((8, 6, 1), (0, 0, 0)))
        text = f"[ZValue = 0]\nPixelSpacing = 2\nTargetDefocus = {defocus}\nSubFramePath = X:\\f\\m{n}.mrc\n"
        put(tmp_path, f"s/m{n}.mrc.mdoc", text.encode())
    put(tmp_path, "s/other.mrc", written.mrc((8, 8, 1)))
    content = json.loads("".join(harvested.as_json(harvest(tmp_path))))
    first, second = content["groups"]
    assert (first["files"], second["files"]) == (3, 1)
    assert first["image_acquisition"]["Nominal defocus"] == "1.5-3.5"
    assert content["counts"] == {"files": 7, "read": 4, "companions": 3, "unread": 0, "failed": 0}


def test_images_of_several_sizes_in_a_file_have_no_size_in_common(tmp_path: Path) -> None:
    one, other = written.ome(inside="<BinData/>"), written.ome(x=16, inside="<BinData/>")
    second = other[other.index(b"<Image ") : other.index(b"</OME>")]
    put(tmp_path, "a.ome.xml", one.replace(b"</OME>", second + b"</OME>"))
    (group,) = harvest(tmp_path).groups
    assert group.images == 2 and dict(group.image.sizes) == {"Z": 2, "C": 2, "Y": 6}


def bdv(setups: int, kind: str) -> bytes:
    """Two time points of each setup, the pixels as BigDataViewer keeps them."""
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        for setup in range(setups):
            file.create_group(f"s{setup:02}")
            for time in range(2):
                file.create_dataset(f"t{time:05}/s{setup:02}/0/cells", (4, 6, 8), kind)
    return out.getvalue()


SPIM = (
    '<SpimData version="0.2"><BasePath type="relative">.</BasePath><SequenceDescription><ImageLoader format="bdv.hdf5">'
    '<hdf5 type="relative">a.h5</hdf5></ImageLoader><ViewSetups><ViewSetup><id>0</id><name>GFP, angle 1</name>'
    "<size>8 6 4</size><voxelSize><unit>{}</unit><size>0.406 0.407 {}</size></voxelSize></ViewSetup></ViewSetups>"
    "</SequenceDescription></SpimData>"
)


@pytest.mark.parametrize(("kind", "true"), [("int16", "uint16"), ("uint16", "uint16"), ("uint8", "uint8")])
def test_bigdataviewer_has_its_pixel_sizes_beside_it(tmp_path: Path, kind: str, true: str) -> None:
    put(tmp_path, "a.xml", SPIM.format("µm", "2.5").encode())
    first, second = header(tmp_path, "a.h5", bdv(2, kind)).images
    assert (first.name, first.pixel_type, dict(first.sizes)) == ("GFP, angle 1", true, {"T": 2, "Z": 4, "Y": 6, "X": 8})
    assert {a: (str(s.value), s.unit) for a, s in first.pixel_size.items()} == {
        "X": ("0.406", "µm"), "Y": ("0.407", "µm"), "Z": ("2.5", "µm"),
    }  # fmt: skip
    assert (second.name, second.pixel_size) == ("s01", {})


@pytest.mark.parametrize("beside", [
    b"", SPIM.format("pixel", "1").encode(), b"<SpimData", b"<Other/>", b"<!DOCTYPE SpimData><SpimData/>",
    SPIM.format("µm", "1 2").encode(),
])  # fmt: skip
def test_bigdataviewer_without_a_unit_or_a_sound_xml_has_none(tmp_path: Path, beside: bytes) -> None:
    if beside:
        put(tmp_path, "a.xml", beside)
    assert not header(tmp_path, "a.h5", bdv(1, "int16")).images[0].pixel_size
