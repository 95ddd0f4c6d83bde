"""What real files of many programs taught, each with a file written here: a value is right, or there is none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status
from tests.harvest import written, written_more
from tests.harvest.real import said
from tests.harvest.test_traps import header, put


@pytest.mark.parametrize(("axes", "sizes", "pixels"), [
    ({"X": (9, "8e-6", "m"), "Z": (5, "1e-6", "m")}, "Z5 X9", {"X": "1 µm", "Z": "0.25 µm"}),
    ({"X": (9, "8e-6", "m"), "Z": (5, "1e-6", "m"), "T": (3, "4", "s")}, "T3 Z5 X9", {"time_interval": "2 s"}),
    ({"X": (9, "8e-6", "m"), "Z": (5, "1e-6", "m"), "Y": (4, "6e-6", "m")}, "Y4 Z5 X9", {"Y": "2 µm"}),
    ({"X": (9, "8e-6", "m"), "Y": (4, "6e-6", "m")}, "Y4 X9", {"X": "1 µm", "Y": "2 µm", "magnification": "63 x"}),
])  # fmt: skip
def test_a_plane_may_have_no_y(tmp_path: Path, axes: Any, sizes: str, pixels: dict[str, str]) -> None:
    found = said(header(tmp_path, "a.lif", written_more.lif(axes)))
    assert found["sizes"] == sizes and pixels.items() <= found.items()
    assert "Y" in axes or "Y" not in found


@pytest.mark.parametrize(("text", "true"), [
    ("1.2000000000000002", "1.2"), ("0.80000000000000004", "0.8"), ("1.4", "1.4"), ("0.123456789012345", None),
])  # fmt: skip
def test_digits_that_a_number_is_not_sure_of_are_noise(tmp_path: Path, text: str, true: str | None) -> None:
    content = written.ome().replace(b'LensNA="1.3"', f'LensNA="{text}"'.encode())
    assert said(header(tmp_path, "a.ome.xml", content))["numerical_aperture"] == (true or text)


@pytest.mark.parametrize("dots", [72, 96, 100, 300])
def test_a_dot_of_a_printer_is_none_in_ome_xml_either(tmp_path: Path, dots: int) -> None:
    size = f"{25400 / dots:.12f}"
    found = header(tmp_path, "a.ome.xml", written.ome(f'PhysicalSizeX="{size}" PhysicalSizeY="{size}"'))
    assert not found.images[0].pixel_size and any("printer" in w for w in found.warnings)


def pages(*arrays: tuple[tuple[int, ...], str, dict[str, Any]]) -> bytes:
    import numpy
    import tifffile

    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        for shape, kind, options in arrays:
            file.write(numpy.zeros(shape, kind), metadata=None, **options)
    return made.getvalue()


RGB: dict[str, Any] = {"photometric": "rgb"}
PAGES = {
    "a pyramid by its flags": ([((64, 96), "uint8", {}), ((32, 48), "uint8", {"subfiletype": 1})], ["Y64 X96"]),
    "a pyramid by its sizes": (
        [((64, 96), "uint8", {}), ((32, 48), "uint8", {}), ((16, 24), "uint8", {})],
        ["Y64 X96"],
    ),
    "a stack": ([((6, 8), "uint16", {})] * 5, ["N5 Y6 X8"]),
    "a stack and its overview": (
        [((12, 16), "uint16", {})] * 3 + [((9, 20, 3), "uint8", RGB)],
        ["N3 Y12 X16", "Y9 X20 S3"],
    ),
    "two kinds": ([((6, 8), "uint16", {}), ((6, 8), "float32", {})], ["Y6 X8", "Y6 X8"]),
    "a page and its mask": ([((6, 8), "bool", {}), ((6, 8), "bool", {"subfiletype": 4})], ["Y6 X8"]),
}


@pytest.mark.parametrize("which", PAGES)
def test_pages_that_differ_are_no_stack(tmp_path: Path, which: str) -> None:
    arrays, true = PAGES[which]
    found = header(tmp_path, "a.tif", pages(*arrays))
    assert [" ".join(f"{a}{n}" for a, n in i.sizes.items()) for i in found.images] == true


def test_what_scifio_writes_for_nothing_is_no_pixel_size(tmp_path: Path) -> None:
    how = {"resolution": ((10_000_000, 1000), (10_000_000, 1000)), "resolutionunit": 3, "software": "OME Bio-Formats"}
    assert not header(tmp_path, "a.tif", written.tiff(**how)).images[0].pixel_size
    text = "SCIFIO=0.42.0\naxes=X,Y,Z\nlengths=8,6,3\nscales={0}\nunits={1}\nimages=3\n"
    plain = text.format("1.0,1.0,1.0", "null,null,null")
    assert not header(tmp_path, "b.tif", written.tiff(3, description=plain, **how)).images[0].pixel_size
    known = text.format("0.25,0.5,2.0", "um,\\u00B5m,micron")
    found = said(header(tmp_path, "c.tif", written.tiff(3, description=known, **how)))
    assert (found["sizes"], found["X"], found["Y"], found["Z"]) == ("Z3 Y6 X8", "0.25 µm", "0.5 µm", "2 µm")


@pytest.mark.parametrize(("unit", "true"), [
    ("\\u03BCm", "2 µm"), ("\\u00B5m", "2 µm"),
    ("\\u00C2\\u00B5m", "2 µm"), ("um", "2 µm"), ("micron", "2 µm"), ("\\u00C5", "2 Å"), ("A", "2 Å"),
    ("nm", "2 nm"), ("mm", "-"), ("cm", "-"), ("pixel", "-"), ("inch", "-"), ("", "-"), ("furlong", "-"),
])  # fmt: skip
def test_units_of_imagej(tmp_path: Path, unit: str, true: str) -> None:
    text = f"ImageJ=1.54p\nimages=3\nframes=3\nunit={unit}\nfinterval=2\ntunit=min\n"
    content = written.tiff(3, description=text, resolution=((1, 2), (1, 2)), resolutionunit=1)
    found = said(header(tmp_path, "a.tif", content))
    assert (found.get("X", "-"), found["sizes"], found["time_interval"]) == (true, "T3 Y6 X8", "120 s")


def tagged(*tags: tuple[int, int | str, Any], **options: Any) -> bytes:
    return written.tiff(extratags=[(code, kind, 0 if kind == "s" else len(v) if isinstance(v, bytes) else 1, v, True)
                                   for code, kind, v in tags], **options)  # fmt: skip


def test_digitalmicrograph_and_tescan_tell_a_tiff_its_pixels(tmp_path: Path) -> None:
    gatan = tagged((65003, "s", "nm"), (65004, "s", "A"), (65009, 12, 0.5), (65010, 12, 2.5))
    found = said(header(tmp_path, "a.tif", gatan))
    assert (found["X"], found["Y"]) == ("0.5 nm", "2.5 Å")
    inside = b"\x01\x00\x00AccFrames=1\n" + written_more.TESCAN.encode() + b"\0\0m"
    found = said(header(tmp_path, "b.tif", tagged((50431, 7, inside), resolution=(72, 72), resolutionunit=2)))
    assert (found["X"], found["Y"], found["accelerating_voltage"]) == ("20 nm", "25 nm", "10 kV")
    assert found["instrument"] == "TE-42" and "ada" not in str(found)


def test_metaseries_counts_where_it_is_calibrated(tmp_path: Path) -> None:
    text = (
        '<MetaData><prop id="Description" value="ada"/><PlaneInfo><prop id="spatial-calibration-state" value="{}"/>'
        '<prop id="spatial-calibration-x" value="0.645"/><prop id="spatial-calibration-y" value="0.645"/>'
        '<prop id="spatial-calibration-units" value="um"/><prop id="_IllumSetting_" value="DAPI"/>'
        '<prop id="_MagNA_" value="0.75"/></PlaneInfo></MetaData>'
    )
    on = said(header(tmp_path, "a.tif", written.tiff(description=text.format("on"), software="MetaSeries")))
    assert (on["X"], on["channel 0"], on["numerical_aperture"]) == ("0.645 µm", "DAPI", "0.75")
    assert "X" not in said(header(tmp_path, "b.tif", written.tiff(description=text.format("off"), software="x")))


def test_micromanager_tells_its_pixel_where_it_knows_it(tmp_path: Path) -> None:
    for size, true in (("0.065", "0.065 µm"), ("0.0", "-")):
        text = f'{{"PixelSizeUm": {size}, "Camera": "Andor", "Binning": "2", "UserName": "ada"}}'
        found = said(header(tmp_path, "a.tif", tagged((51123, "s", text))))
        assert (found.get("X", "-"), found["detector"], found["binning"]) == (true, "Andor", "2x2")


@pytest.mark.parametrize(("form", "units", "sizes"), [
    ("Spectrum", ("nm", ""), None), ("Spectrum image", ("nm", "µm"), None), ("", ("nm",), None),
    ("Spectrum image", ("µm", "µm", "nm"), "E5 Y6 X8"), ("Spectrum image", ("µm", "µm", "eV"), "E5 Y6 X8"),
    ("Image", ("µm", "µm", "nm"), "Z5 Y6 X8"), ("Image", ("µm", "µm"), "Y6 X8"),
])  # fmt: skip
def test_a_wavelength_is_no_pixel(tmp_path: Path, form: str, units: tuple[str, ...], sizes: str | None) -> None:
    item = put(tmp_path, "a.dm3", written.dm3(units, (0.5,) * len(units), form=form))
    assert item.header is not None and (item.status is Status.READ) == (sizes is not None)
    if sizes is None:
        assert not item.header.images and "spectra" in str(item.header.warnings)
    else:
        found = said(item.header)
        assert (found["sizes"], "Z" in found) == (sizes, sizes.startswith("Z"))


def test_images_along_a_line_are_no_times(tmp_path: Path) -> None:
    content = bytearray(written.ser(count=4))
    content[10:14] = (0x4142).to_bytes(4, "little")
    assert said(header(tmp_path, "a.ser", bytes(content)))["sizes"] == "N4 Y6 X8"


def test_a_movie_that_claims_to_be_a_volume_is_a_stack(tmp_path: Path) -> None:
    flat = said(header(tmp_path, "a.mrc", written.mrc(cell=(8, 6, 0), grid=(8, 6, 4), ispg=1)))
    assert (flat["sizes"], flat["X"], "Z" in flat) == ("N4 Y6 X8", "1 Å", False)
    assert said(header(tmp_path, "b.mrc", written.mrc(cell=(0, 0, 0), ispg=1)))["sizes"] == "Z4 Y6 X8", "uncalibrated"


def test_doses_of_several_movies_are_not_summed(tmp_path: Path) -> None:
    sets = "".join(f"[FrameSet = {n}]\nTiltAngle = 33.00{n}\nExposureDose = 5\nNumSubFrames = 7\n" for n in range(3))
    assert "total_dose" not in said(header(tmp_path, "a.mdoc", sets.encode()))
    sums = "[FrameSet = 0]\nTiltAngle = 3\nExposureDose = 20\nNumSubFrames = 8\n" + "".join(
        f"[ZValue = {n}]\nExposureDose = 5\n" for n in range(4)
    )
    found = said(header(tmp_path, "b.mdoc", sums.encode()))
    assert (found["total_dose"], found["frames"], found["tilt_angles"]) == ("20 e/Å²", "8", "3 °")


STARS = {
    "particles": ("data_block_2\nloop_\n_rlnImageName #1\n_rlnMicrographName #2\n1@a.mrcs m.mrc\n2@a.mrcs m.mrc\n", 2),
    "movies": ("data_movies\nloop_\n_rlnMicrographMovieName #1\n_rlnMicrographName #2\na.eer a.mrc\n", 1),
    "micrographs": ("data_\nloop_\n_rlnMicrographName #1\n" + "m.mrc\n" * 4, 4),
    "nothing": ("data_fsc\nloop_\n_rlnResolution #1\n0.1\n0.2\n", 0),
}


@pytest.mark.parametrize("which", STARS)
def test_a_star_lists_what_its_columns_name(tmp_path: Path, which: str) -> None:
    text, count = STARS[which]
    item = put(tmp_path, "a.star", text.encode())
    assert item.status is Status.COMPANION and item.header is not None
    assert [i.sizes["N"] for i in item.header.images] == ([count] if count else [])
    assert all(i.name == which for i in item.header.images)


def test_optics_groups_that_differ_have_no_pixel_in_common(tmp_path: Path) -> None:
    optics = "data_optics\nloop_\n_rlnOpticsGroup #1\n_rlnVoltage #2\n_rlnImagePixelSize #3\n1 300 1.5\n2 300 {}\n"
    rows = "data_particles\nloop_\n_rlnImageName #1\n_rlnOpticsGroup #2\n1@a.mrcs 1\n2@a.mrcs 2\n"
    one = said(header(tmp_path, "a.star", (optics.format("1.5") + rows).encode()))
    two = said(header(tmp_path, "b.star", (optics.format("0.9") + rows).encode()))
    assert (one["X"], two.get("X"), two["accelerating_voltage"]) == ("1.5 Å", None, "300 kV")


@pytest.mark.parametrize(("how", "sizes"), [
    ({"axistags": written_more.axistags("tzyxc")}, "T5 Z4 Y12 X10 C2"),
    ({"axistags": written_more.axistags("txyzc")}, "T5 X4 Y12 Z10 C2"),
    ({"labels": "TZYXC"}, "T5 Z4 Y12 X10 C2"),
    ({"axes": "tzyxc"}, "T5 Z4 Y12 X10 C2"),
    ({}, None),
])  # fmt: skip
def test_axes_of_hdf5_are_those_that_it_names(tmp_path: Path, how: dict[str, Any], sizes: str | None) -> None:
    item = put(tmp_path, "a.h5", written_more.hdf5({"exported_data": ((5, 4, 12, 10, 2), how)}))
    assert item.header is not None
    assert [" ".join(f"{a}{n}" for a, n in i.sizes.items()) for i in item.header.images] == ([sizes] if sizes else [])


def test_tables_of_hdf5_are_no_images(tmp_path: Path) -> None:
    item = put(tmp_path, "a.h5", written_more.hdf5({"m/areas": ((1, 3), {}), "m/xy": ((900, 2), {})}))
    assert item.status is Status.UNREAD and item.header is not None and not item.header.images


def test_emd_of_the_ncem_has_a_vector_an_axis(tmp_path: Path) -> None:
    found = header(tmp_path, "a.emd", written_more.ncem())
    assert (found.format, said(found)["sizes"]) == ("EMD", "X12 Y10")
    assert (said(found)["X"], said(found)["Y"]) == ("0.2 nm", "0.25 nm")


@pytest.mark.parametrize("how", [{}, {"order": ">"}, {"version": 2}, {"version": 2, "order": ">"}, {"packed": True}])
def test_nifti(tmp_path: Path, how: dict[str, Any]) -> None:
    name = "a.nii.gz" if how.get("packed") else "a.nii"
    found = said(header(tmp_path, name, written_more.nifti(**how)))
    assert (found["sizes"], found["type"]) == ("Z4 Y6 X8", "int16")
    assert (found["X"], found["Y"], found["Z"]) == ("0.5 µm", "0.25 µm", "2 µm")
    timed = written_more.nifti((8, 6, 1, 3), (0.5, 0.5, 1, 250.0), **how | {"units": 3 + 16})
    found = said(header(tmp_path, name, timed))
    assert (found["sizes"], found["time_interval"]) == ("T3 Y6 X8", "0.25 s")
    assert "X" not in said(header(tmp_path, name, written_more.nifti(**how | {"units": 0}))), "no unit"


def test_nrrd(tmp_path: Path) -> None:
    found = header(tmp_path, "a.nrrd", written_more.nrrd())
    values = said(found)
    assert (values["sizes"], values["type"], found.compression) == ("Z4 Y6 X8", "uint16", "gzip")
    assert (values["X"], values["Y"], values["Z"]) == ("0.5 µm", "0.25 µm", "2 µm")
    colours = ("type: uchar", "dimension: 3", "sizes: 3 8 6", "kinds: RGB-color domain domain", "spacings: NaN 2 2")
    values = said(header(tmp_path, "b.nrrd", written_more.nrrd(*colours)))
    assert (values["sizes"], "X" in values) == ("Y6 X8 S3", False), "a spacing without a unit is no length"


@pytest.mark.parametrize(("name", "text", "pixel", "others"), [
    ("a.txt", written_more.HITACHI, ("4.961 nm", "4.961 nm"), ("5 kV", "8.2 mm", "Hitachi SU8230")),
    ("a.txt", written_more.JEOL, ("0.00833 µm", "0.00833 µm"), ("15 kV", "9.8 mm", "JEOL JSM-7800F")),
    ("a.hdr", written_more.TESCAN, ("20 nm", "25 nm"), ("10 kV", "6.1 mm", "TESCAN CLARA")),
    ("a-tif.hdr", written_more.TESCAN, ("20 nm", "25 nm"), ("10 kV", "6.1 mm", "TESCAN CLARA")),
])  # fmt: skip
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_text_beside_an_image_tells_its_pixels(
    tmp_path: Path, name: str, text: str, pixel: tuple[str, str], others: tuple[str, ...], code: str
) -> None:
    put(tmp_path, "a.tif", written.tiff(kind="uint8", resolution=(96, 96), resolutionunit=2))
    put(tmp_path, name, text.encode(code))
    items = {i.path: i for i in harvest(tmp_path).items}
    image = items["a.tif"].header
    assert items[name].status is Status.COMPANION and image is not None
    found = said(image)
    assert (found["X"], found["Y"]) == pixel
    assert tuple(found[k] for k in ("accelerating_voltage", "working_distance", "microscope")) == others
    assert "ada" not in str(items)


def test_a_scanner_of_patients_is_no_microscope(tmp_path: Path) -> None:
    slide = written.dicom()
    assert "microscope" in said(header(tmp_path, "a.dcm", slide))
    import pydicom

    data = pydicom.dcmread(io.BytesIO(slide))
    for name in ("TotalPixelMatrixColumns", "TotalPixelMatrixRows"):
        delattr(data, name)
    data.Modality, made = "MR", io.BytesIO()
    data.save_as(made)
    assert "microscope" not in said(header(tmp_path, "b.dcm", made.getvalue()))


def test_a_number_next_to_nothing_is_none(tmp_path: Path) -> None:
    for text, kept in (("1e-300", False), ("0.000000000000000001", False), ("0.25", True)):
        content = written.ome().replace(b'LensNA="1.3"', f'LensNA="{text}"'.encode())
        assert ("numerical_aperture" in said(header(tmp_path, "a.ome.xml", content))) is kept


def test_an_image_with_an_axis_twice_is_damaged(tmp_path: Path) -> None:
    content = written_more.lif({"X": (8, "7e-6", "m"), "Y": (6, "5e-6", "m")})
    once, twice = (f'DimID="{n}"'.encode("utf-16-le") for n in (1, 2))
    put(tmp_path, "a.lif", content.replace(once, twice))
    (item,) = harvest(tmp_path).items
    assert item.header is None and "twice" in " ".join(item.notes)
