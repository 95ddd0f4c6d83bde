"""What IDR needs of tables of results and of phenotypes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.document import ONLY
from rembi_sheets.archives.idr.facts.annotation import Planner
from rembi_sheets.archives.idr.facts.processed import Processed, phenotype_heading, phenotypes, processed, unfit
from rembi_sheets.archives.idr.facts.results import Results
from rembi_sheets.archives.idr.facts.rows import Joins
from rembi_sheets.archives.idr.facts.rows import find as record
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.idr.facts.text import cell
from rembi_sheets.findings import Finding, find


def check(joins: Joins, seen: list[Survey]) -> list[Finding]:
    """Every finding on results and phenotypes."""
    out: list[Finding] = []
    for s in seen:
        found = processed(joins.submission, s.component)
        if found is not None:
            out += _table(joins, s, found)
        out += _unused(joins, s, found)
    return out


def _table(joins: Joins, s: Survey, found: Processed) -> Iterator[Finding]:
    sub = joins.submission
    file_at = sub.place(found.analysis, "result_files")
    if not found.path:
        return  # columns of a table that is no file of the study
    if found.table is None:
        code = "IDR-RESULT-FORMAT" if found.path in sub.attachments else "IDR-RESULT-UNREAD"
        yield find(code, file_at, value=found.path, archives=ONLY)
    else:
        yield from _described(joins, found)
    if not found.columns:
        return
    rest = _some(cell(c.column_name) for c in found.columns if not c.links_to_files)
    if not found.links:
        at = sub.place(found.columns[0], "links_to_files")
        yield find("IDR-LINK-MISSING", at, file=found.path, rest=rest, archives=ONLY)
        return
    results = Results(Planner(joins, s), found)
    for column in found.columns:
        if column.links_to_files and s.rows and results.link(cell(column.column_name)) is None:
            at = sub.place(column, "column_name")
            yield find("IDR-LINK-UNKNOWN", at, value=column.column_name, file=found.path, rest=rest, archives=ONLY)
    if found.table is not None and results.linked is not None:
        yield from _headings(joins, found, results)
        yield from _joined(joins, s, found, results)


def _some(headings: Iterable[str]) -> str:
    """The first few of some headings."""
    found = list(headings)
    return ", ".join(found[:8]) + (" .." if len(found) > 8 else "")


def _headings(joins: Joins, found: Processed, results: Results) -> Iterator[Finding]:
    """Headings of the table that cannot head a column of the annotation CSV, into which its columns go."""
    assert found.table is not None
    for heading, reason in unfit(found.table.header, results.taken, joins.submission).items():
        at = joins.submission.place(found.analysis, "result_files")
        yield find("IDR-RESULT-HEADING", at, value=heading, reason=reason, file=found.path, archives=ONLY)


def _described(joins: Joins, found: Processed) -> Iterator[Finding]:
    """Headings described and headings in the file (rule 57)."""
    sub = joins.submission
    assert found.table is not None
    for column in found.columns:
        name = cell(column.column_name)
        if name and not found.places(name):
            near = vocabularies.near(name, found.table.header, 1)
            at = sub.place(column, "column_name")
            yield find("IDR-COLUMN-UNKNOWN", at, value=name, file=found.path, suggestions=near, archives=ONLY)
    named = {found.table.header[p] for c in found.columns for p in found.places(cell(c.column_name))}
    rest = _some(h for h in found.table.header if h and h not in named)
    if rest:
        at = sub.place(found.analysis, "result_files")
        yield find("IDR-COLUMN-UNDESCRIBED", at, value=rest, file=found.path, archives=ONLY)
    for place, heading in enumerate(found.table.header):
        if phenotype_heading(heading):
            for value in dict.fromkeys(row[place] for row in found.table if row[place]):
                if record(joins.phenotypes, value) is None:
                    at = sub.place(found.analysis, "result_files")
                    near = vocabularies.near(value, [p.name for p in sub.phenotypes], 1)
                    yield find(
                        "IDR-PHENOTYPE-UNKNOWN", at, value=value, file=found.path, suggestions=near, archives=ONLY
                    )


def _joined(joins: Joins, s: Survey, found: Processed, results: Results) -> Iterator[Finding]:
    """Rows of the table that meet no row of Files, or meet one another."""
    at = joins.submission.place(found.analysis, "result_files")
    if found.repeated:
        shown = ", ".join(found.repeated[:3]) + (" .." if len(found.repeated) > 3 else "")
        yield find("IDR-LINK-TWICE", at, value=shown, file=found.path, archives=ONLY)
    left = dict.fromkeys(results.rows)
    for part in joins.parts(s.component):
        for key in results.keys(part):
            left.pop(key, None)
    if left:
        first = " ".join(next(iter(left))) or "without a value"
        yield find("IDR-LINK-NOWHERE", at, value=first, n=len(left), file=found.path, archives=ONLY)


def _unused(joins: Joins, s: Survey, found: Processed | None) -> Iterator[Finding]:
    """Phenotypes that no row and no result has; not judged while a table of results is not at hand."""
    sub = joins.submission
    table = found.table if found else None
    if found is not None and table is None:
        return
    places = [n for n, h in enumerate(table.header) if phenotype_heading(h)] if table else []
    shown = {record(joins.phenotypes, v) for v in {row[n] for row in table for n in places}} if table else set()
    for p in phenotypes(sub, s.component):
        if p.name not in s.phenotypes and p not in shown:
            yield find("IDR-PHENOTYPE-UNUSED", sub.place(p, "name"), value=p.name, archives=ONLY)
