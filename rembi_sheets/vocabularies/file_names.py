"""What the name of a file or folder tells: of which format it is, and whether it is an image at all.

The names stand in two lists. `file_format` says for each format the `extensions` of its files, the `headers` among
them (files that describe an image beside them), what one file `holds`, and which `folders` are one thing, whatever lies
in them: a name (`*.zarr`), a name beside a file of the format (`{name}.files`, `_{stem}_`), or a folder that holds a
file (`*/.zgroup`). `side_file` says which files are no images: those that systems and programs leave (kind `left`),
those that people and instruments put beside images (kind `beside`), and those that describe a detector in the format of
its images (kind `reference`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from fnmatch import translate
from functools import cache
from itertools import repeat

from rembi_sheets.vocabularies.bundled import entries
from rembi_sheets.vocabularies.model import Entry

FORMATS, SIDE_FILES = "file_format", "side_file"

OF_FORMAT, REFERENCE, OTHER, NO_IMAGE = 3, 2, 1, 0
"""How well a file fits as an image of a format: by its ending; by its ending, but it is called like the gain reference
or defect map of a detector; by nothing, but it may be one; not at all."""

_PACKED = re.compile(r"\.(?:gz|bz2|xz|zst|lz4|zip|7z)$")


def is_left(name: str) -> bool:
    """Is a file or folder of this name something that a system or a program leaves (Thumbs.db, @eaDir, a.tmp)?"""
    return _named("left")(name.casefold()) is not None


def is_reference(name: str) -> bool:
    """Is a file of this name the gain, dark or shading image of a detector?"""
    return _named("reference")(name.casefold()) is not None


def left_among(names: Iterable[str]) -> set[str]:
    """Those names of a folder that are such; most folders hold none, which one look at all names together tells."""
    listed = list(names)
    text = "\n".join(["", *listed, ""]).casefold()
    if not any(part in text for part in _parts_of_left()):
        return set()
    found = _named("left")
    return {name for name in listed if found(name.casefold()) is not None}


@cache
def _parts_of_left() -> tuple[str, ...]:
    """What must stand in the lines of a list of names for one of them to be left: the longest fixed part of each."""
    lines = (f"\n{n.casefold()}\n" for e in _side_files("left") for n in e.extra["patterns"].split())
    return tuple(_fixed(line) for line in lines)


def is_marked(within: Iterable[str]) -> bool:
    """Is a folder that holds files of these names one thing, whatever it is called?"""
    return not _marks().isdisjoint(within)


def is_whole(name: str, beside: Iterable[str] = ()) -> bool:
    """Is a folder of this name one thing (OME-Zarr, N5, the folder that belongs to a VSI or OIF file beside it)?"""
    folded = name.casefold()
    if _whole()(folded):
        return True
    owned = set()
    for file in beside:
        lower = file.casefold()
        for ending, form in _owned():
            if lower.endswith(ending):
                owned.add(form.format(name=lower, stem=lower.removesuffix(ending)))
    return folded in owned


@cache
def fit(label: str) -> Callable[[str], int]:
    """For a path: how well it fits as an image of the format (OF_FORMAT, REFERENCE, OTHER or NO_IMAGE)."""
    own, headers = _own_endings(label), _listed(entry_of(label), "headers")
    no_image, reference = _named("beside"), _named("reference")

    def judge(path: str) -> int:
        name = path.rpartition("/")[2].casefold()
        plain = _PACKED.sub("", name)
        if plain.endswith(own) or name.endswith(own):
            return REFERENCE if reference(name) else OF_FORMAT
        if plain.endswith(headers) or no_image(plain) or is_left(name) or _owned_folder()(name) is not None:
            return NO_IMAGE
        return OTHER

    return judge


def fits(label: str, paths: Sequence[str]) -> Counter[int]:
    """How many of some paths fit how well as images of a format."""
    own = _own_endings(label)
    if own and all(map(str.endswith, paths, repeat(own))) and not may_name_reference(paths):  # most lists are alike
        return Counter({OF_FORMAT: len(paths)})
    return Counter(map(fit(label), paths))


def images(label: str, paths: Iterable[str]) -> list[str]:
    """Those of some paths that are images of a format; where none has its endings, all that may be images."""
    judge, kept = fit(label), {level: list[str]() for level in (OF_FORMAT, REFERENCE, OTHER, NO_IMAGE)}
    for path in paths:
        kept[judge(path)].append(path)
    return kept[best(kept)]


def best(kept: Mapping[int, Sized | int]) -> int:
    """The level at which the images of a set are: the first that any of its files has, OTHER for none."""
    return next((level for level in (OF_FORMAT, REFERENCE) if kept[level]), OTHER)


def formats_of(path: str) -> tuple[str, ...]:
    """Labels of the formats that the name of a file fits best, by the longest ending; none for what is no image."""
    name = path.rpartition("/")[2].casefold()
    plain = _PACKED.sub("", name)
    if _named("reference")(name) or _named("beside")(plain) or is_left(name) or _owned_folder()(name) is not None:
        return ()
    best = max((e for e in _by_ending() if plain.endswith(e) or name.endswith(e)), key=len, default="")
    return _by_ending().get(best, ())


@cache
def _by_ending() -> Mapping[str, tuple[str, ...]]:
    """Ending -> labels of the formats whose images have it."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries(FORMATS):
        for ending in _own_endings(entry.label):
            found[ending] = (*found.get(ending, ()), entry.label)
    return found


