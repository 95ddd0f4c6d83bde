"""The details of an image set: REMBI's sample and acquisition as labelled lines, which a person can read.

EMPIAR has no field for them. Each line is "Label: text"; a line break within a text becomes a blank, so that
BIA's staff can lift the lines again. A component that is called like its image set, as an entry's are that was read
from EMPIAR, needs no label: its description stands as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rembi_sheets import derive
from rembi_sheets.records import Biosample, ImageData, Specimen
from rembi_sheets.schema import Schema
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term, Variable

Line = tuple[str, str]

# Labels of lines, in their order; the format's is that of its column.
LABELS = (
    *("Study", "Study type", "Keywords", "Study component", "Imaging method", "Biosample", "Organism"),
    *("Biological entity", "Intrinsic variable", "Extrinsic variable", "Experimental variables", "Specimen"),
    *("Experimental status", "Location", "Preparation", "Growth", "Signal/contrast", "Channels"),
    *("Image acquisition", "Instrument", "Acquisition", "Made from", "Dimensions", "Voxel size", "Size"),
    *("Image processing", "Image correlation", "Alignment", "Fiducials", "Transformation", "Related images"),
    *("Analysis", "Result type", "Data used", "File pattern", "Particle coordinates", "Result files"),
)


def details(sub: Submission, image: ImageData, first: bool, further: Iterable[Line] = ()) -> str:
    """All lines of one image set; those on the study stand in the first set only."""
    lines = [*(_study(sub) if first else ()), *_component(sub, image), *_sample(sub, image), *_acquisition(image)]
    lines += [*_image(sub, image), *_correlation(sub, image), *_analysis(sub, image), *further]
    return "\n".join(f"{label}: {one_line(text)}" if label else text for label, text in lines if text)


def has_label(line: str, schema: Schema) -> bool:
    """Does a line begin with a label of ours?"""
    return line.partition(": ")[0] in (*LABELS, schema[ImageData.SHEET]["file_format"].label)


def one_line(text: str) -> str:
    """A text without line breaks and runs of blanks."""
    return " ".join(text.split())


def with_id(item: Term | Variable) -> str:
    """'HeLa (CVCL_0030)': what was typed and its identifier."""
    text = item.label if isinstance(item, Term) else item.text
    return f"{text} ({item.id})" if item.id and item.id not in text else text


def _join(items: Iterable[Term | Variable]) -> str:
    return "; ".join(with_id(i) for i in items)


def _study(sub: Submission) -> Iterator[Line]:
    study = sub.study
    yield "Study", study.study_description
    yield "Study type", with_id(study.study_type) if study.study_type else ""
    yield "Keywords", "; ".join(study.keywords)


def _component(sub: Submission, image: ImageData) -> Iterator[Line]:
    component = image.study_component
    told = [one_line(text) for text in component.description.split("\n")] if component else []
    if component and component.name == image.name and not any(has_label(text, sub.schema) for text in told):
        yield "", "\n".join(text for text in told if text)
    elif component:
        yield "Study component", ". ".join(t for t in (component.name, component.description) if t)
    methods = tuple(m for a in derive.acquisitions(image) for m in a.imaging_methods)
    if component and not methods:
        methods = component.imaging_methods
    yield "Imaging method", "; ".join(dict.fromkeys(m.label for m in methods))


def _sample(sub: Submission, image: ImageData) -> Iterator[Line]:
    told: set[str] = set()
    for specimen in derive.specimens(image):
        for sample in derive.biosamples(image, specimen):
            if sample.identity not in told:
                told.add(sample.identity)
                yield from _biosample(sample)
        yield from _specimen(sub, specimen, image)


def _biosample(sample: Biosample) -> Iterator[Line]:
    yield "Biosample", ". ".join(t for t in (sample.identity, sample.description) if t)
    yield "Organism", _join(sample.organisms)
    yield "Biological entity", _join(sample.biological_entities)
    yield "Intrinsic variable", _join(sample.intrinsic_variables)
    yield "Extrinsic variable", _join(sample.extrinsic_variables)
    yield "Experimental variables", "; ".join(sample.experimental_variables)


def _specimen(sub: Submission, specimen: Specimen, image: ImageData) -> Iterator[Line]:
    yield "Specimen", specimen.name
    yield "Experimental status", specimen.experimental_status
    yield "Location", specimen.location
    yield "Preparation", specimen.preparation
    yield "Growth", specimen.growth_protocol
    yield "Signal/contrast", "; ".join(specimen.signal_contrast)
    yield "Channels", "; ".join(_channel(c.channel_name, c.content, c.biological_entity) + derive.light(sub, c)
                                for c in derive.channels(sub, specimen, image))  # fmt: skip


def _channel(name: str, content: str, entity: str) -> str:
    shown = ", ".join(t for t in (content, entity) if t)
    return f"{name} ({shown})" if name and shown else name or shown


def _acquisition(image: ImageData) -> Iterator[Line]:
    for acquisition in derive.acquisitions(image):
        yield "Image acquisition", acquisition.name
        yield "Instrument", acquisition.instrument
        yield "Acquisition", acquisition.parameters


def _image(sub: Submission, image: ImageData) -> Iterator[Line]:
    yield "Made from", "; ".join(s.name for s in image.source_image_data)
    yield sub.schema[image.SHEET]["file_format"].label, derive.format_text(image) if image.compression else ""
    deep = any(n is not None for n in (image.size_z, image.size_c, image.size_t, image.tilts_views))
    yield "Dimensions", derive.extents_text(image) if deep else ""
    yield "Voxel size", derive.pixel_size_text(image) if image.pixel_size_z is not None else ""
    yield "Size", derive.size_text(image)
    yield "Image processing", image.processing


def _correlation(sub: Submission, image: ImageData) -> Iterator[Line]:
    for correlation in derive.correlations(sub, image):
        yield "Image correlation", correlation.name
        yield "Alignment", correlation.alignment
        yield "Fiducials", correlation.fiducials
        yield "Transformation", correlation.transformation
        yield "Related images", "; ".join(correlation.related_images)


def _analysis(sub: Submission, image: ImageData) -> Iterator[Line]:
    for analysis in derive.analyses(sub, image):
        yield "Analysis", ". ".join(t for t in (analysis.name, analysis.method) if t)
        yield "Result type", analysis.result_type
        yield "Data used", analysis.data_used
