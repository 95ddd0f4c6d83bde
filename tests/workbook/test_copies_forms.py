"""Every form of a workbook that `check` reads gives the five copies: one mechanism, what cannot come along is named."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from click.testing import CliRunner

from rembi_sheets.cells import Book
from rembi_sheets.cli import cli
from rembi_sheets.schema import load
from rembi_sheets.tables import from_book
from rembi_sheets.workbook.plain import as_xlsx
from rembi_sheets.workbook.read import read
from tests.workbook.bad_files import ods, packed, parts

HEAD = ["Identity", "Biological entity", "Organism", "Description", "Lab book"]
SHEETS: dict[str, list[list[Any]]] = {
    "Study": [
        ["Study title", "Scales of Pieris brassicae under polarised light"],
        ["Study description", "Two lines\nof text, with ‘quotes’, 5 µm and a; semicolon."],
        ["Keywords", "butterfly; scale;  wing"],
        ["Archives", "BIA"],
        ["Release date", dt.date(2027, 5, 9)],
    ],
    "Biosamples": [
        HEAD,
        ["W-007", "wing", "Pieris brassicae ", "fore wing, left", 12],
        [None, None, None, None, None],
        ["0042", "wing", "Pieris napi", "Ωmega – “hind” wing", 0.1 + 0.2],
    ],
    "Image data": [["Name", "Dimension extents - X", "Pixel/voxel size - X"], ["Scales", 2048, 0.325]],
    "Bench": [["free words of ours", 3.5]],
}


def as_excel(path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def of_type(path: Path, kind: str, macros: bool) -> None:
    """As Excel saves a workbook with macros, or a template."""
    made = io.BytesIO()
    as_excel(made)  # type: ignore[arg-type]
    plain = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as out:
        for name in old.namelist():
            text = old.read(name)
            if name == "[Content_Types].xml":
                text = text.replace(plain.encode(), kind.encode())
            if macros and name == "xl/_rels/workbook.xml.rels":
                aim = '<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
                text = text.replace(b"</Rel", f'{aim} Target="vbaProject.bin"/></Rel'.encode())
            out.writestr(name, text)
        if macros:
            out.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 what macros are made of")


def as_old_excel(path: Path) -> None:
    book = xlwt.Workbook()
    for title, rows in SHEETS.items():
        sheet = book.add_sheet(title)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write(r, c, value, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
                elif value is not None:
                    sheet.write(r, c, value)
    book.save(str(path))


def as_ods(path: Path) -> None:
    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, (int, float)):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        text = "".join(f"<text:p>{line}</text:p>" for line in value.replace("  ", " <text:s/>").split("\n"))
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{title}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for title, rows in SHEETS.items()
    )
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f'<office:document-content {spaces} office:version="1.2">{body}</office:document-content>'
    parts_of_it = parts(ods(""))  # its manifest is as it has to be
    path.write_bytes(packed(parts_of_it | {"content.xml": content.encode()}))


def as_folder(path: Path, ending: str, sign: str, line_end: str, encoding: str) -> None:
    path.mkdir()
    for title, rows in SHEETS.items():
        with (path / f"{title}{ending}").open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=sign, lineterminator=line_end).writerows(rows)


MAKE: dict[str, Any] = {
    "study.xlsx": as_excel,
    "STUDY.XLSX": as_excel,
    "macros.xlsm": lambda p: of_type(p, "vnd.ms-excel.sheet.macroEnabled.main+xml", True),
    "template.xltx": lambda p: of_type(p, "vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", False),
    "study.xls": as_old_excel,
    "study.ods": as_ods,
    "commas": lambda p: as_folder(p, ".csv", ",", "\r\n", "utf-8"),
    "semicolons": lambda p: as_folder(p, ".csv", ";", "\r\n", "utf-8-sig"),
    "tabs": lambda p: as_folder(p, ".tsv", "\t", "\n", "utf-16"),
}
NAMED = {"macros.xlsm": "macros", "study.xls": "dropdowns", "study.ods": "dropdowns"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook in every form."""
    folder = tmp_path_factory.mktemp("forms")
    for name, make in MAKE.items():
        make(folder / f"in {name.split('.')[0]}" if "." not in name else folder / name)
    return {name: folder / (name if "." in name else f"in {name}") for name in MAKE}


def held(path: Path) -> dict[str, list[dict[str, Any]]]:
    """What the tables of a workbook say, empty rows and cells left out."""
    book, _ = read(path)
    assert isinstance(book, Book)
    tables, _ = from_book(book, load())
    out = {}
    for table in tables:
        rows = [{n: v for n, v in row.items() if v is not None} for row in table.frame.to_dict("records")]
        out[table.sheet.name] = [row for row in rows if row]
    return {name: rows for name, rows in out.items() if rows}


def within(was: dict[str, list[dict[str, Any]]], now: dict[str, list[dict[str, Any]]]) -> bool:
    return all(
        len(now.get(name, ())) >= len(rows)
        and all(r.items() <= n.items() for r, n in zip(rows, now[name], strict=False))
        for name, rows in was.items()
    )


@pytest.mark.parametrize("form", MAKE)
def test_what_copies_are_made_of_holds_every_cell(form: str, made: dict[str, Path], tmp_path: Path) -> None:
    content, left = as_xlsx(made[form])
    (tmp_path / "a.xlsx").write_bytes(content)
    was = held(made[form])
    assert held(tmp_path / "a.xlsx") == was and {"study", "biosamples", "image_data"} <= set(was)
    assert any(NAMED[form] in text for text in left) if form in NAMED else not left
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["Bench"]["A1"].value == "free words of ours"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        types = package.read("[Content_Types].xml")
        assert b"spreadsheetml.sheet.main+xml" in types and b"macro" not in types.lower()
        assert not [n for n in package.namelist() if "vba" in n.lower()]


COPIES: dict[str, list[str]] = {
    "add": ["add", "{}", "{}", "--column", "Biosamples: Extrinsic variable"],
    "fix": ["fix", "{}", "{}"],
    "marked": ["check", "{}", "--quiet", "--annotate", "{}"],
    "fill": ["fill", "{}", "{}", "--from", "lab.xlsx"],
}


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("form", ["macros.xlsm", "study.xls", "study.ods", "semicolons"])
def test_each_copy_holds_what_was_there(
    form: str, copy: str, made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    as_excel(tmp_path / "lab.xlsx")
    macros = form.endswith(".xlsm") and copy in ("fix", "marked")
    target = tmp_path / ("copy.xlsm" if macros else "copy.xlsx")
    places = iter((str(made[form]), str(target)))
    said = CliRunner().invoke(cli, [next(places) if a == "{}" else a for a in COPIES[copy]])
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    assert target.exists(), said.output
    was, now = held(made[form]), held(target)
    if copy == "fix":
        assert [r["organisms"] for r in now["biosamples"]] == [r["organisms"] for r in was["biosamples"]]
    assert within(was, now)
    assert "Traceback" not in said.output and "xlsx first" not in said.output
    if form in NAMED and not macros and copy != "marked":
        assert NAMED[form] in said.output
    assert openpyxl.load_workbook(target)["Bench"]["B1"].value == (3.5 if form != "semicolons" else "3.5")