def holds(label: str) -> str:
    """What one file of a format holds: "frames" always, a "stack" always, "perhaps" one of these; '' one image."""
    found = entry_of(label)
    return found.extra.get("holds", "") if found else ""


def endings(label: str) -> tuple[str, ...]:
    """The endings of the files of a format, as in its list; none for a format that is not known."""
    return _listed(entry_of(label), "extensions")


@cache
def entry_of(label: str) -> Entry | None:
    """The format of this label."""
    return next((e for e in entries(FORMATS) if e.label == label), None)


def _own_endings(label: str) -> tuple[str, ...]:
    headers = _listed(entry_of(label), "headers")
    return tuple(e for e in endings(label) if e not in headers)


def _listed(entry: Entry | None, column: str) -> tuple[str, ...]:
    return tuple(entry.extra[column].casefold().split()) if entry else ()


@cache
def _named(kind: str) -> Callable[[str], re.Match[str] | None]:
    """Is a name (in small letters) one of a kind of side files?"""
    names = [p for e in _side_files(kind) for p in e.extra["patterns"].split()]
    return re.compile("|".join(translate(n.casefold()) for n in names)).match


def _side_files(kind: str) -> Iterator[Entry]:
    return (e for e in entries(SIDE_FILES) if e.extra["kind"] == kind)


@cache
def _of_references() -> tuple[str, ...]:
    """What must stand in a name for it to be one of a reference."""
    patterns = [p for e in _side_files("reference") for p in e.extra["patterns"].split()]
    return tuple(_fixed(p.casefold()) for p in patterns)


def _fixed(pattern: str) -> str:
    """The longest part of a pattern that every name of it has."""
    return max(re.split(r"\*|\?|\[.*?\]", pattern), key=len)


def may_name_reference(paths: Sequence[str]) -> bool:
    """May one of these be a reference of a detector? Most lists hold none, which one look at all of them tells."""
    text = "\n".join(paths).casefold()
    return any(part in text for part in _of_references())


def _folders() -> Iterator[tuple[Entry, str]]:
    for entry in entries(FORMATS):
        for form in entry.extra["folders"].split():
            yield entry, form


@cache
def _whole() -> Callable[[str], re.Match[str] | None]:
    names = [f for _, f in _folders() if "{" not in f and "/" not in f]
    return re.compile("|".join(map(translate, names))).match


@cache
def _marks() -> frozenset[str]:
    return frozenset(f.removeprefix("*/") for _, f in _folders() if f.startswith("*/"))


@cache
def _owned() -> tuple[tuple[str, str], ...]:
    return tuple((ending, f) for entry, f in _folders() if "{" in f for ending in _listed(entry, "extensions"))


@cache
def _owned_folder() -> Callable[[str], re.Match[str] | None]:
    """Is it by its own name a folder that belongs to a file (a.oif.files, _scan_)?"""
    names = [f.format(name="*", stem="*") for _, f in _folders() if "{" in f and f != "{stem}"]
    return re.compile("|".join(map(translate, names))).match
