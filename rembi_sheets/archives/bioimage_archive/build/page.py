"""Submission -> BioImage Archive's document: every section and attribute of the page, and its file lists.

Template BioImages.v5; with annotation sets BioImages.v4, whose section type `Annotations` is the one that
the archive's ingest reads (bia-ingest, 2026-05). Titles are the names of the rows, byte for byte.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rembi_sheets import derive
from rembi_sheets.archives import Built
from rembi_sheets.archives.bioimage_archive.build import lines
from rembi_sheets.archives.bioimage_archive.build.losses import losses
from rembi_sheets.archives.bioimage_archive.document import (
    NAME,
    Attribute,
    Document,
    FileList,
    Guide,
    Page,
    Section,
)
from rembi_sheets.archives.bioimage_archive.facts import links, terms
from rembi_sheets.archives.bioimage_archive.facts.associations import Analysis, Association, Scope
from rembi_sheets.archives.bioimage_archive.facts.file_lists import file_lists
from rembi_sheets.records import (
    AnnotationSet,
    Biosample,
    Grant,
    ImageAcquisition,
    ImageCorrelation,
    ImageData,
    Organisation,
    Person,
    Publication,
    Record,
    Specimen,
    StudyComponent,
)
from rembi_sheets.submission import Submission


def build(submission: Submission, today: dt.date) -> Built:
    """The page and file lists of a submission that the checks let pass, what is lost on the way, and notes."""
    scope = Scope(submission)
    lists = file_lists(scope)
    root = _study(scope, lists, today)
    page = Page(tuple(_submission(scope, today)), root)
    lost = losses(scope)
    made = tuple(f for found in lists.values() for f in found)
    sizes = submission.inventory.values() if submission.inventory else ()
    guide = Guide(
        bytes=sum(sizes) if sizes else None,
        largest=max(sizes) if sizes else None,
        losses=lost,
    )
    return Built(Document(page, made, guide), lost)


def release_date(submission: Submission, today: dt.date) -> str:
    """The release date as the archive writes it; today where none is given (the checks refuse that)."""
    return (submission.study.release_date or today).isoformat()


def _attributes(*pairs: tuple[str, str | Iterable[str] | None]) -> Iterator[Attribute]:
    """Attributes of (name, text or texts); empty ones are left out: the archive wants no attribute without value."""
    for name, texts in pairs:
        for text in (texts,) if isinstance(texts, str) else texts or ():
            if text:
                yield Attribute(name, text)


def _fields(sub: Submission, record: Record, *columns: str) -> Iterator[Attribute]:
    """Cells of a record that are attributes as they stand; the dictionary tells the attribute's name."""
    for column in columns:
        name = sub.schema[record.SHEET][column].archives[NAME].targets[0].partition(".")[2]
        yield from _attributes((name, getattr(record, column)))


def _submission(scope: Scope, today: dt.date) -> Iterator[Attribute]:
    study = scope.submission.study
    yield from _attributes(
        ("Template", "BioImages.v4" if scope.annotations else "BioImages.v5"),
        ("Title", study.study_title),
        ("DOI", "true" if study.request_doi is not False else ""),
        ("ReleaseDate", release_date(scope.submission, today)),
        ("AttachTo", "BioImages"),
        ("RootPath", study.data_folder),
    )


def _study(scope: Scope, lists: dict[str, tuple[FileList, ...]], today: dt.date) -> Section:
    sub = scope.submission
    study = sub.study
    attributes = [
        *_attributes(
            ("Title", study.study_title),
            ("ReleaseDate", release_date(sub, today)),
            ("Description", study.study_description),
            ("Keywords", study.keywords),
        ),
        *terms.licence(study.license),
        *_attributes(("Acknowledgements", study.acknowledgements), ("Funding statement", funding_statement(sub))),
        *terms.study_type(study.study_type),
    ]
    homes = derive.organisations(sub)
    organisations = {o.name: f"o{n}" for n, o in enumerate(homes, 1)}
    subsections = [
        *(_author(p, n, organisations) for n, p in enumerate(sub.people, 1)),
        *(_organisation(o, organisations[o.name]) for o in homes),
        *(_publication(p, n) for n, p in enumerate((p for p in sub.publications if p.title or p.doi), 1)),
        *(_grant(g, n) for n, g in enumerate((g for g in sub.funding if g.grant_id), 1)),
        *(_biosample(b, n) for n, b in enumerate(scope.biosamples, 1)),
        *(_specimen(scope, s, n) for n, s in enumerate(scope.specimens, 1)),
        *(_acquisition(sub, a, n) for n, a in enumerate(scope.acquisitions, 1)),
        *(_correlation(sub, c, n) for n, c in enumerate(scope.correlations, 1)),
        *(_analysis(sub, a, n) for n, a in enumerate(scope.analyses, 1)),
        *(_component(scope, c, n, lists) for n, c in enumerate(scope.components, 1)),
        *(_annotation(sub, a, n, lists) for n, a in enumerate(scope.annotations, 1)),
    ]
    return Section("Study", tuple(attributes), "study-1", links=tuple(links.of(scope)), subsections=tuple(subsections))


def funding_statement(sub: Submission) -> str:
    """The statement, and the funders without grant number that it does not name: they are shown nowhere else."""
    statement = derive.funding_statement(sub)
    unnamed = [g.funder for g in sub.funding if g.funder and not g.grant_id and g.funder not in statement]
    if not unnamed:
        return statement
    return f"{statement} Further support: {', '.join(dict.fromkeys(unnamed))}."


