"""What a cell says does nothing: no formula, no markup, no way out of a folder, no address where none is asked for."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from rembi_sheets import archives, pipeline
from rembi_sheets.report.page import page
from rembi_sheets.report.text import text
from rembi_sheets.schema import load
from rembi_sheets.submission import from_tables
from rembi_sheets.tables import from_book
from rembi_sheets.workbook.annotate import annotate
from tests.cases.harness import Editor, findings
from tests.support import TODAY
from tests.workbook.bad_files import good

EVIL = ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("evil", EVIL)
def test_a_value_is_no_formula_in_a_marked_copy(evil: str) -> None:
    editor = Editor("good")
    editor.apply({"set": {"Specimens/Biosample/1": evil, "Study/License": evil}})
    found = findings(editor)
    assert any(evil.strip() == f.value for f in found)
    book = openpyxl.load_workbook(io.BytesIO(annotate(good(), found)))
    assert not [c for row in book["Problems"].iter_rows() for c in row if c.data_type == "f"]


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "'\"><b onclick=x>", "{{ 7 * 7 }}", "{% raw %}"])
def test_a_value_is_no_markup(evil: str) -> None:
    editor = Editor("good")
    editor.apply({"set": {"Specimens/Biosample/1": evil}, "head": {"People/ORCID": evil}})
    made = page(findings(editor), evil)
    assert evil not in made if "<" in evil or '"' in evil else evil in made
    assert "49" not in made.split("</style>")[1] or "7" in evil


@pytest.mark.parametrize("path", ["../../secret.tsv", "/etc/passwd", "results/../../secret.tsv", "C:\\secret.tsv"])
def test_a_path_in_a_cell_leads_nowhere(tmp_path: Path, path: str) -> None:
    home = tmp_path / "home" / "study"
    home.mkdir(parents=True)
    (tmp_path / "secret.tsv").write_text("top secret", "utf-8")
    book = openpyxl.load_workbook(io.BytesIO(good()))
    sheet = book["Analysed data"]
    sheet.cell(5, 6).value, sheet.cell(6, 6).value = "Result files", path
    book["Study"]["B11"] = "../.."
    book.save(home / "study.xlsx")
    checked = pipeline.check(pipeline.read(home / "study.xlsx"), today=TODAY)
    assert checked.submission is not None
    assert not any(b"secret" in content for content in checked.submission.attachments.values())
    assert not any(p.startswith("/") or ".." in p for p in checked.submission.attachments)


def test_addresses_stand_only_where_an_archive_asks() -> None:
    tables, _ = from_book(Editor("good").made(), load())
    sub = from_tables(tables)
    package = archives.package("idr")
    files = package.render(package.build(sub, TODAY).document).files
    for name, content in files.items():
        data = content if isinstance(content, bytes) else b"".join(content())
        assert b"@example.org" not in data or name.endswith("-study.txt"), name


def test_no_report_opens_a_file_or_a_link() -> None:
    editor = Editor("good")
    editor.apply({"set": {"Links/Link/1": "javascript:alert(1)", "Files/Path/1": "file:///etc/passwd"}})
    found = findings(editor)
    assert 'href="javascript' not in page(found, "a.xlsx") and 'href="file' not in page(found, "a.xlsx")
    assert "\x1b]8" not in text(found, "a.xlsx", colour=True)
