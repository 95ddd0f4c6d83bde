"""Services on the net as sources, only ever with --online: what identifiers in the workbook stand for.

A DOI or PubMed number gives the paper, a ROR id the organisation, an ORCID the name, an entry of EMDB or EMPIAR its
paper and how its images were made. What is asked about is found by the format of its column (services.toml), wherever
it stands. A failure is told with what was not filled in, and is never more.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rembi_sheets.fill.copying import tables as tables_of
from rembi_sheets.fill.merge import merge
from rembi_sheets.fill.model import Proposal
from rembi_sheets.fill.online.asking import Asking
from rembi_sheets.fill.online.desk import Desk
from rembi_sheets.fill.sources.known import Known
from rembi_sheets.schema import load
from rembi_sheets.tables import Tables


def of_workbook(workbook: bytes, others: Iterable[Proposal], answers: Path | None = None) -> Known:
    """What services know of the identifiers that a workbook has and those that other sources bring.

    `answers`: the file in which what they say is kept, else one in the user's cache folder.
    Raises AnnotateError when the workbook cannot be read.
    """
    before = tables_of(workbook, load())
    return known(before, merge(before, others).tables, answers)


def known(before: Tables, tables: Tables, answers: Path | None = None) -> Known:
    """The same of tables; `before`: as the workbook has them, whose rows are meant by their numbers."""
    asking = Asking(before, tables, Desk(answers))
    asking.run()
    return Known(asking.proposals, [*asking.unplaced, *asking.desk.unplaced])
