"""Columns that say what the samples of a component are: organisms, entities, variables, specimens, channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.facts import headings, samples, sources, text
from rembi_sheets.archives.idr.facts.cells import Column, joined_text, of_sample
from rembi_sheets.archives.idr.facts.columns import Band
from rembi_sheets.archives.idr.facts.rows import Sample
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.values import Term


class SampleColumns:
    """Makes the columns of the samples that a component uses; those without any value are left out."""

    def __init__(self, seen: Survey) -> None:
        self.seen = seen

    def _term(self, heading: str, terms: Callable[[Sample], Sequence[Term]], group: str = "") -> list[Column]:
        """Columns for the terms of a Sample: one, or numbered ones where some Sample has several."""
        most = max((len(terms(s)) for s in self.seen.used), default=0)
        out = []
        for n in range(most):
            name = heading if most == 1 else _numbered(heading, n + 1)

            def term(sample: Sample, n: int = n) -> Term:
                found = terms(sample)
                return found[n] if n < len(found) else Term("")

            has_id = any(term(s).id for s in self.seen.used)
            out.append(
                Column(
                    name,
                    Band.SAMPLE if heading.startswith("Char") else Band.COMMENT,
                    of_sample(lambda s, t=term: t(s).label),  # type: ignore[misc]
                    group,
                    of_sample(lambda s, t=term: sources.split(t(s).id)[0]) if has_id else None,  # type: ignore[misc]
                    of_sample(lambda s, t=term: sources.split(t(s).id)[1]) if has_id else None,  # type: ignore[misc]
                )
            )
        return out

    def organisms(self) -> list[Column]:
        """The organism, with its source and accession."""

        def organisms(s: Sample) -> tuple[Term, ...]:
            return tuple(dict.fromkeys(o for b in s.biosamples for o in b.organisms))

        return self._term(headings.ORGANISM, organisms, "organism")

    def entities(self) -> list[Column]:
        """Biological entities, a heading for each kind."""
        kinds = list(dict.fromkeys(k for s in self.seen.used for _, k in samples.entities(s)))
        out: list[Column] = []
        for kind in kinds:
            heading = headings.ENTITIES.get(kind, headings.OTHER_ENTITY)

            def terms(s: Sample, heading: str = heading) -> tuple[Term, ...]:
                return tuple(
                    sources.cell_line(t) if k == "cell line" else t
                    for t, k in samples.entities(s)
                    if headings.ENTITIES.get(k, headings.OTHER_ENTITY) == heading
                )

            if heading not in [c.heading for c in out]:
                out += self._term(heading, terms, "cell_line" if kind == "cell line" else "")
        return out

    def variables(self) -> list[Column]:
        """Named variables of the biosamples: intrinsic ones as Characteristics, extrinsic as Experimental Condition."""
        out = []
        for field, outer, band in (
            ("intrinsic_variables", headings.CHARACTERISTICS, Band.SAMPLE),
            ("extrinsic_variables", headings.CONDITION, Band.CONDITION),
        ):
            named: dict[str, str] = {}
            for s in self.seen.used:
                for b in s.biosamples:
                    for v in getattr(b, field):
                        if v.name:
                            found = vocabularies.resolve(v.name, "own_column").entry
                            named.setdefault(v.name.casefold(), found.label if found else v.name)
            for key, label in named.items():

                def terms(s: Sample, field: str = field, key: str = key) -> tuple[Term, ...]:
                    found = [v for b in s.biosamples for v in getattr(b, field) if v.name.casefold() == key]
                    values = dict.fromkeys(v.value for v in found)
                    ids = dict.fromkeys(v.id for v in found if v.id)
                    return (Term("; ".join(values), next(iter(ids)) if len(ids) == 1 else ""),) if found else ()

                out += [replace(c, band=band) for c in self._term(f"{outer} [{text.cell(label)}]", terms)]
        return out

    def channels(self) -> list[Column]:
        """The channels in one cell, as IDR writes them."""
        return self.of_text((headings.CHANNELS, Band.CHANNELS, samples.channels))

    def of_text(self, *made: tuple[str, Band, Callable[[Sample], str]]) -> list[Column]:
        """Columns of a text each Sample has, those without any text left out."""
        return [Column(h, band, of_sample(make)) for h, band, make in made if any(make(s) for s in self.seen.used)]

    def specimens(self) -> list[Column]:
        """What only comments have a place for: specimen, description, location, contrast."""
        return self.of_text(
            (headings.SPECIMEN, Band.COMMENT, lambda s: joined_text(x.name for x in s.specimens)),
            (headings.DESCRIPTION, Band.COMMENT, lambda s: joined_text(b.description for b in s.biosamples)),
            (headings.UNNAMED, Band.COMMENT, samples.unnamed),
            (
                headings.LOCATION,
                Band.COMMENT,
                lambda s: joined_text(x.location for x in s.specimens),
            ),
            (
                headings.SIGNAL,
                Band.COMMENT,
                lambda s: joined_text(m for x in s.specimens for m in x.signal_contrast),
            ),
        )


def _numbered(heading: str, number: int) -> str:
    return f"{heading[:-1]} {number}]" if heading.endswith("]") else f"{heading} {number}"
