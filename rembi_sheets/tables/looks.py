"""What is seen in a cell beyond its value: number formats, raised and lowered signs, words that are struck out."""

from __future__ import annotations

from collections.abc import Sequence

from rembi_sheets.cells import Place, Raw, Sheet
from rembi_sheets.coded import kinds
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Kind
from rembi_sheets.shown import dressed, general, shown

_NUMBERS = (Kind.INTEGER, Kind.NUMBER)
_OTHERS = (Kind.DATE, Kind.YESNO)


def as_seen(
    sheet: Sheet,
    column: Column,
    label: str,
    number: int,
    index: Sequence[int],
    raws: Sequence[Raw],
    findings: list[Finding],
) -> Sequence[Raw]:
    """The cells of sheet column `number` in the rows `index`, numbers of a column of text as they are shown.

    A column of numbers keeps its values; where a unit or per cent is shown beside one, that is said.
    """
    if sheet.looks:
        _looks(sheet, label, number, index, findings)
    if column.kind in _OTHERS or not any(map(_formatted, kinds(raws))):
        return raws
    out = list(raws)
    for i, (row, raw) in enumerate(zip(index, raws, strict=True)):
        code = sheet.formats.get((row, number)) if _formatted(type(raw)) else None
        if code is None:
            continue
        place = Place(sheet.title, row, number, label)
        if column.kind in _NUMBERS:
            seen = shown(raw, code)
            if seen is not None and dressed(code):
                findings.append(find("NUMBER-DRESSED", place, value=seen.text, number=_plain(raw)))
        elif column.own or isinstance(raw, (int, float)):  # a date in a column of text is Excel's doing
            out[i] = _text(raw, code, place, findings)
    return out


def _formatted(kind: type) -> bool:
    """May a number format change how values of this type look?"""
    return kind is not str and kind is not bool and kind is not type(None)


def _text(raw: Raw, code: str, place: Place, findings: list[Finding]) -> Raw:
    seen = shown(raw, code)
    if seen is None:
        return raw
    if not seen.sure:
        findings.append(find("SHOWN-UNSURE", place, value=seen.text, format=code))
    elif seen.rounded:
        findings.append(find("SHOWN-ROUNDED", place, value=seen.text, number=_plain(raw)))
    return seen.text


def _plain(raw: Raw) -> str:
    return general(raw) if isinstance(raw, (int, float)) else str(raw)


def _looks(sheet: Sheet, label: str, number: int, index: Sequence[int], findings: list[Finding]) -> None:
    rows = set(index)
    for (row, column), look in sheet.looks.items():
        if column != number or row not in rows:
            continue
        place = Place(sheet.title, row, number, label)
        if look.scripts:
            findings.append(find("TEXT-RAISED", place, value=", ".join(dict.fromkeys(look.scripts))))
        if look.struck:
            findings.append(find("TEXT-STRUCK", place, value=" … ".join(look.struck)))
