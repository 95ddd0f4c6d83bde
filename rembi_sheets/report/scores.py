"""Scores as text with bars, JSON, CSV, and as a picture (inline SVG) for the HTML report."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rembi_sheets.report.words import GUARDED, some
from rembi_sheets.score import Missing, Part, Score, rules

_BAR = 20


def text(scores: Mapping[str, Score], missing: int = 10) -> str:
    """One workbook in full, with bars and the most valuable gaps; several as a table."""
    if len(scores) == 1:
        (name, score) = next(iter(scores.items()))
        return _one(name, score, missing)
    width = max((len(n) for n in scores), default=8)
    lines = [f"{'workbook':<{width}}   total  errors  warnings"]
    for name, s in scores.items():
        c = s.correctness
        lines.append(f"{name:<{width}}  {s.total:5.1f} %  {c['errors']:>5}  {c['warnings']:>8}")
    return "\n".join(lines) + "\n"


def _one(name: str, score: Score, missing: int) -> str:
    lines = [f"{name}: {score.total:.1f} % of REMBI filled in", ""]
    for title, parts in (
        ("By module of REMBI", score.modules),
        ("By archive", score.archives),
        ("For whom it suffices", score.readers),
    ):
        lines.append(title)
        lines += [f"  {p.name:<27} {bar(p.score)} {p.score:5.1f} %" for p in parts]
        lines.append("")
    c = score.correctness
    lines += [
        f"Correctness: {c['errors']} errors, {c['warnings']} warnings, "
        f"{c['terms_with_id']} of {c['terms']} terms with an identifier"
        + (f", {c['files_found']} of {c['files_listed']} files found" if "files_listed" in c else "")
        + (f", {c['confirmed_by_headers']} cells confirmed by headers" if "confirmed_by_headers" in c else ""),
        *([told] if (told := checked(score)) else []),
        *score.unread,
        "",
    ]
    if score.missing:
        lines.append("What would add most")
        for m in score.missing[:missing]:
            lines.append(f"  +{m.gain:4.1f}  {m.column}  ({_where(m)})")
        lines.append("")
    lines.append(f"How it is counted: {rules()['formula']}")
    return "\n".join(lines) + "\n"


def checked(score: Score) -> str:
    """How many values a source knows, in a sentence; '' where the workbook has no list of what was filled in."""
    c = score.correctness
    if "values" not in c:
        return ""
    both = c["values_filled_in"] + c["values_confirmed"]
    return (
        f"Checked against a source: {both} of {c['values']} values, "
        f"{c['values_filled_in']} filled in from it and {c['values_confirmed']} confirmed by it"
    )


def _where(m: Missing) -> str:
    """The cells to fill; where there are none, the sheet or the command that makes them."""
    if m.absent:
        return f'a new column: rembi-sheets add WORKBOOK COPY.xlsx --column "{m.sheet}: {m.column}"'
    if not m.cells:
        return f"sheet {m.sheet}"
    return f"{m.sheet} {some(m.cells)}"


def bar(score: float) -> str:
    """A bar of 20 signs."""
    full = round(score / 100 * _BAR)
    return "█" * full + "░" * (_BAR - full)


def as_json(scores: Mapping[str, Score]) -> str:
    """All scores as JSON, with the formula."""
    content = {
        "formula": rules()["formula"],
        "weights": rules()["weights"],
        "workbooks": [{"workbook": n, **_without_nothing(dataclasses.asdict(s))} for n, s in scores.items()],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _without_nothing(said: dict[str, Any]) -> dict[str, Any]:
    """What was not read is named only where there is something."""
    return {key: value for key, value in said.items() if value or key != "unread"}


def as_csv(scores: Mapping[str, Score]) -> str:
    """A line a workbook; names that a spreadsheet would take for a formula are guarded by an apostrophe."""
    columns = list(dict.fromkeys(p.name for s in scores.values() for p in (*s.modules, *s.archives, *s.readers)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Workbook", "Total", *columns, "Errors", "Warnings", "Terms", "Terms with identifier"])
    for name, s in scores.items():
        parts = {p.name: p.score for p in (*s.modules, *s.archives, *s.readers)}
        c = s.correctness
        shown = f"'{name}" if name.startswith(GUARDED) else name
        values = [parts.get(n, "") for n in columns]
        writer.writerow([shown, s.total, *values, c["errors"], c["warnings"], c["terms"], c["terms_with_id"]])
    return out.getvalue()


def picture(score: Score) -> str:
    """The bars as one SVG element with a title and a description for screen readers."""
    rows: list[Part] = [Part("REMBI in all", score.total, 0, 0), *score.modules, *score.archives, *score.readers]
    height = 24 * len(rows) + 8
    said = "; ".join(f"{p.name} {p.score:.0f} percent" for p in rows)
    out = [
        f'<svg class="score" role="img" aria-labelledby="score-t score-d" viewBox="0 0 640 {height}" '
        f'width="640" height="{height}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="score-t">Completeness</title><desc id="score-d">{html.escape(said)}</desc>',
    ]
    out += _rows(rows)
    return "\n".join([*out, "</svg>"])


def _rows(rows: Sequence[Part]) -> list[str]:
    out = []
    for i, p in enumerate(rows):
        y = 8 + 24 * i
        out.append(
            f'<text x="0" y="{y + 11}" font-size="13">{html.escape(p.name)}</text>'
            f'<rect x="230" y="{y}" width="320" height="14" fill="#e6eaee"/>'
            f'<rect x="230" y="{y}" width="{3.2 * p.score:.1f}" height="14" fill="#24507a"/>'
            f'<text x="560" y="{y + 11}" font-size="13">{p.score:.1f} %</text>'
        )
    return out
