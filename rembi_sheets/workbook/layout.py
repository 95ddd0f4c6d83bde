"""Where everything of a workbook stands, as plain data: sheets, columns, bands, weights, rows. No openpyxl here.

The writer turns this into cells; tests and `add` read it instead of guessing at positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property

from rembi_sheets import vocabularies
from rembi_sheets.cells import letters
from rembi_sheets.schema import Column, Kind, Layout, Need, Origin, Schema, Selection, SheetSpec, select
from rembi_sheets.vocabularies import Entry
from rembi_sheets.workbook.look import look, needed_width

HEAD_ROWS = 5  # title, band, help, example, heading
FORM_HEAD = 2  # title, link


class Weight(StrEnum):
    """How much a cell matters for the archives chosen; each has its own sign and weight of type."""

    REQUIRED = "required"
    CONDITIONAL = "conditional"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class Line(StrEnum):
    """The line under a band, which tells where its columns come from."""

    REMBI = "rembi"
    LINK = "link"
    EXTRA = "extra"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Band:
    """What stands above a run of columns: its words, its line, and the sheet it leads to."""

    text: str
    line: Line
    to: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table sheet, or one line of a form. `number`: sheet column (table) or row (form), from 1.

    `required` and `conditional` are labels of the chosen archives; `outline` is the depth of folding, 0 for none.
    `folded`: it is folded away in the beginning, behind the column before its group.
    `example`: that of the profile, a word of a list as the list writes it. `after`: title of the sheet that has to be
    filled before this cell has names to choose from, where it does not stand before this one anyway.
    """

    column: Column
    number: int
    weight: Weight
    required: tuple[str, ...]
    conditional: tuple[str, ...]
    band: Band
    starts_band: bool
    outline: int = 0
    folded: bool = False
    width: float = 0.0
    example: str = ""
    after: str = ""

    @property
    def letter(self) -> str:
        """The sheet column's letters (tables)."""
        return letters(self.number)


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: its fields, the rows promised for data, and the user's own columns (headings, `""` where free)."""

    spec: SheetSpec
    fields: tuple[Field, ...]
    first_row: int
    last_row: int
    sections: Mapping[int, Band] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    own_start: int = 0

    @property
    def start(self) -> str:
        """The cell where one begins to fill it in."""
        return f"{'B' if self.form else 'A'}{self.first_row}"

    @property
    def form(self) -> bool:
        """Is it one value a line?"""
        return self.spec.layout is Layout.FORM

    @cached_property
    def last_column(self) -> int:
        """Number of the last prepared sheet column."""
        return 4 if self.form else max(len(self.fields), self.own_start + len(self.own) - 1)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by machine name of their column."""
        return {f.column.name: f for f in self.fields}

    @property
    def counted(self) -> str:
        """The range whose filled cells Read me counts, without the sheet's name."""
        if self.form:
            return f"$B${self.first_row}:$B${self.last_row}"
        named = next((f for f in self.fields if f.column.name in self.spec.key), None)
        required = next((f for f in self.fields if f.weight is Weight.REQUIRED), None)
        letter = (named or required or self.fields[0]).letter
        return f"${letter}${self.first_row}:${letter}${self.last_row}"


