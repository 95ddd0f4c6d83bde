"""Tables of one's own: read in any spelling, their columns understood with reasons, their rows found."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from rembi_sheets.cells import Sheet
from rembi_sheets.cli import cli
from rembi_sheets.fill import Confidence
from rembi_sheets.fill.joins import resolved
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import State
from rembi_sheets.fill.sources import Known, Maps, SourceError, recognised
from rembi_sheets.fill.sources.table import wells
from rembi_sheets.fill.sources.table.blocks import block
from rembi_sheets.fill.sources.table.mapfile import written
from rembi_sheets.fill.sources.table.mapping import proposed
from rembi_sheets.fill.sources.table.model import TableMap
from rembi_sheets.fill.sources.table.words import parted
from rembi_sheets.tables import OWN, Tables
from tests.support import STUDY
from tests.support import tables as read


def known(path: Path, text: str = "", encoding: str = "utf-8", maps: Maps | None = None) -> Known:
    if text:
        path.write_bytes(text.encode(encoding))
    return recognised(path, maps=maps)


def understood(
    rows: list[list[Any]], title: str = "Sheet1", merged: tuple[tuple[int, int, int, int], ...] = ()
) -> TableMap:
    found = block(Sheet(title, rows, merged=merged))
    assert found is not None
    return proposed(found, "table.xlsx")


def to(made: TableMap) -> dict[str, str]:
    return {a.heading: a.to for a in made.aims}


def with_files(*rows: dict[str, Any]) -> Tables:
    return read({**STUDY, "Files": [{"Image data": "Organoid stacks", **row} for row in rows]})[0]


# Reading

TABLE = "File name{0}Gene symbol{0}Größe\nd1/a.tif{0}TP53{0}1,5\nd1/b.tif{0}MYC; n{0}2,5\n"


@pytest.mark.parametrize("sign", ["\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_separators_and_encodings_are_told_from_the_text(sign: str, encoding: str, tmp_path: Path) -> None:
    text = TABLE.format(sign).replace("MYC; n", f'"MYC{sign} n"')
    found = known(tmp_path / "table.txt", text, encoding)
    said = {(p.key[0] if p.key else "", p.column): p.value for p in found.joins[0].proposals}
    assert said == {
        ("d1/a.tif", "own:Gene Symbol"): "TP53",
        ("d1/a.tif", "own:Größe"): "1,5",
        ("d1/b.tif", "own:Gene Symbol"): f"MYC{sign} n",
        ("d1/b.tif", "own:Größe"): "2,5",
    }


# Where the table is

UGLY: list[list[Any]] = [
    ["Screen of spring, made by EV", None, None, None, None],
    ["Contact:", "Eve", None, None, None],
    [],
    [None, None, "Treatment", None, None],
    ["Plate", "Well", "Compound", "Conc", "Viability"],
    [None, None, None, "µM", "%"],
    ["P1", "A01", "taxol", 0.5, 93],
    [None, "  ", "", None, None],
    ["P1", "A02", "DMSO", 0, 99],
    ["Plate", "Well", "Compound", "Conc", "Viability"],
    ["P2", "B03", "taxol", 1, 50],
    ["Mean", None, None, 0.5, 80],
]


def test_notes_units_blank_rows_repeated_headings_and_totals_are_no_rows() -> None:
    found = block(Sheet("Sheet1", UGLY))
    assert found is not None
    assert (found.head, found.rows, found.totals) == (5, (7, 9, 11), (12,))
    assert [(h.name, h.unit) for h in found.headings][3:] == [("Conc", "µM"), ("Viability", "%")]


def test_groups_above_tell_headings_apart() -> None:
    rows: list[list[Any]] = [
        ["Sample", None, "Control", None],
        ["File", "Dose", "Name", "Dose"],
        ["a/b.tif", 1, "c", 2],
    ]
    found = block(Sheet("x", [[None] * 4, *rows], merged=((2, 1, 2, 2), (2, 3, 2, 4))))
    assert found is not None
    assert [h.text for h in found.headings] == ["File", "Sample Dose", "Name", "Control Dose"]


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("Concentration [µM]", "Concentration", "µM"),
        ("Conc. (nM)", "Conc.", "nM"),
        ("Time / h", "Time", "h"),
        ("Name (optional)", "Name (optional)", ""),
        ("Width [px]", "Width", "px"),
        ("Activity (%)", "Activity", "%"),
    ],
)
def test_a_unit_behind_a_heading_is_no_part_of_it(heading: str, name: str, unit: str) -> None:
    assert parted(heading) == (name, unit)


# What columns mean


@pytest.mark.parametrize(
    ("headings", "row", "about", "columns"),
    [
        ("Surname|Given name|E-mail|ORCID iD", "Held|Eva|e@x.org|", "people", "last_name|first_names|email|orcid"),
        ("Funding body|Award number", "DFG|HE 1", "funding", "funder|grant_id"),
        ("Sample ID|Species|Genotype", "S1|Mus musculus|wt", "biosamples", "identity|organisms|intrinsic_variables"),
        ("biomaterial_core.biomaterial_id|genus_species", "S1|Mus musculus", "biosamples", "identity|organisms"),
        ("Source Name|Characteristics[organism]", "S1|Mus musculus", "biosamples", "identity|organisms"),
        ("LocalID|Species", "S1|Mus musculus", "biosamples", "identity|organisms"),
        ("biosource_name|Species", "S1|Mus musculus", "biosamples", "identity|organisms"),
        ("Strain or cell line|Organism", "S1|Mus musculus", "biosamples", "identity|organisms"),
        ("Plate|Well|Treatment|DoseUnit", "p|A1|x|nM", "files", "plate|well|own:Compound Name|own:Dose Unit"),
        ("Raw Data File|Factor Value[compound]", "a.tif|taxol", "files", "path|own:Compound Name"),
        ("Row|Column|Cell count", "C|4|7", "files", "well_row|well_column|own:Cell count"),
        ("Image Name|SizeX|SizeY", "set 1|512|512", "image_data", "name|size_x|size_y"),
    ],
)
def test_headings_of_many_standards_are_known(headings: str, row: str, about: str, columns: str) -> None:
    made = understood([headings.split("|"), row.split("|"), row.split("|")])
    assert (made.about, "|".join(a.to for a in made.aims)) == (about, columns)


def test_what_stands_in_a_column_tells_it_too() -> None:
    made = understood([["Was", "Wo", "Wer"], ["a/1.tif", "B01", "x"], ["a/2.tif", "r02c03", "y"]])
    assert to(made) == {"Was": "path", "Wo": "well", "Wer": OWN + "Wer"}
    assert {a.confidence for a in made.aims if not a.to.startswith(OWN)} == {Confidence.DERIVED}


@pytest.mark.parametrize(
    ("values", "certain"),
    [(["S1", "S2", "S3"], False), (["A1", "B2"], True), (["A01"], True), (["r1c1"], True), (["A1", "x", "y"], False)],
)
def test_short_names_are_no_wells(values: list[str], certain: bool) -> None:
    assert wells.certain(values, 0.9) is certain


def test_a_near_miss_is_a_guess_and_a_foreign_unit_no_miss() -> None:
    made = understood([["Path", "Specimne", "File size [MB]"], ["a.tif", "s", 1.5], ["b.tif", "s", 2]])
    assert to(made) == {"Path": "path", "Specimne": "specimen", "File size [MB]": OWN + "File size [MB]"}
    assert next(a for a in made.aims if a.to == "specimen").confidence is Confidence.GUESS


def test_a_table_about_nothing_known_is_listed() -> None:
    found = understood([["Freezer", "Box"], ["F1", 3], ["F2", 4]])
    assert found.about == "" and all(not a.to for a in found.aims)


@pytest.mark.parametrize(
    ("raw", "columns", "well"),
    [
        *(("A1", 0, "A1"), ("p24", 0, "P24"), ("A-03", 0, "A3"), ("r16c24", 0, "P24"), ("Row 2 Column 5", 0, "B5")),
        *(("AF48", 0, "AF48"), (1, 24, "A1"), ("25", 24, "B1"), (384.0, 24, "P24"), ("r33c1", 0, "")),
        *(("Z1x", 0, ""), (None, 0, "")),
    ],
)
def test_wells_in_any_spelling(raw: Any, columns: int, well: str) -> None:
    assert wells.well(raw, columns) == well


@pytest.mark.parametrize(("most", "columns"), [(96, 12), (97, 24), (384, 24), (1536, 48), (1537, 0)])
def test_numbered_wells_count_on_the_smallest_plate_that_has_them(most: int, columns: int) -> None:
    assert wells.columns_of([1, 2, most]) == columns


# Which rows are meant


def filled(found: Known, tables: Tables) -> dict[tuple[str, str], Any]:
    proposals, _ = resolved(tables, found.proposals, found.joins)
    merged = merge(tables, proposals)
    frame = merged.tables["files"].frame
    entries = merged.of(State.FILLED)
    return {(str(frame["path"][e.row]), e.proposal.column): e.value for e in entries if e.row is not None}


def test_files_are_found_by_their_bare_name_where_one_has_it(tmp_path: Path) -> None:
    tables = with_files({"Path": "d1/a.tif"}, {"Path": "d1/x.tif"}, {"Path": "d2/x.tif"})
    found = known(tmp_path / "t.csv", "File,Score\na.tif,1\nd2/x.tif,2\n")
    assert filled(found, tables) == {("d1/a.tif", "own:Score"): "1", ("d2/x.tif", "own:Score"): "2"}


def test_wells_of_a_plate_that_only_the_file_names(tmp_path: Path) -> None:
    tables = with_files({"Path": "a.tif", "Plate": "P1", "Well": "A1"}, {"Path": "b.tif", "Plate": "P2", "Well": "A1"})
    found = known(tmp_path / "P2.csv", "Well,Score\nA01,1\n")
    assert filled(found, tables) == {("b.tif", "own:Score"): "1"}
    unsure = known(tmp_path / "scores.csv", "Well,Score\nA01,1\n")
    assert filled(unsure, tables) == {}, "of which plate is a question"


def test_rows_are_found_by_what_they_hold(tmp_path: Path) -> None:
    tables = with_files({"Path": "a.tif", "Compound Name": "Taxol"}, {"Path": "b.tif", "Compound Name": "other"})
    found = known(tmp_path / "l.csv", "Compound,SMILES\ntaxol,CC\nnone,C\n")
    assert filled(found, tables) == {("a.tif", "own:Compound SMILES"): "CC"}


# MAP.toml


def test_a_map_is_written_changed_and_used(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    found = known(path, "File,Score,Wer\na.tif,1,Eve\n")
    text = written(found.maps)
    assert known(path, maps=Maps(text.encode())).joins == found.joins
    text = text.replace('to = "Score"', 'to = "Image name"').replace('to = "Wer"', 'to = ""')
    again = known(path, maps=Maps(text.encode()))
    assert [p.key for p in again.joins[0].proposals] == [("a.tif", "", "", "1")]
    assert [u.value for u in again.unplaced] == ["Wer"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[table", "cannot be read"),
        ("table = 3", "no \\[\\[table"),
        ('[[table]]\nfile = "t.csv"\nabout = "Freezers"', "no sheet"),
        ('[[table]]\nfile = "t.csv"\nabout = "People"\n[[table.column]]\nheading = "File"\nto = "Shoe"', "no column"),
        ('[[table]]\nfile = "t.csv"\n[[table.column]]\nheading = "Score"\nto = "Path"', "two columns"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("File,Score\na.tif,1\n")
    with pytest.raises(SourceError, match=said):
        known(tmp_path / "t.csv", maps=Maps(text.encode()))


# Plates as drawn


def drawing(top: str, corner: str = "", value: str = "x", size: tuple[int, int] = (8, 12)) -> list[list[Any]]:
    rows, columns = size
    lines: list[list[Any]] = [[corner or None, *range(1, columns + 1)]]
    for r in range(rows):
        letter = chr(65 + r) if r < 26 else f"A{chr(65 + r - 26)}"
        lines.append([letter, *(f"{value}{r}-{c}" for c in range(columns))])
    return [*([[top]] if top else []), *lines]


def plate_of(path: Path, sheets: dict[str, list[list[Any]]]) -> set[tuple[str, str]]:
    """Plate and column that a workbook of drawings fills."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    found = recognised(path)
    return {((p.key or ("", ""))[1] or next(iter(j.plates), ""), p.column) for j in found.joins for p in j.proposals}


