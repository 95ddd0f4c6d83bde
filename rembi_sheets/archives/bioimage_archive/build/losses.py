"""What a study loses in BioImage Archive: whole columns, ORCIDs of a paper's authors, patterns that make no list."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets.archives import Loss
from rembi_sheets.archives.bioimage_archive.document import NAME
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.archives.shared.losses import author_ids, schema_losses
from rembi_sheets.cells import Place
from rembi_sheets.records import Biosample, Specimen

_ALL_WRITTEN = (Biosample.SHEET, Specimen.SHEET)  # whether or not image data shows them


def losses(scope: Scope) -> tuple[Loss, ...]:
    """What the data dictionary says of each column, and what depends on the rows."""
    sub = scope.submission
    return (*schema_losses(sub, NAME, written=_ALL_WRITTEN), *author_ids(NAME, sub), *_unlisted_results(scope))


def _unlisted_results(scope: Scope) -> Iterator[Loss]:
    """Patterns of result files that cannot be turned into a list, since the files are not at hand."""
    sub = scope.submission
    for analysis in sub.analysed_data if sub.inventory is None else ():
        for path in analysis.result_files:
            place = sub.place(analysis, "result_files")
            if "*" in path and isinstance(place, Place):
                yield Loss(NAME, place.sheet, place.label, (place.a1,), path, "lost")
