"""Cases as text: one edit of a good workbook, and the code and cell that must be found.

A cell is named "Sheet/Label/row of data" ("Study/Label" in the form), or "Sheet!A1" where no heading has it.
Edits: `set` cells ("" empties; an unknown label makes a new column), `head` new headings, `mark` an error or a
formula, `look` what is struck out or raised in a cell, `format` its number format, `add` rows, `drop` sheets,
`drop_columns`, `title` new titles, `merge` ranges, `side` lines of a table beside the workbook, `disk` files with their
sizes, `headers` what headers of files say (`header` says how), `odd` what else lies there and why it is no file,
`attach` texts of files in the data folder. `base` is the workbook, `archives` those checked for; with `convert` the
files are made too, and what is found on the way counts.
`by` is the general code that speaks for an archive's own at the same cell.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from rembi_sheets import archives, checks, plates
from rembi_sheets.cells import Book, Look, Mark, Raw, Sheet, a1
from rembi_sheets.checks import headers
from rembi_sheets.findings import Finding, group
from rembi_sheets.harvest.model import Header, Image, Item, Length, Status, Value
from rembi_sheets.inventory import Listing, Odd
from rembi_sheets.schema import load
from rembi_sheets.submission import fold, from_tables
from rembi_sheets.tables import from_book
from rembi_sheets.tables.headings import blank, key
from tests.archives.idr.studies import HITS, RESULTS, SCREEN
from tests.cases.base import GOOD
from tests.support import HEAD, TODAY, book

KNOWN = {"set", "head", "mark", "look", "format", "add", "drop", "drop_columns", "title", "merge"}
KNOWN |= {"side", "disk", "odd", "attach", "headers"}
BASES = {"good": GOOD, "screen": SCREEN}
At = tuple[str, str]  # title of the sheet and address; the address is '' for a sheet as a whole, both for the file


@dataclass(frozen=True)
class Case:
    """One case of a file of cases."""

    code: str
    at: str
    number: int
    base: str = "good"
    archives: tuple[str, ...] = ()
    convert: bool = False
    by: str = ""
    edits: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}-{self.number}"


def cases() -> Iterator[Case]:
    """Every case of the files, those of one code numbered."""
    numbers: Counter[str] = Counter()
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for raw in tomllib.loads(path.read_text("utf-8"))["case"]:
            code, at = raw.pop("code"), raw.pop("at")
            numbers[code] += 1
            base, chosen = raw.pop("base", "good"), tuple(raw.pop("archives", ()))
            yield Case(code, at, numbers[code], base, chosen, raw.pop("convert", False), raw.pop("by", ""), raw)


@dataclass
class Side:
    """A table beside the workbook, from lines of text."""

    lines: list[str]
    name: str = "study.files.tsv"

    def top(self) -> list[list[Raw]]:
        return list(self.rows(0))[:40]

    def rows(self, above: int) -> Iterator[list[Raw]]:
        yield from ([*line.split("\t")] for line in self.lines[above:])


class Disk(Listing):
    """Files with their sizes, and the contents of some."""

    def __init__(
        self, files: Mapping[str, int], contents: Mapping[str, bytes], odd: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(Path("study"), files, odd={path: Odd(why) for path, why in (odd or {}).items()})
        self._contents = contents

    def digest(self, path: str, algorithm: str) -> str | None:
        return hashlib.new(algorithm, self._contents[path]).hexdigest() if path in self._contents else None


@cache
def base_book(base: str) -> Book:
    return book(BASES[base])


class Editor:
    """A book that is edited cell by cell: that of a base, or another one into which its cases are transplanted.

    There the names that rows of the base have in other sheets stand for the names of the same rows, and a row that a
    case adds follows the last one.
    """

    def __init__(self, base: str, into: Book | None = None) -> None:
        made = base_book(base) if into is None else into
        self.book = made
        self.of(base)
        self.rows = {s.title: [list(r) for r in s.rows] for s in made.sheets}
        self.marks: dict[str, dict[tuple[int, int], tuple[Mark, str]]] = {}
        self.looks: dict[str, dict[tuple[int, int], Look]] = {}
        self.formats: dict[str, dict[tuple[int, int], str]] = {}
        self.merged: dict[str, tuple[tuple[int, int, int, int], ...]] = {}
        self.titles = {s.title: s.title for s in made.sheets}
        self.last = {title: _last(rows) for title, rows in self.rows.items()}
        self.disk: dict[str, int] | None = None
        self.odd: dict[str, str] = {}
        self.headers: dict[str, Mapping[str, Any]] = {}
        self.attached: dict[str, bytes] = {RESULTS: HITS}
        self.side: Side | None = None

    def of(self, base: str) -> None:
        """From here on the cases are those of this base."""
        self.counts, self.names = _counts(base), _same_rows(base, self.book)

    def cell(self, name: str, make: bool = False) -> tuple[str, int, int]:
        """Sheet, row and column of a cell's name."""
        if "!" in name:
            title, address = name.split("!")
            found = re.fullmatch(r"([A-Z]+)(\d+)", address)
            assert found
            return title, int(found[2]), column_number(found[1])
        title, label, *number = name.split("/") if name.count("/") < 3 else _with_slash(name)
        if title == "Study":
            rows = self.rows[title]
            for n, cells in enumerate(rows, start=1):
                if cells and key(cells[0]) == key(label):
                    return title, n, 2
            assert make, f"no line {label}"
            rows.append([label, None])
            return title, len(rows), 2
        if title not in self.rows:
            assert make, f"no sheet {title}"
            self.rows[title] = [[title], [], [], [], []]
            self.titles[title] = title
        heads = self.rows[title][HEAD - 1]
        column = next((n for n, head in enumerate(heads, start=1) if head and key(head) == key(label)), 0)
        if not column:
            assert make, f"no column {label}"
            heads.append(label)
            column = len(heads)
        return title, self._row(title, int(number[0]) if number else 0), column

    def _row(self, title: str, number: int) -> int:
        """The sheet row of a row of data; one beyond those of the base counts from the last."""
        before, last = self.counts.get(title, 0), self.last.get(title, HEAD)
        return HEAD + number if number <= before or title not in self.last else last + number - before

    def named(self, value: Any) -> Any:
        """A value in which the names of the base's rows are those of this book."""
        if not isinstance(value, str) or not self.names:
            return value
        return "; ".join(self._named(part) for part in value.split("; "))

    def _named(self, name: str) -> str:
        """A name that differs from the base's in case or blanks only differs from this book's as well."""
        if name in self.names:
            return self.names[name]
        alike = next((other for base, other in self.names.items() if fold(base) == fold(name)), None)
        return name if alike is None else alike.swapcase()

    def put(self, title: str, row: int, column: int, value: Raw) -> None:
        rows = self.rows[title]
        while len(rows) < row:
            rows.append([])
        while len(rows[row - 1]) < column:
            rows[row - 1].append(None)
        rows[row - 1][column - 1] = value if value != "" else None

    def apply(self, edits: Mapping[str, Any]) -> None:
        unknown = set(edits) - KNOWN
        assert not unknown, unknown
        for name, value in edits.get("set", {}).items():
            self.put(*self.cell(name, make=True), self.named(value))
        for title, records in edits.get("add", {}).items():
            first = max(_last(self.rows.get(title, [])), HEAD) + 1
            for row, record in enumerate(records, start=first):
                for label, value in record.items():
                    sheet, _, column = self.cell(f"{title}/{label}", make=True)
                    self.put(sheet, row, column, self.named(value))
        for name, text in edits.get("mark", {}).items():
            title, row, column = self.cell(name, make=True)
            self.put(title, row, column, None)
            self.marks.setdefault(title, {})[row, column] = (Mark.ERROR if text.startswith("#") else Mark.FORMULA, text)
        for name, look in edits.get("look", {}).items():
            title, row, column = self.cell(name)
            made = Look(**{k: tuple(v) for k, v in look.items()})
            self.looks.setdefault(title, {})[row, column] = made
        for name, code in edits.get("format", {}).items():
            title, row, column = self.cell(name)
            self.formats.setdefault(title, {})[row, column] = code
        for name in edits.get("drop_columns", ()):
            title, row, column = self.cell(name)
            for cells in self.rows[title][HEAD - 1 :] if title != "Study" else [self.rows[title][row - 1]]:
                if len(cells) >= column or title == "Study":
                    cells[:] = [] if title == "Study" else [c if n != column else None for n, c in enumerate(cells, 1)]
        for name, label in edits.get("head", {}).items():
            title, row, column = self.cell(name)
            self.put(title, row, 1 if title == "Study" else column, label)
        for title, text in edits.get("merge", {}).items():
            first, last = text.split(":")
            _, top, left = self.cell(f"{title}!{first}")
            _, bottom, right = self.cell(f"{title}!{last}")
            self.merged[title] = ((top, left, bottom, right),)
        for title in edits.get("drop", ()):
            del self.rows[title]
        for old, new in edits.get("title", {}).items():
            self.titles[old] = new
        if "side" in edits:
            self.side = Side(edits["side"])
        self.disk = edits.get("disk", self.disk)
        self.odd |= edits.get("odd", {})
        self.headers |= edits.get("headers", {})
        self.attached |= {name: text.encode() for name, text in edits.get("attach", {}).items()}

    def made(self) -> Book:
        sheets = tuple(
            Sheet(
                self.titles[t],
                rows,
                False,
                self.marks.get(t, {}),
                self.merged.get(t, ()),
                self.looks.get(t, {}),
                self.formats.get(t, {}),
            )
            for t, rows in self.rows.items()
        )
        return dataclasses.replace(self.book, sheets=sheets, side=self.side)


