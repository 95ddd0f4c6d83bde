"""File lists: one of each study component and annotation set, streamed from Files a part at a time.

A first pass over Files finds which columns have values and which paths stand in several rows (a file that holds
several wells or images); the rows themselves are made again, part by part, when a list is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.associations import Scope
from rembi_sheets.archives.bioimage_archive.document import FileList, Row
from rembi_sheets.records import AnalysedData, AnnotationSet, ImageData, StudyComponent
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import OWN
from rembi_sheets.values import UNREADABLE, to_cell

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "file-lists"
SOURCE_IMAGE = "Source image"
RESULT = "analysis result"
WELLS = "well table"

# Headings the archive reads as the annotated image, in any case (bia-ingest, 2026-05).
_SOURCE_LIKE = frozenset({"source image", "source_image", "source image association"})
_PART = 20_000
_BREAKS = re.compile(r"[\t\r\n]+")
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z !\-_'().]+")
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file list: its heading, and its texts for a part of Files.

    `typed` is given where the texts may also follow from elsewhere (the specimen of the image data): such a column
    is written only if somebody typed it or its texts differ, for else the page says it already.
    """

    heading: str
    texts: Callable[[pd.DataFrame], list[str]]
    typed: Callable[[pd.DataFrame], list[str]] | None = None


@dataclass
class Plan:
    """One list while it is planned: where it goes, its columns, and rows besides those of Files."""

    path: str
    owner: StudyComponent | AnnotationSet
    columns: list[Column]
    extra: list[Callable[[], Iterator[Mapping[str, str]]]] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    rows: int = 0
    hashes: list[Any] = field(default_factory=list)
    shared: dict[str, list[str | None]] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)


def stems(names: Iterable[str]) -> list[str]:
    """File names without extension for names, made of characters the archive takes, unique without regard to case."""
    taken: set[str] = set()
    out = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name.replace("µ", "u").replace("μ", "u"))
        plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
        stem = re.sub(r"\s+", " ", _NOT_IN_NAMES.sub("_", plain)).strip(" ._")[:100].strip(" .") or "list"
        if _DEVICES.fullmatch(stem):
            stem = f"_{stem}"
        number, tried = 1, stem
        while tried.casefold() in taken or f"{tried}-wells".casefold() in taken:
            number += 1
            tried = f"{stem}_{number}"
        taken |= {tried.casefold(), f"{tried}-wells".casefold()}
        out.append(tried)
    return out


def headings_of_own(submission: Submission) -> dict[str, str]:
    """Own heading of Files -> heading in the lists; one that has a meaning there already gets a number."""
    used = {h.casefold() for h in (*_fixed_headings(submission), *_SOURCE_LIKE, "files")}
    out = {}
    for own in submission.own_columns:
        plain = _BREAKS.sub(" ", own)
        number, tried = 1, plain
        while tried.casefold() in used:
            number += 1
            tried = f"{plain} ({number})"
        used.add(tried.casefold())
        out[own] = tried
    return out


def plans(scope: Scope) -> list[Plan]:
    """One plan for each component and annotation set that goes to the archive, in sheet order."""
    owners: list[StudyComponent | AnnotationSet] = [*scope.components, *scope.annotations]
    names = stems(o.name for o in owners)
    return [
        Plan(f"{FOLDER}/{stem}.tsv", owner, _columns(scope, owner)) for stem, owner in zip(names, owners, strict=True)
    ]


def file_lists(scope: Scope) -> dict[str, tuple[FileList, ...]]:
    """Name of each component and annotation set -> its list, and its table of wells where it needs one.

    A component and an annotation set of one name are refused earlier; a list without rows is not made.
    """
    made = plans(scope)
    which = _Which(scope, made)
    _first_pass(scope.submission, made, which)
    for plan in made:
        _extra_rows(scope, plan)
    if any(p.hashes for p in made):
        _second_pass(scope.submission, made, which)
    return {plan.owner.name: _lists(scope.submission, plan, i, which) for i, plan in enumerate(made)}


# ---------------------------------------------------------------- columns


def _fixed_headings(submission: Submission) -> list[str]:
    schema = submission.schema
    image, files = schema["image_data"], schema["files"]
    return [
        files["image_data"].label,
        image["type"].label,
        image["file_format"].label,
        image["size_x"].band,
        image["pixel_size_x"].band,
        "Size",
        files["specimen"].label,
        files["biosample"].label,
        files["experimental_status"].label,
        files["dataset"].label,
        files["image_name"].label,
        files["plate"].label,
        files["well"].label,
        files["phenotypes"].label,
        files["checksum"].label,
    ]


