import csv
import datetime as dt
import functools
import importlib.util
import shutil
from pathlib import Path

import pytest

from rembi_sheets import examples, pipeline, plates
from rembi_sheets.findings import Severity
from rembi_sheets.schema import load
from rembi_sheets.submission import from_tables
from rembi_sheets.workbook import read as reader
from tests.support import TODAY

ROOT = Path(__file__).parents[1]
IDR0002 = ROOT.parent / "shared" / "samples" / "idr" / "idr0002-heriche-condensation" / "screenA"
SCREEN = "chromosome-condensation-screen"

_spec = importlib.util.spec_from_file_location("build_examples", ROOT / "tools" / "build_examples.py")
assert _spec and _spec.loader
builder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(builder)

NAMES = builder.names()
tables_of = functools.cache(lambda name: builder.read(name)[0])  # for tests that look at them


def _book(data: bytes, folder: Path):
    path = folder / "example.xlsx"
    path.write_bytes(data)
    book, findings = reader.read(path)
    assert book is not None
    assert findings == []
    return book


def test_the_eight_examples_of_rembi_are_there():
    assert examples.names() == NAMES
    assert {examples.info(n).rembi for n in NAMES} - {""} == {
        f"WG{g}-{n}" for g, n in [(1, 1), (1, 2), (2, 1), (2, 2)]
    } | {f"WG3-{n}" for n in (1, 2, 3, 4)}


@pytest.mark.parametrize("name", NAMES)
def test_workbook_is_the_one_built_from_its_tables(name, tmp_path):
    """Cell by cell, and byte by byte between two builds; `python tools/build_examples.py` mends a difference."""
    built = builder.build(name)
    kept, made = _book(examples.workbook_bytes(name), tmp_path), _book(built, tmp_path)
    assert [s.title for s in kept.sheets] == [s.title for s in made.sheets]
    for old, new in zip(kept.sheets, made.sheets, strict=True):
        assert list(old.rows) == list(new.rows), old.title
    assert kept.meta == made.meta
    assert builder.build(name) == built


@pytest.mark.parametrize("name", NAMES)
def test_workbook_says_what_the_tables_say(name, tmp_path):
    """What the writer put into cells reads back to the same values, own columns and order of rows included."""
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(examples.workbook_bytes(name))
    tables, _ = plates.expand(tables_of(name), builder.book(name))
    back = pipeline.read(path).tables
    assert back is not None
    for table in tables:
        filled = [c for c in table.frame.columns if table.frame[c].notna().any()]
        got = back[table.sheet.name].frame
        assert len(got) == len(table.frame), table.title
        for column in filled:
            assert got[column].tolist() == table.frame[column].tolist(), (table.title, column)


@pytest.mark.parametrize("name", NAMES)
def test_example_has_no_error_and_converts(name, tmp_path):
    """Every archive an example names takes it, with the result files at their place."""
    workbook = tmp_path / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    for path, content in examples.data_files(name).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    made = pipeline.convert(pipeline.read(workbook), examples.info(name).archives, today=TODAY)
    assert [(f.code, f.sheet, f.addresses) for f in made.findings if f.severity is Severity.ERROR] == []
    assert made.archives == examples.info(name).archives
    assert {f.split("/")[0] for f in made.files} == set(made.archives)


@pytest.mark.parametrize("name", NAMES)
def test_archives_of_study_sheet_are_those_of_example_toml(name):
    """A workbook checked without --archive must be checked for the archives that the list of examples names."""
    assert tables_of(name).archives == examples.info(name).archives


def test_each_rembi_attribute_is_filled_in_some_example():
    schema = load()
    wanted = {c.rembi for s in schema.sheets for c in s.columns if c.rembi}
    assert len(wanted) >= 32
    filled = set()
    for name in NAMES:
        for table in tables_of(name):
            for column in table.sheet.columns:
                names = [f"own:{o}" for o in table.own] if column.own else [column.name]
                if any(n in table.frame.columns and table.frame[n].notna().any() for n in names):
                    filled.add(column.rembi)
    assert wanted - filled == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_real_mail_address_and_a_date_that_bia_takes(name):
    study = from_tables(tables_of(name))
    assert {p.email.rpartition("@")[2] for p in study.people if p.email} == {"example.org"}
    assert study.study.release_date is not None
    assert dt.timedelta(0) < study.study.release_date - TODAY <= dt.timedelta(days=730)


@pytest.mark.parametrize("name", NAMES)
def test_data_files_are_result_files_of_the_workbook(name):
    study = from_tables(tables_of(name))
    listed = {f"{study.study.data_folder}/{p}" for a in study.analysed_data for p in a.result_files}
    assert set(examples.data_files(name)) <= listed


