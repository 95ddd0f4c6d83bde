"""People and rows may be called Na or None; commas part values where all parts are known."""

from __future__ import annotations

from typing import Any

import pytest

from rembi_sheets.repair import repairs
from rembi_sheets.schema import Kind, load
from rembi_sheets.tables import from_book
from tests.cases.harness import Editor, findings, place, where

NAMES = [c for s in load().sheets for c in s.columns if c.names]


def tried(edit: dict[str, Any], at: str) -> tuple[set[str], dict[str, str], Any]:
    """Codes at a cell, what `fix` with suggestions makes of the workbook, and the value read."""
    editor = Editor("good")
    editor.apply({"set": edit})
    book = editor.made()
    codes = {code for code, cell in where(findings(editor, ("bioimage-archive", "idr"))) if cell == place(editor, at)}
    changes = {c.old: c.new for c, _ in repairs(book, suggestions=True)}
    title, label, row = at.split("/")[0], "/".join(at.split("/")[1:-1]), int(at.rsplit("/", 1)[1])
    table = next(t for t in from_book(book, load())[0] if t.title == title)
    name = next(c.name for c in table.sheet.columns if c.label == label)
    return codes, changes, table.frame[name].iloc[row - 1]


def test_names_are_declared() -> None:
    """What others refer to, and what has the form of a name."""
    schema = load()
    referred = {
        (c.reference, schema[c.reference].key[0]) for s in schema.sheets for c in s.columns if c.kind is Kind.REFERENCE
    }
    declared = {(c.sheet, c.name) for c in NAMES}
    assert referred <= declared
    assert {
        (c.sheet, c.name) for s in schema.sheets for c in s.columns if c.format and c.format.name == "name"
    } <= declared
    assert {
        ("people", "first_names"),
        ("people", "last_name"),
        ("people", "initials"),
    } <= declared


@pytest.mark.parametrize("word", ["Na", "NAN", "Nil", "Null", "None", "N.A."])
@pytest.mark.parametrize("at", ["People/Last name/2", "People/First name(s)/2", "Organisations/Name/2",
                                "Publications/Authors/1", "Channels/Channel name/2"])  # fmt: skip
def test_a_name_is_no_placeholder(at: str, word: str) -> None:
    if at.startswith("Publications/") and word == "N.A.":
        word = "Nana"  # initials alone are no author
    codes, changes, value = tried({at: word}, at)
    assert not codes & {"PLACEHOLDER", "PLACEHOLDER-NAME", "REQUIRED-EMPTY"}
    assert changes == {}
    assert value in (word, (word,))


@pytest.mark.parametrize("word", ["TBD", "?", "n/a", "-"])
def test_fix_never_empties_a_name(word: str) -> None:
    codes, changes, value = tried({"People/Last name/2": word}, "People/Last name/2")
    assert codes == {"PLACEHOLDER-NAME"} and changes == {} and value == word


@pytest.mark.parametrize("word", ["None", "NA", "-", "N/A"])
def test_a_row_is_referred_to_by_any_name(word: str) -> None:
    edit = {"Specimens/Name/1": word, "Channels/Specimen/1": word, "Channels/Specimen/2": word}
    at = "Image data/Specimen/1"
    codes, changes, value = tried({**edit, at: word}, at)
    assert not codes and value == (word,) and changes == {}


def test_where_no_row_is_called_so_it_is_a_placeholder() -> None:
    codes, _, value = tried({"Image data/Biosample/1": "N/A"}, "Image data/Biosample/1")
    assert codes == {"PLACEHOLDER"} and value is None


@pytest.mark.parametrize(
    ("at", "word"),
    [
        ("Channels/Channel - content/1", "NA"),
        ("Image correlation/Fiducials used/1", "None"),
        ("Organisations/State or province/1", "NA"),
        ("Organisations/Town or city/1", "Nan"),
        ("Files/Treatment/2", "NA"),
    ],
)
def test_a_value_is_no_placeholder(at: str, word: str) -> None:
    editor = Editor("good")
    editor.apply({"set": {at: word}})
    assert "PLACEHOLDER" not in {c for c, cell in where(findings(editor)) if cell == place(editor, at)}
    assert repairs(editor.made(), suggestions=True) == []


