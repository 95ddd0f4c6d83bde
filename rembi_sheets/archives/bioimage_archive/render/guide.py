"""NEXT-STEPS.md: what the depositor does with the files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rembi_sheets.archives import Loss
from rembi_sheets.archives.bioimage_archive.document import Document, Guide, sections, value
from rembi_sheets.archives.shared.templates import template

_LONGEST = 70
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def guide_of(document: Document, guide: Guide, with_tsv: bool, changed: int) -> bytes:
    """The text for a document that has just been made.

    `with_tsv`: was the TSV page written? `changed`: number of texts that it does not hold as they stand.
    """
    page = document.page
    kinds = [s.type for s in sections(page.section)]
    text = template(__package__, "next_steps.md.j2").render(
        guide=guide,
        size=readable(guide.bytes or 0),
        largest=readable(guide.largest or 0),
        title=_inline(value(page.attributes, "Title") or ""),
        release=value(page.attributes, "ReleaseDate"),
        doi=value(page.attributes, "DOI") is not None,
        root=value(page.attributes, "RootPath"),
        lists=[f.path for f in document.file_lists],
        components=kinds.count("Study Component"),
        annotations=kinds.count("Annotations"),
        with_tsv=with_tsv,
        changed=changed,
        moved=_rows(x for x in guide.losses if x.went != "lost"),
        lost=_rows(x for x in guide.losses if x.went == "lost"),
    )
    return text.encode("utf-8")


def _rows(losses: Iterable[Loss]) -> list[dict[str, str]]:
    """One row for each column: its cells, its first value, where it went."""
    columns: dict[tuple[str, str, str], list[Loss]] = {}
    for loss in losses:
        columns.setdefault((loss.sheet, loss.column, loss.went), []).append(loss)
    out = []
    for (sheet, column, went), those in columns.items():
        cells = [c for loss in those for c in loss.cells]
        shown = cells[0] if len(cells) == 1 else f"{cells[0]} and {len(cells) - 1} more"
        where = f"{sheet}: {column} ({shown})"
        out.append({"where": _inline(where), "value": _inline(_cut(those[0].value)), "went": _inline(went)})
    return out


def _inline(text: str) -> str:
    """A text in one line of Markdown whose own marks would end a cell or a link."""
    return re.sub(r"([|`<>\[\]*_\\])", r"\\\1", " ".join(text.split()))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3].rstrip() + "..."


def readable(size: int) -> str:
    """A number of bytes in the largest unit that keeps it at 1 or more: 1.5 GB."""
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{size} bytes" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"
