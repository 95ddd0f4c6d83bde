"""Files that hold an ontology, read as a stream: OBO, OWL in RDF/XML, TSV, NCBI's names.dmp, packed JSON.

Every reader takes the lines (OWL: the chunks) of a file and gives what it meets, in the order of the file:
`About` once or never, `Term` for each term, `Problem` for what is wrong. Nothing is kept in memory but one term.
A fatal Problem is the last thing a reader gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

from rembi_sheets import steps

MAX_LINE = 1 << 20
_MB = 1_000_000


class Term(NamedTuple):
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


def read(path: Path) -> Iterator[Event]:
    """All that `path` holds, by the reader its first bytes ask for."""
    try:
        with path.open("rb") as file:
            total = path.stat().st_size
            yield from _read(file, total)
    except OSError as error:
        yield Problem(f"the file cannot be read: {error.strerror or error}", fatal=True)


def _read(file: IO[bytes], total: int) -> Iterator[Event]:
    from rembi_sheets.vocabularies.formats import guide, obo, owl, tables

    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        yield Problem("the file is empty", fatal=True)
        return
    if head.startswith(guide.MAGIC):
        packed = guide.unpacked(cast(IO[bytes], _Told(file, total)))
        yield from [packed] if isinstance(packed, Problem) else guide.read(packed)
        return
    wrong = _not_text(head)
    if wrong:
        yield Problem(f"the file {wrong}", fatal=True)
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        yield from owl.read(_chunks(file, total))
        return
    lines = _lines(file, total)
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


class _Told:
    """A file that tells how far it is read."""

    def __init__(self, file: IO[bytes], total: int) -> None:
        self._file, self._total, self._done = file, total, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._done += len(data)
        _tell(self._done, self._total)
        return data


def _tell(done: int, total: int) -> None:
    """Say how much of a file is read; the last part counts as a whole."""
    steps.tell("MB", -(-done // _MB), -(-total // _MB))


def _not_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16; save it as UTF-8"
    if head.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")):
        return "is compressed; unpack it first"
    return "is not a text file" if b"\0" in head else ""


def _other_owl(start: bytes) -> bool:
    return start.startswith((b"Prefix(", b"Ontology(", b"@prefix", b"@base"))


def _chunks(file: IO[bytes], total: int) -> Iterator[bytes]:
    done = 0
    while chunk := file.read(1 << 16):
        done += len(chunk)
        _tell(done, total)
        yield chunk


def _lines(file: IO[bytes], total: int) -> Iterator[str | Problem]:
    """The lines as text without their end; a Problem instead of one that is no UTF-8 or has no end in sight."""
    left, number, done = b"", 0, 0
    while chunk := file.read(1 << 18):
        done += len(chunk)
        _tell(done, total)
        whole, ended, left = (left + chunk).rpartition(b"\n")
        if ended:
            lines, problem = _decoded(whole, number)
            yield from lines
            if problem:
                yield problem
                return
            number += len(lines)
        if len(left) > MAX_LINE:
            yield Problem("the line is longer than a million characters", number + 1, fatal=True)
            return
    lines, problem = _decoded(left, number)
    yield from lines if left else ()
    if problem:
        yield problem


def _decoded(block: bytes, before: int) -> tuple[list[str], Problem | None]:
    """The lines of a block that begins behind line `before`, up to the first that is no UTF-8."""
    problem = None
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError as error:
        line = before + 1 + block.count(b"\n", 0, error.start)
        wrong = f"byte {error.object[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        problem = Problem(wrong, line, fatal=True)
        text = block[: block.rfind(b"\n", 0, error.start) + 1].decode("utf-8").removesuffix("\n")
        if not text:
            return [], problem
    if not before:
        text = text.removeprefix("\ufeff")
    return [line.rstrip("\r") for line in text.split("\n")] if "\r" in text else text.split("\n"), problem
