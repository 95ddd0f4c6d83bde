"""The whole way on real studies: new, check, convert; what the independent checkers say of every output."""

from __future__ import annotations

import json
from pathlib import Path
from string import digits

import pytest
from click.testing import CliRunner

import rembi_sheets
from rembi_sheets import examples
from rembi_sheets.cli import cli
from rembi_sheets.schema import load
from tests import checkers
from tests.support import TODAY
from tests.workbook.xlsx import Xlsx, typed

NAMES = examples.names()


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMBI_SHEETS_TODAY", TODAY.isoformat())


def lay_out(name: str, folder: Path) -> Path:
    """An example as `demo` copies it: the workbook and its data beside it."""
    workbook = folder / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    for path, content in examples.data_files(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return workbook


def convert(workbook: Path, name: str, output: Path) -> rembi_sheets.pipeline.Conversion:  # type: ignore[name-defined]
    made = rembi_sheets.convert(rembi_sheets.read(workbook), examples.info(name).archives, output, today=TODAY)
    assert made.files, [f"{f.sheet} {f.addresses} {f.message}" for f in made.findings if f.severity == "error"]
    return made


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the command of that name laid out and converted every example."""
    folder = tmp_path_factory.mktemp("walk") / "demo"
    done = CliRunner().invoke(cli, ["demo", str(folder)], env={"REMBI_SHEETS_TODAY": TODAY.isoformat()})
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(params=NAMES)
def converted(request: pytest.FixtureRequest, demo: Path) -> tuple[str, Path]:
    return request.param, demo / request.param / "deposit"


@checkers.needs_shared
def test_the_checkers_take_what_is_written_for_each_archive(converted: tuple[str, Path]) -> None:
    name, deposit = converted
    judges = {"bioimage-archive": checkers.bioimage_archive, "empiar": checkers.empiar}
    for archive in examples.info(name).archives:
        assert (deposit / archive).is_dir()
        if archive in judges:
            judges[archive](deposit / archive)


def test_every_archive_says_what_to_do_next(converted: tuple[str, Path]) -> None:
    name, deposit = converted
    for archive in examples.info(name).archives:
        assert len(list((deposit / archive).rglob("NEXT-STEPS.md"))) == 1


def test_the_record_names_every_file_and_every_loss_with_its_cell(converted: tuple[str, Path]) -> None:
    name, deposit = converted
    record = json.loads((deposit / "conversion.json").read_text("utf-8"))
    on_disk = {p.relative_to(deposit).as_posix() for p in deposit.rglob("*") if p.is_file()} - {"conversion.json"}
    assert {f["name"] for f in record["files"]} == on_disk
    for f in record["files"]:
        assert (deposit / f["name"]).stat().st_size == f["size"]
    titles = {s.title for s in load().sheets}
    for loss in record["losses"]:
        assert loss["archive"] in examples.info(name).archives
        assert loss["sheet"] in titles and loss["cells"] and loss["went"]


def test_the_same_workbook_gives_the_same_bytes(converted: tuple[str, Path], tmp_path: Path) -> None:
    name, deposit = converted
    workbook = lay_out(name, tmp_path)
    before = workbook.read_bytes()
    convert(workbook, name, tmp_path / "again")
    first, second = (
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (deposit, tmp_path / "again")
    )
    assert first == second
    assert workbook.read_bytes() == before


# --- a biologist's mistakes -------------------------------------------------------------------------------------


def edit(name: str, tmp_path: Path, sheet: str, column: str, row: int, value: object) -> tuple[Path, str]:
    """The example with one cell changed; `row` counts data rows from 1. Returns the file and the address."""
    data = examples.workbook_bytes(name)
    head = Xlsx(data).find(sheet, column)
    letters = head.rstrip(digits)
    address = f"{letters}{int(head.removeprefix(letters)) + row}"
    path = tmp_path / "study.xlsx"
    path.write_bytes(typed(data, sheet, {address: value}))
    return path, address


MISTAKES = [
    ("toxoplasma-fib-sem", "Specimens", "Biosample", 1, "Parasitophorous vacuol", "REF-UNKNOWN"),
    ("chromosome-condensation-screen", "Specimens", "Biosample", 1, "HeLa H2B-mCherry", "REF-UNKNOWN"),
    ("toxoplasma-fib-sem", "People", "E-mail", 1, None, "REQUIRED-EMPTY"),
    ("chromosome-condensation-screen", "Image acquisition", "Instrument attributes", 1, None, "REQUIRED-EMPTY"),
    ("toxoplasma-fib-sem", "Image data", "Pixel/voxel size - X", 1, "ten", "NUMBER-BAD"),
    ("chromosome-condensation-screen", "Image data", "Dimension extents - X", 1, "wide", "NUMBER-BAD"),
    ("toxoplasma-fib-sem", "Image data", "Pixel/voxel size unit", 1, "parsec", "LIST-UNKNOWN"),
    ("chromosome-condensation-screen", "Image data", "Type", 1, "picture", "LIST-UNKNOWN"),
]


@pytest.mark.parametrize(("name", "sheet", "column", "row", "value", "code"), MISTAKES)
def test_a_mistake_is_one_finding_at_its_cell_and_nothing_is_written(
    name: str, sheet: str, column: str, row: int, value: object, code: str, tmp_path: Path
) -> None:
    workbook, address = edit(name, tmp_path, sheet, column, row, value)
    before = workbook.read_bytes()
    done = CliRunner().invoke(cli, ["check", str(workbook), "--format", "json"])
    assert done.exit_code == 1
    errors = [f for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"]
    assert [(f["code"], f["sheet"], f["cells"]) for f in errors] == [(code, sheet, [address])]
    assert errors[0]["fix"]
    to = [a for archive in examples.info(name).archives for a in ("--to", archive)]
    out = CliRunner().invoke(cli, ["convert", str(workbook), *to, "--output", str(tmp_path / "deposit")])
    assert out.exit_code == 1
    assert address in out.output
    assert not (tmp_path / "deposit").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["study.xlsx"]
    assert workbook.read_bytes() == before


def test_two_equal_names_are_one_finding_at_the_second(tmp_path: Path) -> None:
    name = "chromosome-condensation-screen"
    first = rembi_sheets.read(lay_out(name, tmp_path)).tables["phenotypes"].frame["name"].iloc[0]  # type: ignore[index]
    workbook, address = edit(name, tmp_path, "Phenotypes", "Name", 2, first)
    errors = [f for f in rembi_sheets.check(rembi_sheets.read(workbook), today=TODAY) if f.code == "NAME-TWICE"]
    assert [(f.sheet, f.addresses) for f in errors] == [("Phenotypes", (address,))]


# --- the commands -----------------------------------------------------------------------------------------------


def rembi(*args: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [str(a) for a in args])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("profile", [p.name for p in load().profiles])
def test_new_makes_a_workbook_whose_check_asks_for_what_is_required(profile: str, tmp_path: Path) -> None:
    """As it is, it is said to be blank; once it is begun, what is missing is named."""
    path = tmp_path / "study.xlsx"
    assert rembi("new", path, "--profile", profile)[0] == 0
    status, said, _ = rembi("check", path, "--format", "json")
    assert status == 1
    assert [f["code"] for f in json.loads(said)["findings"]] == ["FILE-BLANK"]
    _begin(path)
    status, said, _ = rembi("check", path, "--format", "json")
    assert status == 1
    codes = {f["code"] for f in json.loads(said)["findings"]}
    assert "REQUIRED-EMPTY" in codes and "SHEET-EMPTY" in codes
    assert "COLUMN-MISSING" not in codes
    assert not codes & {"SHEET-UNKNOWN", "HEADING-UNKNOWN", "HEADING-MISSING"}


def _begin(path: Path) -> None:
    """Type the title of the study."""
    data = path.read_bytes()
    title = Xlsx(data).find("Study", load()["study"].columns[0].label)
    assert title.startswith("A")
    path.write_bytes(typed(data, "Study", {f"B{title[1:]}": "A study of which only the title is known"}))


def test_new_never_replaces_a_file_unasked(tmp_path: Path) -> None:
    path = tmp_path / "study.xlsx"
    path.write_bytes(b"mine")
    status, _, said = rembi("new", path)
    assert status == 2 and "--force" in said
    assert path.read_bytes() == b"mine"


def test_check_ends_with_0_1_or_2(tmp_path: Path) -> None:
    good = lay_out("toxoplasma-fib-sem", tmp_path)
    assert rembi("check", good)[0] == 0
    assert rembi("check", tmp_path / "none.xlsx")[0] == 2
    assert rembi("check", good, "--archive", "zenodo")[0] == 2


def test_convert_replaces_only_its_own_folder(tmp_path: Path) -> None:
    name = "toxoplasma-fib-sem"
    workbook = lay_out(name, tmp_path)
    target = tmp_path / "mine"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    args = ("convert", workbook, "--to", "empiar", "--output", target)
    assert rembi(*args)[0] == 2
    assert rembi(*args, "--force")[0] == 2
    assert (target / "notes.txt").read_text() == "mine"
    args = ("convert", workbook, "--to", "empiar", "--output", tmp_path / "deposit")
    assert rembi(*args)[0] == 0
    assert rembi(*args)[0] == 2
    assert rembi(*args, "--force")[0] == 0
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_schema_explain_plan_score_and_examples_answer(tmp_path: Path) -> None:
    workbook = lay_out("toxoplasma-fib-sem", tmp_path)
    assert json.loads(rembi("schema", "--format", "json")[1])["version"] == load().version
    assert "Remedy" in rembi("explain", "ref-unknown")[1]
    assert rembi("explain", "REF-UNKNOW")[0] == 2
    assert "EMPIAR" in rembi("plan", workbook)[1]
    status, said, _ = rembi("score", workbook, workbook, "--format", "csv")
    assert status == 0 and said.count("\n") == 2
    assert "toxoplasma-fib-sem" in rembi("examples", "list")[1]
    assert rembi("examples", "copy", "toxoplasma-fib-sem", tmp_path / "copy.xlsx")[0] == 0
    assert (tmp_path / "copy.xlsx").read_bytes() == workbook.read_bytes()


def test_demo_converts_every_example(demo: Path) -> None:
    for name in NAMES:
        assert (demo / name / "deposit" / "conversion.json").is_file()


def test_fix_mends_what_is_safe_and_leaves_the_workbook_alone(tmp_path: Path) -> None:
    workbook, address = edit(
        "toxoplasma-fib-sem", tmp_path, "People", "E-mail", 1, "mailto:alex.hunt@example.org\u200b"
    )
    before = workbook.read_bytes()
    status, said, _ = rembi("fix", workbook, tmp_path / "copy.xlsx")
    assert status == 0
    assert f"People {address}" in said
    again, _, told = rembi("fix", tmp_path / "copy.xlsx", "--dry-run")
    assert again == 0 and "Nothing to repair" in told
    assert rembi("check", tmp_path / "copy.xlsx")[0] == 0
    assert workbook.read_bytes() == before
    assert rembi("fix", workbook)[0] == 2
    assert rembi("fix", workbook, workbook)[0] == 2
