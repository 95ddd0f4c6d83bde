"""Files -> Book: .xlsx, .xlsm, .ods and .xls, or a folder of TSV and CSV files named like the sheets.

Values come from calamine, with every row at its number. What is wrong with a file is one finding, never an exception.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import CURRENT, load, versions
from rembi_sheets.tables import is_plate_map, sheet_key
from rembi_sheets.workbook import marks, side, tabular
from rembi_sheets.workbook.package import Caps, RefusedError, guard, opened, sheet_parts, sniff, stream

META = "_meta"


def read(path: Path, caps: Caps = Caps()) -> tuple[Book | None, list[Finding]]:  # noqa: B008 - frozen
    """The book of a file or a folder, and what is to be said of the file as such.

    The book is None, with exactly one finding, when the file cannot be read.
    """
    try:
        if _is_folder(path):
            book = tabular.folder(path, caps)
            return book, _versions(book)
        data = _bytes(path, caps)
        kind = sniff(data)
        findings = []
        if kind == "xls":
            findings.append(find("FILE-OLD-FORMAT", value=path.name))
        else:
            guard(data, caps)
        book = _book(path, data, kind, caps)
        return book, findings + _versions(book)
    except RefusedError as e:
        return None, [find(e.code, **{"value": _name(path), **e.fields})]  # type: ignore[arg-type]
    except MemoryError:
        return None, [find("FILE-TOO-LARGE", value=path.name, what="more than the memory", limit="what fits")]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have; opening it says so
        return False


def _name(path: Path) -> str:
    return path.name or str(path)


def _bytes(path: Path, caps: Caps) -> bytes:
    try:
        if not path.exists():
            raise RefusedError("FILE-MISSING", value=str(path))
        if not path.is_file():
            raise RefusedError("FILE-NOT-WORKBOOK", what="is no plain file")
        size = path.stat().st_size
        if size > caps.size:
            raise RefusedError("FILE-TOO-LARGE", what=f"{size >> 20} MB", limit=f"{caps.size >> 20} MB")
        return path.read_bytes()
    except PermissionError as e:
        raise RefusedError("FILE-UNREADABLE", what="it is locked, or you may not read it") from e
    except OSError as e:
        raise RefusedError("FILE-UNREADABLE", what=(e.strerror or "the system refuses").lower()) from e
    except ValueError as e:  # a null character in the name
        raise RefusedError("FILE-MISSING", value=str(path).replace("\0", "�")) from e


def _book(path: Path, data: bytes, kind: str, caps: Caps) -> Book:
    found, areas = _marks(data, kind, caps)
    workbook = _calamine(data)
    wanted = {sheet_key(s.title) for s in load().sheets}
    sheets, meta = [], {}
    for about in workbook.sheets_metadata:
        if not str(about.typ).endswith("WorkSheet"):
            continue
        hidden = not str(about.visible).endswith(".Visible")
        if about.name == META:
            meta = _meta(_rows(workbook, about.name, caps)[0])
        if sheet_key(about.name) not in wanted and not is_plate_map(about.name):
            sheets.append(Sheet(about.name, (), hidden))
            continue
        if kind == "xlsx" and about.name not in found:
            raise RefusedError("FILE-DAMAGED")
        rows, merged = _rows(workbook, about.name, caps)
        marked = found.get(about.name, {})
        rows.extend([] for _ in range(len(rows), max((row for row, _ in marked), default=0)))
        sheets.append(Sheet(about.name, rows, hidden, marked, merged or areas.get(about.name, ())))
    if not any(sheet_key(s.title) in wanted for s in sheets):
        titles = [s.title for s in sheets if not s.title.startswith("_")][:5]
        raise RefusedError("FILE-NOT-OURS", sheets=titles or "none")
    return Book(path.name, hashlib.sha256(data).hexdigest(), tuple(sheets), meta, side.beside(path))


def _marks(data: bytes, kind: str, caps: Caps) -> tuple[dict[str, marks.Marks], dict[str, marks.Merged]]:
    """The marks of every sheet that is read, by title, and merged ranges where the reader for values has none.

    Each XML part of the package is looked through first.

    Not only the parts that the workbook names as sheets: the reader for values may find another way to one.
    """
    if kind == "xls":
        return {}, {}
    wanted = {sheet_key(s.title) for s in load().sheets} | {META}
    with opened(data) as package:
        names = [n for n in package.namelist() if n.lower().endswith((".xml", ".rels"))]
        scans = {n: marks.scan(package, n, caps.cells) for n in names}
        if kind == "ods":
            return marks.ods(package, caps.cells)
        found = [s for s in sheet_parts(package) if sheet_key(s.title) in wanted or is_plate_map(s.title)]
        return {s.title: marks.xlsx(package, s.part, scans[s.part]) for s in found if s.part in scans}, {}


def _calamine(data: bytes) -> Any:
    import python_calamine as calamine

    try:
        with _hushed():
            return calamine.load_workbook(stream(data))
    except calamine.PasswordError as e:
        raise RefusedError("FILE-ENCRYPTED") from e
    except MemoryError:
        raise
    except BaseException as e:
        raise _refusal(e) from e


def _rows(workbook: Any, title: str, caps: Caps) -> tuple[list[list[Raw]], tuple[tuple[int, int, int, int], ...]]:
    try:
        with _hushed():
            sheet = workbook.get_sheet_by_name(title)
        if sheet.total_height * sheet.total_width > caps.cells:
            raise RefusedError(
                "FILE-TOO-LARGE",
                what=f"{sheet.total_height} rows x {sheet.total_width} columns in one sheet",
                limit=f"{caps.cells} cells",
            )
        merged = tuple((a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ())
        with _without_collector():
            return sheet.to_python(skip_empty_area=False), merged
    except (RefusedError, MemoryError):
        raise
    except BaseException as e:
        raise _refusal(e) from e


@contextmanager
def _without_collector() -> Iterator[None]:
    """The rows of a long sheet are many lists without a circle: the collector of circles would look at each again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@contextmanager
def _hushed() -> Iterator[None]:
    """Nothing on stderr: the reader for values tells there where it stumbled, which is of no use to anybody."""
    try:
        kept = os.dup(2)
        void = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no stderr, or no more files
        yield
        return
    try:
        os.dup2(void, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(void)
        os.close(kept)


def _refusal(e: BaseException) -> RefusedError:
    """calamine's own errors and its panics (which are no Exception) mean a damaged file; an interrupt stays one."""
    if isinstance(e, (KeyboardInterrupt, SystemExit, GeneratorExit)):
        raise e
    return RefusedError("FILE-DAMAGED")


def _meta(rows: list[list[Raw]]) -> dict[str, str]:
    """Key and value pairs of the sheet `_meta`."""
    pairs = {}
    for row in rows:
        if len(row) > 1 and isinstance(row[0], str) and row[0].strip():
            value = row[1]
            whole = isinstance(value, float) and value.is_integer() and row[0].strip() != "schema version"
            pairs[row[0].strip()] = str(int(value)) if whole else str(value)  # type: ignore[arg-type]
    return pairs


def _versions(book: Book) -> list[Finding]:
    """A newer schema version refuses the book; an older one that is not shipped any more is said."""
    version = book.meta.get("schema version", "").strip()
    number = _number(version)
    if not number or version in versions():
        return []
    if number > _number(CURRENT):
        raise RefusedError("FILE-NEWER", version=version, known=CURRENT)
    return [find("FILE-OLDER", value=book.name, version=version, known=CURRENT)]


def _number(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(int(p) for p in parts) if all(p.isascii() and p.isdigit() and len(p) < 9 for p in parts) else ()
