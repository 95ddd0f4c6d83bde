"""Headings of the annotation CSV: what becomes of the user's own columns of Files, and where each column stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.submission import fold
from rembi_sheets.tables import OWN

BRACKETED = re.compile(r"(Characteristics|Experimental Condition|Comment) ?\[(.+)\]\Z")
TERM_SOURCE = re.compile(r"Term Source(?: \d+)? (REF|Accession)\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"(.+?) ?(\d+)\Z")


def client_name(heading: str) -> str:
    """What stands in the brackets of a heading, else the heading: Comment [Gene Symbol] -> Gene Symbol."""
    bracketed = BRACKETED.match(heading)
    return bracketed[2] if bracketed else heading


class Band(IntEnum):
    """Where a column stands, from left to right."""

    KEY = 0
    SAMPLE = 1
    CONDITION = 2
    REAGENT = 3
    CONTROL = 4
    CHANNELS = 5
    COMMENT = 6
    RESULT = 7
    PHENOTYPE = 8


@dataclass(frozen=True)
class Own:
    """One of the user's own columns: its heading in Files and in IDR, its band, and the column of its identifiers."""

    heading: str
    idr: str
    band: Band
    group: str = ""
    ids: str = ""
    ref: str = ""

    @property
    def name(self) -> str:
        """Machine name of the column in Files."""
        return OWN + self.heading


def own_columns(headings: Sequence[str], kind: Kind, variables: Collection[str]) -> list[Own]:
    """The own columns of Files as IDR takes them, in their order.

    A column `X ID` or Term Source columns right after X hold the identifiers of X and are no columns themselves.
    """
    out: list[Own] = []
    named = {fold(v) for v in variables} | {fold(known(v)[0]) for v in variables}
    skip = 0
    for place, heading in enumerate(headings):
        if skip:
            skip -= 1
            continue
        ids, ref, skip = _identifiers(headings, place)
        idr, band, group = place_of(heading, kind, named)
        out.append(Own(heading, idr, band, group, ids, ref))
    return out


def listed(headings: Sequence[str]) -> tuple[str, ...]:
    """Machine names of the own columns whose distinct values are wanted beforehand: genes, and identifiers of terms."""
    out = []
    for place, heading in enumerate(headings):
        ids, ref, _ = _identifiers(headings, place)
        out += [OWN + h for h in (ids, ref) if h]
        if known(client_name(heading))[1] == "gene" and "Identifier" in known(client_name(heading))[0]:
            out.append(OWN + heading)
    return tuple(dict.fromkeys(out))


def _identifiers(headings: Sequence[str], place: int) -> tuple[str, str, int]:
    """The column of identifiers of a heading, the column of their source, and how many columns these are."""
    after = headings[place + 1 : place + 3]
    heading = headings[place]
    if after and fold(after[0]) in (f"{fold(heading)} id", f"{fold(heading)} term id") and not known(after[0])[1]:
        return after[0], "", 1
    kinds = [TERM_SOURCE.match(a) for a in after]
    if len(after) == 2 and kinds[0] and kinds[1] and {k[1].casefold() for k in kinds if k} == {"ref", "accession"}:
        ref = after[0] if kinds[0][1].casefold() == "ref" else after[1]
        return (after[1] if ref == after[0] else after[0]), ref, 2
    return "", "", 0


def known(heading: str) -> tuple[str, str, str]:
    """A heading of the list of well-known columns: its spelling there (with its number), its group and form."""
    number = ""
    found = vocabularies.resolve(heading, "own_column").entry
    if found is None:
        parts = _NUMBERED.match(heading)
        if parts:
            found, number = vocabularies.resolve(parts[1], "own_column").entry, f" {parts[2]}"
    if found is None:
        return heading, "", ""
    return found.label + number, found.extra["group"], found.extra["form"]


_BANDS = {"quality": Band.CONTROL, "well": Band.KEY}


def place_of(heading: str, kind: Kind, variables: Collection[str]) -> tuple[str, Band, str]:
    """IDR's heading of an own column, its band and its group; `variables` are folded names."""
    bracketed = BRACKETED.match(heading)
    if bracketed:
        outer, inner = bracketed[1], bracketed[2].strip()
        band = {"Characteristics": Band.SAMPLE, "Experimental Condition": Band.CONDITION}.get(outer, Band.COMMENT)
        label, group, form = known(inner)
        return f"{outer} [{inner}]", band, group if form == "plain" and label == inner else ""
    label, group, form = known(heading)
    varied = fold(heading) in variables or fold(label) in variables
    if form == "plain" and not (varied and kind is Kind.EXPERIMENT and group != "gene"):
        if kind is Kind.EXPERIMENT and group == "gene":
            return f"Comment [{label}]", Band.REAGENT, group
        band = _BANDS.get(group, Band.REAGENT)
        if label.startswith("Control"):
            band = Band.CONTROL
        elif label == "Comments":
            band = Band.COMMENT
        return label, band, group
    if varied:
        return f"Experimental Condition [{label}]", Band.CONDITION, ""
    if form == "characteristics":
        return f"Characteristics [{label}]", Band.SAMPLE, ""
    return f"Comment [{heading}]", Band.COMMENT, ""
