"""A folder, read for a workbook: its headers or its names alone, beside what the workbook and other sources say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rembi_sheets.fill import images
from rembi_sheets.fill.copying import tables
from rembi_sheets.fill.images import names
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import Proposal, Unplaced
from rembi_sheets.fill.sources.known import Known
from rembi_sheets.harvest.folder import Harvest, harvest
from rembi_sheets.inventory import Listing
from rembi_sheets.schema import load

NOTHING = "nothing in this folder is an image or goes with one; is it the right folder?"


def of_folder(folder: Path | Harvest | Listing, workbook: bytes, others: Iterable[Proposal]) -> Known:
    """What a folder says, for the rows that a workbook has and those that other sources bring.

    `folder`: its headers are read; or what was read of it before; or its names and sizes, which are then all that is
    known of it.

    Raises OSError when the folder cannot be read, AnnotateError when the workbook cannot.
    """
    there = merge(tables(workbook, load()), others).tables
    if isinstance(folder, Listing):
        name, known = folder.name, names.known(folder, there)
    else:
        read = harvest(folder) if isinstance(folder, Path) else folder
        name, known = read.folder, images.known(read, there)
    if known.proposals or known.unplaced:
        return known
    return Known([], [Unplaced(name, "", "no files", NOTHING)])
