"""How people made cells, rows and columns look: read from an old workbook, put into one that is drawn anew.

Data cells are drawn without a fill, in one font and with automatic text, so that what is coloured, bold or in another
font was made so by hand. Of heads, which are drawn in colours, only those that this program never takes are a person's.
Marks of this program are conditional formats, which are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.package import BROKEN, RefusedError

Colour = tuple[tuple[str, str], ...]
Edge = tuple[str, Colour]
Tree = tuple[str, tuple[tuple[str, str], ...], tuple[Any, ...]]  # an XML element: local name, attributes, children

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
_WAYS = {"b": "bold", "i": "italic", "u": "underline"}
_SIDES = ("left", "right", "top", "bottom")


class Align(NamedTuple):
    """Where a text stands in its cell; '' for what was not chosen, or is as it is everywhere here."""

    across: str = ""
    down: str = ""
    turned: str = ""


NOWHERE = Align()


@dataclass(frozen=True, slots=True)
class Paint:
    """The pattern of a fill and its two colours, or a gradient; of the text its colour, what it is besides (bold,
    italic, underline), its font and size; the lines at the edges, by side; where the text stands. Colours as pairs of
    XML attributes."""

    pattern: str = ""
    front: Colour = ()
    back: Colour = ()
    gradient: Tree | None = None
    text: Colour = ()
    ways: frozenset[str] = frozenset()
    font: str = ""
    size: str = ""
    edges: tuple[tuple[str, Edge], ...] = ()
    align: Align = NOWHERE

    @property
    def colours(self) -> Paint:
        """Fill and text colour alone."""
        return Paint(self.pattern, self.front, self.back, self.gradient, self.text)

    def on(self, cell: Any) -> None:
        """Paint a cell, row or column; what its own format says besides stays."""
        cell._style = copy(cell._style)  # cells that are drawn alike share one
        if self.pattern or self.gradient:
            cell.fill = self._fill()
        if self.text or self.ways or self.font or self.size:
            font = copy(cell.font)
            font.color = _colour(self.text) or font.color
            font.bold, font.italic = font.bold or "bold" in self.ways, font.italic or "italic" in self.ways
            font.underline = font.underline or ("single" if "underline" in self.ways else None)
            font.name, font.size = self.font or font.name, float(self.size) if self.size else font.size
            cell.font = font
        if self.edges:
            from openpyxl.styles import Side

            border = copy(cell.border)
            for side, (line, colour) in self.edges:
                setattr(border, side, Side(line, color=_colour(colour)))  # type: ignore[arg-type]
            cell.border = border
        if self.align != NOWHERE:
            made = copy(cell.alignment)
            made.horizontal, made.vertical = self.align.across or made.horizontal, self.align.down or made.vertical
            made.text_rotation = int(self.align.turned or 0) or made.text_rotation
            made.indent = made.indent if self.align.across in ("", "left") else 0
            cell.alignment = made

    def within(self, other: Paint) -> bool:
        """Is all of it in another?"""
        fills = [(p.pattern, p.front, p.back, p.gradient) for p in (self, other)]
        faces = ((self.text, other.text), (self.font, other.font), (self.size, other.size))
        pairs = (*faces, *zip(self.align, other.align, strict=True))
        plain = all(not mine or mine == theirs for mine, theirs in pairs)
        filled = fills[0] == fills[1] or not (self.pattern or self.gradient)
        return plain and filled and self.ways <= other.ways and set(self.edges) <= set(other.edges)

    def _fill(self) -> Any:
        from openpyxl.styles import PatternFill
        from openpyxl.styles.fills import Fill

        if self.gradient:
            return Fill.from_tree(_element(("fill", (), (self.gradient,))))
        colours = {"fgColor": _colour(self.front), "bgColor": _colour(self.back)}
        return PatternFill(self.pattern, **{name: c for name, c in colours.items() if c})  # type: ignore[arg-type]


def of_head(paint: Paint) -> Paint:
    """What of the paint of a cell of a head is a person's: colours that no head is drawn in."""
    kept = paint.colours
    if ours(kept.front) and not kept.gradient:
        kept = replace(kept, pattern="", front=(), back=())
    return replace(kept, text=()) if ours(kept.text) else kept


def ours(colour: Colour) -> bool:
    """Is it one of the colours of this program, or none?"""
    said = dict(colour)
    return not colour or (set(said) == {"rgb"} and said["rgb"][-6:] in _palette())


@cache
def _palette() -> frozenset[str]:
    groups = look().group.values()
    return frozenset((*look().colour.values(), *(g.accent for g in groups), *(g.tint for g in groups)))


