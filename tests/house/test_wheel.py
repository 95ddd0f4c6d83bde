"""The wheel holds all data files, and the installed wheel runs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = {".toml", ".tsv", ".j2", ".xsd", ".xlsx"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)], check=True, capture_output=True
    )
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_data_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "rembi_sheets"
    wanted = {
        f"rembi_sheets/{p.relative_to(package).as_posix()}" for p in package.rglob("*") if p.suffix in DATA | {".py"}
    }
    assert wanted <= inside
    assert any(n.startswith("rembi_sheets/examples_data/") and n.endswith(".xlsx") for n in inside)
    assert not any(n.startswith("tests/") for n in inside)


def test_the_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    """The wheel alone, unpacked where no source tree is, with the libraries of this environment."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    run = [
        sys.executable,
        "-c",
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from rembi_sheets.cli import main; main()",
    ]

    def rembi(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*run, str(site), *args], cwd=tmp_path, capture_output=True, text=True)

    made = rembi("new", "study.xlsx")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "study.xlsx").stat().st_size > 10_000
    listed = rembi("examples", "list")
    assert "toxoplasma-fib-sem" in listed.stdout, listed.stderr
    copied = rembi("examples", "copy", "toxoplasma-fib-sem", "fib.xlsx")
    assert copied.returncode == 0, copied.stderr
    checked = rembi("check", "fib.xlsx", "--format", "json")
    assert checked.returncode == 0, checked.stderr + checked.stdout
