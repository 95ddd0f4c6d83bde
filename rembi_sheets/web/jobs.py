"""What the workers do: a file's path and plain words in, plain data or bytes out. The only modules beside that call the
pipeline's walks, and they run in processes of their own.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets import examples, pipeline
from rembi_sheets.inventory import Listing, listed
from rembi_sheets.web.books import Change, Filling

if TYPE_CHECKING:
    from rembi_sheets.harvest.folder import Harvest
    from rembi_sheets.harvest.store import Store

_STORE = 20.0  # seconds for which a job waits until another one is done with the store of a harvest


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about a workbook: archives (none: those it names), limits of reading, a day other than today.

    `data`: the file in which it is kept what its data folder holds, where that was given: names and sizes, or, of a
    folder of this computer, its path and the store with what its headers say.
    """

    archives: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    today: dt.date | None = None
    data: Path | None = None

    @contextmanager
    def disk(self) -> Iterator[tuple[Path | Listing | None, Harvest | None]]:
        """The data folder as it was given, and what its headers say."""
        kept = json.loads(self.data.read_text("utf-8")) if self.data is not None else None
        if kept is None:
            yield None, None
        elif "path" not in kept:
            yield listed(kept["folder"], kept["files"]), None
        else:
            from rembi_sheets.harvest.folder import harvest

            folder = Path(kept["path"])
            with closing(_store(Path(kept["store"]))) as store:
                yield folder, harvest(folder, store=store)


def _store(file: Path) -> Store:
    """The store of a harvest, which one process has at a time. Raises Unfit when it is not free for long."""
    from rembi_sheets.harvest.store import Store, Unfit

    until = time.monotonic() + _STORE
    while True:
        try:
            return Store(file)
        except Unfit:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def warm() -> None:
    """Check a small example, so that libraries and lists are loaded before the first visitor waits for them."""
    with suppress(FileNotFoundError):
        check(examples.smallest(), Asked())


def blank(profile: str, archives: tuple[str, ...], level: str) -> bytes:
    """A blank workbook, as `new` makes it."""
    return pipeline.blank(profile, archives, level)


def prefilled(profile: str, archives: tuple[str, ...], level: str, source: Path, limits: dict[str, int]) -> bytes | str:
    """A blank workbook filled from one file, as `new --from` makes it, or why there is none."""
    from rembi_sheets.web import filling

    return filling.prefilled(blank(profile, archives, level), source, limits)


def checked(path: Path, asked: Asked) -> pipeline.Checked:
    """The check of a workbook, as `check` makes it; of a folder of this computer with --headers."""
    with asked.disk() as (data, harvest):
        workbook = pipeline.read(path, asked.limits)
        return pipeline.check(workbook, asked.archives, data=data, today=asked.today, headers=harvest or False)


@contextmanager
def _there(path: Path) -> Iterator[Path]:
    """In the folder of a file, its bare name: what is said of it then names no folder of this computer."""
    with chdir(path.parent):
        yield Path(path.name)


def check(path: Path, asked: Asked) -> dict[str, Any]:
    """The report of a workbook for the page."""
    from rembi_sheets.web.report import report

    with _there(path) as book:
        made = checked(book, asked)
        return report(made, pipeline.completeness(made))


def page(path: Path, asked: Asked) -> bytes:
    """The report as one HTML file, as `check --format html` writes it."""
    with _there(path) as book:
        return pipeline.page(checked(book, asked)).encode("utf-8", "replace")


def marked(path: Path, asked: Asked) -> bytes | str:
    """The marked copy, as `check --annotate` writes it, or why there is none."""
    from rembi_sheets.workbook.annotate import AnnotateError, annotate
    from rembi_sheets.workbook.package import Caps
    from rembi_sheets.workbook.plain import as_xlsx

    with _there(path) as book:
        made = checked(book, asked)
        try:
            return annotate(as_xlsx(book, Caps.of(asked.limits), macros=True)[0], made.findings)
        except AnnotateError as error:
            return str(error)


def repaired(path: Path, asked: Asked) -> bytes | str:
    """The copy with the safe repairs done, as `fix` writes it, or why there is none."""
    from rembi_sheets.repair import RepairError, fix

    try:
        return fix(path, limits=asked.limits).content
    except RepairError as error:
        return str(error)


def take_away(path: Path, asked: Asked, folder: Path) -> dict[str, Any]:
    """Each archive's files, as `convert --to` writes them, packed into `folder`; what is in them and what is lost."""
    from rembi_sheets.web.taking import packed

    with _there(path) as book, asked.disk() as (data, _):
        workbook = pipeline.read(book, asked.limits)
        chosen = pipeline.check(workbook, asked.archives, data=data, today=asked.today).archives
        made = {a: pipeline.convert(workbook, (a,), data=data, today=asked.today) for a in chosen}
        return {a: packed(conversion, folder, f"{path.stem}-{a}.zip") for a, conversion in made.items()}


def cell_field(path: Path, sheet: str, row: int, column: int, limits: dict[str, int]) -> dict[str, Any]:
    """What the field of a cell offers."""
    from rembi_sheets.web import mending

    return mending.field(path, sheet, row, column, limits)


def repairs(path: Path, asked: Asked) -> list[dict[str, Any]]:
    """The clear remedies of a workbook."""
    from rembi_sheets.inventory import scan
    from rembi_sheets.web import mending

    with asked.disk() as (data, _):
        return mending.repairs(path, dict(asked.limits), scan(data) if isinstance(data, Path) else data)


def written(original: Path, target: Path, changes: tuple[Change, ...], limits: dict[str, int]) -> list[str] | str:
    """The workbook with changes written; the addresses of cells that could not be, or why nothing could."""
    from rembi_sheets.web import mending
    from rembi_sheets.workbook.editing import AnnotateError

    try:
        return mending.written(original, target, changes, limits)
    except AnnotateError as error:
        return str(error)


def filled(path: Path, asked: Asked, home: Path, filling: Filling, target: Path) -> dict[str, Any]:
    """The workbook with what its sources (folders below `home`) and its data folder say, as `fill` writes it, in the
    folder `target`; what was filled in and what was not, or why there is no copy."""
    from rembi_sheets.web import filling as how

    with asked.disk() as (data, harvest):
        known = data if isinstance(data, Listing) else harvest
        return how.filled(path, home, filling, known, target, dict(asked.limits))


def widened(path: Path, asked: Asked, columns: tuple[str, ...], target: Path) -> dict[str, Any]:
    """A copy with more columns, as `add` writes it, in the folder `target`; or why there is none."""
    from rembi_sheets.web import widening

    return widening.widened(path, columns, target, dict(asked.limits))


def migrated(path: Path, asked: Asked, target: Path) -> dict[str, Any]:
    """A copy in today's form, as `migrate` writes it, in the folder `target`; or why there is none."""
    from rembi_sheets.web import widening

    return widening.migrated(path, target, dict(asked.limits))
