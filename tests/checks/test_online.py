"""Asking the look-up service: what it knows is a note at the cell, what fails is a note and nothing more."""

from __future__ import annotations

from rembi_sheets.checks import online
from rembi_sheets.vocabularies import Entry, Match, Resolution
from tests import support


class Stub:
    """Knows one species, and fails when asked for anything else."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def resolve(self, text: str, name: str) -> Resolution:
        self.asked.append((text, name))
        if text == "Ursus arctos":
            return Resolution(text, Entry("Ursus arctos", "NCBITaxon:9644"), Match.LABEL, "OLS", "2026-11-22")
        self.notes.append("The Ontology Lookup Service gave no answer: timed out.")
        return Resolution(text, None, Match.NONE, "OLS", "")


def test_only_unknown_terms_are_asked_for_and_the_answer_stands_at_the_cell() -> None:
    sheets = support.study()
    sheets["Biosamples"][0]["Organism"] = "Ursus arctos"
    stub = Stub()
    findings = online.check(support.tables(sheets)[0], stub)
    assert stub.asked == [("Ursus arctos", "organism")]
    assert [(f.code, f.sheet, f.addresses, f.suggestions) for f in findings] == [
        ("TERM-ONLINE", "Biosamples", ("C6",), ("Ursus arctos [NCBITaxon:9644]",))
    ]


def test_a_failure_is_one_note() -> None:
    sheets = support.study()
    sheets["Biosamples"][0] |= {"Organism": "Nullus nemo", "Biological entity": "no such thing"}
    findings = online.check(support.tables(sheets)[0], Stub())
    assert [(f.code, f.severity) for f in findings] == [("ONLINE-FAILED", "note")]
