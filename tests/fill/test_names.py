"""A folder of which only names and sizes are known: files get the rows that headers would give them, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rembi_sheets import examples, pipeline
from rembi_sheets.cli import cli
from rembi_sheets.fill import Confidence, State, images, merge
from rembi_sheets.fill.images import files, names
from rembi_sheets.fill.images.folder import NOTHING, of_folder
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.inventory import Listing, listed, scan
from rembi_sheets.tables import Tables
from rembi_sheets.vocabularies import file_names
from tests import workbooks
from tests.fill.test_images import FOLDERS, headed
from tests.harvest import folders
from tests.support import TODAY, tables

KIDNEY = "kidney-organoid-light-sheet"


def rows(known: Any) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows of Files by their key, columns and values of each."""
    out: dict[tuple[str, ...], dict[str, str]] = {}
    for p in known.proposals:
        if p.sheet == "files":
            out.setdefault(p.key, {})[p.column] = p.value
    return out


def typed(*sets: Mapping[str, Any]) -> Tables:
    """A study as it is begun, with some rows of Image data."""
    made = headed()
    empty = dict.fromkeys(made["Image data"][0]) if made["Image data"] else {}
    made["Image data"] = [{**empty, **s} for s in sets]
    return tables(made)[0]


@pytest.mark.parametrize("name", [*FOLDERS, "operetta"])
def test_every_image_that_headers_find_is_found_by_its_name(name: str, tmp_path: Path) -> None:
    files = FOLDERS.get(name) or folders.operetta(rows=2, columns=3)
    data = folders.lay(tmp_path / "data", files)
    base = tables(headed())[0]
    by_names = names.known(scan(data), base)
    by_headers = images.known(harvest(data), base)
    told, read = rows(by_names), rows(by_headers)
    assert {k for k, r in read.items() if "image_data" in r} <= {k for k, r in told.items() if "image_data" in r}
    assert {k: r["well"] for k, r in told.items() if "well" in r} == {
        k: r["well"] for k, r in read.items() if "well" in r
    }
    said = {(p.sheet, p.column) for p in by_names.proposals if p.sheet != "files"}
    assert said <= {("image_data", c) for c in ("name", "file_format", "path_pattern")}


DISK = {"a/1.czi": 1, "a/2.czi": 2, "b/3.czi": 3, "b/x.zarr": 4, "notes.txt": 5, "gain.mrc": 6, "b/README.md": 7}


def disk(files: Mapping[str, int] = DISK) -> Listing:
    return listed("images", files)


def test_folders_and_patterns_of_image_data_say_where_files_belong() -> None:
    known = names.known(disk(), typed({"Name": "First", "Folder or file pattern": "a/"}, {"Name": "Second"}))
    found = rows(known)
    assert {k[0] for k, r in found.items() if r.get("image_data") == "First"} == {"a/1.czi", "a/2.czi"}
    assert {k[0]: r for k, r in found.items() if "study_component" in r} == {
        p: {"study_component": "Images"} for p in ("notes.txt", "gain.mrc", "b/README.md")
    }
    sure = {p.key[0]: p.confidence for p in known.proposals if p.sheet == "files" and p.key}
    assert sure["a/1.czi"] is sure["notes.txt"] is Confidence.DERIVED
    assert sure["b/3.czi"] is sure["b/x.zarr"] is Confidence.GUESS  # of two kinds: it cannot be Second alone


def test_the_one_image_data_that_waits_gets_files_that_are_alike() -> None:
    known = names.known(disk({"s/1.czi": 1, "s/2.czi": 2}), typed({"Name": "Stacks"}))
    assert {r["image_data"] for r in rows(known).values()} == {"Stacks"}
    assert {p.confidence for p in known.proposals} == {Confidence.DERIVED}


