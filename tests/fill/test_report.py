"""What `fill` says of a table whose rows are not there yet, and which of two plates a picklist means."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from rembi_sheets.cli import cli


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "blank.xlsx"
    assert run("new", path, "--archive", "idr", "--level", "recommended").exit_code == 0
    return path


def filled(path: Path, rows: int = 1) -> list[dict[str, Any]]:
    """The first rows of Files by their headings."""
    sheet: Any = openpyxl.load_workbook(path)["Files"]
    heads = [str(cell.value).rstrip(" *") for cell in sheet[5]]
    return [dict(zip(heads, (c.value for c in sheet[6 + n]), strict=True)) for n in range(rows)]


def table(folder: Path, *headings: str, rows: int) -> Path:
    path = folder / "layout.csv"
    wells = {h for h in headings if "well" in h.lower()} or set(headings[-1:])
    lines = [",".join(f"A{n}" if h in wells else f"P{n % 3}x" for h in headings) for n in range(1, rows + 1)]
    path.write_text("\n".join([",".join(headings), *lines]) + "\n")
    return path


@pytest.mark.parametrize("rows", [4, 12])
def test_wells_without_a_row_are_one_line_with_what_is_lacking(blank, tmp_path, rows):
    source = table(tmp_path, "Plate", "Well", "Compound", "Passage", rows=rows)
    said = run("fill", blank, tmp_path / "out.xlsx", "--from", source).stdout.splitlines()
    reason = "no row of Files has this Plate and Well, and a new one needs its Path"
    lines = [line for line in said if reason in line]

    assert f"Not filled in ({2 * rows})" in said
    assert len(lines) == (1 if rows > 10 else 2 * rows)
    assert lines[0].endswith(f"{reason} (and {2 * rows - 1} more cells)" if rows > 10 else reason)


@pytest.mark.parametrize(
    ("headings", "plate", "well"),
    [
        (("Source Plate", "Source Well", "Destination Plate", "Destination Well"), 2, 3),
        (("Source Plate Barcode", "Source Well", "Dest Plate Barcode", "Dest Well"), 2, 3),
        (("Library plate", "Library well", "Target plate", "Target well"), 2, 3),
        (("Library plate", "Library well"), 0, 1),
        (("Platte", "Kavität"), 0, 1),
        (("Placa", "Pocillo"), 0, 1),
        (("Nom de la plaque", "Puits"), 0, 1),
    ],
)
def test_the_plate_of_a_picklist_is_the_one_that_is_imaged(blank, tmp_path, headings, plate, well):
    source = table(tmp_path, "Image file", *headings, rows=9)
    assert run("fill", blank, tmp_path / "out.xlsx", "--from", source).exit_code == 0
    (first,) = filled(tmp_path / "out.xlsx")

    typed = source.read_text().splitlines()[1].split(",")[1:]
    assert (first["Plate"], first["Well"]) == (typed[plate], typed[well])


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        ("Image File,Plate,Well", "a.tif,P1,A1", {"Path": "a.tif", "Plate": "P1", "Well": "A1"}),
        ("Image File,File name,Plate,Well", "a,b.tif,P1,A1", {"Path": "b.tif", "Image File": "a", "Well": "A1"}),
        ("File,Plate,Well,Well Number", "a.tif,P1,C1,25", {"Path": "a.tif", "Well": "C1", "Well Number": "25"}),
    ],
)
def test_a_heading_of_one_s_own_is_ours_where_no_other_is(blank, tmp_path, head, row, told):
    (tmp_path / "table.csv").write_text(f"{head}\n{row}\n{row.replace('.tif', '2.tif')}\n")
    assert run("fill", blank, tmp_path / "out.xlsx", "--from", tmp_path / "table.csv").exit_code == 0

    (first,) = filled(tmp_path / "out.xlsx")
    assert {name: first.get(name) for name in told} == told


@pytest.mark.parametrize(
    ("numbers", "wells"),
    [((1, 13, 96), ["A1", "B1", "H12"]), ((25, 384), ["B1", "P24"]), ((90, 1), ["H6", "A1"]), ((1, 97), ["A1", "E1"])],
)
def test_numbers_of_wells_are_read_where_they_reach_the_end_of_a_plate(blank, tmp_path, numbers, wells):
    found, said = numbered(blank, tmp_path, numbers)
    assert found == wells and "not a valid Well" not in said


@pytest.mark.parametrize("numbers", [(1, 12), (1, 24), (13, 23, 33), (1, 48), (1, 84)])
def test_numbers_that_may_be_of_plates_of_several_sizes_are_told(blank, tmp_path, numbers):
    found, said = numbered(blank, tmp_path, numbers)
    assert not any(found) and f"“{numbers[1]}” is not a valid Well" in said


def numbered(blank: Path, folder: Path, numbers: tuple[int, ...]) -> tuple[list[Any], str]:
    """The wells that a table with such numbers fills in, and what is said."""
    lines = ["File,Plate,Well number", *(f"{n}.tif,P1,{n}" for n in numbers)]
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    said = run("fill", blank, folder / "out.xlsx", "--from", folder / "table.csv").stdout
    return [row.get("Well") for row in filled(folder / "out.xlsx", len(numbers))], said
