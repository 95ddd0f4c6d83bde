"""Many workbooks: a line for each, whatever one of them is; folders, lock files, Data folders; a blank one."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import rembi_sheets
from rembi_sheets import examples, many, steps
from rembi_sheets.cli import cli
from rembi_sheets.many import side_by_side
from rembi_sheets.schema import load
from tests import workbooks
from tests.support import TODAY


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())


def rembi(*args: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [str(a) for a in args])
    return done.exit_code, done.stdout, done.stderr


def example(name: str) -> bytes:
    return examples.workbook_bytes(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three good workbooks in folders, a blank one, a damaged one, and what programs leave beside them."""
    home = tmp_path / "submissions"
    for path, content in {
        "b/toxo.xlsx": example("toxoplasma-fib-sem"),
        "a/cells.xlsx": example("red-blood-cells"),
        "a/toxo.xlsx": example("toxoplasma-fib-sem"),
        "damaged.xlsx": example("red-blood-cells")[:9000],
        "a/~$cells.xlsx": b"lock of Excel",
        ".~lock.damaged.xlsx#": b"lock of LibreOffice",
        "._damaged.xlsx": b"left by macOS",
        ".hidden/cells.xlsx": example("red-blood-cells"),
        "b/notes.txt": b"no workbook",
        "b/image.zarr/cells.xlsx": b"part of an image",
    }.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    (home / "blank.xlsx").write_bytes(workbooks.start())
    return home


NAMES = ["a/cells.xlsx", "a/toxo.xlsx", "b/toxo.xlsx", "blank.xlsx", "damaged.xlsx"]
RESULTS = ["passed", "passed", "passed", "not passed", "not read"]


def test_a_folder_gives_a_line_a_workbook_in_order(folder: Path) -> None:
    status, said, _ = rembi("check", folder)
    lines = said.splitlines()
    assert status == 1
    assert [line.split()[0] for line in lines if line.startswith(folder.as_posix())] == [
        f"{folder.as_posix()}/{n}" for n in NAMES
    ]
    assert "damaged or not complete" in said
    assert lines[-1] == "5 workbooks: 3 passed, 1 not passed, 1 not read."


@pytest.mark.parametrize("workers", ["1", "2"])
def test_csv_and_json_say_the_same_with_any_number_of_processes(folder: Path, workers: str, tmp_path: Path) -> None:
    _, table, _ = rembi("check", folder, "--format", "csv", "--workers", workers)
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [r["Result"] for r in rows] == RESULTS
    assert [Path(r["Workbook"]).relative_to(folder).as_posix() for r in rows] == NAMES
    out = tmp_path / "out.json"
    assert rembi("check", folder, "--output", out, "--workers", workers)[0] == 1
    made = json.loads(out.read_text("utf-8"))
    assert made["counts"] == {"passed": 3, "not passed": 1, "not read": 1}
    assert [w["passed"] for w in made["workbooks"]] == [r == "passed" for r in RESULTS]
    assert [w["findings"][0]["code"] for w in made["workbooks"][3:]] == ["FILE-BLANK", "FILE-DAMAGED"]
    one = json.loads(rembi("check", folder / NAMES[0], "--format", "json")[1])
    assert one.items() <= made["workbooks"][0].items()


