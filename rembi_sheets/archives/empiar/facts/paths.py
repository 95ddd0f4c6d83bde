"""Where files lie in an EMPIAR entry: below /data, in the folder that was uploaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from posixpath import commonpath, dirname

from rembi_sheets import derive
from rembi_sheets.records import AnnotationSet, ImageData
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import Table
from rembi_sheets.vocabularies import file_names


@dataclass(slots=True)
class Listed:
    """What Files lists for one owner: number of rows, deepest common folder, first path, up to two file endings.

    `fits`: how many paths fit so well as images of the owner's format (see `file_names.fit`).
    """

    format: str = ""
    rows: int = 0
    fits: Counter[int] = field(default_factory=Counter)
    folder: str = ""
    first: str = ""
    endings: set[str] = field(default_factory=set)

    def take(self, paths: Sequence[str]) -> None:
        """More rows, at least one."""
        folders = {dirname(head) for head in {p[: p.rfind("/") + 1] for p in map(str.rstrip, paths, repeat("/"))}}
        if not self.rows:
            self.first = paths[0]
            self.folder = folders.pop()
        for folder in folders:
            self.folder = _common(self.folder, folder)
        self.rows += len(paths)
        self.fits.update(file_names.fits(self.format, paths))
        if len(self.endings) < 2:
            first = _ending(paths[0])
            alike = all(map(str.endswith, paths, repeat(f".{first}")))
            self.endings.update(sorted({_ending(p).casefold() for p in ((first,) if alike else paths)})[:2])

    @property
    def images(self) -> int:
        """Files of the format; where none has its ending, those that may be images."""
        return self.fits[file_names.best(self.fits)]

    @property
    def ending(self) -> str:
        """The ending that all files share, else empty."""
        return next(iter(self.endings)) if len(self.endings) == 1 else ""

    @property
    def pattern(self) -> str:
        """The one path, or all files of the common folder."""
        return self.first if self.rows < 2 else "/".join(p for p in (self.folder, "*") if p)


@dataclass(frozen=True)
class Files:
    """The table Files, summed up in one pass: owners by folded name."""

    images: Mapping[str, Listed]
    annotations: Mapping[str, Listed]

    def of(self, owner: ImageData | AnnotationSet) -> Listed:
        """What is listed for image data or an annotation set."""
        known = self.images if isinstance(owner, ImageData) else self.annotations
        return known.get(fold(owner.name), Listed())


def _ending(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2]


def _common(one: str, other: str) -> str:
    """The deepest folder that two folders share; none where one is written from the root and the other is not."""
    same = one.startswith("/") == other.startswith("/")
    return commonpath((one, other)) if same and one and other else ""


def files(sub: Submission) -> Files:
    """The summary of Files, read a part at a time."""
    images: dict[str, Listed] = {}
    annotations: dict[str, Listed] = {}
    formats = {fold(d.name): d.file_format for d in sub.image_data}
    for part in sub.file_parts():
        paths = part.values("path")
        for column, known in (("image_data", images), ("annotation_set", annotations)):
            for owner, listed in _by_owner(part, column, paths).items():
                if listed:
                    name = fold(owner)
                    known.setdefault(name, Listed(formats.get(name, "") if known is images else "")).take(listed)
    return Files(images, annotations)


def _by_owner(part: Table, column: str, paths: Sequence[object]) -> dict[str, list[str]]:
    """The paths of the rows that name each owner, of those that have one."""
    owners: dict[object, list[object]] = {owner: [] for owner in part.distinct(column)}
    if len(owners) == 1:
        owners = {owner: list(paths) for owner in owners}
    else:
        for owner, path in zip(part.values(column), paths, strict=True):
            owners[owner].append(path)
    return {o: [p for p in found if isinstance(p, str)] for o, found in owners.items() if isinstance(o, str)}


def base(sub: Submission) -> str:
    """Last part of the data folder: the depositor copies that folder into data/."""
    return sub.study.data_folder.rstrip("/").rpartition("/")[2]


def in_entry(sub: Submission, path: str) -> str:
    """A path below the data folder -> path in the entry: data/<folder>/<path>."""
    return "/".join(p for p in ("data", base(sub), path.strip("/")) if p)


def matching(sub: Submission, image: ImageData) -> list[str]:
    """Images on disk that the folder or pattern of image data covers; none when the disk was not looked at.

    A * stands for names in one folder; only where it finds none there, for those in the folders below as well.
    """
    covered = derive.images_found(sub, image)
    level = image.path_pattern.count("/")
    return [p for p in covered if p.count("/") == level] or covered if "*" in image.path_pattern else covered


def fixed(pattern: str) -> str:
    """The folder in front of the first * of a pattern; of a plain path, its own folder."""
    return pattern.rstrip("/") if pattern.endswith("/") and "*" not in pattern else dirname(pattern.partition("*")[0])


def accessible(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of result files that are paths and no web addresses."""
    return tuple(p for p in paths if "://" not in p)
