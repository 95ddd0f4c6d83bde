"""Blank workbooks by profile, archives and level (`make long`: every one), by openpyxl and as raw XML."""

from __future__ import annotations

import re

import pytest

from rembi_sheets.schema import Kind, load, select
from rembi_sheets.workbook.layout import Plan, plan
from rembi_sheets.workbook.valid import cells
from tests import workbooks
from tests.support import BLANKS
from tests.workbook.xlsx import MAIN, Xlsx, bounds
from tests.workbooks import opened

SCHEMA = load()
ROWS = 500
# The order of the schema of Office Open XML (ECMA-376, CT_Worksheet); a program repairs a file that breaks it.
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "autoFilter",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "ignoredErrors",
]
TYPED = {Kind.INTEGER: "whole", Kind.NUMBER: "decimal", Kind.DATE: "date"}


def _id(value: object) -> str:
    return "+".join(SCHEMA.archive(a).label for a in value) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("profile", "archives", "level"), BLANKS, ids=_id)
def test_blank(profile: str, archives: tuple[str, ...], level: str) -> None:
    layout = plan(SCHEMA, select(SCHEMA, profile, archives, level), rows=ROWS)
    data = workbooks.blank(profile, archives, level)
    xlsx = Xlsx(data)
    assert len(data) < 150_000
    _package(xlsx)
    _sheets(xlsx, layout)
    _names(xlsx)
    _validations(xlsx, layout)
    _formats(xlsx, layout)
    _no_formulas_in_data(xlsx)
    _openpyxl(data, layout)


def _package(xlsx: Xlsx) -> None:
    """Well-formed parts, each with a content type, each relationship leading somewhere, nothing of x14."""
    assert xlsx.trees
    types = xlsx.trees["[Content_Types].xml"]
    named = {e.get("PartName", "").lstrip("/") for e in types}
    defaults = {e.get("Extension") for e in types if e.get("Extension")}
    for name in xlsx.parts:
        if name != "[Content_Types].xml":
            assert name in named or name.rpartition(".")[2] in defaults, name
    for name in ("", *xlsx.parts):
        for target in xlsx.relations(name).values():
            assert target in xlsx.parts, (name, target)
    for name, part in xlsx.parts.items():
        assert b"x14" not in part and b"extLst" not in part, name


def _sheets(xlsx: Xlsx, layout: Plan) -> None:
    titles = list(xlsx.sheets)
    expected = ["Read me", *(s.spec.title for s in layout.sheets), "_lists", "_meta"]
    if layout.wells:
        expected.insert(expected.index("Files") + 1, "Plate map")
    assert titles == expected
    assert all(len(t) <= 31 for t in titles)
    states = {s.get("name"): s.get("state") for s in xlsx.trees["xl/workbook.xml"].iter(f"{MAIN}sheet")}
    assert {t for t, state in states.items() if state == "hidden"} == {"_lists", "_meta"}
    for root in xlsx.sheets.values():
        places = [ORDER.index(e.tag.removeprefix(MAIN)) for e in root]
        assert places == sorted(places)
    for sheet in layout.sheets:
        assert not list(xlsx.sheets[sheet.spec.title].iter(f"{MAIN}sheetProtection"))
        assert not list(xlsx.sheets[sheet.spec.title].iter(f"{MAIN}mergeCell"))


def _names(xlsx: Xlsx) -> None:
    """Every defined name is made of ranges on sheets that exist, and no forbidden function."""
    for name, text in xlsx.names.items():
        found = bounds(text)
        assert found, (name, text)
        for sheet, first, top, last, bottom in found:
            assert sheet in xlsx.sheets and first == last and 0 < top <= bottom, (name, text)
        assert not re.search(r"INDIRECT|OFFSET|XLOOKUP|FILTER|#REF", text), (name, text)
        assert len(text) < 8192


