"""A copy holds what the original held: each is compared with its original, cell by cell, before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rembi_sheets.cells import Raw, a1
from rembi_sheets.workbook.contents import Content, Contents
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.notes import without_ours
from rembi_sheets.workbook.package import RefusedError

Cell = tuple[str, int, int]  # title of the sheet, row and column from 1
_DATA = re.compile(rb"<(?:[\w.\-]+:)?sheetData[\s/>].*</(?:[\w.\-]+:)?sheetData>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a copy lacks: where, and what stood there."""

    sheet: str
    address: str
    was: str
    now: str = ""

    def __str__(self) -> str:
        place = f"{self.sheet} {self.address}".strip()
        return f"{place}: “{self.was[:60]}” would " + (f"become “{self.now[:60]}”" if self.now else "be lost")


def refuse(differences: Iterator[Difference]) -> None:
    """Raises AnnotateError with the first of the differences, where there are any."""
    try:
        first = next(differences, None)
    except RefusedError as e:
        raise AnnotateError("The copy could not be read again, so none was made.") from e
    if first is not None:
        raise AnnotateError(
            f"The copy would not hold all that the workbook holds, so none was made. {first}. Open the workbook in "
            "Excel or LibreOffice, save it as .xlsx and try again; or take what is named out of it first."
        )


def in_place(
    original: bytes, copy: bytes, changed: Mapping[Cell, Raw], without: frozenset[str] = frozenset()
) -> Iterator[Difference]:
    """What a copy lacks in which only the cells `changed` are other than before; None stands for an emptied one.

    `without`: titles of sheets that are left out on purpose. Notes of this program do not count.
    """
    old, new = Contents(original), Contents(copy)
    same_texts = old.text(old.texts_part) == new.text(new.texts_part)
    for title, sheet in old.sheets.items():
        if title in without:
            continue
        if title not in new.sheets:
            yield Difference(title, "", "the sheet")
            continue
        mine = {(r, c): v for (t, r, c), v in changed.items() if t == title}
        before, after = old.text(sheet.part), new.text(new.sheets[title].part)
        if mine or not same_texts or _cells_of(before) != _cells_of(after):
            yield from _cells(title, old, new, mine)
        if before != after:
            yield from _around(title, old, new)
        if sheet.state != new.sheets[title].state:
            yield Difference(title, "", sheet.state, new.sheets[title].state)
    for (home, name), text in old.names.items():
        if home not in without and (home, name) not in new.names:
            yield Difference(home, "", f"the name {name} ({text})")


def _cells_of(text: bytes) -> bytes:
    found = _DATA.search(text)
    return found[0] if found else b""


def _cells(title: str, old: Contents, new: Contents, changed: Mapping[tuple[int, int], Raw]) -> Iterator[Difference]:
    """Both sheets side by side, as their cells stand in the same order."""
    ours, theirs = old.cells(title), new.cells(title)
    at, now = next(theirs, (None, None))
    for place, was in ours:
        while at is not None and at != place and at in changed and at < place:  # a cell that was empty before
            at, now = next(theirs, (None, None))
        found = now if at == place else None
        if at == place:
            at, now = next(theirs, (None, None))
        if place in changed:
            if not _is(found, changed[place]):
                yield Difference(title, a1(*place), shown(changed[place]), shown(found))
        elif found != was:
            yield Difference(title, a1(*place), shown(was), shown(found))


def _is(content: Content | None, value: Raw) -> bool:
    """Does a cell hold this value?"""
    if content is None or value is None or value == "":
        return content is None and (value is None or value == "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return content.value == float(f"{value:.15g}")
    return str(content.value).replace("�", "") == str(value).replace("\r\n", "\n").replace("�", "")[:32_000]


def shown(content: Content | Raw) -> str:
    """A cell in words."""
    if isinstance(content, Content):
        return f"={content.formula}" if content.formula else str(content.value)
    return "" if content is None else str(content)


def _around(title: str, old: Contents, new: Contents) -> Iterator[Difference]:
    before, after = old.around(title), new.around(title)
    for area in sorted(before.merged - after.merged):
        yield Difference(title, area, "joined cells")
    for address, aim in before.links.items():
        if after.links.get(address) != aim:
            yield Difference(title, address, f"the link to {'#'.join(filter(None, aim))}")
    notes, left = without_ours(before.notes), without_ours(after.notes)
    for at, text in notes.items():
        if left.get(at) != text:
            yield Difference(title, a1(*at), f"the note {text}", left.get(at, ""))
    if len(after.validations) < len(before.validations):
        yield Difference(title, "", f"{len(before.validations)} dropdowns", str(len(after.validations)))


def moved(content: Content, formula: str) -> Content:
    """A cell as it should be in a copy where cells have moved: with its formula as it reads there, '' for its value
    alone."""
    return replace(content, formula=formula) if content.formula else content