def _columns(scope: Scope, owner: StudyComponent | AnnotationSet) -> list[Column]:
    sub = scope.submission
    image, files = sub.schema["image_data"], sub.schema["files"]
    by_name = {fold(d.name): d for d in sub.image_data}

    def of_image(text: Callable[[ImageData], str]) -> Callable[[pd.DataFrame], list[str]]:
        known = {name: text(d) for name, d in by_name.items()}
        cache: dict[Any, str] = {}

        def texts(part: pd.DataFrame) -> list[str]:
            names = part["image_data"].tolist()
            for name in set(names) - cache.keys():
                cache[name] = known.get(fold(name), "") if isinstance(name, str) else ""
            return [cache[n] for n in names]

        return texts

    def typed(name: str) -> Callable[[pd.DataFrame], list[str]]:
        return lambda part: [_text(v) for v in part[name].tolist()]

    def either(name: str, other: Callable[[pd.DataFrame], list[str]]) -> Column:
        own = typed(name)
        return Column(
            files[name].label, lambda part: [a or b for a, b in zip(own(part), other(part), strict=True)], own
        )

    status = _status(sub, of_image, typed)
    columns = [
        Column(files["image_data"].label, of_image(lambda d: d.name)),
        Column(image["type"].label, of_image(lambda d: d.type)),
        Column(image["file_format"].label, of_image(derive.format_text)),
        Column(image["size_x"].band, of_image(derive.extents_text)),
        Column(image["pixel_size_x"].band, of_image(derive.pixel_size_text)),
        Column("Size", of_image(derive.size_text)),
        either("specimen", of_image(_only_specimen)),
        either("biosample", of_image(_only_biosample)),
        Column(files["experimental_status"].label, status, typed("experimental_status")),
        *(Column(files[n].label, typed(n)) for n in ("dataset", "image_name", "plate", "well", "phenotypes")),
        *(Column(heading, typed(OWN + own)) for own, heading in headings_of_own(sub).items()),
        Column(files["checksum"].label, typed("checksum")),
    ]
    if isinstance(owner, AnnotationSet):
        columns = [Column(SOURCE_IMAGE, typed("source_image")), *columns]
    return columns


def _only_specimen(image: ImageData) -> str:
    found = derive.specimens(image)
    return found[0].name if len(found) == 1 else ""


def _only_biosample(image: ImageData) -> str:
    found = {b.identity for s in derive.specimens(image) for b in derive.biosamples(image, s)}
    return found.pop() if len(found) == 1 else ""


def _status(sub: Submission, of_image: Any, typed: Any) -> Callable[[pd.DataFrame], list[str]]:
    """Experimental status of a row: its own, else its specimen's, else that of the only specimen shown."""
    of_specimen = {fold(s.name): s.experimental_status for s in sub.specimens}
    own, specimen = typed("experimental_status"), typed("specimen")
    shown = of_image(lambda d: derive.specimens(d)[0].experimental_status if len(derive.specimens(d)) == 1 else "")

    def texts(part: pd.DataFrame) -> list[str]:
        rows = zip(own(part), specimen(part), shown(part), strict=True)
        return [o or (of_specimen.get(fold(s), "") if s else "") or i for o, s, i in rows]

    return texts


def _text(value: Any) -> str:
    """A cell as a file list holds it: one line, no tab, for the list is split plainly."""
    if value is None or value is UNREADABLE:
        return ""
    text = value if isinstance(value, str) else str(to_cell(value))
    return _BREAKS.sub(" ", text) if "\n" in text or "\t" in text or "\r" in text else text


# ---------------------------------------------------------------- which rows


class _Which:
    """For a part of Files: the number of the plan each row belongs to, -1 for none."""

    def __init__(self, scope: Scope, made: Sequence[Plan]) -> None:
        number = {id(p.owner): i for i, p in enumerate(made)}
        of_component = {p.owner.name: i for i, p in enumerate(made) if isinstance(p.owner, StudyComponent)}
        images = {d.name: of_component[d.study_component.name] for d in scope.images if d.study_component}
        sets = {p.owner.name: number[id(p.owner)] for p in made if isinstance(p.owner, AnnotationSet)}
        self._maps = (
            ("image_data", _folded(images)),
            ("annotation_set", _folded(sets)),
            ("study_component", _folded(of_component)),
        )
        self._known: dict[tuple[str, str], int] = {}

    def __call__(self, part: pd.DataFrame) -> Any:
        import numpy as np

        out = np.full(len(part), -1, dtype="int32")
        for column, numbers in self._maps:
            if not numbers:
                continue
            values = part[column]
            distinct = {v: numbers.get(fold(v), -1) for v in values.unique() if isinstance(v, str)}
            found = values.map(distinct).fillna(-1).to_numpy(dtype="int32")
            out = np.where(out >= 0, out, found)
        return out