def _validations(xlsx: Xlsx, layout: Plan) -> None:
    """Each cell promised has its validation; each list is a name; every limit of Excel is kept."""
    for sheet in layout.sheets:
        found = {v.get("sqref"): v for v in xlsx.validations(sheet.spec.title)}
        if sheet.form:  # help and example stand in the line itself
            listed = {cells(sheet, f) for f in sheet.fields if f.column.list or f.column.kind in TYPED}
            assert listed <= set(found) <= {cells(sheet, f) for f in sheet.fields}
        else:
            assert set(found) == {cells(sheet, f) for f in sheet.fields}
        rows = ROWS * 10 if sheet.spec.own else ROWS
        assert sheet.form or sheet.last_row - sheet.first_row + 1 == rows
        for f in sheet.fields:
            v = found.get(cells(sheet, f))
            if v is None:
                continue
            formula = v.findtext(f"{MAIN}formula1") or ""
            assert sheet.form or (v.get("promptTitle") and v.get("prompt"))
            assert len(v.get("promptTitle") or "") <= 32 and len(v.get("prompt") or "") <= 255
            assert len(v.get("errorTitle") or "") <= 32 and len(v.get("error") or "") <= 225
            assert len(formula) <= 255
            c = f.column
            if c.kind in (Kind.CHOICE, Kind.TERM, Kind.REFERENCE, Kind.YESNO):
                assert v.get("type") == "list" and formula in xlsx.names, c.label
            if c.kind in TYPED:
                assert v.get("type") == TYPED[c.kind]
            if c.list and v.get("type") == "list":
                closed = SCHEMA.lists[c.list].closed and not c.many
                assert v.get("showErrorMessage") == "1"
                assert (v.get("errorStyle") or "stop") == ("stop" if closed else "warning")
            assert '"' not in formula  # no list inside a formula


def _formats(xlsx: Xlsx, layout: Plan) -> None:
    """Text format wherever a program would make a date or a number of what is typed; no styled empty cells."""
    styles = xlsx.trees["xl/styles.xml"]
    codes = {int(n.get("numFmtId")): n.get("formatCode") for n in styles.iter(f"{MAIN}numFmt")}
    xfs = [int(x.get("numFmtId")) for x in styles.find(f"{MAIN}cellXfs")]
    for sheet in layout.sheets:
        root = xlsx.sheets[sheet.spec.title]
        if sheet.form:
            own = {c.get("r"): int(c.get("s")) for c in root.iter(f"{MAIN}c") if c.get("r").startswith("B")}
            used = {f.number: own[f"B{f.number}"] for f in sheet.fields}
        else:
            columns = [(int(c.get("min")), int(c.get("max")), int(c.get("style"))) for c in root.iter(f"{MAIN}col")]
            used = {n: style for low, high, style in columns for n in range(low, high + 1)}
            last = max(int(r.get("r")) for r in root.iter(f"{MAIN}row"))
            assert last == sheet.first_row - 1, sheet.spec.title
            for n in range(len(sheet.own)):
                assert xfs[used[sheet.own_start + n]] == 49
        for f in sheet.fields:
            number = xfs[used[f.number]]
            wanted = {Kind.INTEGER: "0_M", Kind.DATE: "yyyy-mm-dd"}.get(f.column.kind)
            plain = 0 if f.column.kind is Kind.NUMBER else 49  # General alone shows as many digits as a column holds
            assert (number == plain) if wanted is None else codes[number] == wanted, f.column.label


def _no_formulas_in_data(xlsx: Xlsx) -> None:
    found = xlsx.formulas()
    assert {t for t, formulas in found.items() if formulas} == {"Read me"}
    assert all(f.startswith("COUNTA(") for f in found["Read me"])


def _openpyxl(data: bytes, layout: Plan) -> None:
    book = opened(data)
    for sheet in layout.sheets:
        target = book[sheet.spec.title]
        for f in sheet.fields:
            place = target.cell(f.number, 1) if sheet.form else target.cell(sheet.first_row - 1, f.number)
            assert place.value == f.column.label
        assert target.freeze_panes == ("B3" if sheet.form else "B6")
        assert target.sheet_properties.tabColor.rgb[2:]
    meta = {r[0].value: r[1].value for r in book["_meta"].iter_rows()}
    assert meta["schema version"] == SCHEMA.version and meta["schema digest"] == SCHEMA.digest
    assert meta["profile"] == layout.selection.profile and meta["level"] == layout.selection.level
    assert meta["archives"].split("; ") == list(layout.selection.archives)
    assert {k: v for k, v in meta.items() if k.startswith("first row ")} == {
        f"first row {s.spec.title}": str(s.first_row) for s in layout.sheets
    }
    assert book.custom_doc_props["schema digest"].value == SCHEMA.digest
