"""EMDB: paper, microscopy and preparation of an entry. Reply shape after its interface, `entry/EMD-<n>` (2026-11).

Where a method column stands in an entry, its `standard` says ("EMDB:microscopy/nominal_cs"); in the JSON a member may
lie in a list of that name with `_list` behind it, and a value is a text, or {"valueOf_": text, "units": text}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from rembi_sheets import units, vocabularies
from rembi_sheets.fill.online.entries import Described, Entry
from rembi_sheets.fill.online.replies import at, filled, items, text
from rembi_sheets.schema import Column, Kind, load
from rembi_sheets.values import fold

_ROOTS = ("microscopy", "specimen_preparation")  # what an entry says of how images were made, not of their processing
_STANDARD = "EMDB:"
_PER_IMAGE = "average_electron_dose_per_image"  # of one tilt, where the images are those of a series
_SERIES = ("tomography", "subtomogramAveraging", "subtomogram")
_NOT_SAID = ("OTHER", "N/A", "NONE")
_KELVIN = Decimal("273.15")
_MAP_UNIT = "Å"


def address(base: str, accession: str) -> str:
    """Where the entry is asked for."""
    return f"{base}/entry/{accession}"


def read(reply: Any, accession: str) -> Entry | None:
    """The entry; None for a reply that is about another one."""
    if fold(text(reply, "emdb_id")) != fold(accession):
        return None
    left: list[tuple[str, str, str]] = []
    by_sheet: dict[str, dict[str, str]] = {}
    for column, ways in _columns():
        value = _value(reply, column, ways, left)
        if value:
            by_sheet.setdefault(column.sheet, {})[column.name] = value
    described = [Described(sheet, values) for sheet, values in by_sheet.items()]
    if spacing := _spacing(reply):
        described.append(Described("image_data", spacing, likely=True))
    return Entry(_paper(reply), tuple(described), tuple(left))


@cache
def _columns() -> tuple[tuple[Column, tuple[tuple[str, ...], ...]], ...]:
    """The method columns that an entry may say, each with the places of its value, or of its parts."""
    out = []
    for sheet in load().sheets:
        for column in sheet.columns:
            ways = tuple(_ways(column.standard))
            if ways and ways[0][0] in _ROOTS:
                out.append((column, ways))
    return tuple(out)


def _ways(standard: str) -> Iterator[tuple[str, ...]]:
    """The first place of EMDB that a standard names; "a/b_min + _max" and "a/b + c" are two places."""
    told = next((s.strip() for s in standard.split(";") if s.strip().startswith(_STANDARD)), "")
    plain = re.sub(r"\s*\(.*\)$", "", told.removeprefix(_STANDARD))
    first, *more = (part.strip() for part in plain.split("+"))
    if not first or "," in first:
        return
    way = tuple(first.split("/"))
    yield way
    for part in more:
        yield (*way[:-1], way[-1].rpartition("_")[0] + part if part.startswith("_") else part)


def _value(reply: Any, column: Column, ways: tuple[tuple[str, ...], ...], left: list[tuple[str, str, str]]) -> str:
    """What an entry says for a column, as one would type it; '' where it says nothing, or several things."""
    parts: list[list[str]] = []
    for way in ways:
        where = "/".join(way)
        if way[-1] == _PER_IMAGE and any(m in _SERIES for m in _methods(reply)):
            said = next((raw for raw, _ in _leaves(reply, way)), "")
            if said:
                left.append((where, said, "it is the dose of one tilt, and the column is for that of the whole series"))
            return ""
        found: dict[str, None] = {}
        for raw, unit in _leaves(reply, way):
            if raw.upper() in _NOT_SAID:
                continue
            made = _typed(raw, unit, column, len(ways) > 1)
            if made:
                found[made] = None
            else:
                left.append((where, f"{raw} {unit}".strip(), f"its unit is not that of the column ({column.unit})"))
        if len(found) > 1 and not column.many:
            left.append((where, "; ".join(found), "the entry has several"))
            return ""
        parts.append(list(found))
    return _joined(column, ways, parts)


def _joined(column: Column, ways: tuple[tuple[str, ...], ...], parts: list[list[str]]) -> str:
    if len(ways) == 1:
        return "; ".join(parts[0])
    said = [(way[-1], found[0]) for way, found in zip(ways, parts, strict=True) if found]
    if column.kind is Kind.RANGE:
        ends = sorted({Decimal(v) for _, v in said})
        return "-".join(f"{e.normalize():f}" for e in (ends[0], ends[-1])[: len(ends)]) if ends else ""
    if column.list:
        return _word("; ".join(v for _, v in said), column.list) if len(said) == len(ways) else ""
    return ", ".join(f"{v} {name}" if v.isdigit() else v for name, v in said)


def _typed(raw: str, unit: str, column: Column, part: bool) -> str:
    """A value in the unit and the words of its column; '' for a number in another unit."""
    if column.list:
        return raw if part else _word(raw, column.list)
    if column.kind not in (Kind.RANGE, Kind.NUMBER, Kind.INTEGER) or not column.unit:
        return raw
    return _in_unit(raw, unit, column.unit)


def _in_unit(raw: str, unit: str, wanted: str) -> str:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return ""
    if not number.is_finite():
        return ""
    if not unit or _plain(unit) == _plain(wanted):
        return raw
    if unit == "K" and wanted == "°C":
        return f"{(number - _KELVIN).normalize():f}"
    length = units.convert(number, unit, wanted)
    return f"{length.normalize():f}" if length is not None else ""


def _plain(unit: str) -> str:
    """A unit as compared: EMDB writes e/Å^2, percentage, mg/mL."""
    plain = fold(unit).replace("^", "").replace("²", "2").replace("µ", "u").replace("μ", "u")
    return "%" if plain == "percentage" else plain


def _word(said: str, name: str) -> str:
    """EMDB's word as our list has it; else as it stands, which the check of the column judges."""
    known = {fold(e.extra["word"]): e.label for e in reversed(vocabularies.entries(name)) if e.extra.get("word")}
    return known.get(fold(_STANDARD + said), "") or vocabularies.listed(said, name) or said


