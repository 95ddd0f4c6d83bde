"""The outcome of the check of many workbooks: a line a workbook as text and CSV, all as JSON, an index of pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from rembi_sheets.findings import Finding, counts, find
from rembi_sheets.report.words import GUARDED, labels, shown, stopped

INDEX, RECORD = "index.html", "rembi-sheets-check.json"
_TAKEN = {INDEX, RECORD}
_HEADINGS = ("Workbook", "Result", "Archives", "Errors", "Warnings", "Notes", "Data folder", "First error", "SHA-256")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check of one workbook gave.

    `path` as given, with /; `report`: its `check --format json`; `page`: its HTML page, where that was asked for.
    `data`: the Data folder found; `data_missing`: one was looked for and not found, so no file was compared.
    """

    path: str
    report: Mapping[str, Any]
    readable: bool
    archives: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    data: str = ""
    data_missing: bool = False
    strict: bool = False
    page: str = ""

    @classmethod
    def failed(cls, path: str, name: str, reason: str) -> Outcome:
        """The outcome where the check itself broke off."""
        found = (find("FILE-BROKE-OFF", value=name, what=reason),)
        report = {
            "workbook": name,
            "sha256": "",
            "archives": [],
            "passed": False,
            "counts": counts(found),
            "findings": [f.as_json() for f in found],
        }
        return cls(path, report, False, findings=found)

    @property
    def passed(self) -> bool:
        """Is there nothing that stops it?"""
        return not stopped(self.findings, self.strict)

    @property
    def result(self) -> str:
        """The result in a word or two."""
        if not self.readable:
            return "not read"
        if self.passed:
            return "passed"
        return "not passed" if stopped(self.findings) else "not passed (strict)"

    @property
    def first(self) -> str:
        """What stops it first, at its cell; '' when nothing does."""
        stops = stopped(self.findings, self.strict)
        if not stops:
            return ""
        where = " ".join([stops[0].sheet, *stops[0].addresses[:1]]).strip()
        return shown(f"{where}: {stops[0].message}" if where else stops[0].message)


def passed(outcomes: Sequence[Outcome]) -> bool:
    """Did all pass?"""
    return all(o.passed for o in outcomes)


def summary(outcomes: Sequence[Outcome]) -> str:
    """'40 workbooks: 31 passed, 8 not passed, 1 not read'."""
    n, unread = len(outcomes), sum(not o.readable for o in outcomes)
    good = sum(o.passed for o in outcomes)
    parts = [f"{good} passed", f"{n - good - unread} not passed", *([f"{unread} not read"] if unread else [])]
    return f"{n} {'workbook' if n == 1 else 'workbooks'}: {', '.join(parts)}"


def text(outcomes: Sequence[Outcome]) -> str:
    """A line a workbook; below it why it was not read, or that its Data folder was not found."""
    width = max((len(shown(o.path)) for o in outcomes), default=8)
    lines = [f"{'workbook':<{width}}  {'result':<19}  errors  warnings  notes"]
    for o in outcomes:
        n = counts(o.findings)
        numbers = f"{n['error']:>6}  {n['warning']:>8}  {n['note']:>5}"
        lines.append(f"{shown(o.path):<{width}}  {o.result:<19}  {numbers}")
        if not o.readable:
            lines.append(f"  {o.first}")
        if o.data_missing:
            lines.append("  Its Data folder was not found, so no file was compared.")
    return "\n".join([*lines, "", f"{summary(outcomes)}."]) + "\n"


def as_csv(outcomes: Sequence[Outcome]) -> str:
    """A line a workbook, with headings; texts that a spreadsheet would take for a formula are guarded."""
    return csv_of(map(line, outcomes))


def line(o: Outcome) -> list[str | int]:
    """What the table as CSV says of a workbook, in the order of its headings."""
    data = o.data or ("not found" if o.data_missing else "")
    numbers = counts(o.findings).values()
    return [o.path, o.result, "; ".join(labels(o.archives)), *numbers, data, o.first, o.report["sha256"]]


def csv_of(lines: Iterable[Sequence[str | int]]) -> str:
    """The table as CSV of such lines."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADINGS)
    for row in lines:
        writer.writerow([f"'{v}" if isinstance(v, str) and v.startswith(GUARDED) else v for v in row])
    return out.getvalue()


def as_json(outcomes: Sequence[Outcome]) -> str:
    """All reports, each as `check --format json` gives it, with its path and Data folder."""
    content = {
        "counts": {
            word: sum(o.result.startswith(word) for o in outcomes) for word in ("passed", "not passed", "not read")
        },
        "workbooks": [{"path": o.path, **o.report, "data": o.data or None} for o in outcomes],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def pages(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The index and a page for each workbook: name of the file -> text."""
    names = _names(outcomes)
    from rembi_sheets.report.page import template

    lines = [
        {
            "path": shown(o.path),
            "link": quote(name) if o.page else "",
            "result": o.result,
            "passed": o.passed,
            "archives": ", ".join(labels(o.archives)),
            "counts": list(counts(o.findings).values()),
            "first": o.first,
            "data": shown(o.data) if o.data else "not found" if o.data_missing else "",
        }
        for o, name in zip(outcomes, names, strict=True)
    ]
    index = template("index.html.j2").render(
        lines=lines, summary=summary(outcomes), passed=passed(outcomes), data=any(line["data"] for line in lines)
    )
    return {INDEX: index + "\n"} | {name: o.page for o, name in zip(outcomes, names, strict=True) if o.page}


def _names(outcomes: Sequence[Outcome]) -> list[str]:
    """A name for each page, after its workbook; unlike also where case does not count."""
    taken = {t.casefold() for t in _TAKEN}
    out = []
    for o in outcomes:
        stem, number = PurePath(o.path).stem, 1
        name = f"{stem}.html"
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}.html"
        taken.add(name.casefold())
        out.append(name)
    return out
