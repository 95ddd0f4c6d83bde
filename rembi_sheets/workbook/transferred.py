"""What a copy that was drawn anew lacks of the workbook it was made from: cell by cell, and what is around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rembi_sheets.cells import a1
from rembi_sheets.workbook import ownbook, ownlooks, ownrules, ownsetup
from rembi_sheets.workbook.carry import Special, resolved
from rembi_sheets.workbook.contents import Content, Contents
from rembi_sheets.workbook.held import Difference, shown
from rembi_sheets.workbook.moves import Places
from rembi_sheets.workbook.notes import without_ours
from rembi_sheets.workbook.paint import Paint
from rembi_sheets.workbook.transfer import Transfer, cells_of, corners_of


def differences(transfer: Transfer, content: bytes) -> Iterator[Difference]:
    """What the copy lacks. Raises RefusedError when it cannot be read again."""
    new = Contents(content)
    yield from ownbook.lost(transfer.old.contents, new)
    for title, place in transfer.places.items():
        theirs = dict(new.cells(title))
        special = transfer.old.special(place.old.title)
        for at, was in transfer.old.contents.cells(place.old.title):
            to = place.to(*at)
            if to is None or (title, *to) in transfer.changed:
                continue
            wanted = _wanted(transfer, was, special.get(at), place)
            if theirs.get(to) != wanted:
                yield Difference(place.old.title, a1(*at), shown(was), shown(theirs.get(to)))
        yield from _lost_around(transfer, title, place, new)
    for title in transfer.further:
        yield from _lost_sheet(transfer, title, new)


def _wanted(transfer: Transfer, was: Content, special: Special | None, place: Places) -> Content:
    if special is None or special.formula == "":
        return was
    made = resolved(special, lambda text: transfer.moved(text, place.old.title))
    if made.kind == "e":
        return Content("error", made.value, made.formula or "", was.look)
    return replace(was, formula=made.formula or "")


def _lost_around(transfer: Transfer, title: str, place: Places, new: Contents) -> Iterator[Difference]:
    before, after = transfer.old.contents.around(place.old.title), new.around(title)
    for at, text in without_ours(before.notes).items():
        to = transfer.note_place(place, at)
        if place.heading_gone(*at):
            continue  # it stands on the sheet Left over
        if to is None or after.notes.get(to, ("", ""))[0] != text:
            yield Difference(place.old.title, a1(*at), f"the note {text}")
    for area, aim in before.links.items():
        for at in cells_of(area):
            to = place.to(*at)
            if to is not None and after.links.get(a1(*to)) != aim:
                yield Difference(place.old.title, a1(*at), f"the link to {'#'.join(filter(None, aim))}")
    shown = ownlooks.shown(new, title, after)
    for part, at, paint in ownlooks.found(transfer.old.contents, place, before):
        if not paint.within(shown.get((part, at), Paint())):
            yield Difference(title, a1(*at), f"the look of the {part}")
    for what in ownsetup.lost(ownsetup.read(transfer.old.contents, place.old.title), ownsetup.read(new, title), place):
        yield Difference(place.old.title, "", what)
    rules = {(rule.kind, rule.formulas) for rule in after.validations}
    for rule in transfer.rules.get(title, ()):
        if (rule.kind, rule.formulas) not in rules:
            yield Difference(place.old.title, rule.area, f"the {ownrules.word(rule)} {' '.join(rule.formulas)}")
    told = {(c.area, c.kind, c.formulas) for c in after.conditional}
    for made in transfer.conditional.get(title, ()):
        if (made.area, made.kind, made.formulas) not in told:
            yield Difference(place.old.title, made.area, "the conditional format")
    for area in before.merged:
        corners = [place.to(*at) for at in corners_of(area)]
        if None not in corners and f"{a1(*corners[0])}:{a1(*corners[-1])}" not in after.merged:  # type: ignore[misc]
            yield Difference(place.old.title, area, "joined cells")


def _lost_sheet(transfer: Transfer, title: str, new: Contents) -> Iterator[Difference]:
    if title not in new.sheets:
        yield Difference(title, "", "the sheet")
        return
    theirs = dict(new.cells(title))
    valued = set(transfer.valued)
    for at, was in transfer.old.contents.cells(title):
        now = theirs.get(at)
        kept = now is not None and (bool(now.formula) == bool(was.formula) or f"{title} {a1(*at)}" in valued)
        same = now is not None and (replace(now, formula="") == replace(was, formula="") or was.kind == "empty")
        if not (kept and same):
            yield Difference(title, a1(*at), shown(was), shown(now))
    before, after = transfer.old.contents.around(title), new.around(title)
    if (before.merged, before.links, before.notes) != (after.merged, after.links, after.notes):
        yield Difference(title, "", "notes, links or joined cells")
    if len(before.validations) != len(after.validations):
        yield Difference(title, "", f"{len(before.validations)} dropdowns", str(len(after.validations)))