def test_the_pages_have_an_index_that_leads_to_each(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "report"
    assert rembi("check", folder, "--format", "html")[0] == 2
    for _ in range(2):  # the pages of an earlier check are replaced
        assert rembi("check", folder, "--format", "html", "--output", target)[0] == 1
    index = (target / "index.html").read_text("utf-8")
    pages = {p.name for p in target.glob("*.html")} - {"index.html"}
    assert pages == {"cells.html", "toxo.html", "toxo-2.html", "blank.html", "damaged.html"}
    assert all(f'href="{name}"' in index for name in pages)
    assert "3 passed, 1 not passed, 1 not read" in index and "<script" not in index
    (target / "rembi-sheets-check.json").unlink()
    status, _, said = rembi("check", folder, "--format", "html", "--output", target)
    assert status == 2 and "was not written by rembi-sheets" in said  # nobody's own folder is replaced


def test_the_status_is_that_of_the_worst(folder: Path) -> None:
    good = [folder / n for n in NAMES[:2]]
    assert rembi("check", *good)[0] == 0
    assert rembi("check", *good, folder / "blank.xlsx")[0] == 1
    assert rembi("check", folder / "damaged.xlsx")[0] == 2  # one that cannot be read at all
    assert rembi("check", *good, "--data", folder)[0] == 2
    assert rembi("check", *good, "--annotate", "x.xlsx")[0] == 2
    assert rembi("check", *good, "--output", folder)[0] == 2
    (folder / "empty").mkdir()
    status, _, said = rembi("check", folder / "empty")
    assert status == 2 and "holds no workbook" in said


def test_a_folder_of_tables_is_one_workbook_also_among_others(tmp_path: Path) -> None:
    tables = tmp_path / "all" / "tables"
    tables.mkdir(parents=True)
    (tables / "Study.tsv").write_text("Study title\tA study of cells that grow in dishes\n")
    (tmp_path / "all" / "a.xlsx").write_bytes(example("red-blood-cells"))
    assert many.gather([tables]) == many.Gathered((tables,))
    assert many.gather([tmp_path / "all"]).workbooks == (tmp_path / "all" / "a.xlsx", tables)


def test_a_file_named_twice_counts_once_and_lock_files_not_at_all(folder: Path) -> None:
    paths = sorted((folder / "a").iterdir())
    assert any(p.name.startswith("~$") for p in paths)
    found = many.gather([*paths, folder / "a"])
    assert [p.name for p in found.workbooks] == ["cells.xlsx", "toxo.xlsx"]


def test_linked_folders_are_followed_once(folder: Path) -> None:
    try:
        (folder / "a" / "round").symlink_to(folder, target_is_directory=True)
        (folder / "z-link").symlink_to(folder / "b", target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert [p.relative_to(folder).as_posix() for p in many.gather([folder]).workbooks] == NAMES


def test_score_takes_the_same_arguments(folder: Path) -> None:
    status, said, errors = rembi("score", folder, "--format", "csv")
    assert status == 2 and "damaged.xlsx" in errors
    assert len(said.splitlines()) == 1 + 4


# --- Data folders -----------------------------------------------------------------------------------------------


def test_each_workbook_finds_its_data_folder(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for name in (
        "one/images",
        "two/images",
        "deep/er/only",
        "named-like-it",
        "decomposed/Mu\u0308ller",
        "x.zarr/images",
    ):
        (root / name).mkdir(parents=True)
    folders = many.DataFolders(root)

    def of(workbook: str, named: str) -> str:
        found = folders.of(tmp_path / workbook, named)
        return found.relative_to(root).as_posix() if found else ""

    assert of("s.xlsx", "only") == "deep/er/only"
    assert of("s.xlsx", "D:\\studies\\only\\") == "deep/er/only"
    assert of("s.xlsx", "images") == ""  # two of them, and nothing tells which
    assert of("one.xlsx", "images") == "one/images"
    assert of("two/study.xlsx", "images") == "two/images"
    assert of("data/two/study.xlsx", "images") == "two/images"
    assert of("named-like-it.xlsx", "") == "named-like-it"
    assert of("s.xlsx", "M\u00fcller") == "decomposed/Mu\u0308ller"
    assert of("s.xlsx", "data") == "."
    assert of("s.xlsx", "nowhere") == ""


def test_data_root_compares_each_with_its_own_files(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.xlsx").write_bytes(example("red-blood-cells"))
    (tmp_path / "data" / "first").mkdir(parents=True)
    workbooks = (tmp_path / "first.xlsx", tmp_path / "second.xlsx")
    status, said, _ = rembi("check", *workbooks, "--data-root", tmp_path / "data", "--format", "json")
    made = json.loads(said)["workbooks"]
    assert status == 1
    assert any(f["code"].startswith("DISK-") for f in made[0]["findings"])
    assert made[0]["data"].endswith("data/first") and made[1]["data"] is None
    assert "not found" in rembi("check", *workbooks, "--data-root", tmp_path / "data")[1]


# --- a bad workbook never stops the rest ------------------------------------------------------------------------


def _measured(path: Path) -> str:
    if path.stem.startswith("kills"):
        os._exit(1)
    if path.name == "breaks.xlsx":
        raise RuntimeError("boom")
    return path.name


def test_what_ends_a_process_is_named_and_the_rest_goes_on() -> None:
    paths = [Path(f"{n}.xlsx") for n in ("a", "kills", "b", "breaks", "c", "d", "kills-too", "e")]
    told: list[steps.Step] = []
    with steps.heard_by(told.append):
        found = dict(side_by_side.each(_measured, paths, 2))
    assert list(found) == paths
    assert [found[p] for p in paths if len(p.stem) == 1] == [p.name for p in paths if len(p.stem) == 1]
    for name, word in (("kills.xlsx", "broke off"), ("kills-too.xlsx", "broke off"), ("breaks.xlsx", "boom")):
        failed = found[Path(name)]
        assert isinstance(failed, many.Failed) and word in failed.reason
    assert told and {(s.things, s.total) for s in told} == {("workbooks", len(paths))}
    assert [s.done for s in told] == sorted(s.done for s in told)


def test_the_largest_go_first_and_come_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"small.xlsx": 10, "beside.xlsx": 20, "beside.files.csv": 5000, "large.xlsx": 900, "tables/Study.tsv": 2000}
    (tmp_path / "tables").mkdir()
    for name, size in files.items():
        (tmp_path / name).write_bytes(bytes(size))
    paths = [tmp_path / n for n in ("small.xlsx", "beside.xlsx", "gone.xlsx", "large.xlsx", "tables")]
    handed: list[str] = []

    def pooled(function: Callable[[Path], str], given: Sequence[Path], *_: object) -> Iterator[tuple[Path, str]]:
        handed.extend(path.stem for path in given)
        yield from ((path, function(path)) for path in given)

    monkeypatch.setattr(side_by_side, "_pooled", pooled)
    assert list(side_by_side.each(_measured, paths, 2)) == [(path, path.name) for path in paths]
    assert handed == ["beside", "tables", "large", "small", "gone"]


_COPIED = """
import sys, threading
from pathlib import Path
from rembi_sheets.many.side_by_side import each

warmed, paths = [], [Path(n) for n in "abcd"]

def loaded(path):
    return "colorsys" in sys.modules

def load():
    import colorsys
    warmed.append(True)

if __name__ == "__main__":
    linux = sys.platform == "linux"
    assert [there for _, there in each(loaded, paths[:1], 2, warm=load)] == [False], "warmed for one"
    assert [there for _, there in each(loaded, paths, 2, warm=load)] == [linux] * 4
    assert warmed == [True] * linux
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    list(each(loaded, paths, 2, warm=load))
    assert warmed == [True] * linux, "a copy of a process with threads"
"""


def test_processes_are_copies_of_one_that_has_loaded_all_but_of_none_with_threads(tmp_path: Path) -> None:
    script = tmp_path / "copied.py"  # a file, since elsewhere the processes import it
    script.write_text(_COPIED)
    subprocess.run([sys.executable, script], check=True)


def test_an_outcome_that_failed_is_told_like_any_other() -> None:
    from rembi_sheets.report import many as report

    failed = report.Outcome.failed("x/study.xlsx", "study.xlsx", "the memory did not suffice")
    assert failed.findings[0].code == "FILE-BROKE-OFF" and not failed.passed
    assert "the memory did not suffice" in report.text([failed])
    assert "1 not read" in report.summary([failed])


# --- a blank workbook -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", [p.name for p in load().profiles])
@pytest.mark.parametrize("level", load().levels)
def test_a_blank_workbook_says_so_in_one_finding(profile: str, level: str, tmp_path: Path) -> None:
    for archives in ((), ("empiar",), load().archive_names):
        path = tmp_path / f"{len(archives)}.xlsx"
        path.write_bytes(workbooks.blank(profile, archives, level))
        workbook = rembi_sheets.read(path)
        (found,) = rembi_sheets.check(workbook, today=TODAY)
        assert (found.code, found.severity.value, found.archives) == ("FILE-BLANK", "error", ())
        assert "Study" in found.fix and "People" in found.fix
