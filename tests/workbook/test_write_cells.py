"""What is written into cells: lists, names, prompts, conditional formats, values and their rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from rembi_sheets import vocabularies
from rembi_sheets.schema import Layout, load, select
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.workbook.layout import plan
from rembi_sheets.workbook.page import scale
from rembi_sheets.workbook.read import read
from rembi_sheets.workbook.stable import stable
from rembi_sheets.workbook.write import blank, filled
from tests import workbooks
from tests.support import STUDY, study, tables
from tests.workbook.xlsx import MAIN, Xlsx
from tests.workbooks import opened

SCHEMA = load()


def _column(data: bytes, title: str, letter: str, first: int = 1) -> list[Any]:
    sheet = opened(data)[title]
    values = [sheet[f"{letter}{row}"].value for row in range(first, sheet.max_row + 1)]
    while values and values[-1] is None:
        values.pop()
    return values


def _offered(xlsx: Xlsx, name: str) -> list[str]:
    """The words a defined name of `_lists` holds."""
    sheet, _, cells = xlsx.names[name].replace("$", "").rpartition("!")
    return [c.value for (c,) in opened(xlsx.data)[sheet.strip("'")][cells]]


def test_the_archives_chosen_stand_in_the_study_sheet_and_nothing_else_does(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    path.write_bytes(workbooks.blank("cryo", ("empiar", "idr")))
    book, findings = read(path)
    assert book is not None and not findings
    found, more = from_book(book, SCHEMA)
    assert not more
    assert found.archives == ("empiar", "idr")
    for table in found:
        given = [n for n in table.frame.columns if table.frame[n].notna().any()]
        assert given == (["archives"] if table.sheet.name == "study" else [])


def _same(one: Tables, other: Tables) -> None:
    for table in one:
        again = other[table.sheet.name]
        assert table.own == again.own or not len(table.frame)
        names = [n for n in table.frame.columns if table.frame[n].notna().any()]
        want = [tuple(r) for r in table.frame[names].itertuples(index=False)]
        assert [tuple(r) for r in again.frame.reindex(columns=names).itertuples(index=False)] == want, table.title


def _read_back(data: bytes, folder: Path) -> Tables:
    path = folder / "filled.xlsx"
    path.write_bytes(data)
    book, findings = read(path)
    assert book is not None and not findings
    found, more = from_book(book, SCHEMA)
    assert not more, more
    return found


@pytest.mark.parametrize("level", SCHEMA.levels)
@pytest.mark.parametrize("profile", [p.name for p in SCHEMA.profiles])
def test_what_is_filled_in_is_read_back(profile: str, level: str, tmp_path: Path) -> None:
    """Whatever the profile shows: sheets and columns that hold values come in."""
    given, _ = tables(STUDY)
    _same(given, _read_back(workbooks.filled(profile, (), level), tmp_path))


def test_text_stays_text_and_own_columns_their_headings(tmp_path: Path) -> None:
    paths = [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "00123",
        "1E5",
        "MARCH1",
        "tile_x0012_y0034_.tif",
        "a_x000D_b",
        "1-2",
        "#5",
        "TRUE",
    ]
    files = [
        {"Path": p, "Image data": "Organoid stacks", "Time": "5", "Gene Symbol": "SEPT2", "Note": "=A1"} for p in paths
    ]
    given, _ = tables(study(Files=files))
    data = filled(SCHEMA, select(SCHEMA, "light"), given)
    assert not list(Xlsx(data).sheets["Files"].iter(f"{MAIN}f"))
    found = load_workbook(io.BytesIO(data))["Files"]
    assert [found.cell(row, 1).value for row in range(6, 11)] == paths[:5]
    assert all(found.cell(row, 1).data_type == "s" for row in range(6, 18))
    start = next(s for s in plan(SCHEMA, select(SCHEMA, "light")).sheets if s.spec.own).own_start
    assert [found.cell(5, start + n).value for n in range(3)] == ["Time", "Gene Symbol", "Note"]
    _same(given, _read_back(data, tmp_path))


def test_dates_and_numbers_are_dates_and_numbers() -> None:
    given, _ = tables(study(Publications=[{"Title": "Ex vivo live cell tracking", "Year": 2019}]))
    book = load_workbook(io.BytesIO(filled(SCHEMA, select(SCHEMA, "light"), given)))
    values = {r[0].value: r[1] for r in book["Study"].iter_rows(max_col=2)}
    assert values["Release date"].value == dt.datetime(2027, 3, 1) and values["Release date"].is_date
    headings = {c.value: c.column for c in book["Publications"][5]}
    assert book["Publications"].cell(6, headings["Year"]).value == 2019


def test_a_long_value_makes_its_row_higher() -> None:
    long = study(Specimens=[{**STUDY["Specimens"][0], "Preparation method": "Fixed and cleared. " * 30}])
    given, _ = tables(long)
    book = load_workbook(io.BytesIO(filled(SCHEMA, select(SCHEMA, "light"), given)))
    assert book["Specimens"].row_dimensions[6].height > 150


def test_more_rows_than_promised_find_place() -> None:
    files = [{"Path": f"stacks/{n}.tif", "Image data": "Organoid stacks"} for n in range(150)]
    given, _ = tables(study(Files=files))
    xlsx = Xlsx(filled(SCHEMA, select(SCHEMA, "light"), given, rows=10))
    assert "A6:A155" in {v.get("sqref") for v in xlsx.validations("Files")}
    assert "A6:A15" in {v.get("sqref") for v in xlsx.validations("Specimens")}


def test_rows_are_those_asked_for() -> None:
    xlsx = Xlsx(workbooks.blank("light", rows=40))
    assert {v.get("sqref") for v in xlsx.validations("Biosamples")} >= {"A6:A45"}
    assert {v.get("sqref") for v in xlsx.validations("Files")} >= {"A6:A405"}
    assert "$A$45" in xlsx.names["names_biosamples"]


def test_names_grow_and_are_fixed_for_google_sheets() -> None:
    growing = Xlsx(workbooks.blank("light")).names["names_image_data"]
    assert growing.startswith("INDEX('Image data'!$A$5:$A$505,2):INDEX('Image data'!$A$5:$A$505,MAX(2,")
    fixed = Xlsx(workbooks.blank("light", google_sheets=True)).names
    assert fixed["names_image_data"] == "'Image data'!$A$6:$A$505"
    assert not any("INDEX" in text for text in fixed.values())


@pytest.mark.parametrize("profile", [p.name for p in SCHEMA.profiles])
def test_long_lists_begin_with_the_common_words(profile: str) -> None:
    xlsx = Xlsx(workbooks.blank(profile, (), "full"))
    first = SCHEMA.profile(profile).first
    assert first
    for name, words in first.items():
        labels = {e.label for e in vocabularies.entries(name)}
        assert set(words) <= labels, name
        if f"list_{name}" in xlsx.names:
            assert _offered(xlsx, f"list_{name}")[: len(words)] == list(words)


def test_open_lists_offer_two_hundred_words_and_closed_ones_all() -> None:
    xlsx = Xlsx(workbooks.blank("screen", (), "full"))
    assert len(_offered(xlsx, "list_biological_entity")) == len(_offered(xlsx, "list_phenotype")) == 200
    every = {e.label for e in vocabularies.entries("biological_entity")}
    assert set(_offered(xlsx, "all_biological_entity")) == every
    assert set(_offered(xlsx, "list_country")) == {e.label for e in vocabularies.entries("country")}
    assert len(_offered(xlsx, "list_imaging_method")) == len(vocabularies.entries("imaging_method"))


def test_a_list_offers_what_the_profile_can_use() -> None:
    light = _offered(Xlsx(workbooks.blank("light")), "list_image_type")
    cryo = _offered(Xlsx(workbooks.blank("cryo")), "list_image_type")
    assert light == ["primary image", "processed image", "segmentation"]
    assert {"tilt series", "micrographs"} <= set(cryo)


def test_beside_a_word_stand_its_identifier_spellings_and_the_date() -> None:
    sheet = opened(workbooks.blank("light"))["_lists"]
    column = next(c.column for c in sheet[1] if c.value == "organism")
    assert sheet.cell(2, column).value == vocabularies.date("organism")
    assert [sheet.cell(3, column + n).value for n in range(3)] == ["label", "id", "spellings"]
    row = next(r for r in range(4, 40) if sheet.cell(r, column).value == "Mus musculus")
    assert sheet.cell(row, column + 1).value == "NCBITaxon:10090"
    assert "mouse" in sheet.cell(row, column + 2).value.split("|")


def test_a_prompt_says_who_asks_what_and_for_example() -> None:
    xlsx = Xlsx(workbooks.blank("light"))
    found = {v.get("promptTitle"): v.get("prompt").replace("\n", " ") for v in xlsx.validations("Specimens")}
    biosample = SCHEMA["specimens"]["biosamples"]
    assert found[biosample.label] == (
        f"Required by BIA, IDR. {biosample.help} Several: put ; between them. e.g. {biosample.example}"
    )
    assert all(len(line) <= 46 for v in xlsx.validations("Image data") for line in v.get("prompt").split("\n"))


def test_examples_in_the_head_are_words_of_their_list() -> None:
    """A closed list refuses what is not in it, the example must not be refused."""
    for profile in SCHEMA.profiles:
        selection = select(SCHEMA, profile.name, (), "full")
        xlsx = Xlsx(workbooks.blank(profile.name, (), "full"))
        book = opened(xlsx.data)
        for sheet in plan(SCHEMA, selection).sheets:
            for f in () if sheet.form else sheet.fields:
                if f.column.list and SCHEMA.lists[f.column.list].closed and not f.column.many:
                    shown = book[sheet.spec.title].cell(4, f.number).value
                    offered = _offered(xlsx, f"list_{f.column.list}")
                    assert shown in offered, (profile.name, f.column.label, shown)


def test_conditional_formats_of_a_sheet() -> None:
    found = Xlsx(workbooks.blank("light")).conditions("Image data")
    assert found["A6:A505"][0].startswith("AND(LEN($A6)=0,COUNTA($A6:$")
    assert found["A6:A505"][1] == "AND(LEN($A6)>0,SUMPRODUCT(--($A$6:$A$505=$A6))>1)"
    assert found["B6:B505"][1] == "AND(LEN($B6)>0,SUMPRODUCT(--(names_study_components=$B6))=0)"
    listed = [f for formulas in found.values() for f in formulas if "as_file_format" in f]
    assert listed and all('SEARCH(";"' in f for f in listed)


def _long(rows: int) -> bytes:
    files = [{"Path": f"stacks/{n}.tif", "Image data": "Organoid stacks"} for n in range(rows)]
    given, _ = tables(study(Files=files))
    return filled(SCHEMA, select(SCHEMA, "light"), given)


def test_in_a_long_sheet_no_row_is_compared_with_every_other() -> None:
    """Nothing in it makes LibreOffice look at all rows for each of them, or at all of them for each printed page."""
    short, long = (Xlsx(_long(rows)).conditions("Files")["A6:A5005"] for rows in (1000, 1001))
    same = "SUMPRODUCT(--($A$6:$A$5005=$A6),--($H$6:$H$5005=$H6))>1"
    assert short[1] == f"AND(LEN($A6)>0,{same})"
    assert long[1].startswith("AND(LEN($A6)>0,IF(MATCH(")
    assert long[1].endswith(f",$A$6:$A$5005,0)<ROW($A6)-ROW($A$6)+1,{same}))")
    assert len(long[1]) <= 255
    assert all(f'"{sign}","~{sign}"' in long[1] for sign in "~*?")
    assert short[0] == long[0]


def test_a_long_sheet_says_the_scale_at_which_it_is_printed() -> None:
    for rows in (1000, 1001):
        sheet = opened(_long(rows))["Files"]
        setup, fits = sheet.page_setup, sheet.sheet_properties.pageSetUpPr.fitToPage
        if rows == 1000:
            assert (bool(fits), setup.fitToWidth, setup.scale) == (True, 2, None)
            continue
        assert not fits and setup.fitToWidth is None and 10 < setup.scale <= 100
        inches = [d.width * 7 / 96 for d in sheet.column_dimensions.values()]
        page = 11.69 - sheet.page_margins.left - sheet.page_margins.right
        assert (sum(inches) + inches[0]) * setup.scale / 100 <= 2 * page


def test_in_a_long_sheet_a_name_is_looked_up_where_it_stands() -> None:
    """Names of other sheets: in the whole range by one look, not beside each of them in a range that is worked out."""
    short, long = (Xlsx(_long(rows)) for rows in (1000, 1001))
    image_data = {formulas[0] for area, formulas in long.conditions("Files").items() if area.startswith("B6:")}
    (formula,) = image_data
    assert formula.startswith("AND(LEN($B6)>0,ISNA(MATCH(") and formula.endswith(",all_names_image_data,0)))")
    assert all(f'"{sign}","~{sign}"' in formula for sign in "~*?") and len(formula) <= 255
    assert long.names["all_names_image_data"] == "'Image data'!$A$5:$A$505"
    assert not [name for name in short.names if name.startswith("all_names_")]
    assert set(long.names) - set(short.names) == {
        n.replace("names_", "all_names_") for n in short.names if n[:6] == "names_"
    }


def test_a_footer_stands_above_the_edge_of_the_paper() -> None:
    for sheet in opened(workbooks.blank("light", (), "full")):
        assert sheet.page_margins.footer < sheet.page_margins.bottom - 0.2


@pytest.mark.parametrize(
    ("widths", "wide", "percent"),
    [((20, 20), 1, 100), ((100, 100), 1, 63), ((36, 60, 60), 2, 100), ((500,) * 9, 2, 10)],
)
def test_a_scale_puts_columns_on_pages(widths: tuple[float, ...], wide: int, percent: int) -> None:
    """A page has room for 127 characters of the standard font; the first column stands on each."""
    assert scale(widths, wide) == percent


def test_conditional_formats_use_names_that_exist() -> None:
    import re

    for profile in SCHEMA.profiles:
        xlsx = Xlsx(workbooks.blank(profile.name, (), "full"))
        for title in xlsx.sheets:
            for formulas in xlsx.conditions(title).values():
                for text in formulas:
                    assert set(re.findall(r"\b(?:names|list|all|as)_\w+", text)) <= set(xlsx.names)
                    assert len(text) <= 255


def test_the_read_me_links_to_every_sheet_and_counts_its_rows() -> None:
    selection = select(SCHEMA, "screen", (), "full")
    book = opened(workbooks.blank("screen", (), "full"))
    sheet = book["Read me"]
    links = {c.value: c.hyperlink.location for (c,) in sheet["C5:C25"] if c.hyperlink}
    titles = [s.title for s, _ in selection.sheets]
    titles.insert(titles.index("Files") + 1, "Plate map")
    assert list(links) == titles
    counts = [c.value for row in sheet.iter_rows(min_row=5) for c in row if str(c.value).startswith("=COUNTA(")]
    assert [c.split("'")[1] for c in counts] == titles
    words = " ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
    assert "Circle Invalid Data" in words and "rembi-sheets check" in words
    assert SCHEMA.version in words and vocabularies.date("organism") in words


def test_a_screen_sets_out_its_own_columns() -> None:
    heads = [c.value for c in opened(workbooks.blank("screen"))["Files"][5]]
    assert [h for h in heads if h in SCHEMA.profile("screen").own] == list(SCHEMA.profile("screen").own)


def test_files_alone_has_a_filter_and_numbers_meant_as_text_are_not_flagged() -> None:
    xlsx = Xlsx(workbooks.blank("light"))
    for title, root in xlsx.sheets.items():
        assert len(list(root.iter(f"{MAIN}autoFilter"))) == (title == "Files")
    ignored = next(xlsx.sheets["Files"].iter(f"{MAIN}ignoredError"))
    assert ignored.get("numberStoredAsText") == "1"


PROGRAM = """
import hashlib
from rembi_sheets.schema import load, select
from rembi_sheets.workbook.write import blank
for p in load().profiles:
    print(hashlib.sha256(blank(load(), select(load(), p.name))).hexdigest())