def _folded(numbers: Mapping[str, int]) -> dict[str, int]:
    return {fold(name): n for name, n in numbers.items()}


def _parts(sub: Submission, which: _Which, number: int) -> Iterator[pd.DataFrame]:
    for chunk in sub.file_chunks():
        chosen = chunk[which(chunk) == number]
        for start in range(0, len(chosen), _PART):
            yield chosen.iloc[start : start + _PART]


def _first_pass(sub: Submission, made: Sequence[Plan], which: _Which) -> None:
    """Which columns have values, how many rows a list has, and hashes of the paths that may stand in several rows."""
    import pandas as pd

    for chunk in sub.file_chunks():
        numbers = which(chunk)
        for i, plan in enumerate(made):
            chosen = chunk[numbers == i]
            for start in range(0, len(chosen), _PART):
                part = chosen.iloc[start : start + _PART]
                plan.rows += len(part)
                for column in plan.columns:
                    _note(plan, column.heading, column.texts(part))
                    if column.typed and column.heading not in plan.typed and any(column.typed(part)):
                        plan.typed.add(column.heading)
                grouped = part[["plate", "well", "image_name"]].notna().any(axis=1)
                if grouped.any():
                    paths = [_text(v) for v in part.loc[grouped, "path"]]
                    plan.hashes.append(pd.util.hash_array(_objects(paths)))


def _objects(texts: Sequence[str]) -> Any:
    import numpy as np

    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def _note(plan: Plan, heading: str, texts: Iterable[str]) -> None:
    """Remember at most two texts of a column: enough to know whether it is filled, and whether it varies."""
    seen = plan.seen.setdefault(heading, set())
    if len(seen) < 2:
        seen.update(sorted(set(texts) - {""})[:2])


def _second_pass(sub: Submission, made: Sequence[Plan], which: _Which) -> None:
    """Paths that stand in several rows: the cells they have in common; None where they differ."""
    import numpy as np
    import pandas as pd

    for i, plan in enumerate(made):
        if not plan.hashes:
            continue
        values, counts = np.unique(np.concatenate(plan.hashes), return_counts=True)
        twice = values[counts > 1]
        plan.hashes = [twice]
        if not len(twice):
            continue
        for part in _parts(sub, which, i):
            paths = [_text(v) for v in part["path"]]
            repeated = np.isin(pd.util.hash_array(_objects(paths)), twice)
            again, single = part[repeated], part[~repeated]
            plan.alone.update(c.heading for c in plan.columns if any(c.texts(single)))
            rows = zip(*([_text(v) for v in again["path"]], *(c.texts(again) for c in plan.columns)), strict=True)
            for path, *cells in rows:
                known = plan.shared.get(path)
                if known is None:
                    plan.shared[path] = list(cells)
                else:
                    plan.shared[path] = [a if a == b else None for a, b in zip(known, cells, strict=True)]


# ---------------------------------------------------------------- rows besides those of Files


def _extra_rows(scope: Scope, plan: Plan) -> None:
    if not isinstance(plan.owner, StudyComponent):
        return
    sub = scope.submission
    for image in derive.images(sub, plan.owner):
        if image.path_pattern and not sub.file_counts.get(image.name):
            cells = _cells_of(sub, image)
            for heading, text in cells.items():
                _note(plan, heading, (text,))
                plan.alone.add(heading)
            plan.extra.append(_Expanded(sub, image, cells))
    results = list(results_of(scope, plan.owner))
    if results:
        heading = sub.schema["image_data"]["type"].label
        _note(plan, heading, (RESULT,))
        plan.alone.add(heading)
        rows = [{"": path, heading: RESULT} for path in results]
        plan.extra.append(lambda: iter(rows))


def _cells_of(sub: Submission, image: ImageData) -> dict[str, str]:
    headings = _fixed_headings(sub)
    texts = (
        image.name,
        image.type,
        derive.format_text(image),
        derive.extents_text(image),
        derive.pixel_size_text(image),
        derive.size_text(image),
        _only_specimen(image),
        _only_biosample(image),
        next((s.experimental_status for s in derive.specimens(image)[:1] if len(derive.specimens(image)) == 1), ""),
    )
    return {h: _text(t) for h, t in zip(headings, texts, strict=False) if t}


@dataclass(frozen=True)
class _Expanded:
    """Rows of image data that names a folder or a pattern: its files where they are known, else the folder itself."""

    sub: Submission
    image: ImageData
    cells: Mapping[str, str]

    def __call__(self) -> Iterator[Mapping[str, str]]:
        for path in expanded(self.sub, self.image):
            yield {"": path, **self.cells}


