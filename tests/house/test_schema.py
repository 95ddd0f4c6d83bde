"""The data dictionary: complete, consistent, and refusing what does not fit."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.records import RECORDS
from rembi_sheets.schema import CURRENT, Kind, Need, Origin, SchemaError, load, select
from rembi_sheets.schema.load import load_folder

HOME = Path(__file__).parents[2] / "rembi_sheets" / "schema" / CURRENT
SHARED = Path(__file__).parents[3] / "shared"

# The overview table of REMBI (Sarkans et al. 2021), in its order and wording.
REMBI = """
Study/Study type
Study/Study description
Study/General dataset info
Study component/Imaging method
Study component/Study component description
Biosample/Identity
Biosample/Biological entity
Biosample/Organism
Biosample/Intrinsic variable
Biosample/Extrinsic variable
Biosample/Experimental variables
Specimen/Experimental status
Specimen/Location within Biosample
Specimen/Preparation method
Specimen/Signal/contrast mechanism
Specimen/Channel – content
Specimen/Channel – biological entity
Image acquisition/Instrument attributes
Image acquisition/Image acquisition parameters
Image data/Type
Image data/Format & compression
Image data/Dimension extents
Image data/Size description
Image data/Pixel/voxel size description
Image data/Image processing method
Image correlation/Spatial and temporal alignment
Image correlation/Fiducials used
Image correlation/Transformation matrix/other info
Image correlation/Related images and relationship
Analysed data/Analysis result type
Analysed data/Data used for analysis
Analysed data/Analysis method and details
""".strip().splitlines()


def test_the_32_rembi_attributes_are_there_and_no_other() -> None:
    assert len(REMBI) == 32
    assert {c.rembi for s in load().sheets for c in s.columns if c.rembi} == set(REMBI)


def test_every_list_has_its_words_and_every_word_list_of_a_column_is_declared() -> None:
    for sheet in load().sheets:
        for c in sheet.columns:
            if c.list:
                assert vocabularies.entries(c.list), f"{sheet.title}: {c.label}"


def test_examples_of_the_dictionary_pass_its_own_rules() -> None:
    from rembi_sheets.values import UNREADABLE, convert

    for sheet in load().sheets:
        for c in sheet.columns:
            for text in (c.example, *c.examples.values()):
                value, problems = convert(text, c)
                assert not problems, (sheet.title, c.label, problems)
                assert value is not None and value is not UNREADABLE
                if c.list and c.kind is Kind.CHOICE:
                    for word in value if isinstance(value, tuple) else (value,):
                        assert vocabularies.listed(word, c.list) == word, (sheet.title, c.label, value)


def test_records_have_a_field_for_every_column() -> None:
    import dataclasses

    for record in RECORDS:
        sheet = load()[record.SHEET]
        fields = {f.name for f in dataclasses.fields(record)} - {"row", "methods"}
        assert fields == {c.name for c in sheet.columns if not c.ids_of and c.origin is not Origin.METHOD}, sheet.title
    assert {r.SHEET for r in RECORDS} == {s.name for s in load().sheets} - {"files"}


# Where the dictionary is better than its plan, and why.
DEVIATIONS = {
    # A consortium or a single name has no first names; EMPIAR asks for them of contacts alone, of authors for initials.
    ("People", "First name(s)"): ["O", "C", "O"],
    # Studies that IDR has published leave it empty.
    ("Processed data columns", "Annotation level"): ["-", "-", "O"],
    # A file that is listed belongs to the study for EMPIAR too; IDR imports a plate by the file that describes it.
    ("Files", "Study component"): ["C", "O", "O"],
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the design's columns.tsv lies in ../shared, which is not here")
def test_the_dictionary_holds_every_column_of_the_design() -> None:
    with (SHARED / "design" / "columns.tsv").open(encoding="utf-8", newline="") as file:
        design = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_title = {s.title: s for s in load().sheets}
    for row in design:
        columns = {c.label: c for c in by_title[row["sheet"]].columns}
        assert row["label"] in columns, row
        needs = [columns[row["label"]].need(a).value for a in ("bioimage-archive", "empiar", "idr")]
        planned = [row["BIA"], row["EMPIAR"], row["IDR"]]
        assert needs == DEVIATIONS.get((row["sheet"], row["label"]), planned), row["label"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("people.toml", 'name = "orcid"', 'name = "email"', "column name email is given 2 times"),
        ("people.toml", 'list = "role"', 'list = "rolle"', "no list is called rolle"),
        ("people.toml", 'sheet = "organisations"', 'sheet = "institutes"', "refers to the sheet institutes"),
        ("people.toml", 'targets = ["Author.ORCID"]', 'targets = ["Author.Orcid"]', "knows no target Author.Orcid"),
        ("people.toml", "archives.empiar = ", "archives.emdb = ", "no archive is called emdb"),
        ("people.toml", 'format = "orcid"', 'format = "orchid"', "no format is called orchid"),
        ("people.toml", 'title = "People"', 'title = "Study"', "sheet title study is given 2 times"),
        ("people.toml", 'kind = "text"', 'kind = "txt"', "txt"),
        ("profiles.toml", '"image_correlation"', '"correlation"', "no sheet is called correlation"),
        ("study.toml", "[[column]]", "[[column", "study.toml"),
        ("examples.toml", "[cryo.study]", "[cryo-em.study]", "no profile is called cryo-em"),
        ("examples.toml", "[cryo.study]", "[cryo.studies]", "examples of cryo: no sheet is called studies"),
        ("examples.toml", 'thumbnail = "rib', 'thumbnails = "rib', "examples of cryo: study has no column thumbnails"),
    ],
)
def test_the_loader_refuses_contradictions(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = tmp_path / CURRENT
    shutil.copytree(HOME, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SchemaError, match=message.replace("[", r"\[")):
        load_folder(folder, CURRENT)


def test_the_dictionary_is_frozen() -> None:
    with pytest.raises(AttributeError):
        load().sheets[0].title = "Other"  # type: ignore[misc]


def test_every_profile_shows_what_its_archives_require() -> None:
    schema = load()
    for profile in schema.profiles:
        for archive in schema.archive_names:
            for level in schema.levels:
                shown = {
                    (s.name, c.name) for s, cs in select(schema, profile.name, (archive,), level).sheets for c in cs
                }
                sheets = {s for s, _ in shown}
                for sheet in schema.sheets:
                    if archive in sheet.needed_by:
                        assert sheet.name in sheets, (profile.name, archive, level, sheet.name)
                    for c in sheet.columns:
                        if sheet.name in sheets and c.need(archive) is Need.REQUIRED:
                            assert (sheet.name, c.name) in shown, (profile.name, archive, level, c.label)


def test_levels_only_add() -> None:
    schema = load()
    for profile in schema.profiles:
        sizes = [
            {(s.name, c.name) for s, cs in select(schema, profile.name, (), level).sheets for c in cs}
            for level in schema.levels
        ]
        assert sizes[0] < sizes[1] <= sizes[2]
