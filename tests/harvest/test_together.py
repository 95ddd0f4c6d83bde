"""Groups and counts of a store: files that say the same are counted, and it is as if each had been looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets.harvest import database, together
from rembi_sheets.harvest.folder import through
from rembi_sheets.harvest.passes import Plan
from rembi_sheets.harvest.store import Store
from rembi_sheets.report import harvested
from tests.harvest import written

_NAMES = {
    "alike": [f"a{n}.mrc" for n in range(9)],
    "planes": [f"a{n}_z{z}_ch{c}.mrc" for n in range(2) for z in range(3) for c in range(2)],
    "references": ["a1.mrc", "a2.mrc", "gainref.mrc", "a3.mrc"],
    "previews": ["a1.mrc", "a2.mrc", "a2_thumb.mrc", "a3.mrc"],
    "scan/Downsampled_x2": ["x_NDTiffStack.mrc", "y_NDTiffStack.mrc"],
}


def _fill(folder: Path) -> None:
    for place, names in _NAMES.items():
        for number, name in enumerate(names):
            file = folder / place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(written.mrc((8, 6 + 2 * (number % 3 == 2), 1), ispg=0))
    for place in ("failed", "warned", "warned2"):
        (folder / place).mkdir()
        for number in range(7):
            content = written.mrc()[:-5] if place == "failed" else written.mrc((8, 6, 1), cell=(8e8, 6, 1), ispg=0)
            (folder / place / f"b{number}.mrc").write_bytes(content)
    for number in range(5):
        (folder / "alike" / f"p{number}.png").write_bytes(written.png())
        (folder / "alike" / f"text{number}.txt").write_text("nothing", encoding="utf-8")


@pytest.mark.parametrize("beside", [False, True])
def test_files_alike_are_counted_as_if_each_were_looked_at(
    beside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PAGE", 9)
    data, looked = tmp_path / "data", list[str]()
    _fill(data)
    if beside:
        (data / "alike" / "a1.xml").write_bytes(written.epu())
    real = together._Sums._look
    monkeypatch.setattr(together._Sums, "_look", lambda self, item: looked.append(item.path) or real(self, item))
    quick = Store()
    made = "".join(harvested.as_json(through(data, quick, Plan("serial"), lambda _: None)))
    few = len(looked)
    monkeypatch.setattr(together._Sums, "_plain", lambda self, page: False)
    slow = Store()
    assert "".join(harvested.as_json(through(data, slow, Plan("serial"), lambda _: None))) == made
    assert list(slow.dump()) == list(quick.dump())
    assert len(looked) - few == slow.count and (few == slow.count if beside else few < slow.count)


@pytest.mark.parametrize("page", [1, 4, 1_000])
def test_the_files_of_a_group_are_those_that_say_so_in_order_at_each_place(
    page: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stand in the store by runs: files of other groups and of none lie between them, and pages end anywhere."""
    monkeypatch.setattr(database, "_PAGE", page)
    expected: dict[int, list[str]] = {}
    for number, letter in enumerate("aabaacxbbaaxxaaaabcb" * 2):
        path = f"data/f{number:02}.{'txt' if letter == 'x' else 'mrc'}"
        (tmp_path / "data").mkdir(exist_ok=True)
        size = 6 + 2 * "abcx".index(letter)
        content = b"nothing" if letter == "x" else written.mrc((size, 6, 1), ispg=0)
        (tmp_path / path).write_bytes(content)
        if letter != "x":
            expected.setdefault(size, []).append(path)
    groups = through(tmp_path, Store(), Plan("serial"), lambda _: None).groups
    assert {g.image.sizes["X"]: list(g.files) for g in groups} == expected
    for group in groups:
        paths = expected[group.image.sizes["X"]]
        assert len(group.files) == len(paths)
        assert [group.files[n] for n in range(-len(paths), len(paths))] == paths * 2
        assert list(group.files[1:-1]) == paths[1:-1]
        with pytest.raises(IndexError):
            group.files[len(paths)]
