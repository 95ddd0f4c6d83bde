"""Completeness: how much of REMBI and of what each archive takes is filled in, and for whom that suffices.

The formula, the weights and the readers are data (score.toml). Filling a missing cell of a begun row never
lowers a score; a blank workbook scores 0.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import ranges
from rembi_sheets.findings import Finding, counts
from rembi_sheets.inventory import Listing
from rembi_sheets.paths import all_named
from rembi_sheets.schema import Column, Fate, Kind, Need
from rembi_sheets.submission import resolve_term
from rembi_sheets.tables import Table, Tables
from rembi_sheets.tables.conditions import holds
from rembi_sheets.tables.elsewhere import Checked
from rembi_sheets.values import UNREADABLE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Part:
    """One bar: a name, its score in percent with one decimal, and what it counts."""

    name: str
    score: float
    filled: float
    whole: float


@dataclass(frozen=True, slots=True)
class Missing:
    """A column with empty cells, and the percent points that filling them adds to the total or an archive's score.

    `absent`: the workbook has no such column yet.
    """

    sheet: str
    column: str
    cells: tuple[str, ...]
    gain: float
    help: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one workbook; modules that no row begins are left out of `modules` unless every study has them."""

    total: float
    modules: tuple[Part, ...]
    archives: tuple[Part, ...]
    readers: tuple[Part, ...]
    correctness: Mapping[str, int | float] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class _Item:
    """What is counted once: a column, or the columns of one attribute of REMBI taken together."""

    name: str
    table: Table
    columns: tuple[Column, ...]
    weight: float

    @cached_property
    def share(self) -> float | None:
        """Rows in which any of the columns is filled, of those it applies to; 0 without a row, None if to no row."""
        rows = asked = filled = 0
        for part in self.table.chunks():
            rows += len(part)
            full = self.filled(part)
            asked += int((full | self.applies(part)).sum())
            filled += int(full.sum())
        return filled / asked if asked else None if rows else 0.0

    def filled(self, part: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """For each row of a part of the table: is any of the columns filled?"""
        import numpy as np

        any_ = np.zeros(len(part), dtype=np.bool_)
        for c in self.columns:
            if c.name in part.columns:
                cells = part[c.name].tolist()
                any_ |= np.fromiter((v is not None and v is not UNREADABLE for v in cells), np.bool_, len(cells))
        return any_

    def applies(self, part: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """For each row: can one of the columns have a value? Where it cannot be known yet, it can."""
        import numpy as np

        any_ = np.zeros(len(part), dtype=np.bool_)
        for c in self.columns:
            if c.asked and not c.applies:
                return np.ones(len(part), dtype=np.bool_)
            if c.asked and c.applies:
                any_ |= holds(part, c.applies, unknown=True).to_numpy(dtype=np.bool_)
        return any_


@cache
def rules() -> Mapping[str, Any]:
    """The formula as data."""
    return tomllib.loads((files(__package__) / "score.toml").read_text("utf-8"))


def score(
    tables: Tables,
    archives: tuple[str, ...],
    findings: Sequence[Finding] = (),
    disk: Mapping[str, int] | None = None,
    confirmed: int | None = None,
    elsewhere: Checked | None = None,
) -> Score:
    """Scores of a workbook for the archives chosen (command-line names).

    `disk`: path -> bytes of the files found below the data folder, where they were looked for. `confirmed`: cells that
    say what the headers of the files say, where these were read. `elsewhere`: what the list of what was filled in says.
    """
    items = _rembi_items(tables, archives)
    modules = rules()["modules"]
    parts = []
    for module in (*modules["counted"], *modules["if_used"]):
        own = [
            i
            for i in items
            if i.name.startswith(f"{module}/") and (i.name not in modules["if_used_attributes"] or not i.table.empty)
        ]
        if module in modules["counted"] or any(not i.table.empty for i in own):
            parts.append(_part(module, own))
    counted = [
        i for i in items if i.name.split("/")[0] in modules["counted"] and i.name not in modules["if_used_attributes"]
    ]
    by_archive = {a: _archive_items(tables, a) for a in archives}
    return Score(
        total=_part("", counted).score,
        modules=tuple(parts),
        archives=tuple(_part(tables.schema.archive(a).title, by_archive[a]) for a in archives),
        readers=tuple(
            _part(
                r["title"],
                [*(i for i in items if i.name in r["attributes"]), *_methods(tables, r["methods"])],
                alike=True,
            )
            for r in rules()["reader"]
        ),
        correctness=_correctness(tables, findings) | _found(tables, disk) | _confirmed(confirmed) | _checked(elsewhere),
        missing=_missing(counted, by_archive),
    )


def _rembi_items(tables: Tables, archives: tuple[str, ...]) -> list[_Item]:
    """Attributes of REMBI, one item each; general dataset info column by column, since it is many things at once."""
    grouped: dict[tuple[str, str, str], list[Column]] = {}
    for table in tables:
        for c in table.sheet.columns:
            if c.own or c.ids_of or not c.rembi or _hidden(c, table, tables):
                continue
            single = c.name if c.rembi.endswith("General dataset info") else ""
            grouped.setdefault((c.rembi, table.sheet.name, single), []).append(c)
    items = []
    seen: set[str] = set()
    for (name, sheet, single), columns in grouped.items():
        if not single and name in seen:
            continue  # an attribute that a second sheet repeats counts where it stands first
        seen.add(name)
        if single and not (sheet == "study" or tables[sheet].sheet.needed_by):
            continue
        required = any(c.need(a) is Need.REQUIRED for c in columns for a in archives)
        weights = rules()["weights"]
        weight = weights["required"] if required else weights["optional"] if single else weights["recommended"]
        items.append(_Item(name, tables[sheet], tuple(columns), weight))
    return items


def _methods(tables: Tables, reader: str) -> list[_Item]:
    """The method columns that a reader asks for; each counts where it is filled, so that none takes anything away."""
    items = (_Item(c.name, t, (c,), 1) for t in tables for c in t.sheet.columns if reader in c.reader)
    return [item for item in items if item.share]


def _archive_items(tables: Tables, archive: str) -> list[_Item]:
    """Columns an archive uses, on the sheets it needs; what only steers the tool counts nothing."""
    weights = rules()["weights"]
    items = []
    for table in tables:
        if archive not in table.sheet.needed_by:
            continue
        for c in table.sheet.columns:
            need = c.need(archive)
            if c.own or _hidden(c, table, tables) or need is Need.UNUSED or c.archives[archive].fate is Fate.CONTROL:
                continue
            weight = weights["required" if need is Need.REQUIRED else "recommended" if c.rembi else "optional"]
            items.append(_Item(c.name, table, (c,), weights["optional"] if c.ids_of else weight))
    return items


def _hidden(c: Column, table: Table, tables: Tables) -> bool:
    """Is it a column that this kind of study does not have? Such a one is not asked for."""
    profile = tables.meta.get("profile", "")
    return bool(profile and c.profiles) and profile not in c.profiles and c.name not in table.columns


def _part(name: str, items: Iterable[_Item], *, alike: bool = False) -> Part:
    """The bar of some items, by their weights or `alike`."""
    listed = [(1 if alike else i.weight, i.share) for i in items if i.share is not None]
    whole = sum(weight for weight, _ in listed)
    filled = sum(weight * share for weight, share in listed)
    return Part(name, round(100 * filled / whole, 1) if whole else 0.0, round(filled, 3), whole)


def _found(tables: Tables, disk: Mapping[str, int] | None) -> dict[str, int | float]:
    """How many of the files listed were found on disk; nothing when nobody looked."""
    if disk is None:
        return {}
    there = Listing.of(disk)
    listed = {str(p) for part in tables["files"].parts() for p in part.frame["path"] if p is not None}
    listed.update(path for *_, path in all_named(tables))
    return {"files_listed": len(listed), "files_found": sum(bool(there.spelled(p)) for p in listed)}


def _confirmed(cells: int | None) -> dict[str, int | float]:
    return {} if cells is None else {"confirmed_by_headers": cells}


def _checked(elsewhere: Checked | None) -> dict[str, int | float]:
    """How many of the values were filled in from a source, or agree with one; nothing where none was asked."""
    if elsewhere is None:
        return {}
    return {
        "values": elsewhere.values,
        "values_filled_in": elsewhere.filled,
        "values_confirmed": elsewhere.confirmed,
    }


def _correctness(tables: Tables, findings: Sequence[Finding]) -> dict[str, int | float]:
    """Errors, warnings and notes, and how many terms carry an identifier."""
    terms = known = 0
    for table in tables:
        ids = {c.ids_of: c.name for c in table.sheet.columns if c.ids_of}
        for c in table.sheet.columns:
            if c.kind is not Kind.TERM or c.name not in table.frame:
                continue
            beside = table.frame[ids[c.name]] if ids.get(c.name) in table.frame else [None] * len(table.frame)
            for value, given in zip(table.frame[c.name], beside, strict=True):
                for term in value if isinstance(value, tuple) else (value,):
                    if term is None or term is UNREADABLE:
                        continue
                    terms += 1
                    known += bool(given or resolve_term(term, c.list).id)
    n = counts(findings)
    return {"errors": n["error"], "warnings": n["warning"], "notes": n["note"], "terms": terms, "terms_with_id": known}


def _missing(counted: Sequence[_Item], by_archive: Mapping[str, Sequence[_Item]]) -> tuple[Missing, ...]:
    """Items with empty cells, the one that adds most first; each column is named once."""
    gains: dict[tuple[str, str], tuple[float, _Item]] = {}
    for items in (counted, *by_archive.values()):
        whole = sum(i.weight for i in items if i.share is not None)
        for item in items:
            if item.share is not None and item.share < 1:
                key = (item.table.title, item.columns[0].name)
                gain = round(100 * item.weight * (1 - item.share) / whole, 2)
                if key not in gains or gain > gains[key][0]:
                    gains[key] = (gain, item)
    ordered = sorted(gains.items(), key=lambda g: (-g[1][0], g[0]))
    return tuple(
        Missing(title, item.columns[0].label, _empty_cells(item), gain, item.columns[0].help, _absent(item))
        for (title, _), (gain, item) in ordered
    )


def _absent(item: _Item) -> bool:
    return bool(item.table.columns) and item.columns[0].name not in item.table.columns


def _empty_cells(item: _Item) -> tuple[str, ...]:
    """Addresses of the cells to fill; for a sheet without a row its name suffices."""
    name = item.columns[0].name
    if name not in item.table.columns or not len(item.table.frame):
        return ()
    due = item.applies(item.table.frame) & ~item.filled(item.table.frame)
    places = [item.table.place(int(row), name) for row in item.table.frame.index[due]]
    return ranges((p.row, p.column) for p in places)
