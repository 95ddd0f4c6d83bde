"""Submission -> Tables: the inverse of `from_tables`, for every example and for what no example holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import examples, pipeline
from rembi_sheets.records import RECORDS, Biosample, ImageAcquisition, ImageData, Method, Record, Study
from rembi_sheets.schema import first_choice, load
from rembi_sheets.submission import Submission, from_tables, of_records, to_tables
from rembi_sheets.tables import Tables, from_book, made, to_book
from rembi_sheets.values import Range, Term, parse_variable
from rembi_sheets.workbook import write


def contents(sub: Submission) -> dict[str, Any]:
    """Everything that a submission says: records by sheet, and the rows of Files."""
    records = {c.SHEET: getattr(sub, c.SHEET) for c in RECORDS}
    parts = [[dict(zip(part.names, cells, strict=True)) for _, cells in part.records()] for part in sub.file_parts()]
    rows = [{n: v for n, v in row.items() if v is not None} for part in parts for row in part]
    return {**records, "files": rows}


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Submission]:
    def read(name: str) -> Submission:
        path = tmp_path_factory.mktemp(name) / f"{name}.xlsx"
        path.write_bytes(examples.workbook_bytes(name))
        tables = pipeline.read(path).tables
        assert tables is not None
        return from_tables(tables)

    return read


@pytest.mark.parametrize("name", examples.names())
def test_tables_of_an_example_say_what_it_says(
    name: str, submissions: Callable[[str], Submission], tmp_path: Path
) -> None:
    """At once, and after having been a workbook."""
    sub = submissions(name)
    tables = to_tables(sub)
    assert contents(from_tables(tables)) == contents(sub)
    path = tmp_path / "again.xlsx"
    path.write_bytes(write.filled(sub.schema, first_choice(sub.schema, "", (), ""), tables))
    again = pipeline.read(path)
    assert again.tables is not None and not [f.code for f in again.findings]
    assert contents(from_tables(again.tables)) == contents(sub)


def made_up() -> Submission:
    """Records such as an archive's record gives: no workbook, no rows, terms that no list knows, method columns."""
    schema = load()
    sample = Biosample(
        identity="Péri-derm, 2",
        organisms=(Term("Homo sapiens", "NCBITaxon:9606"), Term("No such beast")),
        biological_entities=(Term("bark", "PO:0004518"),),
        extrinsic_variables=(parse_variable("dose: 5 nM"), parse_variable("dark")),
    )
    instrument = next(c for c in schema["image_acquisition"].columns if c.into.endswith(".instrument"))
    acquisition = ImageAcquisition(
        name="A", instrument="Scope", methods=(Method(instrument.name, ("x",) if instrument.many else "x"),)
    )
    first = ImageData(name="raw", image_acquisition=acquisition, biosamples=(sample,), pixel_size_x=Decimal("0.065"))
    second = ImageData(name="made", source_image_data=(first,))
    files = made(
        schema["files"],
        {"path": ["a.tif", "b.tif"], "image_data": ["raw", "made"], "own:Dose": ["1", None]},
    )
    return of_records(
        schema,
        {
            "study": [Study(study_title="T", keywords=("a", "b"))],
            "biosamples": [sample],
            "image_acquisition": [acquisition],
            "image_data": [first, second],
        },
        files,
    )


def test_records_that_no_workbook_holds_become_tables() -> None:
    sub = made_up()
    tables = to_tables(sub)
    assert contents(from_tables(tables)) == contents(sub)
    assert sub.own_columns == ("Dose",) and sub.file_counts == {"raw": 1, "made": 1}
    assert list(tables["image_data"].frame.index) == [2, 3] and tables["image_data"].place(3, "name").a1 == "A3"


def test_their_rows_are_where_a_book_has_them() -> None:
    """A finding about such tables names the cell that a book made of them has."""
    tables = to_tables(made_up())
    read, findings = from_book(to_book(tables), tables.schema)
    assert not [f for f in findings if f.severity == "error"]
    assert contents(from_tables(read)) == contents(from_tables(tables))
    for sheet in ("study", "biosamples", "image_data", "files"):
        held = [n for n in tables[sheet].frame.columns if tables[sheet].frame[n].notna().any()]
        for name in held:
            row = int(read[sheet].frame.index[-1])
            assert read[sheet].place(row, name) == tables[sheet].place(row, name), (sheet, name)


def test_every_field_has_its_way_back() -> None:
    """No field of a record is forgotten: each, filled alone, stands in a cell of its sheet."""
    schema = load()
    named = {c.SHEET: c for c in RECORDS}
    for cls in RECORDS:
        for column in schema[cls.SHEET].columns:
            if column.name not in {f.name for f in dataclasses.fields(cls)}:
                continue
            value = _named(named[column.reference]) if column.reference in named else _some(column)
            record = cls(**{column.name: (value,) if column.many else value})
            records = {cls.SHEET: [record]}
            cells = to_tables(of_records(schema, records))[cls.SHEET].frame[column.name]
            assert cells.iloc[0] is not None, (cls.SHEET, column.name)


def _named(cls: type[Record]) -> Record:
    fields: dict[str, Any] = {"identity" if cls is Biosample else "name": "n"}
    return cls(**fields)


def _some(column: Any) -> Any:
    kind = str(column.kind)
    samples = {
        "term": Term("x"),
        "variable": parse_variable("a: b"),
        "yesno": False,
        "integer": 0,
        "number": Decimal(0),
    }
    return samples.get(kind, Range("1", Decimal(1), Decimal(1)) if kind == "range" else "x")


def test_tables_are_all_there() -> None:
    tables = to_tables(of_records(load(), {}))
    assert isinstance(tables, Tables) and [t.sheet.name for t in tables] == [s.name for s in load().sheets]
