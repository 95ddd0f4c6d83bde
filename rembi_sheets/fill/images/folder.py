"""A folder, read for a workbook: its headers, beside what the workbook and other sources say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rembi_sheets.fill import images
from rembi_sheets.fill.copying import tables
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import Proposal
from rembi_sheets.fill.sources.known import Known
from rembi_sheets.harvest.folder import Harvest, harvest
from rembi_sheets.schema import load


def of_folder(folder: Path | Harvest, workbook: bytes, others: Iterable[Proposal]) -> Known:
    """What the headers below a folder say, for the rows that a workbook has and those that other sources bring.

    `folder`: or what was read of it before.

    Raises OSError when the folder cannot be read, AnnotateError when the workbook cannot.
    """
    read = harvest(folder) if isinstance(folder, Path) else folder
    return images.known(read, merge(tables(workbook, load()), others).tables)
