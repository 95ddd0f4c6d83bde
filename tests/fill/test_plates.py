"""Plates that say themselves where their images were taken: OME-Zarr of both versions, OME-XML; and whole screens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.fill import images, merge
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.schema import load
from tests.fill.test_images import headed
from tests.harvest import folders, written
from tests.support import TODAY, book, tables

WELLS = {"A/1": ["0", "1"], "B/03": ["0", "1"], "AA/24": ["5", "7"]}
SCREEN = {
    "Imaging method": "high content screening microscopy",
    "Screen type": "primary screen",
    "Screen technology": "RNAi screen",
    "Library type": "siRNA library",
}
NAMES = ["A1", "B3", "AA24"]


def attributes(folder: Path, version: str, said: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if version == "0.4":
        (folder / ".zgroup").write_text('{"zarr_format": 2}')
        (folder / ".zattrs").write_text(json.dumps(said))
    else:
        inner = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": version, **said}}}
        (folder / "zarr.json").write_text(json.dumps(inner))


def zarr_plate(folder: Path, version: str, name: str | None) -> Path:
    plate = {"wells": [{"path": w} for w in (*WELLS, "C/1", "../up", "Z9")], "field_count": 2}
    attributes(folder, version, {"plate": plate | ({"name": name} if name else {})})
    for well, fields in WELLS.items():
        attributes(folder / well, version, {"well": {"images": [{"path": f} for f in fields]}})
        for one in fields:
            written.zarr(folder / well / one, version)
    attributes(folder / "C/1", version, {"well": {"images": []}})
    return folder


@pytest.mark.parametrize(("version", "name"), [("0.4", "P7"), ("0.5", "P7"), ("0.4", None), ("0.5", None)])
def test_a_plate_of_ome_zarr_has_a_row_for_each_well_with_images(
    tmp_path: Path, version: str, name: str | None
) -> None:
    zarr_plate(tmp_path / "screen 7.ome.zarr", version, name)
    base = tables(headed())[0]
    merged = merge(base, images.known(harvest(tmp_path), base).proposals, accept_guesses=True)
    files = merged.tables["files"].frame
    assert files["well"].tolist() == NAMES
    assert set(files["plate"]) == {name or "screen 7"} and set(files["path"]) == {"screen 7.ome.zarr"}
    assert merged.tables["image_data"].frame["image_count"].tolist() == [6]
    assert merged.tables["image_acquisition"].frame["fields_per_well"].tolist() == [2]


def ome_plate(files: list[str], plates: int = 1) -> bytes:
    """Two fields in each of three wells; `files`: the file of each image, '' for one that holds its own pixels."""
    picture = (
        '<Image ID="Image:{0}"><Pixels ID="Pixels:{0}" DimensionOrder="XYCZT" Type="uint8" SizeX="8" SizeY="6"'
        ' SizeZ="1" SizeC="1" SizeT="1"><Channel ID="Channel:{0}:0"/>{1}</Pixels></Image>'
    )
    inside = [
        f'<TiffData><UUID FileName="{f}">urn:uuid:{n}</UUID></TiffData>' if f else "<BinData/>"
        for n, f in enumerate(files)
    ]
    wells = "".join(
        f'<Well ID="W{n}" Row="{row}" Column="{column}">'
        + "".join(
            f'<WellSample ID="S{i}" Index="{i}"><ImageRef ID="Image:{i}"/></WellSample>' for i in (2 * n, 2 * n + 1)
        )
        + "</Well>"
        for n, (row, column) in enumerate([(0, 0), (1, 2), (26, 23)])
    )
    return (
        '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
        + "".join(f'<Plate ID="P{p}" Name="P7">{wells}</Plate>' for p in range(plates))
        + "".join(picture.format(n, part) for n, part in enumerate(inside))
        + "</OME>"
    ).encode()


def wells_of(folder: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {i.path: (i.header.plate, i.header.wells) for i in harvest(folder).items if i.header is not None}


def test_a_plate_of_ome_xml_names_the_wells_of_its_images(tmp_path: Path) -> None:
    (tmp_path / "p.ome.xml").write_bytes(ome_plate([""] * 6))
    assert wells_of(tmp_path) == {"p.ome.xml": ("P7", tuple(NAMES))}


def test_of_several_plates_in_one_file_none_is_taken(tmp_path: Path) -> None:
    (tmp_path / "p.ome.xml").write_bytes(ome_plate([""] * 6, plates=2))
    assert wells_of(tmp_path) == {"p.ome.xml": ("", ())}


def test_a_file_of_many_has_the_well_of_its_own_images(tmp_path: Path) -> None:
    names = ["a.ome.tif", "a.ome.tif", "b.ome.tif", "b.ome.tif", "c.ome.tif", "c.ome.tif"]
    for name in set(names):
        data = written.tiff(1, "uint8", shape=(6, 8), description=ome_plate(names).decode())
        (tmp_path / name).write_bytes(data)
    told = wells_of(tmp_path)
    assert {path: wells for path, (_, wells) in told.items()} == {
        f"{letter}.ome.tif": (well,) for letter, well in zip("abc", NAMES, strict=True)
    }


def test_the_fields_of_a_well_are_counted_from_the_names(tmp_path: Path) -> None:
    files = {
        path.replace("f01", f"f{field:02}").replace("ch1", f"ch{channel}"): data
        for path, data in folders.operetta(2, 3).items()
        for field in range(1, 5)
        for channel in (1, 2)
    }
    base = tables(headed())[0]
    merged = merge(base, images.known(harvest(folders.lay(tmp_path, files)), base).proposals, accept_guesses=True)
    assert merged.tables["image_acquisition"].frame["fields_per_well"].tolist() == [4]
    files = {p: d for p, d in files.items() if "r01c01f04" not in p}
    base = tables(headed())[0]
    found = images.known(harvest(folders.lay(tmp_path / "less", files)), base).proposals
    assert not [p for p in found if p.column == "fields_per_well"]


def test_a_plate_of_384_wells_becomes_annotations_of_idr(tmp_path: Path) -> None:
    data = folders.lay(tmp_path / "data", folders.operetta(rows=16, columns=24, listed=True))
    typed = headed()
    typed["Study components"][0] |= SCREEN
    base = tables(typed)[0]
    merged = merge(base, images.known(harvest(data), base).proposals, accept_guesses=True)
    files = merged.tables["files"].frame
    wells = files["well"].dropna()
    assert len(wells) == len(set(wells)) == len(files) - 1 == 384 and set(files["plate"].dropna()) == {"P7"}
    images_, channels = (merged.tables[sheet].frame.iloc[0] for sheet in ("image_data", "channels"))
    assert float(images_["pixel_size_x"]) == 0.299 and images_["pixel_size_unit"] == "µm"
    assert channels["channel_name"] == "DAPI" and [w.text for w in channels["excitation_wavelength"]] == ["375"]
    read = pipeline.Workbook(tmp_path / "study.xlsx", load(), (), book(typed), merged.tables)
    conversion = pipeline.convert(read, ("idr",), data=data, today=TODAY)
    assert conversion.files, [(f.code, f.message) for f in conversion.findings if f.severity == "error"]
    pipeline.write(conversion, tmp_path / "out")
    (annotation,) = (tmp_path / "out/idr").rglob("*annotation.csv")
    lines = annotation.read_text("utf-8").splitlines()
    assert len(lines) == 385 and "Plate" in lines[0] and "Well" in lines[0]
