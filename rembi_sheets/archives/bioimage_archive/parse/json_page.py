"""PageTab JSON -> page; whatever has no place in a page is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rembi_sheets.archives.bioimage_archive.document import (
    Attribute,
    File,
    FileList,
    Link,
    Page,
    Qualifier,
    Row,
    Section,
)


class _Reader:
    """Reads JSON data into a page; whatever has no place there is named in `odd` by its path."""

    def __init__(self) -> None:
        self.odd: list[str] = []

    def page(self, data: Mapping[str, Any]) -> Page:
        self._rest(data, ("accno", "attributes", "section", "type"), "submission")
        section = data.get("section")
        return Page(
            self._attributes(data, "submission"),
            self._section(section, "submission") if isinstance(section, Mapping) else None,
            self._text(data, "accno", "submission"),
        )

    def _section(self, data: Mapping[str, Any], above: str) -> Section:
        where = f"{above}/{data.get('type') or '?'}"
        self._rest(data, ("accno", "type", "attributes", "links", "files", "subsections"), where)
        return Section(
            self._text(data, "type", where),
            self._attributes(data, where),
            self._text(data, "accno", where),
            tuple(self._items(data, "links", where, self._link)),
            tuple(self._items(data, "files", where, self.file)),
            tuple(self._items(data, "subsections", where, self._section)),
        )

    def _items(self, data: Mapping[str, Any], key: str, where: str, read: Any) -> list[Any]:
        out: list[Any] = []
        for item in self._list(data, key, where):
            if isinstance(item, Mapping):
                out.append(read(item, where))
            elif isinstance(item, list) and item and all(isinstance(x, Mapping) for x in item):
                out.append(tuple(read(x, where) for x in item))
            else:
                self.odd.append(f"{where}/{key}: {json.dumps(item)[:80]}")
        return out

    def _link(self, data: Mapping[str, Any], where: str) -> Link:
        self._rest(data, ("url", "attributes"), f"{where}/link")
        return Link(self._text(data, "url", f"{where}/link"), self._attributes(data, f"{where}/link"))

    def file(self, data: Mapping[str, Any], where: str) -> File:
        """A file of a section or of a list."""
        where = f"{where}/file"
        self._rest(data, ("path", "attributes", "type", "size"), where)
        size = data.get("size")
        if size is not None and not isinstance(size, int):
            self.odd.append(f"{where}/size: {size!r}")
            size = None
        return File(
            self._text(data, "path", where),
            self._text(data, "type", where) or "file",
            size,
            self._attributes(data, where),
        )

    def _attributes(self, data: Mapping[str, Any], where: str) -> tuple[Attribute, ...]:
        out = []
        for item in self._list(data, "attributes", where):
            if not isinstance(item, Mapping):
                self.odd.append(f"{where}: {json.dumps(item)[:80]}")
                continue
            name = self._text(item, "name", where)
            here = f"{where}: {name}"
            self._rest(item, ("name", "value", "reference", "nmqual", "valqual"), here)
            out.append(
                Attribute(
                    name,
                    self._value(item, here),
                    item.get("reference") is True,
                    self._qualifiers(item, "nmqual", here),
                    self._qualifiers(item, "valqual", here),
                )
            )
        return tuple(out)

    def _qualifiers(self, data: Mapping[str, Any], key: str, where: str) -> tuple[Qualifier, ...]:
        pairs = [q for q in self._list(data, key, where) if isinstance(q, Mapping)]
        return tuple((self._text(q, "name", where), self._value(q, where)) for q in pairs)

    def _value(self, data: Mapping[str, Any], where: str) -> str | None:
        found = data.get("value")
        if found is None or isinstance(found, str):
            return found
        self.odd.append(f"{where}: {json.dumps(found)[:80]} is no text")
        return None

    def _text(self, data: Mapping[str, Any], key: str, where: str) -> str:
        found = data.get(key)
        if found is None or isinstance(found, str):
            return found or ""
        self.odd.append(f"{where}/{key}: {json.dumps(found)[:80]} is no text")
        return ""

    def _list(self, data: Mapping[str, Any], key: str, where: str) -> list[Any]:
        found = data.get(key)
        if found is None or isinstance(found, list):
            return found or []
        self.odd.append(f"{where}/{key}: {json.dumps(found)[:80]} is no list")
        return []

    def _rest(self, data: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
        self.odd.extend(f"{where}/{key}" for key in data if key not in known)


def read_json(content: bytes) -> tuple[Page | None, tuple[str, ...]]:
    """The page of a PageTab JSON and what in it has no place in a page; None when it is no JSON object at all."""
    try:
        data = json.loads(content.decode("utf-8"))
        if not isinstance(data, Mapping):
            return None, ("not a PageTab page: the JSON is no object",)
        reader = _Reader()
        return reader.page(data), tuple(reader.odd)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return None, (f"not JSON: {error}",)


def is_page(content: bytes) -> bool:
    """Is this the JSON of a page: an object with a section or attributes of a submission?"""
    head = content[:4096]
    if not head.lstrip().startswith(b"{") or not (b'"section"' in content or b'"attributes"' in head):
        return False
    page, _ = read_json(content)
    return page is not None and (page.section is not None or any(a.name == "ReleaseDate" for a in page.attributes))


def is_list(content: bytes) -> bool:
    """Does the JSON begin as a file list does, with an array?"""
    return content[:4096].lstrip().startswith(b"[") and content.strip() != b"[]"


def read_list(name: str, content: bytes) -> tuple[FileList | None, tuple[str, ...]]:
    """A file list of JSON, as the archive publishes them: headings in the order of first mention, and what is odd."""
    try:
        data = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return None, (f"not JSON: {error}",)
    if not isinstance(data, list):
        return None, ("the JSON is no array of files",)
    reader = _Reader()
    headings: dict[str, int] = {}
    cells: list[tuple[str, dict[int, str]]] = []
    for number, item in enumerate(data, 1):
        file = reader.file(item, str(number)) if isinstance(item, Mapping) else None
        if file is None or not file.path:
            reader.odd.append(f"{number}: no file with a path")
            continue
        held: dict[int, str] = {}
        for a in file.attributes:
            if a.value is None:
                continue
            place = headings.setdefault(a.name, len(headings))
            if place in held:
                reader.odd.append(f"{number}: {a.name} stands twice: {a.value}")
            held.setdefault(place, " ".join(a.value.split()))
        cells.append((file.path, held))
    rows: list[Row] = [(path, *(held.get(n, "") for n in range(len(headings)))) for path, held in cells]
    return FileList(name, tuple(headings), lambda: iter(rows)), tuple(reader.odd)
