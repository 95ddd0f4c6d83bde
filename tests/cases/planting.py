"""Cases transplanted into any workbook: which of them take there, alone and together.

A case takes where its code is found at its cell, and was not found there before. What a case brings about when it is
planted alone is what it entails, its own finding among it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from rembi_sheets.cells import Book
from rembi_sheets.findings import Finding
from rembi_sheets.schema import Kind, load
from rembi_sheets.tables import from_book, is_plate_map
from tests.cases.harness import At, Case, Editor, findings, place, where
from tests.support import HEAD

Found = frozenset[tuple[str, At]]
Rows = frozenset[tuple[str, int]]  # (title of the sheet, row)
HOPS = 3
WHOLE = 0  # a row number that stands for a sheet as a whole


@dataclass
class Ground:
    """A workbook into which cases are planted: `into`, or the base `base`; without `archives` for those it names."""

    into: Book | None
    archives: tuple[str, ...]
    base: str = "good"
    alone: dict[str, Found | None] = field(default_factory=dict)

    @cached_property
    def before(self) -> Found:
        """What is found in the workbook as it is."""
        return frozenset(where(findings(self._editor(self.base), self.archives)))

    def _editor(self, base: str) -> Editor:
        return Editor(base, self.into)

    def entailed(self, case: Case) -> Found | None:
        """What is found when a case is planted alone; None where it does not take."""
        if str(case) not in self.alone:
            self.alone[str(case)] = self._entailed(case)
        return self.alone[str(case)]

    def _entailed(self, case: Case) -> Found | None:
        editor = self._editor(case.base)
        try:
            editor.apply(case.edits)
            wanted = self._wanted(editor, case)
        except (AssertionError, IndexError, KeyError, ValueError):  # no such sheet, column or row here
            return None
        found = frozenset(where(findings(editor, self.archives)))
        return found if wanted in found and wanted not in self.before else None

    def _wanted(self, editor: Editor, case: Case) -> tuple[str, At]:
        return case.by or case.code, place(editor, case.at)

    @cached_property
    def references(self) -> dict[tuple[str, int], set[tuple[str, int]]]:
        """Rows that refer to one another, either way; a sheet as a whole to those whose rows may."""
        tables, _ = from_book(self._editor(self.base).made(), load())
        named: dict[str, dict[str, tuple[str, int]]] = {}
        for table in tables:
            if table.sheet.key:
                keys = table.frame[table.sheet.key[0]]
                named[table.sheet.name] = {str(k): (table.title, int(r)) for r, k in keys.items()}
        out: dict[tuple[str, int], set[tuple[str, int]]] = {}

        def tie(one: tuple[str, int], other: tuple[str, int]) -> None:
            out.setdefault(one, set()).add(other)
            out.setdefault(other, set()).add(one)

        for table in tables:
            for column in table.sheet.columns:
                if column.kind is not Kind.REFERENCE or column.name not in table.frame:
                    continue
                target = tables[column.reference].title
                tie((table.title, WHOLE), (target, WHOLE))
                for row, value in table.frame[column.name].items():
                    tie((table.title, int(row)), (target, WHOLE))
                    for name in value if isinstance(value, tuple) else (value,):
                        if name in named[column.reference]:
                            tie((table.title, int(row)), named[column.reference][name])
                for at in named[column.reference].values():
                    tie(at, (table.title, WHOLE))
        return out

    def reach(self, rows: Rows) -> Rows:
        """Rows that a way of at most HOPS references leads to."""
        found = set(rows)
        for _ in range(HOPS):
            found |= {other for row in found for other in self.references.get(row, ())}
        return frozenset(found)

    def together(self, cases: Iterable[Case]) -> tuple[list[tuple[str, At]], list[Finding]]:
        """What must be found when several cases are planted, and what is."""
        editor = self._editor(self.base)
        for case in cases:
            self._cases_of(case.base, editor)
            editor.apply(case.edits)
        wanted = []
        for case in cases:
            self._cases_of(case.base, editor)
            wanted.append(self._wanted(editor, case))
        return wanted, findings(editor, self.archives)

    def _cases_of(self, base: str, editor: Editor) -> None:
        if self.into is not None:
            editor.of(base)


def touched(case: Case, ground: Ground) -> Rows:
    """The rows that a case changes; row WHOLE for a sheet of which all changes, or that gets rows."""
    editor = Editor(case.base, ground.into)
    before = {title: len(rows[HEAD - 1]) for title, rows in editor.rows.items() if len(rows) >= HEAD}
    cells = [*case.edits.get("set", {}), *case.edits.get("mark", {})]
    rows = {(title, row) for title, row, _ in (editor.cell(name, make=True) for name in cells)}
    sheets = {name.split("/")[0] for kind in ("head", "drop_columns") for name in case.edits.get(kind, ())}
    sheets |= {title for kind in ("add", "drop", "title", "merge") for title in case.edits.get(kind, ())}
    maps = any(is_plate_map(title) for title in case.edits.get("add", ()))  # they fill in Files
    sheets |= {"Files"} if maps or {"side", "disk", "headers"} & set(case.edits) else set()
    named = {place(editor, case.at)[0]} if "!" not in case.at and "/" not in case.at else set()
    rows |= {editor.cell(case.at, make=True)[:2]} if not named else set()
    rows |= {(title, HEAD) for title, wide in before.items() if len(editor.rows[title][HEAD - 1]) > wide}
    return frozenset(rows | {(title, WHOLE) for title in sheets | named if title})


def apart(one: Rows, other: Rows) -> bool:
    """Do two cases leave each other's rows alone?"""
    whole = {title for title, row in one | other if row == WHOLE}
    return not one & other and not {t for t, _ in one} & {t for t, _ in other} & whole


def linked(one: Rows, other: Rows, ground: Ground) -> bool:
    """May one case bear upon what the other brings about: is there a way of references between their rows?"""
    return bool(ground.reach(one) & other or ground.reach(other) & one)


def unexplained(cases: Sequence[Case], ground: Ground) -> list[str]:
    """What is lost or found too much when cases that take are planted together, one by one in words.

    Explained is a finding that the lack of the linked ones brings back (it hid what merely follows from it), and one
    that two bring about together.
    """
    rows = {str(c): touched(c, ground) for c in cases}
    pairs = [(a, b) for a, b in combinations(cases, 2) if linked(rows[str(a)], rows[str(b)], ground)]
    wanted, found = ground.together(cases)
    there = where(found)
    out = []
    for case, at in zip(cases, wanted, strict=True):
        if at in there:
            continue
        hiding = [a if b is case else b for a, b in pairs if case in (a, b)]
        left = [c for c in cases if c not in hiding]
        alone, found_then = ground.together(left)
        if not hiding or alone[left.index(case)] not in where(found_then):
            out.append(f"{case} is lost beside {[str(c) for c in cases if c is not case]}")
    extra = there - ground.before.union(*(ground.entailed(c) or () for c in cases))
    for pair in combinations(cases, 2) if extra else ():
        extra -= where(ground.together(pair)[1])
    return out + [f"{code} at {at} follows from none of {[str(c) for c in cases]}" for code, at in sorted(extra)]
