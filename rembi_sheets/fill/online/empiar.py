"""EMPIAR: papers and image sets of an entry. Reply shape after its interface, `entry/<n>/` (2026-11): as a deposition,

but under the accession, with words instead of codes, and authors that may stand in {"author": {...}}. Where the
microscope and the sample are told, it is in running text, which is not taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rembi_sheets.fill.online.entries import Described, Entry
from rembi_sheets.fill.online.replies import at, filled, items, text

_UNIT = "Å"


def address(base: str, accession: str) -> str:
    """Where the entry is asked for."""
    return f"{base}/entry/{accession.rpartition('-')[2]}/"


def read(reply: Any, accession: str) -> Entry | None:
    """The entry; None for a reply that is about another one."""
    entry = at(reply, accession)
    if not isinstance(entry, dict):
        return None
    papers = [p for p in map(_paper, items(entry, "citation")) if p]
    return Entry(papers[0] if papers else {}, tuple(_sets(entry)))


def _sets(entry: Any) -> Iterator[Described]:
    sets = list(items(entry, "imagesets"))
    for one in sets:
        x, y = text(one, "pixel_width"), text(one, "pixel_height")
        sizes = filled(pixel_size_x=x, pixel_size_y=y)
        if sizes:
            yield Described("image_data", {**sizes, "pixel_size_unit": _UNIT}, text(one, "name"), likely=True)


def _paper(paper: Any) -> dict[str, str]:
    pages = filter(None, (text(paper, "first_page"), text(paper, "last_page")))
    return filled(
        title=text(paper, "title"),
        authors="; ".join(n.replace(";", ",") for a in items(paper, "authors") if (n := _author(a))),
        journal=text(paper, "journal"),
        journal_abbreviation=text(paper, "journal_abbreviation"),
        year=text(paper, "year"),
        volume=text(paper, "volume"),
        issue=text(paper, "issue"),
        pages="-".join(pages),
        doi=text(paper, "doi"),
        pubmed_id=text(paper, "pubmedid"),
    )


def _author(author: Any) -> str:
    """'Last II': depositions write it "('Last', 'II')", entries as it is."""
    name = text(author, "author", "name") or text(author, "name")
    parts = [p.strip(" '\"") for p in name.strip("()").split("', '")]
    return " ".join(filter(None, parts))
