"""A blank workbook can be brought to pass its own check: by what it marks, and by what the findings then ask for.

For every profile, set of archives and level (`BLANKS`), as a person would who believes the workbook: the marked cells
of the sheets that need a row are filled with their own examples, then whatever an error names, until none is left.
Nothing may be asked for that is not there.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import archives as packages
from rembi_sheets import checks
from rembi_sheets.cells import Book, Sheet
from rembi_sheets.checks import lacking
from rembi_sheets.findings import Finding, Severity, group
from rembi_sheets.schema import Kind, load, select
from rembi_sheets.submission import from_tables
from rembi_sheets.tables import Tables, from_book
from rembi_sheets.workbook.layout import FORM_HEAD, HEAD_ROWS, Field, Plan, SheetPlan, Weight, plan
from tests.support import BLANKS, TODAY

SCHEMA = load()
PROFILES = [p.name for p in SCHEMA.profiles]
ROUNDS = 8


class Filling:
    """A blank workbook in the hands of a person: the cells filled so far, by sheet, as rows by machine name."""

    def __init__(self, profile: str, archives: tuple[str, ...], level: str) -> None:
        self.archives = archives
        self.layout: Plan = plan(SCHEMA, select(SCHEMA, profile, archives, level))
        self.rows: dict[str, list[dict[str, Any]]] = {s.spec.name: [] for s in self.layout.sheets}
        for sheet in self.layout.sheets:
            if sheet.form:
                (study,) = self.rows[sheet.spec.name] = [{}]
                for f in sheet.fields:
                    if f.column.list == "archive":
                        study[f.column.name] = "; ".join(self.layout.labels)
        for sheet in self.layout.sheets:
            if set(archives) & set(sheet.spec.needed_by):
                self.row(sheet.spec.name, marked=True)

    def row(self, name: str, marked: bool = False, given: dict[str, Any] | None = None) -> None:
        """Fill the first row of a sheet that there is: its marked cells, or with none of them all that it has."""
        sheet = self.layout.by_name[name]
        if not self.rows[name] or given:
            self.rows[name].append(dict(given or {}))
        row = self.rows[name][-1]
        wanted = [f for f in sheet.fields if f.weight is Weight.REQUIRED or f.column.name in sheet.spec.key[:1]]
        if not marked or not wanted:
            # exactly one owner, as the help of the three says; nothing that is only for several samples
            owners = [f for f in sheet.fields if f.column.kind is Kind.REFERENCE][:1] if sheet.spec.own else ()
            wanted = [*wanted, *owners] if owners or given else list(sheet.fields)
        for f in wanted:
            row.setdefault(f.column.name, f.example)

    def fill(self, sheet: str, column: str, cells: tuple[tuple[int, int], ...] = ()) -> bool:
        """Put the example into a column, at the cells or in the first row; is it there, and was it empty?"""
        found = self.layout.by_name[sheet].by_name.get(column) if sheet in self.layout.by_name else None
        if found is None:
            return False
        if not self.rows[sheet]:
            self.row(sheet)
        first = self.layout.by_name[sheet].first_row
        numbers = [r - first for r, _ in cells] if not self.layout.by_name[sheet].form else []
        changed = False
        for n in numbers or [0]:
            if self.rows[sheet][n].get(column) != found.example:
                self.rows[sheet][n][column] = found.example
                changed = True
        return changed

    def book(self) -> Book:
        """The workbook, as read."""
        return Book("study.xlsx", "0" * 64, tuple(map(self._sheet, self.layout.sheets)), {})

    def _sheet(self, sheet: SheetPlan) -> Sheet:
        rows: list[list[Any]] = [[sheet.spec.title]]
        held = self.rows[sheet.spec.name]
        if sheet.form:
            rows += [[] for _ in range(sheet.last_row - 1)]
            for f in sheet.fields:
                rows[f.number - 1] = [f.column.label, held[0].get(f.column.name)]
            assert len(rows) > FORM_HEAD
        else:
            rows += [[] for _ in range(HEAD_ROWS - 2)]
            rows.append([f.column.label for f in sheet.fields])
            rows += [[r.get(f.column.name) for f in sheet.fields] for r in held]
        return Sheet(sheet.spec.title, rows)

    def findings(self) -> tuple[list[Finding], Tables]:
        """What `check` says now."""
        book = self.book()
        tables, read = from_book(book, SCHEMA)
        submission = from_tables(tables)
        found = [*read, *checks.check(tables, self.archives), *checks.check_submission(submission, self.archives)]
        for name in self.archives:
            found += packages.package(name).check(submission, TODAY)
        return lacking.ready(group(found), tables, book, Path("study.xlsx"), self.archives), tables

    def answer(self, f: Finding) -> bool:
        """Do what a finding asks for, with what the workbook has; could anything be done?"""
        sheet = next((s for s in SCHEMA.sheets if s.title == f.sheet), None)
        column = next((c for c in sheet.columns if c.label == f.column), None) if sheet else None
        if f.code == "REF-UNKNOWN" and column is not None and column.reference in self.layout.by_name:
            target = SCHEMA[column.reference]
            key = target.key[0]
            if all(r.get(key) != f.value for r in self.rows[target.name]):
                self.row(target.name, given={key: f.value})
            return True
        if f.code == "SHEET-EMPTY" and sheet is not None:
            self.row(sheet.name)
            return True
        places = [(sheet.name, column.name, f.cells)] if sheet and column else []
        done = [self.fill(*place) for place in places]
        done += [self.fill(s, c) for s, c in f.names if c != "*" and not any(done)]
        for s, c in f.names:
            if c == "*" and s in self.rows and not self.rows[s] and not any(done):
                self.row(s)
                done.append(True)
        return any(done)


@cache
def filled(profile: str, archives: tuple[str, ...], level: str) -> tuple[Filling, list[list[Finding]], Tables]:
    """The workbook brought as far as it goes, and what each check on the way said."""
    filling = Filling(profile, archives, level)
    said: list[list[Finding]] = []
    for _ in range(ROUNDS):
        found, tables = filling.findings()
        said.append(found)
        errors = [f for f in found if f.severity is Severity.ERROR]
        done = [filling.answer(f) for f in errors]
        if True not in done:
            break
    return filling, said, tables


def _id(value: object) -> str:
    return "+".join(value) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("profile", "archives", "level"), BLANKS, ids=_id)
def test_a_template_passes_its_own_check_without_add(profile: str, archives: tuple[str, ...], level: str) -> None:
    _, said, _ = filled(profile, archives, level)
    left = [(f.code, f.sheet, f.column, f.message, f.fix) for f in said[-1] if f.severity is Severity.ERROR]
    assert not left


@pytest.mark.parametrize(("profile", "archives", "level"), BLANKS, ids=_id)
def test_what_a_finding_names_is_there_or_comes_with_the_command(
    profile: str, archives: tuple[str, ...], level: str
) -> None:
    filling, said, _ = filled(profile, archives, level)
    shown = {(s.spec.title, f.column.label) for s in filling.layout.sheets for f in s.fields}
    for f in (f for found in said for f in found):
        commands = re.findall(r'--column "([^"]+)"', f.fix)
        assert not commands or f.fix.endswith("makes a copy that has it.") or f.fix.endswith("a copy that has them.")
        for sheet, label in named(f):
            assert (sheet, label) in shown or f"{sheet}: {label}" in commands, (f.code, f.message, f.fix)


TITLES = {s.title for s in SCHEMA.sheets}
LABELS = {c.label for s in SCHEMA.sheets for c in s.columns if " " in c.label and not c.own} - TITLES
_LABEL = re.compile(r"(?<![\w-])(" + "|".join(sorted(map(re.escape, LABELS), key=len, reverse=True)) + r")(?!\w)")


def named(f: Finding) -> set[tuple[str, str]]:
    """The columns that a finding's own texts speak of, found by reading them: labels of more than one word."""
    texts = f"{f.message} {f.fix.partition(' The workbook lacks ')[0]}"
    known = {(SCHEMA[s].title, SCHEMA[s][c].label) for s, c in f.names if c != "*"} | {(f.sheet, f.column)}
    out = {(s, label) for s, label in known if label}
    for label in _LABEL.findall(texts):
        if label not in {k for _, k in known} and label not in f.value:
            owners = {s.title for s in SCHEMA.sheets for c in s.columns if c.label == label}
            out.add((f.sheet if f.sheet in owners else sorted(owners)[0], label))
    return out


def test_the_commands_of_the_findings_work(tmp_path: Path) -> None:
    """What a remedy tells people to type is a column that `add` knows."""
    from rembi_sheets.workbook.add import _column

    commands = {
        c
        for combination in BLANKS
        for found in filled(*combination)[1]
        for f in found
        for c in re.findall(r'--column "([^"]+)"', f.fix)
    }
    assert len(commands) > 3
    for text in commands:
        assert _column(SCHEMA, text)


def _fields(profile: str) -> dict[tuple[str, str], Field]:
    layout = plan(SCHEMA, select(SCHEMA, profile, SCHEMA.archive_names, "full"))
    return {(s.spec.name, f.column.name): f for s in layout.sheets for f in s.fields}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_examples_of_a_profile_are_one_study(profile: str) -> None:
    """A cell that refers to another sheet shows the name that is the example there; two on the way show different."""
    fields = _fields(profile)
    for (sheet, name), f in fields.items():
        if f.column.kind is Kind.REFERENCE and f.column.reference != sheet:
            key = fields[f.column.reference, SCHEMA[f.column.reference].key[0]].example
            assert key in f.example.split("; "), (sheet, name)
