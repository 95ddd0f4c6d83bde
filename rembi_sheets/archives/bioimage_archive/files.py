"""Document -> files below the archive's folder, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rembi_sheets.archives import Content, Parsed, Rendered
from rembi_sheets.archives.bioimage_archive.document import Document, FileList, Page, Row, sections, value
from rembi_sheets.archives.bioimage_archive.guide import guide_of
from rembi_sheets.archives.bioimage_archive.json_page import read_json, write_json
from rembi_sheets.archives.bioimage_archive.tsv_reader import read_tsv
from rembi_sheets.archives.bioimage_archive.tsv_writer import UnwritableError, write_tsv
from rembi_sheets.findings import find

JSON = "submission.json"
TSV = "submission.tsv"
GUIDE = "NEXT-STEPS.md"
_BATCH = 2_000


def render(document: Document) -> Rendered:
    """submission.json, submission.tsv (where it can say the same), the file lists as streams, and NEXT-STEPS.md."""
    out: dict[str, Content] = {JSON: write_json(document.page)}
    findings = []
    try:
        out[TSV], changes = write_tsv(document.page)
        findings = [find("BIA-TSV-TEXT", value=c.text, where=c.where, written=c.written) for c in changes]
    except UnwritableError as reason:
        findings = [find("BIA-TSV-LEFT-OUT", reason=str(reason))]
    for listed in document.file_lists:
        out[listed.path] = _Stream(listed)
    if document.guide is not None:
        out[GUIDE] = guide_of(document, document.guide, TSV in out, len(findings) if TSV in out else 0)
    return Rendered(out, tuple(findings))


class _Stream:
    """The bytes of a file list, made each time anew."""

    def __init__(self, listed: FileList) -> None:
        self._list = listed

    def __call__(self) -> Iterator[bytes]:
        first = "Path" if self._list.table else "Files"
        yield ("\t".join([first, *self._list.headings]) + "\n").encode("utf-8")
        lines: list[str] = []
        for row in self._list.rows():
            lines.append("\t".join(row).rstrip("\t"))
            if len(lines) >= _BATCH:
                yield ("\n".join(lines) + "\n").encode("utf-8")
                lines = []
        if lines:
            yield ("\n".join(lines) + "\n").encode("utf-8")


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
