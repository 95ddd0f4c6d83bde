"""What people paste as a path: which faults it has, what it is below the data folder, how it is spelled on disk.

Pure functions. A path is text below the data folder, with / between its parts; one that ends with / is a folder, and
a pattern may hold * for any text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import unquote

from rembi_sheets.inventory import Listing, covering
from rembi_sheets.schema import Column, Format
from rembi_sheets.signs import narrow
from rembi_sheets.tables import Columns, Table, Tables
from rembi_sheets.values import UNREADABLE, changed, clean, convert, mentioned, split_many, to_cell


class Fault(StrEnum):
    """What is wrong with a path; the first that holds is told."""

    COPIED = "copied"
    ADDRESS = "address"
    WILDCARD = "wildcard"
    SIGN = "sign"
    PARTS = "parts"
    DOUBLED = "doubled"
    FOLDER = "folder"


_OPEN, _CLOSE = "\"'`´“”„‟«»‹›‘’‚", "\"'`´“”‟«»‹›‘’"
_FILE = re.compile(r"(?i)(?:file:|(?:smb|afp|nfs|cifs)://)")
_DRIVE = re.compile(r"[A-Za-z]:")
_ROOT = re.compile(r"/|~(?:/|$)")
_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.\-]+://|www\.[\w\-]+\.\w")
# Strokes that look like those between the parts of a path; a name may hold them.
_STROKES = str.maketrans(dict.fromkeys("∕⁄⧸∖⧵", "/"))
_WILD = re.compile(r"\*|\?+|\[[^\]]*\]|\{[^}]*\}")  # of patterns, here and elsewhere
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SEVERAL = re.compile(r"\.\w{1,8}\s*[;|]\s*[^;|]*\.\w{1,8}\s*(?:[;|]|\Z)")  # two names of files with a sign between
# Signs and pieces of which one stands in every path that has a fault; a line break stands before and behind a path.
_DOUBTFUL = frozenset(f"{_OPEN}\\*?~:;|\x7f") | {chr(n) for n in range(0x20)} - {"\n"}
_NEAR = ("//", "\n/", "/\n", "\nw", "/.", "\n.")  # of which one is in each of the pieces
_DOUBTED = ("//", "\n/", "/\n", "\nwww.", *(f"{a}{dots}{b}" for dots in (".", "..") for a in "\n/" for b in "\n/"))


def is_plain(texts: Collection[str]) -> bool:
    """Is none of many paths in any way doubtful? One look, for long columns."""
    together = "\n" + "\n".join(texts) + "\n"
    return (
        together.count("\n") == max(len(texts), 1) + 1
        and not any(sign in together for sign in _DOUBTFUL)
        and not (any(sign in together for sign in _NEAR) and any(piece in together for piece in _DOUBTED))
    )


def fault(text: str, form: Format) -> Fault | None:
    """The first fault of a path of a form; None for a good one."""
    if form.addresses and _is_address(text):
        return None
    if _is_copied(text):
        return Fault.COPIED
    if _is_address(text):
        return Fault.ADDRESS
    if _CONTROL.search(text):
        return Fault.SIGN
    if form.path == "file" and ("*" in text or "?" in text or _SEVERAL.search(text)):
        return Fault.WILDCARD
    parts = text.split("/")
    if ".." in parts or "." in parts:
        return Fault.PARTS
    if "//" in text:
        return Fault.DOUBLED
    if form.path != "pattern" and text.endswith("/"):
        return Fault.FOLDER
    return None


def _is_address(text: str) -> bool:
    return _ADDRESS.match(text) is not None and _FILE.match(text) is None


def _is_copied(text: str) -> bool:
    """Is it as the computer shows it: in quotes, with a drive, a server or the root in front, or with back slashes?"""
    bare = _unquoted(text)
    return bare != text or "\\" in bare or any(form.match(bare) for form in (_FILE, _DRIVE, _ROOT))


def _unquoted(text: str) -> str:
    """Without the quotes around it; a quote at one end alone is part of the name, unless it is a double one."""
    while len(text) > 1 and text[0] in _OPEN and text[-1] in _CLOSE:
        text = text[1:-1].strip()
    return text.lstrip('"“„').rstrip('"”')


@dataclass(frozen=True, slots=True)
class Pasted:
    """A path in parts: whether it began at the root of a computer, and whether it ends as a folder does."""

    parts: tuple[str, ...]
    rooted: bool
    folder: bool

    @property
    def text(self) -> str:
        """The parts with / between."""
        return "/".join(self.parts) + ("/" if self.folder else "")


def pasted(text: str) -> Pasted:
    """The parts of what was typed or pasted, without quotes, drive, server, doubled slashes and single dots."""
    bare = _unquoted(clean(text))
    away = _FILE.match(bare)
    if away:
        bare = unquote(bare[away.end() :])
    bare = bare.replace("\\", "/")
    start = bare.lstrip("/") if away else bare
    drive = _DRIVE.match(start)
    bare = start[drive.end() :] if drive else bare
    parts = [p for p in bare.split("/") if p not in ("", ".", "~")]
    return Pasted(tuple(parts), bool(away or drive or _ROOT.match(bare)), bare.endswith("/"))


@dataclass(frozen=True, slots=True)
class Meant:
    """What a path most likely means below the data folder; '' where nothing is near. `sure`: nothing else can be."""

    path: str
    sure: bool = False


def meant(text: str, form: Format, disk: Listing | None = None, root: str = "") -> Meant:
    """What a faulty or missing path means.

    With the listing of the data folder: the one file or folder there, or the pattern that finds any, with which the
    path ends. Without: the path itself in its right form, if it did not begin at the root of a computer; else, where it
    goes through a folder with the name `root` (that of the data folder as the workbook has it), what follows that.
    """
    given = pasted(text)
    if not given.parts or _is_address(text):
        return Meant("")
    if form.path == "root":
        name = given.parts[-1]
        own = disk is not None and clean(disk.name) == name
        return Meant(name, own) if given.rooted else Meant("/".join(given.parts), True)
    if disk is not None:
        whole = form.path == "file" or not _WILD.search(given.text)
        names = _folded((disk.name, root) if root else (disk.name,))
        found = _below(given, form, disk, names) if whole else _pattern_below(given, disk, names)
        plain = narrow(text).translate(_STROKES)
        return found if found.path or plain == text else meant(plain, form, disk, root)
    start = _folded(given.parts).index(_folded((root,))[0]) + 1 if _folded((root,))[0] in _folded(given.parts) else 0
    made = replace(given, parts=given.parts[start:], folder=given.folder and form.path == "pattern").text
    good = made and not fault(made, form) and (start or not given.rooted)
    return Meant(made, not given.rooted) if good else Meant("")


def _below(given: Pasted, form: Format, disk: Listing, names: Sequence[str]) -> Meant:
    """The path as typed, what follows one of the data folder's `names`, what the path ends with, or a likely one.

    The end of a path that did not begin at the root is not sure: `masks/a.tif` need not be `a.tif`.
    """
    folder = given.folder and form.path == "pattern"
    wanted = _folded(given.parts)
    alike: dict[str, int] = {}
    ends: list[str] = []
    for path in disk.named(given.parts[-1]):
        if folder and path not in disk.folders:
            continue
        own = _folded(path.split("/"))
        alike[path] = _common_end(own, wanted)
        if alike[path] == len(own):
            ends.append(path)
    tail = "/" if folder else ""
    starts = [0, *(n + 1 for n, part in enumerate(wanted) if part in names)]
    for start in starts:
        whole = [p for p in ends if _folded(p.split("/")) == wanted[start:] and (start or not given.rooted)]
        if len(whole) == 1:
            return Meant(whole[0] + tail, True)
    if len(ends) == 1:
        return Meant(ends[0] + tail, given.rooted)
    around = _around(given.parts, disk)
    if around:
        return Meant(around)
    most = [p for p, n in alike.items() if n == max(alike.values())]
    return Meant(most[0] + tail) if len(most) == 1 else Meant("")


def _folded(parts: Sequence[str]) -> list[str]:
    return [clean(p).casefold() for p in parts]


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _pattern_below(given: Pasted, disk: Listing, names: Sequence[str]) -> Meant:
    """The longest end of a pattern that finds anything, or the folder that is one thing in which it looks.

    Sure is only what follows one of the data folder's `names`, or an end with a folder of what began at the root: of
    `masks/*.tif` the end `*.tif` would be every file there is. Signs of other programs' patterns (?, [a-z]) are
    offered as *.
    """
    for wild, sure in ((given.parts, True), (tuple(_WILD.sub("*", p) for p in given.parts), False)):
        for n, first in enumerate(wild):
            pattern = Pasted(wild[n:], False, given.folder).text
            found = disk.covered(pattern)
            if not found or (n and not pattern.strip("*/")):
                continue
            if not n or _folded(wild[n - 1 : n])[0] in names:
                return Meant(pattern, sure)
            if "*" not in first:
                return Meant(pattern, sure and given.rooted)
            return Meant("" if any("/" in path for path in found) else pattern)
        around = _around(wild, disk)
        if around:
            return Meant(around)
    return Meant("")


def _around(parts: Sequence[str], disk: Listing) -> str:
    """The beginning of a path or pattern that stands for folders which are one thing; '' when none does."""
    for n in range(1, len(parts) if disk.wholes else 0):
        start = "/".join(parts[:n])
        covers = covering(start)
        if any(p.count("/") == n - 1 and covers(p) for p in disk.wholes) if "*" in start else start in disk.wholes:
            return start
    return ""


def last_folder(root: str) -> str:
    """The name of the data folder as the workbook gives it, which may be a whole path."""
    return root.replace("\\", "/").rstrip("/").rpartition("/")[2]


def mended(text: str, column: Column, disk: Listing | None = None, root: str = "") -> str:
    """The text of a cell with every path in it that is faulty, or not on disk, as it is surely meant; else as it is."""
    form, plain = form_of(column), clean(text)
    assert form is not None
    if form is column.files:
        words = changed(plain, partial(_mended, form=form, disk=disk, root=root))
        return text if words == plain else words
    parts = split_many(plain) if column.many else (plain,)
    new = [_mended(part, form, disk, root) for part in parts]
    return text if new == list(parts) else "; ".join(new)


def _mended(text: str, form: Format, disk: Listing | None, root: str) -> str:
    if not fault(text, form):
        if disk is None or form.path == "root" or _is_address(text) or disk.spelled(text) or disk.covered(text):
            return text
    elif disk is not None and form.path == "file" and disk.spelled(text):
        return text
    likely = meant(text, form, disk, root)
    return likely.path if likely.sure else text


def form_of(column: Column) -> Format | None:
    """The form of the paths in the cells of a column, be they its values or files named in words; None for no paths."""
    return column.format if column.format is not None and column.format.path else column.files


def path_columns(table: Table) -> Iterator[tuple[Column, Format]]:
    """Columns of a table whose cells hold paths, or may name them in words, and the form of these."""
    for column in table.sheet.columns:
        form = form_of(column)
        if form is not None and column.name in table.names:
            yield column, form


def held(value: Any, column: Column) -> Any:
    """What of a value is a path: the value itself, or the paths that its words name."""
    return value if column.files is None else named(value)


def named(value: Any) -> tuple[str, ...]:
    """The paths that the words of a value name, in their order."""
    text = None if value is UNREADABLE else to_cell(value)
    return tuple(p for p in mentioned(text) if p) if isinstance(text, str) else ()


def all_named(tables: Iterable[Table]) -> Iterator[tuple[Table, int, Column, str]]:
    """Every file that a cell names in words: the table, the row of the sheet, the column and the path."""
    for table in tables:
        for column, _ in path_columns(table):
            if column.files is None:
                continue
            for row, value in zip(table.rows, table.values(column.name), strict=True):
                for path in named(value):
                    yield table, row, column, path


def as_on_disk(tables: Tables, disk: Listing) -> Tables:
    """The tables with every path spelled as it is on disk, where that differs in the form of its letters or blanks."""
    if all(p.isascii() and clean(p) == p for p in disk):
        return tables
    respelled = {name: _respelled(t, disk) for name, t in tables.tables.items()}
    return replace(tables, tables=respelled)


def _respelled(table: Table, disk: Listing) -> Table:
    columns = [column for column, form in path_columns(table) if form.path != "root"]
    if not columns:
        return table
    change = partial(_spell, columns=columns, disk=disk)
    source = table.source
    if source is None:
        return replace(table, cells=change(table.cells))
    return replace(table, source=lambda findings: map(change, source(findings)))


def _spell(cells: Columns, columns: Sequence[Column], disk: Listing) -> Columns:
    changes = {
        c.name: partial(_as_spelled, disk=disk) if c.files is None else partial(_words, column=c, disk=disk)
        for c in columns
    }
    return cells.changed({name: cells.mapped(name, change) for name, change in changes.items()})


def _words(value: Any, column: Column, disk: Listing) -> Any:
    """A value whose words name files, these as they are spelled on disk."""
    if not named(value):
        return value
    return convert(changed(str(to_cell(value)), partial(_as_spelled, disk=disk)), column)[0]


def _as_spelled(value: Any, disk: Listing) -> Any:
    """A path, or each of several; a pattern has its folder so."""
    if isinstance(value, tuple):
        return tuple(_as_spelled(v, disk) for v in value)
    if not isinstance(value, str):
        return value
    plain = value.rstrip("/")
    head, star, tail = plain.partition("*")
    if not star:
        return (disk.spelled(plain) or plain) + value[len(plain) :]
    folder, slash, rest = head.rpartition("/")
    return (disk.spelled(folder) or folder) + slash + rest + star + tail + value[len(plain) :]
