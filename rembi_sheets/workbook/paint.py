"""Colours that people gave to cells: read from an old workbook, put into one that is drawn anew.

Data cells are drawn without a fill and with automatic text, so that what is coloured was coloured by hand. The formats
of heads are drawn anew, and marks of this program are conditional formats: neither is among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.package import BROKEN, RefusedError

Colour = tuple[tuple[str, str], ...]

_READ: dict[str, Callable[[str], Any]] = {"rgb": str, "indexed": int, "theme": int, "tint": float}
_NONE = "00000000"
_AUTOMATIC: tuple[dict[str, str], ...] = (
    {},
    {"theme": "1"},
    {"indexed": "64"},
    {"auto": "1"},
    {"indexed": "8"},
    {"rgb": "FF000000"},
)


@dataclass(frozen=True, slots=True)
class Paint:
    """The pattern of a fill, its two colours, and the colour of the text, as pairs of XML attributes."""

    pattern: str = ""
    front: Colour = ()
    back: Colour = ()
    text: Colour = ()

    def on(self, cell: Any) -> None:
        """Paint a cell; what its own format says besides stays."""
        from openpyxl.styles import PatternFill

        cell._style = copy(cell._style)  # cells that are drawn alike share one
        if self.pattern:
            colours = {"fgColor": _colour(self.front), "bgColor": _colour(self.back)}
            cell.fill = PatternFill(self.pattern, **{name: c for name, c in colours.items() if c})  # type: ignore[arg-type]
        if self.text:
            font = copy(cell.font)
            font.color = _colour(self.text)
            cell.font = font


def painted(old: Contents, title: str) -> Iterator[tuple[tuple[int, int], Paint]]:
    """The cells of a sheet that have a fill or a text colour, empty ones too: row and column, and the paint."""
    paints = _paints(old.text(old.styles_part))
    if paints:
        for row, column, cell in old.elements(title):
            style = cell.get("s", "")
            if style.isdigit() and int(style) in paints:
                yield (row, column), paints[int(style)]


@lru_cache(maxsize=4)  # the sheets of two workbooks are asked one after another
def _paints(text: bytes) -> Mapping[int, Paint]:
    """The paint of each cell format that has one, by its number. Raises RefusedError when the part is damaged."""
    if not text:
        return {}
    try:
        root = ET.fromstring(text)
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    lists = {_local(child): list(child) for child in root}
    out = {}
    for number, xf in enumerate(lists.get("cellXfs", [])):
        fill = _entry(lists.get("fills", []), xf.get("fillId"))
        font = _entry(lists.get("fonts", []), xf.get("fontId"))
        made = Paint(*_pattern(fill), _text(font))
        if made != Paint():
            out[number] = made
    return out


def _entry(entries: list[ET.Element], number: str | None) -> ET.Element | None:
    return entries[int(number)] if number and number.isdigit() and int(number) < len(entries) else None


def _pattern(fill: ET.Element | None) -> tuple[str, Colour, Colour]:
    found = next((p for p in fill if _local(p) == "patternFill"), None) if fill is not None else None
    pattern = found.get("patternType", "none") if found is not None else "none"
    if found is None or pattern in ("none", "gray125"):
        return "", (), ()
    colours = {_local(c): _pairs(c) for c in found}
    return pattern, colours.get("fgColor", ()), () if pattern == "solid" else colours.get("bgColor", ())


def _text(font: ET.Element | None) -> Colour:
    found = next((c for c in font if _local(c) == "color"), None) if font is not None else None
    return () if found is None or found.attrib in _AUTOMATIC else _pairs(found)


def _pairs(element: ET.Element) -> Colour:
    """A colour as it is compared: () for the one that stands for none."""
    said = {name: text.upper() if name == "rgb" else text for name, text in element.attrib.items() if name in _READ}
    if "tint" in said:
        said["tint"] = repr(float(said["tint"]))
    if said.get("tint") == "0.0":
        del said["tint"]
    return () if said.get("rgb") == _NONE else tuple(sorted(said.items()))


def _colour(pairs: Colour) -> Any:
    from openpyxl.styles import Color

    return Color(**{name: _READ[name](text) for name, text in pairs}) if pairs else None


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]
