"""Random workbooks give valid files or findings, never an invalid file and never a traceback.

Twenty of each kind in every run; REMBI_SHEETS_RANDOM=200 makes more.
"""

from __future__ import annotations

import copy
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rembi_sheets import checks
from rembi_sheets.archives import package
from rembi_sheets.archives.empiar.document import JSON
from rembi_sheets.findings import Severity, stops
from rembi_sheets.schema import Kind, Layout, load
from rembi_sheets.submission import from_tables
from rembi_sheets.vocabularies import entries
from tests.archives.empiar.judges import schema_errors
from tests.archives.empiar.studies import FIB_SEM
from tests.support import STUDY, TODAY, tables

empiar = package("empiar")
RUNS = int(os.environ.get("REMBI_SHEETS_RANDOM", "20"))

ODD = [
    "O'Brien",
    "van der Berg",
    "Jr",
    "李",
    "Łukasz-Jan",
    "Smith (2)",
    "a b; c d",
    "x" * 90,
    "x" * 300,
    "e14",
    "7(12)",
    "2235-2247",
    "1-3",
    "<&>\"'",
    "]]>",
    "line\nbreak",
    "tab\there",
    "\u2028\u0085",
    "movies/*.tif",
    "a/b/",
    "a /b*.tif",
    "a  b/ *.mrc",
    "/abs",
    "EMD-1234",
    "EMD-12",
    "S-BIAD1",
    "idr0001",
    "https://workflowhub.eu/workflows/1",
    "10.1234/abc",
    "10.1234/<x>",
    "0000-0002-1825-0097",
    "o'brien@example.org",
    "a@b.org",
    "Smith JW; Doe J",
    "Portuguese",
    "🔬",
    "Ω",
    " ",
    0,
    1,
    -3,
    0.5,
    1e-12,
    1e30,
    2024,
    True,
]


def _values(column: Any) -> st.SearchStrategy[Any]:
    options = [st.none(), st.sampled_from(ODD)]
    if column.kind in (Kind.CHOICE, Kind.TERM, Kind.YESNO) and column.list:
        options += [st.sampled_from([e.label for e in entries(column.list)])] * 3
    if column.kind is Kind.REFERENCE:
        names = ["Beispiel", "Example Institute", "Raw slices", "Aligned volume", "Organoid stacks", "Cleared organoid"]
        options.append(st.sampled_from(names))
    if column.kind in (Kind.INTEGER, Kind.NUMBER):
        options += [st.integers(1, 5000), st.sampled_from([0.543, 12.5, 650.0, 1e-3])]
    options.append(st.just(column.example))
    return st.one_of(options)


@st.composite
def workbooks(draw: st.DrawFn) -> dict[str, Any]:
    """A good study with some of its cells, and cells it lacks, changed; rows are now and then added."""
    sheets = copy.deepcopy(draw(st.sampled_from([FIB_SEM, STUDY])))
    schema = load()
    often = [schema[n] for n in ("study", "people", "organisations", "publications", "links", "image_data")]
    for _ in range(draw(st.integers(1, 8))):
        sheet = draw(st.sampled_from([*often, *often, *schema.sheets]))
        column = draw(st.sampled_from([c for c in sheet.columns if not c.own]))
        value = draw(_values(column))
        if sheet.layout is Layout.FORM:
            sheets[sheet.title][column.label] = value
            continue
        rows = sheets.setdefault(sheet.title, [])
        if not rows or draw(st.integers(0, 5)) == 0:
            rows.append(copy.deepcopy(rows[-1]) if rows and draw(st.booleans()) else {})
        rows[draw(st.integers(0, len(rows) - 1))][column.label] = value
    return sheets


# Control characters are an error of their own (TEXT-CONTROL); they would hide what the others do.
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@st.composite
def texts(draw: st.DrawFn) -> dict[str, Any]:
    """The FIB-SEM study with any text in cells that take free text, a publication and a link of the kind among them."""
    sheets = copy.deepcopy(FIB_SEM)
    paper = {"Title": "A paper", "Year": 2024, "Pages": "1-2", "DOI": "10.1234/a", "Authors": "Beispiel A"}
    sheets["Publications"] = [{**paper, "Publication type": draw(st.sampled_from(["preprint", "book", "thesis"]))}]
    sheets["Funding"] = [{"Funder": "Fund", "Grant ID": "1"}]
    free = [
        (sheet.title, column.label, row)
        for sheet in load().sheets
        for column in sheet.columns
        if column.kind in (Kind.TEXT, Kind.LONGTEXT) and column.format is None and not column.own and not column.ids_of
        for row in range(0 if sheet.layout is Layout.FORM else len(sheets.get(sheet.title, ())))
    ]
    for title, label, row in draw(st.lists(st.sampled_from(free), min_size=1, max_size=6)):
        sheets[title][row][label] = draw(ANY_TEXT)
    sheets["Study"]["Study description"] = draw(ANY_TEXT)
    sheets["Image data"][0]["Folder or file pattern"] = draw(ANY_TEXT)
    return sheets


@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(texts())
def test_any_text_is_written_or_found(sheets: dict[str, Any]) -> None:
    judged(sheets)


@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(workbooks())
def test_valid_files_or_findings(sheets: dict[str, Any]) -> None:
    judged(sheets)


def judged(sheets: dict[str, Any]) -> None:
    """Errors, or files that the depositor's schema and the XSD take and that read back to the same deposition."""
    made, found = tables(sheets)
    submission = from_tables(made)
    findings = [*found, *checks.check(made, ("empiar",)), *empiar.check(submission, TODAY)]
    if stops(findings, "empiar"):
        return
    built = empiar.build(submission, TODAY)
    rendered = empiar.render(built.document)
    assert [f.message for f in rendered.findings if f.severity is Severity.ERROR] == []
    files = {name: content for name, content in rendered.files.items() if isinstance(content, bytes)}
    assert schema_errors(files[JSON]) == []
    assert empiar.parse(files).document == built.document
