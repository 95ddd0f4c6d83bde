"""REMBI attributes without a field of their own stand as `Label: text` lines at the end of a section's main text."""

from __future__ import annotations

from collections.abc import Iterable

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.facts import lines
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.records import AnalysedData, ImageCorrelation, ImageData, Record, Specimen, StudyComponent
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term


def _join(main: str, extra: Iterable[tuple[str, str]]) -> str:
    return "\n".join([*([main] if main else []), *(f"{label}: {text}" for label, text in extra if text)])


def _field(sub: Submission, record: Record, name: str) -> tuple[str, str]:
    """Label of a field and its text; several values are joined by semicolons."""
    value = getattr(record, name)
    values = value if isinstance(value, tuple) else (value,)
    texts = (v.label if isinstance(v, Term) else v.name if isinstance(v, ImageData) else str(v) for v in values if v)
    return sub.schema[record.SHEET][name].label, "; ".join(texts)


def of_specimen(scope: Scope, specimen: Specimen) -> str:
    """Preparation, then status, location, signal and channels."""
    sub = scope.submission
    channels = [
        (f"{c.channel_name}: {shown}" if shown else c.channel_name) + derive.light(sub, c)
        for c in derive.channels(sub, specimen)
        for shown in [_channel(c.content, c.biological_entity, [d.name for d in c.image_data])]
    ]
    return _join(
        specimen.preparation,
        (
            *(_field(sub, specimen, n) for n in lines.SPECIMEN),
            (sub.schema["channels"].title, "; ".join(channels)),
        ),
    )


def _channel(content: str, entity: str, images: list[str]) -> str:
    shown = f"{content} ({entity})" if content and entity else content or entity
    return f"{shown} in {', '.join(images)}".strip() if images else shown


def of_correlation(sub: Submission, correlation: ImageCorrelation) -> str:
    """Alignment, then related images."""
    return _join(correlation.alignment, (_field(sub, correlation, n) for n in lines.CORRELATION))


def of_processing(sub: Submission, image: ImageData) -> str:
    """How image data was processed, and from what it was made."""
    return _join(image.processing, (_field(sub, image, n) for n in lines.PROCESSING))


def of_analysis(sub: Submission, analysis: AnalysedData) -> str:
    """Method, then kind and description of the results, phenotypes, and columns of the first result file."""
    phenotypes = [
        _phenotype(p.name, p.description, p.terms)
        for p in sub.phenotypes
        if any(a == analysis for a in p.analysed_data)
    ]
    columns = [
        f"{c.column_name} ({c.description})" if c.description else c.column_name
        for c in sub.processed_columns
        if c.analysed_data == analysis
    ]
    return _join(
        analysis.method,
        (
            *(_field(sub, analysis, n) for n in lines.ANALYSIS),
            (sub.schema["phenotypes"].title, "; ".join(phenotypes)),
            (sub.schema["processed_columns"].title, "; ".join(columns)),
        ),
    )


def _phenotype(name: str, description: str, terms: tuple[Term, ...]) -> str:
    known = (f"{term.label} [{term.id}]" if term.id else term.label for term in terms)
    extra = ", ".join(t for t in (description, *known) if t)
    return f"{name} ({extra})" if extra else name


def of_component(sub: Submission, component: StudyComponent) -> str:
    """Description, then what the screen's columns say."""
    wanted = lines.of_component(sub.schema["study_components"])
    return _join(component.description, (_field(sub, component, n) for n in wanted))
