"""What a column of a table is taken for, and why: plain frozen data, printed, kept as MAP.toml and read from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rembi_sheets.fill.model import Confidence


@dataclass(frozen=True, slots=True)
class Aim:
    """One column of a table. `to`: machine name of the column it fills, `own:<heading>`, a half of a well, "" for none.

    `unit`: what stands in its heading; `unit_to`: the column that takes the unit, "" where the value keeps it.
    """

    number: int
    heading: str
    to: str
    confidence: Confidence
    reason: str
    unit: str = ""
    unit_to: str = ""


@dataclass(frozen=True)
class TableMap:
    """How one table is understood. `about`: machine name of the sheet; "" where it is about none that is known.

    `by`: the column of Files by whose value rows are found; "" for those that tell rows apart.
    """

    file: str
    sheet: str
    head: int
    about: str
    aims: Sequence[Aim]
    by: str = ""

    def of(self, to: str) -> Aim | None:
        """The column that fills a column of ours."""
        return next((a for a in self.aims if a.to == to), None)
