"""Which biosample, specimen, acquisition, correlation and analysis belong together in a study component."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.document import NAME
from rembi_sheets.records import (
    AnalysedData,
    AnnotationSet,
    Biosample,
    ImageAcquisition,
    ImageCorrelation,
    ImageData,
    Specimen,
    StudyComponent,
)
from rembi_sheets.submission import Submission

PROCESSING = "Processing: "


@dataclass(frozen=True, slots=True)
class Analysis:
    """One section Image analysis: the processing of image data, or a row of Analysed data."""

    title: str
    source: ImageData | AnalysedData


@dataclass(frozen=True, slots=True)
class Association:
    """One section Associations, by the titles it repeats; an empty text is left out."""

    biosample: str
    specimen: str
    acquisition: str
    correlation: str = ""
    analysis: str = ""


class Scope:
    """What of a submission goes to BioImage Archive: its components and all that their image data lead to."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission

    @cached_property
    def components(self) -> tuple[StudyComponent, ...]:
        """Components for this archive, in sheet order."""
        return derive.components(self.submission, NAME)

    @cached_property
    def images(self) -> tuple[ImageData, ...]:
        """Image data of these components, in sheet order."""
        return tuple(d for d in self.submission.image_data if d.study_component in self.components)

    @cached_property
    def _of_others(self) -> tuple[ImageData, ...]:
        """Image data that go to other archives alone."""
        return tuple(d for d in self.submission.image_data if d not in self.images)

    @cached_property
    def specimens(self) -> tuple[Specimen, ...]:
        """Specimens these image data show, and those that none shows, in sheet order."""
        others = self._without(lambda d: (s.name for s in derive.specimens(d)))
        return tuple(s for s in self.submission.specimens if s.name not in others)

    @cached_property
    def biosamples(self) -> tuple[Biosample, ...]:
        """Biosamples these image data show, and those that none shows, in sheet order."""
        others = self._without(lambda d: (b.identity for s in derive.specimens(d) for b in derive.biosamples(d, s)))
        return tuple(b for b in self.submission.biosamples if b.identity not in others)

    @cached_property
    def acquisitions(self) -> tuple[ImageAcquisition, ...]:
        """Acquisitions of these image data, in sheet order; those of none may be a facility's other instruments."""
        used = {a.name for d in self.images for a in derive.acquisitions(d)}
        return tuple(a for a in self.submission.image_acquisition if a.name in used)

    def _without(self, names: Callable[[ImageData], Iterable[str]]) -> set[str]:
        """The names that image data of other archives have, and none of these."""
        used = {n for d in self.images for n in names(d)}
        return {n for d in self._of_others for n in names(d)} - used

    @cached_property
    def correlations(self) -> tuple[ImageCorrelation, ...]:
        """Correlations of these image data, and those that name none."""
        found = self.submission.image_correlation
        return tuple(c for c in found if not c.image_data or any(d in self.images for d in c.image_data))

    @cached_property
    def annotations(self) -> tuple[AnnotationSet, ...]:
        """Annotation sets of these image data, and those that name none."""
        return tuple(
            a for a in self.submission.annotations if not a.image_data or any(d in self.images for d in a.image_data)
        )

    @cached_property
    def analyses(self) -> tuple[Analysis, ...]:
        """Processing of image data in sheet order, then Analysed data."""
        processed = (self.processing(d) for d in self.images)
        return (
            *(p for p in processed if p),
            *(
                Analysis(a.name, a)
                for a in self.submission.analysed_data
                if not a.image_data or any(d in self.images for d in a.image_data)
            ),
        )

    def processing(self, image: ImageData) -> Analysis | None:
        """The derived analysis of image data that says how, or at least from what, it was made."""
        if not image.processing and not image.source_image_data:
            return None
        return Analysis(PROCESSING + image.name, image)

    def analyses_of(self, image: ImageData) -> tuple[Analysis, ...]:
        """Own processing first, then the Analysed data that name the image data."""
        own = self.processing(image)
        named = tuple(Analysis(a.name, a) for a in derive.analyses(self.submission, image))
        return (own, *named) if own else named

    def combinations(self, image: ImageData) -> Iterator[tuple[Biosample, Specimen, ImageAcquisition]]:
        """Every true combination of biosample, specimen and acquisition of image data."""
        for specimen in derive.specimens(image):
            for biosample in derive.biosamples(image, specimen):
                for acquisition in derive.acquisitions(image):
                    yield biosample, specimen, acquisition

    def associations(self, component: StudyComponent) -> tuple[Association, ...]:
        """The Associations of a component; the k-th correlation stands beside the k-th analysis, equal ones once."""
        found: dict[Association, None] = {}
        for image in derive.images(self.submission, component):
            correlated = [c.name for c in derive.correlations(self.submission, image)]
            analysed = [a.title for a in self.analyses_of(image)]
            for biosample, specimen, acquisition in self.combinations(image):
                for k in range(max(1, len(correlated), len(analysed))):
                    association = Association(
                        biosample.identity,
                        specimen.name,
                        acquisition.name,
                        correlated[k] if k < len(correlated) else "",
                        analysed[k] if k < len(analysed) else "",
                    )
                    found[association] = None
        return tuple(found)