def _last(rows: Sequence[Sequence[Raw]]) -> int:
    """The last row that holds anything."""
    return max((n for n, cells in enumerate(rows, start=1) if any(not blank(c) for c in cells)), default=0)


@cache
def _counts(base: str) -> Mapping[str, int]:
    """Rows of data of each sheet of a base."""
    return {s.title: len(s.rows) - HEAD for s in base_book(base).sheets}


_KNOWN_ROWS: dict[tuple[str, str], Mapping[str, str]] = {}


def _same_rows(base: str, other: Book) -> Mapping[str, str]:
    """The name of a row of a base -> that of the same row of another book, for sheets that both have."""
    if other is base_book(base):
        return {}
    known = _KNOWN_ROWS.get((base, other.sha256))
    if known is None:
        known = _KNOWN_ROWS[base, other.sha256] = _compared(base, other)
    return known


def _compared(base: str, other: Book) -> dict[str, str]:
    out: dict[str, str] = {}
    theirs = from_book(other, load())[0]
    for table in from_book(base_book(base), load())[0]:
        if table.sheet.key and table.sheet.name != "study":
            name = table.sheet.key[0]
            pairs = zip(table.frame[name].tolist(), theirs[table.sheet.name].frame[name].tolist(), strict=False)
            out |= {a: b for a, b in pairs if isinstance(a, str) and isinstance(b, str)}
    return out


