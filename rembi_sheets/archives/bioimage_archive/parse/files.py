"""Files below the archive's folder -> Document."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rembi_sheets.archives import Parsed
from rembi_sheets.archives.bioimage_archive.document import GUIDE, Document, FileList, Page, Row, sections, value
from rembi_sheets.archives.bioimage_archive.parse.json_page import is_list, is_page, read_json, read_list
from rembi_sheets.archives.bioimage_archive.parse.tsv import read_tsv

_SUBMISSION = re.compile(rb"\s*submission\s*(?:[\t\r\n]|\Z)", re.IGNORECASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The document of a page (JSON, else TSV) and its file lists; NEXT-STEPS.md is for people and is not read.

    A file list may be of JSON, as the archive publishes it.
    """
    odd: list[str] = []
    page: Page | None = None
    pages = sorted((n for n in files if _may_be_page(n, files[n])), key=lambda n: not n.endswith(".json"))
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
    stems = {_stem(n) for n in named if n}
    for name in [n for n in files if n not in pages and n != GUIDE]:
        listed = _file_list(name, files[name], odd)
        if listed is not None:
            lists.append(listed)
            if not listed.table and _stem(name) not in stems:
                odd.append(f"{name}: no section names this file list")
    held = {_stem(n) for n in files}
    odd.extend(f"{n}: the file list is missing" for n in named if n and _stem(n) not in held)
    return Parsed(Document(page, tuple(lists)), tuple(odd))


def recognises(files: Mapping[str, bytes]) -> bool:
    """Is one of these files a page of a submission? Told by its content, whatever its name."""
    return any(_SUBMISSION.match(content) or is_page(content) for content in files.values())


def _may_be_page(name: str, content: bytes) -> bool:
    """A .json or .tsv file that is no file list."""
    if "/" in name or not name.endswith((".json", ".tsv")):
        return False
    return not (
        is_list(content) if name.endswith(".json") else content.startswith((b"Files\t", b"Files\n", b"Files\r"))
    )


def _stem(name: str) -> str:
    """A list's name without its ending, which publication changes to .json."""
    return name.rpartition(".")[0] or name


def _file_list(name: str, content: bytes, odd: list[str]) -> FileList | None:
    if name.endswith(".json"):
        listed, strange = read_list(name, content)
        odd.extend(f"{name}: {s}" for s in strange)
        return listed
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