def formats(old: Contents) -> Mapping[int, Paint]:
    """The paint of each cell format that has one, by its number. Raises RefusedError when the part is damaged."""
    return _formats(old.text(old.styles_part))


@lru_cache(maxsize=4)  # the sheets of two workbooks are asked one after another
def _formats(text: bytes) -> Mapping[int, Paint]:
    if not text:
        return {}
    try:
        root = ET.fromstring(text)
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    lists = {_local(child): list(child) for child in root}
    usual = _entry(lists.get("fonts", []), "0")
    out = {}
    for number, xf in enumerate(lists.get("cellXfs", [])):
        fill = _entry(lists.get("fills", []), xf.get("fillId"))
        font = _entry(lists.get("fonts", []), xf.get("fontId"))
        border = _entry(lists.get("borders", []), xf.get("borderId"))
        pattern, front, back = _pattern(fill)
        name, size = _face(font, usual)
        edges, align = tuple(_edges(border)), _align(_child(xf, "alignment"))
        made = Paint(pattern, front, back, _gradient(fill), _text(font), _ways(font), name, size, edges, align)
        if made != Paint():
            out[number] = made
    return out


def _entry(entries: list[ET.Element], number: str | None) -> ET.Element | None:
    return entries[int(number)] if number and number.isdigit() and int(number) < len(entries) else None


def _child(element: ET.Element | None, name: str) -> ET.Element | None:
    return next((c for c in element if _local(c) == name), None) if element is not None else None


def _pattern(fill: ET.Element | None) -> tuple[str, Colour, Colour]:
    found = _child(fill, "patternFill")
    pattern = found.get("patternType", "none") if found is not None else "none"
    if found is None or pattern in ("none", "gray125"):
        return "", (), ()
    colours = {_local(c): _pairs(c) for c in found}
    return pattern, colours.get("fgColor", ()), () if pattern == "solid" else colours.get("bgColor", ())


def _gradient(fill: ET.Element | None) -> Tree | None:
    found = _child(fill, "gradientFill")
    return _tree(found) if found is not None and len(found) else None


def _tree(element: ET.Element) -> Tree:
    """A gradient as it is compared: numbers in one form, without what says nothing."""
    name = _local(element)
    if name == "color":
        return name, _pairs(element), ()
    said = ((k, _plain(v)) for k, v in sorted(element.attrib.items()))
    usual = {"type": "linear"} | dict.fromkeys(("degree", "left", "right", "top", "bottom"), "0.0")
    return name, tuple((k, v) for k, v in said if usual.get(k) != v), tuple(_tree(c) for c in element)


def _element(tree: Tree) -> Any:
    name, said, within = tree
    made = ET.Element(name, dict(said))
    made.extend([_element(child) for child in within])
    return made


def _plain(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


def _text(font: ET.Element | None) -> Colour:
    found = _child(font, "color")
    return () if found is None or found.attrib in _AUTOMATIC else _pairs(found)


def _ways(font: ET.Element | None) -> frozenset[str]:
    found = ((_WAYS.get(_local(c), ""), c.get("val", "1")) for c in (font if font is not None else ()))
    return frozenset(way for way, said in found if way and said not in ("0", "false", "none"))


def _face(font: ET.Element | None, usual: ET.Element | None) -> tuple[str, str]:
    """Name and size of a font; '' for those of the workbook or of this program."""
    out = []
    for tag, ours in (("name", {look().font["name"]}), ("sz", {repr(float(look().font["text"]))})):
        said = [_plain(c.get("val", "")) if c is not None else "" for c in (_child(font, tag), _child(usual, tag))]
        out.append("" if said[0] in ours or said[0] == said[1] else said[0])
    return out[0], out[1]


def _edges(border: ET.Element | None) -> Iterator[tuple[str, Edge]]:
    """The lines that are none of this program's, which are thin and of its colours."""
    for side in _SIDES:
        found = _child(border, side)
        line = found.get("style", "none") if found is not None else "none"
        colour = _child(found, "color")
        said = _pairs(colour) if colour is not None and colour.attrib not in _AUTOMATIC else ()
        if line != "none" and not (said and ours(said)):
            yield side, (line, said)


def _align(said: ET.Element | None) -> Align:
    """Where a text stands, but for what every cell of ours has: in the middle of a row, and not turned."""
    if said is None:
        return NOWHERE
    across, down, turned = (said.get(k, "") for k in ("horizontal", "vertical", "textRotation"))
    return Align(
        "" if across == "general" else across,
        down if down not in ("center", "bottom") else "",
        turned.strip("0") and turned,
    )


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