@pytest.mark.parametrize("size", [(8, 12), (16, 24), (32, 48)])
def test_grids_of_every_size_with_their_titles(size: tuple[int, int], tmp_path: Path) -> None:
    lines = [*drawing("Plate: P7 - Gene symbol", size=size), [], *drawing("siRNA ID", value="s", size=size)]
    assert plate_of(tmp_path / "x.xlsx", {"Sheet1": lines}) == {
        ("P7", "own:Gene Symbol"),
        ("P7", "own:siRNA Identifier"),
    }


def test_the_sheet_names_the_plate_and_the_file_what_it_shows(tmp_path: Path) -> None:
    made = plate_of(tmp_path / "Compounds.xlsx", {"P1": drawing(""), "P2": drawing("Treatment")})
    assert {plate for plate, _ in made} == {"P1", "P2"}
    assert ("P2", "own:Compound Name") in made


# MIHCSME


HEAD = ["Annotation_groups", "Key", "Value"]
MIHCSME: dict[str, list[list[Any]]] = {
    "InvestigationInformation": [
        ["# about"],
        HEAD,
        ["DataOwner", "First Name", "Eva"],
        ["DataOwner", "Last Name", "Held"],
        ["DataOwner", "User name", "evah"],
    ],
    "StudyInformation": [
        HEAD,
        ["Study", "Study Title", "Autophagy in cells"],
        ["Biosample", "Biosample Organism", "Homo sapiens"],
    ],
    "AssayInformation": [
        HEAD,
        ["Assay", "Assay Title", "LC3 screen"],
        ["ImageData", "Image number of  z-stacks", 5.0],
        ["Specimen", "Channel 1 label", "Hoechst"],
        ["Specimen", "Channel 1 entity", "DNA"],
    ],
    "AssayConditions": [
        ["# conditions"],
        ["Plate", "Well", "Treatment", "Dose", "DoseUnit", "Batch"],
        ["p1", "A01", "taxol", 1, "nM", "b7"],
    ],
    "_Organisms": [["a", "b"]],
}


