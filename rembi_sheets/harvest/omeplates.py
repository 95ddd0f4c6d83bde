"""Plates of OME-XML: wells, and the images and files that show them."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, file_name, words
from rembi_sheets.harvest.screens import well

_ROWS = 702  # the rows that one or two letters name


def fields(root: ET.Element, facts: Facts) -> None:
    """Fields per well, where all wells of a file have as many."""
    found = {len(xml.children(w, "WellSample")) for p in xml.children(root, "Plate") for w in xml.children(p, "Well")}
    if len(found) == 1 and found != {0}:
        facts.number("fields_per_well", found.pop(), "", "Well/WellSample")


def wells(root: ET.Element, own: str) -> tuple[str, tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """The plate of the images, the wells of those that the file called `own` holds, and those of each other file.

    An image that names no file is the file's own. Of several plates none is told.
    """
    plates = xml.children(root, "Plate")
    if len(plates) != 1:
        return "", (), {}
    named = {
        picture.get("ID", ""): {file_name(u.get("FileName")) for u in xml.every(picture, "UUID") if u.get("FileName")}
        for picture in xml.children(root, "Image")
    }
    held: dict[str, dict[str, None]] = {}
    for one in xml.children(plates[0], "Well"):
        row, column = one.get("Row", ""), one.get("Column", "")
        if not (row.isdecimal() and column.isdecimal() and int(row) < _ROWS):
            continue
        taken = {r.get("ID", "") for s in xml.children(one, "WellSample") for r in xml.children(s, "ImageRef")}
        for file in {f for image in taken for f in named.get(image) or {own}}:
            held.setdefault(file, {})[well(int(row), int(column))] = None
    its_own = tuple(held.pop(own, {}))
    linked = {file.casefold(): tuple(its) for file, its in held.items()}
    return words(plates[0].get("Name")) if its_own or linked else "", its_own, linked
