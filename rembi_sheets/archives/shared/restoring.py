"""What the archives share when they take a record back: rows of a workbook, filled as if a person had typed them.

A record's texts become cells by the converters that read a workbook, and the rows become records by `from_tables`: what
comes back is what the written workbook will say, circles and doubled names included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import TypeAlias, TypeVar

from rembi_sheets import compose
from rembi_sheets.archives import Restored
from rembi_sheets.records import Record
from rembi_sheets.schema import Column, Kind, Schema, SheetSpec, load
from rembi_sheets.submission import Submission, from_tables, to_tables
from rembi_sheets.tables import Table, Tables, empty_table, made
from rembi_sheets.values import UNREADABLE, Value, clean, convert, strip_controls

Cell: TypeAlias = "Value | Sequence[str]"
Row: TypeAlias = "dict[str, Value]"

T = TypeVar("T")

# Words that belong to the last name behind them.
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ten", "ter", "zu", "af")
)
_GROUP = re.compile(r"\d|\b(?:group|consortium|department|institute|university|team|network|centre|center|facility)\b")


@dataclass
class Sheets:
    """Rows by sheet while a record is taken apart; `between` parts the lines of the archive's composed texts.

    `notes`: what has no place in a workbook, or cannot be read as its cell, each with its place in the record.
    """

    archive: str
    schema: Schema = field(default_factory=load)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, list[Value]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _named: dict[tuple[str, Value], Row] = field(default_factory=dict)

    def note(self, where: str, text: str) -> None:
        """Something without a place; long texts are told in full, as they are kept nowhere else."""
        self.notes.append(f"{where}: {text}")

    def add(self, sheet: str, where: str, cells: Mapping[str, Cell]) -> Row:
        """A row of a sheet. Texts are read as typed ones; a reference is given by the names of rows."""
        row: Row = {}
        for name, given in cells.items():
            value = self.value(self.schema[sheet][name], given, where)
            if value is not None:
                row[name] = value
        self.rows.setdefault(sheet, []).append(row)
        for key in self.schema[sheet].key[:1]:
            self._named.setdefault((sheet, row.get(key)), row)
        return row

    def named(self, sheet: str, name: str) -> Row | None:
        """The first row of a sheet that has this name."""
        return self._named.get((sheet, name))

    def value(self, column: Column, given: Cell, where: str) -> Value:
        """What a cell holds when this is written into it; what cannot be read is noted."""
        texts = (given,) if isinstance(given, str) else given
        if isinstance(texts, (list, tuple)) and all(isinstance(t, str) for t in texts):
            names = tuple(dict.fromkeys(str(t) for t in texts if str(t).strip()))
            if column.kind is Kind.REFERENCE:
                return (names or None) if column.many else next(iter(names), None)
            given = ("; " if column.many else " ").join(names)
        if not isinstance(given, str):
            return given  # type: ignore[return-value]
        if not given.strip():
            return None
        if column.one_line:
            given = " ".join(given.split())
        value, _ = convert(given, column)
        if value is None or value is UNREADABLE:
            self.note(f"{where}, {column.label}", given)
            return None
        return value

    def title(self, text: str, where: str) -> str:
        """A name that other rows can refer to: one line, `&amp;` read as &, and no semicolon, which parts names."""
        plain = unescape(clean(strip_controls(text)))
        name = " ".join(plain.replace(";", ",").split())
        if ";" in plain:
            self.note(where, f"“{text}” is written with a comma for the semicolon, which parts names in a cell")
        return name

    def restored(self, not_understood: Iterable[str] = ()) -> Restored:
        """The submission of all rows, method columns taken out of the texts they were composed into."""
        between = self.schema.archive(self.archive).between
        tables: dict[str, Table] = {}
        for spec in self.schema.sheets:
            if spec.own is not None:
                tables[spec.name] = made(spec, self.files) if self.files.get(spec.key[0]) else empty_table(spec)
                continue
            rows = self.rows.get(spec.name, [])
            tables[spec.name] = made(spec, {c.name: [r.get(c.name) for r in rows] for c in spec.columns})
        made_of = with_methods(Tables(self.schema, tables), partial(compose.out_of_texts, between=between))
        return Restored(made_of, (*self.notes, *not_understood))


def with_methods(
    tables: Tables, apart: Callable[[Record, SheetSpec], Record], attachments: Mapping[str, bytes] | None = None
) -> Submission:
    """The submission of tables, method columns taken out of its texts by `apart` and put into columns of their own."""
    return from_tables(to_tables(from_tables(tables, change=apart)), attachments)


@dataclass(frozen=True, slots=True)
class Line:
    """A line `label: text` at the end of a composed text; a `long` one may be followed by more lines of its own."""

    name: str
    label: str
    long: bool = False


def lines_of(spec: SheetSpec, names: Iterable[str]) -> tuple[Line, ...]:
    """The lines of such columns of a sheet."""
    return tuple(Line(n, spec[n].label, spec[n].kind is Kind.LONGTEXT) for n in names)


def apart(text: str, lines: Sequence[Line]) -> tuple[str, dict[str, str]]:
    """The main text of one that ends in such lines, in their order, and what they say by name.

    Only what gives the same text again is taken apart.
    """
    parts = text.split("\n")
    for start, part in enumerate(parts):
        if any(part.startswith(f"{line.label}: ") for line in lines):
            found = _ends(parts[start:], lines)
            if found:
                return "\n".join(parts[:start]), found
    return text, {}


def _ends(parts: Sequence[str], lines: Sequence[Line]) -> dict[str, str]:
    found: dict[str, str] = {}
    last: Line | None = None
    for part in parts:
        begun = next((n for n, line in enumerate(lines) if part.startswith(f"{line.label}: ")), None)
        if begun is not None:
            last, lines = lines[begun], lines[begun + 1 :]
            found[last.name] = part.removeprefix(f"{last.label}: ")
        elif last is not None and last.long:
            found[last.name] += "\n" + part
        else:
            return {}
    return found


def split_name(full: str) -> tuple[str, str]:
    """First names and last name; the name of a group is a last name. First + last give the name as printed."""
    words = full.split()
    if len(words) < 2 or _GROUP.search(full.casefold()):
        return "", " ".join(words)
    if full.count(",") == 1 and not full.rstrip().endswith(","):
        last, first = full.split(",")
        return " ".join(first.split()), " ".join(last.split())
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])


def merged(first: Sequence[T], second: Sequence[T]) -> list[T]:
    """Both orders in one: what only the second has stands before what follows it there, else at the end."""
    out = list(first)
    for n, name in enumerate(second):
        if name not in out:
            out.insert(min((out.index(s) for s in second[n + 1 :] if s in out), default=len(out)), name)
    return out


def distinct(name: str, taken: set[str]) -> str:
    """A name that is not among those taken yet, compared without case; it is then."""
    number, tried = 1, name
    while tried.casefold() in taken:
        number += 1
        tried = f"{name} {number}"
    taken.add(tried.casefold())
    return tried
