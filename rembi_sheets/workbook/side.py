"""The table of files beside a workbook, `<workbook>.files.tsv`: read a row at a time, however long it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rembi_sheets.cells import Raw, TableError

SUFFIX = ".files.tsv"
_TOP = 40
_FIELD = 1 << 20


def beside(workbook: Path) -> SideFile | None:
    """The table beside a workbook, where there is one."""
    path = workbook.with_name(f"{workbook.stem}{SUFFIX}")
    return SideFile(path) if path.is_file() else None


@dataclass(frozen=True, slots=True)
class SideFile:
    """Tab-separated text in UTF-8 (or UTF-16 with its mark), quoted as spreadsheet programs do."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def top(self) -> list[list[Raw]]:
        """The first rows. Raises TableError when they cannot be read."""
        return list(islice(self.rows(0), _TOP))

    def rows(self, above: int) -> Iterator[list[Raw]]:
        """The rows but the first `above`. Raises TableError where the file cannot be read on."""
        csv.field_size_limit(_FIELD)
        try:
            with self.path.open("rb") as raw:
                encoding = "utf-16" if raw.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            with self.path.open(encoding=encoding, newline="") as text:
                yield from islice(csv.reader(text, delimiter="\t"), above, None)
        except UnicodeError as e:
            raise TableError("FILE-ENCODING") from e
        except csv.Error as e:
            raise TableError("TABLE-BAD", str(e)) from e
        except OSError as e:
            raise TableError("FILE-UNREADABLE", (e.strerror or "the system refuses").lower()) from e
