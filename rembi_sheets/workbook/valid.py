"""What helps while a cell is filled in: validations with dropdowns and prompts, and conditional formats."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rembi_sheets.cells import letters
from rembi_sheets.compose import parts_of
from rembi_sheets.schema import Column, Kind
from rembi_sheets.workbook.layout import Field, Plan, SheetPlan, Weight
from rembi_sheets.workbook.lists import APART, reference_name, whole_name
from rembi_sheets.workbook.look import look

if TYPE_CHECKING:
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet


def cells(sheet: SheetPlan, f: Field) -> str:
    """The data cells of a field: a column of rows, or the one cell of a form."""
    return f"B{f.number}" if sheet.form else f"{f.letter}{sheet.first_row}:{f.letter}{sheet.last_row}"


def prompt(f: Field, form: bool = False) -> tuple[str, str]:
    """Title and text of the box beside a chosen cell, within Excel's limits: who asks, what it is, an example.

    In a form these stand in the same line already, and the box would hide them: it says only how to write a value,
    and there is none (two empty texts) where that goes without saying.
    """
    words, limit = look().words, look().limit
    c = f.column
    need = ""
    if f.required:
        need = words["prompt_required"].format(", ".join(f.required))
    elif f.weight is Weight.REQUIRED:
        need = words["prompt_key"]
    elif f.conditional:
        need = words["prompt_conditional"].format(", ".join(f.conditional))
    several = words["prompt_many"] if c.many else ""
    ranged = words["prompt_range"] if c.kind is Kind.RANGE else ""
    if form:
        between = _lengths(c) if c.max_length else ""
        parts = [ranged, several, between]
    else:
        first = words["prompt_after"].format(f.after) if f.after else ""
        parts = [need, c.help, first, ranged, several, words["prompt_example"].format(f.example)]
    parts = [p for p in parts if p]
    text = _broken(parts)
    while len(text) > limit["prompt"]:
        parts.pop()
        text = _broken(parts)
    title = c.label if len(c.label) <= limit["prompt_title"] else c.short or c.label[: limit["prompt_title"]]
    return (title, text) if text else ("", "")


def _broken(parts: list[str]) -> str:
    """Lines broken where LibreOffice would not break them."""
    room = look().limit["prompt_line"]
    lines: list[str] = []
    for part in parts:
        line = ""
        for word in part.split():
            if line and len(line) + 1 + len(word) > room:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(lines)


def validation(plan: Plan, sheet: SheetPlan, f: Field) -> DataValidation:
    """The validation of one field: its list, the kind of number it takes, and the prompt."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = look().words
    c = f.column
    v = DataValidation(sqref=cells(sheet, f), allow_blank=True, showErrorMessage=False, showInputMessage=True)
    title, text = prompt(f, sheet.form)
    v.promptTitle, v.prompt, v.showInputMessage = title or None, text or None, bool(text)
    if c.kind is Kind.REFERENCE:
        v.type, v.formula1 = "list", reference_name(c.reference)
    elif c.list or c.kind is Kind.YESNO:
        name = c.list or "yes_no"
        v.type, v.formula1 = "list", f"list_{name}"
        closed = plan.schema.lists[name].closed and not c.many
        error = "error_list" if closed else "error_many" if c.many else "error_open"
        _error(v, c, "stop" if closed else "warning", words[error])
    elif bounds := limits(c):
        v.type, v.operator, v.formula1, v.formula2 = bounds.kind, bounds.operator, bounds.first, bounds.second or None
        style: Literal["stop", "warning"] = "stop" if c.kind in _LIMIT_WORDS else "warning"
        _error(v, c, style, words[_LIMIT_WORDS.get(c.kind, "error_length")].format(_said(f)))
    return v


_LIMIT_WORDS = {Kind.INTEGER: "error_integer", Kind.NUMBER: "error_number", Kind.DATE: "error_date"}


class Limits(NamedTuple):
    """What a cell may hold, in the words of validations; `second` is empty where one bound says it."""

    kind: Literal["whole", "decimal", "date", "textLength"]
    operator: Literal["greaterThanOrEqual", "greaterThan", "between"]
    first: str
    second: str = ""


