"""PageTab JSON -> page; whatever has no place in a page is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rembi_sheets.archives.bioimage_archive.document import Attribute, File, Link, Page, Qualifier, Section


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
            tuple(self._items(data, "files", where, self._file)),
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

    def _file(self, data: Mapping[str, Any], where: str) -> File:
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
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        return None, (f"not JSON: {error}",)
    if not isinstance(data, Mapping):
        return None, ("not a PageTab page: the JSON is no object",)
    reader = _Reader()
    return reader.page(data), tuple(reader.odd)
