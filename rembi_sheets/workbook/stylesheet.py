"""The cell formats of a package: new ones are added at the end, so that those of the workbook keep their numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from rembi_sheets.workbook.editing import MAIN, STRICT_MAIN, Package, parsed, written
from rembi_sheets.workbook.looks import BUILTIN

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles"),
    *("colors", "extLst"),
)
_NOTHING = """<styleSheet xmlns="{}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill \
patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>\
</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>"""
_FIRST_OWN = 164  # numbers below are those of the number formats that need no code


class Stylesheet:
    """The part with the formats; it is made where a workbook has none."""

    def __init__(self, package: Package, home: str, strict: bool = False) -> None:
        self._package = package
        self._part = package.related(home, "styles")
        if not self._part:
            self._part = package.free("xl/styles{}.xml")
            package[self._part] = _NOTHING.format(STRICT_MAIN if strict else MAIN).encode()
            package.typed(self._part, _TYPE)
            package.relate(home, "styles", self._part, strict)
        self.root = parsed(package[self._part])
        self.namespace = self.root.tag.rpartition("}")[0].lstrip("{")
        self._known: dict[str, dict[bytes, int]] = {}

    def tag(self, name: str) -> str:
        """The qualified name of an element of this part."""
        return f"{{{self.namespace}}}{name}"

    def entries(self, name: str) -> Element:
        """A list of formats (fonts, fills, cellXfs, dxfs ..); made where it is missing."""
        from lxml import etree

        found = self.root.find(self.tag(name))
        if found is None:
            found = etree.Element(self.tag(name))
            later = _ORDER[_ORDER.index(name) + 1 :]
            after = next((c for c in self.root if isinstance(c.tag, str) and c.tag.rpartition("}")[2] in later), None)
            if after is None:
                self.root.append(found)
            else:
                after.addprevious(found)
        return found

    def add(self, name: str, made: Element | str) -> int:
        """Put an entry, an element or its XML, at the end of a list, unless an equal one is there; its number."""
        from lxml import etree

        if isinstance(made, str):
            made = etree.fromstring(f'<x xmlns="{self.namespace}">{made}</x>')[0]
        entries = self.entries(name)
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = {}
            for number, old in enumerate(entries):
                known.setdefault(_text(old), number)
        text = _text(made)
        if text not in known:
            known[text] = len(entries)
            entries.append(deepcopy(made))
            entries.set("count", str(len(entries)))
        return known[text]

    def code(self, code: str) -> int:
        """The number of a number format."""
        for number, builtin in BUILTIN.items():
            if builtin == code:
                return number
        taken = {}
        for entry in self.entries("numFmts"):
            taken[entry.get("formatCode", "")] = int(entry.get("numFmtId", "0"))
        if code not in taken:
            number = max([_FIRST_OWN - 1, *taken.values()]) + 1
            entries = self.entries("numFmts")
            entry = entries.makeelement(self.tag("numFmt"), {"numFmtId": str(number), "formatCode": code})
            entries.append(entry)
            entries.set("count", str(len(entries)))
            return number
        return taken[code]

    def varied(self, style: int, code: str, ways: Collection[str] = ()) -> int:
        """The cell format `style` with this number format ('' is General), struck out, raised or lowered; its number.

        `ways` are strike, superscript and subscript.
        """
        entries = self.entries("cellXfs")
        made = deepcopy(entries[style if style < len(entries) else 0])
        made.set("numFmtId", str(self.code(code) if code else 0))
        made.set("applyNumberFormat", "1")
        if ways:
            font = deepcopy(self.entries("fonts")[int(made.get("fontId", "0"))])
            for old in [c for c in font if c.tag in (self.tag("strike"), self.tag("vertAlign"))]:
                font.remove(old)
            if "strike" in ways:
                font.insert(0, font.makeelement(self.tag("strike")))
            for way in ("superscript", "subscript"):
                if way in ways:
                    font.append(font.makeelement(self.tag("vertAlign"), {"val": way}))
            made.set("fontId", str(self.add("fonts", font)))
            made.set("applyFont", "1")
        return self.add("cellXfs", made)

    def coloured(self, style: int, colour: str) -> int:
        """The cell format `style` on a ground of this colour (hexadecimal, without #); its number."""
        entries = self.entries("cellXfs")
        made = deepcopy(entries[style if style < len(entries) else 0])
        fill = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'
        made.set("fillId", str(self.add("fills", fill)))
        made.set("applyFill", "1")
        return self.add("cellXfs", made)

    def save(self) -> None:
        """Put the formats into the package."""
        self._package[self._part] = written(self.root)


def children(root: Element, name: str) -> Iterator[Element]:
    """The entries of a list of a part with formats, whatever its namespace."""
    for child in root:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name:
            yield from (c for c in child if isinstance(c.tag, str))


def _text(entry: Element) -> bytes:
    from lxml import etree

    return etree.tostring(entry, method="c14n", with_comments=False)
