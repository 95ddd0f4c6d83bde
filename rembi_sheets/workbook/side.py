"""The table of files beside a workbook, `<workbook>.files.tsv`: read a row at a time, however long it is.

Also as .csv or .txt (tabs, commas or semicolons), and each of them packed by gzip.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from rembi_sheets.cells import Raw, SideTable, TableError
from rembi_sheets.schema import Words
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import to_cell
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.package import Caps, RefusedError
from rembi_sheets.workbook.tabular import separator

ENDINGS = tuple(f".files{kind}{packed}" for packed in ("", ".gz") for kind in (".tsv", ".csv", ".txt"))
_TOP = 40
_FIELD = 1 << 20
_HEAD = 1 << 14


def beside(workbook: Path, caps: Caps = Caps()) -> SideFile | None:  # noqa: B008 - frozen
    """The table beside a workbook, where there is one. Raises RefusedError when there are two."""
    named = (workbook.with_name(f"{workbook.stem}{ending}") for ending in ENDINGS)
    found = [path for path in named if path.is_file()]
    if len(found) > 1:
        raise RefusedError("FILE-TWICE", value=found[0].name, other=found[1].name, name="Files")
    return SideFile(found[0], caps) if found else None


def with_table(copy: Path, content: bytes, table: SideTable | None) -> dict[Path, bytes]:
    """What is to be written for a copy of a workbook: the copy, and beside it the table of files it comes with.

    Raises TableError when the table cannot be read, or another one lies where the copy would find it.
    """
    if not isinstance(table, SideFile):
        return {copy: content}
    target = table.named_for(copy)
    if table.content is None and target.absolute() == table.path.absolute():
        return {copy: content}
    for other in (copy.with_name(f"{copy.stem}{ending}") for ending in ENDINGS):
        if other.exists() and other != target:
            raise TableError("FILE-TWICE", f"{other} lies where the copy would look for its table; move it away")
    try:
        return {target: table.raw(), copy: content}
    except OSError as e:
        raise TableError("FILE-UNREADABLE", f"{table.path} cannot be read: {e.strerror}") from e


def written(table: Table) -> SideFile:
    """A table as the one beside a workbook: its headings, and below them the columns in which anything stands."""
    columns = [n for n in table.columns if any(part.filled(n) for part in table.parts())]
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow([table.label(n) for n in columns])
    for part in table.parts():
        writer.writerows(zip(*(_texts(part, n) for n in columns), strict=True))
    text.flush()
    return SideFile(Path(f"{table.sheet.name}{ENDINGS[0]}"), content=raw.getvalue())


def _texts(part: Table, name: str) -> Iterator[str]:
    """The cells of a column as one types them; each different value is written once."""
    known = {v: "" if (cell := to_cell(v)) is None else str(cell) for v in part.distinct(name)}
    return map(known.__getitem__, part.values(name))


def today(table: SideTable | None, tables: Tables) -> SideTable | None:
    """The table beside a workbook of an earlier version with today's headings; one that has them as it is.

    Raises AnnotateError where more than headings would have to change, and TableError as `SideFile.rows`.
    """
    streamed = next((t for t in tables if t.source is not None), None)
    if not isinstance(table, SideFile) or streamed is None or tables.way is None:
        return table
    worded = {step.list for step in tables.way.steps if isinstance(step, Words)}
    lists = {streamed.sheet[n].list for n in streamed.columns if n in streamed.sheet.by_name}
    if worded & lists or any(m.kind != "renamed" for m in streamed.former.moved):
        raise AnnotateError(
            f"{table.name} has columns or words that are others today, and is too long to be rewritten. Say them as "
            "`rembi-sheets schema diff` lists them, then migrate the workbook."
        )
    named = {(streamed.heading_row, streamed.columns[n]): streamed.sheet[n].label for n in streamed.former.labels}
    return replace(table, content=table.changed(named)) if named else table


@dataclass(frozen=True, slots=True)
class SideFile:
    """Text in UTF-8 (or UTF-16 with its mark), quoted as spreadsheet programs do; `content` stands for the file's."""

    path: Path
    caps: Caps = field(default_factory=Caps)
    content: bytes | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def named_for(self, workbook: Path) -> Path:
        """The path of this table beside another workbook."""
        ending = next(e for e in ENDINGS if self.name.endswith(e))
        return workbook.with_name(f"{workbook.stem}{ending}")

    def top(self) -> list[list[Raw]]:
        """The first rows. Raises TableError when they cannot be read."""
        return list(islice(self.rows(0), _TOP))

    def rows(self, above: int) -> Iterator[list[Raw]]:
        """The rows but the first `above`. Raises TableError where the file cannot be read on."""
        csv.field_size_limit(_FIELD)
        try:
            with self._opened() as raw:
                head = raw.read(_HEAD)
            encoding = _encoding(head)
            delimiter = separator(head.decode(encoding, "replace"), self.name.removesuffix(".gz"))
            with self._opened() as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
                yield from islice(csv.reader(text, delimiter=delimiter), above, None)
        except UnicodeError as e:
            raise TableError("FILE-ENCODING") from e
        except csv.Error as e:
            raise TableError("TABLE-BAD", str(e)) from e
        except (gzip.BadGzipFile, EOFError, zlib.error) as e:
            raise TableError("TABLE-BAD", "it is damaged or not complete") from e
        except OSError as e:
            raise TableError("FILE-UNREADABLE", (e.strerror or "the system refuses").lower()) from e

    def raw(self) -> bytes:
        """All of the file as it is. Raises OSError."""
        return self.path.read_bytes() if self.content is None else self.content

    def changed(self, values: Mapping[tuple[int, int], Raw]) -> bytes:
        """The file with other values in some cells, (row, column) from 1: same kind, encoding and separator.

        It is read again and compared with this one. Raises TableError as `rows`, and when a cell would be lost.
        """
        with self._opened() as raw:
            head = raw.read(_HEAD)
        encoding = _encoding(head)
        text = io.StringIO(newline="")
        delimiter = separator(head.decode(encoding, "replace"), self.name.removesuffix(".gz"))
        ending = "\r\n" if "\r\n" in head.decode(encoding, "replace") else "\n"
        writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
        by_row: dict[int, dict[int, Raw]] = {}
        for (row, column), value in values.items():
            by_row.setdefault(row, {})[column] = value
        for number, cells in enumerate(self.rows(0), start=1):
            for column, value in by_row.get(number, {}).items():
                cells[column - 1] = "" if value is None else str(value)
            writer.writerow(cells)
        made = text.getvalue().encode(encoding if head.startswith(b"\xef\xbb\xbf") or encoding == "utf-16" else "utf-8")
        made = gzip.compress(made, mtime=0) if self.name.endswith(".gz") else made
        again = replace(self, content=made).rows(0)
        for number, cells in enumerate(self.rows(0), start=1):
            for column, value in by_row.get(number, {}).items():
                cells[column - 1] = "" if value is None else str(value)
            if cells != next(again, None):
                raise TableError("TABLE-BAD", f"row {number} of its copy would differ")
        return made

    def _opened(self) -> IO[bytes]:
        raw: Any = self.path.open("rb") if self.content is None else io.BytesIO(self.content)
        if not self.name.endswith(".gz"):
            return raw  # type: ignore[no-any-return]
        packed = self.path.stat().st_size if self.content is None else len(self.content)
        return io.BufferedReader(_Unpacked(raw, packed, self.caps))


def _encoding(head: bytes) -> str:
    return "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


class _Unpacked(io.RawIOBase):
    """What gzip unpacks, no more than the limits allow."""

    def __init__(self, raw: IO[bytes], packed: int, caps: Caps) -> None:
        self._raw, self._source = raw, gzip.GzipFile(fileobj=raw)
        self._most = min(caps.unpacked, max(caps.ratio_from, caps.ratio * packed))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._source.read(len(buffer))
        self._count += len(part)
        if self._count > self._most:
            raise TableError("TABLE-BAD", f"it unpacks to more than {self._most >> 20} MB")
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
            self._raw.close()
        super().close()
