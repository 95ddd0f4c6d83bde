"""What stands twice in an entry, word for word: it is one thing, and that it stood twice is told."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import fields, replace

from rembi_sheets.archives.empiar.document import Author, Deposition
from rembi_sheets.archives.shared.restoring import Sheets


def once(document: Deposition, sheets: Sheets) -> Deposition:
    """The entry with each thing once. Two authors of one name are two people where no ORCID says that they are one."""
    found: dict[str, Sequence[Hashable]] = {}
    for part in fields(document):
        held = getattr(document, part.name)
        if isinstance(held, tuple):
            found[part.name] = tuple(_once(held))
            if len(found[part.name]) < len(held):
                twice = len(held) - len(found[part.name])
                sheets.note(part.name.replace("_", " "), f"{twice} of {len(held)} stand there twice; taken once")
    return replace(document, **found)  # type: ignore[arg-type]


def _once(held: Sequence[Hashable]) -> Iterator[Hashable]:
    seen: set[Hashable] = set()
    for thing in held:
        known = thing in seen
        seen.add(thing)
        if not known or (isinstance(thing, Author) and not thing.orcid):
            yield thing
