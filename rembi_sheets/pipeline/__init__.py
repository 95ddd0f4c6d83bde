"""The walks as straight lines: a blank workbook, reading, checking, converting. No printing, no exit status."""

from rembi_sheets.pipeline.checking import check
from rembi_sheets.pipeline.converting import convert, write
from rembi_sheets.pipeline.judging import completeness, page, plan, score
from rembi_sheets.pipeline.making import blank, fill, known, migrate, widen
from rembi_sheets.pipeline.outcomes import Checked, Conversion, Workbook
from rembi_sheets.pipeline.reading import data_folder, read

__all__ = [
    "Checked",
    "Conversion",
    "Workbook",
    "blank",
    "check",
    "completeness",
    "convert",
    "data_folder",
    "fill",
    "known",
    "migrate",
    "page",
    "plan",
    "read",
    "score",
    "widen",
    "write",
]