@dataclass(frozen=True)
class Plan:
    """A whole workbook. `wells`: those of the plates its sheet of plate maps draws, 0 when it has none."""

    schema: Schema
    selection: Selection
    sheets: tuple[SheetPlan, ...]
    rows: int
    google_sheets: bool = False
    wells: int = 0
    further: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, SheetPlan]:
        """Sheets by machine name."""
        return {s.spec.name: s for s in self.sheets}

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Short labels of the chosen archives."""
        return tuple(self.schema.archive(a).label for a in self.selection.archives)

    def target(self, reference: str) -> str:
        """The cells a reference to this sheet chooses from, its heading included: 'Image data'!$A$5:$A$505."""
        sheet = self.by_name[reference]
        letter = sheet.by_name[sheet.spec.key[0]].letter
        return f"'{sheet.spec.title}'!${letter}${sheet.first_row - 1}:${letter}${sheet.last_row}"


def plan(
    schema: Schema,
    selection: Selection,
    *,
    rows: int = 500,
    google_sheets: bool = False,
    own: Mapping[str, tuple[str, ...]] | None = None,
    needed: Mapping[str, int] | None = None,
    filled: Mapping[str, set[str]] | None = None,
    wells: int | None = None,
) -> Plan:
    """Lay a selection out.

    `own`: by sheet, headings of own columns that exist already (else those of the profile); `needed`: by sheet, how
    many data rows must find place, where that is more than `rows`; `filled`: by sheet, the columns that hold values,
    whose groups of methods stay unfolded; `wells` of drawn plates (else the
    profile's, where there is a column for wells).
    """
    essential, recommended = (_names(schema, selection, level) for level in schema.levels[:2])
    made = []
    for sheet, columns in selection.sheets:
        promised = rows * (look().files["rows"] if sheet.own else 1)
        promised = max(promised, (needed or {}).get(sheet.name, 0))
        if sheet.layout is Layout.FORM:
            made.append(_form(schema, selection, sheet, columns))
        else:
            headings = (own or {}).get(sheet.name)
            if headings is None:
                headings = schema.profile(selection.profile).own
            table = _table(schema, selection, sheet, columns, promised, headings)
            folded = _fold(list(table.fields), essential.get(sheet.name, set()), recommended.get(sheet.name, set()))
            made.append(replace(table, fields=tuple(_fold_methods(folded, (filled or {}).get(sheet.name, set())))))
    if wells is None:
        shown = any(c.format and c.format.name == "well" for _, columns in selection.sheets for c in columns)
        wells = schema.profile(selection.profile).wells if shown else 0
    return Plan(schema, selection, tuple(made), rows, google_sheets, wells)


def _names(schema: Schema, selection: Selection, level: str) -> dict[str, set[str]]:
    """The columns the same profile and archives show at another level, by sheet."""
    other = select(schema, selection.profile, selection.archives, level)
    return {sheet.name: {c.name for c in columns} for sheet, columns in other.sheets}


def weight(sheet: SheetSpec, c: Column, archives: tuple[str, ...]) -> Weight:
    """How much `c` matters for `archives`; a name that other sheets refer to always matters."""
    if c.origin is Origin.KEY or sheet.key == (c.name,) or c.needed_by(archives):
        return Weight.REQUIRED
    if c.needed_by(archives, Need.CONDITIONAL):
        return Weight.CONDITIONAL
    return Weight.RECOMMENDED if c.origin is Origin.REMBI else Weight.OPTIONAL


def _field(schema: Schema, selection: Selection, sheet: SheetSpec, c: Column, number: int) -> Field:
    return Field(
        column=c,
        number=number,
        weight=weight(sheet, c, selection.archives),
        required=_labels(schema, c.needed_by(selection.archives)),
        conditional=_labels(schema, c.needed_by(selection.archives, Need.CONDITIONAL)),
        band=_band(schema, selection, sheet, c),
        starts_band=True,
        width=c.width or needed_width(c, sheet),
        example=_example(c, selection.profile),
        after=_after(schema, sheet, c),
    )


def _example(c: Column, profile: str) -> str:
    """The example as it may be typed: a word of a list as the list writes it."""
    text = c.example_for(profile)
    return _listed(text, c.list) if c.list else text


@cache
def _listed(text: str, name: str) -> str:
    found = [vocabularies.resolve(part.strip(), name).entry for part in text.split(";")]
    return "; ".join(e.label for e in found if e) if all(found) else text


def _after(schema: Schema, sheet: SheetSpec, c: Column) -> str:
    """The sheet a cell refers to, when it stands behind the cell's own and so is still empty on the way through."""
    if c.kind is not Kind.REFERENCE or schema.sheets.index(schema[c.reference]) <= schema.sheets.index(sheet):
        return ""
    return schema[c.reference].title


def joined(words: tuple[str, ...]) -> str:
    """A and B; A, B and C."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _labels(schema: Schema, archives: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(schema.archive(a).label for a in archives)


def _band(schema: Schema, selection: Selection, sheet: SheetSpec, c: Column) -> Band:
    words = look().words
    if c.reference == sheet.name or (c.origin is Origin.LINK and c.kind is not Kind.REFERENCE):
        return Band(words["to_self"], Line.LINK)
    if c.kind is Kind.REFERENCE:
        return Band(words["to"].format(schema[c.reference].title), Line.LINK, schema[c.reference].title)
    if c.band:
        return Band(c.band, Line.REMBI if c.origin is Origin.REMBI else Line.EXTRA)
    if c.origin is Origin.EXTRA:
        return Band(words["extra"].format(joined(_extra_for(schema, selection, c))), Line.EXTRA)
    return Band(words["rembi"], Line.REMBI)


def _extra_for(schema: Schema, selection: Selection, c: Column) -> tuple[str, ...]:
    """Labels of the chosen archives an extra column is for; of those that use it, when it was made for another."""
    chosen = tuple(a for a in selection.archives if a in c.extra_for)
    used = tuple(a for a in selection.archives if c.need(a) is not Need.UNUSED)
    return _labels(schema, chosen or used or c.extra_for)


def _table(
    schema: Schema,
    selection: Selection,
    sheet: SheetSpec,
    columns: tuple[Column, ...],
    rows: int,
    own: tuple[str, ...],
) -> SheetPlan:
    listed = [c for c in columns if not c.own]
    fields = [_field(schema, selection, sheet, c, n) for n, c in enumerate(listed, start=1)]
    fields = _mark_bands(fields)
    prepared: tuple[str, ...] = ()
    if any(c.own for c in columns) or own:
        free = max(look().files["own_columns"] - len(own), 3)
        prepared = (*own, *[""] * free) if sheet.own else ()
    return SheetPlan(
        sheet,
        tuple(fields),
        HEAD_ROWS + 1,
        HEAD_ROWS + rows,
        own=prepared,
        own_start=len(fields) + 1 if prepared else 0,
    )


def _mark_bands(fields: list[Field]) -> list[Field]:
    """Say which field begins a run of one band; the first column holds the way back to Read me instead."""
    out: list[Field] = []
    for n, f in enumerate(fields):
        starts = n == 1 or (n > 1 and f.band != fields[n - 1].band)
        out.append(replace(f, starts_band=starts))
    return out


def _fold(fields: list[Field], essential: set[str], recommended: set[str]) -> list[Field]:
    """Outline groups: what is beyond the essential columns folds away with one click, at level full in two steps.

    Required and conditional columns stay. A named band folds as a whole, its unit with it, when any of its columns
    does. Sheets that the essential form lacks altogether are not folded: their tab is the thing to leave alone.
    """
    if not essential:
        return fields
    due = (Weight.REQUIRED, Weight.CONDITIONAL)
    loose = [f.column.name not in essential and f.weight not in due and f.number > 1 for f in fields]
    bands = {f.column.band for f, out in zip(fields, loose, strict=True) if f.column.band and out}
    made = []
    for f, out in zip(fields, loose, strict=True):
        depth = 0
        if out or f.column.band in bands:
            depth = 1 if f.column.name in recommended else 2
        made.append(replace(f, outline=depth))
    return made


def _fold_methods(fields: list[Field], filled: set[str]) -> list[Field]:
    """Groups of method columns, each an outline of its own behind its first column, which stays and bears its name.

    Two outlines of one depth side by side would be one, hence that column. A group with values is shown unfolded.
    """
    begun = {f.column.group for f in fields if f.column.name in filled}
    made = []
    for before, f in zip([None, *fields], fields, strict=False):
        method = f.column.origin is Origin.METHOD
        inner = method and before is not None and before.column.group == f.column.group
        depth = (2 if inner else 1) if method else f.outline
        made.append(replace(f, outline=depth, folded=inner and f.column.group not in begun))
    return made


def _form(schema: Schema, selection: Selection, sheet: SheetSpec, columns: tuple[Column, ...]) -> SheetPlan:
    fields: list[Field] = []
    sections: dict[int, Band] = {}
    row = FORM_HEAD
    last: Band | None = None
    for c in columns:
        band = _section(schema, selection, c)
        if band != last:
            row += 1
            sections[row] = last = band
        row += 1
        fields.append(_field(schema, selection, sheet, c, row))
    first = fields[0].number if fields else row + 1
    return SheetPlan(sheet, tuple(fields), first, row, sections)


def _section(schema: Schema, selection: Selection, c: Column) -> Band:
    words = look().words
    if c.origin is not Origin.EXTRA:
        return Band(words["rembi"], Line.REMBI)
    if set(c.extra_for) == set(schema.archive_names):
        return Band(words["section_deposit"], Line.EXTRA)
    return Band(words["section_extra"].format(joined(_extra_for(schema, selection, c))), Line.EXTRA)
