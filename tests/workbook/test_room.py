"""What is put into a workbook can be read: rows get the room that their texts need, and keep what somebody wished."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.cells import Raw, letters
from rembi_sheets.schema import load
from rembi_sheets.schema.select import select
from rembi_sheets.workbook.fill import fill
from rembi_sheets.workbook.insert import typed
from rembi_sheets.workbook.layout import SheetPlan, plan
from rembi_sheets.workbook.look import look
from rembi_sheets.workbook.sheets import wraps
from tests import workbooks
from tests.workbook import office
from tests.workbook.xlsx import Xlsx

LONG = "Fixed in formaldehyde, cleared for two days and mounted in agarose; see the protocol. " * 4
WORD = "x"
TITLE = "Specimens"


def _sheet() -> SheetPlan:
    schema = load()
    return next(s for s in plan(schema, select(schema, "light")).sheets if s.spec.title == TITLE)


def _columns() -> tuple[int, int]:
    """A column in which long texts go on below, and one in which they do not."""
    fields = _sheet().fields
    return next(f.number for f in fields if wraps(f, _sheet())), next(
        f.number for f in fields if not wraps(f, _sheet())
    )


def _heights(content: bytes, title: str = TITLE) -> dict[int, float]:
    root = Xlsx(content).sheets[title]
    return {int(r.get("r")): float(r.get("ht")) for r in root.iter() if r.tag.endswith("}row") and r.get("ht")}


def _with(content: bytes, name: str, text: bytes) -> bytes:
    """The package with another text of one part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, text if entry == name else old.read(entry))
    return made.getvalue()


def _needed(count: int) -> float:
    return look().height["wrapped_line"] * count + look().height["wrapped_more"]


def _filled(values: dict[tuple[str, int, int], Raw]) -> bytes:
    return fill(workbooks.blank("light"), values, [])


def _typed(values: dict[tuple[str, int, int], Raw]) -> bytes:
    return typed(workbooks.blank("light"), values)[0]


def _typed_over(values: dict[tuple[str, int, int], Raw]) -> bytes:
    before, _ = typed(workbooks.blank("light"), dict.fromkeys(values, WORD))
    assert not _heights(before).keys() & {row for _, row, _ in values}
    return typed(before, values)[0]


@pytest.mark.parametrize("way", [_filled, _typed, _typed_over])
def test_rows_are_as_high_as_their_longest_text_needs(way: Callable[[dict[tuple[str, int, int], Raw]], bytes]) -> None:
    wrapped, straight = _columns()
    values = {(TITLE, 6, wrapped): LONG, (TITLE, 7, wrapped): WORD, (TITLE, 8, straight): LONG, (TITLE, 9, wrapped): 5}
    heights = _heights(way(values))
    assert heights[6] > _needed(3)
    assert not heights.keys() & {7, 8, 9}


def test_a_text_beyond_the_highest_row_gets_that() -> None:
    assert _heights(_filled({(TITLE, 6, _columns()[0]): LONG * 40}))[6] == 409


def test_a_row_is_never_made_lower_and_a_wish_is_kept() -> None:
    wrapped, straight = _columns()
    high = _filled({(TITLE, 6, wrapped): LONG * 2, (TITLE, 7, wrapped): LONG})
    before = _heights(high)
    xlsx = Xlsx(high)
    part = next(n for n, text in xlsx.parts.items() if b'<row r="7"' in text and LONG.encode()[:40] in text)
    wished = re.sub(rb'<row r="7" ht="[0-9.]+"', b'<row r="7" ht="20" customHeight="1"', xlsx.parts[part])
    high = _with(high, part, wished)
    more = _sheet().fields[-1].number
    after = _heights(fill(high, {(TITLE, 6, more): WORD, (TITLE, 7, straight + 40): LONG}, []))
    assert after[6] == before[6]
    assert after[7] == 20


@pytest.mark.skipif(bool(office.missing()), reason=office.missing())
def test_nothing_of_a_filled_text_is_cut_in_libreoffice(tmp_path: Path) -> None:
    """The height it opens with is about what it gives the row when the same is typed."""
    column = _columns()[0]
    path = tmp_path / "study.xlsx"
    path.write_bytes(_filled({(TITLE, 6, column): LONG}))
    assert pipeline.read(path).readable
    steps = [["height", TITLE, 6], ["type", TITLE, f"{letters(column)}6", LONG], ["height", TITLE, 6]]
    ((opened, grown),) = office.run([{"open": str(path), "save": [], "steps": steps}])
    assert opened >= grown * 0.95
