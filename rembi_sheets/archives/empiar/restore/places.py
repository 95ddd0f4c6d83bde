"""Paths of an entry -> folder of the data, and folders and patterns below it."""

from __future__ import annotations

import re

from rembi_sheets.archives.empiar.document import Deposition, ImageSet
from rembi_sheets.archives.empiar.facts import paths
from rembi_sheets.archives.shared.restoring import Row, Sheets


def data_folder(document: Deposition) -> str:
    """The folder that was uploaded: the first below /data, where every set lies deeper than it; '' for none."""
    places = [[p for p in s.directory.split("/") if p] for s in document.image_sets]
    firsts = {tuple(p[:2]) for p in places}
    if len(firsts) == 1 and all(len(p) > 2 for p in places) and places[0][0] == "data":
        return places[0][1]
    return ""


def below(path: str, folder: str) -> str:
    """A path of the entry as a path below the data folder."""
    parts = [p for p in path.split("/") if p and p not in (".", "..")]
    parts = parts[1:] if parts[:1] == ["data"] else parts
    return "/".join(parts[1:] if folder and parts[:1] == [folder] else parts)


def place(found: ImageSet, folder: str, where: str, sheets: Sheets) -> Row:
    """Folder or pattern of a set. A pattern that lies elsewhere than the directory says is told."""
    line = re.search(r"(?m)^File pattern: (.+)$", found.details)
    directory = below(found.directory, folder)
    given = [found.micrographs_pattern, found.particles_pattern, line[1] if line else ""]
    patterns = [p for p in given if p and not is_coordinates(found, p)]
    if found.category.startswith("picked particles"):
        patterns.sort(key=lambda p: p != found.particles_pattern)
    fitting = [p for p in patterns if "*" in p and _within(paths.fixed(below(p, folder)), directory)]
    for pattern in patterns:
        if pattern not in fitting[:1]:
            sheets.note(f"{where}, file pattern", pattern)
    if not fitting:
        return {"path_pattern": f"{directory}/" if directory else "*"}
    if paths.fixed(below(fitting[0], folder)) != directory:
        sheets.note(f"{where}, directory", f"{found.directory}; its file pattern lies deeper")
    return {"path_pattern": below(fitting[0], folder)}


def _within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def is_coordinates(found: ImageSet, pattern: str) -> bool:
    """Is it that of files of particle coordinates, which are results of an analysis?"""
    return (
        bool(pattern)
        and pattern == found.particles_pattern
        and (bool(found.micrographs_pattern) or "*" not in pattern or not found.category.startswith("picked particles"))
    )
