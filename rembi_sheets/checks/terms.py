"""Terms: unknown and ambiguous labels, identifiers that disagree, wrong branches (rules 7 to 9)."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets import vocabularies
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Column, Kind
from rembi_sheets.submission import beside as ids_beside
from rembi_sheets.tables import Table
from rembi_sheets.values import UNREADABLE, Term
from rembi_sheets.vocabularies import Relation
from rembi_sheets.vocabularies.doubts import Doubt, Doubtful, doubts

# What becomes a finding. Synonyms and labels that have no term need none: they are read, and kept, as they are;
# what stands for no identifier at all is reported by its form.
_CODES = {
    Doubt.UNKNOWN: "TERM-UNKNOWN",
    Doubt.HOLDS_TERMS: "TERM-PHRASE",
    Doubt.MISPLACED: "TERM-ELSEWHERE",
    Doubt.AMBIGUOUS: "TERM-AMBIGUOUS",
    Doubt.UNKNOWN_IDENTIFIER: "TERM-ID-UNKNOWN",
    Doubt.ELSEWHERE: "TERM-ID-ELSEWHERE",
    Doubt.DISAGREES: "TERM-ID-MISMATCH",
    Doubt.OBSOLETE: "TERM-OBSOLETE",
    Doubt.WRONG_BRANCH: "TERM-BRANCH",
    Doubt.BROADER: "TERM-BROADER",
    Doubt.NEWER: "TERM-NEWER",
}


def check_cells(table: Table) -> list[Finding]:
    """Findings on every term column of a table, or of a part of it."""
    out: list[Finding] = []
    ids = {c.ids_of: c for c in table.sheet.columns if c.ids_of}
    for column in table.sheet.columns:
        if column.kind is Kind.TERM and column.name in table.columns:
            out += _column(table, column, ids.get(column.name))
    return out


def check_stores() -> list[Finding]:
    """A note on each vocabulary of the user that cannot be asked, so that nobody wonders why its terms are unknown."""
    from rembi_sheets.vocabularies import cache

    return [find("TERM-STORE", value=own.name, what=own.problem) for own in cache.known() if own.problem]


def _column(table: Table, column: Column, beside: Column | None) -> Iterator[Finding]:
    values = table.values(column.name)
    ids = table.values(beside.name) if beside is not None and beside.name in table.columns else None
    written = (value if isinstance(value, tuple) else (value,) for value in values)
    vocabularies.foresee((t.label for terms in written for t in terms if isinstance(t, Term)), column.list)
    judged: dict[tuple[Term, str], tuple[Doubtful, ...]] = {}
    for i, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        if value is None or value is UNREADABLE:
            continue
        terms: tuple[Term, ...] = value if isinstance(value, tuple) else (value,)
        given = ids_beside(terms, ids[i] if ids is not None else None, column.list) or ("",) * len(terms)
        place = table.place(row, column.name)
        for term, curie in zip(terms, given, strict=True):
            known = judged.setdefault((term, curie), doubts(term.label, curie or term.id, column.list))
            id_place = table.place(row, beside.name) if beside is not None and curie else place
            for d in known:
                if d.doubt in _CODES:
                    # A label that no term has is the one to mend; else the identifier is.
                    at = id_place if d.id and (d.instead or d.doubt is not Doubt.DISAGREES) else place
                    yield _finding(d, term, at, column.list, tuple(t.label for t in terms))


# how the term that is proposed stands to what was typed
_HOW = {
    Relation.BROADER: "it is the broader term",
    Relation.DERIVED: "what you name is derived from it",
    Relation.PART: "it is one of the things you name",
    Relation.OFTEN: "it is what is mostly meant",
}


def _finding(d: Doubtful, term: Term, at: Place, name: str, cell: tuple[str, ...]) -> Finding:
    near = d.instead
    if d.doubt is Doubt.DISAGREES and d.meant and not near:  # another thing than the identifier's is no slip for it
        near = vocabularies.near(term.label, (d.meant.label, *d.meant.synonyms), limit=1, vouched=True)
    if d.doubt is Doubt.UNKNOWN:  # a slip for what stands in the cell already would be one term twice
        there = {vocabularies.resolve(label, name).entry for label in cell} - {None}
        near = tuple(label for label in near if vocabularies.resolve(label, name).entry not in there)
    return find(
        _CODES[d.doubt],
        at,
        value=term.label,
        suggestions=near,
        id=d.id,
        other=d.meant.label if d.meant else "",
        means=f"means “{d.meant.label}”, not" if d.meant else "is the identifier of another term, not of",
        date=vocabularies.date(name),
        how=_HOW.get(d.proposed.relation, "") if d.proposed and d.proposed.relation else "",
        list=vocabularies.source(name).title,
        what=d.proposed.misplaced.what if d.proposed and d.proposed.misplaced else "",
        instead=d.proposed.misplaced.instead if d.proposed and d.proposed.misplaced else "",
    )
