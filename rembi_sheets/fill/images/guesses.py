"""What a group of files is likely to be: data in guesses.toml, never filled in without a person's word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from rembi_sheets import toml
from rembi_sheets.harvest.columns import is_tilt_series
from rembi_sheets.harvest.model import Group
from rembi_sheets.values import ranges


@dataclass(frozen=True, slots=True)
class Guess:
    """One entry of guesses.toml; `column` as sheet.column by machine names."""

    column: str
    value: str
    says: Sequence[str] = ()
    spans: Mapping[str, int] = field(default_factory=dict)
    formats: Sequence[str] = ()
    ending: str = ""
    movies: bool | None = None
    tilts: bool | None = None

    def fits(self, group: Group) -> bool:
        """Is it likely of this group?"""
        said = {v.column for v in group.values} | {v.column for c in group.image.channels for v in c.values}
        return (
            said.issuperset(self.says)
            and all(_span(group, column) >= least for column, least in self.spans.items())
            and (not self.formats or group.format in self.formats)
            and group.files[0].casefold().endswith(self.ending)
            and (self.movies is None or self.movies == ((group.image.frames or 1) > 1))
            and (self.tilts is None or self.tilts == is_tilt_series(group))
        )


def _span(group: Group, column: str) -> Decimal:
    """From the least to the greatest value of a column; -1 for none."""
    found = (ranges.read(v.value) for v in group.values if v.column == column)
    return max((r.high - r.low for r in found if r is not None), default=Decimal(-1))


@cache
def _all() -> tuple[Guess, ...]:
    entries: list[dict[str, Any]] = toml.loads((files(__package__) / "guesses.toml").read_text("utf-8"))["guess"]
    return tuple(Guess(**e) for e in entries)


def guesses(group: Group, sheet: str) -> Iterator[tuple[str, str]]:
    """Column by machine name and value, for one sheet; the first that fits of each column."""
    found: dict[str, str] = {}
    for guess in _all():
        of, _, column = guess.column.partition(".")
        if of == sheet and column not in found and guess.fits(group):
            found[column] = guess.value
    yield from found.items()
