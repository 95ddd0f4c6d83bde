"""Findings: what is wrong in a workbook, where, and how to mend it. Data, never exceptions.

Every code stands once, in `catalogue/*.toml`, with its severity, text, remedy and example.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from rembi_sheets.cells import Place, ranges
from rembi_sheets.schema import load

_ORDER = {"error": 0, "warning": 1, "note": 2}
# {study.thumbnail} in a text of the catalogue is the label of that column, {files.*} the title of that sheet
_NAMED = re.compile(r"\{(\w+)\.(\w+|\*)\}")

Named: TypeAlias = tuple[str, str]  # machine names of sheet and column; "*": the sheet as a whole


class Severity(StrEnum):
    """error stops `convert`; warning is likely wrong or will be refused by a curator; note is information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue. `rules`: numbers in the list of rules of the workbook's design.

    `archive`: the command-line name of the archive whose own finding it is; '' when it holds for all.
    `alone`: the value of the cell cannot be used, so that what an archive misses in it is no finding of its own.
    `sample`: field -> words of a finding that no case brings about, for `explain`.
    `before`: a code of which, at the same cell, this one only tells the reason: the two are said as that one.
    `names`: the columns and sheets that message and remedy speak of, each by its machine names in the file.
    `beside`: the remedy speaks of the column of identifiers that belongs to the cell's own.
    `here`: the remedy as the page says it, where `fix` names a command; `act`: name of what the page offers
    for it.
    """

    code: str
    severity: Severity
    title: str
    message: str
    fix: str
    explain: str
    example: str
    rules: tuple[str, ...] = ()
    archive: str = ""
    alone: bool = False
    before: str = ""
    sample: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: tuple[Named, ...] = ()
    beside: bool = False
    here: str = ""
    act: str = ""

    @property
    def general(self) -> bool:
        """Does it hold for every archive?"""
        return not self.archive


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `cells` are (row, column) from 1 in `sheet`, empty when it concerns the file or the whole sheet.

    `parts`: the findings of a column that are told together as this one (see `folding`), each with its own value.
    `names`: the columns and sheets its text speaks of, besides its own. `here`: the remedy as the page says it, '' for
    `fix`; `adds`: columns that the workbook lacks for it, as "Sheet: Label".
    """

    code: str
    severity: Severity
    message: str
    fix: str
    sheet: str = ""
    column: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    value: str = ""
    suggestions: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    parts: tuple[Finding, ...] = ()

    def each(self) -> tuple[Finding, ...]:
        """The findings that are told together as this one, or this one alone."""
        return self.parts or (self,)

    names: tuple[Named, ...] = ()
    here: str = ""
    adds: tuple[str, ...] = ()

    @property
    def on_page(self) -> str:
        """The remedy as the page says it."""
        return self.here or self.fix

    @property
    def addresses(self) -> tuple[str, ...]:
        """The cells as A1 addresses and ranges."""
        return ranges(self.cells)

    def as_json(self) -> dict[str, Any]:
        """The form of `check --format json`; `each` is there where findings with unlike values are told together."""
        each = ("cells", "value", "message", "fix", "suggestions")
        parts = [{name: part[name] for name in each} for part in (f.as_json() for f in self.parts)]
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "column": self.column,
            "cells": list(self.addresses),
            "value": self.value,
            "message": self.message,
            "fix": self.fix,
            "suggestions": list(self.suggestions),
            "archives": list(self.archives),
        } | ({"each": parts} if parts else {})


