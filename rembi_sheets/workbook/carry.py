"""Cells of an old workbook that are put into a new one as they are: errors, formulas, rich text, formatted numbers.

What openpyxl would make other things of never goes through it: the XML of such cells is put into the finished sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from rembi_sheets.cells import a1
from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.editing import MAIN, Package, parsed
from rembi_sheets.workbook.looks import Formats
from rembi_sheets.workbook.package import cell_number
from rembi_sheets.workbook.retype import ADDRESS, CELL, TYPE
from rembi_sheets.workbook.stylesheet import Stylesheet
from rembi_sheets.workbook.transitional import transitional

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_STYLE = re.compile(rb"""\ss=["']([0-9]+)["']""")
_ODD = re.compile("_x[0-9A-Fa-f]{4}_|\r")
Shared = dict[str, tuple[str, str]]  # number of a shared formula -> its text, and the address where it stands


@dataclass(frozen=True)
class Special:
    """A cell as its XML says it: type, value, formula (None: it has one that cannot stand alone), rich text as XML."""

    kind: str
    value: str = ""
    formula: str | None = ""
    rich: bytes = b""
    code: str = ""
    ways: frozenset[str] = frozenset()

    @property
    def number(self) -> bool:
        """Does it hold a number?"""
        return self.kind == "n" and bool(self.value)


def specials(old: Contents, titles: Iterable[str]) -> dict[str, dict[tuple[int, int], Special]]:
    """The cells of sheets that are no plain texts or truth values, by title, row and column."""
    texts: list[Element] = []
    return {title: _specials(old, title, texts) for title in titles}


def _specials(old: Contents, title: str, texts: list[Element]) -> dict[tuple[int, int], Special]:
    """Those of one sheet; `texts` are the workbook's, which are read when the first is asked for."""
    out = {}
    shared: Shared = {}
    for row, column, cell in old.elements(title):
        parts = {c.tag.rpartition("}")[2]: c for c in cell}
        kind = cell.get("t", "n")
        style = int(s) if (s := cell.get("s", "")).isdigit() else 0
        ways = frozenset(old.formats.ways(style))
        value = (parts["v"].text or "") if "v" in parts else ""
        formula = _formula(parts.get("f"), a1(row, column), shared)
        made = Special(kind, value, formula, b"", old.formats.codes.get(style, ""), ways)
        if kind in ("s", "inlineStr"):
            if not texts and kind == "s":
                texts.extend(parsed(transitional(old.text(old.texts_part))))
            item = texts[int(value)] if kind == "s" and value.isdigit() and int(value) < len(texts) else None
            if kind == "inlineStr" and "is" in parts:
                item = parsed(transitional(ET.tostring(parts["is"])))
            if item is None:
                continue
            plain = len(item) == 1 and item[0].tag == f"{{{MAIN}}}t" and not _ODD.search(item[0].text or "")
            if plain and formula == "" and not ways:
                continue
            out[row, column] = replace(made, kind="inlineStr", value="", rich=inline(item))
        elif kind == "b" and formula == "":
            continue
        elif value or formula != "":
            out[row, column] = made
    return out


def inline(item: Element) -> bytes:
    """A text (si or is) as one that stands in its cell."""
    from lxml import etree

    made = etree.fromstring(f'<is xmlns="{MAIN}"/>')
    made.extend([deepcopy(child) for child in item])
    etree.cleanup_namespaces(made)
    return etree.tostring(made)


def _formula(element: ET.Element | None, address: str, shared: Shared) -> str | None:
    """The formula of a cell, one that is shared as it reads there; None for those of several cells."""
    from openpyxl.formula.translate import Translator

    if element is None:
        return ""
    kind, text, number = element.get("t", "normal"), element.text or "", element.get("si", "")
    if kind == "normal":
        return text or None
    if kind != "shared":
        return None
    if text:
        shared[number] = (text, address)
        return text
    if number not in shared:
        return None
    first, origin = shared[number]
    try:
        return str(Translator(f"={first}", origin=origin).translate_formula(address))[1:]
    except Exception:  # what it does not understand, it says in several ways
        return None


def put(
    package: Package, part: str, cells: Mapping[tuple[int, int], Special], styles: Stylesheet, known: Formats
) -> None:
    """Put cells into a sheet at places where a cell is written already; `known` are the formats it was made with."""

    def one(found: re.Match[bytes]) -> bytes:
        address = ADDRESS.search(found[2])
        at = cell_number(address[1].decode()) if address else None
        special = cells.get(at) if at else None
        if special is None:
            return found[0]
        base = _STYLE.search(found[2])
        style = int(base[1]) if base else 0
        if special.ways or (special.number and known.codes.get(style, "") != special.code):
            code = special.code if special.number else known.codes.get(style, "")
            style = styles.varied(style, code, special.ways)
        attributes = TYPE.sub(b"", _STYLE.sub(b"", found[2])).decode() + f' s="{style}"'
        return _written(attributes, special).encode()

    package[part] = CELL.sub(one, package[part])


def _written(attributes: str, cell: Special) -> str:
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    if cell.rich:
        if not formula:
            return f'<c{attributes} t="inlineStr">{cell.rich.decode()}</c>'
        text = "".join(ET.fromstring(cell.rich).itertext())
        return f'<c{attributes} t="str">{formula}<v>{escape(text)}</v></c>'
    kind, value = cell.kind, escape(cell.value)
    if kind == "str" and not formula:
        return f'<c{attributes} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    typed = "" if kind == "n" else f' t="{kind}"'
    held = f"<v>{value}</v>" if cell.value or kind == "str" else ""
    return f"<c{attributes}{typed}>{formula}{held}</c>"


def resolved(cell: Special, moved: Callable[[str], str | None]) -> Special:
    """The cell with its formula as it reads at its new place; without it, as its value alone, where that is not sure.

    A formula without a value that cannot be moved becomes the sign that Excel would put: #REF!.
    """
    if cell.formula == "":
        return cell
    formula = moved(cell.formula) if cell.formula is not None else None
    if formula is not None:
        return replace(cell, formula=formula)
    if cell.value or cell.rich or cell.kind == "str":
        return replace(cell, formula="")
    return replace(cell, kind="e", value="#REF!", formula="")