def test_described_columns_are_those_of_the_result_file():
    study = from_tables(tables_of(SCREEN))
    for analysis in study.analysed_data:
        columns = [c for c in study.processed_columns if c.analysed_data == analysis]
        if columns:
            content = examples.data_files(SCREEN)[f"{study.study.data_folder}/{analysis.result_files[0]}"]
            heads = content.decode().splitlines()[0].split("\t")
            assert [c.column_name for c in columns] == heads
            assert [c.column_name for c in columns if c.links_to_files] == ["siRNA Identifier"]


@pytest.mark.skipif(not IDR0002.is_dir(), reason="IDR's own tables of idr0002 (../shared/samples) are not here")
def test_screen_holds_every_well_of_idr0002():
    """Plate, well, reagent, controls and phenotypes of all 1,152 wells as IDR publishes them.

    Kept apart, as an archive's work: IDR leaves organism and cell line of empty wells blank, and joins the scores.
    """
    with (IDR0002 / "idr0002-screenA-annotation.csv").open(encoding="utf-8", newline="") as stream:
        theirs = list(csv.DictReader(stream))
    tables = tables_of(SCREEN)
    files = tables["files"].frame
    wells = files[files["well"].notna()]
    assert len(wells) == len(theirs) == 1152
    ours = {"Plate": "plate", "Well": "well", "Control Type": "experimental_status"}
    ours |= {heading: f"own:{heading}" for heading in tables["files"].own}
    for heading, column in ours.items():
        assert [v or "" for v in wells[column]] == [row[heading] for row in theirs], heading
    phenotypes = [tuple(p for p in (row["Phenotype 1"], row["Phenotype 2"]) if p) for row in theirs]
    assert [v or () for v in wells["phenotypes"]] == phenotypes
    left = {"Well Number", "Channels"} | {h for h in theirs[0] if h.startswith(("Characteristics", "Term Source"))}
    scores = {h for h in theirs[0] if h.startswith(("Median", "Phenotype", "Has Phenotype"))}
    assert set(theirs[0]) - set(ours) == left | scores
    channels = from_tables(tables).channels
    assert {row["Channels"] for row in theirs} == {
        ";".join(f"{c.channel_name}:{c.biological_entity}" for c in channels)
    }


@pytest.mark.skipif(not IDR0002.is_dir(), reason="IDR's own tables of idr0002 (../shared/samples) are not here")
def test_scores_of_screen_are_those_of_idr0002():
    """The result table joined by siRNA gives IDR's score columns for every well."""
    with (IDR0002 / "idr0002-screenA-annotation.csv").open(encoding="utf-8", newline="") as stream:
        theirs = list(csv.DictReader(stream))
    content = next(iter(examples.data_files(SCREEN).values())).decode().splitlines()
    scores = {r["siRNA Identifier"]: r for r in csv.DictReader(content, delimiter="\t")}
    joined = [h for h in theirs[0] if h in next(iter(scores.values())) and not h.startswith(("siRNA", "Gene"))]
    assert len(joined) == 8
    for row in theirs:
        found = scores.get(row["siRNA Identifier"], {})
        assert [row[h] for h in joined] == [found.get(h, "") for h in joined]


def test_escapes_of_the_tables():
    assert [builder.unescape(t) for t in ("", r"a\nb", r"a\\nb", r"a\tb")] == [None, "a\nb", r"a\nb", "a\tb"]


def test_info_and_unknown_names():
    info = examples.info(SCREEN)
    assert (info.profile, info.archives, info.rembi) == ("screen", ("bioimage-archive", "idr"), "WG3-3")
    assert info.doi == "10.1091/mbc.E13-04-0221"
    for ask in (examples.info, examples.workbook_bytes, examples.data_files):
        with pytest.raises(KeyError):
            ask("no-such-example")


def test_examples_of_an_installed_package(tmp_path, monkeypatch):
    """A wheel has no folder `examples` beside the package, but `examples_data` in it."""
    package = tmp_path / "rembi_sheets"
    package.mkdir()
    monkeypatch.setattr(examples, "__file__", str(package / "examples.py"))
    examples.folder.cache_clear()
    try:
        with pytest.raises(FileNotFoundError):
            examples.names()
        shutil.copytree(ROOT / "examples" / SCREEN, package / "examples_data" / SCREEN)
        examples.folder.cache_clear()
        assert examples.names() == (SCREEN,)
        assert list(examples.data_files(SCREEN)) == ["chr_cond_screen/results/prophase_scores.txt"]
    finally:
        monkeypatch.undo()
        examples.folder.cache_clear()


def test_copy_brings_the_result_tables(tmp_path):
    """Without them the IDR files of the screen would lack their scores; see `examples copy`."""
    from click.testing import CliRunner

    from rembi_sheets.cli import cli

    done = CliRunner().invoke(cli, ["examples", "copy", SCREEN, str(tmp_path / "study.xlsx")])
    assert done.exit_code == 0
    table = "chr_cond_screen/results/prophase_scores.txt"
    assert (tmp_path / table).read_bytes() == examples.data_files(SCREEN)[table]
    assert (tmp_path / "study.xlsx").read_bytes() == examples.workbook_bytes(SCREEN)
