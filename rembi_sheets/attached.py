"""Files that cells name as `file: path`, which there are and whose; result files, and where these may lie.

Such a file need not stand in Files. It is listed once, for the component that uses a row which names it, since an
archive takes no path in two lists: rows of two components that name one file are a mistake, unless one row serves both.
Pure functions over Submission.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rembi_sheets import derive
from rembi_sheets.paths import all_named
from rembi_sheets.records import ImageData, Record, StudyComponent
from rembi_sheets.submission import Submission


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a cell names: its path below the data folder, the record, and the field (a column's name)."""

    path: str
    record: Record
    field: str


def attached(sub: Submission) -> tuple[Attached, ...]:
    """Every file that a cell names, in the order of sheets, columns and rows."""
    records = {(r.SHEET, r.row): r for r in _records(sub)}
    named = all_named(sub.tables[s.name] for s in sub.schema.sheets)
    found = ((path, records.get((table.sheet.name, row)), column.name) for table, row, column, path in named)
    return tuple(Attached(path, record, field) for path, record, field in found if record is not None)


def homes(sub: Submission, components: Iterable[StudyComponent]) -> dict[str, StudyComponent]:
    """Path -> the first of these components that uses a row which names it; those without one are left out."""
    named = attached(sub)
    found: dict[str, StudyComponent] = {}
    for component in components if named else ():
        used = set(_used(sub, component))
        for file in named:
            if file.record in used:
                found.setdefault(file.path, component)
    return found


def torn(
    sub: Submission, components: Iterable[StudyComponent]
) -> dict[str, tuple[list[Attached], list[StudyComponent]]]:
    """Path -> the cells that name it and their components, where no component uses all of the rows."""
    named = attached(sub)
    users = [(component, set(_used(sub, component))) for component in components] if named else []
    out = {}
    for path in dict.fromkeys(file.path for file in named):
        cells = {file: [c for c, used in users if file.record in used] for file in named if file.path == path}
        cells = {file: using for file, using in cells.items() if using}
        if cells and not any(all(c in using for using in cells.values()) for c, _ in users):
            out[path] = list(cells), [c for c, _ in users if any(c in using for using in cells.values())]
    return out


def _records(sub: Submission) -> Iterator[Record]:
    for sheet in sub.schema.sheets:
        held = getattr(sub, sheet.name, ())
        yield from held if isinstance(held, tuple) else (held,)


def _used(sub: Submission, component: StudyComponent) -> Iterator[Record]:
    """The rows that the image data of a component lead to, and its own."""
    yield component
    for image in derive.images(sub, component):
        yield from _of_image(sub, image)


def _of_image(sub: Submission, image: ImageData) -> Iterator[Record]:
    yield image
    for specimen in derive.specimens(image):
        yield specimen
        yield from derive.biosamples(image, specimen)
    yield from derive.acquisitions(image)
    yield from derive.correlations(sub, image)
    yield from derive.analyses(sub, image)


def result_files(submission: Submission) -> list[str]:
    """Files of results that the rows of Analysed data name one by one."""
    return [p for a in submission.analysed_data for p in a.result_files if "*" not in p]


def roots(workbook: Path, submission: Submission, data: Path | None) -> list[Path]:
    """Where result files may lie: the data folder given, else the one named in the workbook, beside it."""
    if data is not None:
        return [data]
    name = submission.study.data_folder
    beside = workbook.absolute().parent
    safe = name and not Path(name).is_absolute() and ".." not in Path(name).parts
    return [beside / name, beside] if safe else [beside]
