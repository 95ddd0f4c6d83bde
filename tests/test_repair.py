"""`fix`: safe repairs by cell, nothing else changed, and a second run with nothing to do."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rembi_sheets import pipeline
from rembi_sheets.repair import RepairError, fix, repairs
from tests.support import TODAY, book, study
from tests.workbook.bad_files import entry_of, good, ods, ods_row, parts
from tests.workbook.xlsx import Xlsx, typed
from tests.workbooks import opened


def made(tmp_path: Path, edit: dict[str, Any]) -> Path:
    """The good workbook with new values in cells named "Sheet!A1"."""
    content = good()
    for name, value in edit.items():
        sheet, address = name.split("!")
        content = typed(content, sheet, {address: value})
    path = tmp_path / "study.xlsx"
    path.write_bytes(content)
    return path


def column(sheet: str, label: str) -> str:
    return Xlsx(good()).find(sheet, label).removesuffix("5")


def after(path: Path, suggestions: bool = False) -> dict[str, str]:
    """Cell -> new value of every change; the copy says the same, and is itself left alone by a second run."""
    original = path.read_bytes()
    fixed = fix(path, suggestions)
    assert path.read_bytes() == original
    copy = path.with_name("copy.xlsx")
    copy.write_bytes(fixed.content)
    assert fix(copy, suggestions).changes == ()
    book = opened(fixed.content)
    changes = {f"{c.place.sheet}!{c.place.a1}": c for c in fixed.changes}
    for name, change in changes.items():
        sheet, address = name.split("!")
        value = book[sheet][address].value
        assert ("" if value is None else str(value)) == change.new
        assert change.why
    return {name: c.new for name, c in changes.items()}


@pytest.mark.parametrize(
    ("cell", "old", "new"),
    [
        ("People!B7", " \u202bMuster\u200b\u00a0", "Muster"),
        ("People!C7", "TBD", ""),
        ("People!C7", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("People!D7", "Bo Muster <bo@example.org>", "bo@example.org"),
        ("People!D7", "mailto:bo@example.org", "bo@example.org"),
        ("People!F6", "Corresponding Author;principal investigator", "corresponding author; principal investigator"),
        ("Specimens!B6", "kidney  CELLS", "Kidney cells"),
        ("Organisations!G6", "germany", "Germany"),
        ("Organisations!B6", "ror.org/02mhbdp94", "https://ror.org/02mhbdp94"),
        ("Biosamples!E6", "NCBITaxon_10090", "NCBITaxon:10090"),
        ("Specimens!C6", "Fixed_x0007_, cleared and\u00a0mounted.", "Fixed, cleared and mounted."),
        ("Study!B5", " Time-Lapse Imaging ", "Time-Lapse Imaging"),
        ("Files!A6", "light/a.tif ", "light/a.tif"),
    ],
)
def test_a_safe_repair(tmp_path: Path, cell: str, old: str, new: str) -> None:
    assert after(made(tmp_path, {cell: old})) == {cell: new}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://doi.org/10.1234/abcd.5678", "10.1234/abcd.5678"),
        ("DOI: https://doi.org/10.7554/eLife.93764.", "10.7554/eLife.93764"),
        ("https://doi.org/DOI: 10.26508/lsa.1", "10.26508/lsa.1"),
        ("https:// dx.doi.org/10.17504/abc", "10.17504/abc"),
    ],
)
def test_the_dressing_of_a_doi(tmp_path: Path, old: str, new: str) -> None:
    cell = f"Publications!{column('Publications', 'DOI')}6"
    assert after(made(tmp_path, {cell: old})) == {cell: new}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1024 px", "1024"),
        ("4.096", ""),  # thousands of pixels, or micrometres in the wrong column
        ("4,096", ""),
        ("4.096 px", ""),
    ],
)
@pytest.mark.parametrize("suggestions", [False, True])
def test_a_whole_number_with_one_sign_is_asked_for(tmp_path: Path, old: str, new: str, suggestions: bool) -> None:
    cell = f"Image data!{column('Image data', 'Dimension extents - X')}6"
    path = made(tmp_path, {cell: old})
    assert after(path, suggestions) == ({cell: new} if new else {})
    offered = [f.suggestions for f in pipeline.check(pipeline.read(path)).findings if f.code == "NUMBER-BAD"]
    assert offered == [(new or "4096",)]


@pytest.mark.parametrize("sign", ["\u03bcm", "micrometre"])
def test_signs_of_units(tmp_path: Path, sign: str) -> None:
    cell = f"Image data!{column('Image data', 'Pixel/voxel size unit')}6"
    assert after(made(tmp_path, {cell: sign})) == {cell: "µm"}


def test_a_clean_workbook_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "study.xlsx"
    path.write_bytes(good())
    fixed = fix(path)
    assert fixed.changes == ()
    assert parts(fixed.content) == parts(good())


def test_only_the_cell_changes(tmp_path: Path) -> None:
    path = made(tmp_path, {"People!B7": " Muster "})
    before, content = parts(path.read_bytes()), parts(fix(path).content)
    assert [n for n in before if before[n] != content[n]] == [entry_of("People")]


@pytest.mark.parametrize(
    ("cell", "old", "new"),
    [
        ("Specimens!B6", "Kidny cells", "Kidney cells"),
        ("People!D7", "bo@bo@example.org", "bo@example.org"),
        ("People!D7", "bo@example.orgbo@example.org", "bo@example.org"),
    ],
)
def test_suggestions_only_when_asked_for(tmp_path: Path, cell: str, old: str, new: str) -> None:
    path = made(tmp_path, {cell: old})
    assert after(path) == {}
    assert after(path, suggestions=True) == {cell: new}


def test_a_suggested_number(tmp_path: Path) -> None:
    cell = f"Image data!{column('Image data', 'Pixel/voxel size - X')}6"
    assert after(made(tmp_path, {cell: "0,5"}), suggestions=True) == {cell: "0.5"}


def test_two_near_names_are_left_to_the_person(tmp_path: Path) -> None:
    path = made(tmp_path, {"Biosamples!A6": "Sample A", "Biosamples!A7": "Sample B", "Specimens!B6": "Sample C"})
    assert "Specimens!B6" not in after(path, suggestions=True)


def test_a_formula_is_kept(tmp_path: Path) -> None:
    path = made(tmp_path, {"People!G5": "Note", "People!A7": '=" a"'})
    assert after(path) == {}
    assert openpyxl.load_workbook(io.BytesIO(fix(path).content))["People"]["A7"].value == '=" a"'


def test_what_was_mended_is_no_longer_found(tmp_path: Path) -> None:
    path = made(tmp_path, {"People!C7": "n/a", "Specimens!B6": "KIDNEY cells", "Specimens!C6": "Fixed_x0007_."})
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(fix(path).content)
    codes = {f.code for f in pipeline.check(pipeline.read(path), today=TODAY).findings}
    left = {f.code for f in pipeline.check(pipeline.read(copy), today=TODAY).findings}
    assert {"PLACEHOLDER", "REF-SPELLING", "TEXT-CONTROL"} <= codes - left


def test_an_ods_is_mended_as_an_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(ods(ods_row("Last name", "E-mail") + ods_row("Beispiel ", "mailto:a@example.org")))
    mended = fix(path)
    people = openpyxl.load_workbook(io.BytesIO(mended.content))["People"]
    assert [c.value for c in people[2]] == ["Beispiel", "a@example.org"]
    assert [text for text in mended.left if "dropdowns" in text]


@pytest.mark.parametrize("content", [b"", b"text", ods(ods_row("Last name") + ods_row("Beispiel"))[:-40]])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(content)
    with pytest.raises(RepairError):
        fix(path)


@pytest.mark.parametrize(
    ("heading", "typed", "archives", "mended"),
    [
        ("Dose Unit", "mM", "IDR", "millimolar"),
        ("Dose Unit", "\u00b5M", "IDR; BioImage Archive", "micromolar"),
        ("Dose Unit", "\u03bcM", "IDR", "micromolar"),
        ("Dose Unit 2", " nM", "IDR", "nanomolar"),
        ("Dose Unit", "nm", "IDR", "nanometer"),
        ("Dose Unit", "\u00b5g/mL", "IDR", "microgram per milliliter"),
        ("Dose Unit", "nanomolar", "IDR", ""),
        ("Dose Unit", "foo", "IDR", ""),
        ("Dose Unit", "mM", "BioImage Archive", ""),
        ("Buffer", "mM", "IDR", ""),
    ],
)
def test_units_in_words_where_an_archive_wants_them(heading: str, typed: str, archives: str, mended: str) -> None:
    sheets = study(
        Study={"Archives": archives},
        Files=[{"Path": "a.tif", "Image data": "Organoid stacks", heading: typed}],
    )
    changes = [(c.place.label, new) for c, new in repairs(book(sheets))]
    assert [new for label, new in changes if label == heading and new != typed.strip()] == [mended] * bool(mended)
