"""The first sheet: what to do, where, and how far one is. The only sheet with formulas; it holds no data."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rembi_sheets import vocabularies
from rembi_sheets.cells import letters
from rembi_sheets.schema import Need
from rembi_sheets.workbook import lists, platemap
from rembi_sheets.workbook.layout import Plan, SheetPlan, joined
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.page import page, small
from rembi_sheets.workbook.styles import Edge, Pen, Style, Styles

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD = 4
_SPINE, _GROUP, _SHEET, _ROW, _ARCHIVES = 1, 2, 3, 4, 5
_STEPS = 15  # rows that steps, headings and states of a cell take


def write(target: Worksheet, plan: Plan, styles: Styles) -> None:
    """Write the sheet."""
    pen = Pen(target, styles)
    height, words = look().height, look().words
    neutral = look().group["neutral"]
    target.sheet_properties.tabColor = neutral.accent
    rows = _ARCHIVES + len(plan.labels)
    steps = rows + 2
    entries = _entries(plan)
    last = _HEAD + max(len(entries), _STEPS + bool(plan.wells))
    footer = _footer(plan)
    end = last + 1 + len(footer)
    blank = Style(fill=look().colour["paper"])
    for row in range(1, end + 1):
        for number in range(1, steps + 1):
            pen.put(row, number, None, blank)
        pen.height(row, height["readme_row"])
    title = Style(size=look().font["readme_title"], bold=True, colour=neutral.accent, fill=look().colour["paper"])
    pen.put(1, _GROUP, words["title"], title)
    pen.height(1, height["readme_title"])
    pen.height(3, height["readme_gap"])
    muted = replace(small(look().colour["muted"]), size=look().font["purpose"])
    pen.put(2, _GROUP, _about(plan), muted)
    _heads(pen, plan, rows, steps)
    for n, entry in enumerate(entries):
        begins = n == 0 or entries[n - 1].group != entry.group
        ends = n + 1 == len(entries) or entries[n + 1].group != entry.group
        _line(pen, _HEAD + 1 + n, entry, rows, begins, ends)
    _steps(pen, steps, bool(plan.wells))
    pen.height(last + 1, height["readme_gap"])
    for row, text in enumerate(footer, start=last + 2):
        pen.put(row, _GROUP, text, muted)
    width = look().width["readme"]
    widths = [width["spine"], width["group"], width["sheet"], width["row"], *[width["archive"]] * len(plan.labels)]
    for number, value in enumerate([*widths, width["rows"], width["gap"], width["steps"]], start=1):
        pen.column(letters(number), value)
    view: Any = target.sheet_view
    view.showGridLines = False
    view.zoomScale = 100
    view.selection[0].activeCell = view.selection[0].sqref = "C5"
    page(pen, landscape=True, wide=1, high=1)
    target.print_area = f"A1:{letters(steps)}{end}"


def _about(plan: Plan) -> str:
    """For whom, for what, how much, which template."""
    words = look().words
    profile = plan.schema.profile(plan.selection.profile).title
    parts = [words["readme_for"].format(joined(plan.labels)), profile, words[f"level_{plan.selection.level}"]]
    return "  ·  ".join([*parts, words["readme_version"].format(plan.schema.version)])


def _heads(pen: Pen, plan: Plan, rows: int, steps: int) -> None:
    words = look().words
    line: Edge = ("medium", look().group["neutral"].accent)
    style = small(look().colour["muted"], bold=True, vertical="bottom", bottom=line)
    for number, text in enumerate((None, None, words["readme_sheet"], words["readme_row"]), start=1):
        pen.put(_HEAD, number, text, style)
    for n, label in enumerate(plan.labels):
        pen.put(_HEAD, _ARCHIVES + n, label, replace(style, horizontal="center", indent=0))
    pen.put(_HEAD, rows, words["readme_rows"], replace(style, horizontal="right", indent=0, format="@_M"))
    pen.put(_HEAD, steps, words["readme_steps"], style)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the list of sheets. `start`: where to begin; `needs`: a sign an archive; `counted`: ranges of cells."""

    group: str
    title: str
    start: str
    row: str
    needs: tuple[str, ...]
    counted: tuple[str, ...]


def _entries(plan: Plan) -> list[_Entry]:
    """The sheets to fill in, in their order."""
    out = []
    for sheet in plan.sheets:
        needs = tuple(_need(sheet, archive) for archive in plan.selection.archives)
        spec = sheet.spec
        short = re.split("[;:]", spec.row)[0]
        out.append(_Entry(spec.group, spec.title, sheet.start, short, needs, (sheet.counted,)))
        if spec.own and plan.wells:
            words = look().words
            nothing = ("",) * len(needs)
            made = platemap.layout(plan)
            counted = tuple(made.wells(top) for top in made.tops)
            out.append(_Entry(spec.group, words["plate_map"], platemap.START, words["plate_map_row"], nothing, counted))
    return out


