"""Rules of BioImage Archive about components, samples, image data, analyses and annotation sets."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.document import ONLY
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import ImageData
from rembi_sheets.submission import Submission, fold

_SHOWN = 6  # combinations named in a message


def check(scope: Scope) -> Iterator[Finding]:
    """Findings of the records from Study components to Annotations."""
    yield from _titles(scope)
    yield from _unused(scope.submission)
    yield from _image_data(scope)
    yield from _annotations(scope)


def _titles(scope: Scope) -> Iterator[Finding]:
    """Names by which the archive tells files and analyses apart, and which two rows share."""
    sub = scope.submission
    components = {fold(c.name): c for c in scope.components}
    for annotation in scope.annotations:
        if fold(annotation.name) in components:
            yield find("BIA-NAME-SHARED", sub.place(annotation, "name"), value=annotation.name, archives=ONLY)
    derived = {fold(p.title) for d in scope.images if (p := scope.processing(d))}
    for analysis in sub.analysed_data:
        if fold(analysis.name) in derived:
            yield find("BIA-ANALYSIS-SHARED", sub.place(analysis, "name"), value=analysis.name, archives=ONLY)


def _unused(sub: Submission) -> Iterator[Finding]:
    """Samples that no image data leads to: the archive drops one that no association names."""
    specimens = {s.name for d in sub.image_data for s in derive.specimens(d)}
    shown = {b.identity for d in sub.image_data for s in derive.specimens(d) for b in derive.biosamples(d, s)}
    for biosample in sub.biosamples:
        if biosample.identity and biosample.identity not in shown and not sub.unresolved & {"biosamples", "specimens"}:
            place = sub.place(biosample, "identity")
            yield find("BIA-SAMPLE-UNUSED", place, value=biosample.identity, archives=ONLY)
    for specimen in sub.specimens:
        if specimen.name and specimen.name not in specimens and "specimens" not in sub.unresolved:
            yield find("BIA-SAMPLE-UNUSED", sub.place(specimen, "name"), value=specimen.name, archives=ONLY)


def _image_data(scope: Scope) -> Iterator[Finding]:
    sub = scope.submission
    for image in scope.images:
        yield from _origin(sub, image)
        strangers = [b for b in image.biosamples if not any(b in s.biosamples for s in derive.specimens(image))]
        for biosample in strangers if derive.specimens(image) else ():
            place = sub.place(image, "biosamples")
            yield find("BIA-BIOSAMPLE-ELSEWHERE", place, value=biosample.identity, image=image.name, archives=ONLY)
        combinations = list(scope.combinations(image))
        if len(combinations) > 1:
            listed = [f"{b.identity} + {s.name} + {a.name}" for b, s, a in combinations[:_SHOWN]]
            more = ["..."] if len(combinations) > _SHOWN else []
            yield find(
                "BIA-COMBINATIONS",
                sub.place(image, "specimens"),
                value=image.name,
                n=len(combinations),
                list=[*listed, *more],
                archives=ONLY,
            )
        if image.type == "segmentation" and not scope.annotations:
            yield find("BIA-MASKS", sub.place(image, "type"), value=image.name, archives=ONLY)


def _origin(sub: Submission, image: ImageData) -> Iterator[Finding]:
    """Image data made from others takes over their specimens and acquisitions; somewhere they must be named."""
    if not image.source_image_data:
        return
    for name, found in (("specimens", derive.specimens(image)), ("image_acquisition", derive.acquisitions(image))):
        if not found and not sub.typed(image, name) and name not in sub.unresolved:
            label = sub.schema["image_data"][name].label
            yield find("BIA-ORIGIN", sub.place(image, name), value=image.name, what=label, archives=ONLY)


def _annotations(scope: Scope) -> Iterator[Finding]:
    sub = scope.submission
    rows = {fold(name): n for name, n in sub.file_counts.items()}
    for annotation in scope.annotations:
        if not rows.get(fold(annotation.name)):
            place = sub.place(annotation, "name")
            yield find("BIA-ANNOTATION-FILES", place, value=annotation.name, archives=ONLY)
