"""The lines of a study file, looked up once each: what nobody asked for is listed in the end.

Cells that a spreadsheet broke into lines of their own are put together again; two keys on one line are parted.
What no column is for is kept in Comments of a component.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rembi_sheets.archives.idr import keys
from rembi_sheets.archives.idr.document import Block, Kind, Line
from rembi_sheets.archives.idr.facts import kept, text

_OF_COMPONENTS = frozenset().union(*(keys.of_component(kind.value) for kind in Kind))
_HINT = re.compile(r"#\s")
_LONG = 40  # letters from which an unknown key with values is taken for text, not for a key


@dataclass
class Notes:
    """What a workbook has no place for, each with its place in the record."""

    found: dict[str, None] = field(default_factory=dict)

    def add(self, where: str, what: str) -> None:
        """Keep it, once."""
        self.found[f"{where}: {what}"] = None


def _unquoted(cell: str) -> str:
    """A cell without the quotes that a spreadsheet puts around text with a comma."""
    return cell[1:-1] if cell[:1] == cell[-1:] == '"' and '"' not in cell[1:-1] and "," in cell else cell


class Lines:
    """The lines of one scope: the study (`kind` None), or a component."""

    def __init__(self, blocks: Iterable[Block], where: str, notes: Notes, kind: Kind | None = None) -> None:
        self.where, self.notes = where, notes
        # an experiment may have lines of screens
        self.known = _OF_COMPONENTS if kind else frozenset((*keys.STUDY_KNOWN, *keys.STUDY_OLD))
        self.lines = [Line(k, v) for k, v in self._whole([line for b in blocks for line in b.lines])]
        self.asked: set[str] = set()
        self.kept: list[str] = []

    def _whole(self, lines: Sequence[Line]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Lines with a key each, in order. A value that is called like a key is one where no line has that key."""
        made: list[tuple[str, list[str]]] = []
        open_ = self.known - {line.key for line in lines}
        for line in lines:
            key, values = line.key, list(line.values)
            if key not in self.known and not values:
                key, values = self._parted(key)
            begins = key.startswith(tuple(self.known))
            if key not in self.known and made and not begins and (not values or len(key) > _LONG or key[:1].islower()):
                before = made[-1][1]
                before[-1:] = [" ".join(filter(None, (*before[-1:], key)))]
                before += values
                continue
            while True:
                at = next((n for n, v in enumerate(values) if v in open_), None)
                made.append((key, values[:at]))
                if at is None:
                    break
                key, values = values[at], values[at + 1 :]
        for key, cells in made:
            yield key, tuple("" if _HINT.match(c) or not c.strip('" ') else text.cell(_unquoted(c)) for c in cells)

    def _parted(self, text: str) -> tuple[str, list[str]]:
        """A line without a tab: the longest key with which it begins, and what stands behind a blank."""
        words = text.split(" ")
        found = (n for n in range(len(words) - 1, 0, -1) if " ".join(words[:n]).strip() in self.known)
        n = next(found, 0)
        return (" ".join(words[:n]).strip(), [" ".join(words[n:]).strip()]) if n else (text, [])

    def every(self, key: str) -> list[tuple[str, ...]]:
        """The values of each line with this key."""
        self.asked.add(key)
        return [line.values for line in self.lines if line.key == key]

    def all(self, key: str) -> tuple[str, ...]:
        """The values of the first line with this key that has any, each at its place."""
        return next((v for v in self.every(key) if any(v)), ())

    def texts(self, key: str) -> tuple[str, ...]:
        """The values that are not empty."""
        return tuple(v for v in self.all(key) if v)

    def one(self, key: str) -> str:
        """The first value; further ones are listed."""
        found = self.texts(key)
        for more in found[1:]:
            self.note(key, f"one value has a place: {more}")
        return found[0] if found else ""

    def columns(self, *names: str) -> list[tuple[str, ...]]:
        """Lines that belong together, as columns; those without any value are left out."""
        return [c for c in aligned([self.all(n) for n in names]) if any(c)]

    def blocks(self, first: str, *rest: str) -> list[tuple[str, ...]]:
        """The same where the lines may be repeated as a block that `first` opens."""
        self.asked.update((first, *rest))
        out: list[tuple[str, ...]] = []
        place = [n for n, line in enumerate(self.lines) if line.key == first]
        if len(place) < 2:
            return self.columns(first, *rest)
        for n, end in zip(place, [*place[1:], len(self.lines)], strict=True):
            inside = {line.key: line.values for line in reversed(self.lines[n:end])}
            out += [c for c in aligned([inside.get(k, ()) for k in (first, *rest)]) if any(c)]
        return out

    def ignore(self, *names: str) -> None:
        """Keys that say nothing of their own: what they tell follows from other lines."""
        self.asked.update(names)

    def note(self, key: str, what: str) -> None:
        """List something that stands under a key."""
        self.notes.add(f"{self.where}, {key}", what)

    def keep(self, key: str, value: str) -> None:
        """A value that has its place in Comments."""
        self.kept.append(kept.line(" ".join(key.split()), value))

    def unread(self) -> None:
        """Keep the lines that nobody asked for; list the keys that nobody knows and that have no value."""
        for line in self.lines:
            said = [v for v in line.values if v]
            if line.key not in self.asked and said:
                self.keep(line.key, "; ".join(said))
            elif line.key not in self.asked and line.key not in self.known:
                self.note(line.key, "no value")


def aligned(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Rows of values as columns, empty where a row is shorter."""
    width = max(map(len, rows), default=0)
    return [tuple(r[n] if n < len(r) else "" for r in rows) for n in range(width)]
