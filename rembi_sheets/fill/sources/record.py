"""A record of an archive as a source: one file of it with the files that it names, or the folder of a whole record.

Which archive's it is, the archives tell by what is in the files. A file alone is read with those beside it that it
names (file lists); in a folder the record is where the shallowest file of it lies, with all that lies below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from rembi_sheets import archives
from rembi_sheets.cells import MOST_LETTERS, length
from rembi_sheets.fill.model import Proposal, Unplaced
from rembi_sheets.fill.sources.known import Known, SourceError
from rembi_sheets.fill.sources.names import shortened
from rembi_sheets.fill.sources.workbook import of_tables
from rembi_sheets.inventory import scan
from rembi_sheets.schema import load
from rembi_sheets.submission import to_tables

WHAT = "a record of an archive (a page with its file lists, a deposition or entry, the folder of a study)"
_TOGETHER = 512 * 1024 * 1024  # bytes of all files of a record
_ROWS = 20_000  # of a sheet, but for the list of files, which has a table of its own beside the workbook
_LONGEST = 1000  # letters of a path
_HEAD = 4096  # bytes by which a text is told from an image
_PACKED = b"\x1f\x8b"
_ZIPPED = b"PK\x03\x04"  # a workbook is one too: only what is called so is taken for packed text
_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, which has zeros in plain text


def known(path: Path, everything: bool, limits: Mapping[str, int]) -> Known | None:
    """What the record at `path` says, all of it; None for what is no record.

    Raises SourceError when it is one that cannot be read, or more than one.
    """
    if path.is_dir():
        files = dict(_texts(path, path))
    elif _is_text(path):
        files = {path.name: path.read_bytes()}
    else:
        return None
    found = {(n, a) for n, c in files.items() for a in load().archive_names if _is_of(a, n, c)}
    if not found:
        return None
    depth = min(n.count("/") for n, _ in found)
    homes = {(n.rpartition("/")[0], a) for n, a in found if n.count("/") == depth}
    if len(homes) > 1:
        named = ", ".join(sorted({str(path / home) for home, _ in homes})) if path.is_dir() else path.name
        raise SourceError(f"{path} holds more than one record ({named}); name one of them.")
    home, archive = homes.pop()
    inside = f"{home}/" if home else ""
    files = {n.removeprefix(inside): c for n, c in files.items() if n.startswith(inside)}
    if not path.is_dir():
        files |= _named(path, files[path.name])
    return _of_record(path.name, archive, files)


def _of_record(name: str, archive: str, files: Mapping[str, bytes]) -> Known:
    package = archives.package(archive)
    parsed = package.parse(files)
    if parsed.document is None:
        raise SourceError(f"{name} cannot be read: {'; '.join(parsed.not_understood)}.")
    restored = package.restore(parsed.document)
    tables, short = shortened(to_tables(restored.submission))
    for table in tables:
        if not table.sheet.own and len(table.rows) > _ROWS:
            raise SourceError(
                f"{name} says {len(table.rows):,} rows of {table.title}, more than a workbook is made for ({_ROWS:,}). "
                "Take a part of it: a copy of the record with fewer of them, or one record for each part."
            )
    said = of_tables(tables, name, True)
    asked = {(s.name, c.name) for s in tables.schema.sheets for c in s.columns if c.list == "archive"}
    proposals: list[Proposal] = []
    unplaced = list(said.unplaced)
    for p in said.proposals:
        if (p.sheet, p.column) in asked:
            continue  # where the record was deposited is not where this workbook goes to
        if isinstance(p.value, str) and length(p.value) > MOST_LETTERS:
            why = f"a cell holds {MOST_LETTERS:,} letters at most; put it into a file and name that: file: path"
            unplaced.append(Unplaced(name, p.where, p.value, why))
        else:
            proposals.append(p)
    for (sheet, cell, text), called in short.items():
        unplaced.append(
            Unplaced(name, f"{sheet} {cell}", text, f"longer than a name can be; its row is called “{called}”")
        )
    strange = dict.fromkeys((*parsed.not_understood, *restored.not_understood))
    unplaced += [Unplaced(name, *_told(text)) for text in strange]
    return replace(
        said,
        proposals=proposals,
        unplaced=unplaced,
        archives=tables.archives,
        beside=restored.submission.attachments,
    )


def damage(path: Path) -> str:
    """Why a JSON file is no record, where it is that it cannot be read; '' for any other file."""
    if path.suffix.casefold() != ".json" or not _is_text(path):
        return ""
    try:
        json.loads(path.read_bytes())
    except RecursionError:
        return "its parts lie within each other too deeply"
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except ValueError as error:
        return f"it is no JSON that can be read: {error}"
    return ""


def _told(text: str) -> tuple[str, str, str]:
    """Place, value and reason of a note: its place stands before the first colon."""
    where, colon, what = text.partition(": ")
    return (where, what, _NO_PLACE) if colon else ("", text, _NO_PLACE)


_NO_PLACE = "a workbook has no place for it, or it was not understood"


def _is_of(archive: str, name: str, content: bytes) -> bool:
    return archives.package(archive).recognises({name: content})


def _texts(folder: Path, home: Path) -> Iterator[tuple[str, bytes]]:
    """The texts below a folder, by their path below `home`. Raises SourceError when they are too much for a record."""
    total = 0
    for name, size in scan(folder).items():
        path = folder / name
        if path.is_dir() or not _is_text(path):
            continue
        total += size
        if total > _TOGETHER:
            raise SourceError(f"{folder} holds more than the files of a record; name the folder of the record itself.")
        yield path.relative_to(home).as_posix(), path.read_bytes()


def _is_text(path: Path) -> bool:
    """Is it text, or packed text as far as can be seen? What cannot be read is none."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    zipped = path.suffix.casefold() == ".zip" and head.startswith(_ZIPPED)
    return zipped or head.startswith((_PACKED, *_MARKS)) or b"\0" not in head


def _named(path: Path, content: bytes) -> dict[str, bytes]:
    """The texts beside a file that it names, whatever their ending; publication changes that of lists."""
    text = re.sub(r"\\u([0-9a-f]{4})", _sign, content.decode("utf-8", "replace"))
    words = (w.strip() for w in re.split(r"[\t\r\n\"<>\\]", text) if "." in w)
    stems = {w.rpartition(".")[0] for w in words if len(w) <= _LONGEST}
    out: dict[str, bytes] = {}
    for folder in sorted({stem.rpartition("/")[0] for stem in stems}):
        home = path.parent / folder
        if folder.startswith("/") or ".." in Path(folder).parts:
            continue
        for beside in _inside(home):
            name = f"{folder}/{beside.name}" if folder else beside.name
            if beside != path and name.rpartition(".")[0] in stems and _is_text(beside):
                out[name] = beside.read_bytes()
                if sum(map(len, out.values())) > _TOGETHER:
                    raise SourceError(f"The files that {path.name} names are too large for a record.")
    return out


def _inside(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where there is none, or its name is none that a folder can have."""
    try:
        return sorted(folder.iterdir())
    except (OSError, ValueError):
        return []


def _sign(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