def _author(person: Person, n: int, organisations: dict[str, str]) -> Section:
    affiliations = (Attribute("affiliation", organisations[o.name], reference=True) for o in person.organisations)
    return Section(
        "Author",
        (
            *_attributes(("Name", derive.full_name(person)), ("E-mail", person.email)),
            *affiliations,
            *_attributes(("Role", ", ".join(person.roles)), ("ORCID", person.orcid)),
        ),
        f"author-{n}",
    )


def _organisation(organisation: Organisation, accno: str) -> Section:
    return Section(
        "organisation",
        tuple(
            _attributes(
                ("Name", organisation.name),
                ("RORID", organisation.ror_id),
                ("Address", derive.address(organisation)),
            )
        ),
        accno,
    )


def _publication(publication: Publication, n: int) -> Section:
    return Section(
        "Publication",
        tuple(
            _attributes(
                ("Pubmed ID", publication.pubmed_id),
                ("Title", publication.title),
                ("Authors", ", ".join(derive.paper_authors(publication))),
                ("DOI", publication.doi),
                ("Year", str(publication.year) if publication.year is not None else ""),
            )
        ),
        f"publication-{n}",
    )


def _grant(grant: Grant, n: int) -> Section:
    return Section("Funding", tuple(_attributes(("Agency", grant.funder), ("grant_id", grant.grant_id))), f"fund-{n}")


def _biosample(biosample: Biosample, n: int) -> Section:
    organisms = tuple(
        Section(
            "Organism",
            tuple(
                _attributes(
                    ("Scientific name", terms.scientific_name(o)),
                    ("Common name", terms.common_name(o)),
                    ("NCBI taxon ID", terms.taxon_number(o)),
                )
            ),
            f"organism-{n}-{m}",
        )
        for m, o in enumerate(biosample.organisms, 1)
    )
    return Section(
        "Biosample",
        (
            *_attributes(("Title", biosample.identity)),
            *(terms.organism(o) for o in biosample.organisms[:1]),
            *terms.entities(biosample.biological_entities),
            *_attributes(
                ("Description", biosample.description),
                ("Experimental variable", "; ".join(biosample.experimental_variables)),
                ("Extrinsic variable", "; ".join(v.text for v in biosample.extrinsic_variables)),
                ("Intrinsic variable", "; ".join(v.text for v in biosample.intrinsic_variables)),
            ),
        ),
        f"biosample-{n}",
        subsections=organisms,
    )


def _specimen(scope: Scope, specimen: Specimen, n: int) -> Section:
    whole = replace(specimen, preparation=lines.of_specimen(scope, specimen))
    attributes = _fields(scope.submission, whole, "name", "preparation", "growth_protocol")
    return Section("Specimen", tuple(attributes), f"specimen-{n}")


def _acquisition(sub: Submission, acquisition: ImageAcquisition, n: int) -> Section:
    methods = dict.fromkeys(a for m in derive.methods(sub, acquisition) for a in terms.imaging_methods(m))
    return Section(
        "Image acquisition",
        (
            *_fields(sub, acquisition, "name", "instrument", "parameters"),
            *methods,
        ),
        f"acquisition-{n}",
    )


def _correlation(sub: Submission, correlation: ImageCorrelation, n: int) -> Section:
    whole = replace(correlation, alignment=lines.of_correlation(sub, correlation))
    attributes = _fields(sub, whole, "name", "alignment", "fiducials", "transformation")
    return Section("Image correlation", tuple(attributes), f"correlation-{n}")


def _analysis(sub: Submission, analysis: Analysis, n: int) -> Section:
    source = analysis.source
    text = lines.of_processing(sub, source) if isinstance(source, ImageData) else lines.of_analysis(sub, source)
    return Section(
        "Image analysis",
        tuple(_attributes(("Title", analysis.title), ("Image analysis overview", text))),
        f"analysis-{n}",
    )


def _list_of(name: str, lists: dict[str, tuple[FileList, ...]]) -> str:
    found = lists.get(name, ())
    return found[0].path if found else ""


def _component(scope: Scope, component: StudyComponent, n: int, lists: dict[str, tuple[FileList, ...]]) -> Section:
    return Section(
        "Study Component",
        tuple(
            _attributes(
                ("Name", component.name),
                ("Description", lines.of_component(scope.submission, component)),
                ("File List", _list_of(component.name, lists)),
            )
        ),
        f"component-{n}",
        subsections=tuple(_association(a, n, m) for m, a in enumerate(scope.associations(component), 1)),
    )


def _association(association: Association, n: int, m: int) -> Section:
    return Section(
        "Associations",
        tuple(
            _attributes(
                ("Biosample", association.biosample),
                ("Specimen", association.specimen),
                ("Image acquisition", association.acquisition),
                ("Image correlation", association.correlation),
                ("Image analysis", association.analysis),
            )
        ),
        f"assoc-{n}-{m}",
    )


def _annotation(sub: Submission, annotation: AnnotationSet, n: int, lists: dict[str, tuple[FileList, ...]]) -> Section:
    columns = ("name", "overview", "types", "method", "criteria", "coverage", "confidence")
    file_list = _attributes(("File List", _list_of(annotation.name, lists)))
    return Section("Annotations", (*_fields(sub, annotation, *columns), *file_list), f"annotation-{n}")
