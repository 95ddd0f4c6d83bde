"""Where files lie in an EMPIAR entry: below /data, in the folder that was uploaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import commonpath, dirname

from rembi_sheets.records import AnnotationSet, ImageData
from rembi_sheets.submission import Submission, fold


@dataclass(slots=True)
class Listed:
    """What Files lists for one owner: number of rows, deepest common folder, first path, up to two file endings."""

    rows: int = 0
    folder: str = ""
    first: str = ""
    endings: set[str] = field(default_factory=set)

    def add(self, path: str) -> None:
        """One more row."""
        folder = dirname(path.rstrip("/"))
        if not self.rows:
            self.folder, self.first = folder, path
        elif folder != self.folder and not folder.startswith(self.folder + "/"):
            self.folder = commonpath((self.folder, folder)) if self.folder and folder else ""
        self.rows += 1
        if len(self.endings) < 2:
            self.endings.add(path.rpartition("/")[2].rpartition(".")[2].casefold())

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


def files(sub: Submission) -> Files:
    """The summary of Files, read a part at a time."""
    images: dict[str, Listed] = {}
    annotations: dict[str, Listed] = {}
    folded: dict[str, str] = {}
    for chunk in sub.file_chunks():
        for column, known in (("image_data", images), ("annotation_set", annotations)):
            for owner, path in zip(chunk[column], chunk["path"], strict=True):
                if isinstance(owner, str) and isinstance(path, str):
                    key = folded.get(owner) or folded.setdefault(owner, fold(owner))
                    if key not in known:
                        known[key] = Listed()
                    known[key].add(path)
    return Files(images, annotations)


def base(sub: Submission) -> str:
    """Last part of the data folder: the depositor copies that folder into data/."""
    return sub.study.data_folder.rstrip("/").rpartition("/")[2]


def in_entry(sub: Submission, path: str) -> str:
    """A path below the data folder -> path in the entry: data/<folder>/<path>."""
    return "/".join(p for p in ("data", base(sub), path.strip("/")) if p)


def matching(sub: Submission, pattern: str) -> int:
    """Number of files on disk that a folder or pattern covers; 0 when the disk was not looked at."""
    if not sub.inventory or not pattern:
        return 0
    if pattern.endswith("/") and "*" not in pattern:
        return sum(p.startswith(pattern) for p in sub.inventory)
    form = re.compile("[^/]*".join(re.escape(part) for part in pattern.split("*")))
    return sum(form.fullmatch(p) is not None for p in sub.inventory)


def fixed(pattern: str) -> str:
    """The folder in front of the first * of a pattern; of a plain path, its own folder."""
    return pattern.rstrip("/") if pattern.endswith("/") and "*" not in pattern else dirname(pattern.partition("*")[0])


def accessible(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of result files that are paths and no web addresses."""
    return tuple(p for p in paths if "://" not in p)
