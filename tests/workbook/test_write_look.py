"""The look: contrast as WCAG 2 reckons it, and a sign and a weight for whatever a colour says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rembi_sheets.schema import Kind, load, select
from rembi_sheets.workbook.layout import Weight, plan
from rembi_sheets.workbook.look import lines, look, needed_width
from tests import workbooks
from tests.workbook.xlsx import MAIN, Xlsx
from tests.workbooks import opened

SCHEMA = load()
PROFILES = [p.name for p in SCHEMA.profiles]


def luminance(colour: str) -> float:
    """Relative luminance of a hexadecimal colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("FFFFFF", "000000") == pytest.approx(21)
    assert contrast("FFFFFF", "767676") == pytest.approx(4.54, abs=0.01)


def _rgb(colour: Any) -> str:
    return colour.rgb[2:] if colour is not None and isinstance(colour.rgb, str) else ""


def _texts(book: Any) -> Iterator[tuple[str, str, str]]:
    """Every cell with words: its address, its colour and the fill behind it."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    fill = _rgb(cell.fill.fgColor) if cell.fill.patternType else "FFFFFF"
                    yield f"{sheet.title}!{cell.coordinate}", _rgb(cell.font.color) or "000000", fill


@pytest.mark.parametrize("profile", PROFILES)
def test_every_text_has_the_contrast_of_level_aa(profile: str) -> None:
    book = opened(workbooks.blank(profile, (), "full"))
    seen = {(colour, fill): place for place, colour, fill in _texts(book)}
    assert len(seen) > 15
    weak = {place: (c, f) for (c, f), place in seen.items() if contrast(c, f) < 4.5}
    assert not weak


def test_what_conditional_formats_show_has_contrast_and_more_than_colour() -> None:
    xlsx = Xlsx(workbooks.blank("light"))
    found = list(xlsx.trees["xl/styles.xml"].iter(f"{MAIN}dxf"))
    assert len(found) == 4
    signs = set()
    for dxf in found:
        fill = next((e.get("rgb")[2:] for e in dxf.iter(f"{MAIN}bgColor")), "FFFFFF")
        font = dxf.find(f"{MAIN}font")
        if font is not None:
            assert contrast(font.find(f"{MAIN}color").get("rgb")[2:], fill) >= 4.5
            signs.add(tuple(sorted(e.tag.removeprefix(MAIN) + (e.get("val") or "") for e in font)))
        else:
            frame = {e.get("rgb")[2:] for e in dxf.find(f"{MAIN}border").iter(f"{MAIN}color")}
            assert frame and all(contrast(c, behind) >= 3 for c in frame for behind in (fill, "FFFFFF"))
            signs.add(("frame",))
    assert len({tuple(s for s in sign if not s.startswith("color")) for sign in signs}) == 4


def test_lines_that_mean_something_have_contrast() -> None:
    colour = look().colour
    for group in look().group.values():
        assert contrast(group.accent, "FFFFFF") >= 4.5 and contrast(group.accent, group.tint) >= 4.5
        assert contrast(colour["ink"], group.tint) >= 4.5
        assert contrast("FFFFFF", group.accent) >= 4.5  # white words on a required heading
    assert contrast(colour["muted"], "FFFFFF") >= 4.5  # the dashed line of an archive's extra as well


@pytest.mark.parametrize("profile", PROFILES)
def test_need_is_told_by_a_sign_and_a_weight(profile: str) -> None:
    layout = plan(SCHEMA, select(SCHEMA, profile, (), "full"))
    book = opened(workbooks.blank(profile, (), "full"))
    signs = {Weight.REQUIRED: "●", Weight.CONDITIONAL: "◊", Weight.RECOMMENDED: "○"}
    seen = set()
    for sheet in layout.sheets:
        for f in sheet.fields:
            cell = book[sheet.spec.title].cell(*((f.number, 1) if sheet.form else (sheet.first_row - 1, f.number)))
            sign = signs.get(f.weight)
            present = [s for s in signs.values() if s in cell.number_format]
            assert present == ([sign] if sign else []), f.column.label
            assert cell.font.b == (f.weight in (Weight.REQUIRED, Weight.CONDITIONAL))
            assert cell.value == f.column.label
            seen.add((f.weight, sheet.form))
    assert len(seen) == 8 or profile != "volume"


def test_head_cells_are_paper_so_that_they_stay_readable_in_dark_mode() -> None:
    book = opened(workbooks.blank("light"))
    for sheet in book.worksheets[1:-2]:
        for row in sheet.iter_rows(max_row=5):
            assert all(c.fill.patternType == "solid" for c in row if c.value is not None), sheet.title


def test_data_cells_have_no_colour() -> None:
    xlsx = Xlsx(workbooks.blank("light"))
    styles = xlsx.trees["xl/styles.xml"]
    fonts = list(styles.find(f"{MAIN}fonts"))
    xfs = list(styles.find(f"{MAIN}cellXfs"))
    used = {int(c.get("style")) for c in xlsx.sheets["Image data"].iter(f"{MAIN}col")}
    assert used
    for n in used:
        assert xfs[n].get("fillId") == "0"
        assert fonts[int(xfs[n].get("fontId"))].find(f"{MAIN}color") is None


def test_widths_are_those_of_the_help_and_headings() -> None:
    stale = {
        f"{s.title}: {c.label}": needed_width(c, s)
        for s in SCHEMA.sheets
        for c in s.columns
        if c.width is not None and c.width != needed_width(c, s)
    }
    assert not stale, "run python tools/widths.py"
    assert all(c.width for s in SCHEMA.sheets if s.name != "study" for c in s.columns if not c.own)


def test_help_fits_in_four_lines_and_headings_in_two() -> None:
    for sheet in SCHEMA.sheets:
        for c in sheet.columns:
            if c.width:
                number = c.kind in (Kind.INTEGER, Kind.NUMBER)
                assert lines(c.help, c.width, 9, indent=not number) <= 4, c.label
                assert lines(f"●  {c.short or c.label}", c.width, 11, bold=True) <= 2, c.label


def test_lines_break_between_words_and_long_words_anywhere() -> None:
    assert lines("", 10, 11) == 1
    assert lines("short", 10, 11) == 1
    assert lines("two words", 8, 11) == 2
    assert lines("a\nb\nc", 10, 11) == 3
    assert lines("W" * 30, 10, 11) > 4


@pytest.mark.parametrize("level", ["recommended", "full"])
def test_columns_beyond_essential_fold_away_with_one_click(level: str) -> None:
    selection = select(SCHEMA, "light", (), level)
    basic = {s.name: {c.name for c in cs} for s, cs in select(SCHEMA, "light", (), "essential").sheets}
    xlsx = Xlsx(workbooks.blank("light", (), level))
    folded = 0
    for sheet in plan(SCHEMA, selection).sheets:
        root = xlsx.sheets[sheet.spec.title]
        depth = {int(c.get("min")): int(c.get("outlineLevel") or 0) for c in root.iter(f"{MAIN}col")}
        deepest = max(depth.values(), default=0)
        assert int(root.find(f"{MAIN}sheetFormatPr").get("outlineLevelCol") or 0) == deepest
        hidden = {int(c.get("min")) for c in root.iter(f"{MAIN}col") if c.get("hidden") == "1"}
        assert hidden == {f.number for f in sheet.fields if f.folded}  # groups of methods alone
        for f in () if sheet.form else sheet.fields:
            due = f.weight in (Weight.REQUIRED, Weight.CONDITIONAL)
            if sheet.spec.name in basic and f.column.name not in basic[sheet.spec.name] and not due and f.number > 1:
                assert depth[f.number] >= 1, f.column.label
                folded += 1
            elif due and not f.column.band:
                assert depth[f.number] == 0, f.column.label
    assert folded > 20


def test_essential_is_short() -> None:
    shown = select(SCHEMA, "light", ("bioimage-archive",), "essential").sheets
    assert sum(len(columns) for _, columns in shown) < 55
    assert not any(f.outline for s in plan(SCHEMA, select(SCHEMA, "light", (), "essential")).sheets for f in s.fields)