def _line(pen: Pen, row: int, entry: _Entry, rows: int, begins: bool, ends: bool) -> None:
    """Group, link, what one row is, which archive needs it, how many rows there are."""
    colour = look().colour
    group = look().group[entry.group]
    paper = Style(fill=colour["paper"], bottom=("thin", colour["line"]) if ends else None)
    pen.put(row, _SPINE, None, Style(fill=group.accent))
    pen.put(row, _GROUP, group.title if begins else None, replace(paper, bold=True, colour=group.accent))
    link = replace(paper, underline="single", colour=colour["link"])
    pen.link(row, _SHEET, entry.title, entry.title, entry.start, link)
    pen.put(row, _ROW, entry.row, replace(paper, size=look().font["purpose"], colour=colour["ink"]))
    centred = replace(paper, bold=True, colour=group.accent, horizontal="center", indent=0)
    for k, sign in enumerate(entry.needs):
        pen.put(row, _ARCHIVES + k, sign or None, centred)
    counted = replace(paper, format='0_M;;"–"_M', horizontal="right", indent=0, colour=colour["ink"])
    cells = ",".join(f"'{entry.title}'!{cells}" for cells in entry.counted)
    pen.formula(row, rows, f"=COUNTA({cells})", counted)


def _need(sheet: SheetPlan, archive: str) -> str:
    """The sign of a sheet for one archive: it needs a row, or only if it applies."""
    mark = look().mark
    if archive in sheet.spec.needed_by:
        return mark["required"]
    keys = [sheet.by_name[k].column for k in sheet.spec.key[:1] if k in sheet.by_name]
    return mark["conditional"] if any(c.need(archive) is Need.CONDITIONAL for c in keys) else ""


def _steps(pen: Pen, number: int, wells: bool) -> None:
    """The five steps, the four headings and the states of a cell, each as it looks."""
    colour, words, mark = look().colour, look().words, look().mark
    study = look().group["study"]
    ten = look().font["purpose"]
    paper = colour["paper"]
    line: Edge = ("medium", look().group["neutral"].accent)
    head = small(colour["muted"], bold=True, vertical="bottom", bottom=line)
    plain = Style(size=ten, colour=colour["ink"], fill=paper)
    strong = Style(bold=True, colour=study.accent, fill=study.tint, bottom=("thin", paper))
    frame: Edge = ("thin", colour["frame"])
    missing = replace(plain, fill=colour["missing"], top=frame, bottom=frame, left=frame, right=frame)
    bad = Style(size=ten, colour=colour["bad_text"], fill=colour["bad"])
    rows = [
        *((words[f"step_{n}"], plain) for n in (1, 2, *(["wells"] if wells else []), 3, 4, 5)),
        (words["readme_headings"], head),
        (f"{mark['required']}  {words['legend_required']}", replace(strong, colour=paper, fill=study.accent)),
        (f"{mark['conditional']}  {words['legend_conditional']}", strong),
        (f"{mark['recommended']}  {words['legend_recommended']}", Style(colour=colour["ink"], fill=study.tint)),
        (words["legend_optional"], Style(colour=colour["muted"], fill=paper)),
        (words["readme_cells"], head),
        (words["state_missing"], missing),
        (words["state_twice"], replace(bad, bold=True, underline="double")),
        (words["state_unknown"], replace(bad, italic=True, underline="single")),
        (words["state_unlisted"], replace(plain, italic=True, colour=colour["unlisted"])),
    ]
    for row, (text, style) in enumerate(rows, start=_HEAD + 1):
        pen.put(row, number, text, style)


def _footer(plan: Plan) -> list[str]:
    """What does not fit beside the steps: how to get more of REMBI, what else there is, how old the lists are."""
    words, levels = look().words, plan.schema.levels
    higher = levels[levels.index(plan.selection.level) + 1 :]
    more = words["readme_levels"].format(words[f"level_{plan.selection.level}"], higher[0]) if higher else ""
    return [text for text in (more, words["readme_more"], _dates(plan)) if text]


def _dates(plan: Plan) -> str:
    """The lists that have identifiers, with their dates, newest first."""
    dates: dict[str, list[str]] = {}
    for name in lists.used(plan):
        if any(e.id for e in vocabularies.entries(name)):
            dates.setdefault(vocabularies.date(name), []).append(plan.schema.lists[name].title)
    texts = [f"{', '.join(names)} {date}" for date, names in sorted(dates.items(), reverse=True)]
    return look().words["readme_lists"].format("; ".join(texts))