def limits(c: Column) -> Limits | None:
    """The limits that the cells of a column without a list are drawn with."""
    if c.kind is Kind.INTEGER:
        return Limits("whole", "greaterThanOrEqual", str(_least(c)))
    if c.kind is Kind.NUMBER:
        strict = c.above is not None
        return Limits(
            "decimal", "greaterThan" if strict else "greaterThanOrEqual", str(c.above if strict else _least(c))
        )
    if c.kind is Kind.DATE:
        return Limits("date", "greaterThan", "36526")
    if c.max_length and not c.many:
        return Limits("textLength", "between", str(c.min_length or 0), str(c.max_length))
    return None


def _said(f: Field) -> str:
    """What the message of a limit says: an example, or how long a text may be."""
    return f.example if f.column.kind in _LIMIT_WORDS else _lengths(f.column)


def _lengths(c: Column) -> str:
    """How long a text may be, in a sentence."""
    words = look().words
    least, most = c.min_length or 0, c.max_length
    return words["prompt_length"].format(least, most) if least > 1 else words["prompt_longest"].format(most)


def _least(c: Column) -> int | Decimal:
    if c.minimum is not None:
        return c.minimum
    return c.above + 1 if c.above is not None else 0


def _error(v: DataValidation, c: Column, style: Literal["stop", "warning"], text: str) -> None:
    v.showErrorMessage = True
    v.errorStyle = style
    v.errorTitle = c.label[: look().limit["prompt_title"]]
    v.error = text[: look().limit["error"]]


def conditional_formats(sheet: SheetPlan, plan: Plan, target: Worksheet, rows: int = 0) -> None:
    """Required and empty, name given twice, name not found, word not listed: in this order, as rules of the sheet.

    `rows`: so many of its rows are filled in already.
    """

    def rule(f: Field, formula: str, attention: str) -> None:
        made = Rule(type="expression", dxfId=numbers[attention], formula=[formula])
        target.conditional_formatting.add(cells(sheet, f), made)

    from openpyxl.formatting.rule import Rule

    numbers = attentions(target.parent)
    for f in sheet.fields:
        if f.weight is Weight.REQUIRED:
            rule(f, _missing(sheet, f), "missing")
    if not sheet.form and sheet.spec.key[:1] and sheet.spec.key[0] in sheet.by_name:
        rule(sheet.by_name[sheet.spec.key[0]], _twice(sheet, rows), "twice")
    for f in sheet.fields:
        c = f.column
        if c.kind is Kind.REFERENCE and not c.many:
            rule(f, _unknown(sheet, f, rows), "unknown")
        elif c.list and not plan.schema.lists[c.list].closed:
            rule(f, _unlisted(sheet, f), "unlisted")


def attentions(book: Any) -> dict[str, int]:
    """The four looks of a cell that wants attention, as numbers of the workbook's differential styles."""
    names = ("missing", "twice", "unknown", "unlisted")
    if not book._differential_styles.styles:
        colour = look().colour
        book._differential_styles.styles.extend(
            (
                _attention(fill=colour["missing"], frame=colour["frame"]),
                _attention(fill=colour["bad"], text=colour["bad_text"], bold=True, underline="double"),
                _attention(fill=colour["bad"], text=colour["bad_text"], italic=True, underline="single"),
                _attention(text=colour["unlisted"], italic=True),
            )
        )
    return {name: n for n, name in enumerate(names)}


def _attention(
    *,
    fill: str = "",
    frame: str = "",
    text: str = "",
    bold: bool = False,
    italic: bool = False,
    underline: Literal["single", "double"] | None = None,
) -> DifferentialStyle:
    from openpyxl.styles import Border, Font, PatternFill, Side
    from openpyxl.styles.differential import DifferentialStyle

    side = Side("thin", color=frame) if frame else None
    return DifferentialStyle(
        font=Font(b=bold or None, i=italic or None, u=underline, color=text) if text else None,
        fill=PatternFill(bgColor=fill) if fill else None,
        border=Border(left=side, right=side, top=side, bottom=side) if side else None,
    )


