"""A copy holds what its original held, whichever way it is made: over all packages that are read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from rembi_sheets.cells import Book, Mark, Sheet
from rembi_sheets.findings import find
from rembi_sheets.schema import load
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.workbook import held
from rembi_sheets.workbook.add import add
from rembi_sheets.workbook.annotate import annotate
from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.package import sniff
from rembi_sheets.workbook.read import read
from rembi_sheets.workbook.retype import retyped
from tests.support import LONG
from tests.workbook import bad_files
from tests.workbook.bad_files import changed, entry_of, good, packed, parts, shared

SCHEMA = load()
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    b"http://schemas.openxmlformats.org/drawingml/2006/main": b"http://purl.oclc.org/ooxml/drawingml/main",
}
Originals: TypeAlias = Callable[[bytes], tuple[Book, Tables]]
STYLES, RELATIONS = "xl/styles.xml", "xl/_rels/workbook.xml.rels"


def strict(data: bytes) -> bytes:
    def changed(text: bytes) -> bytes:
        for usual, other in STRICT.items():
            text = text.replace(usual, other)
        return text

    return packed({name: changed(content) for name, content in parts(data).items()})


def renamed(data: bytes, name: Callable[[str], str]) -> bytes:
    return packed({name(n): c for n, c in parts(data).items()})


def prefixed(data: bytes) -> bytes:
    """Every element of the sheets with a prefix, as some libraries write them."""
    contents = parts(data)
    for name in contents:
        if name.startswith("xl/worksheets/sheet"):
            text = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", contents[name].partition(b"?>")[2] or contents[name])
            contents[name] = text.replace(b"xmlns=", b"xmlns:x=", 1)
    return packed(contents)


@cache
def full() -> bytes:
    """The good study as people leave it: everything that a copy may lose."""
    made = openpyxl.load_workbook(io.BytesIO(shared()))
    people, files, specimens = made["People"], made["Files"], made["Specimens"]
    people["B6"].comment = Comment("ask her", "Ada")
    people["C7"].hyperlink = "mailto:bo@example.org"
    people["K6"] = "under no heading"
    specimens["C6"] = CellRichText("at 10", TextBlock(InlineFont(vertAlign="superscript"), "6"), " per ml")
    specimens["C7"] = CellRichText("in ", TextBlock(InlineFont(strike=True, b=True), "methanol"), " PFA")
    specimens["B30"] = "=A7&A6"
    for column, head, value, code in (("G", "Animal", 7, "000"), ("H", "Dose", 5, '0" nM"'), ("I", "Serum", 0.1, "0%")):
        files[f"{column}5"], files[f"{column}6"] = head, value
        files[f"{column}6"].number_format = code
    files["J5"], files["J6"], files["J7"] = "Note", "=G6*2", "gone"
    files["J7"].font = Font(strike=True)
    own = made.create_sheet("Mine")
    own["A1"], own["B2"], own["C3"], own["D4"] = "a", 1.5, "=COUNTA(Files!A6:A9)", "=Files!G6"
    own["B2"].fill, own["B2"].number_format = PatternFill("solid", fgColor="FFFF00"), "0.00"
    own["A5"].comment = Comment("mine", "Bo")
    own["A6"].hyperlink = "https://example.org/#x"
    own["A7"] = CellRichText("H", TextBlock(InlineFont(vertAlign="subscript"), "2"), "O")
    own.merge_cells("A9:B9")
    own.add_data_validation(openpyxl.worksheet.datavalidation.DataValidation("list", "=Files!$A$6:$A$9", sqref="E1"))
    made.create_sheet("Hidden").append(["b"])
    made["Hidden"].sheet_state = "hidden"
    made.defined_names["mine"] = openpyxl.workbook.defined_name.DefinedName("mine", attr_text="Mine!$A$1:$B$2")
    out = io.BytesIO()
    made.save(out)
    contents = parts(out.getvalue())
    part = entry_of("Specimens")
    error = b'<c r="D6" t="e"><f>Gone!A1</f><v>#REF!</v></c></row>'
    contents[part] = re.sub(rb'(<row r="6".*?)</row>', rb"\1" + error, contents[part], count=1, flags=re.DOTALL)
    return packed(contents)


def packages() -> Iterator[Any]:
    """Every package that is read, by name."""
    for name, data, _ in bad_files.odd():
        if sniff(data) == "xlsx":
            yield pytest.param(data, id=name)
    for name, data in (("good", good()), ("shared", shared()), ("full", full())):
        yield pytest.param(data, id=name)
        if name != "full" and not LONG:
            continue  # the fullest stands for all that can be spelled otherwise
        yield pytest.param(strict(data), id=f"{name}-strict")
        yield pytest.param(renamed(data, lambda n: n.replace("/", "\\")), id=f"{name}-backslash")
        yield pytest.param(renamed(data, str.upper), id=f"{name}-upper")
        yield pytest.param(renamed(data, lambda n: n.replace("sheet", "Sheet")), id=f"{name}-case")
        yield pytest.param(prefixed(data), id=f"{name}-prefix")
    percent = {n.replace("/sheet", "/sheet%20"): c for n, c in parts(good()).items()}
    percent = {n: c.replace(b"worksheets/sheet", b"worksheets/sheet%20") for n, c in percent.items()}
    yield pytest.param(packed(percent), id="good-percent")
    yield pytest.param(packed(parts(good()), zipfile.ZIP_BZIP2), id="good-bzip2")
    yield pytest.param(changed(RELATIONS, lambda x: x.replace(b"/xl/worksheets/", b"worksheets\\")), id="good-target")
    odd = {
        "empty-fill": lambda x: re.sub(rb"<fills[^>]*>", rb"\g<0><fill/>", x),
        "family": lambda x: x.replace(b'<family val="2"', b'<family val="34"'),
        "no-cell-styles": lambda x: re.sub(rb"<cellStyles.*?</cellStyles>", b"", x, flags=re.DOTALL),
        "strange": lambda x: x.replace(b"</styleSheet>", b'<extLst><ext uri="{x}"/></extLst></styleSheet>'),
    }
    for name, change in odd.items():
        yield pytest.param(changed(STYLES, change), id=name)
    yield pytest.param(changed(entry_of("People"), lambda x: x.replace(b't="s"', b's="999" t="s"')), id="style-index")
    yield pytest.param(packed({n: c for n, c in parts(full()).items() if n != STYLES}), id="full-no-styles")


PACKAGES = list(packages())


def tables(data: bytes, folder: Path) -> tuple[Book, Tables]:
    path = folder / "a.xlsx"
    path.write_bytes(data)
    book, _ = read(path)
    assert book is not None
    return book, from_book(book, SCHEMA)[0]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    """What each package holds, read once."""
    folder = tmp_path_factory.mktemp("originals")
    return cache(lambda data: tables(data, folder))


def assert_equal(old: Tables, new: Tables) -> None:
    for table in old:
        other = new[table.sheet.name]
        names = [n for n in table.frame.columns if table.frame[n].notna().any()]
        assert table.own == other.own[: len(table.own)]
        again = other.frame.reindex(columns=names)
        assert [repr(list(r)) for r in again.itertuples(index=False)] == [
            repr(list(r)) for r in table.frame[names].itertuples(index=False)
        ], table.title


def marked(sheet: Sheet) -> list[str]:
    """The marks of a sheet; formulas read otherwise where their cells have moved."""
    return sorted(word if mark is Mark.ERROR else mark for mark, word in sheet.marks.values())


@pytest.mark.parametrize("data", PACKAGES)
def test_add(data: bytes, originals: Originals, tmp_path: Path) -> None:
    before, old = originals(data)
    made = add(
        data, SCHEMA, columns=["Biosamples: Description", "Files: Dataset", "Specimens: Location within biosample"]
    )
    after, new = tables(made.content, tmp_path)
    assert_equal(old, new)
    assert made.columns
    for sheet in before.sheets:
        again = next((s for s in after.sheets if s.title.casefold() == sheet.title.casefold()), None)
        assert again is not None
        assert marked(sheet) == marked(again)
        assert sorted(map(str, sheet.looks.values())) == sorted(map(str, again.looks.values()))


@pytest.mark.parametrize("data", PACKAGES)
def test_fix(data: bytes, originals: Originals, tmp_path: Path) -> None:
    _, old = originals(data)
    people = next(t for t in old if t.sheet.name == "people")
    row = int(people.frame.index[0])
    made, done = retyped(data, {(people.title, row, people.columns["last_name"]): "Other"})
    assert len(done) == 1
    new = tables(made, tmp_path)[1]
    assert new["people"].frame["last_name"][row] == "Other"
    new["people"].frame.loc[row, "last_name"] = people.frame["last_name"][row]
    assert_equal(old, new)


@pytest.mark.parametrize("data", PACKAGES)
def test_annotate(data: bytes, originals: Originals, tmp_path: Path) -> None:
    before, old = originals(data)
    places = [next(t for t in old if t.sheet.name == "people").place(6, "last_name")]
    made = annotate(annotate(data, [find("PLACEHOLDER", places, value="a")]), [])
    after, new = tables(made, tmp_path)
    assert_equal(old, new)
    assert [s.title for s in after.sheets][1:] == [s.title for s in before.sheets]


def test_what_a_full_workbook_holds_is_in_the_copy(tmp_path: Path) -> None:
    made = add(full(), SCHEMA, level="full", profile="screen")
    book = openpyxl.load_workbook(io.BytesIO(made.content), rich_text=True)
    assert openpyxl.load_workbook(io.BytesIO(made.content))  # every part can be read
    heads = {c.value: c.column for c in book["Files"][5]}
    shown = [book["Files"].cell(6, heads[h]) for h in ("Animal", "Dose", "Serum", "Note")]
    assert [(c.value, c.number_format) for c in shown[:3]] == [(7, "000"), (5, '0" nM"'), (0.1, "0%")]
    letter = shown[0].column_letter
    assert shown[3].value == f"={letter}6*2"
    assert book["Files"].cell(7, heads["Note"]).font.strike
    mine = book["Mine"]
    assert mine["D4"].value == f"=Files!{letter}6" and mine["C3"].value == "=COUNTA(Files!A6:A9)"
    assert mine["B2"].fill.fgColor.rgb == "00FFFF00" and mine["B2"].number_format == "0.00"
    assert mine["A5"].comment.text == "mine" and mine["A6"].hyperlink.target == "https://example.org/#x"
    assert str(mine["A7"].value) == "H2O" and isinstance(mine["A7"].value, CellRichText)
    assert [str(r) for r in mine.merged_cells.ranges] == ["A9:B9"]
    assert book["Hidden"].sheet_state == "hidden" and book.defined_names["mine"].attr_text == "Mine!$A$1:$B$2"
    people = {c.value: c.column for c in book["People"][5]}
    assert book["People"].cell(6, people["Last name"]).comment.text == "ask her"
    assert book["People"].cell(7, people["ORCID"]).hyperlink.target == "mailto:bo@example.org"
    specimens = {c.value: c.column for c in book["Specimens"][5]}
    assert isinstance(book["Specimens"].cell(7, specimens["Preparation method"]).value, CellRichText)
    found, _ = tables(made.content, tmp_path)
    marks = next(s for s in found.sheets if s.title == "Specimens").marks
    assert {m[0] for m in marks.values()} == {Mark.ERROR, Mark.FORMULA}


def _lost(data: bytes) -> list[tuple[str, Callable[[bytes], bytes]]]:
    part = entry_of("Specimens")
    first = b"<f>A7&amp;A6</f>"
    text = parts(data)[part]
    assert first in text
    return [
        (part, lambda x: x.replace(first, b"")),
        (part, lambda x: x.replace(b"#REF!", b"#N/A")),
        (part, lambda x: x.replace(b't="e"', b't="str"')),
        (part, lambda x: x.replace(b"Cleared", b"Clear")),
        ("xl/workbook.xml", lambda x: re.sub(rb"<definedName .*?</definedName>", b"", x)),
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_copy_that_lacks_something_is_refused(number: int) -> None:
    data = full()
    part, change = _lost(data)[number]
    contents = parts(data)
    contents[part] = change(contents[part])
    with pytest.raises(AnnotateError, match="would not hold"):
        held.refuse(held.in_place(data, packed(contents), {}))


def test_xml_that_only_some_readers_take_is_refused_with_a_word() -> None:
    """calamine reads the values of a sheet in which an attribute stands twice."""
    data = changed(
        entry_of("People"), lambda x: x.replace(b"<sheetView ", b'<sheetView zoomScale="10" zoomScale="20" ')
    )
    with pytest.raises(AnnotateError, match="damaged"):
        add(data, SCHEMA, level="full")


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    data = changed("xl/workbook.xml", lambda x: re.sub(rb"<workbookPr(?=[ />])", b'<workbookPr date1904="1"', x))
    old = tables(data, tmp_path)[1]
    made = add(data, SCHEMA, level="full")
    assert_equal(old, tables(made.content, tmp_path)[1])
    assert Contents(made.content).counted_from_1904


def test_outside_of_the_package_is_refused(tmp_path: Path) -> None:
    for name in ("../evil.xml", "..\\evil.xml", "/etc/evil", "C:/evil", "xl/../../evil"):
        path = tmp_path / "a.xlsx"
        path.write_bytes(packed(parts(good()) | {name: b"<a/>"}))
        assert [f.code for f in read(path)[1]] == ["FILE-DAMAGED"], name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in (parts(good()) | {"XL/Workbook.xml": b"<a/>"}).items():
            package.writestr(name, content)
    path.write_bytes(out.getvalue())
    assert [f.code for f in read(path)[1]] == ["FILE-DAMAGED"]
