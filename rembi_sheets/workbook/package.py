"""What kind of file this is, before anything reads it: signature, limits, XML without entities, parts by sheet title.

A workbook comes from anywhere. It is refused here when it is no workbook, is encrypted or damaged, would unpack
to more than `Caps` allow, or declares XML entities; nothing after this has to fear it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import IO
from xml.etree import ElementTree as ET

from rembi_sheets.workbook import spelling
from rembi_sheets.workbook.spelling import TYPES_PART, slashed, unsafe

_PART = 1 << 20

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    LookupError,
    ValueError,
    OverflowError,
)
"""What the zip and XML readers of the standard library raise on damaged input."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What a workbook may hold: bytes on disk, zip entries, bytes unpacked, times the packed size, cells of a sheet.

    `ratio` counts only for packages that unpack to more than `ratio_from` bytes.
    """

    size: int = 1 << 30
    entries: int = 10_000
    unpacked: int = 4 << 30
    ratio: int = 250
    ratio_from: int = 256 << 20
    cells: int = 30_000_000

    @classmethod
    def of(cls, limits: Mapping[str, int]) -> Caps:
        """The usual limits but for those named. Raises ValueError for an unknown name, or a number below 1."""
        names = [f.name for f in fields(cls)]
        for name, number in limits.items():
            if name not in names:
                raise ValueError(f"{name} is none of {', '.join(names)}")
            if number < 1:
                raise ValueError(f"{name} must be 1 or more")
        return cls(**limits)


class RefusedError(Exception):
    """A file that is not read: a code of the catalogue and the fields of its text."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def sniff(data: bytes) -> str:
    """The kind of a file by its content: xlsx, ods or xls.

    Raises RefusedError for everything else: empty, encrypted, truncated, another format.
    """
    if not data:
        raise RefusedError("FILE-NOT-WORKBOOK", what="is empty")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError("FILE-ENCRYPTED")
        if not any(n.encode("utf-16-le") in data for n in ("Workbook", "Book")):
            raise RefusedError("FILE-NOT-WORKBOOK", what="is an old Office file, but no workbook")
        return "xls"
    if not data.startswith(b"PK"):
        raise RefusedError("FILE-NOT-WORKBOOK", what=_other(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {slashed(n).casefold(): n for n in package.namelist()}
            if "mimetype" in names and b"opendocument.spreadsheet" in package.read(names["mimetype"])[:100]:
                manifest = names.get("meta-inf/manifest.xml")
                if manifest and b":encryption-data" in package.read(manifest):
                    raise RefusedError("FILE-ENCRYPTED")
                return "ods"
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    if any(n.endswith("workbook.bin") for n in names):
        raise RefusedError("FILE-NOT-WORKBOOK", what="is a binary workbook (.xlsb)")
    if TYPES_PART.casefold() not in names or not any(n.startswith("xl/") for n in names):
        raise RefusedError("FILE-NOT-WORKBOOK", what="is a zip archive, but no workbook")
    return "xlsx"


def _other(data: bytes) -> str:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        return "is a PDF file"
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        return "is a web page"
    if start.startswith(b"<"):
        return "is an XML file"
    if b"\0" not in data[:512]:
        return "is a text file"
    return "is of another format"


def guard(data: bytes, caps: Caps) -> None:
    """Refuse a package that is too large, has too many parts, is too dense, damaged or encrypted.

    The declared sizes are not believed: `marks.scan` unpacks every XML part, a piece at a time.
    """
    with _opened(data) as package:
        entries = package.infolist()
        if len(entries) > caps.entries:
            raise RefusedError("FILE-TOO-LARGE", what=f"{len(entries)} parts", limit=f"{caps.entries}")
        total = sum(e.file_size for e in entries)
        if total > caps.unpacked:
            raise RefusedError("FILE-TOO-LARGE", what=_bytes(total), limit=_bytes(caps.unpacked))
        packed = max(1, min(len(data), sum(e.compress_size for e in entries)))
        if total > caps.ratio_from and total > caps.ratio * packed:
            raise RefusedError("FILE-TOO-LARGE", what=f"{total // packed} times its size", limit=f"{caps.ratio} times")
        names = [e.filename for e in entries]
        if len({slashed(n).casefold() for n in names}) < len(names) or any(map(unsafe, names)):
            raise RefusedError("FILE-DAMAGED")
        for entry in entries:
            if entry.flag_bits & 1:
                raise RefusedError("FILE-ENCRYPTED")


def parts(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The content of one entry in pieces of a megabyte. Raises RefusedError when it is damaged."""
    try:
        with package.open(name) as stream:
            while part := stream.read(_PART):
                yield part
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e


def spelled(data: bytes) -> bytes:
    """The package with each part under one name (see `spelling`). Raises RefusedError when it is damaged."""
    try:
        return spelling.spelled(data)
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e


def opened(data: bytes) -> zipfile.ZipFile:
    """The zip package of a workbook that `guard` has let through."""
    return _opened(data)


def _bytes(n: int) -> str:
    return f"{n / (1 << 30):.1f} GB" if n >= 1 << 30 else f"{n / (1 << 20):.1f} MB"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet of a package: title, name of its part, state (visible, hidden, veryHidden)."""

    title: str
    part: str
    state: str = "visible"


def workbook_part(package: zipfile.ZipFile) -> str:
    """The name of the workbook's own part, by the package's relations; xl/workbook.xml where they do not say."""
    for kind, target in relations(package, ""):
        if kind.endswith("/officeDocument"):
            return target
    return "xl/workbook.xml"


def sheet_parts(package: zipfile.ZipFile) -> tuple[SheetPart, ...]:
    """The worksheets in the order of the workbook. Raises RefusedError when the workbook part cannot be read."""
    home = workbook_part(package)
    try:
        with package.open(home) as stream:
            root = ET.parse(stream).getroot()
    except BROKEN as e:
        raise RefusedError("FILE-DAMAGED") from e
    targets = dict(_relations(package, home))
    out = []
    for element in root.iter():
        if _local(element.tag) != "sheet":
            continue
        rel = next((v for k, v in element.attrib.items() if _local(k) == "id" and k.startswith("{")), "")
        kind, target = targets.get(rel, ("", ""))
        if kind.endswith("/worksheet") and target in package.NameToInfo:
            out.append(SheetPart(element.get("name", ""), target, element.get("state", "visible")))
    return tuple(out)


def relations(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """The internal relations of a part ('' is the package): kind and name of the part aimed at."""
    yield from (r for _, r in _relations(package, part))


def _relations(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
    try:
        with package.open(spelling.relations_of(part)) as stream:
            root = ET.parse(stream).getroot()
    except BROKEN:
        return
    for element in root:
        if _local(element.tag) == "Relationship" and element.get("TargetMode") != "External":
            aimed = spelling.target(part, element.get("Target", ""))
            yield element.get("Id", ""), (element.get("Type", ""), aimed)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def stream(data: bytes) -> IO[bytes]:
    """The bytes as a file, for readers that want one."""
    return io.BytesIO(data)


CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def cell_number(address: str) -> tuple[int, int] | None:
    """'C5' -> (5, 3); None when it is no address."""
    found = CELL.fullmatch(address)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
