"""The walk beside what a store knows: page by page, and never otherwise than all at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from rembi_sheets.harvest import passes
from rembi_sheets.harvest.store import Changes
from rembi_sheets.vocabularies import file_names


class Known:
    """A store that knows some files, and keeps what it is told."""

    def __init__(self, rows: Changes, page: int) -> None:
        self.rows, self.page = rows, page
        self.changed, self.old, self.gone = Changes(), list[bytes](), list[bytes]()

    def known(self) -> Iterator[Changes]:
        return _paged(self.rows, self.page)

    def walked(self, changed: Changes, old: list[bytes], gone: list[bytes]) -> None:
        self.changed += changed
        self.old += old
        self.gone += gone

    def passed_over(self, seen: object) -> None:
        assert not seen


def _paged(rows: Changes, page: int) -> Iterator[Changes]:
    rest = iter(rows)
    while some := list(islice(rest, page)):
        yield some


def _files(chance: random.Random, most: int) -> Changes:
    keys = sorted({b"%03d" % chance.randrange(60) for _ in range(chance.randrange(most))})
    return [(key, chance.randrange(3), chance.randrange(2)) for key in keys]


@pytest.mark.parametrize("seed", range(8))
def test_what_differs_is_found_whatever_the_pages(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(passes, "_WALKED", 5)
    for _ in range(150):
        old, new = _files(chance, 60), _files(chance, 60)
        if chance.random() < 0.5:
            new = sorted({f[0]: f for f in (*old, *new[:2])}.values())[chance.randrange(3) :]
        store = Known(old, chance.randrange(1, 9))
        size = chance.randrange(1, 9)
        monkeypatch.setattr(passes, "walk", lambda *_, rows=new, size=size: _paged(rows, size))
        passes.look_around(Path(), store, lambda _: None)  # type: ignore[arg-type]
        assert store.changed == sorted(set(new) - set(old))
        assert store.old == [f[0] for f in store.changed if f[0] in {o[0] for o in old}]
        assert sorted(store.gone) == sorted({o[0] for o in old} - {n[0] for n in new})


def test_what_is_left_is_found_among_many_names_as_alone() -> None:
    chance = random.Random(7)
    pieces = [*"ab.~$#\n-", "Thumbs", ".db", "desktop.ini", ".tmp", "Icon", "lost+found", "RECYCLER", "!ut", "_"]
    for _ in range(400):
        names = {"".join(chance.choices(pieces, k=chance.randrange(1, 5))) for _ in range(chance.randrange(5))}
        assert file_names.left_among(names) == {n for n in names if file_names.is_left(n)}
