"""A check as plain data for the page: counts, verdicts, every finding with its excerpt. Ready for JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rembi_sheets.findings import Finding, catalogue, stops
from rembi_sheets.report.many import Outcome, line
from rembi_sheets.report.words import labels, shown
from rembi_sheets.web.completeness import completeness

if TYPE_CHECKING:
    from rembi_sheets.pipeline import Checked
    from rembi_sheets.score import Score

_CELLS = 4  # ranges named beside a finding
_PARTS = 20  # cells of a folded finding that are shown one by one
_PLACES = 2000  # cells that one change writes
_VALUE = 200


def report(checked: Checked, score: Score | None) -> dict[str, Any]:
    """The report of a workbook; `readable` is false where the file was refused, and then `findings` says why."""
    workbook = checked.workbook
    told = checked.as_json()
    made = {name: value for name, value in told.items() if name != "findings"}
    found = list(_findings(checked))
    outcome = Outcome(workbook.path.as_posix(), told, workbook.readable, checked.archives, checked.findings)
    return made | {
        "readable": workbook.readable,
        "findings": found,
        "verdicts": {a: len(stops(checked.findings, a)) for a in checked.archives},
        "profile": _profile(checked),
        "files": _files(checked),
        "title": _title(checked),
        "score": score.total if score else None,
        "complete": completeness(score, workbook.tables, workbook.book)
        if score and workbook.tables and workbook.book
        else None,
        "line": line(outcome),
    }


def _profile(checked: Checked) -> str:
    book, schema = checked.workbook.book, checked.workbook.schema
    name = book.meta.get("profile", "") if book else ""
    return next((p.title for p in schema.profiles if p.name == name), "")


def _title(checked: Checked) -> str:
    """The title of the study."""
    tables = checked.workbook.tables
    titles = tables["study"].values("study_title") if tables is not None else ()
    return shown(next((t for t in titles if isinstance(t, str)), ""))[:_VALUE]


def _files(checked: Checked) -> int | None:
    """Rows of the sheet with the paths of files, where they need not be counted in a table beside the workbook."""
    tables = checked.workbook.tables
    if tables is None:
        return None
    table = next(t for t in tables if t.sheet.own is not None)
    return None if table.source is not None else len(table.rows)


def _findings(checked: Checked) -> list[dict[str, Any]]:
    from rembi_sheets.web.excerpt import Excerpts

    workbook = checked.workbook
    if workbook.book is None or workbook.tables is None:
        return [_finding(f, None, ("neutral", "")) for f in checked.findings]
    excerpts = Excerpts(workbook.book, workbook.tables, checked.archives)
    sheets = {t.title: (t.sheet.group, t.sheet.row) for t in workbook.tables}
    return [_finding(f, excerpts.of(f), sheets.get(f.sheet, ("neutral", ""))) for f in checked.findings]


def _finding(f: Finding, excerpt: dict[str, Any] | None, sheet: tuple[str, str]) -> dict[str, Any]:
    kind = catalogue()[f.code]
    addresses = f.addresses
    return {
        "id": digest(f.code, f.sheet, f.column, *addresses, f.value, *f.archives),
        "value": shown(f.value)[:_VALUE],
        "places": list(f.cells[:_PLACES]),
        "key": [digest(p.code, p.sheet, p.column, p.value, p.message if not p.cells else "") for p in f.each()],
        "code": f.code,
        "severity": f.severity.value,
        "missing": excerpt is not None and not f.value and all(c["text"] == "" for c in _marked(excerpt)),
        "sheet": f.sheet,
        "group": sheet[0],
        "row": sheet[1],
        "column": shown(f.column),
        "at": list(addresses[:_CELLS]),
        "more": max(0, len(addresses) - _CELLS),
        "cells": len(f.cells),
        "message": shown(f.message),
        "fix": shown(f.on_page),
        "adds": list(f.adds),
        "act": kind.act,
        "suggestions": list(f.suggestions[:5]),
        "archives": list(f.archives),
        "for": list(labels(f.archives)),
        "explain": kind.explain,
        "example": kind.example,
        "excerpt": excerpt,
        "parts": [
            {"at": ", ".join(p.addresses[:_CELLS])}
            | {name: made[name] for name in ("id", "message", "fix", "suggestions", "places", "value")}
            for p in f.parts[:_PARTS]
            if (made := _finding(p, None, sheet))
        ],
        "parts_more": max(0, len(f.parts) - _PARTS),
    }


def _marked(excerpt: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for row in excerpt["rows"] for c in row.get("cells", ()) if c["kind"] == "cell"]


def digest(*words: str) -> str:
    """A short name for a finding that stays the same as long as these words do."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def since(before: Sequence[dict[str, Any]], now: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What became of the findings of an earlier drop: those `mended`, ids of those that are `new`, how many `same`.

    A finding is the same when it says the same of the same value, wherever its cell is by now.
    """
    old = {k for f in before for k in f["key"]}
    new = [f["id"] for f in now if not old & set(f["key"])]
    left = {k for f in now for k in f["key"]}
    mended = [
        {name: f[name] for name in ("sheet", "at", "message", "severity")} for f in before if not left & set(f["key"])
    ]
    return {"mended": mended, "new": new, "same": len(now) - len(new)}
