"""A folder on disk as plain data: {path below it: size}, and the contents of small files asked for by name."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from rembi_sheets.values import clean
from rembi_sheets.vocabularies import file_names

ATTACHMENT_LIMIT = 64 * 1024 * 1024
_LINKS = 5  # links on the way to a file; more are a circle in all but name


class Odd(StrEnum):
    """Why something on disk is not in the listing."""

    BROKEN = "broken"
    CIRCLE = "circle"
    UNREADABLE = "unreadable"
    LEFT = "left"


def covering(pattern: str) -> Callable[[str], bool]:
    """Does a path belong to a folder (all below it), to a pattern (* stands for any text), or is it the path?

    Letters that Unicode writes in several ways are not told apart.
    """
    wanted = clean(pattern)
    whole = wanted.rstrip("/")
    if "*" not in wanted:
        return lambda path: plain(path) == whole or plain(path).startswith(whole + "/")
    form = re.compile(".*".join(re.escape(p) for p in whole.split("*")) + ("/.*" if wanted.endswith("/") else ""))
    return lambda path: form.fullmatch(plain(path)) is not None


def plain(path: str) -> str:
    """A path with its letters written as cells have them."""
    return path if path.isascii() else clean(path)


class Listing(dict[str, int]):
    """Path -> bytes of the files below a folder, and their checksums, computed when asked for.

    A folder that is one thing (OME-Zarr) is one path with the bytes of all that lies in it; it is in `wholes` too.
    `odd` names what is not in the listing, and why.
    """

    def __init__(
        self, folder: Path, files: Mapping[str, int], wholes: Iterable[str] = (), odd: Mapping[str, Odd] | None = None
    ) -> None:
        super().__init__(files)
        self._folder = folder
        self.wholes = frozenset(wholes)
        self.odd = dict(odd or {})

    @classmethod
    def of(cls, files: Mapping[str, int]) -> Listing:
        """A listing of any mapping of paths to bytes; one that is a listing stays as it is."""
        return files if isinstance(files, Listing) else cls(Path(), files)

    @property
    def name(self) -> str:
        """The folder's own name."""
        name = self._folder.absolute().name
        return self._folder.resolve().name if name in ("", "..") else name

    def digest(self, path: str, algorithm: str) -> str | None:
        """Hexadecimal digits of a file's content by md5 or sha256; None when it cannot be read."""
        if path not in self or algorithm not in ("md5", "sha256"):
            return None
        try:
            with (self._folder / path).open("rb") as file:
                return hashlib.file_digest(file, algorithm).hexdigest()
        except OSError:
            return None

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders of all files."""
        found: set[str] = set(self.wholes)
        for path in self:
            while "/" in path:
                path = path.rpartition("/")[0]
                if path in found:
                    break
                found.add(path)
        return frozenset(found)

    def covered(self, pattern: str) -> list[str]:
        """The files (and folders that are one thing) that a path, a folder or a pattern stands for."""
        covers = covering(pattern)
        if pattern.endswith("/") and self.wholes:
            return [p for p in self if covers(p) or (p in self.wholes and covers(f"{p}/"))]
        return [p for p in self if covers(p)]

    def named(self, name: str) -> tuple[str, ...]:
        """Files and folders of a name, in whatever case and form of its letters."""
        return self._names.get(clean(name).casefold(), ())

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for path in (*sorted(self.folders - self.keys()), *self):
            found.setdefault(clean(path.rpartition("/")[2]).casefold(), []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def inside(self, folder: str) -> Sequence[str]:
        """The files directly in a folder ('' for the root)."""
        return self._inside.get(folder, ())

    @cached_property
    def _inside(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self:
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    def namesakes(self, path: str) -> Sequence[str]:
        """The files of its folder whose name is the same before the first dot."""
        return self._by_stem.get(_stem(path), ())

    @cached_property
    def _by_stem(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for path in self:
            found.setdefault(_stem(path), []).append(path)
        return found

    def spelled(self, path: str) -> str:
        """The path of a file or folder as it is on disk; '' when there is none.

        Unicode writes one letter in several ways (é as one sign, or as e and an accent) and has several blanks, which
        look alike: they are not told apart, unless there are two such files.
        """
        if path in self or path in self.folders:
            return path
        same = clean(path)
        if same in self or same in self.folders:
            return same
        return self._by_plain.get(same, "") or (path if self._holds(path) else "")

    @cached_property
    def _by_plain(self) -> Mapping[str, str]:
        """Plain spelling -> path, of those whose spelling is not plain."""
        return {clean(p): p for p in sorted((*self.folders, *self), reverse=True) if clean(p) != p}

    @cached_property
    def twins(self) -> tuple[tuple[str, str], ...]:
        """Pairs of paths that look alike, each of two files."""
        first: dict[str, str] = {}
        pairs = ((first.setdefault(clean(p), p), p) for p in self)
        return tuple((a, b) for a, b in pairs if a != b)

    def _holds(self, path: str) -> bool:
        """Is a path on disk that was not listed, since it lies within a whole, or was left out?"""
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts:
            return False
        above = (str(p) for p in (parts, *parts.parents))
        if not any(p in self.wholes or self.odd.get(p) is Odd.LEFT for p in above):
            return False
        return (self._folder / path).exists()


@dataclass
class _Scan:
    """One walk over a folder, in the order of names."""

    root: str
    files: dict[str, int] = field(default_factory=dict)
    wholes: list[str] = field(default_factory=list)
    odd: dict[str, Odd] = field(default_factory=dict)

    def walk(self, folder: str, path: str, entered: tuple[Path, ...]) -> None:
        """Take up what lies in `folder`, which is `path` below the root.

        `entered`: the real folders that the way to here led through: where it began, and where each link stood.
        """
        pending = [(folder, path, entered)]
        while pending:
            folder, path, entered = pending.pop()
            entries = self._entries(folder, path)
            names = [e.name for e in entries]
            if path and file_names.is_marked(names):
                self._whole(folder, path)
                continue
            for entry in entries:
                where = f"{path}/{entry.name}" if path else entry.name
                if file_names.is_left(entry.name):
                    self.odd[where] = Odd.LEFT
                    continue
                if _holds(entry.is_dir):
                    way = _followed(entry, folder, entered)
                    if way is None:
                        self.odd[where] = Odd.CIRCLE
                    elif file_names.is_whole(entry.name, names):
                        self._whole(entry.path, where)
                    else:
                        pending.append((entry.path, where, way))
                elif _holds(entry.is_file):
                    self._file(entry, where)
                elif entry.is_symlink():
                    self.odd[where] = Odd.BROKEN

    def _entries(self, folder: str, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                return sorted(found, key=lambda e: e.name)
        except OSError:
            if not path:
                raise
            self.odd[path] = Odd.UNREADABLE
            return []

    def _file(self, entry: os.DirEntry[str], where: str) -> None:
        try:
            self.files[where] = entry.stat().st_size
        except OSError:
            self.odd[where] = Odd.UNREADABLE

    def _whole(self, folder: str, path: str) -> None:
        self.wholes.append(path)
        self.files[path] = sum(_sizes(folder))


def _holds(question: Callable[[], bool]) -> bool:
    """The answer of a directory entry; a link in a circle, or a folder that is gone, is neither file nor folder."""
    try:
        return question()
    except OSError:
        return False


def _followed(entry: os.DirEntry[str], folder: str, entered: tuple[Path, ...]) -> tuple[Path, ...] | None:
    """The way through a folder: as it is, longer by one when the folder is a link; None when it would be a circle."""
    if not _is_link(entry):
        return entered
    target, way = Path(entry.path).resolve(), (*entered, Path(folder).resolve())
    return None if len(way) > _LINKS + 1 or any(place.is_relative_to(target) for place in way) else way


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Is it a link, or what Windows calls a junction (which older Pythons cannot tell by the entry alone)?"""
    path = Path(entry.path)
    return entry.is_symlink() or (os.name == "nt" and path.resolve() != path.parent.resolve() / entry.name)


