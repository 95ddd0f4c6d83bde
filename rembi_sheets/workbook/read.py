"""Files -> Book: .xlsx, .xlsm, .ods and .xls, or a folder of TSV and CSV files named like the sheets.

Values come from calamine, with every row at its number. What is wrong with a file is one finding, never an exception.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rembi_sheets import collector
from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import known_titles, load, versions
from rembi_sheets.tables import FILLED_IN, is_plate_map, sheet_key
from rembi_sheets.workbook import bycolumns, hiding, looks, marks, ods, side, tabular, xls, xmltexts
from rembi_sheets.workbook.marks import Beside
from rembi_sheets.workbook.package import (
    Caps,
    RefusedError,
    guard,
    opened,
    relations,
    sheet_parts,
    sniff,
    spelled,
    stream,
    workbook_part,
)

META = "_meta"
_LOCKS = (
    ("~$", "", "Excel's note that the workbook is open"),
    (".~lock.", "#", "LibreOffice's note that the workbook is open"),
    ("._", "", "a note of macOS on the workbook"),
)


def read(path: Path, caps: Caps = Caps()) -> tuple[Book | None, list[Finding]]:  # noqa: B008 - frozen
    """The book of a file or a folder, and what is to be said of the file as such.

    The book is None, with exactly one finding, when the file cannot be read.
    """
    try:
        if _is_folder(path):
            book = tabular.folder(path, caps)
            return book, _versions(book)
        data = _bytes(path, caps)
        kind = _kind(data, path)
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


def _kind(data: bytes, path: Path) -> str:
    """The kind of the file; the notes that programs keep beside an open workbook are told by their names."""
    try:
        return sniff(data)
    except RefusedError as e:
        lock = _lock(path.name)
        raise (lock or e) from e


def _lock(name: str) -> RefusedError | None:
    """The refusal of a file that some program keeps beside a workbook; None for any other name."""
    for start, end, what in _LOCKS:
        if name.startswith(start) and name.endswith(end) and len(name) > len(start) + len(end):
            of = name[len(start) : len(name) - len(end)]
            return RefusedError("FILE-LOCK", what=what, of=f" “{of}”" if "." in of else "")
    return None


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
        raise _lock(path.name) or RefusedError("FILE-UNREADABLE", what="it is locked, or you may not read it") from e
    except OSError as e:
        raise RefusedError("FILE-UNREADABLE", what=(e.strerror or "the system refuses").lower()) from e
    except ValueError as e:  # a null character in the name
        raise RefusedError("FILE-MISSING", value=str(path).replace("\0", "�")) from e


def _book(path: Path, data: bytes, kind: str, caps: Caps) -> Book:
    wanted = {sheet_key(t) for t in known_titles()}
    sheets, meta = _sheets(data, kind, caps)
    if not any(sheet_key(s.title) in wanted for s in sheets):
        titles = [s.title for s in sheets if not s.title.startswith("_")][:5]
        raise RefusedError("FILE-NOT-OURS", sheets=titles or "none")
    return Book(path.name, hashlib.sha256(data).hexdigest(), sheets, meta, side.beside(path, caps))


def foreign(path: Path, caps: Caps = Caps()) -> tuple[Sheet, ...]:  # noqa: B008 - frozen
    """The sheets of any workbook, or a table of text as one sheet called like its file. Raises RefusedError."""
    data = _bytes(path, caps)
    try:
        kind = _kind(data, path)
    except RefusedError as e:
        if e.code != "FILE-NOT-WORKBOOK" or not tabular.is_table(data, path.name):
            raise
        return (Sheet(path.stem, tabular.foreign(data, path.name, caps)),)
    try:
        if kind != "xls":
            guard(data, caps)
        sheets, _ = _sheets(data, kind, caps, lambda title: not title.startswith("_"))
        return hiding.told(data, sheets, kind)
    except MemoryError as e:
        raise RefusedError("FILE-TOO-LARGE", what="more than the memory", limit="what fits") from e


def book(data: bytes) -> Book:
    """The book of an .xlsx that `read` has let through. Raises RefusedError."""
    sheets, meta = _sheets(data, "xlsx", Caps(cells=1 << 62))
    return Book("", "", sheets, meta)


def book_of(data: bytes) -> Book:
    """The book of an .xlsx, with the cells of every sheet. Raises RefusedError."""
    sheets, meta = _sheets(data, "xlsx", Caps(cells=1 << 62), lambda _: True)
    return Book("", "", sheets, meta)


def whole(path: Path, caps: Caps = Caps()) -> Book:  # noqa: B008 - frozen
    """The book of a file or folder that `read` has let through, with the cells of every sheet. Raises RefusedError."""
    if _is_folder(path):
        return tabular.folder(path, caps, every=True)
    data = _bytes(path, caps)
    sheets, meta = _sheets(data, _kind(data, path), caps, lambda _: True)
    return Book(path.name, "", sheets, meta)


def _ours(title: str) -> bool:
    """Is a sheet of this title read?"""
    return sheet_key(title) in {sheet_key(t) for t in known_titles()} or is_plate_map(title) or title == FILLED_IN


def _sheets(
    data: bytes, kind: str, caps: Caps, wanted: Callable[[str], bool] = _ours
) -> tuple[tuple[Sheet, ...], dict[str, str]]:
    """The sheets, those whose title is `wanted` with their cells, and the pairs of the sheet `_meta`."""
    if kind != "xls":
        data = spelled(data)
    found = _found(data, kind, caps, wanted)
    workbook = _calamine(data)
    sheets, meta = [], {}
    for about in workbook.sheets_metadata:
        if not str(about.typ).endswith("WorkSheet"):
            continue
        hidden = not str(about.visible).endswith(".Visible")
        if about.name == META:
            meta = _meta(_rows(workbook, about.name, caps)[0])
        if not wanted(about.name):
            sheets.append(Sheet(about.name, (), hidden))
            continue
        if kind == "xlsx" and about.name not in found:
            raise RefusedError("FILE-DAMAGED")
        beside = found.get(about.name, Beside())
        if beside.rows is not None:
            sheets.append(Sheet(about.name, beside.rows, hidden, merged=beside.merged, formats=beside.formats))
            continue
        rows, merged = _rows(workbook, about.name, caps)
        rows.extend([] for _ in range(len(rows), max((row for row, _ in beside.marks), default=0)))
        seen = looks.applied(rows, beside.seen)
        sheets.append(Sheet(about.name, rows, hidden, beside.marks, merged or beside.merged, seen, beside.formats))
    return tuple(sheets), meta


def _found(data: bytes, kind: str, caps: Caps, wanted: Callable[[str], bool]) -> Mapping[str, Beside]:
    """What the reader for values leaves out, by title, of every sheet that is read.

    Each XML part of the package is looked through before it is parsed, a long worksheet while it is read by columns.

    Not only the parts that the workbook names as sheets: the reader for values may find another way to one.
    """
    if kind == "xls":
        return xls.read(data, caps.cells)
    with opened(data) as package:
        names = [n for n in package.namelist() if n.lower().endswith((".xml", ".rels"))]
        if kind == "ods":
            for name in names:
                marks.scan(package, name, caps.cells)
            return ods.read(package, caps.cells)
        return _beside(data, package, names, caps, wanted)


def _beside(
    data: bytes, package: zipfile.ZipFile, names: Sequence[str], caps: Caps, wanted: Callable[[str], bool]
) -> Mapping[str, Beside]:
    """As `_found`, of a package of Excel's form with these XML parts. What names the sheets comes first."""
    scans = {n: marks.scan(package, n, caps.cells) for n in names if n.endswith(".rels")}
    home = workbook_part(package)
    if home in names:
        scans[home] = marks.scan(package, home, caps.cells)
    sheets = [s for s in sheet_parts(package) if wanted(s.title) or s.title == META]
    related = {k.rpartition("/")[2]: part for k, part in relations(package, home)}
    shared = related.get("sharedStrings", "")
    telling = {shared, *(s.part for s in sheets)}
    long = {n for n in names if bycolumns.is_long(package, n)}
    scans |= {n: marks.scan(package, n, caps.cells, n in telling) for n in names if n not in long | scans.keys()}
    strings = looks.strings(package, shared) if shared in scans and scans[shared].rich else {}
    styles = looks.formats(package, related.get("styles", ""))
    texts = xmltexts.shared(package, shared) if long else None
    out = {}
    for s in sheets:
        codes = looks.CellFormats(data, s.part, styles.codes) if styles.codes else {}
        if s.part in long and texts is not None:
            sheet = bycolumns.read(package, s.part, texts, styles, caps.cells)
            if sheet is not None:
                long.discard(s.part)
                out[s.title] = Beside(merged=sheet.merged, formats=codes, rows=sheet.rows)
                continue
            scans[s.part] = marks.scan(package, s.part, caps.cells)
        if s.part in scans:
            seen = list(looks.xlsx(package, s.part, scans[s.part].rich, strings, styles))
            out[s.title] = Beside(marks.xlsx(package, s.part, scans[s.part]), (), seen, codes)
    for part in long - scans.keys():
        marks.scan(package, part, caps.cells, False)
    return out


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
        with collector.resting():
            return sheet.to_python(skip_empty_area=False), merged
    except (RefusedError, MemoryError):
        raise
    except BaseException as e:
        raise _refusal(e) from e


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
    known = load().version
    if number > _number(known):
        raise RefusedError("FILE-NEWER", version=version, known=known)
    return [find("FILE-OLDER", value=book.name, version=version, known=known)]


def _number(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(int(p) for p in parts) if all(p.isascii() and p.isdigit() and len(p) < 9 for p in parts) else ()
