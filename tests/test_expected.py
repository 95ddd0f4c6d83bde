"""What is written for every example, whole: the files that people have read and the archives' checkers have taken."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from rembi_sheets import examples

ROOT = Path(__file__).parents[1]


def outputs(name: str) -> dict[str, bytes]:
    spec = importlib.util.spec_from_file_location("make_expected", ROOT / "tools" / "make_expected.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.outputs(name))


@pytest.mark.parametrize("name", examples.names())
def test_the_outputs_are_those_kept_beside_the_example(name: str) -> None:
    folder = ROOT / "examples" / name / "expected"
    made = outputs(name)
    kept = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    mend = "read the difference, then accept it with: make expected"
    assert sorted(made) == sorted(kept), mend
    for path, content in made.items():
        assert content.decode("utf-8").splitlines() == kept[path].decode("utf-8").splitlines(), f"{path}: {mend}"
        assert content == kept[path], f"{path} differs in its bytes; {mend}"
