"""A workbook of a visit: where its files lie, what was changed in it, what is kept of it.

<book>/own/<the visitor's file name>     the workbook as dropped, and the table of files beside it
<book>/v<version>/<name>                 the same with the changes made on the page
<book>/from/<number>/                    what it is filled from, each drop in a folder of its own
<book>/filled-<version>-<filling>/       the filled copy, with what lies beside it
<book>/*.json, *.zip, *.harvest          what was made of it, what the headers of its files say
<book>/answers.sqlite                    what services on the net said, where they were asked
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rembi_sheets.workbook.side import ENDINGS

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_NUMBERED = re.compile(r"\s*\(\d+\)$")
ANSWERS = "answers.sqlite"
_NAME = 120  # bytes of a file name that are kept


class FullError(Exception):
    """No room for one more visit, workbook or byte; the message says so."""

    @classmethod
    def disk(cls) -> FullError:
        """The disk is full."""
        return cls("The disk of this page is full. Try it again later.")


def safe_name(name: str) -> str:
    """A visitor's file name that every system can hold: no folder, no control or direction mark, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = _UNSAFE.sub("_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) <= 8 else (plain, "")
    while len(f"{stem}{ending}".encode()) > _NAME:
        stem = stem[:-1]
    made = f"{stem.strip() or 'workbook'}{ending}"
    return f"_{made}" if _RESERVED.match(made) or made.startswith("~") else made


@dataclass(frozen=True, slots=True)
class Change:
    """What was written into cells (row, column) of a sheet; `old` is what one of them showed, `new` '' for nothing."""

    sheet: str
    at: str
    cells: tuple[tuple[int, int], ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What a workbook is filled from, and how: `sources` are folders below `from`, each with the files of one drop.

    `everything`: of an earlier study all that it says; `guesses`: filled in, too; `mapping`: name of the file in which
    a person decided what the columns of tables are, '' for none; `online`: how often services on the net were asked,
    0 where they are not to be.
    """

    sources: tuple[str, ...] = ()
    everything: bool = False
    guesses: bool = False
    mapping: str = ""
    online: int = 0

    @property
    def id(self) -> str:
        """A short name for it."""
        return _short(self)


@dataclass
class Book:
    """A workbook of a visit. `name` is that of its file; `at` when it was dropped (seconds since 1970).

    `batch` is the same for workbooks that were dropped together, '' for one alone. `folder_known`: a short name for
    what its data folder holds, '' where that is not known. `filling`: what it is filled from.
    What is kept of a workbook is kept for its `version`; the same changes are the same version again.
    """

    id: str
    folder: Path
    name: str
    at: float
    changes: tuple[Change, ...] = ()
    batch: str = ""
    folder_known: str = ""
    filling: Filling = Filling()

    @property
    def version(self) -> str:
        """A short name for the workbook with the changes and the data folder that it has now."""
        return "-".join(filter(None, (_version(self.changes), self.folder_known)))

    @property
    def data(self) -> Path | None:
        """The file with the names and sizes of the data folder, where they were given."""
        return self.folder / f"data-{self.folder_known}.json" if self.folder_known else None

    def know(self, folder: str, files: Mapping[str, int]) -> None:
        """Keep the names and sizes of the data folder; none forgets them. Raises FullError."""
        self._know({"folder": safe_name(folder), "files": dict(files)} if files else None)

    def know_path(self, path: Path, store: Path) -> None:
        """The data folder lies on this computer, and the file `store` has what its headers say. Raises FullError."""
        self._know({"path": str(path), "store": str(store), "at": time.time()})

    def store(self, path: Path) -> Path:
        """Where it is kept what the headers below a folder of this computer say."""
        return self.folder / f"{_short(str(path))}.harvest"

    def _know(self, kept: dict[str, Any] | None) -> None:
        name = _short(kept) if kept else ""
        if kept:
            self.save(f"data-{name}", kept)
        self.folder_known = name

    @property
    def known(self) -> dict[str, Any] | None:
        """What is known of the data folder: `folder` and `files`, or `path` and `store`."""
        return self.load(self.data.stem) if self.data is not None else None

    @property
    def sources(self) -> Path:
        """Where that lies from which it is filled."""
        return self.folder / "from"

    def filled(self, filling: Filling) -> Path:
        """Where its filled copies lie: one for each version and filling."""
        return self.folder / f"filled-{self.version}-{filling.id}"

    @property
    def original(self) -> Path:
        """The workbook as it was dropped."""
        return self.folder / "own" / self.name

    @property
    def path(self) -> Path:
        """The workbook with the changes that were made on the page."""
        return self.with_changes(self.changes) if self.changes else self.original

    def with_changes(self, changes: tuple[Change, ...]) -> Path:
        """Where the workbook lies with these changes."""
        return self.folder / f"v{_version(changes)}" / self.name

    def made(self, changes: tuple[Change, ...]) -> bool:
        """Was the workbook with these changes written before?"""
        return self.with_changes(changes).exists()

    def save(self, name: str, content: Any) -> None:
        """Keep plain data of the workbook, whole or not at all. Raises FullError."""
        aside = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            aside.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")
            aside.replace(self.folder / f"{name}.json")
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise FullError.disk() from error

    def load(self, name: str) -> Any:
        """Plain data that was kept, or None."""
        try:
            return json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None


def _version(changes: tuple[Change, ...]) -> str:
    return _short(changes) if changes else "0"


def _short(content: object) -> str:
    """A short name for what prints as this."""
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def again(name: str, earlier: str) -> bool:
    """Is a file called like an earlier one, but for the number that browsers and file managers put behind it?"""
    return _NUMBERED.sub("", Path(name).stem).casefold() == _NUMBERED.sub("", Path(earlier).stem).casefold()


def table_ending(name: str) -> str:
    """The ending by which a file is the table of files beside a workbook; '' for any other."""
    return next((e for e in ENDINGS if name.casefold().endswith(e)), "")


def table_name(workbook: str, table: str) -> str:
    """The name of the table of files as it has to be beside a workbook."""
    return f"{Path(workbook).stem}{table_ending(table)}"
