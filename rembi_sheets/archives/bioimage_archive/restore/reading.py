"""Sections of a page as they are read back: attributes taken one by one, and what nobody took is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from rembi_sheets import vocabularies
from rembi_sheets.archives.bioimage_archive.document import NAME, Attribute, Section
from rembi_sheets.archives.shared.restoring import Sheets
from rembi_sheets.schema import Schema

T = TypeVar("T")

_IDS = frozenset({"termid", "ontologytermid"})
_KNOWN_QUALIFIERS = _IDS | {"ontology", "ontologyname", "url"}
_FILE_LIST = "filelist"


def key(name: str) -> str:
    """A name of a section or attribute as compared: pages differ in case, blanks and hyphens."""
    return re.sub(r"[\s_-]+", "", name).casefold()


@dataclass
class Taken:
    """A section whose attributes are taken by name; `tell` notes the others."""

    section: Section
    where: str
    sheets: Sheets
    taken: set[int] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def all(self, *names: str) -> list[Attribute]:
        """Attributes of these names that have a value, in their order."""
        wanted = {key(n) for n in names}
        found = [(i, a) for i, a in enumerate(self.section.attributes) if key(a.name) in wanted]
        self.taken.update(i for i, _ in found)
        return [a for _, a in found if a.value and a.value.strip()]

    def texts(self, *names: str) -> list[str]:
        """The values of attributes of these names."""
        return [a.value.strip() for a in self.all(*names) if a.value]

    def one(self, *names: str) -> str:
        """The value of the one attribute of these names; that of a second one is noted."""
        found = list(dict.fromkeys(self.texts(*names)))
        for text in found[1:]:
            self.sheets.note(f"{self.where}, a second {names[0]}", text)
        return found[0] if found else ""

    def below(self, *kinds: str) -> list[Section]:
        """Sections of these types directly below, which are read elsewhere."""
        self.read |= {key(k) for k in kinds}
        return list(of_kind(self.section, *kinds))

    def joined(self, *names: str) -> str:
        """The values of a text that pages sometimes split at its commas."""
        return "; ".join(self.texts(*names))

    def rest(self) -> list[tuple[str, str]]:
        """Name and value of the attributes that nobody took; they are taken now."""
        found = [(i, a) for i, a in enumerate(self.section.attributes) if i not in self.taken and _says(a)]
        self.taken.update(i for i, _ in found)
        return [(" ".join(a.name.split()), (a.value or "").strip()) for _, a in found]

    def tell_whole(self) -> None:
        """Note what nobody took, links and sections below it too; files of all sections are read by themselves."""
        self.tell()
        self.tell_links()
        for section in flat(self.section.subsections):
            if key(section.type) not in self.read:
                tell_all(section, f"{self.where}/{section.type or '?'}", self.sheets)

    def tell_links(self) -> None:
        """Note the links that stand in the section itself."""
        for link in flat(self.section.links):
            self.sheets.note(f"{self.where}, link", link.url)

    def tell(self) -> None:
        """Note every attribute with a value that nobody took, and qualifiers that say more than an identifier."""
        for i, a in enumerate(self.section.attributes):
            if i not in self.taken and _says(a):
                self.sheets.note(f"{self.where}, {a.name}", a.value or "")
            for name, value in (*a.name_qualifiers, *a.value_qualifiers):
                if value and key(name) not in _KNOWN_QUALIFIERS:
                    self.sheets.note(f"{self.where}, {a.name} [{name}]", value)


def curie(attribute: Attribute) -> str:
    """The identifier among the qualifiers of an attribute; '' for none."""
    found = (value for name, value in attribute.value_qualifiers if value and key(name) in _IDS)
    return next((c for c in map(vocabularies.normalise_id, found) if c), "")


def labelled(label: str, identifier: str) -> str:
    """A term as a cell holds it."""
    bare = label.replace(";", ",")
    return f"{bare} [{identifier}]" if identifier else bare


def attribute(schema: Schema, sheet: str, column: str) -> str:
    """The name of the attribute that a column is written to, as the data dictionary has it."""
    return schema[sheet][column].archives[NAME].targets[0].partition(".")[2]


def of_kind(parent: Section, *kinds: str) -> Iterator[Section]:
    """Sections of these types directly below another, rows of tables too."""
    wanted = {key(k) for k in kinds}
    yield from (section for section in flat(parent.subsections) if key(section.type) in wanted)


def tell_all(section: Section, where: str, sheets: Sheets) -> None:
    """Note everything in a section that nobody knows."""
    pending: list[tuple[Section, str]] = [(section, where)]
    while pending:
        found, at = pending.pop(0)
        values = [(a.name, a.value) for a in found.attributes if _says(a)]
        for name, value in values:
            sheets.note(f"{at}, {name}", value or "")
        Taken(found, at, sheets).tell_links()
        below = list(flat(found.subsections))
        if not values and not below and found.type and not found.files:
            sheets.note(at, "a section without content")
        pending += [(s, f"{at}/{s.type or '?'}") for s in below]


def words(section: Section, *known: str) -> list[str]:
    """What a section says in attributes, and in sections below it but those of `known` types: a line each.

    A section below is one line: its type, then what it says.
    """
    left = {key(k) for k in known}
    lines = [f"{' '.join(a.name.split())}: {(a.value or '').strip()}" for a in section.attributes if _says(a)]
    for below in flat(section.subsections):
        if key(below.type) not in left:
            said = "; ".join(words(below))
            lines += [f"{below.type}: {said}" if below.type else said] if said else []
    return lines


def _says(a: Attribute) -> bool:
    return bool((a.value or "").strip()) and key(a.name) != _FILE_LIST


def flat(items: Iterable[T | tuple[T, ...]]) -> Iterator[T]:
    """Items that stand singly or in tables."""
    for item in items:
        if isinstance(item, tuple):
            yield from item
        else:
            yield item
