"""Study -> Submission: the way back from IDR's own structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rembi_sheets.archives import Restored
from rembi_sheets.archives.idr.document import NAME, Study
from rembi_sheets.archives.idr.restore import study as lines_of
from rembi_sheets.archives.idr.restore.component import Part, Taken, part
from rembi_sheets.archives.idr.restore.files import files
from rembi_sheets.archives.idr.restore.lines import Lines, Notes
from rembi_sheets.archives.idr.restore.methods import apart
from rembi_sheets.archives.idr.restore.paths import common_folder
from rembi_sheets.archives.idr.restore.people import people
from rembi_sheets.archives.shared.restoring import with_methods
from rembi_sheets.records import Record
from rembi_sheets.schema import load
from rembi_sheets.submission import of_records, to_tables


def restore(document: Study) -> Restored:
    """The study of a document. Tables of results go with it as attachments, by the path that the workbook has."""
    schema, notes, taken = load(), Notes(), Taken()
    lines = Lines(document.blocks, "study", notes)
    persons, organisations = people(lines)
    common = lines_of.organisms(lines, "Study")
    study = lines_of.study(lines, document, persons, schema, NAME)
    publications, links = lines_of.publications(lines), lines_of.links(lines)
    lines.unread()
    parts = [part(c, document.name, common, notes, taken) for c in document.components]
    _keep(lines, parts)
    study = replace(study, data_folder=common_folder([p.places for p in parts if p.sheet.listed]))
    records: Mapping[str, Sequence[Record]] = {
        "study": [study],
        "people": persons,
        "organisations": organisations,
        "publications": publications,
        "links": [*links, *(link for p in parts for link in p.links)],
        "study_components": [p.component for p in parts],
        "biosamples": [b for p in parts for b in p.samples.biosamples],
        "specimens": [s for p in parts for s in p.samples.specimens],
        "channels": [c for p in parts for c in p.channels],
        "image_acquisition": [a for p in parts for a in p.images.acquisitions],
        "image_data": [d for p in parts for d in p.images.image_data],
        "image_correlation": [c for p in parts for c in p.correlations],
        "analysed_data": [a for p in parts for a in p.results.analysed],
        "phenotypes": [x for p in parts for x in p.results.phenotypes],
        "processed_columns": [c for p in parts for c in p.results.columns],
    }
    made = of_records(schema, records, files(schema, parts, notes))
    settled = with_methods(to_tables(made), apart(made), _attachments(document, parts))
    return Restored(settled, tuple(notes.found))


def _keep(lines: Lines, parts: Sequence[Part]) -> None:
    """What is kept of the study stands with its first component; without one it is listed."""
    for text in lines.kept if not parts else ():
        lines.notes.add(lines.where, text)
    if lines.kept and parts:
        first = parts[0].component
        parts[0].component = replace(first, comments="\n".join(filter(None, (first.comments, *lines.kept))))


def _attachments(document: Study, parts: Sequence[Part]) -> dict[str, bytes]:
    """The tables of results by the first result file of the analysis that they are of."""
    out: dict[str, bytes] = {}
    for component, p in zip(document.components, parts, strict=True):
        table = component.processed
        path = next((f for a in p.results.analysed if not a.result_level for f in a.result_files), "")
        if table is not None and path:
            rows = ["\t".join(cell.replace("\t", " ") for cell in row) for row in (table.header, *table)]
            out[path] = ("\n".join(rows) + "\n").encode("utf-8")
    return out
