"""What people say of a workbook as a whole, and names that hold for one of our sheets: both come along when it is drawn
anew.

Properties (title, author, comments and what people added) stand in `docProps`. Names that hold for one sheet are those
that people gave, and the area to be printed where they chose one; filters and repeated rows are drawn. What does not
come along is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from rembi_sheets.cells import letters
from rembi_sheets.schema import Schema
from rembi_sheets.workbook.contents import Contents
from rembi_sheets.workbook.held import Difference
from rembi_sheets.workbook.moves import Places
from rembi_sheets.workbook.package import cell_number
from rembi_sheets.workbook.sheetlist import SheetList

_TEXTS: Final = ("title", "creator", "subject", "keywords", "description", "category", "contentStatus", "language")
_AREA: Final = "_xlnm.Print_Area"
_PRIVATE: Final = "_xlnm."


def properties(contents: Contents) -> Mapping[str, str]:
    """The texts that describe a workbook, by their names in `docProps/core.xml`."""
    found = {_local(e): (e.text or "").strip() for e in _elements(contents.text("docProps/core.xml"))}
    return {name: found[name] for name in _TEXTS if found.get(name)}


def into(book: Any, contents: Contents, schema: Schema) -> list[str]:
    """Give a workbook that was drawn the properties of the old one; what cannot come along, in words."""
    from openpyxl.packaging.custom import CustomPropertyList

    labels = {schema.archive(name).label for name in schema.archive_names}
    for name, text in properties(contents).items():
        if name != "keywords" or not set(text.split("; ")) <= labels:  # else they are those of its archives
            setattr(book.properties, name, text)
    left: list[str] = []
    further: Sequence[Any] = ()
    forms: Any = CustomPropertyList
    ours = {p.name for p in book.custom_doc_props.props}
    said = contents.text("docProps/custom.xml")
    try:
        further = forms.from_tree(ET.fromstring(said)).props if said else ()
    except (ET.ParseError, TypeError, ValueError):
        left.append("the properties that were added to the workbook")
    for one in further:
        if one.name not in ours:
            book.custom_doc_props.append(one)
    if any(_local(e) == "workbookProtection" and e.attrib for e in contents.workbook().iter()):
        left.append("the protection of the workbook (its sheets can be moved and renamed)")
    return left


def names(
    contents: Contents,
    places: Mapping[str, Places],
    book: SheetList,
    moved: Callable[[str, str], str | None],
) -> Iterator[str]:
    """Define the names that hold for one of our sheets; what cannot come along, in words."""
    homes = {place.old.title: (title, place) for title, place in places.items()}
    for (home, name), text in contents.names.items():
        if home not in homes or (name.startswith(_PRIVATE) and name != _AREA):
            continue
        title, place = homes[home]
        if (title, name) in book.names():
            continue  # the area of a form is drawn, with all its lines
        now = _area(text, title, place) if name == _AREA else moved(text, home)
        if now is not None:
            book.name(name, now, title)
        else:
            yield f"{home}: " + ("the area to be printed" if name == _AREA else f"the name {name}") + f" ({text})"


def _area(text: str, title: str, place: Places) -> str | None:
    """One area of a table with all that lies between its columns now, its head included; None for other areas."""
    corners = [cell_number(end) for end in text.rpartition("!")[2].replace("$", "").split(":")]
    if place.plan.form or "," in text or len(corners) != 2 or None in corners:
        return None
    (top, left), (bottom, right) = (c for c in corners if c is not None)
    columns = [new for old, new in place.columns.items() if left <= old <= right]
    first, last = (1 if top <= place.table.heading_row else place.move.row(top)), place.move.row(bottom)
    if not columns or first is None or last is None:
        return None
    ends = (f"${letters(c)}${row}" for row, c in ((first, min(columns)), (last, max(columns))))
    return f"'{title}'!{':'.join(ends)}"


def lost(before: Contents, after: Contents) -> Iterator[Difference]:
    """Properties that the copy does not have."""
    now = properties(after)
    for name, text in properties(before).items():
        if name != "keywords" and now.get(name) != text:
            yield Difference("", "", f"the {name} of the workbook: {text}", now.get(name, ""))


def _elements(part: bytes) -> Iterator[ET.Element]:
    try:
        yield from ET.fromstring(part).iter() if part else ()
    except ET.ParseError:
        return


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
