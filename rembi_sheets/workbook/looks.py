"""Looks that say something: raised and lowered signs, struck-out words, number formats. Values have none of them.

Only a workbook that has such text, or such formats, costs more than one look at its parts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from rembi_sheets.cells import Look, Raw
from rembi_sheets.shown import general
from rembi_sheets.signs import lowered, raised
from rembi_sheets.workbook.marks import Rich, Seen, cells
from rembi_sheets.workbook.package import BROKEN, RefusedError, cell_number, opened, parts

_MOST = 64 << 20  # bytes of the part with the formats; Excel takes 65,490 formats, about a tenth of it
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_TAIL = 400
_AT = re.compile(rb"""\sr=["']([A-Z]{1,3}[0-9]{1,7})["']""")
_WORD_END = re.compile(r"\S{0,15}\Z")
# the number formats that a workbook names by a number alone; those that follow the language of the machine as in
# the system's own words, which `shown` leaves alone
_SYSTEM = "[$-F800]"
_GENERAL = (0, 49)
_OF_NUMBERS = re.compile(r"[#0?.,%+()\- ]+|general|@", re.IGNORECASE)  # surely no dates
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: _SYSTEM, 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: _SYSTEM, 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0",
}  # fmt: skip


@dataclass(frozen=True)
class Formats:
    """The cell formats of a workbook, by their numbers, as far as they say something.

    `dating`: those that may make a date of a number, or a time.
    """

    codes: Mapping[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    raised: frozenset[int] = frozenset()
    lowered: frozenset[int] = frozenset()
    dating: frozenset[int] = frozenset()

    def ways(self, style: int) -> set[str]:
        """In which ways a format changes how a text is to be read: strike, superscript, subscript."""
        sets = {"strike": self.struck, "superscript": self.raised, "subscript": self.lowered}
        return {way for way, styles in sets.items() if style in styles}

    @property
    def telling(self) -> frozenset[int]:
        """Those that change how a text is to be read."""
        return self.struck | self.raised | self.lowered


def formats(package: zipfile.ZipFile, part: str) -> Formats:
    """The formats in the part of a workbook that holds its styles; none where there is no such part.

    Raises RefusedError when it is damaged or far too long.
    """
    if part not in package.NameToInfo:
        return Formats()
    if package.NameToInfo[part].file_size > _MOST:
        raise RefusedError("FILE-TOO-LARGE", what="too many cell formats", limit=f"{_MOST >> 20} MB of them")
    try:
        with package.open(part) as stream:
            root = ET.parse(stream).getroot()
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    codes = {_int(f.get("numFmtId")): f.get("formatCode", "") for f in _within(root, "numFmts")}
    fonts = [_ways(f) for f in _within(root, "fonts")]
    out: dict[int, str] = {}
    by_way: dict[str, set[int]] = {"dating": set()}
    for number, xf in enumerate(_within(root, "cellXfs")):
        kind, font = _int(xf.get("numFmtId")), _int(xf.get("fontId"))
        code = codes.get(kind, BUILTIN.get(kind, ""))
        if code and code.casefold() not in ("general", "@"):
            out[number] = code
        if not (_OF_NUMBERS.fullmatch(code) if code else kind in _GENERAL):
            by_way["dating"].add(number)
        for way in fonts[font] if 0 <= font < len(fonts) else ():
            by_way.setdefault(way, set()).add(number)
    return Formats(out, *(frozenset(by_way.get(w, ())) for w in ("strike", "superscript", "subscript", "dating")))


def _within(root: ET.Element, name: str) -> Iterable[ET.Element]:
    return next((child for child in root if _local(child) == name), ())


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _int(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _ways(font: ET.Element) -> set[str]:
    """In which ways a font changes how a text is to be read: strike, superscript, subscript."""
    out = set()
    for child in font:
        name, value = _local(child), child.get("val", "")
        if name == "strike" and value not in ("0", "false", "off"):
            out.add("strike")
        elif name == "vertAlign" and value in ("superscript", "subscript"):
            out.add(value)
    return out


def strings(package: zipfile.ZipFile, part: str) -> Mapping[int, Rich]:
    """The shared texts of which the looks say something, by their numbers. Raises RefusedError when damaged."""
    out: dict[int, Rich] = {}
    number = 0
    try:
        with package.open(part) as stream:
            for _, element in ET.iterparse(stream):
                if _local(element) != "si":
                    continue
                rich = xlsx_runs(element)
                if rich is not None:
                    out[number] = rich
                number += 1
                element.clear()
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    return out


def pieces(element: ET.Element) -> Iterator[str]:
    """The texts of a si or is; readings of names (phonetic runs) are left out."""
    for child in element:
        if _local(child) == "t":
            yield child.text or ""
        elif _local(child) == "r":
            yield from (t.text or "" for t in child if _local(t) == "t")


def xlsx_runs(element: ET.Element) -> Rich | None:
    """A rich text (si or is) as plain text; None when its looks say nothing. Readings of names are left out."""
    parted = []
    for child in element:
        if _local(child) == "r":
            font = next((c for c in child if _local(c) == "rPr"), ())
            parted.append((_text(child), _ways(font) if len(font) else set()))  # type: ignore[arg-type]
        elif _local(child) == "t":
            parted.append((plain(child.text), set()))
    return joined(parted)


def _text(run: ET.Element) -> str:
    return "".join(plain(t.text) for t in run if _local(t) == "t")


def plain(text: str | None) -> str:
    """A text of a part with the characters that are written as escapes (_x000D_)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text or "")


def joined(pieces: Iterable[tuple[str, set[str]]]) -> Rich | None:
    """Pieces of text with their ways as one plain text; None when none of them says anything."""
    text, scripts, struck = "", [], [""]
    for piece, ways in pieces:
        made = raised(piece) if "superscript" in ways else lowered(piece) if "subscript" in ways else piece
        if made != piece:
            before = _WORD_END.search(text)
            scripts.append((before[0] if before else "") + made.strip())
        if "strike" in ways:
            struck[-1] += made
        elif piece.strip() and struck[-1]:
            struck.append("")
        text += made
    words = tuple(s.strip() for s in struck if s.strip())
    return Rich(text, Look(words, tuple(scripts))) if scripts or words else None


def xlsx(
    package: zipfile.ZipFile, part: str, inline: bool, shared: Mapping[int, Rich], styles: Formats
) -> Iterator[Seen]:
    """The cells of a worksheet of which the looks say something. `inline`: may it hold rich texts of its own?"""
    if not inline and not _uses(package, part, shared, styles):
        return
    for row, column, cell in cells(package, part):
        rich = _of_cell(cell, shared)
        style = _int(cell.get("s"))
        ways = styles.ways(style)
        if rich is not None or ways:
            yield row, column, rich, ways


def _uses(package: zipfile.ZipFile, part: str, shared: Mapping[int, Rich], styles: Formats) -> bool:
    """Does a worksheet hold one of these shared texts, or a cell of one of these formats?"""
    if not shared and not styles.telling:
        return False
    texts = "|".join(map(str, shared)) or "-"
    telling = "|".join(map(str, styles.telling)) or "-"
    wanted = re.compile(rf"""v>(?:{texts})</|\ss\s*=\s*["'](?:{telling})["']""".encode())
    tail = b""
    for piece in parts(package, part):
        if wanted.search(tail + piece):
            return True
        tail = piece[-_TAIL:]
    return False


def _of_cell(cell: ET.Element, shared: Mapping[int, Rich]) -> Rich | None:
    kind = cell.get("t")
    for child in cell:
        if kind == "s" and _local(child) == "v":
            number = (child.text or "").strip()
            return shared.get(int(number)) if number.isdigit() else None
        if kind == "inlineStr" and _local(child) == "is":
            return xlsx_runs(child)
    return None


def applied(rows: list[list[Raw]], seen: Iterable[Seen]) -> dict[tuple[int, int], Look]:
    """Put the plain texts into the rows; what the looks of each cell say."""
    out = {}
    for row, column, rich, ways in seen:
        value = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
        if value is None or value == "":
            continue
        if rich is None:
            ways = ways if isinstance(value, str) else ways & {"strike"}
            text = (
                value if isinstance(value, str) else general(value) if isinstance(value, (int, float)) else str(value)
            )
            rich = joined([(text, ways)])
        elif "strike" in ways:
            rich = Rich(rich.text, Look((rich.text.strip(),), rich.look.scripts))
        if rich is None:
            continue
        if rich.look.scripts:
            rows[row - 1][column - 1] = rich.text
        out[row, column] = rich.look
    return out


class CellFormats(Mapping[tuple[int, int], str]):
    """The number formats of the cells of a worksheet, read when the first is asked for."""

    def __init__(self, data: bytes, part: str, codes: Mapping[int, str]) -> None:
        self._data, self._part, self._codes = data, part, codes
        self._found: dict[tuple[int, int], str] | None = None

    def _all(self) -> dict[tuple[int, int], str]:
        if self._found is None:
            with opened(self._data) as package:
                self._found = dict(self._filled(package))
        return self._found

    def _filled(self, package: zipfile.ZipFile) -> Iterator[tuple[tuple[int, int], str]]:
        """The cells of these formats that hold something. Their tags are enough, which are found fast."""
        styles = "|".join(map(str, self._codes))
        tag = re.compile(rf"""<(?:[\w.\-]+:)?c\s(?=[^>]*\bs=["']({styles})["'])[^>]*(?<!/)>""".encode())
        tail = b""
        for piece in parts(package, self._part):
            text = tail + piece
            end = text.rfind(b"<")
            tail, text = text[end:], text[:end]
            for found in tag.finditer(text):
                at = _AT.search(found[0])
                place = cell_number(at[1].decode()) if at else None
                if place is None:  # cells without addresses have to be counted
                    yield from self._counted(package)
                    return
                yield place, self._codes[int(found[1])]

    def _counted(self, package: zipfile.ZipFile) -> Iterator[tuple[tuple[int, int], str]]:
        for row, column, cell in cells(package, self._part):
            style = _int(cell.get("s"))
            if style in self._codes and len(cell):
                yield (row, column), self._codes[style]

    def __getitem__(self, at: tuple[int, int]) -> str:
        return self._all()[at]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
