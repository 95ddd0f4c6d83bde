"""How much a blank workbook asks, before it is made: sheets, columns, required cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from rembi_sheets.schema import first_choice, load
from rembi_sheets.workbook.layout import Weight, weight


@dataclass(frozen=True, slots=True)
class Tally:
    """`sheets`: title and group of each; `required` and `conditional` columns among all `columns`."""

    sheets: tuple[tuple[str, str], ...]
    columns: int
    required: int
    conditional: int

    @property
    def told(self) -> tuple[str, str]:
        """The two lines that tell it."""
        return (
            f"{len(self.sheets)} sheets, {self.columns} columns",
            f"● {self.required} required, ◊ {self.conditional} required if they apply",
        )


@cache
def tally(profile: str, archives: tuple[str, ...], level: str) -> Tally:
    """The tally of a choice, as `pipeline.blank` takes it; there are few. Raises KeyError for a word that is none."""
    chosen = first_choice(load(), profile, archives, level)
    weights = Counter(weight(s, c, chosen.archives) for s, columns in chosen.sheets for c in columns if not c.own)
    return Tally(
        tuple((s.title, s.group) for s, _ in chosen.sheets),
        weights.total(),
        weights[Weight.REQUIRED],
        weights[Weight.CONDITIONAL],
    )