def _sizes(folder: str) -> Iterator[int]:
    """Bytes of every file in a folder that is one thing, hidden ones as well; linked folders in it are not followed."""
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                yield Path(place, name).stat().st_size
            except OSError:
                yield 0


def listed(name: str, files: Mapping[str, int]) -> Listing:
    """The listing of a folder of which only the paths below it and the sizes are known, as `scan` makes it.

    `name` is that of the folder. Paths that lead outside it are left out.
    """
    inside = {p: size for p, size in files.items() if not {"", ".", ".."} & set(p.split("/"))}
    names: dict[str, dict[str, None]] = {}
    for path in inside:
        above = ""
        for part in path.split("/"):
            names.setdefault(above, {})[part] = None
            above = f"{above}/{part}" if above else part
    found: dict[str, int] = {}
    wholes: dict[str, None] = {}
    odd: dict[str, Odd] = {}
    for path, size in inside.items():
        end, kind = _unit(path, names)
        if kind is Odd.LEFT:
            odd[end] = kind
        else:
            found[end] = found.get(end, 0) + size
            if end != path:
                wholes[end] = None
    return Listing(Path(name), dict(sorted(found.items())), wholes, dict(sorted(odd.items())))


def _unit(path: str, names: Mapping[str, Iterable[str]]) -> tuple[str, Odd | None]:
    """What is listed for a file: its path, or that of the folder around it that is one thing or is left out."""
    parts = path.split("/")
    for n, part in enumerate(parts, start=1):
        above, here = "/".join(parts[: n - 1]), "/".join(parts[:n])
        if file_names.is_left(part):
            return here, Odd.LEFT
        if n < len(parts) and (
            file_names.is_whole(part, tuple(names[above])) or file_names.is_marked(tuple(names[here]))
        ):
            return here, None
    return path, None


def scan(folder: Path) -> Listing:
    """Every file below `folder` with its size in bytes, sorted by path.

    Links are followed, but in circles. Hidden files and what systems leave are left out, and a folder that is one
    thing is listed as one path.

    Raises OSError when the folder cannot be read.
    """
    made = _Scan(str(folder))
    made.walk(str(folder), "", (folder.resolve(),))
    return Listing(folder, dict(sorted(made.files.items())), made.wholes, dict(sorted(made.odd.items())))


def attachments(paths: Iterable[str], roots: Iterable[Path], listing: Listing | None = None) -> Mapping[str, bytes]:
    """Contents of those paths that exist as files below one of the roots, the first root first.

    A path that leads outside its root, a link out of it, or a file above ATTACHMENT_LIMIT is not read; links that the
    user has named with the data folder (those in `listing`) are followed.
    """
    found: dict[str, bytes] = {}
    folders = [r for r in roots if r.is_dir()]
    for path in paths:
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or not parts.parts:
            continue
        for root in folders:
            file = root / ((listing.spelled(path) if listing is not None else "") or parts)
            if not _is_file(file):
                continue
            if not file.resolve().is_relative_to(root.resolve()) and (listing is None or not listing.spelled(path)):
                continue
            if file.stat().st_size <= ATTACHMENT_LIMIT:
                found[path] = file.read_bytes()
                break
    return found


def _is_file(path: Path) -> bool:
    """Is there such a file? What is too long for a name is none. Raises OSError where that cannot be told."""
    try:
        return path.is_file()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise


def _stem(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name.partition(".")[0]
