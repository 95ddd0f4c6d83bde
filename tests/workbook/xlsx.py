"""A workbook as raw XML, for tests that do not trust the library that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase, digits
from typing import Any

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass
class Xlsx:
    """The parts of an xlsx, parsed when they are asked for."""

    data: bytes

    @cached_property
    def zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    @cached_property
    def parts(self) -> dict[str, bytes]:
        return {n: self.zip.read(n) for n in self.zip.namelist()}

    @cached_property
    def trees(self) -> dict[str, Any]:
        """Every part that is XML, parsed; malformed XML raises."""
        return {n: etree.fromstring(b) for n, b in self.parts.items()}

    def relations(self, part: str) -> dict[str, str]:
        """Relationship id -> part name, for one part (`""`: the package)."""
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels".lstrip("/")
        if path not in self.trees:
            return {}
        out = {}
        for r in self.trees[path].iter(f"{PACKAGE}Relationship"):
            if r.get("TargetMode") != "External":
                target = r.get("Target")
                out[r.get("Id")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        return out

    @cached_property
    def sheets(self) -> dict[str, Any]:
        """Sheet title -> root element of its part."""
        related = self.relations("xl/workbook.xml")
        found = self.trees["xl/workbook.xml"].iter(f"{MAIN}sheet")
        return {s.get("name"): self.trees[related[s.get(f"{RELATED}id")]] for s in found}

    @cached_property
    def names(self) -> dict[str, str]:
        """Global defined names."""
        found = self.trees["xl/workbook.xml"].iter(f"{MAIN}definedName")
        return {n.get("name"): n.text for n in found if n.get("localSheetId") is None}

    @cached_property
    def words(self) -> list[str]:
        """The texts that cells share."""
        items = self.trees.get("xl/sharedStrings.xml", ())
        return ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in items]

    def find(self, title: str, text: str) -> str:
        """Address of the first cell of a sheet that holds this text."""
        for cell in self.sheets[title].iter(f"{MAIN}c"):
            held = cell.findtext(f"{MAIN}v") or ""
            shared = cell.get("t") == "s" and self.words[int(held)]
            if (shared or cell.findtext(f"{MAIN}is/{MAIN}t") or held) == text:
                return str(cell.get("r"))
        raise LookupError(f"{title}: {text}")

    def validations(self, title: str) -> list[Any]:
        return list(self.sheets[title].iter(f"{MAIN}dataValidation"))

    def conditions(self, title: str) -> dict[str, list[str]]:
        """Range -> formulas of the conditional formats of a sheet, in order."""
        out: dict[str, list[str]] = {}
        for cf in self.sheets[title].iter(f"{MAIN}conditionalFormatting"):
            formulas = [f.text for f in cf.iter(f"{MAIN}formula")]
            out.setdefault(cf.get("sqref"), []).extend(formulas)
        return out

    def formulas(self) -> dict[str, list[str]]:
        """Sheet title -> formulas in its cells."""
        return {t: [f.text for f in s.iter(f"{MAIN}f")] for t, s in self.sheets.items()}


def bounds(text: str) -> list[tuple[str, str, int, str, int]]:
    """Plain ranges with a sheet in a formula: sheet, first column and row, last column and row."""
    pattern = r"(?:'([^']+)'|([A-Za-z_]+))!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)"
    return [(a or b, c, int(d), e, int(f)) for a, b, c, d, e, f in re.findall(pattern, text)]


def typed(data: bytes, sheet: str, values: Mapping[str, object]) -> bytes:
    """The workbook with values in cells of a sheet, by address: text, a formula (=...), a number, None to empty one.

    Written into the part of the sheet alone; openpyxl takes ten times as long to load and save it.
    """
    xlsx = Xlsx(data)
    part = next(n for n, tree in xlsx.trees.items() if tree is xlsx.sheets[sheet])
    rows = xlsx.sheets[sheet].find(f"{MAIN}sheetData")
    for address, value in values.items():
        row = _place(rows, "row", address.lstrip(ascii_uppercase), int)
        _put(_place(row, "c", address, lambda at: (len(at.rstrip(digits)), at.rstrip(digits))), value)
    xlsx.parts[part] = etree.tostring(xlsx.sheets[sheet], xml_declaration=True, encoding="UTF-8", standalone=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in xlsx.parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _place(parent: Any, tag: str, name: str, rank: Callable[[str], Any]) -> Any:
    """The row or cell of that name, made in its place where there is none."""
    after = next((e for e in parent if rank(e.get("r")) >= rank(name)), None)
    if after is not None and after.get("r") == name:
        return after
    made = etree.Element(f"{MAIN}{tag}", r=name)
    parent.insert(len(parent) if after is None else parent.index(after), made)
    return made


def _put(cell: Any, value: object) -> None:
    style = cell.get("s")
    address = cell.get("r")
    cell.clear()
    cell.set("r", address)
    if style is not None:
        cell.set("s", style)
    if isinstance(value, str) and value.startswith("="):
        etree.SubElement(cell, f"{MAIN}f").text = value[1:]
    elif isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
        text.text = value
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    elif value is not None:
        etree.SubElement(cell, f"{MAIN}v").text = str(value)
