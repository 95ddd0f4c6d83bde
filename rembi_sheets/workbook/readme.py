"""The first sheet: what to do, where, and how far one is. The only sheet with formulas; it holds no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import letters
from rembi_sheets.workbook import lists
from rembi_sheets.workbook.layout import Plan, SheetPlan, Weight
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.sheets import _link, page
from rembi_sheets.workbook.styles import Styles, put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FIRST = 5
_SPINE, _GROUP, _SHEET, _ROW, _ARCHIVES = 1, 2, 3, 4, 5


def write(target: Worksheet, plan: Plan, styles: Styles) -> None:
    """Write the sheet."""
    colour, font, words = look().colour, look().font, look().words
    neutral = look().group["neutral"]
    target.sheet_properties.tabColor = neutral.accent
    rows_column = _ARCHIVES + len(plan.labels)
    steps_column = rows_column + 2
    last = max(_FIRST + len(plan.sheets) - 1, _FIRST + 14)
    paper = styles.make(fill=colour["paper"])
    for row in range(1, last + 5):
        for n in range(1, steps_column + 1):
            put(target.cell(row, n), None, paper)
        target.row_dimensions[row].height = look().height["readme_row"]
    title = styles.make(size=font["readme_title"], bold=True, colour=neutral.accent, fill=colour["paper"])
    put(target.cell(1, 2), words["title"], title)
    target.row_dimensions[1].height = look().height["readme_title"]
    small = styles.make(size=font["purpose"], colour=colour["muted"], fill=colour["paper"])
    profile = plan.schema.profile(plan.selection.profile)
    level = words[f"level_{plan.selection.level}"]
    about = [words["readme_for"].format(" and ".join(plan.labels)), profile.title, level]
    about.append(words["readme_version"].format(plan.schema.version))
    put(target.cell(2, 2), "  ·  ".join(about), small)
    target.row_dimensions[3].height = 12
    _heads(target, plan, styles, rows_column, steps_column)
    _sheets(target, plan, styles, rows_column)
    _steps(target, plan, styles, steps_column)
    put(target.cell(last + 2, 2), words["readme_more"], small)
    put(target.cell(last + 3, 2), _dates(plan), small)
    width = look().width["readme"]
    widths = [width["spine"], width["group"], width["sheet"], width["row"], *[width["archive"]] * len(plan.labels)]
    for n, value in enumerate([*widths, width["rows"], width["gap"], width["steps"]], start=1):
        target.column_dimensions[letters(n)].width = value + 0.71
    target.sheet_view.showGridLines = False
    target.sheet_view.zoomScale = 100
    target.sheet_view.selection[0].activeCell = target.sheet_view.selection[0].sqref = "C5"
    page(target, landscape=True, wide=1, high=1)
    target.print_area = f"A1:{letters(steps_column)}{last + 3}"


def _heads(target: Worksheet, plan: Plan, styles: Styles, rows_column: int, steps_column: int) -> None:
    colour, words = look().colour, look().words
    line = ("medium", look().group["neutral"].accent)

    def head(number: int, text: str, horizontal: str = "left") -> None:
        style = styles.make(
            size=9,
            bold=True,
            colour=colour["muted"],
            fill=colour["paper"],
            vertical="bottom",
            horizontal=horizontal,
            indent=1 if horizontal == "left" else 0,
            bottom=line,
        )
        put(target.cell(_FIRST - 1, number), text or None, style)

    for n, text in enumerate(("", "", words["readme_sheet"], words["readme_row"]), start=1):
        head(n, text)
    for n, label in enumerate(plan.labels):
        head(_ARCHIVES + n, label, "center")
    head(rows_column, words["readme_rows"], "right")
    head(steps_column, words["readme_steps"])


def _sheets(target: Worksheet, plan: Plan, styles: Styles, rows_column: int) -> None:
    """Group, link, what one row is, which archive needs it, how many rows there are."""
    colour, font = look().colour, look().font
    for n, sheet in enumerate(plan.sheets):
        row = _FIRST + n
        group = look().group[sheet.spec.group]
        begins = n == 0 or plan.sheets[n - 1].spec.group != sheet.spec.group
        ends = n + 1 == len(plan.sheets) or plan.sheets[n + 1].spec.group != sheet.spec.group
        edge: dict[str, Any] = {"bottom": ("thin", colour["line"])} if ends else {}
        paper: dict[str, Any] = {"fill": colour["paper"], **edge}
        put(target.cell(row, _SPINE), None, styles.make(fill=group.accent))
        put(
            target.cell(row, _GROUP),
            group.title if begins else None,
            styles.make(bold=True, colour=group.accent, **paper),
        )
        start = f"B{sheet.first_row}" if sheet.form else f"A{sheet.first_row}"
        _link(target, row, _SHEET, sheet.spec.title, sheet.spec.title, start)
        put(
            target.cell(row, _SHEET),
            sheet.spec.title,
            styles.make(underline="single", colour=colour["link"], **paper),
        )
        put(
            target.cell(row, _ROW),
            sheet.spec.row,
            styles.make(size=font["purpose"], colour=colour["ink"], **paper),
        )
        for k, archive in enumerate(plan.selection.archives):
            style = styles.make(bold=True, colour=group.accent, horizontal="center", indent=0, **paper)
            put(target.cell(row, _ARCHIVES + k), _need(sheet, archive) or None, style)
        style = styles.make(format='0;;"–"', horizontal="right", colour=colour["ink"], **paper)
        cell = target.cell(row, rows_column)
        cell._style = style
        cell.value = f"=COUNTA('{sheet.spec.title}'!{sheet.counted})"


def _need(sheet: SheetPlan, archive: str) -> str:
    """The sign of a sheet for one archive: needs a row, or only when it applies."""
    mark = look().mark
    if archive in sheet.spec.needed_by:
        return mark["required"]
    from rembi_sheets.schema import Need

    key = [sheet.by_name[k].column for k in sheet.spec.key[:1] if k in sheet.by_name]
    return mark["conditional"] if any(c.need(archive) is Need.CONDITIONAL for c in key) else ""


def _steps(target: Worksheet, plan: Plan, styles: Styles, number: int) -> None:
    """The five steps, the four headings and the states of a cell, each as it looks."""
    colour, font, words, mark = look().colour, look().font, look().words, look().mark
    study = look().group["study"]
    paper = colour["paper"]
    row = _FIRST
    plain = styles.make(size=font["purpose"], colour=colour["ink"], fill=paper, wrap=True)
    for step in (words[f"step_{n}"] for n in range(1, 6)):
        put(target.cell(row, number), step, plain)
        row += 1
    line = ("medium", look().group["neutral"].accent)
    head = styles.make(size=9, bold=True, colour=colour["muted"], fill=paper, vertical="bottom", bottom=line)
    put(target.cell(row, number), words["readme_headings"], head)
    rows: list[tuple[str, dict[str, Any]]] = [
        (f"{mark['required']}  {words['legend_required']}", {"bold": True, "colour": paper, "fill": study.accent}),
        (
            f"{mark['conditional']}  {words['legend_conditional']}",
            {"bold": True, "colour": study.accent, "fill": study.tint, "bottom": ("thin", paper)},
        ),
        (f"{mark['recommended']}  {words['legend_recommended']}", {"colour": colour["ink"], "fill": study.tint}),
        (words["legend_optional"], {"colour": colour["muted"], "fill": paper}),
    ]
    for text, look_of in rows:
        row += 1
        put(target.cell(row, number), text, styles.make(**look_of))
    row += 1
    put(target.cell(row, number), words["readme_cells"], head)
    frame = ("thin", colour["frame"])
    bad: dict[str, Any] = {"colour": colour["bad_text"], "fill": colour["bad"], "size": font["purpose"]}
    states: list[tuple[str, dict[str, Any]]] = [
        (
            words["state_missing"],
            {
                "size": font["purpose"],
                "colour": colour["ink"],
                "fill": colour["missing"],
                **dict.fromkeys(("top", "bottom", "left", "right"), frame),
            },
        ),
        (words["state_twice"], {**bad, "bold": True, "underline": "double"}),
        (words["state_unknown"], {**bad, "italic": True, "underline": "single"}),
        (
            words["state_unlisted"],
            {"size": font["purpose"], "italic": True, "colour": colour["unlisted"], "fill": paper},
        ),
    ]
    for text, look_of in states:
        row += 1
        put(target.cell(row, number), text, styles.make(**look_of))


def _dates(plan: Plan) -> str:
    """The lists with their dates, newest first, lists of one date together."""
    dates: dict[str, list[str]] = {}
    for name in lists.used(plan):
        if any(e.id for e in vocabularies.entries(name)):
            dates.setdefault(vocabularies.date(name), []).append(plan.schema.lists[name].title)
    texts = [f"{', '.join(names)} {date}" for date, names in sorted(dates.items(), reverse=True)]
    return look().words["readme_lists"].format("; ".join(texts))


__all__ = ["Weight", "write"]
