"""Paths as keys of the store: bytes whose order is that of the walk, so that two walks can be laid side by side.

In a folder its files come first, by their names, then what lies in each folder below it. A part of a path is marked as
a file (1) or a folder (2) and ends with a zero, which no name holds.
"""

from __future__ import annotations

from functools import lru_cache

_FILE, _FOLDER, _END = b"\x01", b"\x02", b"\x00"


def raw(text: str) -> bytes:
    """A text of a file system as bytes; names that are no Unicode keep their bytes apart."""
    return text.encode() if text.isascii() else text.encode("utf-8", "surrogatepass")


def raws(texts: list[str]) -> list[bytes]:
    """Many of them at once."""
    return raw("\0".join(texts)).split(_END)


@lru_cache(256)  # files of a folder follow on each other
def below(folder: str) -> bytes:
    """What the keys of all files of a folder begin with ('' is the harvested folder itself)."""
    return b"".join(_FOLDER + raw(part) + _END for part in folder.split("/")) + _FILE if folder else _FILE


def key_of(path: str) -> bytes:
    """The key of a path."""
    folder, _, name = path.rpartition("/")
    return below(folder) + raw(name)


def path_of(key: bytes) -> str:
    """The path of a key."""
    folders, _, name = key.rpartition(_END)
    return _above(folders) + name[1:].decode("utf-8", "surrogatepass")


@lru_cache(256)
def _above(folders: bytes) -> str:
    """The folders of a key as the beginning of a path."""
    parts = folders.split(_END) if folders else ()
    return "".join(part[1:].decode("utf-8", "surrogatepass") + "/" for part in parts)


def folder_of(key: bytes) -> bytes:
    """What the keys of all files of the same folder begin with, as `below` has it."""
    return key[: key.rfind(_END) + 1] + _FILE
