"""What the arguments of a command stand for: workbooks, and folders of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rembi_sheets.schema import load
from rembi_sheets.vocabularies.file_names import is_left, is_whole

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
_TABLES = (".tsv", ".csv")


@dataclass(frozen=True)
class Gathered:
    """What arguments stand for: the workbooks in order, each once, and the folders in which there is none.

    `unread`: folders that the system does not let us read. `many`: more than one was meant, also where one alone was
    found (a folder).
    """

    workbooks: tuple[Path, ...]
    without: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()
    many: bool = False


def gather(paths: Sequence[Path]) -> Gathered:
    """The workbooks that paths stand for: files as they are, of a folder all below it, in the order of their names.

    A folder of tables (Study.tsv, ...) is a workbook. Lock files, hidden files and folders are left out; a file that
    is named itself is not, unless it is a lock file beside others.
    """
    found: dict[Path, None] = {}
    without = []
    walk = _Walk()
    folders = [p for p in paths if p.is_dir() and not _is_tables(p)]
    for path in paths:
        if path in folders:
            known = walk.knows(path)
            inside = list(walk.below(path))
            found |= dict.fromkeys(inside)
            if not inside and not known:
                without.append(path)
        elif len(paths) == 1 or not is_left(path.name):
            found[path] = None
    return Gathered(tuple(found), tuple(without), tuple(walk.unread), many=len(paths) > 1 or bool(folders))


class _Walk:
    """A walk through folders, each once, by whatever links it is reached."""

    def __init__(self) -> None:
        self.unread: list[Path] = []
        self._seen: set[Path] = set()

    def knows(self, folder: Path) -> bool:
        """Was it walked before?"""
        return folder.resolve() in self._seen

    def below(self, folder: Path) -> Iterator[Path]:
        """The workbooks below a folder."""
        real = folder.resolve()
        if real in self._seen:
            return
        self._seen.add(real)
        try:
            entries = sorted(folder.iterdir(), key=lambda p: (p.name.casefold(), p.name))
        except OSError:
            self.unread.append(folder)
            return
        if _is_tables(folder):
            yield folder
            return
        for entry in entries:
            if entry.name.startswith(".") or is_left(entry.name):
                continue
            if entry.is_dir():
                if not is_whole(entry.name):
                    yield from self.below(entry)
            elif entry.suffix.casefold() in ENDINGS:
                yield entry


def _is_tables(folder: Path) -> bool:
    """Does the folder hold a workbook as tables, with the one that each has?"""
    form = load()["study"].title.casefold()
    try:
        inside = list(folder.iterdir())
    except OSError:
        return False
    return any(p.suffix.casefold() in _TABLES and p.stem.casefold() == form for p in inside)
