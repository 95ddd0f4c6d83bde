"""Bad and odd files, made here: name -> (content, what is found); '' where the file is read."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

import openpyxl

from tests.cases.base import GOOD
from tests.support import book


@cache
def good() -> bytes:
    """The good study as a workbook that openpyxl wrote."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for sheet in book(GOOD).sheets:
        page = made.create_sheet(sheet.title)
        for row in sheet.rows:
            page.append(list(row))
    meta = made.create_sheet("_meta")
    meta.append(["schema version", "1.0"])
    meta.append(["rows", 500])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {n: package.read(n) for n in package.namelist()}


def packed(contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return out.getvalue()


@cache
def shared() -> bytes:
    """The good workbook with its texts in a part of their own, as Excel writes them."""
    contents = parts(good())
    texts: list[bytes] = []

    def number(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    for name, content in contents.items():
        if name.startswith("xl/worksheets/"):
            contents[name] = re.sub(rb't="inlineStr"><is><t[^>]*>(.*?)</t></is>', number, content, flags=re.DOTALL)
    items = b"".join(b"<si><t>%s</t></si>" % t for t in texts)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    contents["xl/sharedStrings.xml"] = b'<?xml version="1.0"?><sst xmlns="%s">%s</sst>' % (main, items)
    relation = (
        b'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
        b'2006/relationships/sharedStrings"/></Relationships>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    contents[rels] = contents[rels].replace(b"</Relationships>", relation)
    override = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>'
    )
    contents["[Content_Types].xml"] = contents["[Content_Types].xml"].replace(b"</Types>", override)
    return packed(contents)


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    contents = parts(shared())
    contents[part] = change(contents[part])
    return packed(contents)


def without(*names: str) -> bytes:
    return packed({n: c for n, c in parts(good()).items() if n not in names})


def entry_of(sheet: str) -> str:
    """The part of a sheet of the good workbook."""
    titles = [s.title for s in book(GOOD).sheets] + ["_meta"]
    return f"xl/worksheets/sheet{titles.index(sheet) + 1}.xml"


def cells(sheet: str, old: bytes, new: bytes) -> bytes:
    return changed(entry_of(sheet), lambda x: x.replace(old, new, 1))


def compound_file(*names: str) -> bytes:
    """The signature of an OLE file with the names of some streams."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(n.encode("utf-16-le") for n in names)


def bomb(size: int) -> bytes:
    contents = parts(good())
    contents["xl/media/image1.png"] = b"\0" * size
    return packed(contents)


def many(number: int) -> bytes:
    contents = parts(good())
    for i in range(number):
        contents[f"xl/media/{i}.bin"] = b""
    return packed(contents)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts(good()).items():
            package.writestr(name, content)
        package._didModify = True  # type: ignore[attr-defined]
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package.writestr("xl/workbook.xml", b"<workbook/>")
    return out.getvalue()


def flagged(bit: int) -> bytes:
    """Every entry carries a general purpose bit, such as that of encryption."""
    data = bytearray(good())
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(signature)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + offset)[0] | bit
            struct.pack_into("<H", data, at + offset, flags)
            at = data.find(signature, at + 4)
    return bytes(data)


def lying_sizes() -> bytes:
    """The table of contents says that every part unpacks to ten bytes."""
    data = bytearray(good())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + 24, 10)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def titled(**titles: str) -> bytes:
    def change(text: bytes) -> bytes:
        for old, new in titles.items():
            text = text.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
        return text

    return changed("xl/workbook.xml", change)


def meta(version: str) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(good()))
    made["_meta"]["B1"] = version
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def entities(part: str) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def change(text: bytes) -> bytes:
        head, mark, rest = text.partition(b"?>")
        return head + mark + doctype + rest if mark else doctype + text

    return changed(part, change)


def far(address: str) -> bytes:
    row = "".join(ch for ch in address if ch.isdigit())
    cell = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    return cells("People", b"</sheetData>", cell)


def of_other_sheets() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["a", "b"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"


def ods(rows: str, title: str = "People", extra: dict[str, bytes] | None = None) -> bytes:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    ).encode()
    manifest = (
        b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b"</manifest:manifest>"
    )
    return packed({"mimetype": ODS_MIME, "content.xml": content, "META-INF/manifest.xml": manifest} | (extra or {}))


def ods_row(*texts: str, repeat: int = 1) -> str:
    inner = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeat}">{inner}</table:table-row>'


def bad() -> Iterator[tuple[str, bytes, str]]:
    """Name, content, code of the one finding with which the file is refused."""
    data = good()
    yield "empty.xlsx", b"", "FILE-NOT-WORKBOOK"
    yield "one-byte.xlsx", b"P", "FILE-NOT-WORKBOOK"
    yield "text.xlsx", b"a,b\n1,2\n", "FILE-NOT-WORKBOOK"
    yield "page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "FILE-NOT-WORKBOOK"
    yield "doctype.xls", b"<!DOCTYPE html><html></html>", "FILE-NOT-WORKBOOK"
    yield "xml2003.xls", b'<?xml version="1.0"?><Workbook/>', "FILE-NOT-WORKBOOK"
    yield "paper.xlsx", b"%PDF-1.7\n%", "FILE-NOT-WORKBOOK"
    yield "picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "FILE-NOT-WORKBOOK"
    yield "noise.xlsx", bytes(range(256)) * 4, "FILE-NOT-WORKBOOK"
    yield "plain.zip", packed({"a.txt": b"a"}), "FILE-NOT-WORKBOOK"
    yield "document.docx", packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "FILE-NOT-WORKBOOK"
    yield "binary.xlsb", packed({"[Content_Types].xml": b"<a/>", "xl/workbook.bin": b"a"}), "FILE-NOT-WORKBOOK"
    yield "empty.zip", b"PK\x05\x06" + b"\0" * 18, "FILE-NOT-WORKBOOK"
    yield "word.doc", compound_file("WordDocument"), "FILE-NOT-WORKBOOK"
    yield "locked.xlsx", compound_file("EncryptionInfo", "EncryptedPackage"), "FILE-ENCRYPTED"
    yield "flagged.xlsx", flagged(1), "FILE-ENCRYPTED"
    encrypted = b"<manifest:manifest xmlns:manifest='m'><manifest:encryption-data/></manifest:manifest>"
    yield "locked.ods", ods(ods_row("Last name"), extra={"META-INF/manifest.xml": encrypted}), "FILE-ENCRYPTED"
    yield "stub.xls", compound_file("Workbook"), "FILE-DAMAGED"
    for share in (5, 25, 50, 75, 95, 99):
        yield f"truncated-{share}.xlsx", data[: len(data) * share // 100], "FILE-DAMAGED"
    yield "no-end.xlsx", data[:-22], "FILE-DAMAGED"
    yield "no-start.xlsx", data[200:], "FILE-NOT-WORKBOOK"
    yield "flipped.xlsx", data[:3000] + bytes(b ^ 255 for b in data[3000:3400]) + data[3400:], "FILE-DAMAGED"
    yield "twice.xlsx", twice(), "FILE-DAMAGED"
    yield "sizes.xlsx", lying_sizes(), "FILE-DAMAGED"
    yield "no-workbook.xlsx", without("xl/workbook.xml"), "FILE-DAMAGED"
    yield "no-relations.xlsx", without("xl/_rels/workbook.xml.rels"), "FILE-DAMAGED"
    yield "workbook-cut.xlsx", changed("xl/workbook.xml", lambda x: x[: len(x) // 2]), "FILE-DAMAGED"
    yield "sheet-cut.xlsx", changed(entry_of("People"), lambda x: x[: len(x) // 2]), "FILE-DAMAGED"
    yield "sheet-noise.xlsx", changed(entry_of("People"), lambda x: b"\xff\xfe\x00<<<>>>"), "FILE-DAMAGED"
    yield "strings-cut.xlsx", changed("xl/sharedStrings.xml", lambda x: x[: len(x) // 2]), "FILE-DAMAGED"
    yield "index.xlsx", cells("People", b't="s"><v>', b't="s"><v>99'), "FILE-DAMAGED"
    yield "entities-workbook.xlsx", entities("xl/workbook.xml"), "FILE-ENTITIES"
    yield "entities-sheet.xlsx", entities(entry_of("Files")), "FILE-ENTITIES"
    yield "entities-strings.xlsx", entities("xl/sharedStrings.xml"), "FILE-ENTITIES"
    yield "entities.ods", ods('<!-- --><!ENTITY a "a">'), "FILE-ENTITIES"
    yield "many.xlsx", many(10_001), "FILE-TOO-LARGE"
    yield "bomb.xlsx", bomb(300 << 20), "FILE-TOO-LARGE"
    yield "far.xlsx", far("XFD1048576"), "FILE-TOO-LARGE"
    yield "far-row.xlsx", far("ZZ1048576"), "FILE-TOO-LARGE"
    wide = '<table:table-row table:number-rows-repeated="1000000">' + (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>a</text:p>'
        "</table:table-cell></table:table-row>"
    )
    yield "wide.ods", ods(wide), "FILE-TOO-LARGE"
    yield "other.xlsx", of_other_sheets(), "FILE-NOT-OURS"
    yield "other.ods", ods(ods_row("a", "b"), "Sheet1"), "FILE-NOT-OURS"
    yield "newer.xlsx", meta("99.0"), "FILE-NEWER"
    yield "newest.xlsx", meta("1.1.1"), "FILE-NEWER"


def odd() -> Iterator[tuple[str, bytes, str]]:
    """Name, content, code of a finding with which the file is read all the same ('' for none)."""
    data = good()
    yield "good.xlsx", data, ""
    yield "shared-strings.xlsx", shared(), ""
    yield "macro.xlsm", packed(parts(data) | {"xl/vbaProject.bin": compound_file("VBA")}), ""
    yield "named-otherwise.ods", data, ""
    yield "without-ending", data, ""
    yield "stored.xlsx", packed(parts(data), zipfile.ZIP_STORED), ""
    yield "older.xlsx", meta("0.1"), "FILE-OLDER"
    yield "nonsense-version.xlsx", meta("soon"), ""
    yield "no-styles.xlsx", without("xl/styles.xml"), ""
    yield "no-properties.xlsx", without("docProps/app.xml", "docProps/core.xml"), ""
    yield "lower.xlsx", titled(People="people", Specimens="SPECIMENS"), ""
    yield "comment.xlsx", cells("People", b"<sheetData>", b"<!-- a < b --><sheetData>"), ""
    yield "trailing.xlsx", data + b"\0" * 10, ""
    yield "leading-rows.xlsx", cells("People", b'<row r="1"', b'<row r="1" spans="1:9"'), ""
    yield "single-quotes.xlsx", changed(entry_of("People"), lambda x: x.replace(b'"', b"'")), ""
    yield "far-but-small.xlsx", far("Z90000"), ""
    yield "small.ods", ods(ods_row("Last name", "E-mail") + ods_row("Beispiel", "a@example.org")), ""
    yield "empty-tail.ods", ods(ods_row("Last name") + ods_row("Beispiel") + ods_row("", repeat=1_000_000)), ""
