"""Files below the archive's folder -> Document."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rembi_sheets.archives import Parsed
from rembi_sheets.archives.bioimage_archive.document import GUIDE, Document, FileList, Page, Row, sections, value
from rembi_sheets.archives.bioimage_archive.parse.json_page import read_json
from rembi_sheets.archives.bioimage_archive.parse.tsv import read_tsv


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The document of a page (JSON, else TSV) and its file lists; NEXT-STEPS.md is for people and is not read."""
    odd: list[str] = []
    page: Page | None = None
    pages = sorted((n for n in files if _is_page(n)), key=lambda n: not n.endswith(".json"))
    for name in pages:
        found, strange = (read_json if name.endswith(".json") else read_tsv)(files[name])
        odd.extend(f"{name}: {s}" for s in strange)
        if found is not None:
            page = found
            break
    if page is None:
        return Parsed(None, tuple(odd or ["no page: neither a .json nor a .tsv file of a submission"]))
    lists = []
    named = [value(s.attributes, "File List") for s in sections(page.section)]
    for name in [n for n in files if n not in pages and n != GUIDE]:
        listed = _file_list(name, files[name], odd)
        if listed is not None:
            lists.append(listed)
            if not listed.table and name not in named:
                odd.append(f"{name}: no section names this file list")
    odd.extend(f"{n}: the file list is missing" for n in named if n and n not in files)
    return Parsed(Document(page, tuple(lists)), tuple(odd))


def _is_page(name: str) -> bool:
    return "/" not in name and name.endswith((".json", ".tsv"))


def _file_list(name: str, content: bytes, odd: list[str]) -> FileList | None:
    try:
        lines = re.split(r"\r\n|\n|\r", content.decode("utf-8"))
    except UnicodeDecodeError as error:
        odd.append(f"{name}: not UTF-8: {error.reason}")
        return None
    head = lines[0].split("\t")
    if head[0] not in ("Files", "Path"):
        odd.append(f"{name}: the first heading is not Files")
        return None
    width = len(head)
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) > width:
            odd.append(f"{name}: line {number} has more cells than the heading: {cells[width:]}")
        rows.append(tuple((cells + [""] * width)[:width]))
    return FileList(name, tuple(head[1:]), lambda: iter(rows), table=head[0] == "Path")
