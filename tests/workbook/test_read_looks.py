"""What is seen in a cell: number formats in columns of text, raised, lowered and struck-out signs, error words."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from rembi_sheets.cells import Look
from rembi_sheets.findings import Finding
from rembi_sheets.schema import load
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.values import UNREADABLE
from rembi_sheets.workbook.read import read
from tests.support import found
from tests.workbook.bad_files import entry_of, good, ods, packed, parts, shared

OTHERS = {"IMAGE"}


def walked(tmp_path: Path, data: bytes, name: str = "a.xlsx") -> tuple[Tables, list[Finding]]:
    path = tmp_path / name
    path.write_bytes(data)
    book, findings = read(path)
    assert book is not None, findings
    tables, more = from_book(book, load())
    return tables, [*findings, *more]


def edited(edit: Callable[[Any], None], data: bytes | None = None) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(data or good()))
    edit(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def column(tables: Tables, sheet: str, name: str) -> list[Any]:
    return list(tables[sheet].frame[name])


def test_own_columns_as_they_are_shown(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        sheet = made["Files"]
        rows = {
            "Mouse": [(3, "0000"), (12, "0000")],
            "Dose": [(2.5, '0.0" mg/kg"'), (2.5, '0.0" µg/kg"')],
            "Share": [(0.075, "0.0%"), (1, "0%")],
            "Ratio": [(0.1 * 3, "General"), (1 / 3, "0.00")],
            "Part": [(0.75, "# ?/?"), (1500, "#,##0")],
        }
        for n, (heading, cells) in enumerate(rows.items(), start=7):
            sheet.cell(5, n).value = heading
            for row, (value, code) in enumerate(cells, start=6):
                sheet.cell(row, n).value, sheet.cell(row, n).number_format = value, code

    tables, findings = walked(tmp_path, edited(edit))
    shown = {h: column(tables, "files", f"own:{h}")[:2] for h in ("Mouse", "Dose", "Share", "Ratio", "Part")}
    assert shown == {
        "Mouse": ["0003", "0012"],
        "Dose": ["2.5 mg/kg", "2.5 µg/kg"],
        "Share": ["7.5%", "100%"],
        "Ratio": ["0.3", "0.33"],
        "Part": ["3/4", "1,500"],
    }
    assert found(findings) == {("SHOWN-ROUNDED", "Files", "J7")}


def test_declared_columns(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        grants, images = made["Funding"], made["Image data"]
        grants["B6"], grants["B6"].number_format = 45, "00000"
        head = {c.value: c.column for c in images[5]}
        cell = images.cell(6, head["Pixel/voxel size - X"])
        cell.value, cell.number_format = 65, '0" nm"'
        number = images.cell(6, head["Number of images"])
        number.value = 4.000000000000001

    tables, findings = walked(tmp_path, edited(edit))
    assert column(tables, "funding", "grant_id")[0] == "00045"
    assert column(tables, "image_data", "image_count")[0] == 4
    assert [(f.code, f.sheet) for f in findings] == [("NUMBER-DRESSED", "Image data")]


def _rich(*pieces: tuple[str, str]) -> CellRichText:
    fonts = {
        "": InlineFont(b=True),
        "up": InlineFont(vertAlign="superscript"),
        "down": InlineFont(vertAlign="subscript"),
        "out": InlineFont(strike=True),
    }
    return CellRichText(*(TextBlock(fonts[way], text) for text, way in pieces))


RICH = [
    (_rich(("10", ""), ("-3", "up"), (" M", "")), "10⁻³ M", Look((), ("10⁻³",))),
    (_rich(("MgCl", ""), ("2", "down")), "MgCl₂", Look((), ("MgCl₂",))),
    (_rich(("Atg5", ""), ("-/-", "up")), "Atg5^(-/-)", Look((), ("Atg5^(-/-)",))),
    (_rich(("K", ""), ("max", "down")), "K_max", Look((), ("K_max",))),
    (_rich(("PFA ", ""), ("4", "out"), (" %", "out"), (" 2 %", "")), "PFA 4 % 2 %", Look(("4 %",), ())),
    (_rich(("plain ", ""), ("bold", "")), "plain bold", None),
]


@pytest.mark.parametrize(("cell", "text", "look"), RICH)
@pytest.mark.parametrize("texts", [False, True], ids=["inline", "shared"])
def test_rich_text(tmp_path: Path, cell: CellRichText, text: str, look: Look | None, texts: bool) -> None:
    data = edited(lambda made: made["Specimens"].__setitem__("C6", cell))
    if texts:
        contents = parts(data)
        part = entry_of("Specimens")
        runs = re.search(rb'<c r="C6"[^>]*><is>(.*?)</is></c>', contents[part], re.DOTALL)
        assert runs
        contents[part] = contents[part].replace(runs[0], b'<c r="C6" t="s"><v>0</v></c>')
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        reading = b"<rPh sb='0' eb='1'><t>reading</t></rPh><phoneticPr fontId='1'/>"
        contents["xl/sharedStrings.xml"] = b'<sst xmlns="%s"><si>%s%s</si></sst>' % (main, runs[1], reading)
        if b"sharedStrings" not in contents["xl/_rels/workbook.xml.rels"]:
            with_part = parts(shared())
            contents["[Content_Types].xml"] = with_part["[Content_Types].xml"]
            contents["xl/_rels/workbook.xml.rels"] = with_part["xl/_rels/workbook.xml.rels"]
        data = packed(contents)
    tables, findings = walked(tmp_path, data)
    assert column(tables, "specimens", "preparation")[0] == text
    book, _ = read(tmp_path / "a.xlsx")
    assert book is not None
    assert next(s for s in book.sheets if s.title == "Specimens").looks.get((6, 3)) == look
    codes = {"TEXT-STRUCK": look and look.struck, "TEXT-RAISED": look and look.scripts}
    assert found(findings) == {(code, "Specimens", "C6") for code, said in codes.items() if said}


def test_a_cell_that_is_struck_out_as_a_whole(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        for address in ("A7", "C7"):
            made["Specimens"][address].font = Font(strike=True)

    _, findings = walked(tmp_path, edited(edit, shared()))
    assert found(findings) == {("TEXT-STRUCK", "Specimens", "A7"), ("TEXT-STRUCK", "Specimens", "C7")}


@pytest.mark.parametrize("word", ["#NAME?", "#WERT!", "#N/A", "Err:509", "#GETTING_DATA"])
@pytest.mark.parametrize("place", ["C7", "G7", "D7"])
def test_error_words_in_a_workbook(tmp_path: Path, word: str, place: str) -> None:
    def edit(made: Any) -> None:
        made["Files"]["G5"], made["Files"]["G6"] = "Dose", "5 nM"
        cell = made["Files"][place]
        cell.value, cell.data_type = word, "s"

    tables, findings = walked(tmp_path, edited(edit))
    assert ("CELL-ERROR", "Files", place) in found(findings)
    row = tables["files"].frame.loc[7]
    assert UNREADABLE in list(row)


@pytest.mark.parametrize(("ending", "separator"), [("csv", ","), ("csv", ";"), ("tsv", "\t"), ("txt", "\t")])
def test_error_words_in_tables_of_text(tmp_path: Path, ending: str, separator: str) -> None:
    lines = [["Name", "Biosample", "Preparation method"], ["Cleared", "Kidney cells", "#NAME?"]]
    text = "\n".join(separator.join(line) for line in lines)
    (tmp_path / f"Specimens.{ending}").write_text(text, encoding="utf-8")
    book, _ = read(tmp_path)
    assert book is not None
    assert ("CELL-ERROR", "Specimens", "C2") in found(from_book(book, load())[1])


def test_an_error_as_a_heading(tmp_path: Path) -> None:
    def edit(made: Any) -> None:
        made["Files"]["G5"], made["Files"]["G6"] = "#REF!", "5 nM"

    tables, findings = walked(tmp_path, edited(edit))
    assert tables["files"].own == ("Treatment",) and ("CELL-ERROR", "Files", "G5") in found(findings)


def test_an_opendocument_spreadsheet(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/>'
        '</style:style><style:style style:name="T2" style:family="text"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
    )

    def number(kind: str, value: float, text: str) -> str:
        start = f'<table:table-cell office:value-type="{kind}" office:value="{value}">'
        return f"{start}<text:p>{text}</text:p></table:table-cell>"

    heads = ["Path", "Image data", "Mouse", "Serum", "Dose", "Ratio", "Note"]
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{h}</text:p></table:table-cell>' for h in heads
    )
    note = '10<text:span text:style-name="T1">4</text:span> <text:span text:style-name="T2">old</text:span> new'
    cells = (
        '<table:table-cell office:value-type="string"><text:p>a.tif</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>Stacks</text:p></table:table-cell>'
        + number("float", 4, "004")
        + number("percentage", 0.1, "10 %")
        + number("float", 5, "5,00 nM")
        + number("float", 0.1 * 3, "0.3")
        + f'<table:table-cell office:value-type="string"><text:p>{note}</text:p></table:table-cell>'
    )
    data = ods(f"<table:table-row>{head}</table:table-row><table:table-row>{cells}</table:table-row>", "Files")
    contents = parts(data)
    space = b' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version'
    content = contents["content.xml"].replace(b" office:version", space, 1)
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>".encode()
    contents["content.xml"] = content.replace(b"<office:body>", automatic)
    tables, findings = walked(tmp_path, packed(contents), "a.ods")
    row = tables["files"].frame.iloc[0]
    assert [row[f"own:{h}"] for h in heads[2:]] == ["004", "10 %", "5.00 nM", "0.3", "10⁴ old new"]
    assert {c for c, *_ in found(findings)} == {"TEXT-RAISED", "TEXT-STRUCK"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("~$study.xlsx", "“study.xlsx”"),
        (".~lock.study.ods#", "“study.ods”"),
        ("._study.xlsx", "macOS"),
    ],
)
def test_notes_that_a_workbook_is_open(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / name).write_bytes(b"\x05Ada" + b" " * 160)
    _, (finding,) = read(tmp_path / name)
    assert finding.code == "FILE-LOCK" and says in finding.message
    (tmp_path / name).write_bytes(good())
    assert read(tmp_path / name)[0] is not None