@cache
def catalogue() -> Mapping[str, Kind]:
    """Every kind of finding by its code."""
    kinds: dict[str, Kind] = {}
    folder = files(__package__) / "catalogue"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for code, raw in tomllib.loads(file.read_text("utf-8")).items():
            if code in kinds:
                raise ValueError(f"the code {code} stands twice in the catalogue")
            raw["severity"] = Severity(raw["severity"])
            raw["rules"] = tuple(str(r) for r in raw.get("rules", ()))
            home = file.name.removesuffix(".toml").replace("_", "-")
            raw["archive"] = home if home in load().archive_names else ""
            raw["names"] = tuple(dict.fromkeys(n for part in ("message", "fix") for n in _NAMED.findall(raw[part])))
            for part in {"message", "fix", "explain", "here"} & raw.keys():
                raw[part] = _NAMED.sub(lambda m: _called(m[1], m[2]), raw[part])
            kinds[code] = Kind(code=code, **raw)
    return kinds


def _called(sheet: str, column: str) -> str:
    """What the workbook calls a column, or a sheet. Raises KeyError for one that does not exist."""
    spec = load()[sheet]
    return spec.title if column == "*" else spec[column].label


class _Fields(string.Formatter):
    """Formats without ever failing on braces inside values; lists are joined by commas."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(v) for v in value)
        return str(super().format_field(value, format_spec))


def filled(text: str, words: Mapping[str, object]) -> str:
    """A text of the catalogue with words in its fields; a field without a word shows its name, as ‹value›."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return _Fields().vformat(text, (), {n: words.get(n, f"‹{n.replace('_', ' ')}›") for n in names})


def find(
    code: str,
    at: Place | Sequence[Place] | str = "",
    *,
    value: object = "",
    column: str = "",
    suggestions: Sequence[str] = (),
    archives: Sequence[str] = (),
    severity: Severity | None = None,
    about: Sequence[Named] = (),
    **fields: object,
) -> Finding:
    """A finding of `code` at a place, at several places of one sheet, or at a sheet named by its title.

    `fields` fill the texts of the catalogue; {value}, {label}, {sheet} and {near} are always there. `about`: columns
    that these fields speak of, besides those that the text itself names.
    Raises KeyError for an unknown code or a field the text wants and nobody gave.
    """
    kind = catalogue()[code]
    places = [at] if isinstance(at, Place) else [] if isinstance(at, str) else list(at)
    sheet = at if isinstance(at, str) else places[0].sheet if places else ""
    label = column or (places[0].label if places else "")
    shown = str(value)
    shown = shown if len(shown) <= 120 else shown[:117] + "..."
    all_fields = {
        "value": shown,
        "label": label,
        "sheet": sheet,
        "near": suggestions[0] if suggestions else "",
        **fields,
    }
    formatter = _Fields()

    def remedy(text: str) -> str:
        said = formatter.vformat(text, (), all_fields)
        if suggestions and "{near}" not in text + kind.message and f"“{suggestions[0]}”" not in said:
            return f"{said} {hint(suggestions)}".strip()
        return said

    return Finding(
        code=code,
        severity=severity or kind.severity,
        message=formatter.vformat(kind.message, (), all_fields),
        fix=remedy(kind.fix),
        here=remedy(kind.here) if kind.here else "",
        sheet=sheet,
        column=label,
        cells=tuple((p.row, p.column) for p in places if p.row),
        value=str(value),
        suggestions=tuple(suggestions),
        archives=tuple(archives),
        names=(*kind.names, *about),
    )


def hint(suggestions: Sequence[str]) -> str:
    """The suggestions as the end of a remedy; '' without any."""
    return f"Did you mean {' or '.join(f'“{s}”' for s in suggestions)}?" if suggestions else ""


def group(findings: Iterable[Finding]) -> list[Finding]:
    """Equal findings at several cells of one column become one, with all the cells."""
    grouped: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    first: dict[tuple[object, ...], Finding] = {}
    for f in findings:
        key = (f.code, f.severity, f.sheet, f.column, f.value, f.message, f.fix, f.suggestions, f.archives)
        first.setdefault(key, f)
        grouped.setdefault(key, []).extend(f.cells)
    return _one_a_cause(_with_reasons([replace(first[k], cells=tuple(sorted(set(c)))) for k, c in grouped.items()]))


