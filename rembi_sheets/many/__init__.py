"""Many workbooks: what arguments stand for, the Data folder of each, and the check of all of them side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets import examples, pipeline
from rembi_sheets.many import side_by_side
from rembi_sheets.many.data_folders import DataFolders
from rembi_sheets.many.gathering import Gathered, gather
from rembi_sheets.many.side_by_side import Failed
from rembi_sheets.report.many import Outcome
from rembi_sheets.schema import load

if TYPE_CHECKING:
    from rembi_sheets.score import Score

__all__ = ["Asked", "Check", "DataFolders", "Failed", "Gathered", "Scoring", "check", "gather", "score"]

# An example is done like a workbook that was asked for, so that all is loaded; no folder is looked through for it.
_SAMPLE: dict[str, Any] = {"data": None, "folders": None, "headers": False}


@dataclass(frozen=True)
class Asked:
    """What a command asks for, the same for every workbook.

    `data`: the folder with the files of the one workbook; `folders`: where the Data folders of many are looked for.
    `headers`: what the headers of these files say is compared, too.
    """

    archives: tuple[str, ...] = ()
    data: Path | None = None
    folders: DataFolders | None = None
    today: dt.date | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    headers: bool = False

    def read(self, path: Path) -> tuple[pipeline.Workbook, Path | None]:
        """The workbook, and its Data folder where one was looked for and found."""
        workbook = pipeline.read(path, self.limits)
        if self.folders is None or not workbook.readable:
            return workbook, self.data
        return workbook, self.folders.of(path, pipeline.data_folder(workbook))


@dataclass(frozen=True)
class Check(Asked):
    """The check of one workbook of many; with `pages` it makes the page of its findings too."""

    online: bool = False
    strict: bool = False
    pages: bool = False

    def checked(self, workbook: pipeline.Workbook, data: Path | None) -> pipeline.Checked:
        """The check of a workbook as read."""
        return pipeline.check(
            workbook, self.archives, data=data, today=self.today, online=self.online, headers=self.headers
        )

    def __call__(self, path: Path) -> Outcome:
        """The outcome for a workbook."""
        workbook, data = self.read(path)
        checked = self.checked(workbook, data)
        return Outcome(
            path=path.as_posix(),
            report=checked.as_json(self.strict),
            readable=workbook.readable,
            archives=checked.archives,
            findings=checked.findings,
            data=data.as_posix() if data else "",
            data_missing=self.folders is not None and workbook.readable and data is None,
            strict=self.strict,
            page=pipeline.page(checked, self.strict) if self.pages else "",
        )


@dataclass(frozen=True)
class Scoring(Asked):
    """The completeness of one workbook of many."""

    def __call__(self, path: Path) -> Score | Failed:
        """The score of a workbook, or why it cannot be read."""
        workbook, data = self.read(path)
        made = pipeline.score(workbook, self.archives, data=data, today=self.today, headers=self.headers)
        return Failed(made) if isinstance(made, str) else made


def _warm(sample: Callable[[Path], object]) -> None:
    """Do what is asked with an example, so that all is loaded; nothing stays open."""
    from rembi_sheets.vocabularies import cache

    sample(examples.smallest())
    cache.release()


def check(asked: Check, workbooks: Sequence[Path], workers: int = 0) -> Iterator[Outcome]:
    """The outcome of the check of each workbook, in their order; what broke off has a finding that says so."""
    sample = replace(asked, **_SAMPLE, archives=asked.archives or load().archive_names, online=False)
    for path, made in side_by_side.each(asked, workbooks, workers, partial(_warm, sample)):
        yield made if isinstance(made, Outcome) else Outcome.failed(path.as_posix(), path.name, made.reason)


def score(asked: Scoring, workbooks: Sequence[Path], workers: int = 0) -> Iterator[tuple[Path, Score | Failed]]:
    """The completeness of each workbook, in their order, or why there is none."""
    sample = replace(asked, **_SAMPLE, archives=asked.archives or load().archive_names)
    return side_by_side.each(asked, workbooks, workers, partial(_warm, sample))
