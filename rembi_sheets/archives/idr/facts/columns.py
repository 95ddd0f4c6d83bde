"""Headings of the annotation CSV: what becomes of the user's own columns of Files, and where each column stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
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
    """One of the user's own columns: its heading in Files and in IDR, its band, and the column of its identifiers.

    `other` is the own column that has the name which IDR would give this one, '' for none.
    """

    heading: str
    idr: str
    band: Band
    group: str = ""
    ids: str = ""
    ref: str = ""
    other: str = ""

    @property
    def name(self) -> str:
        """Machine name of the column in Files."""
        return OWN + self.heading


def own_columns(
    headings: Sequence[str], kind: Kind, variables: Collection[str], holds_terms: Callable[[str], bool]
) -> list[Own]:
    """The own columns of Files as IDR takes them, in their order.

    A column `X ID`, or Term Source columns right after X, hold the identifiers of X and are no columns themselves;
    `holds_terms` says whether what stands below `X ID` are identifiers of terms at all (a catalogue number is none).
    Of two columns that IDR would call the same, the one that is called so has the name; the other keeps its own.
    """
    named = {fold(v) for v in variables} | {fold(known(v)[0]) for v in variables}
    beside = {h: found for place, h in enumerate(headings) if (found := _identifiers(headings, place))}
    beside = {h: found for h, found in beside.items() if found[1] or holds_terms(found[0])}
    of_others = {h for found in beside.values() for h in found}
    made: dict[str, Own] = {}
    taken: dict[str, str] = {}
    mine = [h for h in headings if h not in of_others]
    for heading in sorted(mine, key=lambda h: _strange(h, place_of(h, kind, named)[0])):
        idr, band, group = place_of(heading, kind, named)
        other = taken.get(fold(idr), "")
        if other:
            idr, band, group = next(c for c in _under_own_name(heading, kind, band) if fold(c[0]) not in taken)
        taken[fold(idr)] = heading
        ids, ref = beside.get(heading, ("", ""))
        made[heading] = Own(heading, idr, band, group, ids, ref, other)
    return [made[h] for h in mine]


def _strange(heading: str, idr: str) -> int:
    """How far a heading is from that of IDR: 0 the same, 1 what stands in its brackets, 2 another word."""
    return 0 if fold(heading) == fold(idr) else 1 if fold(heading) == fold(client_name(idr)) else 2


def _under_own_name(heading: str, kind: Kind, band: Band) -> list[tuple[str, Band, str]]:
    """How a column may be called whose name in IDR another one has: by its own, as a comment or plainly."""
    comment, plain = (f"Comment [{client_name(heading)}]", Band.COMMENT, ""), (heading, band, "")
    return [plain, comment] if kind is Kind.SCREEN and known(heading)[2] == "plain" else [comment, plain]


def listed(headings: Sequence[str]) -> tuple[str, ...]:
    """Machine names of the own columns whose distinct values are wanted beforehand: genes, and identifiers of terms."""
    out = []
    for place, heading in enumerate(headings):
        out += [OWN + h for h in _identifiers(headings, place) if h]
        if known(client_name(heading))[1] == "gene" and "Identifier" in known(client_name(heading))[0]:
            out.append(OWN + heading)
    return tuple(dict.fromkeys(out))


_IDS = ("id", "term id", "identifier", "accession", "term accession")


def _identifiers(headings: Sequence[str], place: int) -> tuple[str, ...]:
    """The column of identifiers of a heading and the column of their source ('' for none); () without either."""
    after = headings[place + 1 : place + 3]
    kinds = [TERM_SOURCE.match(a) for a in after]
    if len(after) == 2 and kinds[0] and kinds[1] and {k[1].casefold() for k in kinds if k} == {"ref", "accession"}:
        return (after[1], after[0]) if kinds[0][1].casefold() == "ref" else (after[0], after[1])
    found = [h for h in headings if names_identifiers(h, headings[place])]
    return (found[0], "") if found else ()


def names_identifiers(heading: str, other: str) -> bool:
    """Does a heading say that its column holds the identifiers of another: `X ID` beside X?"""
    names = {f"{fold(name)} {word}" for name in (other, client_name(other)) for word in _IDS}
    return fold(heading) in names and not known(heading)[1]


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
        # a word of the user's own stays: it is the name of the variable
        own = label if fold(label) == fold(heading) else heading
        return f"Experimental Condition [{own}]", Band.CONDITION, ""
    if form == "characteristics":
        return f"Characteristics [{label}]", Band.SAMPLE, ""
    return f"Comment [{heading}]", Band.COMMENT, ""


_RESERVED = frozenset(("plate", "well", "image", "dataset", "roi"))


def reserved(heading: str) -> bool:
    """Whether OMERO takes a heading for plate, well, image, dataset or region, in any of its spellings."""
    plain = re.sub(r"[ _]", "", heading).casefold()
    return plain in _RESERVED or (
        plain.endswith(("name", "id")) and plain.removesuffix("name").removesuffix("id") in _RESERVED
    )
