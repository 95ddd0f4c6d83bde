"""What an entry of an archive of electron microscopy says: its paper, and how its images were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Described:
    """What an entry says of one row of a sheet, by column. `name`: how it calls that itself, '' where it does not.

    `likely`: is it no more than likely that it holds for the images of the workbook?
    """

    sheet: str
    values: Mapping[str, str]
    name: str = ""
    likely: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """`paper`: by columns of Publications; `left`: place, value and reason of what could not come into a column."""

    paper: Mapping[str, str]
    described: tuple[Described, ...] = ()
    left: tuple[tuple[str, str, str], ...] = ()
