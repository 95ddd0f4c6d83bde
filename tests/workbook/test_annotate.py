"""The marked copy: all that the user made is still there, and what was found stands at its cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from rembi_sheets.cells import Place
from rembi_sheets.cli import cli
from rembi_sheets.findings import Finding, find
from rembi_sheets.workbook.annotate import AnnotateError, annotate
from tests.workbook.bad_files import entry_of, good, ods, ods_row, packed, parts

BIA = "bioimage-archive"
FOUND = [
    find("REF-UNKNOWN", Place("Specimens", 6, 2, "Biosample"), value="=1+1", target="Biosamples", suggestions=("a",)),
    find("PLACEHOLDER", [Place("People", r, 3, "ORCID") for r in (6, 7, 9)], value="<b>TBD</b> _x0041_ \x07"),
    find("FORMAT-BAD", Place("People", 6, 3, "ORCID"), value="x", words="y", other="", where="", archives=(BIA,)),
    find("SHEET-UNKNOWN", "Extra", value="Extra"),
]


@cache
def rich() -> bytes:
    """A workbook with what users and Excel put in: notes, lists, colours, names, pictures, x14 parts, macros."""
    made = openpyxl.load_workbook(io.BytesIO(good()))
    people = made["People"]
    people["A6"].comment = Comment("Is this her first name?", "Bo")
    people["C6"].comment = Comment("I asked her.", "Bo")
    people.add_data_validation(DataValidation("list", formula1='"a,b"', sqref="F6:F20"))
    people.conditional_formatting.add("A6:A20", CellIsRule("equal", ["1"], fill=PatternFill(bgColor="00FF00")))
    name = DefinedName("_xlnm.Print_Area", attr_text="People!$A$1:$F$20")
    people.defined_names["_xlnm.Print_Area"] = name
    made.defined_names["words"] = DefinedName("words", attr_text="Specimens!$A$6:$A$7")
    made.active = 3
    out = io.BytesIO()
    made.save(out)
    contents = parts(out.getvalue())
    sheet = entry_of("Specimens")
    extension = (
        b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{CCE6A557}">'
        b'<x14:dataValidations count="1"><x14:dataValidation type="list"/></x14:dataValidations></ext></extLst>'
    )
    contents[sheet] = contents[sheet].replace(b"</worksheet>", extension + b"</worksheet>")
    return packed(contents | {"xl/vbaProject.bin": b"macro", "xl/media/image1.png": b"\x89PNG"})


@pytest.fixture(scope="module")
def marked() -> bytes:
    return annotate(rich(), FOUND)


def cells(data: bytes) -> dict[str, list[list[object]]]:
    """The rows that hold anything; a note on an empty cell makes openpyxl see a row more."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = {s.title: [[c.value for c in row] for row in s.iter_rows()] for s in book if s.title != "Problems"}
    return {title: [r for r in found if any(v is not None for v in r)] for title, found in rows.items()}


def notes(data: bytes, sheet: str) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {c.coordinate: c.comment.text for row in book[sheet].iter_rows() for c in row if c.comment}


def test_every_value_and_part_is_kept(marked: bytes) -> None:
    assert cells(marked) == cells(rich())
    before, after = parts(rich()), parts(marked)
    kept = [n for n in before if not re.search(r"worksheets/|comments|drawing|workbook\.xml|styles|Content_Types", n)]
    assert {"xl/vbaProject.bin", "xl/media/image1.png", "docProps/core.xml"} <= set(kept)
    assert all(after[n] == before[n] for n in kept)


def test_cells_are_untouched_byte_for_byte(marked: bytes) -> None:
    def data(package: bytes, part: str) -> bytes:
        found = re.search(rb"<sheetData.*</sheetData>", parts(package)[part], re.DOTALL)
        assert found
        return found[0]

    for sheet in ("People", "Specimens", "Files"):
        assert data(marked, entry_of(sheet)) == data(rich(), entry_of(sheet))


def test_lists_formats_names_and_extensions_are_kept(marked: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(marked))
    people = book["People"]
    assert [v.formula1 for v in people.data_validations.dataValidation] == ['"a,b"']
    assert any(r.formula == ["1"] for rules in people.conditional_formatting for r in rules.rules)
    assert people.print_area == "'People'!$A$1:$F$20"
    assert book.defined_names["words"].attr_text == "Specimens!$A$6:$A$7"
    assert b"x14:dataValidation " in parts(marked)[entry_of("Specimens")]


