"""Document -> files below the archive's folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import repeat

from rembi_sheets.archives import Content, Parse, Rendered
from rembi_sheets.archives.bioimage_archive.document import GUIDE, JSON, TSV, Document, FileList, Page
from rembi_sheets.archives.bioimage_archive.render.guide import guide_of
from rembi_sheets.archives.bioimage_archive.render.json_page import write_json
from rembi_sheets.archives.bioimage_archive.render.tsv import UnwritableError, write_tsv
from rembi_sheets.archives.shared.blocks import batches, blocks, lines
from rembi_sheets.findings import find


def render(document: Document, parse: Parse) -> Rendered:
    """submission.json, submission.tsv (where it can say the same), the file lists as streams, and NEXT-STEPS.md.

    The TSV page is read back by `parse` and compared.
    """
    out: dict[str, Content] = {JSON: write_json(document.page)}
    findings = []
    try:
        out[TSV], changes = write_tsv(document.page, partial(_read, parse))
        findings = [find("BIA-TSV-TEXT", value=c.text, where=c.where, written=c.written) for c in changes]
    except UnwritableError as reason:
        findings = [find("BIA-TSV-LEFT-OUT", reason=str(reason))]
    for listed in document.file_lists:
        out[listed.path] = _Stream(listed)
    if document.guide is not None:
        out[GUIDE] = guide_of(document, document.guide, TSV in out, len(findings) if TSV in out else 0)
    return Rendered(out, tuple(findings))


def _read(parse: Parse, content: bytes) -> tuple[Page | None, tuple[str, ...]]:
    """A TSV page read back; the file lists that it names are written later and are no matter of it."""
    found = parse({TSV: content})
    page = found.document.page if found.document else None
    return page, tuple(odd for odd in found.not_understood if odd.startswith(f"{TSV}: "))


def _head(listed: FileList) -> bytes:
    """The line of headings of a file list."""
    first = "Path" if listed.table else "Files"
    return ("\t".join([first, *listed.headings]) + "\n").encode("utf-8")


class _Stream:
    """The bytes of a file list, made each time anew."""

    def __init__(self, listed: FileList) -> None:
        self._list = listed

    def __call__(self) -> Iterator[bytes]:
        yield _head(self._list)
        for block in blocks(self._list.rows()):
            for some in batches(map(str.rstrip, lines(block, "\t"), repeat("\t"))):
                yield ("\n".join(some) + "\n").encode("utf-8")
