"""The hidden sheet `_lists`: every list the workbook offers, through defined names, never inline.

One block of columns a list: the words, beside them the identifier where there is any, and, where other words are taken
too, the spellings of each by which a cell knows its word.
Row 1 names the list, row 2 its date, row 3 heads the columns, the words begin in row 4. The words are ordered with
the common ones of the profile first; `list_<name>` holds what the dropdown offers, `all_<name>` the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rembi_sheets import vocabularies
from rembi_sheets.cells import letters
from rembi_sheets.schema import Kind, Profile
from rembi_sheets.vocabularies import Entry
from rembi_sheets.workbook.layout import Plan
from rembi_sheets.workbook.look import look

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SHEET = "_lists"
FIRST_ROW = 4
APART = (" cells", " ", "-")  # what does not tell two spellings of a word apart
LABEL, ID, SPELLINGS = "label", "id", "spellings"
_APART = re.compile(f" cells?$|[{re.escape(''.join(APART[1:]))}]")


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as it stands in the workbook: its entries in order and how many of them the dropdown offers."""

    name: str
    entries: tuple[Entry, ...]
    offered: int


def used(plan: Plan) -> tuple[str, ...]:
    """Names of the lists the columns of this workbook use, in the order of the schema."""
    names = {f.column.list for s in plan.sheets for f in s.fields if f.column.list}
    if any(f.column.kind is Kind.YESNO for s in plan.sheets for f in s.fields):
        names.add("yes_no")
    return tuple(n for n in plan.schema.lists if n in names)


def listed(plan: Plan, name: str) -> Listed:
    """The entries of a list for the profile of this workbook: what it can use, the common ones first."""
    profile = plan.schema.profile(plan.selection.profile)
    bundled = [e for e in vocabularies.entries(name) if _offered(e, profile)]
    known = {e.label for e in bundled}
    # The user's own terms come behind the common ones, before what the list has besides.
    further = [e for e in plan.further.get(name, ()) if e.label not in known]
    first = {label: n for n, label in enumerate(profile.first.get(name, ()))}
    rank = {e.label: len(first) + (e.label in known) for e in (*further, *bundled)} | first
    entries = sorted((*further, *bundled), key=lambda e: rank[e.label])
    closed = plan.schema.lists[name].closed
    return Listed(name, tuple(entries), len(entries) if closed else min(len(entries), look().limit["list"]))


def _offered(e: Entry, profile: Profile) -> bool:
    profiles = e.extra.get("profiles", "all")
    return e.extra.get("obsolete") != "true" and (profiles == "all" or profile.name in profiles.split(", "))


def write(book: Workbook, plan: Plan) -> None:
    """Make the sheet, still empty, and its defined names. `rows` fills it."""
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = "hidden"
    for number, (made, heading, values) in enumerate(_columns(plan), start=1):
        letter = letters(number)
        sheet.column_dimensions[letter].width = 30
        last = FIRST_ROW + len(values) - 1
        if heading == LABEL:
            _name(book, f"list_{made.name}", letter, FIRST_ROW + made.offered - 1)
            _name(book, f"all_{made.name}", letter, last)
        elif heading == SPELLINGS:
            _name(book, f"as_{made.name}", letter, last)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def rows(plan: Plan) -> bytes:
    """The rows of the sheet as XML: three of every four cells of a workbook, and all of them plain words."""
    lines: dict[int, list[str]] = {}

    def put(row: int, letter: str, text: str) -> None:
        if text:
            plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            cell = f'<c r="{letter}{row}" t="inlineStr"><is><t>{plain}</t></is></c>'
            lines.setdefault(row, []).append(cell)

    for number, (made, heading, values) in enumerate(_columns(plan), start=1):
        letter = letters(number)
        if heading == LABEL:
            put(1, letter, made.name)
            put(2, letter, vocabularies.date(made.name))
        put(FIRST_ROW - 1, letter, heading)
        for row, value in enumerate(values, start=FIRST_ROW):
            put(row, letter, value)
    return "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in sorted(lines.items())).encode()


def _columns(plan: Plan) -> list[tuple[Listed, str, list[str]]]:
    """The columns of the sheet: list, heading, values; identifiers where a list has any, spellings of an open one."""
    out = []
    for name in used(plan):
        made = listed(plan, name)
        out.append((made, LABEL, [e.label for e in made.entries]))
        if any(e.id for e in made.entries):
            out.append((made, ID, [e.id for e in made.entries]))
        if not plan.schema.lists[name].closed:
            out.append((made, SPELLINGS, [_spellings((e.label, *e.synonyms, e.id)) for e in made.entries]))
    return out


@cache
def _spellings(words: tuple[str, ...]) -> str:
    """Label, other spellings and identifier, each between bars, without what does not tell spellings apart."""
    return f"|{'|'.join(dict.fromkeys(_APART.sub('', w.casefold()) for w in words if w))}|"


def _name(book: Workbook, name: str, letter: str, last: int) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    cells = f"'{SHEET}'!${letter}${FIRST_ROW}:${letter}${last}"
    book.defined_names[name] = DefinedName(name, attr_text=cells)


def reference_name(sheet: str) -> str:
    """The defined name of the names other sheets may refer to."""
    return f"names_{sheet}"


def whole_name(sheet: str) -> str:
    """The defined name of the same with the heading above and the empty cells below, which is quickly looked up in."""
    return f"all_names_{sheet}"


def write_references(book: Workbook, plan: Plan, whole: bool) -> None:
    """A defined name for each sheet that is referred to: its names so far, gaps included. `whole`: the other, too.

    From the first data row to the last filled one, so that the dropdown grows with what is typed. The range begins at
    the heading, so that deleting the first data row does not break the name. A spreadsheet on the web shows no
    dropdown for a computed range; for it the whole range is named.
    """
    from openpyxl.workbook.defined_name import DefinedName

    shown = {f.column.reference for s in plan.sheets for f in s.fields if f.column.kind is Kind.REFERENCE}
    for sheet in plan.sheets:
        if sheet.spec.name not in shown:
            continue
        cells = plan.target(sheet.spec.name)
        if plan.google_sheets:
            text = cells.replace(f"${sheet.first_row - 1}:", f"${sheet.first_row}:")
        else:
            last = f'SUMPRODUCT(MAX(({cells}<>"")*(ROW({cells})-MIN(ROW({cells}))+1)))'
            text = f"INDEX({cells},2):INDEX({cells},MAX(2,{last}))"
        name = reference_name(sheet.spec.name)
        book.defined_names[name] = DefinedName(name, attr_text=text)
        if whole:
            name = whole_name(sheet.spec.name)
            book.defined_names[name] = DefinedName(name, attr_text=cells)


def is_ours(name: str) -> bool:
    """Is a defined name one of those that this program makes?"""
    return name.casefold().startswith(("list_", "all_", "names_", "_xlnm."))
