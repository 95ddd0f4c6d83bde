"""The catalogue: every code complete, its texts fillable, its documentation whole."""

from __future__ import annotations

import re
import string

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.findings import catalogue
from rembi_sheets.findings.samples import sample
from rembi_sheets.report.catalogue import markdown

ALWAYS = {"value", "label", "sheet", "near"}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_code_is_complete(code: str) -> None:
    kind = catalogue()[code]
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*", code) and len(code) <= 30
    for text in (kind.message, kind.fix, kind.explain, kind.example, kind.title):
        assert text.strip() == text
    assert all((kind.message, kind.fix, kind.explain, kind.example, kind.title))
    assert kind.message.endswith((".", "?", ":", "}", "!")) and not kind.title.endswith(".")
    for text in (kind.message, kind.fix):
        assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(text))
    if kind.archive:
        assert code.split("-")[0] in ("BIA", "EMPIAR", "IDR")


def test_the_page_has_every_code() -> None:
    assert set(re.findall(r"^### (\S+)$", markdown(), re.MULTILINE)) == set(catalogue())


@pytest.mark.parametrize("code", ["REF-UNKNOWN", "file-damaged"])
def test_explain_prints_a_code(code: str) -> None:
    done = CliRunner().invoke(cli, ["explain", code])
    kind = catalogue()[code.upper()]
    assert done.exit_code == 0 and kind.explain in done.output and kind.example in done.output


def _likeness(template: str) -> str:
    """A text of the catalogue as a pattern: whatever stands in its fields."""
    parts = string.Formatter().parse(template)
    return "".join(re.escape(text) + ("" if name is None else ".*") for text, name, _, _ in parts)


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_what_a_code_says_is_of_todays_wording(code: str) -> None:
    """A text that was changed since calls for `make samples`."""
    kind = catalogue()[code]
    says, remedy = sample(kind)
    assert re.search(_likeness(kind.message), says, re.S), "run: make samples"
    assert re.search(_likeness(kind.fix), remedy, re.S), "run: make samples"
    assert not kind.sample or set(kind.sample) == _fields(kind.message + kind.fix)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