def _with_slash(name: str) -> list[str]:
    """A label may hold a slash itself (Format & compression does not, Pixel/voxel size does)."""
    title, rest = name.split("/", 1)
    label, _, number = rest.rpartition("/")
    return [title, label, number]


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place(editor: Editor, at: str) -> At:
    """The place of a finding named in a case."""
    if at == "" or ("/" not in at and "!" not in at):
        return at, ""
    title, row, column = editor.cell(at)
    return editor.titles.get(title, title), a1(row, column)


def findings(editor: Editor, chosen: Iterable[str] = (), convert: bool = False) -> list[Finding]:
    """All findings of an edited book, as `check` gives them; with `convert`, and as `convert` does."""
    schema = load()
    made = editor.made()
    tables, found = from_book(made, schema)
    tables, of_plates = plates.expand(tables, made)
    names = tuple(chosen) or tables.archives
    disk = None if editor.disk is None else Disk(editor.disk, editor.attached, editor.odd)
    submission = dataclasses.replace(from_tables(tables), attachments=editor.attached, inventory=disk)
    found = [*found, *of_plates, *checks.check(tables, names), *checks.check_submission(submission, names)]
    if editor.headers:
        found += headers.check(submission, [header(*told) for told in editor.headers.items()]).findings
    for name in names:
        found += archives.package(name).check(submission, TODAY)
    for name in names if convert else ():
        package = archives.package(name)
        built = package.build(submission, TODAY)
        found += [*built.findings, *package.render(built.document).findings]
    return group(found)


def header(path: str, told: Mapping[str, Any]) -> Item:
    """A file whose header says: `sizes` by axis, `pixel` ("0.5 µm") of X and Y, `frames`, `compression`, `values` of
    acquisition; or one that was not read, with its `status` and the `note` that says why."""
    if "status" in told:
        return Item(path, 1, Status(told["status"]), notes=(told["note"],))
    sizes = told["sizes"]
    number, _, unit = told.get("pixel", "").partition(" ")
    pixels = dict.fromkeys("XY", Length(Decimal(number), unit)) if number else {}
    values = tuple(
        Value(f"image_acquisition.{name}", value, "", "Key", path, "test")
        for name, value in told.get("values", {}).items()
    )
    image = Image("".join(sizes), sizes, told.get("type", ""), pixels, frames=told.get("frames"))
    form = told.get("format", "TIFF")
    return Item(path, 1, Status.READ, form, Header(form, (image,), values, compression=told.get("compression", "")))


def where(found: Iterable[Finding]) -> set[tuple[str, At]]:
    """(code, place) of every cell that is found."""
    return {(f.code, (f.sheet, a1(*cell))) for f in found for cell in f.cells} | {
        (f.code, (f.sheet, "")) for f in found if not f.cells
    }