def test_a_format_is_proposed_only_where_the_ending_leaves_no_doubt() -> None:
    known = names.known(disk({"a/1.czi": 1, "b/1.tif": 1, "c/1.ome.tif": 1, "d/2.h5": 1}), typed())
    formats = {p.key[0]: p.value for p in known.proposals if p.column == "file_format" and p.key}
    assert formats == {"a, CZI": "CZI", "c, OME-TIFF": "OME-TIFF"}
    assert file_names.formats_of("x/b.TIF.gz")[:2] == ("TIFF", "OME-TIFF")
    for path in ("a/b.txt", "gain_ref.mrc", "Thumbs.db", "a.xml", "no ending", "a.czi/"):
        assert not file_names.formats_of(path), path


def test_what_is_listed_is_confirmed_and_nothing_typed_changes() -> None:
    base = typed({"Name": "First", "Folder or file pattern": "a/"})
    once = merge(base, names.known(disk(), base).proposals, accept_guesses=True)
    assert len(once.tables["files"].frame) == len(DISK)
    again = merge(once.tables, names.known(disk(), once.tables).proposals, accept_guesses=True)
    assert not again.of(State.FILLED) and not again.of(State.DIFFERS) and again.of(State.CONFIRMED)


def test_too_many_files_are_named_by_their_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MOST_FILES", 2)
    known = names.known(disk({f"s/{n}.czi": 1 for n in range(5)} | {f"{n}.txt": 1 for n in range(4)}), typed())
    assert not rows(known)
    assert [p.value for p in known.proposals if p.column == "path_pattern"] == ["s/"]
    assert [(u.where, u.value) for u in known.unplaced] == [("0.txt", "4 files")]


def test_too_many_files_that_no_pattern_tells_are_listed_as_far_as_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(names, "MOST_FILES", 2)
    both = {f"{kind}{n}/x.tif": 1 for kind in ("cells", "beads") for n in range(4)}
    loose = typed()
    for room, listed_ones in ((8, 8), (7, 4), (3, 0)):
        monkeypatch.setattr(files, "MOST_ROWS", room)
        known = names.known(disk(both), loose)
        assert len(rows(known)) == listed_ones
        assert [u.why for u in known.unplaced] == [files.TOO_MANY] * ((8 - listed_ones) // 4)
    named = typed(*({"Name": kind, "Folder or file pattern": f"{kind}*/*.tif"} for kind in ("cells", "beads")))
    known = names.known(disk(both), named)
    assert not rows(known) and not known.unplaced


def test_the_command_fills_in_and_makes_no_error(tmp_path: Path) -> None:
    book = tmp_path / "kidney.xlsx"
    book.write_bytes(examples.workbook_bytes(KIDNEY))
    read = pipeline.read(book)
    assert read.tables is not None
    for path in (*read.tables["files"].frame["path"], "other/new.czi", "notes.txt"):
        (tmp_path / "data" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / path).touch()
    copy = tmp_path / "copy.xlsx"
    args = ["fill", str(book), str(copy), "--data", str(tmp_path / "data"), "--no-headers", "-q"]
    done = CliRunner().invoke(cli, args)
    assert done.exit_code == 0, done.output
    filled = pipeline.read(copy)
    assert filled.tables is not None and "notes.txt" in set(filled.tables["files"].frame["path"])
    checked = pipeline.check(filled, today=TODAY)
    assert not [f for f in checked.findings if f.severity == "error"]


@pytest.mark.parametrize("way", ["headers", "names"])
def test_a_folder_that_says_nothing_is_told(way: str, tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"x")
    folder = tmp_path if way == "headers" else disk({})
    known = of_folder(folder, workbooks.blank("light"), ())
    assert not known.proposals
    assert [(u.value, u.why) for u in known.unplaced] == [("no files", NOTHING)]
    (tmp_path / "notes.txt").write_text("x")
    known = of_folder(tmp_path if way == "headers" else disk({"notes.txt": 1}), workbooks.blank("light"), ())
    assert [u.value for u in known.unplaced] == ["1 file"]
