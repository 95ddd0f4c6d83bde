"""What a study loses in IDR because of its kind: a screen has no assays file, an experiment no library."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets import derive
from rembi_sheets.archives import Loss
from rembi_sheets.archives.idr.build.protocols import protocols
from rembi_sheets.archives.idr.document import NAME, Kind
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.shared.losses import author_ids, loss, lost, schema_losses
from rembi_sheets.attached import attached, homes
from rembi_sheets.records import Record
from rembi_sheets.submission import Submission


def losses(sub: Submission, seen: list[Survey]) -> tuple[Loss, ...]:
    """What the data dictionary says of each column, and what follows from a component being screen or experiment."""
    return (
        *schema_losses(sub, NAME),
        *_of_kind(sub, seen),
        *_names(sub, seen),
        *_attached(sub, seen),
        *author_ids(NAME, sub),
    )


def _attached(sub: Submission, seen: list[Survey]) -> Iterator[Loss]:
    """Files that texts name: the path stays in the text, but IDR takes images and tables alone."""
    named = homes(sub, [s.component for s in seen])
    for file in attached(sub):
        if file.path in named:
            went = "lost: the file itself; its path stays in the text"
            yield lost(NAME, sub, file.record, file.field, file.path, went)


def _of_kind(sub: Submission, seen: list[Survey]) -> Iterator[Loss]:
    in_assays: set[Record] = set()
    in_screens: dict[Record, str] = {}
    for s in seen:
        images = derive.images(sub, s.component)
        acquisitions = dict.fromkeys(a for d in images for a in derive.acquisitions(d))
        biosamples = dict.fromkeys(b for d in images for x in derive.specimens(d) for b in derive.biosamples(d, x))
        if s.kind is Kind.EXPERIMENT:
            yield from (loss(NAME, sub, s.component, n) for n in s.out_of_place)
            in_assays.update(biosamples, acquisitions)
        else:
            in_screens |= dict.fromkeys(biosamples, "identity")
            # several acquisitions give their names to their protocols
            in_screens |= dict.fromkeys(acquisitions, "name") if len(acquisitions) == 1 else {}
    for record, name in in_screens.items():
        if record not in in_assays:
            yield loss(NAME, sub, record, name)


def _names(sub: Submission, seen: list[Survey]) -> Iterator[Loss]:
    """Names of image data and analyses that no dataset, protocol or source repeats."""
    written = {p.name for s in seen for p in protocols(sub, s)} | _datasets(sub, seen)
    written |= {d.name for image in sub.image_data for d in image.source_image_data}
    written |= {d.name for c in sub.image_correlation for d in c.image_data}
    written |= {d.name for m in sub.annotations for d in m.image_data}
    for s in seen:
        images = derive.images(sub, s.component)
        analysed = dict.fromkeys(a for d in images for a in derive.analyses(sub, d))
        unnamed: list[Record] = [d for d in images if d.name not in written]
        unnamed += [a for a in analysed if a.name not in written]
        yield from (loss(NAME, sub, record, "name") for record in unnamed)


def _datasets(sub: Submission, seen: list[Survey]) -> set[str]:
    """Image data whose name is that of a dataset: those of an experiment with a file that names no other."""
    names = {d.name for s in seen if s.kind is Kind.EXPERIMENT for d in derive.images(sub, s.component)}
    if "dataset" not in sub.tables["files"].columns:
        return names
    parts = (p for p in sub.file_parts() if "dataset" in p.names)
    unnamed = (p.of_rows(~p.cells.filled("dataset")).distinct("image_data") for p in parts)
    return names & {str(image) for images in unnamed for image in images if image is not None}
