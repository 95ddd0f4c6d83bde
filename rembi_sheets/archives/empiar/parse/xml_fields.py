"""Values out of elements of the entry XML."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.codes import NAMESPACE, VARIABLE
from rembi_sheets.archives.empiar.document import Author

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


READ = "_read"  # marks an element that was understood
_SILENT = {"private", "type", "order", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"}


class Elements:
    """Takes values out of elements, marks these as read, and remembers the rest in `strange`."""

    def __init__(self) -> None:
        self.strange: list[str] = []

    def leftover(self, element: Element) -> None:
        """Remembers a filled element that nobody asked for, with its attributes."""
        text = " ".join([(element.text or "").strip(), *(f"{k!s}={v!s}" for k, v in element.attrib.items())]).strip()
        if text and element.getparent() is not None:
            path = "/".join([*(name_of(a) for a in reversed(list(element.iterancestors()))), name_of(element)])
            self.strange.append(f"{path.removeprefix('entry/')}: {text}")

    def attributes(self, element: Element, at: str, *known: str) -> None:
        """Remembers the attributes that nobody asked for."""
        self.strange += [
            f"{at}/@{k!s}: {v!s}" for k, v in element.attrib.items() if k not in (*known, READ) and k not in _SILENT
        ]

    def children(self, element: Element | None, name: str) -> list[Element]:
        """Children of a name, marked as read."""
        found = [] if element is None else element.findall(f"{{{NAMESPACE}}}{name}")
        for c in found:
            c.set(READ, "")
        return found

    def child(self, element: Element | None, name: str) -> Element | None:
        """The first child of a name, marked as read; a second one is remembered like any other."""
        found = None if element is None else element.find(f"{{{NAMESPACE}}}{name}")
        if found is not None:
            found.set(READ, "")
        return found

    def text(self, element: Element | None, name: str) -> str:
        """Text of a child, "" when it is empty or absent."""
        found = self.child(element, name)
        return (found.text or "").strip() if found is not None else ""

    def exact(self, element: Element | None, name: str) -> str:
        """Text of a child with its blanks, which count in paths; "" when it holds nothing else."""
        found = self.child(element, name)
        text = (found.text or "") if found is not None else ""
        return text if text.strip() else ""

    def number(self, element: Element | None, name: str) -> int | None:
        """A whole number; None for the word variable, an empty or an absent child."""
        value = self.decimal(element, name)
        if value is not None and value != int(value):
            self.strange.append(f"{name}: {value}")
            return None
        return None if value is None else int(value)

    def decimal(self, element: Element | None, name: str) -> Decimal | None:
        """A number; None for the word variable, an empty or an absent child."""
        text = self.text(element, name)
        try:
            value = None if text in ("", VARIABLE) else Decimal(text)
            if value is None or value.is_finite():
                return value
        except InvalidOperation:
            pass
        self.strange.append(f"{name}: {text}")
        return None

    def date(self, element: Element | None, name: str) -> dt.date | None:
        """A date."""
        text = self.text(element, name)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self.strange.append(f"{name}: {text}")
            return None

    def names(self, cross: Element | None, group: str, item: str) -> tuple[str, ...]:
        """A list of accessions."""
        found = self.children(self.child(cross, group), item)
        return tuple(t for t in ((e.text or "").strip() for e in found) if t)

    def country(self, element: Element | None) -> str:
        """A country's name; USA and UK as the archive's loader reads them."""
        return codes.country_of_alias(self.text(element, "country"))

    def author(self, element: Element) -> Author:
        """An author, as 'Surname II'."""
        self.attributes(element, "author", "authorORCID")
        return Author(*codes.parted(element.text or ""), element.get("authorORCID", ""))

    def ordered(self, c: Element, name: str) -> tuple[Author, ...]:
        """Authors or editors in the order of their attribute."""
        found = self.children(c, name)
        return tuple(self.author(a) for a in sorted(found, key=_order))


def name_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _order(element: Element) -> int:
    text = element.get("order", "0")
    return int(text) if text.isdecimal() else 0
