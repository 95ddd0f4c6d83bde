"""Submission -> Study: the way into IDR's own structure."""

from __future__ import annotations

import datetime as dt
import re

from rembi_sheets.archives import Built
from rembi_sheets.archives.idr.build import bulkmap, component, layout, paths, study
from rembi_sheets.archives.idr.build.losses import losses
from rembi_sheets.archives.idr.document import Component, Study
from rembi_sheets.archives.idr.facts import cells, naming
from rembi_sheets.archives.idr.facts.annotation import Planner
from rembi_sheets.archives.idr.facts.processed import Processed, processed
from rembi_sheets.archives.idr.facts.results import Results
from rembi_sheets.archives.idr.facts.rows import Joins
from rembi_sheets.archives.idr.facts.survey import Survey, surveyed
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term


def build(submission: Submission, today: dt.date) -> Built:
    """The IDR study of a submission with its losses."""
    joins, seen = submission.once(surveyed)
    name = naming.study_name(submission)
    organisms = [component.organisms(submission, s.component) for s in seen]
    same = len(set(organisms)) == 1
    made = tuple(
        _component(joins, s, name, () if same else o, processed(submission, s.component))
        for s, o in zip(seen, organisms, strict=True)
    )
    document = Study(
        naming.accession(submission),
        name,
        study.blocks(submission, seen, organisms[0] if same and organisms else None, _prefixes(made, joins, seen)),
        made,
    )
    return Built(document, losses(submission, seen))


def _component(
    joins: Joins, seen: Survey, name: str, organisms: tuple[Term, ...], results: Processed | None
) -> Component:
    planner = Planner(joins, seen)
    columns = planner.columns
    full = [*columns, *Results(planner, results).columns]
    return Component(
        seen.kind,
        seen.number,
        seen.folder,
        component.blocks(joins.submission, seen, name, organisms, planner.variables, results),
        cells.table(joins, seen, full),
        layout.table_of(planner, columns, results),
        results.table if results else None,
        paths.table(joins, seen, name),
        bulkmap.bulkmap(full, bulkmap.gene_page(_genes(planner))),
    )


def _genes(planner: Planner) -> set[str]:
    """Every gene identifier of a component."""
    return {v for own in planner.own if own.group == "gene" for v in planner.seen.values.get(own.name, ())}


_REF = re.compile(r"Term Source REF\Z")


def _prefixes(made: tuple[Component, ...], joins: Joins, seen: list[Survey]) -> set[str]:
    """Every ontology that the components name, in their lines, in their samples and in columns of identifiers."""
    out = {v for c in made for b in c.blocks for line in b.lines if _REF.search(line.key) for v in line.values}
    for s in seen:
        out |= Planner(joins, s).prefixes
    return out - {""}
