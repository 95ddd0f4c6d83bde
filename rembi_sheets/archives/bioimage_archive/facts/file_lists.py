"""File lists: one of each study component and annotation set, streamed from Files a part at a time.

A first pass over Files finds which columns have values and which paths stand in several rows (a file that holds
several wells or images); the rows themselves are made again, part by part, when a list is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nsmallest
from typing import Any

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.document import FileList, Row
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.archives.bioimage_archive.facts.folders import (
    FOLDER,
    by_pattern,
    expanded,
    protocols_of,
    results_of,
    stems,
)
from rembi_sheets.archives.bioimage_archive.facts.list_columns import Column, cells_of_image, columns, texts_of
from rembi_sheets.archives.shared.blocks import Block, Blocks, blocks
from rembi_sheets.coded import different, objects
from rembi_sheets.records import AnnotationSet, ImageData, StudyComponent
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import Table

RESULT = "analysis result"
PROTOCOL = "protocol"
WELLS = "well table"

_ENOUGH = 2  # different texts of a column that are remembered


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


def plans(scope: Scope) -> list[Plan]:
    """One plan for each component and annotation set that goes to the archive, in sheet order."""
    owners: list[StudyComponent | AnnotationSet] = [*scope.components, *scope.annotations]
    names = stems(o.name for o in owners)
    return [
        Plan(f"{FOLDER}/{stem}.tsv", owner, columns(scope.submission, isinstance(owner, AnnotationSet)))
        for stem, owner in zip(names, owners, strict=True)
    ]


def file_lists(scope: Scope) -> dict[str, tuple[FileList, ...]]:
    """Name of each component and annotation set -> its list, and its table of wells where it needs one.

    A component and an annotation set of one name are refused earlier; a list without rows is not made.
    """
    made = plans(scope)
    which = Which(scope, made)
    _first_pass(scope.submission, made, which)
    for plan in made:
        _extra_rows(scope, plan)
    if any(p.hashes for p in made):
        _second_pass(scope.submission, made, which)
    return {plan.owner.name: _lists(scope.submission, plan, i, which) for i, plan in enumerate(made)}


# ---------------------------------------------------------------- which rows


class Which:
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

    def numbers(self, part: Table) -> Any:
        """One number a row, as an array."""
        import numpy as np

        out = np.full(len(part.rows), -1, dtype="int32")
        for column, numbers in self._maps:
            if not numbers:
                continue
            distinct = part.distinct(column)
            known = {v: numbers.get(fold(v), -1) if isinstance(v, str) else -1 for v in distinct}
            if any(n >= 0 for n in known.values()):
                found = np.fromiter(map(known.__getitem__, part.values(column)), "int32", len(out))
                out = np.where(out >= 0, out, found)
        return out


def _folded(numbers: Mapping[str, int]) -> dict[str, int]:
    return {fold(name): n for name, n in numbers.items()}


def _parts(sub: Submission, which: Which, number: int) -> Iterator[Table]:
    for part in sub.tables["files"].parts():
        chosen = part.of_rows(which.numbers(part) == number)
        if chosen.rows:
            yield chosen


def _first_pass(sub: Submission, made: Sequence[Plan], which: Which) -> None:
    """Which columns have values, how many rows a list has, and hashes of the paths that may stand in several rows."""
    import numpy as np
    import pandas as pd

    for whole in sub.tables["files"].parts():
        numbers = which.numbers(whole)
        for i, plan in enumerate(made):
            part = whole.of_rows(numbers == i)
            plan.rows += len(part.rows)
            for column in plan.columns:
                if len(plan.seen.get(column.heading, ())) < _ENOUGH:
                    _note(plan, column.heading, column.texts(part))
                if column.typed and column.heading not in plan.typed and any(different(column.typed(part))):
                    plan.typed.add(column.heading)
            grouped = [n for n in ("plate", "well", "image_name") if part.filled(n)]
            if grouped:
                some = np.logical_or.reduce(list(map(part.cells.filled, grouped)))
                paths = texts_of(part.of_rows(some), "path")
                plan.hashes.append(pd.util.hash_array(objects(paths), categorize=False))


def _note(plan: Plan, heading: str, texts: Sequence[str]) -> None:
    """Remember a few texts of a column: enough to know whether it is filled, and whether it varies."""
    seen = plan.seen.setdefault(heading, set())
    if len(seen) < _ENOUGH:
        seen.update(nsmallest(_ENOUGH, set(different(texts)) - {""}))


def _second_pass(sub: Submission, made: Sequence[Plan], which: Which) -> None:
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
            paths = texts_of(part, "path")
            repeated = np.isin(pd.util.hash_array(objects(paths), categorize=False), twice)
            again, single = part.of_rows(repeated), part.of_rows(~repeated)
            plan.alone.update(c.heading for c in plan.columns if any(different(c.texts(single))))
            rows = zip(*(texts_of(again, "path"), *(c.texts(again) for c in plan.columns)), strict=True)
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
        if image in by_pattern(sub):
            cells = cells_of_image(sub, image)
            for heading, text in cells.items():
                _note(plan, heading, (text,))
                plan.alone.add(heading)
            plan.extra.append(_Expansion(sub, image, cells))
    heading = sub.schema["image_data"]["type"].label
    for type_, found in ((RESULT, results_of(scope, plan.owner)), (PROTOCOL, protocols_of(scope, plan.owner))):
        if found:
            _note(plan, heading, (type_,))
            plan.alone.add(heading)
            plan.extra.append(partial(_typed_rows, found, heading, type_))


def _typed_rows(found: Sequence[str], heading: str, type_: str) -> Iterator[Mapping[str, str]]:
    """Rows of files that are known by their type alone."""
    for path in found:
        yield {"": path, heading: type_}


@dataclass(frozen=True)
class _Expansion:
    """Rows of image data that names a folder or a pattern."""

    sub: Submission
    image: ImageData
    cells: Mapping[str, str]

    def __call__(self) -> Iterator[Mapping[str, str]]:
        for path in expanded(self.sub, self.image):
            yield {"": path, **self.cells}


# ---------------------------------------------------------------- lists


def _lists(sub: Submission, plan: Plan, number: int, which: Which) -> tuple[FileList, ...]:
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
        lambda: Blocks(partial(_blocks, sub, plan, number, which, kept)),
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


def _blocks(sub: Submission, plan: Plan, number: int, which: Which, kept: Sequence[int]) -> Iterator[Block]:
    written: set[str] = set()
    for part in _parts(sub, which, number):
        made = [texts_of(part, "path"), *(plan.columns[i].texts(part) for i in kept)]
        if plan.shared:
            yield from blocks(_in_common(plan, zip(*made, strict=True), kept, written))
        else:
            yield made
    headings = [plan.columns[i].heading for i in kept]
    rows = (row for extra in plan.extra for row in extra())
    yield from blocks((row[""], *(row.get(h, "") for h in headings)) for row in rows)


def _in_common(plan: Plan, rows: Iterable[Row], kept: Sequence[int], written: set[str]) -> Iterator[Row]:
    """Each path once, with the cells that its rows have in common; `written` are those that were before."""
    for path, *cells in rows:
        common = plan.shared.get(path)
        if common is None:
            yield (path, *cells)
        elif path not in written:
            written.add(path)
            yield (path, *(common[i] or "" for i in kept))


def _well_rows(sub: Submission, plan: Plan, number: int, which: Which, shown: Sequence[int]) -> Iterator[Row]:
    for part in _parts(sub, which, number):
        paths = texts_of(part, "path")
        columns = [plan.columns[i].texts(part) for i in shown]
        for path, *cells in zip(paths, *columns, strict=True):
            if path in plan.shared:
                yield (path, *cells)
