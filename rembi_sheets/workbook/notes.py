"""Notes on cells: added to those of the user, found again and taken away when the copy is marked anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rembi_sheets.cells import a1
from rembi_sheets.workbook.editing import STRICT, TRANSITIONAL, Package, SheetXml, fit, parsed, written
from rembi_sheets.workbook.package import cell_number

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

AUTHOR = "rembi-sheets"
_FIRST_LINE = "rembi-sheets\n"  # LibreOffice forgets the authors, so that a note says itself whose it is
_ADDED = "\n\nrembi-sheets: "
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE_ID = re.compile(r"_x0000_s(\d+)")
_SPACES = """xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel\""""
_START = f"""<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>\
</o:shapelayout></xml>"""
# Other programs declare the prefixes elsewhere than at the root, so that each addition brings its own.
_TYPE = f"""<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" \
path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_SHAPE = """<v:shape {spaces} id="_x0000_s{id}" type="#_x0000_t202" alt="rembi-sheets" \
style="position:absolute;width:300pt;\
height:{height}pt;z-index:1;visibility:hidden" fillcolor="#fdf8e1" o:insetmode="auto"><v:fill color2="#fdf8e1"/>\
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">\
<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\
<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""
_ANY_SHAPE = re.compile(r"<v:shape [^>]*>.*?</v:shape>", re.S)
_AT = re.compile(r"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>")


def annotate(package: Package, part: str, sheet: SheetXml, notes: Mapping[tuple[int, int], str]) -> None:
    """Put `notes` ((row, column) from 1 -> text) on the cells of a sheet; earlier ones of this program go."""
    comments = package.related(part, "comments")
    if not notes and not comments:
        return
    root = parsed(package[comments]) if comments else _new(sheet)
    tag = root.tag.removesuffix("comments")
    entries = root.find(f"{tag}commentList")
    authors = root.find(f"{tag}authors")
    if entries is None or authors is None:
        return
    _clear(entries, authors, tag)
    author = _author(authors, tag)
    there = {c.get("ref"): c for c in entries}
    for (row, column), text in sorted(notes.items()):
        address = a1(row, column)
        if address not in there:
            _comment(entries, tag, address, author, text)
        elif not _threaded(there[address], authors):
            _append(there[address], tag, text)
    _sorted(entries)
    if not comments:
        comments = package.free("xl/comments{}.xml")
        package.typed(comments, _COMMENTS)
        package.relate(part, "comments", comments, sheet.strict)
    package[comments] = written(root)
    cells = [cell_number((c.get("ref") or "").replace("$", "")) for c in entries]
    _shapes(package, part, sheet, [c for c in cells if c], notes)


def without_ours(notes: Mapping[tuple[int, int], tuple[str, str]]) -> dict[tuple[int, int], str]:
    """Notes (text and author by cell) without those of this program, and without what it added to others."""
    kept = {at: text.partition(_ADDED)[0] for at, (text, author) in notes.items() if author != AUTHOR}
    return {at: text for at, text in kept.items() if not text.startswith(_FIRST_LINE)}


def _new(sheet: SheetXml) -> Element:
    from lxml import etree

    root = etree.fromstring(f'<comments xmlns="{sheet.namespace}"/>')
    etree.SubElement(root, sheet.tag("authors"))
    etree.SubElement(root, sheet.tag("commentList"))
    return root


def _author(authors: Element, tag: str) -> int:
    from lxml import etree

    for number, author in enumerate(authors):
        if author.text == AUTHOR:
            return number
    etree.SubElement(authors, f"{tag}author").text = AUTHOR
    return len(authors) - 1


def _clear(entries: Element, authors: Element, tag: str) -> None:
    """Take away what this program wrote before: its own notes, and what it added to the user's."""
    ours = {str(i) for i, a in enumerate(authors) if a.text == AUTHOR}
    for comment in list(entries):
        if comment.get("authorId") in ours or "".join(map(str, comment.itertext())).startswith(_FIRST_LINE):
            entries.remove(comment)
            continue
        for text in comment.findall(f"{tag}text"):
            for run in list(text):
                if "".join(map(str, run.itertext())).startswith(_ADDED):
                    text.remove(run)


