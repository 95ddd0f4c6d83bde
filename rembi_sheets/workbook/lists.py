"""The hidden sheet `_lists`: every list the workbook offers, through defined names, never inline.

One block of columns a list: the words, and beside them identifier and other spellings where the list has any.
Row 1 names the list, row 2 its date, row 3 heads the columns, the words begin in row 4. The words are ordered with
the common ones of the profile first; `list_<name>` holds what the dropdown offers, `all_<name>` the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rembi_sheets import vocabularies
from rembi_sheets.cells import letters
from rembi_sheets.schema import Kind, Profile
from rembi_sheets.vocabularies import Entry
from rembi_sheets.workbook.layout import Plan
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.styles import Pen, Style, Styles

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SHEET = "_lists"
FIRST_ROW = 4


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
    entries = [e for e in vocabularies.entries(name) if _offered(e, profile)]
    first = {label: n for n, label in enumerate(profile.first.get(name, ()))}
    entries.sort(key=lambda e: first.get(e.label, len(first)))
    closed = plan.schema.lists[name].closed
    return Listed(name, tuple(entries), len(entries) if closed else min(len(entries), look().limit["list"]))


def _offered(e: Entry, profile: Profile) -> bool:
    profiles = e.extra.get("profiles", "all")
    return e.extra.get("obsolete") != "true" and (profiles == "all" or profile.name in profiles.split(", "))


def write(book: Workbook, plan: Plan, styles: Styles) -> None:
    """Write the sheet and its defined names."""
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = "hidden"
    pen = Pen(sheet, styles)
    text, head = Style(indent=0), Style(bold=True, indent=0)
    column = 1
    for name in used(plan):
        made = listed(plan, name)
        pen.put(1, column, name, head)
        pen.put(2, column, vocabularies.date(name), text)
        block = {"label": [e.label for e in made.entries]}
        if any(e.id for e in made.entries):
            block["id"] = [e.id for e in made.entries]
        if any(e.synonyms for e in made.entries):
            block["synonyms"] = ["|".join(e.synonyms) for e in made.entries]
        for heading, values in block.items():
            letter = letters(column)
            pen.column(letter, 30)
            pen.put(FIRST_ROW - 1, column, heading, head)
            for row, value in enumerate(values, start=FIRST_ROW):
                if value:
                    pen.put(row, column, value, text)
            last = FIRST_ROW + len(values) - 1
            if heading == "label":
                offered = FIRST_ROW + made.offered - 1
                _name(book, f"list_{name}", letter, offered)
                _name(book, f"all_{name}", letter, last)
            elif heading == "synonyms":
                _name(book, f"other_{name}", letter, last)
            column += 1
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _name(book: Workbook, name: str, letter: str, last: int) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    cells = f"'{SHEET}'!${letter}${FIRST_ROW}:${letter}${last}"
    book.defined_names[name] = DefinedName(name, attr_text=cells)


def reference_name(sheet: str) -> str:
    """The defined name of the names other sheets may refer to."""
    return f"names_{sheet}"


def write_references(book: Workbook, plan: Plan) -> None:
    """A defined name for each sheet that is referred to: its names so far, gaps included.

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
