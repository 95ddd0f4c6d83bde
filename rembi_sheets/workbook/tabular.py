"""A folder of TSV and CSV files named like the sheets, read as a book."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.schema import known_titles
from rembi_sheets.tables import sheet_key
from rembi_sheets.workbook.package import Caps, RefusedError

_ENDINGS = (".tsv", ".csv", ".txt")


def folder(path: Path, caps: Caps, every: bool = False) -> Book:
    """The tables of a folder as sheets, in the order of the schema; SHA-256 over names and contents in that order.

    `every`: other tables are read too, else they are only named.

    Raises RefusedError when none is there, one cannot be read, or two stand for one sheet.
    """
    titles = {sheet_key(t): t for t in known_titles()}
    found: dict[str, Path] = {}
    others: list[Path] = []
    try:
        tables = [f for f in path.iterdir() if f.suffix.lower() in _ENDINGS and f.is_file()]
    except OSError as e:
        raise RefusedError("FILE-UNREADABLE", what=(e.strerror or "the system refuses").lower()) from e
    for file in sorted(tables, key=lambda f: f.name):
        key = "_meta" if file.stem == "_meta" else sheet_key(file.stem.replace("_", " "))
        if key != "_meta" and key not in titles:
            others.append(file)
        elif key in found:
            raise RefusedError("FILE-TWICE", value=found[key].name, other=file.name, name=titles.get(key, key))
        else:
            found[key] = file
    if not any(k in found for k in titles):
        raise RefusedError("FILE-NOT-OURS", sheets=[file.stem for file in others[:5]] or "none")
    digest = hashlib.sha256()
    sheets, meta = [], {}
    for key in ("_meta", *titles):
        if key not in found:
            continue
        data = _bytes(found[key], caps)
        digest.update(found[key].name.encode() + b"\0" + hashlib.sha256(data).digest())
        rows = table(data, found[key].name)
        if key == "_meta":
            meta = {str(r[0]).strip(): str(r[1]).strip() for r in rows if len(r) > 1 and r[0]}
        else:
            sheets.append(Sheet(titles[key], rows))
    sheets += [Sheet(file.stem, table(_bytes(file, caps), file.name) if every else ()) for file in others]
    return Book(path.resolve().name, digest.hexdigest(), tuple(sheets), meta)


def _bytes(file: Path, caps: Caps) -> bytes:
    try:
        if file.stat().st_size > caps.size:
            raise RefusedError("FILE-TOO-LARGE", value=file.name, what="too many bytes", limit=f"{caps.size >> 20} MB")
        return file.read_bytes()
    except OSError as e:
        raise RefusedError("FILE-UNREADABLE", value=file.name, what=(e.strerror or "the system refuses").lower()) from e


def decoded(data: bytes, name: str) -> str:
    """The text of a table: UTF-8 with or without mark, or UTF-16 with one. Raises RefusedError for other bytes."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise RefusedError("FILE-ENCODING", value=name) from e


def separator(text: str, name: str) -> str:
    """What parts the cells of a table of text (tab, comma or semicolon), told from its first lines; .tsv has tabs."""
    head = text[:4096].splitlines()[:10]
    if name.lower().endswith(".tsv") or not head:
        return "\t"
    return max("\t,;", key=lambda s: sum(line.count(s) for line in head))


def table(data: bytes, name: str) -> list[list[Raw]]:
    """Rows of a TSV or CSV file."""
    text = decoded(data, name)
    try:
        csv.field_size_limit(1 << 24)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text, name), strict=True)
        return [list(row) for row in reader]
    except csv.Error as e:
        raise RefusedError("TABLE-BAD", value=name, what=str(e)) from e
