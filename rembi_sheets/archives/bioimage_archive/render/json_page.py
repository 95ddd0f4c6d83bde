"""PageTab JSON: the careful carrier, which holds any text. Page -> bytes."""

from __future__ import annotations

import json
from typing import Any

from rembi_sheets.archives.bioimage_archive.document import Attribute, File, Link, Page, Section


def write_json(page: Page) -> bytes:
    """The page as JSON, two blanks deep, ending in a line break. Empty parts are left out; every value is a string."""
    return (json.dumps(as_json(page), indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def as_json(page: Page) -> dict[str, Any]:
    """The page as JSON data."""
    out: dict[str, Any] = {"accno": page.accno} if page.accno else {}
    out["attributes"] = [_attribute(a) for a in page.attributes]
    if page.section is not None:
        out["section"] = _section(page.section)
    out["type"] = "submission"
    return out


def _section(section: Section) -> dict[str, Any]:
    out: dict[str, Any] = {"accno": section.accno} if section.accno else {}
    out["type"] = section.type
    out["attributes"] = [_attribute(a) for a in section.attributes]
    if section.links:
        out["links"] = [[_link(x) for x in i] if isinstance(i, tuple) else _link(i) for i in section.links]
    if section.files:
        out["files"] = [[_file(x) for x in i] if isinstance(i, tuple) else _file(i) for i in section.files]
    if section.subsections:
        below = section.subsections
        out["subsections"] = [[_section(x) for x in i] if isinstance(i, tuple) else _section(i) for i in below]
    return out


def _attribute(attribute: Attribute) -> dict[str, Any]:
    out: dict[str, Any] = {"name": attribute.name}
    if attribute.value is not None:
        out["value"] = attribute.value
    if attribute.reference:
        out["reference"] = True
    for key, qualifiers in (("nmqual", attribute.name_qualifiers), ("valqual", attribute.value_qualifiers)):
        if qualifiers:
            out[key] = [{"name": n} if v is None else {"name": n, "value": v} for n, v in qualifiers]
    return out


def _link(link: Link) -> dict[str, Any]:
    out: dict[str, Any] = {"url": link.url}
    if link.attributes:
        out["attributes"] = [_attribute(a) for a in link.attributes]
    return out


def _file(file: File) -> dict[str, Any]:
    out: dict[str, Any] = {"path": file.path}
    if file.size is not None:
        out["size"] = file.size
    if file.attributes:
        out["attributes"] = [_attribute(a) for a in file.attributes]
    out["type"] = file.type
    return out
