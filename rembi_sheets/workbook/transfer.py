"""What a workbook held, put into one that was drawn anew: nothing is lost, and what could not be kept is named.

Plain values are drawn with the sheets. Here come errors, formulas, rich text and formatted numbers; cells of nobody's
column or line; notes, links and joined cells; the sheets of the user's own; defined names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from rembi_sheets.cells import Book, Raw, Sheet, a1
from rembi_sheets.schema import Schema
from rembi_sheets.tables import Tables, from_book, sheet_key
from rembi_sheets.workbook import lists, ownbook, ownformats, ownlooks, ownrules, ownsetup, problems
from rembi_sheets.workbook.carry import Special, put, resolved, specials
from rembi_sheets.workbook.contents import Around, Conditional, Contents, Rule
from rembi_sheets.workbook.editing import AnnotateError, Package
from rembi_sheets.workbook.formulas import moved
from rembi_sheets.workbook.graft import Graft
from rembi_sheets.workbook.held import shown
from rembi_sheets.workbook.layout import HEAD_ROWS, Plan
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.moves import Places, cell_at, places
from rembi_sheets.workbook.notes import without_ours
from rembi_sheets.workbook.package import RefusedError, cell_number
from rembi_sheets.workbook.read import book as read_book
from rembi_sheets.workbook.sheetlist import SheetList
from rembi_sheets.workbook.styles import put_raw
from rembi_sheets.workbook.stylesheet import Stylesheet
from rembi_sheets.workbook.write import META

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_DAMAGED = "The workbook is damaged; open it in Excel and save it again."
_STAND_IN = "?"  # in the drawn sheet, where a cell of the old one is put as it was
_MOST = 1000  # cells of a range whose links are carried one by one
# What belongs to a sheet and does not come along, by the kind of its part, in words; the last only on sheets of ours.
_PARTS = {
    "pivotTable": "a pivot table (its cells hold what it showed)",
    "slicer": "a slicer",
    "timeline": "a timeline",
    "queryTable": "a query (its cells hold what it found)",
    "oleObject": "an object of another program",
    "ctrlProp": "buttons and other controls",
    "threadedComment": "the threads of its comments (each is a note)",
}
_OURS = {
    "drawing": "pictures or charts",
    "image": "the picture behind its cells",
    "table": "the form of a table (its cells are kept)",
}


@dataclass
class Old:
    """The workbook as it was: its package, what its sheets hold, and the tables as they are read."""

    data: bytes
    contents: Contents
    book: Book
    tables: Tables

    def sheet(self, title: str) -> Sheet | None:
        """The sheet of this title, case and blanks aside."""
        return next((s for s in self.book.sheets if sheet_key(s.title) == sheet_key(title)), None)

    def special(self, title: str) -> Mapping[tuple[int, int], Special]:
        """The cells of a sheet that are put as they were, by row and column."""
        return self._specials[title]

    @cached_property
    def _specials(self) -> dict[str, dict[tuple[int, int], Special]]:
        titles = (s for t in self.tables if (s := self.sheet(t.title)) is not None)
        try:
            return specials(self.contents, [s.title for s in titles])
        except RefusedError as e:  # what reads the values takes XML that is not well formed
            raise AnnotateError(_DAMAGED) from e

    def value(self, sheet: Sheet, row: int, column: int) -> Raw:
        """What a cell is drawn with."""
        value = cell_at(sheet, row, column)
        if value is None:
            return _STAND_IN if (row, column) in self.special(sheet.title) else None
        return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def load(data: bytes, schema: Schema) -> Old:
    """Raises AnnotateError when the workbook cannot be read."""
    try:
        contents, book = Contents(data), read_book(data)
    except RefusedError as e:
        raise AnnotateError(_DAMAGED) from e
    return Old(data, contents, book, from_book(book, schema)[0])


class Transfer:
    """From an old workbook into a new one of a layout. `valued`, `left`: what is to be said of it afterwards.

    `changed`: cells (title, row, column) of the new one that are to hold something else.
    """

    def __init__(self, old: Old, layout: Plan) -> None:
        self.old, self._layout = old, layout
        self.changed: set[tuple[str, int, int]] = set()
        self.valued: list[str] = []
        self.left: list[str] = []
        # of the user's own, by the title in the new workbook:
        self.rules: dict[str, list[Rule]] = {}
        self.conditional: dict[str, list[Conditional]] = {}
        self.places: dict[str, Places] = {}  # by the title in the new workbook
        for plan in layout.sheets:
            table = old.tables[plan.spec.name]
            sheet = old.sheet(table.title)
            if sheet is not None:
                self.places[plan.spec.title] = places(plan, table, sheet, set(old.special(sheet.title)))
        self._moves = {sheet_key(title): p.move for title, p in self.places.items()}
        self.further = self._own_sheets()

    def _own_sheets(self) -> list[str]:
        """Titles of the sheets that are put whole into the new workbook."""
        drawn = {p.old.title for p in self.places.values()} | {META, lists.SHEET, look().words["readme"]}
        return [t for t in self.old.contents.sheets if t not in drawn and not self._is_problems(t)]

    def _is_problems(self, title: str) -> bool:
        if title != problems.TITLE:
            return False
        return any(c.value == problems.HEADINGS[4] for _, c in self.old.contents.cells(title))

    def _names(self) -> dict[str, str]:
        return {name.upper(): text for (_, name), text in self.old.contents.names.items()}

    def moved(self, formula: str, title: str) -> str | None:
        """A formula of a sheet with its references where they are now; None when that cannot be told."""
        return moved(formula, title, self._moves, self._names())

    # Into the workbook while it is drawn

    def into(self, book: Workbook) -> None:
        """Cells of nobody's column or line, notes, links and joined cells."""
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        if self.old.contents.counted_from_1904:
            book.epoch = CALENDAR_MAC_1904
        for title, place in self.places.items():
            target: Any = book[title]
            for old, new in place.further():
                value = self.old.value(place.old, *old)
                if value is not None and target.cell(*new).value is None:
                    put_raw(target.cell(*new), value)
            around = self.old.contents.around(place.old.title)
            self._around(target, place, around)
            mine, left = ownrules.into(target, around.validations, place, partial(self.moved, title=place.old.title))
            self.rules[title] = mine
            self.left += left
            ownlooks.into(target, ownlooks.found(self.old.contents, place, around))
            self.left += ownsetup.into(target, ownsetup.read(self.old.contents, place.old.title), place)
            self._above(place)
            self._parts(place.old.title, around, _PARTS | _OURS)
        for title in self.further:
            self._parts(title, self.old.contents.around(title), _PARTS)
        self.left += ownbook.into(book, self.old.contents, self.old.tables.schema)

    def _parts(self, title: str, around: Around, words: Mapping[str, str]) -> None:
        self.left += [f"{title}: {word}" for kind, word in words.items() if kind in around.parts]

    def _around(self, target: Any, place: Places, around: Around) -> None:
        from openpyxl.comments import Comment
        from openpyxl.worksheet.hyperlink import Hyperlink

        for at, text in without_ours(around.notes).items():
            to = self.note_place(place, at)
            if to is not None:
                target.cell(*to).comment = Comment(text, around.notes[at][1])
        for area, (address, within) in around.links.items():
            for at in cells_of(area):
                to = place.to(*at)
                if to is not None:
                    cell = target.cell(*to)
                    cell.hyperlink = Hyperlink(ref=a1(*to), target=address or None, location=within or None)
        for area in sorted(around.merged):
            corners = [place.to(*at) for at in corners_of(area)]
            if None not in corners:
                target.merge_cells(f"{a1(*corners[0])}:{a1(*corners[-1])}")  # type: ignore[misc]

    def note_place(self, place: Places, at: tuple[int, int]) -> tuple[int, int] | None:
        """Notes stand on headings and empty cells as well."""
        return place.to(*at) or (None if place.plan.form else place.move.cell(*at))

    def _above(self, place: Places) -> None:
        """Texts above the head of a table, which is drawn anew at the top of its sheet."""
        last = 0 if place.plan.form else place.table.heading_row - HEAD_ROWS
        for (row, column), content in self.old.contents.cells(place.old.title) if last > 0 else ():
            if row > last:
                return
            self.left.append(f"{place.old.title} {a1(row, column)}: “{shown(content)[:80]}”")

    # Into the finished package

    def finished(self, content: bytes) -> bytes:
        """The copy with the cells that are put as they were, and the user's own sheets."""
        package = Package(content)
        book = SheetList(package)
        styles = Stylesheet(package, book.home)
        known = Contents(content).formats
        parts = book.sheets()
        for title, place in self.places.items():
            cells = self._put(title, place)
            if cells:
                put(package, parts[title], cells, styles, known)
        graft = Graft(Package(self.old.data), package, styles, self.moved)
        for title, place in self.places.items():
            mine, left = ownformats.into(package, parts[title], self.old.contents, place, self.moved, graft)
            self.conditional[title] = mine
            self.left += left
        for title in self.further:
            sheet = self.old.contents.sheets[title]
            book.insert(len(book.titles) - 2, title, graft.sheet(title, sheet.part), sheet.state)
        self.valued += [f"{title} {address}" for title, address in graft.valued]
        _define(self, book)
        self.left += ownbook.names(self.old.contents, self.places, book, self.moved)
        styles.save()
        book.save()
        return package.written()

    def _put(self, title: str, place: Places) -> dict[tuple[int, int], Special]:
        out = {}
        for at, special in self.old.special(place.old.title).items():
            to = place.to(*at)
            if to is not None and (title, *to) not in self.changed:
                made = resolved(special, lambda text: self.moved(text, place.old.title))
                if special.formula != "" and not made.formula:
                    self.valued.append(f"{title} {a1(*to)}")
                out[to] = made
        return out


def _define(transfer: Transfer, book: SheetList) -> None:
    """Names of the user's own; those of this program come with the sheets."""
    there = book.names()
    for (home, name), text in transfer.old.contents.names.items():
        if (home and home not in transfer.further) or lists.SHEET in text or ("", name) in there:
            continue
        now = transfer.moved(text, home)
        if now is not None:
            book.name(name, now, home)
        elif not lists.is_ours(name):
            transfer.left.append(f"the name {name} ({text})")


def corners_of(area: str) -> list[tuple[int, int]]:
    """First and last cell of a range."""
    return [at for end in area.replace("$", "").split(":") if (at := cell_number(end)) is not None]


def cells_of(area: str) -> Iterator[tuple[int, int]]:
    """The cells of a range, none where it is long."""
    corners = corners_of(area)
    if not corners:
        return
    (top, left), (bottom, right) = corners[0], corners[-1]
    if (bottom - top + 1) * (right - left + 1) <= _MOST:
        yield from ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