def test_no_country_is_not_namibia() -> None:
    codes, _, value = tried({"Organisations/Country/2": "NA"}, "Organisations/Country/2")
    assert "PLACEHOLDER" in codes and value is None
    assert tried({"Organisations/Country/2": "NAM"}, "Organisations/Country/2")[2] == "Namibia"


@pytest.mark.parametrize("heading", ["Own", "own", "Own:", "Label", "Rows"])
def test_a_column_of_ones_own_may_have_any_heading(heading: str) -> None:
    editor = Editor("good")
    editor.apply({"set": {f"Files/{heading}/1": "a"}})
    assert not {"HEADING-TWICE", "HEADING-UNKNOWN"} & {code for code, _ in where(findings(editor))}


@pytest.mark.parametrize(
    ("at", "typed", "read"),
    [
        ("People/Role/1", "corresponding author, PI", "corresponding author; PI"),
        ("People/Role/1", "submitter and investigator", "submitter; investigator"),
        ("Study/Archives/1", "BIA, IDR, and EMPIAR", "BIA; IDR; EMPIAR"),
        ("Specimens/Biosample/1", "Kidney cells, Liver cells", "Kidney cells; Liver cells"),
        ("Image data/Specimen/1", "cleared / Sliced", "Cleared; Sliced"),
        ("Study components/Imaging method/1", "SPIM, confocal microscopy", "SPIM; confocal microscopy"),
        ("People/Organisation/1", "Test University, Second University", "Test University; Second University"),
    ],
)  # fmt: skip
def test_commas_between_known_values(at: str, typed: str, read: str) -> None:
    edit = {at: typed, "Study components/Imaging method ID/1": ""} if "method" in at else {at: typed}
    codes, changes, value = tried(edit, at)
    assert "READ-AS" in codes and not codes & {"REF-UNKNOWN", "LIST-OTHER", "LIST-UNKNOWN", "TERM-UNKNOWN"}
    assert changes == {typed: read}
    assert len(value) == read.count(";") + 1


@pytest.mark.parametrize(
    ("at", "typed"),
    [
        ("People/Role/1", "corresponding author, gardener"),
        ("Specimens/Biosample/1", "Kidney cells, Lung cells"),
        ("Study components/Imaging method/1", "confocal microscopy, kitchen camera"),
    ],
)
def test_commas_beside_an_unknown_value(at: str, typed: str) -> None:
    codes, changes, value = tried({at: typed}, at)
    assert "READ-AS" not in codes and changes == {} and len(value) == 1


def test_a_name_with_commas_stays_whole() -> None:
    names = {"Organisations/Name/1": "Cells, Tissues and Co", "People/Organisation/1": "Cells, Tissues and Co"}
    codes, changes, value = tried(names, "People/Organisation/1")
    assert not codes and changes == {} and value == ("Cells, Tissues and Co",)
    both = {**names, "People/Organisation/1": "Cells, Tissues and Co, Second University"}
    assert tried(both, "People/Organisation/1")[2] == ("Cells, Tissues and Co", "Second University")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("kidney, organoid", True),
        ("mouse,light sheet,clearing", True),
        ("kidney / organoid / nephron", True),
        ("kidney | organoid", True),
        ("kidney\u00b7organoid", True),
        ("kidney\uff1borganoid", True),
        ("kidney; organoid", False),
        ("EGFP/mCherry", False),
        ("1,4-dioxane", False),
        ("N,N-dimethylformamide", False),
        ("A longer remark that is a sentence, and goes on after a comma for some time", False),
    ],
)
def test_commas_in_a_free_list(typed: str, told: bool) -> None:
    codes, changes, _ = tried({"Study/Keywords/1": typed}, "Study/Keywords/1")
    assert ("LIST-COMMAS" in codes) is told and changes == {}
