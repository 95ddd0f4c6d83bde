"""Every move from one version to the next, on filled workbooks of a made-up version 1.2."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from rembi_sheets import checks, schema
from rembi_sheets.cells import Book, Sheet
from rembi_sheets.findings import Finding
from rembi_sheets.schema import SchemaError, load, versions
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.values import UNREADABLE
from tests import support
from tests.released import made_up

_TODAY = load().version
FILLED = support.study(
    Organisations=[
        {"Name": "Example Institute", "Town or city": "Heidelberg", "State or province": "Baden", "Country": "Germany"},
        {"Name": "Other", "Town or city": "", "State or province": "Bavaria", "Country": "Germany"},
        {"Name": "Bare", "Town or city": "", "State or province": "", "Country": "Norway"},
    ],
    Study_components=[
        {"Name": "Organoid time lapse", "Scale": "Cell", "Study component description": "cell"},
        {"Name": "Second", "Scale": "tissue"},
        {"Name": "Third", "Scale": "molecule"},
    ],
    Biosamples=[
        {"Identity": "Wild type HeLa", "Description": "From the bank", "Experimental variables": "temperature"},
        {"Identity": "Knockout", "Description": "", "Experimental variables": ""},
    ],
    Image_acquisition=[
        {"Name": "A", "Instrument attributes": "Example 880, pinhole 1.5"},
        {"Name": "B", "Instrument attributes": "Example 880"},
        {"Name": "C", "Instrument attributes": "Example 880, pinhole wide"},
        {"Name": "D", "Instrument attributes": ""},
    ],
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = made_up.folder(tmp_path_factory.mktemp("schema") / "home")
    with made_up.released(home):
        yield home


FILLED_BOOK = support.book(FILLED, **{"schema version": _TODAY})


def _column(tables: Tables, sheet: str, name: str) -> list[object]:
    return list(tables[sheet].frame[name])


def _unknown(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.code.startswith(("SHEET-", "HEADING-"))]


def test_a_renamed_column_and_sheet_keep_their_values_and_the_addresses_of_the_workbook(home: Path) -> None:
    tables, findings = from_book(FILLED_BOOK, load())
    table = tables["biosamples"]
    assert tables.schema.version == made_up.VERSION and not _unknown(findings)
    assert _column(tables, "biosamples", "remarks") == ["From the bank", None]
    place = table.place(6, "remarks")
    assert (place.sheet, place.a1, place.label) == ("Biosamples", "B6", "Description")
    assert table.sheet.title == "Biological samples"
    assert [m.kind for m in table.former.moved] == ["dropped", "renamed"]


def test_a_split_column_fills_its_parts_and_keeps_what_does_not_fit_whole(home: Path) -> None:
    tables, findings = from_book(FILLED_BOOK, load())
    assert _column(tables, "image_acquisition", "device") == ["Example 880", "Example 880", "Example 880", None]
    assert _column(tables, "image_acquisition", "pinhole_width") == [Decimal("1.5"), None, UNREADABLE, None]
    wrong = [f for f in findings if f.code == "NUMBER-BAD"]
    assert [(f.sheet, f.column, f.addresses) for f in wrong] == [
        ("Image acquisition", "Instrument attributes", ("B8",))
    ]


def test_merged_columns_are_joined_where_both_are_filled(home: Path) -> None:
    tables, _ = from_book(FILLED_BOOK, load())
    assert _column(tables, "organisations", "place") == ["Heidelberg, Baden", "Bavaria", None]
    table = tables["organisations"]
    assert table.place(7, "place").a1 == "B7" and set(table.former.spent) == {3}
    assert table.rewritten(6, "place") and not table.rewritten(8, "place")


def test_words_of_a_list_are_replaced_there_and_nowhere_else(home: Path) -> None:
    tables, _ = from_book(FILLED_BOOK, load())
    scales = [c.name for c in load()["study_components"].columns if c.list == "scale"]
    assert _column(tables, "study_components", scales[0]) == ["tissue", "tissue", "molecule"]
    assert _column(tables, "people", "roles") == [("corresponding author", "project manager")]
    texts = [c.name for c in load()["study_components"].columns if c.label == "Study component description"]
    assert _column(tables, "study_components", texts[0])[0] == "cell"
    assert tables["study_components"].rewritten(6, scales[0]) and not tables["study_components"].rewritten(7, scales[0])


def test_a_word_that_its_list_has_no_more_stays_and_is_asked_about_at_its_cell(home: Path) -> None:
    tables, _ = from_book(FILLED_BOOK, load())
    moved = [m for t in tables for m in t.former.moved if m.kind == "unlisted"]
    assert [(m.old, m.cells) for m in moved] == [(("Study components: Scale",), 1)]
    wrong = [f for f in checks.check(tables, ()) if f.code == "LIST-UNKNOWN"]
    assert [(f.sheet, f.column, f.addresses) for f in wrong] == [("Study components", "Scale", ("B8",))]
    changed = {(c.kind, c.old, c.new) for c in schema.changes(schema.way(_TODAY, load()))}
    assert {("unlisted", ("molecule",), ()), ("words", ("cell",), ("tissue",))} <= changed


def test_a_dropped_column_is_no_unknown_heading_and_is_told(home: Path) -> None:
    tables, _ = from_book(FILLED_BOOK, load())
    table = tables["biosamples"]
    assert "experimental_variables" not in table.frame.columns and table.former.dropped == {3: "Experimental variables"}
    dropped = next(m for m in table.former.moved if m.kind == "dropped")
    assert (dropped.old, dropped.new, dropped.cells) == (("Biosamples: Experimental variables",), (), 1)


def test_steps_are_taken_over_several_versions(home: Path) -> None:
    spec = load("1.0")["phenotypes"]
    book = support.book({}, **{"schema version": "1.0"})
    sheet = Sheet("Phenotypes", [[spec[spec.key[0]].label, spec["term"].label], ["round cells", "elongated"]])
    tables, findings = from_book(Book(book.name, book.sha256, (sheet,), book.meta), load())
    assert len(tables["phenotypes"].frame) == 1 and tables["phenotypes"].frame["terms"].notna().all()
    assert not _unknown(findings)


@pytest.mark.parametrize("version", ["", made_up.VERSION, "0.1"])
def test_a_workbook_of_today_or_of_no_known_version_is_read_as_one_of_today(home: Path, version: str) -> None:
    tables, _ = from_book(Book("x.xlsx", "", FILLED_BOOK.sheets, {"schema version": version}), load())
    assert tables.way is None and not any(t.former.moved for t in tables)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('column = "experimental_variables"', 'column = "no_such"'),
        ('to = "remarks"', 'to = "remark"'),
        ('rest = "device"', 'rest = "elsewhere"'),
        ("(?P<pinhole_width>", "(?P<hole>"),
        ("(?P<pinhole_width>", "(?P<pinhole_width"),
        ('list = "scale"', 'list = "scales"'),
        ('dropped = ["molecule"]', 'dropped = ["cell"]'),
        ("[[dropped]]", "[[thrown]]"),
    ],
)
def test_a_migration_that_does_not_fit_its_versions_is_refused(home: Path, was: str, now: str) -> None:
    file = home / "migrations" / f"{_TODAY}-{made_up.VERSION}.toml"
    file.write_text(made_up.MIGRATION.replace(was, now), "utf-8")
    try:
        with pytest.raises(SchemaError):
            schema.way(_TODAY, load())
    finally:
        file.write_text(made_up.MIGRATION, "utf-8")


def test_every_migration_that_is_shipped_fits_its_versions() -> None:
    for version in versions()[:-1]:
        assert schema.way(version, load()).new is load()


def test_fix_leaves_cells_alone_that_say_something_else_today(home: Path) -> None:
    """Blanks at the end are a safe repair, but not of a cell that is read in parts."""
    from rembi_sheets.repair import repairs

    def edited(sheet: Sheet) -> Sheet:
        changed = {"Example 880": "  Example 880 ", "From the bank": " From the bank"}
        rows = [[changed.get(c, c) if isinstance(c, str) else c for c in row] for row in sheet.rows]
        return Sheet(sheet.title, rows)

    book = Book("study.xlsx", "", tuple(map(edited, FILLED_BOOK.sheets)), FILLED_BOOK.meta)
    places = {(c.place.sheet, c.place.label) for c, _ in repairs(book)}
    assert ("Biosamples", "Description") in places
    assert ("Image acquisition", "Instrument attributes") not in places
