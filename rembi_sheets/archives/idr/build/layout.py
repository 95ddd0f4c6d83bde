"""The library file of a screen and the assays file of an experiment: the rows without their results."""

from __future__ import annotations

from rembi_sheets.archives.idr.build import protocols
from rembi_sheets.archives.idr.document import Table
from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.facts.annotation import Planner
from rembi_sheets.archives.idr.facts.cells import Cells, Column, of_sample, table
from rembi_sheets.archives.idr.facts.columns import Band
from rembi_sheets.archives.idr.facts.processed import Processed
from rembi_sheets.coded import throughout


def table_of(planner: Planner, columns: list[Column], results: Processed | None) -> Table:
    """Library or assays file of a component."""
    return table(planner.joins, planner.seen, columns if planner.screen else _assays(planner, columns, results))


def _assays(planner: Planner, columns: list[Column], results: Processed | None) -> list[Column]:
    """IDR's order, left to right in time: source, treatment, assay, image, analysis."""
    named = protocols.Named(planner.sub, planner.seen)

    def refs(stage: str) -> Column:
        make = of_sample(lambda s: named.of_sample(s, stage))
        return Column(headings.PROTOCOL_REF, Band.KEY, make)

    def names(kind: str) -> Cells:
        if kind == "source":
            return of_sample(lambda s: "; ".join(b.identity for b in s.biosamples))
        return of_sample(lambda s: "; ".join(a.name for a in s.acquisitions))

    keys = {c.heading: c for c in columns if c.band is Band.KEY}
    own = {c.heading for c in columns}
    sample = [c for c in columns if c.band is Band.SAMPLE]
    middle = [c for c in columns if c.band in (Band.CONDITION, Band.REAGENT, Band.CONTROL)]
    rest = [c for c in columns if c.band in (Band.COMMENT, Band.CHANNELS) and c.heading != headings.PATH]
    path = [c for c in columns if c.heading == headings.PATH]
    file = Column(headings.IMAGE_FILE, Band.KEY, lambda p: p.file_names)
    image = [keys[headings.IMAGE]] if planner.seen.renamed or not path else []
    last = [refs(protocols.ANALYSIS)]
    if results is not None and results.table is not None:
        name = f"{planner.accession}-{planner.seen.folder}-processed.txt"
        last.append(Column(headings.PROCESSED_FILE, Band.RESULT, lambda p: throughout(name, len(p.samples))))
    made = [
        Column(headings.SOURCE, Band.KEY, names("source")),
        *sample,
        *(refs(s) for s in (protocols.GROWTH, protocols.TREATMENT, protocols.IMAGING)),
        Column(headings.ASSAY, Band.KEY, names("assay")),
        *middle,
        keys[headings.DATASET],
        file,
        *image,
        *path,
        *(c for c in rest if c.band is Band.COMMENT),
        *(c for c in rest if c.band is Band.CHANNELS),
        *last,
    ]
    # a heading of the user's own goes before the same one made here
    return [c for c in made if c in columns or c.heading == headings.PROTOCOL_REF or c.heading not in own]