def _leaves(reply: Any, way: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Texts with their units at a place, of each microscopy or preparation of the entry."""
    nodes = [reply]
    for key in ("structure_determination", *way):
        nodes = [inner for node in nodes for inner in _inside(node, key)]
    for node in nodes:
        yield from _texts(node)


def _inside(node: Any, key: str) -> Iterator[Any]:
    """The members of that name: of the object, of its list `<name>_list`, or under a name that Python reserves."""
    for found in (at(node, key), at(node, f"{key}_list", key), at(node, f"{key}_")):
        if found is not None:
            yield from found if isinstance(found, list) else (found,)
            return


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        said = text(node, "valueOf_") or text(node, "name")
        if said:
            yield said, text(node, "units")
        elif len(node) == 1:  # a list of things under their name, as software is
            for inner in items(next(iter(node.values()))):
                yield from _texts(inner)
    elif said := text(node):
        yield said, ""


def _methods(reply: Any) -> list[str]:
    return [text(d, "method") for d in _inside(reply, "structure_determination")]


def _spacing(reply: Any) -> dict[str, str]:
    """The pixel sizes of the map; nothing where any is in another unit than EMDB's."""
    spacing = {axis: at(reply, "map", "pixel_spacing", axis) for axis in "xyz"}
    if any(text(s, "units") not in ("", _MAP_UNIT) for s in spacing.values()):
        return {}
    found = filled(**{f"pixel_size_{axis}": text(s, "valueOf_") for axis, s in spacing.items()})
    return {**found, "pixel_size_unit": _MAP_UNIT} if found else {}


def _paper(reply: Any) -> dict[str, str]:
    """The primary citation by columns of Publications."""
    held = at(reply, "crossreferences", "citation_list", "primary_citation")
    paper = next((p for p in (at(held, "citation_type"), *items(held)) if text(p, "title")), None)
    ids = {text(x, "type_").upper(): text(x, "valueOf_") for x in items(paper, "external_references")}
    authors = sorted(items(paper, "author"), key=_order)
    return filled(
        title=text(paper, "title").removesuffix("."),
        authors="; ".join(filter(None, map(_author, authors))),
        journal=text(paper, "journal") or text(paper, "journal_abbreviation"),
        year=text(paper, "year"),
        volume=text(paper, "volume"),
        pages="-".join(filter(None, (text(paper, "first_page"), text(paper, "last_page")))),
        doi=ids.get("DOI", "").removeprefix("doi:"),
        pubmed_id=ids.get("PUBMED", ""),
    )


def _order(author: Any) -> int:
    number = at(author, "order")
    return number if isinstance(number, int) else 0


def _author(author: Any) -> str:
    """'Last II'; EMDB may put a comma behind the last name."""
    return (text(author, "valueOf_") or text(author)).replace(";", ",").replace(", ", " ")
