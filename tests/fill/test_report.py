"""What `fill` says of a table whose rows are not there yet, and which of two plates a picklist means."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.fill import report
from rembi_sheets.fill.joins import resolved
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import Merged
from rembi_sheets.fill.sources import recognised
from rembi_sheets.tables import OWN, Tables
from tests.support import STUDY
from tests.support import tables as read


@cache
def begun() -> Tables:
    """A study that lists no file."""
    return read({**STUDY, "Files": []})[0]


def merged(source: Path) -> Merged:
    """What comes of filling that study from a table."""
    known = recognised(source)
    return merge(begun(), resolved(begun(), known.proposals, known.joins)[0])


def filled(source: Path, rows: int = 1) -> list[dict[str, Any]]:
    """The first rows of Files after that, own columns by their headings and the others by their names."""
    table = merged(source).tables["files"]
    names = {str(n): str(n).removeprefix(OWN) for n in table.frame.columns}
    return [{names[n]: row[n] for n in names} for row in table.frame.head(rows).to_dict("records")]


def table(folder: Path, *headings: str, rows: int) -> Path:
    path = folder / "layout.csv"
    wells = {h for h in headings if "well" in h.lower()} or set(headings[-1:])
    lines = [",".join(f"A{n}" if h in wells else f"P{n % 3}x" for h in headings) for n in range(1, rows + 1)]
    path.write_text("\n".join([",".join(headings), *lines]) + "\n")
    return path


@pytest.mark.parametrize("rows", [4, 12])
def test_wells_without_a_row_are_one_line_with_what_is_lacking(tmp_path, rows):
    source = table(tmp_path, "Plate", "Well", "Compound", "Passage", rows=rows)
    said = list(report.lines(merged(source)))
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
def test_the_plate_of_a_picklist_is_the_one_that_is_imaged(tmp_path, headings, plate, well):
    source = table(tmp_path, "Image file", *headings, rows=9)
    (first,) = filled(source)

    typed = source.read_text().splitlines()[1].split(",")[1:]
    assert (first["plate"], first["well"]) == (typed[plate], typed[well])


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        ("Image File,Plate,Well", "a.tif,P1,A1", {"path": "a.tif", "plate": "P1", "well": "A1"}),
        ("Image File,File name,Plate,Well", "a,b.tif,P1,A1", {"path": "b.tif", "Image File": "a", "well": "A1"}),
        ("File,Plate,Well,Well Number", "a.tif,P1,C1,25", {"path": "a.tif", "well": "C1", "Well Number": "25"}),
    ],
)
def test_a_heading_of_one_s_own_is_ours_where_no_other_is(tmp_path, head, row, told):
    (tmp_path / "table.csv").write_text(f"{head}\n{row}\n{row.replace('.tif', '2.tif')}\n")
    (first,) = filled(tmp_path / "table.csv")
    assert {name: first.get(name) for name in told} == told


@pytest.mark.parametrize(
    ("numbers", "wells"),
    [((1, 13, 96), ["A1", "B1", "H12"]), ((25, 384), ["B1", "P24"]), ((90, 1), ["H6", "A1"]), ((1, 97), ["A1", "E1"])],
)
def test_numbers_of_wells_are_read_where_they_reach_the_end_of_a_plate(tmp_path, numbers, wells):
    found, said = numbered(tmp_path, numbers)
    assert found == wells and "not a valid Well" not in said


@pytest.mark.parametrize("numbers", [(1, 12), (1, 24), (13, 23, 33), (1, 48), (1, 84)])
def test_numbers_that_may_be_of_plates_of_several_sizes_are_told(tmp_path, numbers):
    found, said = numbered(tmp_path, numbers)
    assert not any(found) and f"“{numbers[1]}” is not a valid Well" in said


def numbered(folder: Path, numbers: tuple[int, ...]) -> tuple[list[Any], str]:
    """The wells that a table with such numbers fills in, and what is said."""
    lines = ["File,Plate,Well number", *(f"{n}.tif,P1,{n}" for n in numbers)]
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    said = "\n".join(report.lines(merged(folder / "table.csv")))
    found = [row.get("well") for row in filled(folder / "table.csv", len(numbers))]
    return found or [None], said
