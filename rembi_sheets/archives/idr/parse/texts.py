"""Bytes of IDR's files -> text, and what was odd in them. Real files are UTF-8, Windows-1252 or old Mac text."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator

_MARK = b"\xef\xbb\xbf"
_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")
_PART = 1 << 20  # bytes
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
MOST = 256 * 1024 * 1024  # bytes that a packed file may unpack to: the largest annotation in use has 180 MB


def unpacked(content: bytes) -> bytes | None:
    """The content, unpacked where it is a gzip file or a zip of one file; None for one that is broken or absurd."""
    try:
        if content.startswith(_GZIP):
            return _gunzipped(content)
        return _unzipped(content) if content.startswith(_ZIP) else content
    except (zlib.error, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return None


def _gunzipped(content: bytes) -> bytes | None:
    """All members of a gzip file, one after the other."""
    with gzip.open(io.BytesIO(content)) as packed:
        made = packed.read(MOST + 1)
    return made if len(made) <= MOST else None


def _unzipped(content: bytes) -> bytes | None:
    """The one file of a zip; what macOS puts beside it is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [n for n in packed.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]
        if len(names) != 1:
            return None
        with packed.open(names[0]) as file:
            made = file.read(MOST + 1)
    return made if len(made) <= MOST else None


def lines(content: bytes) -> tuple[Iterator[str], list[str]]:
    """The lines of a text, each with LF at its end, and what was odd. They are made as they are asked for."""
    odd = []
    if content.startswith(_MARK):
        odd.append("begins with a byte order mark")
    encoding = "utf-8-sig"
    if content.startswith(_MARKS_16):
        odd.append("is UTF-16")
        encoding = "utf-16"
    elif (wrong := _not_utf8(content)) >= 0:
        odd.append(f"is not UTF-8 at byte {wrong}; read as Windows-1252")
        content = content.removeprefix(_MARK)
        encoding = "cp1252"
    return io.TextIOWrapper(io.BytesIO(content), encoding, "replace"), odd


def _not_utf8(content: bytes) -> int:
    """The first byte behind a mark that is not UTF-8; -1 where all are. A part is looked at a time."""
    start = len(_MARK) if content.startswith(_MARK) else 0
    reader, whole = codecs.getincrementaldecoder("utf-8")(), memoryview(content)
    for at in range(start, len(content) + 1, _PART):
        kept = len(reader.getstate()[0])
        try:
            reader.decode(whole[at : at + _PART], at + _PART >= len(content))
        except UnicodeDecodeError as error:
            return at - kept - start + error.start
    return -1
