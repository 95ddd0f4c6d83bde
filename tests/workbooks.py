"""Workbooks that many tests look at, made once in a run and shared by its processes; none of them may be changed.

The bytes are the same whenever and wherever they are made (tests/workbook/test_write_cells.py holds it, by `blank` of
the package itself), so whose process made them says nothing.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets.schema import load, select
from rembi_sheets.workbook import write
from tests.support import STUDY, tables

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_folder: Path | None = None


def share(folder: Path) -> None:
    """Keep what is made from now on in `folder`, which the other processes of this run name too."""
    global _folder
    _folder = folder
    folder.mkdir(exist_ok=True)


def once(what: object, make: Callable[[], bytes]) -> bytes:
    """What `make` gives, or what another process of this run got for the same `what` (its repr says all of it)."""
    if _folder is None:
        return make()
    path = _folder / hashlib.sha256(repr(what).encode()).hexdigest()
    if not path.exists():
        own = path.with_suffix(f".{os.getpid()}")
        own.write_bytes(make())
        own.replace(path)
    return path.read_bytes()


@cache
def blank(profile: str, archives: tuple[str, ...] = (), level: str = "", **options: Any) -> bytes:
    """A blank workbook of what `select` shows; `options` as `write.blank` has them."""
    shown = select(load(), profile, archives, level)
    made = ("blank", shown.profile, shown.archives, shown.level, sorted(options.items()))
    return once(made, lambda: write.blank(load(), shown, **options))


def start() -> bytes:
    """The blank workbook of who asks for none in particular."""
    asked = load().start
    return blank(asked.profile, asked.archives, asked.level)


@cache
def filled(profile: str, archives: tuple[str, ...] = (), level: str = "") -> bytes:
    """The small study of `support` in such a workbook."""
    shown = select(load(), profile, archives, level)
    made = ("filled", shown.profile, shown.archives, shown.level)
    return once(made, lambda: write.filled(load(), shown, tables(STUDY)[0]))


@lru_cache(maxsize=12)
def opened(data: bytes) -> Workbook:
    """The workbook by openpyxl, to be looked at alone: who changes one loads it."""
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data))
