"""One cause in one cell is one finding, whatever the rules that met it."""

from __future__ import annotations

import re

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, Severity, catalogue, find, group
from rembi_sheets.schema import load


def at(row: int, column: int = 3) -> Place:
    return Place("People", row, column, "E-mail")


def required(*rows: int) -> list[Finding]:
    return [
        find(
            "REQUIRED-EMPTY",
            at(r),
            archive="EMPIAR",
            because="",
            help="An address.",
            otherwise="",
            archives=("empiar",),
        )
        for r in rows
    ]


def test_a_placeholder_where_a_value_is_needed_is_told_with_it() -> None:
    found = group([*(find("PLACEHOLDER", at(r), value="TBD") for r in (6, 8)), *required(6, 7)])
    told = {(f.code, f.addresses, f.severity) for f in found}
    assert told == {
        ("REQUIRED-EMPTY", ("C6",), Severity.ERROR),
        ("REQUIRED-EMPTY", ("C7",), Severity.ERROR),
        ("PLACEHOLDER", ("C8",), Severity.WARNING),
    }
    both = next(f for f in found if f.addresses == ("C6",))
    assert "TBD" in both.message and "needed" in both.message and both.value == "TBD"


def test_what_an_archive_misses_in_an_unusable_cell_is_no_finding_of_its_own() -> None:
    general = find("NUMBER-BAD", at(6), value="three", kind="a whole number", example="3")
    own = [find("EMPIAR-COUNT-UNKNOWN", at(r), value="Stacks", archives=("empiar",)) for r in (6, 7)]
    assert {(f.code, f.addresses) for f in group([general, *own])} == {
        ("NUMBER-BAD", ("C6",)),
        ("EMPIAR-COUNT-UNKNOWN", ("C7",)),
    }


def test_the_finding_that_speaks_for_both_stops_both() -> None:
    general = required(6)[0]
    own = find("BIA-YEAR-MISSING", at(6), value="x", archives=("bioimage-archive",))
    (one,) = group([general, own])
    assert one.severity is Severity.ERROR and "empiar" in one.archives


def test_texts_of_the_catalogue_name_columns_as_data() -> None:
    """{study.thumbnail} and not its label: only so a remedy knows what the workbook may lack."""
    schema = load()
    titles = {s.title for s in schema.sheets}
    labels = {c.label for s in schema.sheets for c in s.columns if " " in c.label and not c.own} - titles
    longest = sorted(map(re.escape, labels), key=len, reverse=True)
    label = re.compile(rf"(?<![\w-])({'|'.join(longest)})(?!\w)")
    for kind in catalogue().values():
        known = {schema[s][c].label for s, c in kind.names if c != "*"}
        for text in (kind.message, kind.fix):
            assert set(label.findall(text)) <= known, text
