"""Rules over Files that hold for every archive: each path once, each file with one owner, samples that fit.

Files is read a part at a time, twice: the first pass keeps eight bytes a row, the second looks at what stood out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembi_sheets import derive, vocabularies
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.inventory import covering
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import OWN, Repeats, Table

_Shown = dict[str, set[str]]
"""Folded names of specimens, with those of the biosamples of each."""
_OWNERS = ("image_data", "annotation_set", "study_component")


def check(sub: Submission) -> list[Finding]:
    """Findings of paths (49), owners (50), samples of rows (51), patterns (40) and own headings (52)."""
    table = sub.tables["files"]
    if not table.columns:
        return []
    out = [*_own_headings(sub)]
    first = _First(sub)
    for part in table.parts():
        first.read(part)
        out += _owners(sub, part)
        out += _samples(sub, part)
    out += _beyond_pattern(sub, first)
    twice, folders = first.doubtful()
    if twice or folders:
        second = _Second(twice, folders)
        for part in table.parts():
            second.read(part)
        out += second.findings(sub)
    return out


def _strings(part: Table, name: str) -> Sequence[Any]:
    return part.values(name) if name in part.names else [None] * len(part.rows)


class _First:
    """The first pass: hashes of paths and of their folders, in folded case, and files a pattern does not cover."""

    def __init__(self, sub: Submission) -> None:
        self.paths = Repeats()
        self.folders: set[int] = set()
        self.beyond: dict[str, tuple[int, str]] = {}
        self._seen: set[str] = set()
        self._covers = {d.name: covering(d.path_pattern) for d in sub.image_data if d.path_pattern and d.name}

    def read(self, part: Table) -> None:
        """Take up a part of Files."""
        paths = [p for p in _strings(part, "path") if isinstance(p, str)]
        self.paths.add(map(str.casefold, paths))
        for folder in {p.rpartition("/")[0] for p in paths} - self._seen:
            self._folders(folder)
        if self._covers:
            self._beyond(part)

    def _beyond(self, part: Table) -> None:
        for path, image in zip(_strings(part, "path"), _strings(part, "image_data"), strict=True):
            covers = self._covers.get(image) if isinstance(image, str) and isinstance(path, str) else None
            if covers is not None and not covers(path):
                n, example = self.beyond.get(image, (0, path))
                self.beyond[image] = (n + 1, example)

    def _folders(self, folder: str) -> None:
        if len(self._seen) < 100_000:
            self._seen.add(folder)
        while folder:
            self.folders.add(hash(folder.casefold()))
            folder = folder.rpartition("/")[0]

    def doubtful(self) -> tuple[frozenset[int], frozenset[int]]:
        """Hashes of paths that stand more than once, be it in another case, and of those that are folders of others."""
        return self.paths.twice(), self.paths.among(self.folders)


@dataclass
class _Second:
    """The second pass: the rows behind the hashes that stood out."""

    twice: frozenset[int]
    folders: frozenset[int]
    same: dict[str, dict[tuple[Any, Any], dict[int, Any]]] = field(default_factory=dict)  # row -> name of its image
    owners: dict[str, dict[str, int]] = field(default_factory=dict)
    spellings: dict[str, dict[str, int]] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)
    within: dict[str, tuple[int, str]] = field(default_factory=dict)

    def read(self, part: Table) -> None:
        """Take up a part of Files again."""
        columns = [_strings(part, n) for n in ("path", "plate", "well", "image_name", *_OWNERS)]
        for row, path, plate, well, image, *owner in zip(part.rows, *columns, strict=True):
            if not isinstance(path, str):
                continue
            number = hash(path.casefold())
            if number in self.twice:
                self.same.setdefault(path, {}).setdefault((plate, well), {})[row] = image
                name = next((o for o in owner if isinstance(o, str)), "")
                self.owners.setdefault(path, {}).setdefault(name, row)
                self.spellings.setdefault(path.casefold(), {}).setdefault(path, row)
            if self.folders:
                if number in self.folders:
                    self.listed.setdefault(path, row)
                folder = path.rpartition("/")[0]
                while folder:
                    if hash(folder.casefold()) in self.folders:
                        self.within.setdefault(folder, (row, path))
                    folder = folder.rpartition("/")[0]

    def findings(self, sub: Submission) -> Iterator[Finding]:
        """What is wrong with the paths (49)."""

        def at(row: int) -> Place:
            return sub.file_place(row, "path")

        component = _components(sub)
        for path, wells in self.same.items():
            for (plate, well), images in wells.items():
                row, *more = images
                if more and not _told_apart(images.values()):
                    what = path if well is None else f"{path}, {plate or ''} {well}".strip()
                    yield find("PATH-TWICE", [at(r) for r in more], value=what, first=row)
            homes = {component.get(fold(o), o): row for o, row in self.owners[path].items() if o}
            once_a_well = any(w is not None for _, w in wells) and all(len(rows) == 1 for rows in wells.values())
            if len(homes) > 1 and once_a_well:
                yield find("PATH-SHARED", at(max(homes.values())), value=path, owners=sorted(homes))
        for spellings in self.spellings.values():
            if len(spellings) > 1:
                (first, row), *others = spellings.items()
                for path, other in others:
                    yield find("PATH-CASE", at(other), value=path, other=first, first=row)
        for folder, row in self.listed.items():
            if folder in self.within:
                other, path = self.within[folder]
                yield find("PATH-INSIDE", at(row), value=folder, path=path, other=other)


def _told_apart(names: Collection[Any]) -> bool:
    """Are rows of one file those of its images: has each a name of its own?"""
    return None not in names and len(set(map(fold, names))) == len(names)


def _components(sub: Submission) -> dict[str, str]:
    """Folded name of image data -> name of its component."""
    return {fold(d.name): d.study_component.name for d in sub.image_data if d.study_component}


def _owners(sub: Submission, part: Table) -> Iterator[Finding]:
    """A file belongs to one of three (50); to none is a required cell that is empty."""
    columns = [_strings(part, n) for n in _OWNERS]
    if sum(map(part.filled, _OWNERS)) < 2:
        return
    for row, *owners in zip(part.rows, *columns, strict=True):
        given = [(n, o) for n, o in zip(_OWNERS, owners, strict=True) if isinstance(o, str)]
        if len(given) > 1:
            at = sub.file_place(row, given[1][0])
            yield find("FILE-OWNERS", at, value=" / ".join(o for _, o in given))


def _samples(sub: Submission, part: Table) -> Iterator[Finding]:
    """The specimen of a row is one of its image data, the biosample one of its specimens (51)."""
    images = {d.name: d for d in sub.image_data}
    shown: dict[str, _Shown] = {}
    known = {fold(s.name) for s in sub.specimens}, {fold(b.identity) for b in sub.biosamples}
    judged: dict[tuple[Any, Any, Any], list[tuple[str, str]]] = {}
    columns = [_strings(part, n) for n in ("image_data", "specimen", "biosample")]
    if not (part.filled("specimen") or part.filled("biosample")):
        return
    for row, image, specimen, biosample in zip(part.rows, *columns, strict=True):
        key = (image, specimen, biosample)
        if key not in judged:
            record = images.get(image) if isinstance(image, str) else None
            if record and image not in shown:
                shown[image] = {
                    fold(s.name): {fold(b.identity) for b in s.biosamples} for s in derive.specimens(record)
                }
            judged[key] = _foreign(shown[image], specimen, biosample, known) if record else []
        for name, value in judged[key]:
            owner = "image data" if name == "specimen" else "specimen"
            what = image if name == "specimen" else specimen if isinstance(specimen, str) else image
            yield find("SAMPLE-ELSEWHERE", sub.file_place(row, name), value=value, what=owner, other=what)


def _foreign(shown: _Shown, specimen: Any, biosample: Any, known: tuple[set[str], set[str]]) -> list[tuple[str, str]]:
    """The cells of a row, by column name, whose sample does not belong to its image data.

    `shown`: the specimens of the image data; `known`: all specimens and biosamples there are.
    """
    out = []
    own = list(shown.values())
    if isinstance(specimen, str) and shown and (folded := fold(specimen)) in known[0]:
        if folded not in shown:
            out.append(("specimen", specimen))
        own = [shown[folded]] if folded in shown else []
    if isinstance(biosample, str) and any(own) and (folded := fold(biosample)) in known[1]:
        out += [] if any(folded in held for held in own) else [("biosample", biosample)]
    return out


def _beyond_pattern(sub: Submission, first: _First) -> Iterator[Finding]:
    """Files that are listed for image data but that its own folder or pattern does not cover (40)."""
    for image in sub.image_data:
        n, example = first.beyond.get(image.name, (0, ""))
        if n:
            place = sub.place(image, "path_pattern")
            yield find("FILES-BEYOND", place, value=image.path_pattern, n=n, path=example, image=image.name)


def _own_headings(sub: Submission) -> Iterator[Finding]:
    """Headings of own columns that mean something else to an archive's programs (52)."""
    table = sub.tables["files"]
    reserved = _reserved()
    for heading in table.own:
        folded = fold(heading)
        if any(test(folded) for test in reserved):
            place = Place(table.title, table.heading_row, table.columns[OWN + heading], heading)
            yield find("OWN-HEADING", place, value=heading)


def _reserved() -> Sequence[Any]:
    tests = []
    for entry in vocabularies.entries("own_column_reserved"):
        word = fold(entry.label)
        within = entry.extra.get("match") != "whole"
        tests.append((lambda h, w=word: w in h) if within else (lambda h, w=word: h == w))
    return tests
