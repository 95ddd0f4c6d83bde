"""Europe PMC: what a PubMed number, a PMC number or a DOI stands for, and the other numbers of the same paper.

Reply shape after its RESTful service, `search` with `resultType=core` (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from rembi_sheets.fill.online.replies import filled, items, text
from rembi_sheets.values import fold

_ASKED = {"doi": 'DOI:"{}"', "pubmed": "EXT_ID:{} AND SRC:MED", "pmc": "PMCID:{}"}
_HELD = {"doi": "doi", "pubmed": "pmid", "pmc": "pmcid"}
_PREPRINT = "preprint"


def address(base: str, ids: Mapping[str, str]) -> str:
    """Where a paper is asked for by the first of its numbers, by format; '' where it has none of these."""
    query = next(
        (
            asked.format(ids[form].lower() if form == "doi" else ids[form])
            for form, asked in _ASKED.items()
            if form in ids
        ),
        "",
    )
    wanted = {"query": query, "resultType": "core", "format": "json", "pageSize": "5"}
    return f"{base}/search?{urlencode(wanted)}" if query else ""


def read(reply: Any, ids: Mapping[str, str]) -> dict[str, str] | None:
    """The paper by columns of Publications; None where the reply has not this one, or several."""
    form = next((f for f in _ASKED if f in ids), "")
    papers = [p for p in items(reply, "resultList", "result") if fold(text(p, _HELD.get(form, ""))) == fold(ids[form])]
    if len(papers) != 1:
        return None
    paper = papers[0]
    title = text(paper, "title")
    if not title:
        return None
    journal = ("journalInfo", "journal")
    kinds = {text(kind).casefold() for kind in items(paper, "pubTypeList", "pubType")}
    return filled(
        title=title.removesuffix("."),
        authors="; ".join(_authors(paper)),
        publication_type=_PREPRINT if _PREPRINT in kinds else "",
        journal=text(paper, *journal, "title") or text(paper, "bookOrReportDetails", "publisher"),
        journal_abbreviation=text(paper, *journal, "medlineAbbreviation"),
        year=text(paper, "journalInfo", "yearOfPublication") or text(paper, "pubYear"),
        volume=text(paper, "journalInfo", "volume"),
        issue=text(paper, "journalInfo", "issue"),
        pages=text(paper, "pageInfo"),
        doi=text(paper, "doi"),
        pubmed_id=text(paper, "pmid"),
        pmc_id=text(paper, "pmcid"),
    )


def _authors(paper: Any) -> list[str]:
    """'Last II' for each, or the name of a group."""
    listed = [text(a, "fullName") or text(a, "collectiveName") for a in items(paper, "authorList", "author")]
    if not any(listed):
        listed = text(paper, "authorString").removesuffix(".").split(", ")
    return [name.replace(";", ",") for name in listed if name]
