"""Bytes of IDR's files -> text, and what was odd in them. Real files are UTF-8, Windows-1252 or old Mac text."""

from __future__ import annotations

import gzip
import zlib

_MARK = b"\xef\xbb\xbf"
MOST = 256 * 1024 * 1024  # bytes that a packed file may unpack to: the largest annotation in use has 180 MB


def unpacked(content: bytes) -> bytes | None:
    """The content, unpacked where it is a gzip file; None for one that is broken or absurdly large."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        made = unpacker.decompress(content, MOST)
    except (zlib.error, gzip.BadGzipFile, EOFError):
        return None
    return made if unpacker.eof else None


def decoded(content: bytes) -> tuple[str, list[str]]:
    """Text with LF alone, and what was odd."""
    odd = []
    if content.startswith(_MARK):
        odd.append("begins with a byte order mark")
        content = content[len(_MARK) :]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").replace("\r\n", "\n").replace("\r", "\n"), [
            *odd,
            "is UTF-16",
        ]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        odd.append(f"is not UTF-8 at byte {error.start}; read as Windows-1252")
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n"), odd