def _threaded(comment: Element, authors: Element) -> bool:
    """Is it the shadow of a threaded comment, whose text belongs to Excel?"""
    number = comment.get("authorId", "")
    author = authors[int(number)].text if number.isdigit() and int(number) < len(authors) else ""
    return (author or "").startswith("tc=")


def _comment(entries: Element, tag: str, address: str, author: int, text: str) -> None:
    from lxml import etree

    comment = etree.SubElement(entries, f"{tag}comment", ref=address, authorId=str(author))
    _run(etree.SubElement(comment, f"{tag}text"), tag, fit(_FIRST_LINE + text))


def _append(comment: Element, tag: str, text: str) -> None:
    from lxml import etree

    body = comment.find(f"{tag}text")
    if body is None:
        body = etree.SubElement(comment, f"{tag}text")
    if len(body) == 1 and body[0].tag == f"{tag}t":  # plain text cannot stand beside runs
        plain = body[0]
        run = etree.Element(f"{tag}r")
        body.replace(plain, run)
        run.append(plain)
    _run(body, tag, _ADDED + fit(text))


def _run(body: Element, tag: str, text: str) -> None:
    from lxml import etree

    run = etree.SubElement(body, f"{tag}r")
    written_text = etree.SubElement(run, f"{tag}t")
    written_text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    written_text.text = text


def _sorted(entries: Element) -> None:
    """Comments by row and column, as Excel writes them."""
    entries[:] = sorted(entries, key=lambda c: cell_number((c.get("ref") or "").replace("$", "")) or (0, 0))


def _shapes(
    package: Package,
    part: str,
    sheet: SheetXml,
    cells: list[tuple[int, int]],
    notes: Mapping[tuple[int, int], str],
) -> None:
    """The boxes of the notes on `cells`, without which Excel shows none. Their drawing is text that need not be XML."""
    from lxml import etree

    drawing = package.related(part, "vmlDrawing") if sheet.root.find(sheet.tag("legacyDrawing")) is not None else ""
    text = package[drawing].decode("utf-8", "surrogateescape") if drawing else _START
    boxed: set[tuple[int, int]] = set()

    def keep(shape: re.Match[str]) -> str:
        at = _AT.search(shape[0])
        if 'ObjectType="Note"' not in shape[0] or at is None:
            return shape[0]
        cell = (int(at[1]) + 1, int(at[2]) + 1)
        boxed.add(cell)
        return shape[0] if cell in wanted else ""

    wanted = set(cells)
    text = _ANY_SHAPE.sub(keep, text)
    number = max([1024, *(int(n) for n in _SHAPE_ID.findall(text))])
    made = []
    for row, column in cells:
        if (row, column) in boxed:
            continue
        number += 1
        height = min(240, 16 * (3 + len(notes.get((row, column), "")) // 55))
        made.append(_SHAPE.format(spaces=_SPACES, id=number, row=row - 1, column=column - 1, height=height))
    if made and 'id="_x0000_t202"' not in text:
        made.insert(0, _TYPE)
    end = text.rfind("</xml>")
    text = text[:end] + "".join(made) + text[end:] if end >= 0 else _START.replace("</xml>", "".join(made) + "</xml>")
    if not drawing:
        drawing = package.free("xl/drawings/vmlDrawing{}.vml")
        package.typed(drawing, _VML)
        rel = package.relate(part, "vmlDrawing", drawing, sheet.strict)
        namespace = STRICT if sheet.strict else TRANSITIONAL
        sheet.insert(etree.Element(sheet.tag("legacyDrawing"), {f"{{{namespace}}}id": rel}, nsmap={"r": namespace}))
    package[drawing] = text.encode("utf-8", "surrogateescape")
