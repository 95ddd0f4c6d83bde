"""Mending on the page, without scripts: one cell, a suggestion, remedies at once, undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from rembi_sheets import examples, repair
from rembi_sheets.web.server import Server
from tests.web.planted import EXAMPLE, WRONG
from tests.web.visitor import Answer, Visitor, said


@pytest.fixture(scope="module")
def once(server: Server, wrong: bytes) -> tuple[Visitor, Answer]:
    visitor = Visitor(server.port)
    return visitor, visitor.drop("kidney.xlsx", wrong)


@pytest.fixture
def dropped(once: tuple[Visitor, Answer]) -> Iterator[tuple[Visitor, Answer]]:
    """The workbook as it was dropped, and so again afterwards."""
    yield once
    visitor, page = once
    visitor.send(f"{page.url}mend", ("undo", "all"))


def values(content: bytes) -> dict[tuple[str, str], object]:
    book = load_workbook(BytesIO(content))
    return {(s.title, c.coordinate): c.value for s in book for row in s for c in row if c.value is not None}


def changed(before: bytes, after: bytes) -> dict[tuple[str, str], object]:
    old, new = values(before), values(after)
    return {at: new.get(at) for at in old.keys() | new.keys() if old.get(at) != new.get(at)}


def finding(page: Answer, words: str) -> str:
    """The address of the open finding whose message has these words."""
    article = next(a for a in re.findall(r"<article.*?</article>", page.text, re.S) if words in unescape(a))
    found = re.search(r'class="edit" href="([^"]+)"', article)
    assert found
    return found[1]


def test_a_cell_is_mended_and_undone(dropped: tuple[Visitor, Answer], wrong: bytes) -> None:
    visitor, page = dropped
    number = visitor.get(finding(page, "“0,57” is not a number"))
    assert 'value="0,57"' in number.text and "What belongs here" in number.text
    told = visitor.post(f"{page.url}mend", ("finding", number.url.rpartition("/")[2]), ("value", "0.57"))
    assert told.status == 200 and "R6 now reads “0.57”. Checked again:" in said(told.text)
    assert changed(wrong, visitor.get(f"{page.url}mended").body) == {("Image data", "R6"): 0.57}
    assert "is not a number" not in said(visitor.get(page.url).text)
    undone = visitor.post(f"{page.url}mend", ("undo", "0"))
    assert "All is as you dropped it" in said(undone.text)
    assert visitor.get(f"{page.url}mended").body == wrong


def test_a_suggestion_goes_into_all_equal_cells(dropped: tuple[Visitor, Answer], wrong: bytes) -> None:
    visitor, page = dropped
    article = next(a for a in re.findall(r"<article.*?</article>", page.text, re.S) if "“Organoid view”" in a)
    assert "in all 3 cells" in article and 'name="write" value="Organoid views"' in article
    id_ = re.search(r'name="finding" value="(\w+)"', article)
    assert id_
    visitor.post(f"{page.url}mend", ("finding", id_[1]), ("write", "Organoid views"))
    expected = {("Files", f"B{row}"): "Organoid views" for row in (6, 7, 8)}
    assert changed(wrong, visitor.get(f"{page.url}mended").body) == expected


def test_a_reference_offers_its_names(dropped: tuple[Visitor, Answer]) -> None:
    visitor, page = dropped
    opened = visitor.get(finding(page, "is not in the sheet Biosamples"))
    assert "Names in Biosamples" in said(opened.text) and '<button name="write" value="Wild type kidney' in opened.text
    term = visitor.get(finding(page, "not “Mus musculos”"))
    assert '<button name="write" value="Mus musculus">' in term.text and "NCBITaxon:10090" in said(term.text)


def test_remedies_at_once_are_those_of_fix(dropped: tuple[Visitor, Answer], wrong: bytes, tmp_path: object) -> None:
    visitor, page = dropped
    several = visitor.get(f"{page.url}mend")
    ticks = re.findall(r'name="accept" value="(\d+)" checked', several.text)
    assert ticks
    visitor.post(f"{page.url}mend", ("several", "1"), *(("accept", t) for t in ticks))
    from pathlib import Path

    path = Path(str(tmp_path)) / "kidney.xlsx"
    path.write_bytes(wrong)
    assert visitor.get(f"{page.url}mended").body == repair.fix(path, suggestions=True).content
    again = visitor.get(f"{page.url}mend")
    assert again.text.count("Undo the change of") == len(ticks) and "There are none" in said(again.text)
    visitor.post(f"{page.url}mend", ("undo", "all"))
    assert visitor.get(f"{page.url}mended").body == wrong


EMPTY = {("Biosamples", "Organism"): "Mus musculus", ("Study", "License"): "CC0 1.0"}


def test_cells_that_the_file_does_not_have_are_filled(server: Server) -> None:
    book = load_workbook(BytesIO(examples.workbook_bytes(EXAMPLE)))
    expected = {}
    for (title, label), word in EMPTY.items():
        sheet = book[title]
        line = next((c.row for c in sheet["A"] if c.value == label), 0)
        at = (line, 2) if line else (6, next(c.column for c in sheet[5] if c.value == label))
        expected[title, sheet.cell(*at).coordinate] = word
        del sheet._cells[at]  # Excel writes no cell that was never touched
    made = BytesIO()
    book.save(made)
    visitor = Visitor(server.port)
    page = visitor.drop("kidney.xlsx", made.getvalue())
    for (title, cell), word in expected.items():
        number = next(
            a
            for a in re.findall(r"<article.*?</article>", visitor.get(f"{page.url}?sheet={title}").text, re.S)
            if f">{cell}</span>" in a
        )
        found = re.search(r'class="edit" href="[^"]+/(\w+)"', number)
        assert found
        told = visitor.post(f"{page.url}mend", ("finding", found[1]), ("value", word))
        assert f"{title} {cell} now reads “{word}”" in said(told.text)
    assert changed(made.getvalue(), visitor.get(f"{page.url}mended").body) == expected


def test_nothing_else_can_be_written(dropped: tuple[Visitor, Answer], wrong: bytes, server: Server) -> None:
    visitor, page = dropped
    assert len(WRONG) > 5
    for parts in ([("finding", "0" * 12), ("value", "x")], [("undo", "99")], [("several", "1"), ("accept", "999")]):
        assert visitor.post(f"{page.url}mend", *parts).status == 200
    assert visitor.get(f"{page.url}mended").body == wrong
    other = Visitor(server.port)
    other.get("/")
    assert other.post(f"{page.url}mend", ("undo", "all")).status == 410
