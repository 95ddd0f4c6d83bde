"""The beginning of codes lists them; a word that is none of a choice has the nearest named."""

import pytest
from click.testing import CliRunner

from rembi_sheets.cli import cli
from rembi_sheets.findings import catalogue


@pytest.mark.parametrize("start", ["DISK", "plate-map", "Term", "IDR-"])
def test_the_beginning_of_codes_lists_all_of_them(start: str) -> None:
    made = CliRunner().invoke(cli, ["explain", start])
    listed = [line.split()[0] for line in made.output.splitlines()]
    begun = sorted(code for code in catalogue() if code.startswith(start.upper().rstrip("-") + "-"))
    assert made.exit_code == 0 and listed == begun and len(listed) > 2


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["check", "x.xlsx", "--format", "htm"], "html"),
        (["check", "x.xlsx", "--format", "jason"], "json"),
        (["score", "x.xlsx", "--format", "txt"], "text"),
        (["fill", "x.xlsx", "--format", "jsn"], "json"),
    ],
)
def test_the_nearest_form_is_named(arguments: list[str], near: str) -> None:
    made = CliRunner().invoke(cli, arguments)
    assert made.exit_code == 2 and f"Did you mean {near}?" in made.output
