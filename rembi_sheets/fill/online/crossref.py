"""Crossref: what a DOI stands for. Reply shape after its REST interface, `works/<DOI>` (2026-11)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from rembi_sheets.derive import initials_of
from rembi_sheets.fill.online.replies import filled, items, text
from rembi_sheets.values import fold

_TYPES = {  # Crossref's word for a work -> ours, where it is no article in a journal
    "posted-content": "preprint",
    "book-chapter": "book chapter",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "dissertation": "thesis",
}


def address(base: str, doi: str) -> str:
    """Where the work is asked for; a DOI is the same in small letters."""
    return f"{base}/works/{quote(doi.lower(), safe='')}"


def read(reply: Any, doi: str) -> dict[str, str] | None:
    """The work by columns of Publications; None for a reply that is about another one, or says no title."""
    work = reply.get("message") if isinstance(reply, dict) else None
    title = text(work, "title", 0) or text(work, "title")
    if not title or fold(text(work, "DOI")) != fold(doi):
        return None
    return filled(
        title=title,
        authors="; ".join(filter(None, map(_author, items(work, "author")))),
        publication_type=_TYPES.get(text(work, "type"), ""),
        journal=text(work, "container-title", 0) or text(work, "institution", 0, "name"),
        journal_abbreviation=text(work, "short-container-title", 0),
        year=text(work, "issued", "date-parts", 0, 0) or text(work, "published", "date-parts", 0, 0),
        volume=text(work, "volume"),
        issue=text(work, "issue"),
        pages=text(work, "page") or text(work, "article-number"),
    )


def _author(author: Any) -> str:
    """'Last II', or the name of a group; a semicolon would part it in two."""
    family, given = text(author, "family"), text(author, "given")
    name = f"{family} {initials_of(given)}".strip() if family else text(author, "name") or given
    return name.replace(";", ",")
