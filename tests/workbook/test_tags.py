"""What is known of a worksheet's rows to the byte, and what is left to a reader that takes everything."""

from __future__ import annotations

import io
import zipfile

import pytest

from rembi_sheets.workbook import tags
from rembi_sheets.workbook.signs import PAD, OddError
from rembi_sheets.workbook.xmltexts import shared

_ROW = '<row r="98" spans="1:3">{}</row><row r="99"/><row r="100">{}</row>'
_OF_KIND = {tags.SHARED: "shared", tags.NUMBER: "number", tags.WRITTEN: "written", tags.NOTHING: "nothing"}


@pytest.mark.parametrize(
    ("cell", "kind", "content", "style"),
    [
        ('<c r="{}" t="s"><v>41</v></c>', "shared", "41", 0),
        ('<c r="{}" s="7" t="s"><v>1234567</v></c>', "shared", "1234567", 7),
        ('<c r="{}"><v>-1.5E-7</v></c>', "number", "-1.5E-7", 0),
        ('<c r="{}" s="12"><v>3</v></c>', "number", "3", 12),
        ('<c r="{}" t="n"><v></v></c>', "number", "", 0),
        ('<c r="{}" t="inlineStr"><is><t></t></is></c>', "written", "", 0),
        (
            '<c r="{}" s="345" t="inlineStr"><is><t>a &lt;c r=&quot; b</t></is></c>',
            "written",
            "a &lt;c r=&quot; b",
            345,
        ),
        ('<c r="{}" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', "written", " a ", 0),
        ('<c r="{}"/>', "nothing", "", 0),
        ('<c r="{}" s="1" />', "nothing", "", 1),
        ('<c r="{}" s="1"></c>', "nothing", "", 1),
        ('<c r="{}" t="s"/>', "nothing", "", 0),
    ],
)
@pytest.mark.parametrize(("column", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16384)])
def test_every_way_programs_write_a_cell(
    cell: str, kind: str, content: str, style: int, column: str, number: int
) -> None:
    piece = _ROW.format(cell.format(f"{column}98"), cell.format(f"{column}100")).encode() + PAD
    cells = tags.read(piece)
    assert cells.numbers.tolist() == [98, 99, 100]
    assert cells.row.tolist() == [98, 100]
    assert cells.column.tolist() == [number, number]
    assert cells.style.tolist() == [style, style]
    assert [_OF_KIND[k] for k in cells.holds.tolist()] == [kind, kind]
    if kind != "nothing":
        spans = zip(cells.start.tolist(), cells.end.tolist(), strict=True)
        assert [piece[a:b].decode() for a, b in spans] == [content, content]
        assert cells.kept.tolist() == ["preserve" in cell] * 2


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>',
        '<row r="1"><c r="A1" t="b"><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"> <c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c> </row>',
        '<row r="1"><c r="A1"><v>1</v></c></row> ',
        '<row r="1"><c r="A1"><v>1 > 0</v></c></row>',
        '<row r="1"><c r="A1"><v><!-- 1 -->1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<c r="B1"/>]]></t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><is><t>a</t></is></c></row>',
        '<row r="1"><c s="1" r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" cm="1"><v>1</v></c></row>',
        "<row><c><v>1</v></c></row>",
        '<row r="0"/>',
        '<row r="1"/><c r="A1"><v>1</v></c></row>',
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        "",
    ],
)
def test_what_is_left_to_others(rows: str) -> None:
    with pytest.raises(OddError):
        tags.read(rows.encode() + PAD)


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        ("<si><t>a</t></si><si><t></t></si><si><t>\u00e9&amp;&#955;</t></si>", ["a", "", "\u00e9&\u03bb"]),
        ('<si><t xml:space="preserve"> a </t></si><si><t>b</t></si>', [" a ", "b"]),
        ("<si><t> a</t></si><si><t>b\t</t></si><si><t>b</t></si>", [None, None, "b"]),
        ("<si><r><t>a</t></r></si><si><t>b</t></si>", [None, "b"]),
        ('<si><t>b</t></si><si><t>a</t><phoneticPr fontId="1"/></si>', ["b", None]),
        ("<si><t>a_x000D_</t></si><si><t>a_x</t></si>", [None, "a_x"]),
        ("<si><t>&nbsp;</t></si><si><t>&lt;si&gt;</t></si>", [None, "<si>"]),
        ("<si><t>a</t></si><!-- <si><t>b</t></si> -->", []),
        ("<si/><si><t>a</t></si>", []),
        ("<si><t>a\r</t></si>", []),
        ("", []),
    ],
)
def test_shared_texts(items: str, texts: list[str | None]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("sharedStrings.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<sst count="9">{items}</sst>')
    with zipfile.ZipFile(out) as package:
        found = shared(package, "sharedStrings.xml")
    assert list(found.texts) == texts
    assert found.odd.tolist() == [t is None for t in texts]
