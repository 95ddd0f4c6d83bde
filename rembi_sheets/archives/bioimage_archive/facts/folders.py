"""Names of file lists, and which files a folder or pattern stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.attached import attached, homes
from rembi_sheets.inventory import covering
from rembi_sheets.records import AnalysedData, ImageData, StudyComponent
from rembi_sheets.submission import Submission

FOLDER = "file-lists"

_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z !\-_'().]+")
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_SPELLED = str.maketrans({"µ": "u", "μ": "u", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ł": "l", "Ł": "L"})
_LONGEST = 100


def stems(names: Iterable[str]) -> list[str]:
    """File names without extension for names, made of characters the archive takes, unique without regard to case.

    Names that Windows keeps for devices get an underscore in front.
    """
    taken: set[str] = set()
    out = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name.translate(_SPELLED))
        plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
        stem = re.sub(r"\s+", " ", _NOT_IN_NAMES.sub("_", plain)).strip(" ._")[:_LONGEST].strip(" .") or "list"
        if _DEVICES.fullmatch(stem):
            stem = f"_{stem}"
        number, tried = 1, stem
        while not taken.isdisjoint({tried.casefold(), f"{tried}-wells".casefold()}):
            number += 1
            tried = f"{stem}_{number}"
        taken |= {tried.casefold(), f"{tried}-wells".casefold()}
        out.append(tried)
    return out


def by_pattern(sub: Submission) -> tuple[ImageData, ...]:
    """Image data whose files are known by a folder or pattern only."""
    return tuple(d for d in sub.image_data if d.path_pattern and not sub.file_counts.get(d.name))


def expanded(sub: Submission, image: ImageData) -> Iterator[str]:
    """Paths that the folder or pattern of image data stands for.

    With an inventory: the files found there that neither Files, nor a result, nor a text, nor a row of Image data above
    names.
    Without: the folder itself; nothing for a pattern, which the checks refuse then.
    """
    pattern = image.path_pattern
    if sub.inventory is None:
        if "*" not in pattern:
            yield pattern.rstrip("/")
        return
    match = covering(pattern)
    above = [covering(d.path_pattern) for d in _before(by_pattern(sub), image)]
    taken = _listed(sub, match) | {p for a in sub.analysed_data for p in _files_of(sub, a) if match(p)}
    taken |= {f.path for f in attached(sub)}
    for path in derive.found(sub, pattern):
        if path not in taken and not _is_ours(path) and not any(m(path) for m in above):
            yield path


def _before(images: tuple[ImageData, ...], image: ImageData) -> Iterator[ImageData]:
    for d in images:
        if d is image:
            return
        yield d


def _is_ours(path: str) -> bool:
    """File lists of an earlier conversion that lie beside the data."""
    return path.startswith(FOLDER + "/")


def _listed(sub: Submission, match: Callable[[str], bool]) -> set[str]:
    """Paths of Files that fall under a pattern: they keep their own row."""
    return {p for part in sub.file_parts() for p in part.values("path") if isinstance(p, str) and match(p)}


def _files_of(sub: Submission, analysis: AnalysedData) -> Iterator[str]:
    """Result files of an analysis; a pattern needs an inventory, without one it gives nothing (the checks say so)."""
    for path in analysis.result_files:
        if sub.inventory is not None and ("*" in path or path.endswith("/")):
            yield from (p for p in derive.found(sub, path) if not _is_ours(p))
        elif "*" not in path:
            yield path.rstrip("/")


def results_of(scope: Scope, component: StudyComponent) -> list[str]:
    """Result files of the analyses whose first image data belongs to the component, but for those Files lists anyway.

    A file of two analyses belongs to the first.
    """
    homes: dict[str, StudyComponent | None] = {}
    for analysis in scope.analyses:
        if isinstance(analysis.source, AnalysedData):
            home = next((d.study_component for d in analysis.source.image_data if d in scope.images), None)
            for path in _files_of(scope.submission, analysis.source):
                homes.setdefault(path, home)
    listed = _listed(scope.submission, homes.__contains__) if homes else set()
    return [path for path, home in homes.items() if home == component and path not in listed]


def protocols_of(scope: Scope, component: StudyComponent) -> list[str]:
    """Files that the texts of a component's rows name, but for those that a list holds anyway.

    The archive takes no file in a folder that is listed as a whole: where one is, the file is in the list with it.
    """
    sub = scope.submission
    named = homes(sub, scope.components)
    own = [path for path, home in named.items() if home == component]
    if not own:
        return []
    above = {path: {path, *_above(path)} for path in own}
    wanted = set().union(*above.values())
    listed = _listed(sub, wanted.__contains__) | {p for a in sub.analysed_data for p in _files_of(sub, a)}
    if sub.inventory is None:
        listed |= {p for image in by_pattern(sub) for p in expanded(sub, image)}
    return [path for path in own if not above[path] & listed]


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
