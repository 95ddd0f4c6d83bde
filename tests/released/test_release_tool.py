"""The tool that releases a version and begins the next, tried on a copy."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from rembi_sheets.schema import load
from rembi_sheets.schema.load import load_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_schema", ROOT / "tools" / "release_schema.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rembi_sheets" / "schema", tmp_path / "rembi_sheets" / "schema")
    for name in ("templates", "examples"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.xlsx").write_bytes(name.encode())
    return tmp_path


def test_a_release_keeps_the_workbooks_and_begins_the_next(tool: ModuleType, root: Path) -> None:
    old = load()
    tool.release("7.1", root)
    home, kept = root / "rembi_sheets" / "schema", root / "tests" / "released" / old.version
    assert (
        (kept / "digest.txt").read_text("utf-8").strip() == old.digest == load_folder(home / old.version, "7.1").digest
    )
    assert (kept / "templates" / "one.xlsx").read_bytes() == b"templates"
    assert (kept / "examples" / "one.xlsx").read_bytes() == b"examples"
    assert load_folder(home / "7.1", "7.1").version == "7.1"
    assert (home / "migrations" / f"{old.version}-7.1.toml").exists()
    assert 'CURRENT = "7.1"' in (home / "load.py").read_text("utf-8")
    tool.release("7.2", root)
    with pytest.raises(ValueError, match="does not follow"):
        tool.release("7.2", root)


@pytest.mark.parametrize("version", ["0.9", "soon", "", "1", "1.1"])
def test_what_does_not_follow_is_refused_and_changes_nothing(tool: ModuleType, root: Path, version: str) -> None:
    before = sorted(p.relative_to(root) for p in root.rglob("*"))
    with pytest.raises(ValueError, match="does not follow"):
        tool.release(version, root)
    assert sorted(p.relative_to(root) for p in root.rglob("*")) == before
