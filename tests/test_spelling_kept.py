"""`fix` never changes meaning: what is accepted stays, and what is changed is a spelling of the same thing.

Every word of every list, every organism, licence and name goes through `fix` with every option, one column at a time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.cells import Book, Sheet
from rembi_sheets.repair import repairs
from rembi_sheets.schema import Column, Kind, load
from rembi_sheets.vocabularies import same_word

COLUMNS = [c for s in load().sheets for c in s.columns if c.kind in (Kind.CHOICE, Kind.TERM)]
SIGNS = re.compile(r"[\d+%/<>]")


def after(column: Column, values: Sequence[str]) -> dict[str, str]:
    """Old -> new value of every cell of a column that `fix` with suggestions changes."""
    spec = load()[column.sheet]
    if spec.layout == "form":
        return {
            v: change.new
            for v in values
            for change, _ in repairs(book(spec.title, [[column.label, v]]), suggestions=True)
        }
    changed = repairs(book(spec.title, [[column.label], *([v] for v in values)]), suggestions=True)
    return {change.old: change.new for change, _ in changed}


def book(title: str, rows: list[list[str]]) -> Book:
    return Book("a.xlsx", "", (Sheet(title, rows),))


def spellings(name: str) -> list[str]:
    return [s for e in vocabularies.entries(name) for s in (e.label, *e.synonyms) if ";" not in s]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c.sheet}-{c.name}")
def test_every_word_of_a_list_stays(column: Column) -> None:
    labels = [e.label for e in vocabularies.entries(column.list) if ";" not in e.label]
    assert after(column, labels) == {}
    symbols = vocabularies.source(column.list).symbols
    words = spellings(column.list)
    if load()[column.sheet].layout == "form":  # one value at a time, which takes longer
        words = words[:10]
    for old, new in after(column, words).items():
        assert symbols or same_word(old, new), f"{old} became {new}"
        assert vocabularies.resolve(old, column.list).entry == vocabularies.resolve(new, column.list).entry


def variants(label: str, rng: random.Random) -> Iterable[str]:
    """Other things with nearly the same name: a digit, word, sign or short word more, less or otherwise."""
    words = label.split()
    yield f"{label} {rng.choice(['2', 'T', 'E6', 'NC', 'x', 'sp.', '(left)', '+/-'])}"
    yield f"{rng.choice(['non', 'left', 'anti', 'Neo', 'pre'])} {label}"
    if len(words) > 1:
        yield " ".join(words[:-1])
        yield " ".join(words[1:])
        yield " ".join([*words[:-1], rng.choice(["simulans", "rattus", "borealis", "cells of rats"])])
    digit = re.search(r"\d", label)
    if digit:
        other = str((int(digit[0]) + rng.randint(1, 8)) % 10)
        yield label[: digit.start()] + other + label[digit.end() :]
        yield label[: digit.start()] + label[digit.end() :]


@pytest.mark.parametrize(
    "column", [c for c in COLUMNS if c.list in ("organism", "license", "biological_entity", "role", "imaging_method")],
    ids=lambda c: f"{c.sheet}-{c.name}",
)  # fmt: skip
def test_other_things_stay(column: Column) -> None:
    rng = random.Random(13)
    things = [v for e in vocabularies.entries(column.list) for v in variants(e.label, rng)]
    things += [e.label for e in vocabularies.entries("license_other")] if column.list == "license" else []
    things = [t for t in dict.fromkeys(things) if t and ";" not in t]
    if load()[column.sheet].layout == "form":
        things = things[:40]
    for old, new in after(column, things).items():
        before, behind = (vocabularies.resolve(v, column.list).entry for v in (old, new))
        assert before == behind or same_word(old, new), f"{old} became {new}"
        assert SIGNS.findall(old) == SIGNS.findall(new)


def test_a_slip_is_mended() -> None:
    """The walk of these tests does change what is misspelled."""
    organisms = load()["biosamples"]["organisms"]
    assert after(organisms, ["Homo sapeins", "Rattus rattus"]) == {"Homo sapeins": "Homo sapiens"}
    assert after(load()["study"]["license"], ["cc by 4.0", "CC BY-NC 4.0"]) == {"cc by 4.0": "CC BY 4.0"}


def test_species_of_one_genus_stay() -> None:
    """Each genus with the epithets of the others: none becomes the species of the list."""
    column = load()["biosamples"]["organisms"]
    names = [e.label.split() for e in vocabularies.entries("organism") if re.fullmatch(r"[A-Z][a-z]+ [a-z]+", e.label)]
    rng = random.Random(13)
    made = {f"{one[0]} {rng.choice(names)[1]}" for one in names for _ in range(4)}
    assert after(column, sorted(made - {" ".join(n) for n in names})) == {}


def test_names_of_rows_stay() -> None:
    """References to names that differ in what counts are asked for, and none is put for another."""
    names = ["HEK293", "MCF-7", "Mouse E13.5 left", "Dose 1,300 nM", "Batch A", "p53 -/-", "Treated"]
    typed = [
        "HEK293T",
        "MCF-10A",
        "Mouse E14.5 left",
        "Dose 1.300 nM",
        "Batch B",
        "p53 +/-",
        "Untreated",
        "Mouse E13.5",
    ]
    samples = Sheet("Biosamples", [["Identity"], *([n] for n in names)])
    specimens = Sheet("Specimens", [["Name", "Biosample"], *([f"S{i}", t] for i, t in enumerate(typed))])
    assert repairs(Book("a.xlsx", "", (samples, specimens)), suggestions=True) == []