def _with_reasons(findings: list[Finding]) -> list[Finding]:
    """A finding that only tells why another one stands at its cell (N/A where a value is needed) becomes part of it."""
    reasons: dict[tuple[str, str, tuple[int, int]], Finding] = {}
    for f in findings:
        code = catalogue()[f.code].before
        if code:
            reasons |= {(code, f.sheet, cell): f for cell in f.cells}
    wanted = {code for code, _, _ in reasons}
    told: dict[int, set[tuple[int, int]]] = {}
    out: list[Finding] = []
    for f in findings:
        parts: dict[int, tuple[Finding | None, list[tuple[int, int]]]] = {}
        for cell in f.cells if f.code in wanted else ():
            reason = reasons.get((f.code, f.sheet, cell))
            parts.setdefault(id(reason), (reason, []))[1].append(cell)
            if reason is not None:
                told.setdefault(id(reason), set()).add(cell)
        for reason, cells in parts.values():
            said = {} if reason is None else {"message": f"{reason.message} {f.message}", "value": reason.value}
            out.append(replace(f, cells=tuple(cells), **said))  # type: ignore[arg-type]
        if not parts:
            out.append(f)
    left = [(f, tuple(c for c in f.cells if c not in told.get(id(f), ()))) for f in out]
    return [replace(f, cells=cells) for f, cells in left if cells or not f.cells]


def _one_a_cause(findings: list[Finding]) -> list[Finding]:
    """Where a finding that holds for every archive and an archive's own say the same of a cell, the former speaks.

    They do when both come from one rule, and when the cell's value cannot be used at all.
    """
    alone: dict[tuple[str, tuple[int, int]], int] = {}
    speaking: dict[tuple[str, str, tuple[int, int]], int] = {}
    for i, f in enumerate(findings):
        kind = catalogue()[f.code]
        if not kind.general or not f.cells:
            continue
        if kind.alone:
            alone |= {(f.sheet, cell): i for cell in f.cells}
        for rule in kind.rules:
            speaking.setdefault((f.sheet, rule, f.cells[0]), i)
    out: list[Finding | None] = list(findings)
    for i, f in enumerate(findings):
        kind = catalogue()[f.code]
        if kind.general or not f.cells:
            continue
        at = next((j for r in kind.rules if (j := speaking.get((f.sheet, r, f.cells[0]))) is not None), None)
        left = () if at is not None else tuple(cell for cell in f.cells if (f.sheet, cell) not in alone)
        for j in {at} if at is not None else {alone[f.sheet, cell] for cell in {*f.cells} - {*left}}:
            if (general := out[j]) is not None:
                out[j] = _for_both(general, f)
        out[i] = replace(f, cells=left) if left else None
    return [f for f in out if f is not None]


def _for_both(general: Finding, own: Finding) -> Finding:
    """The general finding as severe as the more severe of the two, for the archives for which it is that severe."""
    if general.severity is not own.severity:
        more = min(general, own, key=lambda f: _ORDER[f.severity])
        return replace(general, archives=more.archives, severity=more.severity)
    both = general.archives and own.archives
    return replace(general, archives=tuple(dict.fromkeys((*general.archives, *own.archives))) if both else ())


def in_order(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> list[Finding]:
    """By sheet (in the order of `sheets`, the file's own first), then cell, then severity and code."""
    rank = {title: i for i, title in enumerate(("", *sheets))}
    return sorted(
        findings,
        key=lambda f: (
            rank.get(f.sheet, len(rank)),
            f.sheet,
            f.cells[:1] or ((0, 0),),
            _ORDER[f.severity],
            f.code,
            f.message,
        ),
    )


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many errors, warnings and notes."""
    out = {s.value: 0 for s in Severity}
    for f in findings:
        out[f.severity.value] += 1
    return out


def stops(findings: Iterable[Finding], archive: str) -> list[Finding]:
    """The errors that stop a conversion for `archive`: those that name it, and those that name none."""
    return [f for f in findings if f.severity is Severity.ERROR and (not f.archives or archive in f.archives)]
