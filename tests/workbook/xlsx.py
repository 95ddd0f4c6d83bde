"""A workbook as raw XML, for tests that do not trust the library that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
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
