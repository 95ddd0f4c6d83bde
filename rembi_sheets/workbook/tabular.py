"""A folder of TSV and CSV files named like the sheets, read as a book."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from pathlib import Path

from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.schema import known_titles
from rembi_sheets.tables import sheet_key
from rembi_sheets.workbook import encodings
from rembi_sheets.workbook.package import Caps, RefusedError

_ENDINGS = (".tsv", ".csv", ".txt")
_SEPARATORS = "\t;,|"
_HEAD, _LINES = 1 << 14, 200  # how much of a text tells what parts its cells
_ROWS = 4  # lines of one width that are a table, whatever stands above them
_DOCUMENTS = ("{", "[", "<", "%")  # how JSON, XML, HTML and PDF begin


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
    """What parts the cells of a table of text: by it most of the first lines have equally many; .tsv has tabs."""
    if name.lower().endswith(".tsv"):
        return "\t"
    lines = _first_lines(text)
    return max(_SEPARATORS, key=lambda s: _agreeing(lines, s))


def _first_lines(text: str) -> list[str]:
    return [line for line in text[:_HEAD].splitlines()[:_LINES] if line.strip()]


def _agreeing(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines have as many cells as most, where that is more than one; and how many cells that is."""
    try:
        widths = Counter(map(len, csv.reader(lines, delimiter=sign)))
    except csv.Error:
        return 0, 0
    return max(((n, width) for width, n in widths.items() if width > 1), default=(0, 0))


def is_table(data: bytes, name: str) -> bool:
    """Is it text with several cells in most lines, rather than prose, a document of another kind, or no text?"""
    text = encodings.decoded(data[: 4 * _HEAD])
    if "\0" in text or text.lstrip()[:1] in _DOCUMENTS:
        return False
    sign = separator(text, name)
    lines = _first_lines(text)
    alike, width = _agreeing(lines, sign)
    below = next((n for n, line in enumerate(lines) if len(next(csv.reader([line], delimiter=sign))) == width), 0)
    notes = below if alike >= _ROWS else 0  # lines above a table that is long enough to be told from prose
    return alike > 1 and 2 * alike >= len(lines) - notes


def foreign(data: bytes, name: str, caps: Caps) -> list[list[Raw]]:
    """Rows of a table of text in whatever encoding, quoting and separator. Raises RefusedError."""
    text = encodings.decoded(data)
    csv.field_size_limit(1 << 24)
    rows: list[list[Raw]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator(text, name)):
            cells += len(row)
            if cells > caps.cells:
                raise RefusedError("FILE-TOO-LARGE", what=f"more than {cells - 1} cells", limit=f"{caps.cells} cells")
            rows.append(list(row))
    except csv.Error as e:
        raise RefusedError("TABLE-BAD", value=name, what=str(e)) from e
    return rows


def table(data: bytes, name: str) -> list[list[Raw]]:
    """Rows of a TSV or CSV file."""
    text = decoded(data, name)
    try:
        csv.field_size_limit(1 << 24)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text, name), strict=True)
        return [list(row) for row in reader]
    except csv.Error as e:
        raise RefusedError("TABLE-BAD", value=name, what=str(e)) from e
