"""Where files lie in an EMPIAR entry: below /data, in the folder that was uploaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import commonpath, dirname

from rembi_sheets.records import AnnotationSet, ImageData
from rembi_sheets.submission import Submission


def base(sub: Submission) -> str:
    """Last part of the data folder: the depositor copies that folder into data/."""
    return sub.study.data_folder.rstrip("/").rpartition("/")[2]


def in_entry(sub: Submission, path: str) -> str:
    """A path below the data folder -> path in the entry: data/<folder>/<path>."""
    return "/".join(p for p in ("data", base(sub), path.strip("/")) if p)


def listed(sub: Submission, owner: ImageData | AnnotationSet) -> tuple[str, ...]:
    """Paths that Files lists for image data or an annotation set, once each."""
    column = "image_data" if isinstance(owner, ImageData) else "annotation_set"
    found: dict[str, None] = {}
    for chunk in sub.file_chunks():
        if column not in chunk or "path" not in chunk:
            continue
        rows = chunk.loc[chunk[column] == owner.name, "path"]
        found.update(dict.fromkeys(p for p in rows if isinstance(p, str)))
    return tuple(found)


def matching(sub: Submission, pattern: str) -> tuple[str, ...]:
    """Files on disk that a folder or pattern covers; empty when the disk was not looked at."""
    if not sub.inventory or not pattern:
        return ()
    if pattern.endswith("/"):
        return tuple(p for p in sub.inventory if p.startswith(pattern))
    form = re.compile("[^/]*".join(re.escape(part) for part in pattern.split("*")))
    return tuple(p for p in sub.inventory if form.fullmatch(p))


def fixed(pattern: str) -> str:
    """The folder in front of the first * of a pattern; of a plain path, its own folder."""
    return pattern.rstrip("/") if pattern.endswith("/") and "*" not in pattern else dirname(pattern.partition("*")[0])


def common(paths: Iterable[str]) -> str:
    """The deepest folder that holds all the files."""
    folders = {dirname(p.rstrip("/")) for p in paths}
    return commonpath(folders) if folders and all(folders) else ""
