"""Files that hold an ontology, read as a stream: OBO, OWL in RDF/XML, TSV, and NCBI's names.dmp.

Every reader takes the lines (OWL: the chunks) of a file and gives what it meets, in the order of the file:
`About` once or never, `Term` for each term, `Problem` for what is wrong. Nothing is kept in memory but one term.
A fatal Problem is the last thing a reader gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MAX_LINE = 1 << 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Term:
    """One term as its file tells it; `id` and `parents` are CURIEs where they could be read as such."""

    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    obsolete: bool = False
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    version: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file, where, and whether it could be read all the same."""

    message: str
    line: int = 0
    fatal: bool = False

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


Event = Term | About | Problem


def read(path: Path, progress: Progress | None = None) -> Iterator[Event]:
    """All that `path` holds, by the reader its first bytes ask for; `progress` is told (bytes read, bytes in all)."""
    try:
        with path.open("rb") as file:
            total = path.stat().st_size
            yield from _read(file, total, progress or (lambda done, of: None))
    except OSError as error:
        yield Problem(f"the file cannot be read: {error.strerror or error}", fatal=True)


def _read(file: IO[bytes], total: int, progress: Progress) -> Iterator[Event]:
    from rembi_sheets.vocabularies.formats import obo, owl, tables

    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        yield Problem("the file is empty", fatal=True)
        return
    wrong = _not_text(head)
    if wrong:
        yield Problem(f"the file {wrong}", fatal=True)
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        yield from owl.read(_chunks(file, total, progress))
        return
    lines = _lines(file, total, progress)
    first = start.split(b"\n", 1)[0]
    if b"\t|\t" in first:
        yield from tables.read_names_dmp(lines)
    elif start.startswith((b"format-version:", b"[Term]")) or b"\n[Term]" in head or b"\nontology:" in head:
        yield from obo.read(lines)
    elif b"\t" in first:
        yield from tables.read_tsv(lines)
    else:
        yield Problem(
            "this is neither OBO, OWL in RDF/XML, a table with tabs, nor NCBI's names.dmp"
            + ("; OWL in functional syntax or Turtle has to be converted first" if _other_owl(start) else ""),
            fatal=True,
        )


def _not_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16; save it as UTF-8"
    if head.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")):
        return "is compressed; unpack it first"
    return "is not a text file" if b"\0" in head else ""


def _other_owl(start: bytes) -> bool:
    return start.startswith((b"Prefix(", b"Ontology(", b"@prefix", b"@base"))


def _chunks(file: IO[bytes], total: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    while chunk := file.read(1 << 16):
        done += len(chunk)
        progress(done, total)
        yield chunk


def _lines(file: IO[bytes], total: int, progress: Progress) -> Iterator[str | Problem]:
    """The lines as text without their end; a Problem instead of one that is no UTF-8 or has no end in sight."""
    done = told = 0
    for number, raw in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
        done += len(raw)
        if done - told > 1 << 18 or done == total:
            told = done
            progress(done, total)
        if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            yield Problem("the line is longer than a million characters", number, fatal=True)
            return
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            yield Problem(
                f"byte {error.object[error.start]:#04x} is not UTF-8; save the file as UTF-8", number, fatal=True
            )
            return
        yield text.rstrip("\r\n").removeprefix("\ufeff") if number == 1 else text.rstrip("\r\n")