"""


def test_the_same_bytes_on_a_second_run_and_in_other_processes() -> None:
    here = [hashlib.sha256(workbooks.blank(p.name)).hexdigest() for p in SCHEMA.profiles]
    assert here == [hashlib.sha256(blank(SCHEMA, select(SCHEMA, p.name))).hexdigest() for p in SCHEMA.profiles]
    for seed, zone in (("1", "Pacific/Kiritimati"), ("4242", "America/Los_Angeles")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=env)
        assert done.stdout.split() == here


def test_times_are_fixed() -> None:
    data = workbooks.blank("light")
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert {i.date_time for i in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    book = opened(data)
    assert book.properties.created == book.properties.modified
    assert stable(data, str(book.properties.created.date())) == data


def test_the_form_stands_upright() -> None:
    study_sheet = next(s for s in plan(SCHEMA, select(SCHEMA, "light")).sheets if s.spec.layout is Layout.FORM)
    data = workbooks.blank("light")
    labels = _column(data, study_sheet.spec.title, "A")
    assert [labels[f.number - 1] for f in study_sheet.fields] == [f.column.label for f in study_sheet.fields]
    assert labels[2] == "REMBI"
    who = _column(data, study_sheet.spec.title, "C")
    assert who[study_sheet.fields[0].number - 1] == "required by BIA, IDR"


def test_printed_pages_repeat_the_head() -> None:
    book = opened(workbooks.blank("light"))
    for sheet in plan(SCHEMA, select(SCHEMA, "light")).sheets:
        target = book[sheet.spec.title]
        setup = target.page_setup
        assert setup.paperSize == 9 and target.sheet_properties.pageSetUpPr.fitToPage
        if sheet.form:
            assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("portrait", 1, 1)
        else:
            assert (setup.orientation, setup.fitToHeight) == ("landscape", 0)
            assert setup.fitToWidth == (1 if sheet.last_column <= 10 else 2)
            assert target.print_title_rows == "$1:$5"
            assert target.print_title_cols == ("$A:$A" if setup.fitToWidth > 1 else None)
        assert target.oddFooter.left.text == "&A"


def test_rows_of_the_head_may_be_deleted_and_moved(tmp_path: Path) -> None:
    given, _ = tables(STUDY)
    book = load_workbook(io.BytesIO(workbooks.filled("light")))
    for sheet in book.worksheets:
        if sheet.title not in ("Read me", "Study", "_lists", "_meta"):
            sheet.delete_rows(2, 3)  # band, help, example
    book["Study"].delete_rows(2)
    made = io.BytesIO()
    book.save(made)
    _same(given, _read_back(made.getvalue(), tmp_path))


def test_the_start_is_the_first_cell_to_fill() -> None:
    xlsx = Xlsx(workbooks.blank("light"))
    for title, root in xlsx.sheets.items():
        if not title.startswith("_"):
            chosen = [s.get("activeCell") for s in root.iter(f"{MAIN}selection") if s.get("activeCell")]
            assert chosen == [{"Read me": "C5", "Study": "B4"}.get(title, "A6")]
            assert next(root.iter(f"{MAIN}sheetView")).get("showGridLines") == "0"