def expanded(sub: Submission, image: ImageData) -> Iterator[str]:
    """Paths that a folder or pattern stands for; without an inventory the folder, or nothing for a pattern."""
    pattern = image.path_pattern
    if sub.inventory is None:
        if "*" not in pattern:
            yield pattern.rstrip("/")
        return
    match = matcher(pattern)
    listed = _listed(sub, match)
    for path in sub.inventory:
        if match(path) and path not in listed and not path.startswith(FOLDER + "/"):
            yield path


def matcher(pattern: str) -> Callable[[str], bool]:
    """Does a path belong to a folder (all below it), to a pattern (* stands for any text), or is it the path?"""
    if "*" in pattern:
        form = re.compile(
            ".*".join(re.escape(p) for p in pattern.split("*")) + ("" if not pattern.endswith("/") else ".*")
        )
        return lambda path: form.fullmatch(path) is not None
    folder = pattern.rstrip("/") + "/"
    return lambda path: path.startswith(folder) or path == pattern.rstrip("/")


def _listed(sub: Submission, match: Callable[[str], bool]) -> set[str]:
    """Paths of Files that fall under a pattern: they keep their own row."""
    return {p for chunk in sub.file_chunks() for p in chunk["path"] if isinstance(p, str) and match(p)}


def results_of(scope: Scope, component: StudyComponent) -> Iterator[str]:
    """Result files of the analyses whose first image data belongs to the component."""
    seen: set[str] = set()
    for analysis in scope.analyses:
        if not isinstance(analysis.source, AnalysedData):
            continue
        home = next(d.study_component for d in analysis.source.image_data if d in scope.images)
        for path in analysis.source.result_files if home == component else ():
            if path not in seen:
                seen.add(path)
                yield path


# ---------------------------------------------------------------- lists


def _lists(sub: Submission, plan: Plan, number: int, which: _Which) -> tuple[FileList, ...]:
    if not plan.rows and not plan.extra:
        return ()
    differing = {i for cells in plan.shared.values() for i, c in enumerate(cells) if c is None}
    wells = plan.path.removesuffix(".tsv") + "-wells.tsv" if differing else ""
    if wells:
        type_heading = sub.schema["image_data"]["type"].label
        _note(plan, type_heading, (WELLS,))
        plan.alone.add(type_heading)
        plan.extra.append(lambda: iter([{"": wells, type_heading: WELLS}]))
    kept = [i for i, c in enumerate(plan.columns) if _is_kept(c, plan)]
    kept = [i for i in kept if i not in differing or _has_common(plan, i)]
    main = FileList(
        plan.path,
        tuple(plan.columns[i].heading for i in kept),
        lambda: _rows(sub, plan, number, which, kept),
    )
    if not wells:
        return (main,)
    shown = sorted(differing)
    table = FileList(
        wells,
        tuple(plan.columns[i].heading for i in shown),
        lambda: _well_rows(sub, plan, number, which, shown),
        table=True,
    )
    return (main, table)


def _is_kept(column: Column, plan: Plan) -> bool:
    seen = plan.seen.get(column.heading, set())
    return bool(seen) and (column.typed is None or len(seen) > 1 or column.heading in plan.typed)


def _has_common(plan: Plan, column: int) -> bool:
    """Does a row still have a text here once the differing ones have moved to the table of wells?"""
    heading = plan.columns[column].heading
    return heading in plan.alone or any(cells[column] for cells in plan.shared.values())


def _rows(sub: Submission, plan: Plan, number: int, which: _Which, kept: Sequence[int]) -> Iterator[Row]:
    written: set[str] = set()
    for part in _parts(sub, which, number):
        paths = [_text(v) for v in part["path"].tolist()]
        columns = [plan.columns[i].texts(part) for i in kept]
        if not plan.shared:
            yield from zip(paths, *columns, strict=True)
            continue
        for path, *cells in zip(paths, *columns, strict=True):
            common = plan.shared.get(path)
            if common is None:
                yield (path, *cells)
            elif path not in written:
                written.add(path)
                yield (path, *(common[i] or "" for i in kept))
    headings = [plan.columns[i].heading for i in kept]
    for extra in plan.extra:
        for row in extra():
            yield (row[""], *(row.get(h, "") for h in headings))


def _well_rows(sub: Submission, plan: Plan, number: int, which: _Which, shown: Sequence[int]) -> Iterator[Row]:
    for part in _parts(sub, which, number):
        paths = [_text(v) for v in part["path"].tolist()]
        columns = [plan.columns[i].texts(part) for i in shown]
        for path, *cells in zip(paths, *columns, strict=True):
            if path in plan.shared:
                yield (path, *cells)
