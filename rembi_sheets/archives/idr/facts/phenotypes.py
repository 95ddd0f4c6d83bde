"""Columns of phenotypes: which a row has, with the terms of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rembi_sheets.archives.idr.facts import headings, sources, text
from rembi_sheets.archives.idr.facts.cells import Cells, Column, joined_text, once
from rembi_sheets.archives.idr.facts.columns import Band
from rembi_sheets.archives.idr.facts.rows import Part, find
from rembi_sheets.cells import letters
from rembi_sheets.records import Phenotype
from rembi_sheets.values import Term

HAS = headings.HAS_PHENOTYPE
LEVEL = headings.PHENOTYPE_LEVEL


def columns(heading: str, cells: Cells, names: set[str], known: Mapping[str, Phenotype]) -> list[Column]:
    """Phenotype n, with its terms: Term Name and Term Accession, with a, b .. behind where there are several."""
    made = once(cells)
    found = {n: find(known, n) for n in names}
    terms = {n: tuple(dict.fromkeys(p.terms)) if p else () for n, p in found.items()}
    out = [Column(heading, Band.PHENOTYPE, made, "phenotype")]
    most = max(map(len, terms.values()), default=0)
    for n in range(most):

        def term(name: str, n: int = n) -> Term:
            of_it = terms.get(name, ())
            return of_it[n] if n < len(of_it) else Term("")

        def labels(part: Part, term: Callable[[str], Term] = term) -> list[str]:
            return [text.cell(term(v).label) for v in made(part)]

        def accessions(part: Part, term: Callable[[str], Term] = term) -> list[str]:
            return [sources.split(term(v).id)[1] for v in made(part)]

        letter = f" {letters(n + 1).lower()}" if most > 1 else ""
        out += [
            Column(f"{heading} Term Name{letter}", Band.PHENOTYPE, labels, "phenotype"),
            Column(f"{heading} Term Accession{letter}", Band.PHENOTYPE, accessions, "phenotype"),
        ]
    return out


def named(value: str, known: Mapping[str, Phenotype]) -> str:
    """The name of the phenotype that a value of a table of results means: case and blanks do not matter."""
    found = find(known, value)
    return text.cell(found.name) if found else value


def levels(values: Sequence[object], known: Mapping[str, Phenotype]) -> list[str]:
    """The levels of the phenotypes that each row names."""
    made: dict[object, str] = {}
    for names in set(values):
        found = [find(known, n) for n in names] if isinstance(names, tuple) else []
        made[names] = joined_text(p.annotation_level for p in found if p)
    return [made[names] for names in values]


def any_of(part: Part) -> list[str]:
    """yes where Files names a phenotype."""
    return ["yes" if v else "" for v in part.texts("phenotypes")]


def has(phenotype: Phenotype) -> Cells:
    """The name of a phenotype in the rows that name it."""
    shown = text.cell(phenotype.name)

    def cells(part: Part) -> list[str]:
        return [shown if isinstance(v, tuple) and phenotype.name in v else "" for v in part.values("phenotypes")]

    return cells
