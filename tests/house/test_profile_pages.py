"""What the page of a profile speaks of, the workbook of its command has; what it has not, comes with a command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.schema import load

SCHEMA = load()
PAGES = {p.name: Path(__file__).parents[2] / "docs" / "profiles" / f"{p.name}.md" for p in SCHEMA.profiles}
LABELS = {c.label for s in SCHEMA.sheets for c in s.columns if not c.own}
SHORT = {c.band: c.label for s in SCHEMA.sheets for c in s.columns if c.band and c.label.startswith(c.band)}
TITLES = {s.title for s in SCHEMA.sheets}


@pytest.mark.parametrize("profile", PAGES)
def test_the_workbook_of_a_page_has_what_the_page_names(profile: str, tmp_path: Path) -> None:
    """Columns are named in italics; a line of the page may say `add` with the columns that only some studies need."""
    text = PAGES[profile].read_text("utf-8")
    commands = re.findall(r"^rembi-sheets new \S+ (.*)$", text, re.M)
    assert commands
    added = set(re.findall(r'--column "[^":]+: ([^"]+)"', text))
    named = {re.sub(r"\s+", " ", n) for n in re.findall(r"(?<!\*)\*([^*\n]+(?:\n[^*\n]+)?)\*(?!\*)", text)}
    plain = {SHORT.get(n, n) for n in named}
    assert plain & LABELS
    for n, command in enumerate(commands):
        path = tmp_path / f"{n}.xlsx"
        assert CliRunner().invoke(cli, ["new", str(path), *command.split()]).exit_code == 0
        tables = pipeline.read(path).tables
        assert tables is not None
        shown = {t.sheet[n].label for t in tables for n in t.columns if n in t.sheet.by_name}
        titles = {t.title for t in tables if t.columns}
        assert plain & LABELS <= shown | added | titles, command
        assert plain & TITLES - LABELS <= titles, command


def test_the_pages_say_how_to_get_less_and_more() -> None:
    for page in PAGES.values():
        assert "--level essential" in page.read_text("utf-8"), page.name
