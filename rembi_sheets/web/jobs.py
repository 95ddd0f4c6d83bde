"""What the workers do: a file's path and plain words in, plain data or bytes out. The only modules beside that call the
pipeline's walks, and they run in processes of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rembi_sheets import pipeline


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about a workbook: archives (none: those it names), limits of reading, a day other than today."""

    archives: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    today: dt.date | None = None


def warm() -> None:
    """Load what every check needs, before the first visitor waits for it."""
    import pandas  # noqa: F401
    import pandera  # noqa: F401

    from rembi_sheets import archives, checks, plates, score, tables, vocabularies, workbook  # noqa: F401
    from rembi_sheets.findings import catalogue

    catalogue()


def blank(profile: str, archives: tuple[str, ...], level: str) -> bytes:
    """A blank workbook, as `new` makes it."""
    return pipeline.blank(profile, archives, level)


def checked(path: Path, asked: Asked) -> pipeline.Checked:
    """The check of a workbook, as `check` makes it."""
    return pipeline.check(pipeline.read(path, asked.limits), asked.archives, today=asked.today)


def check(path: Path, asked: Asked) -> dict[str, Any]:
    """The report of a workbook for the page."""
    from rembi_sheets.web.report import report

    made = checked(path, asked)
    return report(made, pipeline.completeness(made))