def _cell(sheet: SheetPlan, f: Field) -> str:
    """The field's cell in the first row, its column fixed."""
    return f"$B{f.number}" if sheet.form else f"${f.letter}{sheet.first_row}"


def _missing(sheet: SheetPlan, f: Field) -> str:
    if sheet.form:
        # the archives are filled in from the beginning and do not count as begun
        given = 1 if any(x.column.list == "archive" for x in sheet.fields) else 0
        begun = f"COUNTA($B${sheet.first_row}:$B${sheet.last_row})>{given}"
    else:
        begun = f"COUNTA($A{sheet.first_row}:${letters(sheet.last_column)}{sheet.first_row})>0"
    parts = _parts(sheet, f)
    return f"AND(LEN({_cell(sheet, f)})=0,{begun}{parts and f',COUNTA({parts})=0'})"


def _parts(sheet: SheetPlan, f: Field) -> str:
    """The cells of the method columns that are composed into a text, any of which fills it; neighbours as a range."""
    runs: list[list[Field]] = []
    for part in sorted(_composed(sheet, f), key=lambda part: part.number):
        if runs and runs[-1][-1].number == part.number - 1:
            runs[-1].append(part)
        else:
            runs.append([part])
    ends = (dict.fromkeys((_cell(sheet, run[0]), _cell(sheet, run[-1]))) for run in runs)
    return ",".join(map(":".join, ends))


def _composed(sheet: SheetPlan, f: Field) -> list[Field]:
    return [sheet.by_name[c.name] for c in parts_of(sheet.spec, f.column.name) if c.name in sheet.by_name]


def _twice(sheet: SheetPlan, rows: int) -> str:
    """Equal whole keys, case ignored; compared cell by cell, because COUNTIF takes * and ? for any text.

    Every name beside every other takes minutes where there are thousands. There a name is looked for from above, which
    programs remember, and all but the first of its rows are marked.
    """
    keys = [sheet.by_name[k] for k in sheet.spec.key if k in sheet.by_name]
    key, cell = keys[0], _cell(sheet, keys[0])
    equal = ",".join(f"--(${k.letter}${sheet.first_row}:${k.letter}${sheet.last_row}={_cell(sheet, k)})" for k in keys)
    same = f"SUMPRODUCT({equal})>1"
    if is_long(rows):
        first = f"${key.letter}${sheet.first_row}"
        found = f"MATCH({_literal(cell)},{first}:${key.letter}${sheet.last_row},0)<ROW({cell})-ROW({first})+1"
        same = f"IF({found},{same if len(keys) > 1 else 'TRUE'})"
    return f"AND(LEN({cell})>0,{same})"


def _literal(cell: str) -> str:
    """The text of a cell, its * and ? to be found as they are."""
    return reduce(lambda text, sign: f'SUBSTITUTE({text},"{sign}","~{sign}")', "~*?", cell)


def is_long(rows: int) -> bool:
    """Are so many filled rows too many for formulas that look through a column for each of them?"""
    return rows > look().limit["long"]


def _unknown(sheet: SheetPlan, f: Field, rows: int) -> str:
    cell = _cell(sheet, f)
    if is_long(rows):
        return f"AND(LEN({cell})>0,ISNA(MATCH({_literal(cell)},{whole_name(f.column.reference)},0)))"
    return f"AND(LEN({cell})>0,SUMPRODUCT(--({reference_name(f.column.reference)}={cell}))=0)"


def _unlisted(sheet: SheetPlan, f: Field) -> str:
    """One word, no identifier behind it, that is no spelling of a word of the list, nor the plural of one."""
    cell, known = _cell(sheet, f), f"as_{f.column.list}"
    word = reduce(lambda text, part: f'SUBSTITUTE({text},"{part}","")', APART, cell)
    single = f'ISERROR(SEARCH(";",{cell})),ISERROR(SEARCH("[",{cell}))'
    listed = f'SEARCH("|"&{word}&"|",{known}&SUBSTITUTE({known},"|","s|"))'
    return f"AND(LEN({cell})>0,{single},SUMPRODUCT(--ISNUMBER({listed}))=0)"
