"""What the arguments of a command stand for: workbooks, and folders of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rembi_sheets.schema import load

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
FOLDER_IMAGES = (".zarr", ".n5")  # folders that are one image
_TABLES = (".tsv", ".csv")
_LOCKS = ("~$", ".~lock.", "._")  # of Excel and of LibreOffice, and what macOS leaves beside a file


@dataclass(frozen=True)
class Gathered:
    """What arguments stand for: the workbooks in order, each once, and the folders in which there is none.

    `many`: more than one was meant, also where one alone was found (a folder).
    """

    workbooks: tuple[Path, ...]
    without: tuple[Path, ...] = ()
    many: bool = False


def gather(paths: Sequence[Path]) -> Gathered:
    """The workbooks that paths stand for: files as they are, of a folder all below it, in the order of their names.

    A folder of tables (Study.tsv, ...) is a workbook. Lock files, hidden files and folders are left out; a file that
    is named itself is not, unless it is a lock file beside others.
    """
    found: dict[Path, None] = {}
    without = []
    folders = [p for p in paths if p.is_dir() and not _is_tables(p)]
    for path in paths:
        if path in folders:
            inside = list(_below(path))
            found |= dict.fromkeys(inside)
            if not inside:
                without.append(path)
        elif len(paths) == 1 or not path.name.startswith(_LOCKS):
            found[path] = None
    return Gathered(tuple(found), tuple(without), many=len(paths) > 1 or bool(folders))


def _below(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda p: (p.name.casefold(), p.name)):
        if entry.name.startswith((".", *_LOCKS)):
            continue
        if entry.is_dir():
            if _is_tables(entry):
                yield entry
            elif not entry.is_symlink() and entry.suffix.casefold() not in FOLDER_IMAGES:
                yield from _below(entry)
        elif entry.suffix.casefold() in ENDINGS:
            yield entry


def _is_tables(folder: Path) -> bool:
    """Does the folder hold a workbook as tables, with the one that each has?"""
    form = load()["study"].title.casefold()
    return any(p.suffix.casefold() in _TABLES and p.stem.casefold() == form for p in folder.iterdir())
