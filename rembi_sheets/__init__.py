"""rembi-sheets: one Excel workbook after REMBI, checked and written for BioImage Archive, EMPIAR and IDR.

The functions here are those that the commands call; importing the package loads nothing heavy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets.version import __version__

if TYPE_CHECKING:
    from rembi_sheets.findings import Finding
    from rembi_sheets.pipeline import Conversion, Workbook

__all__ = ["__version__", "check", "convert", "new", "read"]


def new(path: str | Path, profile: str = "", archives: Iterable[str] = (), level: str = "") -> Path:
    """Write a blank workbook to `path` and return it; with neither profile nor archive the least that suffices.

    Raises KeyError for an unknown profile, archive or level, OutputError when the file cannot be written.
    """
    from rembi_sheets import output, pipeline

    return output.write_file(Path(path), pipeline.blank(profile, archives, level))


def read(path: str | Path, limits: Mapping[str, int] | None = None) -> Workbook:
    """A workbook, read; `readable` is False and `findings` says why when it could not be.

    `limits`: how much a file may hold, by name: size, entries, unpacked (bytes), ratio, cells (of a sheet).
    Raises ValueError for an unknown one.
    """
    from rembi_sheets import pipeline

    return pipeline.read(Path(path), limits)


def check(
    workbook: Workbook, archives: Iterable[str] = (), *, data: str | Path | None = None, today: dt.date | None = None
) -> list[Finding]:
    """All findings for the archives named, or for those of the workbook's study sheet.

    Raises KeyError for an unknown archive, OSError when the folder `data` cannot be read.
    """
    from rembi_sheets import pipeline

    return list(pipeline.check(workbook, archives, data=Path(data) if data else None, today=today).findings)


def convert(
    workbook: Workbook,
    archives: Iterable[str],
    output: str | Path,
    *,
    data: str | Path | None = None,
    today: dt.date | None = None,
    force: bool = False,
) -> Conversion:
    """Check, then write each archive's files below `output`; when there are errors nothing is written.

    Raises KeyError for an unknown archive, OSError when `data` cannot be read, OutputError for `output`.
    """
    from rembi_sheets import pipeline

    made = pipeline.convert(workbook, archives, data=Path(data) if data else None, today=today)
    if made.files:
        pipeline.write(made, Path(output), force=force)
    return made
