"""Composed texts taken apart again: the opposite of `into_texts`, for all method columns and all ways to part lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembi_sheets import compose
from rembi_sheets.records import RECORDS, Channel, Method, Record, Specimen
from rembi_sheets.schema import Column, Kind, Origin, SheetSpec, load
from rembi_sheets.values import convert
from rembi_sheets.values.ranges import Range

SCHEMA = load()
METHODS = [c for s in SCHEMA.sheets for c in s.columns if c.origin is Origin.METHOD]
BETWEEN = sorted({SCHEMA.archive(n).between for n in SCHEMA.archive_names})
SHEETS = tuple(dict.fromkeys(c.sheet for c in METHODS))


def example(column: Column) -> Method:
    """A method column filled as its own example says, converted as a cell is."""
    held, problems = convert("yes" if column.kind is Kind.YESNO else column.example, column)
    assert not problems
    return Method(column.name, held)  # type: ignore[arg-type]


def record(sheet: str, methods: tuple[Method, ...] = (), **texts: str) -> Record:
    (cls,) = (r for r in RECORDS if sheet == r.SHEET)
    return cls(methods=methods, **texts)


def composed(made: Record, sheet: SheetSpec, between: str) -> Record:
    """As an archive has it: lines in the long texts, brackets behind the short ones, and no columns any more."""
    whole = compose.into_texts(made, sheet, between)
    shorts = {c.into.partition(".")[2] for c in sheet.columns if c.into} - {
        c.name for c in sheet.columns if c.kind is Kind.LONGTEXT
    }
    brackets = {n: getattr(whole, n) + compose.in_brackets(made, sheet, n) for n in shorts}
    return replace(whole, methods=(), **brackets)  # type: ignore[arg-type]


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("column", METHODS, ids=lambda c: c.name)
def test_each_column_alone(column: Column, between: str) -> None:
    sheet = SCHEMA[column.sheet]
    for free in ("", "As in the paper: 2 h at RT; then 4 °C."):
        made = record(column.sheet, (example(column),), **{column.into.partition(".")[2]: free})
        assert compose.out_of_texts(composed(made, sheet, between), sheet, between) == made


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("name", SHEETS)
def test_all_columns_of_a_sheet(name: str, between: str) -> None:
    sheet = SCHEMA[name]
    made = record(name, tuple(example(c) for c in METHODS if c.sheet == name))
    back = compose.out_of_texts(composed(made, sheet, between), sheet, between)
    assert back == made
    assert {type(m.value) for m in back.methods} == {type(m.value) for m in made.methods}


@pytest.mark.parametrize(
    ("said", "free", "held"),
    [
        ("Plunged.\nChamber humidity: 100 %", "Plunged.", {"chamber_humidity": (100, 100)}),
        ("Chamber humidity: 100 %\nkept cold", "Chamber humidity: 100 %\nkept cold", {}),
        ("Chamber humidity: about 100 %", "Chamber humidity: about 100 %", {}),
        ("Chamber humidity: 100", "Chamber humidity: 100", {}),
        ("Chamber temperature: 4 °C\nChamber humidity: 95 %", "Chamber temperature: 4 °C",
         {"chamber_humidity": (95, 95)}),
        ("Humidity: 100 %", "Humidity: 100 %", {}),
    ],
)  # fmt: skip
def test_what_a_person_typed_stays_or_composes_to_the_same(said: str, free: str, held: dict[str, Any]) -> None:
    sheet = SCHEMA["specimens"]
    back = compose.out_of_texts(Specimen(preparation=said), sheet, "\n")
    assert isinstance(back, Specimen)
    assert back.preparation == free
    assert {m.column: (m.value.low, m.value.high) for m in back.methods if isinstance(m.value, Range)} == held
    assert compose.into_texts(back, sheet, "\n").preparation == said  # type: ignore[attr-defined]


def test_brackets_that_are_no_lines_stay() -> None:
    sheet = SCHEMA["channels"]
    typed = Channel(content="H2B [C-terminal] [Excitation: 450-488, 561 nm, Detection: 500-550 nm]")
    back = compose.out_of_texts(typed, sheet, "\n")
    assert isinstance(back, Channel)
    assert back.content == "H2B [C-terminal]"
    assert [m.column for m in back.methods] == ["excitation_wavelength", "detection_wavelength"]
    for said in ("H2B [C-terminal]", "H2B [Excitation: 488 nm] mixed", "H2B [seen, Excitation: 488 nm]", "]", ""):
        assert compose.out_of_brackets(said, sheet, "content") == (said, ())


PIECES = ("acetone", "4 % PFA", "pH 7.5,", "10 min", "µ-slide", "x:y", "(2 h)", "Fixative", "RT.", "[a]", "“b”", "a, b")
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(" ".join)
NUMBERS = st.decimals(0, 1000, places=2)


def values(column: Column) -> st.SearchStrategy[Any]:
    if column.kind is Kind.YESNO:
        return st.just(True)
    if column.kind is Kind.INTEGER:
        return st.integers(1, 1000)
    if column.kind is Kind.RANGE:
        return st.lists(NUMBERS, min_size=1, max_size=2, unique=True).map(lambda n: Range(min(n), max(n)))
    if column.list and SCHEMA.lists[column.list].closed:
        return st.just(convert(column.example, column)[0])
    return WORDS if column.many else st.one_of(WORDS, st.just("4 %; 2 h, RT"))


@st.composite
def filled(draw: st.DrawFn) -> Record:
    sheet = draw(st.sampled_from(SHEETS))
    methods = []
    for c in (c for c in METHODS if c.sheet == sheet and draw(st.booleans())):
        one = values(c)
        value = tuple(draw(st.lists(one, min_size=1, max_size=3))) if c.many and c.kind is not Kind.YESNO else draw(one)
        methods.append(Method(c.name, value))
    texts = {c.into.partition(".")[2] for c in METHODS if c.sheet == sheet}
    return record(sheet, tuple(methods), **{n: draw(WORDS) for n in sorted(texts)})


@settings(deadline=None)
@given(filled(), st.sampled_from(BETWEEN))
def test_composed_text_read_back_gives_the_columns(made: Record, between: str) -> None:
    sheet = SCHEMA[made.SHEET]
    assert compose.out_of_texts(composed(made, sheet, between), sheet, between) == made


@settings(deadline=None)
@given(
    st.lists(st.one_of(WORDS, st.sampled_from([f"{c.phrase}: " for c in METHODS])), max_size=6).map("; ".join),
    st.sampled_from(["\n", "; "]),
)
def test_whatever_a_text_says_composes_to_the_same(said: str, between: str) -> None:
    sheet = SCHEMA["specimens"]
    back = compose.out_of_texts(Specimen(preparation=said), sheet, between)
    assert compose.into_texts(back, sheet, between).preparation == said  # type: ignore[attr-defined]
