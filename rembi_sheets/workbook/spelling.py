"""The names of a package's parts as its relations spell them: with plain slashes, in one case.

By the standard, names of parts are compared without regard to case; some programs write back slashes. Excel and
calamine read both; here such a package is packed anew, so that nothing after this has to think of it.
"""

from __future__ import annotations

import io
import posixpath
import re
import shutil
import zipfile
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

TYPES_PART = "[Content_Types].xml"
_FIXED = (TYPES_PART, "_rels/.rels", "mimetype", "content.xml", "META-INF/manifest.xml")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what every reader unpacks
_RELATION = re.compile(rb"<(?:[\w.\-]+:)?Relationship\s[^>]*>")
_OVERRIDE = re.compile(rb"<(?:[\w.\-]+:)?Override\s[^>]*>")
_TARGET = re.compile(rb"""(\sTarget\s*=\s*)(["'])([^"']*)\2""")
_PART_NAME = re.compile(rb"""(\sPartName\s*=\s*)(["'])([^"']*)\2""")
_EXTERNAL = re.compile(rb"""\sTargetMode\s*=\s*["']External["']""")


def slashed(name: str) -> str:
    """The name of an entry with plain slashes, and with its signs as they are (`%20` is a blank)."""
    return unquote(name.replace("\\", "/"))


def unsafe(name: str) -> bool:
    """Would an entry lie outside the package if somebody unpacked it?"""
    plain = slashed(name)
    return plain.startswith("/") or ".." in plain.split("/") or re.match("[A-Za-z]:", plain) is not None


def spelled(data: bytes) -> bytes:
    """The package with each part under one name and packed as usual; the bytes themselves where it is so already.

    The names must differ by more than their case. Raises what the zip reader raises for a damaged one.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        new = _names(package.namelist())
        actual = {n.casefold(): n for n in new.values()}
        texts: dict[str, bytes] = {}
        for old, name in new.items():
            if name.endswith(".rels") or name == TYPES_PART:
                text = package.read(old)
                changed = _retargeted(name, text, actual)
                if changed != text:
                    texts[old] = changed
        usual = all(entry.compress_type in _PACKINGS for entry in package.infolist())
        if not texts and usual and all(old == name for old, name in new.items()):
            return data
        return _packed(package, new, texts)


def _names(names: list[str]) -> dict[str, str]:
    """Name of each entry -> name of its part; the relations of a part take up its spelling."""
    fixed = {n.casefold(): n for n in _FIXED}
    out = {n: fixed.get(slashed(n).casefold(), slashed(n)) for n in names}
    actual = {n.casefold(): n for n in out.values()}
    for old, name in out.items():
        if name.casefold().endswith(".rels") and name.casefold() not in fixed:
            folder, _, last = name.rpartition("/")
            above = posixpath.dirname(folder)
            part = actual.get(posixpath.join(above, last[: -len(".rels")]).casefold())
            if part is not None:
                out[old] = relations_of(part)
    return out


def relations_of(part: str) -> str:
    """The name of the part that holds the relations of another ('' is the package)."""
    folder, _, name = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{name}.rels")


def target(part: str, text: str) -> str:
    """The name of the part that a relation of `part` aims at."""
    text = slashed(text)
    if text.startswith("/"):
        return text.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), text))


def _retargeted(name: str, text: bytes, actual: Mapping[str, str]) -> bytes:
    """The text of a part of relations, or of content types, with the names as the parts have them."""
    types = name == TYPES_PART
    folder = posixpath.dirname(posixpath.dirname(name))
    home = posixpath.join(folder, posixpath.basename(name)[: -len(".rels")])

    def part(found: re.Match[bytes]) -> bytes:
        said = unescape(found[3].decode("utf-8", "replace"))
        aimed = target(home, said)
        real = actual.get(aimed.casefold(), aimed)
        if real == aimed and said == slashed(said):
            return found[0]
        return found[1] + found[2] + escape(f"/{real}").encode() + found[2]

    def tag(found: re.Match[bytes]) -> bytes:
        if not types and _EXTERNAL.search(found[0]):
            return found[0]
        return (_PART_NAME if types else _TARGET).sub(part, found[0])

    return (_OVERRIDE if types else _RELATION).sub(tag, text)


def _packed(package: zipfile.ZipFile, new: Mapping[str, str], texts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in package.infolist():
            info = zipfile.ZipInfo(new[entry.filename], entry.date_time)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = entry.external_attr
            if entry.filename in texts:
                out.writestr(info, texts[entry.filename])
                continue
            with package.open(entry) as source, out.open(info, "w") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    return made.getvalue()
