"""Standard output and error: UTF-8 in files and pipes whatever the system says, on a console what it can show.

Done once, at the entry of the program; no command thinks of encodings.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from pathlib import Path
from typing import TextIO

NEAREST = "rembi-sheets-nearest"  # name of our way to write what an encoding lacks
_ASCII = "rembi-sheets-ascii"  # ASCII under another name: click takes a stream that says ASCII for one set up wrongly

# What has no likeness by taking off accents. Only signs of our own texts and of microscopy.
_LIKE = {
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "→": "->", "⏎": "|", "…": "...",
    "×": "x", "·": ".", "•": "*", "█": "#", "░": ".", "µ": "u", "μ": "u", "Å": "A", "ø": "o", "Ø": "O", "ß": "ss",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "ı": "i", "≥": ">=", "≤": "<=", "±": "+-",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "λ": "lambda",
}  # fmt: skip


def prepare() -> None:
    """Make stdout and stderr such that whatever is written to them can be written; called once, by `main`."""
    sys.stdout = _made(sys.stdout)
    sys.stderr = _made(sys.stderr)


def finish() -> str:
    """Write out what is left; why that cannot be done (a full disk), or ''."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        sys.stdout = _made(None)  # else the interpreter tries once more, and complains
        return error.strerror or str(error)
    return ""


def encoded(text: str) -> bytes:
    """Text as UTF-8 for a file; half characters, as in names of files that are no UTF-8, become question marks."""
    return text.encode("utf-8", NEAREST)


def _made(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed before the program began
        return Path(os.devnull).open("w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if stream.isatty():
        ascii_only = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(encoding=_ASCII if ascii_only else None, errors=NEAREST)
        return stream
    raw = getattr(stream.buffer, "raw", None)
    if raw is None:
        stream.reconfigure(encoding="utf-8", errors=NEAREST, newline="\n")
        return stream
    stream.flush()
    made = io.BufferedWriter(_Listener(raw))  # type: ignore[type-var]
    return io.TextIOWrapper(made, encoding="utf-8", errors=NEAREST, newline="\n", line_buffering=stream is sys.stderr)


class _Listener(io.RawIOBase):
    """A pipe or file. When the reader has closed the pipe (`| head`), the rest is not wanted, and that is no error."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self._gone = False

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def fileno(self) -> int:
        """The number that the system gave it."""
        return self._raw.fileno()

    def write(self, data: bytes) -> int | None:  # type: ignore[override]
        """As a raw stream does, but to nowhere once nobody listens."""
        if self._gone:
            return len(data)
        try:
            return self._raw.write(data)
        except BrokenPipeError:
            self._gone = True
            return len(data)


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """Signs that an encoding lacks -> the nearest that it has; bytes of a name of a file -> what they mean in UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    part = error.object[error.start : error.end]
    try:
        part = part.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half characters that no name of a file has brought
        part = "".join("?" if "\ud800" <= c <= "\udfff" else c for c in part)
    return "".join(_like(c, error.encoding) for c in part).encode(error.encoding), error.end


def _like(character: str, encoding: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    for likely in (character, _LIKE.get(character, ""), plain):
        try:
            likely.encode(encoding)
        except (UnicodeError, LookupError):
            continue
        if likely:
            return likely
    return "?"


def _lookup(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != _ASCII:
        return None
    found = codecs.lookup("ascii")
    return codecs.CodecInfo(
        name=_ASCII,
        encode=found.encode,
        decode=found.decode,
        incrementalencoder=found.incrementalencoder,
        incrementaldecoder=found.incrementaldecoder,
        streamreader=found.streamreader,
        streamwriter=found.streamwriter,
    )


codecs.register_error(NEAREST, _nearest)
codecs.register(_lookup)
