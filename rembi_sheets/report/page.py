"""Findings as one page that needs nothing else: no network, no script; filters are plain CSS."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rembi_sheets.findings import Finding, Severity, catalogue, counts
from rembi_sheets.report.scores import checked, picture
from rembi_sheets.report.words import addresses, by_sheet, labels, shown, stopped, summary, verdict
from rembi_sheets.score import Score, rules

if TYPE_CHECKING:
    from jinja2 import Template


def page(
    findings: Sequence[Finding],
    name: str,
    archives: Sequence[str] = (),
    sha256: str = "",
    score: Score | None = None,
    strict: bool = False,
) -> str:
    """The report as an HTML page.

    `archives` are those checked for, by their command-line names; `strict`: warnings count as errors.
    """
    mentioned = [a for f in findings for a in f.archives]
    known = list(dict.fromkeys((*archives, *mentioned)))
    codes = sorted({f.code for f in findings})
    return (
        template("page.html.j2").render(
            name=shown(name),
            sha256=sha256,
            summary=summary(findings),
            verdict=verdict(findings, archives, strict),
            passed=not stopped(findings, strict),
            counts=counts(findings),
            severities=[s.value for s in Severity],
            archives=labels(known),
            sheets=[
                {"title": shown(title), "findings": [_row(f, known) for f in group]}
                for title, group in by_sheet(findings).items()
            ],
            kinds=[catalogue()[c] for c in codes],
            picture=picture(score) if score else "",
            checked=checked(score) if score else "",
            formula=rules()["formula"] if score else "",
        )
        + "\n"
    )


def _row(f: Finding, archives: Sequence[str]) -> dict[str, Any]:
    numbers = [archives.index(a) + 1 for a in f.archives]
    return {
        "severity": f.severity.value,
        "classes": "".join([" some" if numbers else "", *(f" archive-{n}" for n in numbers)]),
        "cells": addresses(f, most=12) or "–",
        "column": shown(f.column),
        "message": shown(f.message),
        "fix": shown(f.fix),
        "archives": ", ".join(labels(f.archives)) or "all",
        "code": f.code,
        "each": [{"cells": addresses(p), "message": shown(p.message), "fix": shown(p.fix)} for p in f.parts],
    }


@cache
def template(name: str) -> Template:
    """A page of this room, by the name of its file."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("rembi_sheets.report", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(name)
