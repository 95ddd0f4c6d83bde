"""The list of sheets in a workbook's own part: sheets are put in and taken out, with the names that count them."""

from __future__ import annotations

from rembi_sheets.workbook.editing import STRICT, TRANSITIONAL, AnnotateError, Package, parsed, written
from rembi_sheets.workbook.spelling import relations_of

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class SheetList:
    """The sheets of a package in their order. What is changed is in the package once it is saved."""

    def __init__(self, package: Package) -> None:
        """Raises AnnotateError for a workbook without sheets."""
        self._package = package
        self.home = package.related("", "officeDocument") or "xl/workbook.xml"
        self._root = parsed(package[self.home])
        self.namespace = self._root.tag.rpartition("}")[0].lstrip("{")
        self.strict = self.namespace.startswith("http://purl.oclc.org/")
        self._rel = f"{{{STRICT if self.strict else TRANSITIONAL}}}id"
        found = self._root.find(self._tag("sheets"))
        if found is None:
            raise AnnotateError("The workbook has no sheets.")
        self._sheets = found

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    @property
    def titles(self) -> list[str]:
        """Titles of all sheets, those without cells (charts) too."""
        return [s.get("name", "") for s in self._sheets]

    def sheets(self) -> dict[str, str]:
        """Title -> part of every worksheet."""
        kinds = self._package.relations(self.home)
        targets = {rel: part for rel, kind, part in kinds if kind.endswith("/worksheet") and part in self._package}
        return {
            s.get("name", ""): targets[s.get(self._rel, "")] for s in self._sheets if s.get(self._rel, "") in targets
        }

    def text(self, part: str) -> bytes:
        """The text of a sheet, and the shared texts into which other programs move it."""
        shared = self._package.related(self.home, "sharedStrings")
        return self._package[part] + (self._package[shared] if shared else b"")

    def insert(self, place: int, title: str, part: str, state: str = "visible") -> None:
        """Put a worksheet, whose part is in the package already, at a place from 0."""
        from lxml import etree

        self._package.typed(part, _SHEET_TYPE)
        rel = self._package.relate(self.home, "worksheet", part, self.strict)
        ids = [int(s.get("sheetId", "0")) for s in self._sheets if s.get("sheetId", "").isdigit()]
        spaces = {"r": self._rel[1:].partition("}")[0]}  # else the prefix depends on what others have registered
        number = str(max(ids, default=0) + 1)
        entry = etree.Element(self._tag("sheet"), name=title, sheetId=number, nsmap=spaces)
        if state != "visible":
            entry.set("state", state)
        entry.set(self._rel, rel)
        self._sheets.insert(place, entry)
        self._move(place, 1)

    def drop(self, title: str) -> None:
        """Take a worksheet out, with its part and its names."""
        part = self.sheets()[title]
        number = self.titles.index(title)
        entry = self._sheets[number]
        self._sheets.remove(entry)
        del self._package[part]
        if relations_of(part) in self._package:
            del self._package[relations_of(part)]
        for name, attribute, value in (
            (relations_of(self.home), "Id", entry.get(self._rel, "")),
            ("[Content_Types].xml", "PartName", f"/{part}"),
        ):
            root = parsed(self._package[name])
            for listed in list(root):
                if listed.get(attribute) == value:
                    root.remove(listed)
            self._package[name] = written(root)
        self._move(number, -1)

    def _move(self, place: int, by: int) -> None:
        """Names that hold for one sheet count the sheets: move those from `place` on, drop those of a lost one."""
        names = self._root.find(self._tag("definedNames"))
        for name in list(names) if names is not None else ():
            number = name.get("localSheetId")
            if number is None or not number.isdigit():
                continue
            if by < 0 and int(number) == place:
                name.getparent().remove(name)  # type: ignore[union-attr]
            elif int(number) >= place:
                name.set("localSheetId", str(int(number) + by))
        if names is not None and not len(names):
            self._root.remove(names)

    def names(self) -> set[tuple[str, str]]:
        """Defined names, each with the title of the sheet it holds for, '' for the whole workbook."""
        titles = self.titles
        found = self._root.iter(self._tag("definedName"))
        return {(titles[int(n)] if (n := e.get("localSheetId")) else "", e.get("name", "")) for e in found}

    def name(self, name: str, text: str, title: str = "", hidden: bool = False) -> None:
        """Define a name, for the whole workbook or for the sheet `title`."""
        from lxml import etree

        names = self._root.find(self._tag("definedNames"))
        if names is None:
            names = etree.Element(self._tag("definedNames"))
            self._sheets.addnext(names)
        made = etree.SubElement(names, self._tag("definedName"), name=name)
        if title:
            made.set("localSheetId", str(self.titles.index(title)))
        if hidden:
            made.set("hidden", "1")
        made.text = text

    def show_first(self) -> None:
        """Let the workbook open at its first sheet."""
        for view in self._root.iter(self._tag("workbookView")):
            for attribute in ("activeTab", "firstSheet"):
                if attribute in view.attrib:
                    del view.attrib[attribute]

    def save(self) -> None:
        """Put the list into the package."""
        self._package[self.home] = written(self._root)
