"""Which reader a file is for: by its first bytes, then by its name; and the reading itself, which never raises."""

from __future__ import annotations

import warnings as python_warnings
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from rembi_sheets.harvest.memory import limited
from rembi_sheets.harvest.model import Header, Item, Status, Unusable
from rembi_sheets.harvest.plausible import plausible
from rembi_sheets.harvest.readers import CERTAIN, Reader, all_readers
from rembi_sheets.harvest.source import Source
from rembi_sheets.vocabularies import file_names


def reader_of(head: bytes, name: str) -> Reader | None:
    """The reader that is surest of a file, or the first that is certain; None when it is nobody's."""
    best, surest = None, 0
    for reader in all_readers():
        try:
            score = reader.code.sniff(head, name)
        except Exception:  # whatever a damaged head does to a reader, of third parties too: it is not its file
            score = 0
        if score > surest:
            best, surest = reader, score
            if score >= CERTAIN:
                break
    return best


def reader_for(file: str | Path) -> str:
    """The name of the reader of a file on disk, by its first bytes alone; '' for none."""
    try:
        source = Source.of(file)
    except OSError:
        return ""
    reader = reader_of(source.head, source.name) if not source.empty else None
    return reader.name if reader else ""


def look(file: str | Path, path: str, size: int) -> Item:
    """A file (or a folder that is one thing), read. What cannot be read is told in the item, never raised."""
    try:
        source = Source.of(file, path)
    except OSError as error:
        return Item(path, size, Status.FAILED, notes=(f"it cannot be opened ({error.strerror})",))
    if source.empty:  # an image of no bytes did not arrive; other files may well be empty
        image = bool(file_names.formats_of(path))
        return Item(path, 0, Status.FAILED if image else Status.UNREAD, notes=("it is empty",) if image else ())
    size = source.size or size
    reader = reader_of(source.head, source.name)
    if reader is None:
        return Item(path, size, Status.UNREAD)
    status, header, note = _looked(reader, source)
    form = header.format if header is not None else ""
    return Item(path, size, status, form, header, (note,) if note else (), reader=reader.name)


def _looked(reader: Reader, source: Source) -> tuple[Status, Header | None, str]:
    """What became of a file, what it says, and what is to be said of it."""
    if reader.lacks:
        return Status.UNREAD, None, f"{reader.reads}: {reader.remedy}"
    try:
        header = plausible(_read(reader, source), source)
    except Unusable as error:
        return Status.FAILED, None, str(error)
    except OSError as error:
        return Status.FAILED, None, f"it cannot be read ({error.strerror or 'damaged'})"
    except Exception as error:  # a library's own failure over a damaged file; the file is named, the others go on
        return Status.FAILED, None, f"it cannot be read ({type(error).__name__})"
    if header.companion:
        return Status.COMPANION, header, ""
    if not header.images:
        return Status.UNREAD, replace(header, warnings=header.warnings or ("it holds no image",)), ""
    return Status.READ, header, ""


_loaded = cache(import_module)  # those of a reader are asked for with each of its files


def _read(reader: Reader, source: Source) -> Header:
    if reader.needs:  # a library tells its user what the file's reader knows already
        for library in reader.needs:
            _loaded(library)
        with python_warnings.catch_warnings(), limited(source.size):
            python_warnings.simplefilter("ignore")
            header = reader.code.read(source)
    else:
        header = reader.code.read(source)
    assert isinstance(header, Header)
    once = tuple(dict.fromkeys(header.warnings))
    return header if len(once) == len(header.warnings) else replace(header, warnings=once)
