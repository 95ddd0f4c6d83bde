"""Bytes of IDR's files -> text, and what was odd in them. Real files are UTF-8, Windows-1252 or old Mac text."""

from __future__ import annotations

import io
import zipfile
import zlib

_MARK = b"\xef\xbb\xbf"
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
    made, room = bytearray(), MOST
    while content:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        made += unpacker.decompress(content, room)
        room = MOST - len(made)
        if not unpacker.eof or room <= 0:
            return None
        content = unpacker.unused_data.lstrip(b"\0")
    return bytes(made)


def _unzipped(content: bytes) -> bytes | None:
    """The one file of a zip; what macOS puts beside it is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [n for n in packed.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]
        if len(names) != 1:
            return None
        with packed.open(names[0]) as file:
            made = file.read(MOST + 1)
    return made if len(made) <= MOST else None


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
