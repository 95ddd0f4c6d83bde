"""Tables as they come: odd shapes give the right values, what is not understood is told; hostile ones do no harm."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rembi_sheets.fill.joins import resolved
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import State
from rembi_sheets.fill.sources import Known, Maps, SourceError, recognised
from rembi_sheets.fill.sources.table.mapfile import written
from rembi_sheets.plates.wells import name
from rembi_sheets.tables import OWN, Tables
from rembi_sheets.workbook.encodings import decoded
from tests.support import STUDY
from tests.support import tables as read
from tests.workbook.bad_files import ods, ods_row

WELLS = [name((r, c)) for r in range(1, 9) for c in range(1, 13)]
Said = dict[str, dict[str, object]]  # heading of an own column -> well -> value


@cache
def workbook() -> Tables:
    rows = [{"Image data": "Organoid stacks", "Path": f"p1/{w}.tif", "Plate": "P1", "Well": w} for w in WELLS]
    return read({**STUDY, "Files": rows})[0]


def filled(known: Known) -> tuple[Said, list[str]]:
    said, left = resolved(workbook(), known.proposals, known.joins)
    made = merge(workbook(), said)
    out: Said = {}
    wells = dict(zip(workbook()["files"].frame.index, WELLS, strict=True))
    for e in made.of(State.FILLED):
        if e.row in wells:
            out.setdefault(e.proposal.column.removeprefix(OWN), {})[wells[e.row]] = e.value
    untold = [e for e in made.entries if e.state in (State.NOT_UNDERSTOOD, State.DIFFERS)]
    return out, [u.why for u in (*known.unplaced, *left, *made.unplaced)] + [e.why for e in untold]


def csv(lines: Callable[[int, str], str], head: str, foot: str = "") -> str:
    return head + "".join(lines(n, w) + "\n" for n, w in enumerate(WELLS)) + foot


COMPOUNDS = {w: f"c{n}" for n, w in enumerate(WELLS)}
TEXTS: dict[str, tuple[str, str]] = {
    "decimal commas": (csv(lambda n, w: f"{w};c{n};{n},5", "Well;Compound;Konz. [µM]\n"), "utf-8"),
    "Latin-1": (csv(lambda n, w: f"{w};c{n};Säure", "Vertiefung;Substanz;Größe\n"), "latin-1"),
    "Windows": (csv(lambda n, w: f"{w},c{n},“x” – y", "Well,Compound,Note\n"), "cp1252"),
    "UTF-16": (csv(lambda n, w: f"{w}\tc{n}", "Well\tCompound\n"), "utf-16"),
    "UTF-16 without mark": (csv(lambda n, w: f"{w}\tc{n}\tx", "Well\tCompound\tX\n"), "utf-16-be"),
    "notes above": (csv(lambda n, w: f"{w},c{n}", "By Foo\nDate: 2024\n\nPlate: P1\n\nWell,Compound\n"), "utf-8"),
    "line of units": (csv(lambda n, w: f"{w},c{n},{n}", "Well,Compound,Concentration\n,,µM\n"), "utf-8"),
    "totals below": (csv(lambda n, w: f"{w},c{n},1", "Well,Compound,Count\n", "Total,,9\nSD,,0\n%CV,,0\n"), "utf-8"),
    "a line that names the separator": (csv(lambda n, w: f"{w};c{n}", "sep=;\nWell;Compound\n"), "utf-8"),
    "wells by number": (csv(lambda n, w: f"{n + 1},c{n}", "Well,Compound\n"), "utf-8"),
    "r01c01": (csv(lambda n, w: f"r{1 + n // 12:02d}c{1 + n % 12:02d},c{n}", "Well,Compound\n"), "utf-8"),
    "A001": (csv(lambda n, w: f"{w[0]}{int(w[1:]):03d},c{n}", "Well,Compound\n"), "utf-8"),
    "small letters": (csv(lambda n, w: f"{w.lower()},c{n}", "well,compound\n"), "utf-8"),
    "row and column": (csv(lambda n, w: f"{1 + n // 12},{1 + n % 12},c{n}", "Row,Column,Compound\n"), "utf-8"),
    "letter and column": (csv(lambda n, w: f"{w[0]};{w[1:]};c{n}", "Plate Row;Plate Column;Compound\n"), "utf-8"),
    "blank lines": (csv(lambda n, w: f"{w},c{n}\n\n,", "Well,Compound\n"), "utf-8"),
    "line breaks in cells": (csv(lambda n, w: f'{w},c{n},"a\nb"', 'Well,"Com\npound",Note\n'), "utf-8"),
    "headings again": (csv(lambda n, w: f"Well,Compound\n{w},c{n}", "Well,Compound\n"), "utf-8"),
    "paths of another computer": (csv(lambda n, w: f"D:\\screen\\p1\\{w}.tif,c{n}", "File name,Compound\n"), "utf-8"),
    "addresses": (csv(lambda n, w: f"https://x.org/d/p1/{w}.tif,c{n}", "Image URL,Compound\n"), "utf-8"),
    "Mac": (csv(lambda n, w: f"{w},c{n},Crème brûlée,37 °C", "Well,Compound,Größe,Température\n"), "mac_roman"),
    "old line ends": (csv(lambda n, w: f"{w};c{n};señal", "Well;Compound;Señal\n").replace("\n", "\r"), "mac_roman"),
    "a long preamble": (csv(lambda n, w: f"{w},c{n}", "A line of the log\n" * 150 + "Well,Compound\n"), "utf-8"),
    "many notes, tabs": (csv(lambda n, w: f"{w}\tc{n}", "Setting: on\n" * 120 + "Well\tCompound\n"), "utf-8"),
    "bare names": (csv(lambda n, w: f"{w}.tif,c{n}", "File,Compound\n"), "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("shape", TEXTS)
def test_texts(shape: str, tmp_path: Path) -> None:
    text, encoding = TEXTS[shape]
    (tmp_path / "P1.csv").write_bytes(text.encode(encoding))
    said, told = filled(recognised(tmp_path / "P1.csv"))
    assert said["Compound Name"] == COMPOUNDS
    assert set(told) <= {"a line of totals is no row"}


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    ["Größe;Säure µM\nä;37 °C", "Composé;à 37 °C\né;ç", "Well,Temp\nA1,37°C ± 2", "Ångström;Ørsted;naïve “x” – y’s",
     "Ä;Ö;Ü\n5 Å;3", "señal;ñ;¿qué?", "Müller;Straße;MÜLLER;GRÖSSE", "10 µl–20 µl", "Écrit;Élan;À;É", "5 µM;2 µg/ml"],
)  # fmt: skip
def test_signs_tell_which_program_wrote_a_text(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_prose_with_a_few_commas_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("A line of a letter.\n" * 30 + "Yours, X\nSee, too\n" + "Another line.\n" * 30)
    with pytest.raises(SourceError):
        recognised(tmp_path / "x.txt")


def two_headers(sheet: Worksheet) -> None:
    sheet.append(["Sample", None, "Treatment"])
    sheet.append(["Well", "Cell line", "Compound", "Conc (nM)"])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    for w, c in COMPOUNDS.items():
        sheet.append([w, "HeLa", c, 1.5])


def groups(sheet: Worksheet) -> None:
    sheet.append([None, None, "Channel 1", None, "Channel 2"])
    sheet.append(["Well", "Compound", "Mean", "Area", "Mean", "Area"])
    sheet.merge_cells("C1:D1")
    sheet.merge_cells("E1:F1")
    for w, c in COMPOUNDS.items():
        sheet.append([w, c, 1, 2, 3, 4])


def offset(sheet: Worksheet) -> None:
    sheet["A1"] = "Plate map of the screen"
    for n, (w, c) in enumerate([("Well", "Compound"), *COMPOUNDS.items()]):
        sheet.cell(6 + n, 3, w)
        sheet.cell(6 + n, 4, c)


def side_by_side(sheet: Worksheet) -> None:
    sheet.append(["Well", "Compound", None, "Well", "Compound"])
    for n in range(50):
        left, right = WELLS[n], WELLS[n + 50] if n < 46 else None
        sheet.append([left, COMPOUNDS[left], None, right, COMPOUNDS.get(right or "")])


def joined_plate(sheet: Worksheet) -> None:
    sheet.append(["Plate", "Well", "Compound"])
    for n, (w, c) in enumerate(COMPOUNDS.items()):
        sheet.append(["P1" if not n else None, w, c])
    sheet.merge_cells("A2:A97")


def styled(sheet: Worksheet) -> None:
    sheet.append(["Well", "Compound"])
    for w, c in COMPOUNDS.items():
        sheet.append([w, c])
    for row in range(98, 400):
        sheet.cell(row, 1).font = openpyxl.styles.Font(bold=True)


def second_sheet(sheet: Worksheet) -> None:
    sheet.append(["This is a note"])
    assert sheet.parent is not None
    styled(sheet.parent.create_sheet("Data"))


@pytest.mark.parametrize("shape", [two_headers, groups, offset, side_by_side, joined_plate, styled, second_sheet])
def test_workbooks(shape: Callable[[Worksheet], None], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    shape(book.active)
    book.save(tmp_path / "P1.xlsx")
    said, told = filled(recognised(tmp_path / "P1.xlsx"))
    assert said["Compound Name"] == COMPOUNDS
    assert "Well" not in said and set(told) <= {"its row does not say which file or well it is about"}
    if shape is groups:
        assert {"Channel 1 Mean", "Channel 1 Area", "Channel 2 Mean", "Channel 2 Area"} <= said.keys()


def hidden_columns(sheet: Worksheet) -> None:
    sheet.column_dimensions.group("D", "E", hidden=True)  # E holds nothing


def hidden_rows(sheet: Worksheet) -> None:
    for row in (7, 8, 9, 300):
        sheet.row_dimensions[row].hidden = True


def hidden_by_a_filter(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:D97"
    sheet.row_dimensions[97].hidden = True


def hidden_sheet(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    sheet.parent.create_sheet("Seen").append(["nothing"])
    sheet.sheet_state = "hidden"


HIDDEN: dict[Callable[[Worksheet], None], str] = {
    hidden_columns: "Sheet column D",
    hidden_rows: "Sheet rows 7:9",
    hidden_by_a_filter: "Sheet row 97",
    hidden_sheet: "sheet Sheet",
}


@pytest.mark.parametrize("how", HIDDEN)
def test_what_is_hidden_is_read_and_said(how: Callable[[Worksheet], None], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.append(["Well", "Compound", "Batch", "Old name"])
    for w, c in COMPOUNDS.items():
        book.active.append([w, c, "b", "o"])
    how(book.active)
    book.save(tmp_path / "P1.xlsx")
    known = recognised(tmp_path / "P1.xlsx")
    assert filled(known)[0]["Compound Name"] == COMPOUNDS
    assert [u.where for u in known.unplaced if "hidden" in u.why] == [HIDDEN[how]]


@pytest.mark.parametrize(
    ("columns", "rows", "said"),
    [
        ("<table:table-column table:number-columns-repeated='3'/><table:table-column table:visibility='collapse'/>",
         {}, ["Plate & wells column D"]),
        ("", {6: "collapse", 7: "filter", 8: "visible"}, ["Plate & wells rows 7:8"]),
        ("<table:table-column table:visibility='visible'/>", {}, []),
    ],
)  # fmt: skip
def test_what_is_hidden_in_an_opendocument_is_said(
    columns: str, rows: dict[int, str], said: list[str], tmp_path: Path
) -> None:
    lines = [["Well", "Compound", "Batch", "Old name"], *([w, c, "b", "o"] for w, c in COMPOUNDS.items())]
    made = [ods_row(*cells) for cells in lines]
    for n, word in rows.items():
        made[n] = made[n].replace("<table:table-row", f'<table:table-row table:visibility="{word}"')
    (tmp_path / "P1.ods").write_bytes(ods(columns + "".join(made), "Plate &amp; wells"))
    known = recognised(tmp_path / "P1.ods")
    assert filled(known)[0]["Compound Name"] == COMPOUNDS
    assert [u.where for u in known.unplaced if "hidden" in u.why] == said


def test_a_heading_that_stands_twice_is_two_columns_and_its_map_can_be_used_again(tmp_path: Path) -> None:
    (tmp_path / "P1.csv").write_text(csv(lambda n, w: f"{w},1,2,3", "Well,Value,Value,Value\n"))
    known = recognised(tmp_path / "P1.csv")
    said, told = filled(known)
    assert [said[k]["A1"] for k in ("Value", "Value 2", "Value 3")] == ["1", "2", "3"] and not told
    maps = Maps(written(known.maps).encode())
    assert filled(recognised(tmp_path / "P1.csv", maps=maps))[0] == said


def test_a_table_on_its_side_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "P1.csv").write_text(f"Well,{','.join(WELLS)}\nCompound,{','.join(COMPOUNDS.values())}\n")
    said, told = filled(recognised(tmp_path / "P1.csv"))
    assert not said and len(told) == 1 and "turn the table" in told[0]


@pytest.mark.parametrize(
    ("text", "wells"),
    [
        ("A1,x\nA1,y\nA2,z\nB3,z\n", {"A2", "B3"}),  # two values of one well
        ("Q25,x\nZZ99,y\nA0,z\nA1,ok\nB2,ok\n", {"A1", "B2"}),  # off the plate
        ("A1,#REF!\nA2,#N/A\nB1,ok\nB2,ok\n", {"B1", "B2"}),  # errors of a spreadsheet
        ("A1,\nA2, \nB1,ok\nB2,ok\n", {"B1", "B2"}),
    ],
)
def test_what_is_in_doubt_is_told_and_not_filled(text: str, wells: set[str], tmp_path: Path) -> None:
    (tmp_path / "P1.csv").write_text(f"Well,Compound\n{text}")
    said, told = filled(recognised(tmp_path / "P1.csv"))
    assert set(said.get("Compound Name", ())) == wells
    assert bool(told) == (",\n" not in text)


@pytest.mark.parametrize(
    "content",
    [b",\n" * 200, b"\0\1\2\xff" * 1000, b"Well," + b"x" * 300_000 + b"\nA1,y\nB2,z\n", b"\xff\xfe", b"<" * 5000,
     ",".join(f"h{n}" for n in range(5000)).encode() + b"\n" + b"1," * 5000, b"PK\x03\x04" + b"\0" * 500],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "P1.csv").write_bytes(content)
    with pytest.raises(SourceError):
        recognised(tmp_path / "P1.csv")
