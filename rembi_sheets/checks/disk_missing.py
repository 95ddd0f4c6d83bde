"""Paths that are not on disk: what they are called there, or that nothing like them is there.

Equal mistakes are one finding: paths that begin above the data folder, a part in another case, another ending.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from rembi_sheets import paths
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.inventory import Listing, Odd
from rembi_sheets.submission import Submission
from rembi_sheets.vocabularies import slips

_MANY = 5  # missing files of one folder, without a likely name, that are told one by one
_NEIGHBOURS = 5_000  # files of a folder among which a likely name is looked for
_NEAREST = 8  # of them that are looked at closely
_WORD = re.compile(r"\d+|[^\W\d_]+|[\W_]+")
_LEAST = 3  # letters of a word that is left of a longer one

Row = tuple[int, str]


def of_rows(
    sub: Submission, missing: Iterable[Row], disk: Listing, listed: Collection[str] = ()
) -> tuple[list[Finding], set[str]]:
    """Findings of the rows of Files whose path is not on disk, and the files on disk that are meant by these rows.

    A file that is `listed` is its own, and not a likely name of another. Of many paths of a folder that nothing there
    is called like, only the first is compared with every name.
    """
    form = sub.schema["files"]["path"].format
    assert form is not None
    case: dict[tuple[str, str], list[tuple[Row, str]]] = {}
    above: list[tuple[Row, str]] = []
    folders: dict[str, list[Row]] = {}
    broken: list[Row] = []
    files: dict[tuple[str, str, str], list[tuple[Row, str]]] = {}
    unlike: dict[str, list[Row]] = {}
    told: set[str] = set()
    for row, path in missing:
        meant = paths.meant(path, form, disk, paths.last_folder(sub.study.data_folder))
        near = meant.path if meant.sure else other_ending(path, disk) or meant.path
        near = "" if _is_end(near, path) and not meant.sure and near in listed else near
        told.add(near)
        if paths.fault(path, form):
            continue  # which has a finding of its own
        folder = missing_folder(path, disk)
        if disk.odd.get(path) is Odd.BROKEN:
            broken.append((row, path))
        elif meant.sure and same_but_case(meant.path, path):
            case.setdefault(differing_part(path, meant.path), []).append(((row, path), meant.path))
        elif meant.sure:
            above.append(((row, path), meant.path))
        elif folder:
            folders.setdefault(folder, []).append((row, path))
        elif near:
            files.setdefault(_difference(path, near), []).append(((row, path), near))
        else:
            unlike.setdefault(path.rpartition("/")[0], []).append((row, path))
    found = [_of_rows(sub, "DISK-CASE", of_one) for of_one in case.values()]
    if above:
        found.append(_of_rows(sub, "DISK-ABOVE", above))
    if broken:
        found.append(find("DISK-LINK-BROKEN", _at(sub, broken), value=broken[0][1], n=len(broken)))
    for folder, rows in folders.items():
        near = near_folder(folder, disk)
        suggestions = (near,) if near else ()
        found.append(find("DISK-FOLDER-MISSING", _at(sub, rows), value=folder, n=len(rows), suggestions=suggestions))
    found += [_of_rows(sub, "DISK-MISSING", of_one) for of_one in files.values()]
    for rows in unlike.values():
        compared = rows if len(rows) <= _MANY else rows[:1]
        names = [near_name(path, disk, listed) for _, path in compared]
        together = (
            [[(row, names[0]) for row in rows]] if len(rows) > _MANY else [[r] for r in zip(rows, names, strict=True)]
        )
        found += [_of_rows(sub, "DISK-MISSING", of_one) for of_one in together]
    return found, told - {""}


def of_cell(sub: Submission, place: Place | str, path: str, disk: Listing) -> Iterator[Finding]:
    """Findings of a path outside Files that is not on disk."""
    form = sub.schema["files"]["path"].format
    assert form is not None
    if paths.fault(path, form):
        return
    meant = paths.meant(path, form, disk, paths.last_folder(sub.study.data_folder))
    near = meant.path if meant.sure else other_ending(path, disk) or meant.path or near_name(path, disk)
    if disk.odd.get(path) is Odd.BROKEN:
        yield find("DISK-LINK-BROKEN", place, value=path, n=1)
    elif meant.sure:
        code = "DISK-CASE" if same_but_case(near, path) else "DISK-ABOVE"
        yield find(code, place, value=path, n=1, suggestions=(near,))
    else:
        yield find("DISK-MISSING", place, value=path, more="", suggestions=(near,) if near else ())


def same_but_case(one: str, other: str) -> bool:
    """Do two paths differ in case alone?"""
    return one.casefold() == other.casefold()


def differing_part(path: str, spelled: str) -> tuple[str, str]:
    """The first part in which a path differs from its spelling on disk, and that spelling."""
    parts = zip(path.split("/"), spelled.split("/"), strict=False)
    return next(((a, b) for a, b in parts if a != b), (path, spelled))


def other_ending(path: str, disk: Listing) -> str:
    """The one file of the same folder whose name differs in its ending alone; '' when there is none, or several."""
    found = disk.namesakes(path)
    return found[0] if len(found) == 1 else ""


def near_name(path: str, disk: Listing, listed: Collection[str] = ()) -> str:
    """A name in the same folder for which this one can be a slip of the hand; '' when there is none.

    A file of another number, well or letter is another file.
    """
    folder, _, name = path.rpartition("/")
    names = [p.rpartition("/")[2] for p in disk.inside(folder) if p not in listed]
    found = _nearest(name, names) if len(names) <= _NEIGHBOURS else ""
    return "/".join(p for p in (folder, found) if p) if found else ""


def near_folder(folder: str, disk: Listing) -> str:
    """A folder for whose path this one can be a slip of the hand, or that lies elsewhere; '' when there is none."""
    for known in sorted(disk.folders):
        if known.casefold() == folder.casefold():
            return known
    moved = [known for known in disk.folders if f"/{known}".endswith(f"/{folder}") or folder.endswith(f"/{known}")]
    return moved[0] if len(moved) == 1 else _nearest(folder, sorted(disk.folders))


def _nearest(path: str, others: Collection[str]) -> str:
    """The first of the nearest that the path can be a slip for, part by part."""
    from difflib import get_close_matches

    return next((o for o in get_close_matches(path, others, _NEAREST, 0.7) if _slip(path, o)), "")


def _slip(path: str, other: str) -> bool:
    """Does each part differ by a slip of the hand, in the zeros before its numbers, or by words that are shortened?"""
    parts, others = path.split("/"), other.split("/")
    return len(parts) == len(others) and all(
        a == b or slips.may_be(a, b) or _shortened(a, b) for a, b in zip(parts, others, strict=True)
    )


def _shortened(name: str, other: str) -> bool:
    """The same numbers and words, but that a word has letters which are left out in the other name (img, image)."""
    parts, others = _WORD.findall(name), _WORD.findall(other)
    return len(parts) == len(others) and all(_says(a, b) for a, b in zip(parts, others, strict=True))


def _says(word: str, other: str) -> bool:
    if word.isdecimal() and other.isdecimal():
        return int(word) == int(other)
    short, long = sorted((word, other), key=len)
    rest = iter(long)
    return word == other or (len(short) >= _LEAST and short.isalpha() and all(letter in rest for letter in short))


def missing_folder(path: str, disk: Listing) -> str:
    """The first folder of a path that is not there; '' when all are."""
    parts = path.split("/")[:-1]
    for n in range(1, len(parts) + 1):
        folder = "/".join(parts[:n])
        if not disk.spelled(folder):
            return folder
    return ""


def _is_end(near: str, path: str) -> bool:
    """Is it what a path ends with, behind some folders?"""
    return near != "" and path.endswith(f"/{near}")


def _difference(path: str, near: str) -> tuple[str, str, str]:
    """What equal mistakes share: the folder, and where only the ending is another, both endings; what stands before a
    path that is its end; else the path."""
    if _is_end(near, path):
        return (path.removesuffix(near), "above", "")
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.partition(".")
    spelled = near.rpartition("/")[2].partition(".")
    same = near.rpartition("/")[0] == folder and spelled[0] == stem and dot and spelled[1]
    return (folder, "ending", f"{ending} {spelled[2]}") if same else (folder, path, "")


def _of_rows(sub: Submission, code: str, rows: list[tuple[Row, str]]) -> Finding:
    """One finding of several rows; the example is the first."""
    (_, path), near = rows[0]
    n = len(rows)
    more = f", nor are {n - 1} other files of its folder" if n > 1 else ""
    at = _at(sub, [row for row, _ in rows])
    return find(code, at, value=path, n=n, more=more, suggestions=(near,) if near else ())


def _at(sub: Submission, rows: Iterable[Row]) -> list[Place]:
    return [sub.file_place(row, "path") for row, _ in rows]