def test_problems_come_first_with_links(marked: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert book.sheetnames[0] == "Problems" and book.active.title == "Problems"
    assert [s.title for s in book if s.sheet_view.tabSelected] == ["Problems"]
    sheet = book["Problems"]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]
    assert [r[8] for r in rows] == [f.code for f in FOUND]
    assert [r[2] for r in rows] == ["B6", "C6:C7, C9", "C6", None]
    links = {c.coordinate: c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert links == {"C4": "'Specimens'!B6", "C5": "'People'!C6:C7", "C6": "'People'!C6"}


def test_no_text_becomes_a_formula(marked: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert not [c.coordinate for row in book["Problems"].iter_rows() for c in row if c.data_type == "f"]
    assert "=1+1" in {c.value for row in book["Problems"].iter_rows() for c in row}


def test_notes_join_those_of_the_user(marked: bytes) -> None:
    people = notes(marked, "People")
    assert people["A6"] == "Is this her first name?"
    assert people["C6"].startswith("I asked her.") and "WARNING" in people["C6"] and "ERROR" in people["C6"]
    assert set(people) == {"A6", "C6", "C7", "C9"}
    assert set(notes(marked, "Specimens")) == {"B6"}


def test_every_note_has_its_box(marked: bytes) -> None:
    for name, content in parts(marked).items():
        if name.endswith(".vml"):
            places = re.findall(rb"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>", content)
            assert len(places) == len(set(places)) and len(places) in (1, 4)
            ids = re.findall(rb'<v:shape [^>]*id="([^"]+)"', content)
            assert len(ids) == len(set(ids))


def colours(data: bytes, sheet: str) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        str(block.sqref): rule.dxf.fill.bgColor.rgb
        for block in book[sheet].conditional_formatting
        for rule in block.rules
        if rule.formula and "rembi-sheets" in rule.formula[0]
    }


def test_colours_by_the_worst_of_a_cell(marked: bytes) -> None:
    assert colours(marked, "People") == {"C6": "FFFDE8E8", "C7 C9": "FFFFF3E6"}
    book = openpyxl.load_workbook(io.BytesIO(marked))
    rules = [(r.priority, str(b.sqref)) for b in book["People"].conditional_formatting for r in b.rules]
    assert len({p for p, _ in rules}) == len(rules)
    assert max(rules)[1] == "A6:A20"


def test_marked_again_the_old_marks_go(marked: bytes) -> None:
    again = annotate(marked, FOUND[:1])
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames.count("Problems") == 1
    assert notes(again, "People") == {"A6": "Is this her first name?", "C6": "I asked her."}
    assert colours(again, "People") == {}
    assert set(notes(again, "Specimens")) == {"B6"}
    assert annotate(again, FOUND) == annotate(annotate(again, ()), FOUND)
    assert cells(again) == cells(rich())
    book = openpyxl.load_workbook(io.BytesIO(again))
    assert book["People"].print_area == "'People'!$A$1:$F$20"


def test_a_sheet_of_the_users_called_problems_stays() -> None:
    made = openpyxl.load_workbook(io.BytesIO(good()))
    made.create_sheet("Problems").append(["of my own"])
    out = io.BytesIO()
    made.save(out)
    book = openpyxl.load_workbook(io.BytesIO(annotate(out.getvalue(), FOUND)))
    assert book.sheetnames[0] == "Problems 2" and book["Problems"]["A1"].value == "of my own"


def test_the_same_bytes_each_time() -> None:
    assert annotate(rich(), FOUND) == annotate(rich(), FOUND)


def test_every_xml_part_is_well_formed_and_every_relation_has_its_part(marked: bytes) -> None:
    contents = parts(marked)
    assert zipfile.ZipFile(io.BytesIO(marked)).testzip() is None
    for name, content in contents.items():
        if name.endswith((".xml", ".rels", ".vml")):
            etree.fromstring(content)
    for name in (n for n in contents if n.endswith(".rels")):
        ids = re.findall(rb'Id="([^"]+)"', contents[name])
        assert len(ids) == len(set(ids))
    types = contents["[Content_Types].xml"].decode()
    assert all(f"/{n}" in types for n in contents if n.endswith(".xml") and ("comments" in n or "problems" in n))


@pytest.mark.parametrize("many", [5_000])
def test_many_findings_in_one_sheet(many: int) -> None:
    found: Sequence[Finding] = [
        find("LIST-OTHER", Place("Files", 6 + 2 * i, 2, "Image data"), value=str(i), list="x", words="")
        for i in range(many)
    ]
    book = openpyxl.load_workbook(io.BytesIO(annotate(good(), found)))
    assert book["Problems"].max_row == many + 3
    areas = [str(b.sqref).split() for b in book["Files"].conditional_formatting]
    assert sum(map(len, areas)) == many and max(map(len, areas)) <= 400


@pytest.mark.parametrize("data", [b"", b"PK", good()[:2000], ods(ods_row("Last name"))])
def test_what_cannot_be_marked_is_said(data: bytes) -> None:
    with pytest.raises(AnnotateError):
        annotate(data, FOUND)


def test_what_cannot_be_marked_is_said_before_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "study.ods"
    path.write_bytes(ods(ods_row("Last name", "E-mail") + ods_row("Beispiel", "long " * 8000)))
    done = CliRunner().invoke(cli, ["check", str(path), "--annotate", str(tmp_path / "marked.xlsx")])
    assert done.exit_code == 2
    assert done.output.startswith("People B2 holds more than the 32,767 characters that an .xlsx has")
    assert not (tmp_path / "marked.xlsx").exists()