def mihcsme(path: Path) -> Path:
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in MIHCSME.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_mihcsme_goes_where_it_belongs_and_the_rest_is_listed(tmp_path: Path) -> None:
    found = recognised(mihcsme(tmp_path / "m.xlsx"))
    said = {(p.sheet, p.key, p.column): p.value for p in found.proposals}
    assert said["study", None, "study_title"] == "Autophagy in cells"
    assert said["biosamples", ("Homo sapiens",), "organisms"] == "Homo sapiens"
    assert said["image_data", ("LC3 screen",), "size_z"] == 5
    assert said["channels", ("LC3 screen", "Hoechst", ""), "biological_entity"] == "DNA"
    wells_of = {(p.key, p.column): p.value for j in found.joins for p in j.proposals}
    assert wells_of[("", "p1", "A1", ""), "own:Compound Name"] == "taxol"
    assert wells_of[("", "p1", "A1", ""), "own:Batch"] == "b7"
    assert any("User name" in u.value for u in found.unplaced)


# What is hostile, or damaged


def package(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def bomb() -> bytes:
    return package(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>", "xl/x.xml": b"\0" * (260 << 20)})


def entities() -> bytes:
    book: Any = openpyxl.Workbook()
    book.active.append(["Path", "Score"])
    book.active.append(["a.tif", "1"])
    plain = io.BytesIO()
    book.save(plain)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w") as out:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
                content = declared + content.partition(b"?>")[2] if b"?>" in content[:80] else declared + content
            out.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", bomb),
        ("entities.xlsx", entities),
        ("cut.xlsx", lambda: package(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"})[:-30]),
        ("noise.csv", lambda: bytes(range(256)) * 20),
        ("page.csv", lambda: b"<html>a,b\nc,d</html>\n"),
        ("record.csv", lambda: b'{"a": 1,\n"b": 2}\n'),
        ("prose.txt", lambda: b"We imaged cells.\nThen, we left.\n"),
        ("empty.csv", lambda: b""),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(name: str, content: Any, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content())
    with pytest.raises(SourceError):
        recognised(tmp_path / name)


def test_an_absurd_size_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Path,Score\n" + "a.tif,1\n" * 50)
    with pytest.raises(SourceError, match="cells"):
        recognised(tmp_path / "t.csv", limits={"cells": 60})


def test_formulas_and_errors_are_listed_and_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    book: Any = openpyxl.Workbook()
    book.active.append(["Path", "Score", "Note"])
    book.active.append(["a.tif", "=1+1", "plain"])
    book.active.append(["b.tif", "#N/A", "plain"])
    book.active["B3"].data_type = "e"
    book.save(tmp_path / "t.xlsx")
    found = recognised(tmp_path / "t.xlsx")
    assert {p.value for p in found.joins[0].proposals} == {"plain"}
    assert len(found.unplaced) == 2
    text = known(tmp_path / "t.csv", 'Path,Note\na.tif,"=HYPERLINK(""http://x"")"\nb.tif,@SUM(A1)\n')
    assert {p.value for p in text.joins[0].proposals} == {'=HYPERLINK("http://x")', "@SUM(A1)"}


# The command


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "study.xlsx"
    assert run("new", path, "--profile", "light").exit_code == 0
    return path


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def test_the_command_writes_a_map_and_uses_it(study: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Surname,Given name,Shoe\nHeld,Eva,42\n")
    made = run("fill", study, "--from", tmp_path / "p.csv", "--map", tmp_path / "map.toml", "--dry-run")
    assert made.exit_code == 0, made.output
    assert "“Surname” to Last name (a usual name for it)" in made.stdout and "Shoe" in made.stdout
    text = (tmp_path / "map.toml").read_text("utf-8").replace('to = "Last name"', 'to = "Initials"')
    (tmp_path / "map.toml").write_text(text, "utf-8")
    made = run("fill", study, "--from", tmp_path / "p.csv", "--map", tmp_path / "map.toml", "--dry-run")
    assert made.exit_code == 0, made.output
    assert "to Initials (as MAP.toml says)" in made.stdout
