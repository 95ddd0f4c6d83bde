"""Completeness: how much of REMBI and of what each archive takes is filled in, and for whom that suffices.

The formula, the weights and the readers are data (score.toml). Filling a missing cell of a begun row never
lowers a score; a blank workbook scores 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from rembi_sheets import toml
from rembi_sheets.cells import ranges
from rembi_sheets.findings import Finding, counts
from rembi_sheets.inventory import Listing
from rembi_sheets.paths import all_named
from rembi_sheets.schema import Column, Fate, Kind, Need
from rembi_sheets.score import counting
from rembi_sheets.score.counting import Item, Rows, Shares
from rembi_sheets.submission import resolve_term
from rembi_sheets.tables import Table, Tables
from rembi_sheets.tables.elsewhere import Checked
from rembi_sheets.values import UNREADABLE


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
    """The score of one workbook; modules that no row begins are left out of `modules` unless every study has them.

    `unread`: what could not be compared with headers, and the remedy.
    """

    total: float
    modules: tuple[Part, ...]
    archives: tuple[Part, ...]
    readers: tuple[Part, ...]
    correctness: Mapping[str, int | float] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()
    unread: tuple[str, ...] = ()


@cache
def rules() -> Mapping[str, Any]:
    """The formula as data."""
    return toml.loads((files(__package__) / "score.toml").read_text("utf-8"))


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
    by_archive = {a: _archive_items(tables, a) for a in archives}
    methods = {r["title"]: _methods(tables, r["methods"]) for r in rules()["reader"]}
    shares = counting.shares([*items, *chain(*by_archive.values()), *chain(*methods.values())])
    modules = rules()["modules"]
    parts = []
    for module in (*modules["counted"], *modules["if_used"]):
        own = [
            i
            for i in items
            if i.name.startswith(f"{module}/") and (i.name not in modules["if_used_attributes"] or not i.table.empty)
        ]
        if module in modules["counted"] or any(not i.table.empty for i in own):
            parts.append(_part(module, own, shares))
    counted = [
        i for i in items if i.name.split("/")[0] in modules["counted"] and i.name not in modules["if_used_attributes"]
    ]
    return Score(
        total=_part("", counted, shares).score,
        modules=tuple(parts),
        archives=tuple(_part(tables.schema.archive(a).title, by_archive[a], shares) for a in archives),
        readers=tuple(
            _part(
                r["title"],
                [
                    *(i for i in items if i.name in r["attributes"]),
                    *(i for i in methods[r["title"]] if shares[i.key]),
                ],
                shares,
                alike=True,
            )
            for r in rules()["reader"]
        ),
        correctness=_correctness(tables, findings) | _found(tables, disk) | _confirmed(confirmed) | _checked(elsewhere),
        missing=_missing(counted, by_archive, shares),
        unread=tuple(f"{one.message} {one.fix}" for f in findings if f.code in rules()["told"] for one in f.each()),
    )


def _rembi_items(tables: Tables, archives: tuple[str, ...]) -> list[Item]:
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
        items.append(Item(name, tables[sheet], tuple(columns), weight))
    return items


def _methods(tables: Tables, reader: str) -> list[Item]:
    """The method columns that a reader asks for; each counts where it is filled, so that none takes anything away."""
    return [Item(c.name, t, (c,), 1) for t in tables for c in t.sheet.columns if reader in c.reader]


def _archive_items(tables: Tables, archive: str) -> list[Item]:
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
            items.append(Item(c.name, table, (c,), weights["optional"] if c.ids_of else weight))
    return items


def _hidden(c: Column, table: Table, tables: Tables) -> bool:
    """Is it a column that this kind of study does not have? Such a one is not asked for."""
    profile = tables.meta.get("profile", "")
    return bool(profile and c.profiles) and profile not in c.profiles and c.name not in table.columns


def _part(name: str, items: Iterable[Item], shares: Shares, *, alike: bool = False) -> Part:
    """The bar of some items, by their weights or `alike`."""
    listed = [(1 if alike else i.weight, share) for i in items if (share := shares[i.key]) is not None]
    whole = sum(weight for weight, _ in listed)
    filled = sum(weight * share for weight, share in listed)
    return Part(name, round(100 * filled / whole, 1) if whole else 0.0, round(filled, 3), whole)


def _found(tables: Tables, disk: Mapping[str, int] | None) -> dict[str, int | float]:
    """How many of the files listed were found on disk; nothing when nobody looked."""
    if disk is None:
        return {}
    there = Listing.of(disk)
    listed = {str(p) for part in tables["files"].parts() for p in part.values("path") if p is not None}
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
            if c.kind is not Kind.TERM or c.name not in table.names:
                continue
            beside = table.values(ids[c.name]) if ids.get(c.name) in table.names else [None] * len(table.rows)
            for value, given in zip(table.values(c.name), beside, strict=True):
                for term in value if isinstance(value, tuple) else (value,):
                    if term is None or term is UNREADABLE:
                        continue
                    terms += 1
                    known += bool(given or resolve_term(term, c.list).id)
    n = counts(findings)
    return {"errors": n["error"], "warnings": n["warning"], "notes": n["note"], "terms": terms, "terms_with_id": known}


def _missing(counted: Sequence[Item], by_archive: Mapping[str, Sequence[Item]], shares: Shares) -> tuple[Missing, ...]:
    """Items with empty cells, the one that adds most first; each column is named once."""
    gains: dict[tuple[str, str], tuple[float, Item]] = {}
    for items in (counted, *by_archive.values()):
        whole = sum(i.weight for i in items if shares[i.key] is not None)
        for item in items:
            share = shares[item.key]
            if share is not None and share < 1:
                key = (item.table.title, item.columns[0].name)
                gain = round(100 * item.weight * (1 - share) / whole, 2)
                if key not in gains or gain > gains[key][0]:
                    gains[key] = (gain, item)
    ordered = sorted(gains.items(), key=lambda g: (-g[1][0], g[0]))
    rows = {title: Rows(item.table) for (title, _), (_, item) in ordered}
    return tuple(
        Missing(title, i.columns[0].label, _empty_cells(i, rows[title]), gain, i.columns[0].help, _absent(i))
        for (title, _), (gain, i) in ordered
    )


def _absent(item: Item) -> bool:
    return bool(item.table.columns) and item.columns[0].name not in item.table.columns


def _empty_cells(item: Item, rows: Rows) -> tuple[str, ...]:
    """Addresses of the cells to fill; for a sheet without a row its name suffices."""
    name = item.columns[0].name
    if name not in item.table.columns or not item.table.rows:
        return ()
    due = rows.applies(item.columns) & ~rows.filled(item.columns)
    places = [item.table.place(row, name) for row in rows.which(due)]
    return ranges((p.row, p.column) for p in places)
