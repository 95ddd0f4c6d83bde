"""The type of an EMPIAR entry: as typed, else from the imaging methods and the links."""

from __future__ import annotations

from dataclasses import dataclass

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import NAME
from rembi_sheets.records import StudyComponent
from rembi_sheets.submission import Submission


@dataclass(frozen=True, slots=True)
class EntryType:
    """`word` as EMPIAR writes it, "" when nothing tells; `given`: typed; `candidates`: several follow."""

    word: str
    given: bool = False
    candidates: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


def entry_type(sub: Submission, emdb: bool) -> EntryType:
    """The type as typed, else derived; `emdb`: whether an EMDB entry is linked."""
    methods = tuple(dict.fromkeys(m for c in derive.components(sub, NAME) for m in _methods(sub, c)))
    if sub.study.empiar_entry_type:
        return EntryType(sub.study.empiar_entry_type, True, (), methods)
    by_method: dict[str, str] = codes.table("method")
    candidates = tuple(dict.fromkeys(by_method[m] for m in methods if m in by_method))
    named = [t for t in candidates if t in codes.table("correlative")]
    joined = named or _joined(methods)
    if joined:
        return EntryType(joined[0], False, (), methods)
    if not candidates and emdb:
        return EntryType("EMDB", False, (), methods)
    return EntryType(candidates[0] if candidates else "", False, candidates if len(candidates) > 1 else (), methods)


def _joined(methods: tuple[str, ...]) -> list[str]:
    """CLEM or CLXM when light microscopy goes to EMPIAR beside electrons or X-rays."""
    domains = {e.label: e.extra["domain"] for e in vocabularies.entries("imaging_method")}
    met = {domains.get(m, "") for m in methods}
    kinds: dict[str, list[str]] = codes.table("correlative")
    return [t for t, sides in kinds.items() if all(met & set(side.split()) for side in sides)]


def _methods(sub: Submission, component: StudyComponent) -> tuple[str, ...]:
    """Labels of the methods of a component: those its acquisitions name themselves, else its own."""
    used = [a for d in derive.images(sub, component) for a in derive.acquisitions(d)]
    own = tuple(m.label for a in used for m in a.imaging_methods)
    unnamed = not used or any(not a.imaging_methods for a in used)
    return (*own, *(m.label for m in component.imaging_methods)) if unnamed else own
