"""The REMBI records: one frozen dataclass a sheet, references resolved, identifiers merged into terms.

Field names are those of the data dictionary (a test holds them equal). A record remembers the row it came
from, so that an archive's rule can point at a cell; the row is no part of its value.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import ClassVar

from rembi_sheets.values import Scalar, Term, Variable


@dataclass(frozen=True, slots=True)
class Method:
    """What a method column (by its machine name) of the record's sheet holds; of a column with several, a tuple."""

    column: str
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, kw_only=True)
class Record:
    """What all records share: the sheet they stand on and their row (None when recovered from an archive's file).

    `methods`: its filled method columns in the order of the sheet; they have no fields, since all are treated alike.
    """

    SHEET: ClassVar[str] = ""

    row: int | None = field(default=None, compare=False, repr=False)
    methods: tuple[Method, ...] = ()

    def __init_subclass__(cls) -> None:
        # one that stands in the class is what the decorator leaves alone
        cls.__hash__ = Record._hashed  # type: ignore[assignment, method-assign]

    def _hashed(self) -> int:
        """The hash of all compared fields, made once: records hold records, image data specimens with all samples."""
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = hash(tuple(getattr(self, f.name) for f in fields(self) if f.compare))
            object.__setattr__(self, "_hash", known)
        return known

    def __getstate__(self) -> dict[str, object]:
        """Without the hash, which another process makes otherwise."""
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}


@dataclass(frozen=True, kw_only=True)
class Study(Record):
    """Study: the whole study; one value per line."""

    SHEET: ClassVar[str] = "study"

    study_title: str = ""
    study_type: Term | None = None
    study_description: str = ""
    keywords: tuple[str, ...] = ()
    license: str = ""
    release_date: dt.date | None = None
    acknowledgements: str = ""
    funding_statement: str = ""
    archives: tuple[str, ...] = ()
    data_folder: str = ""
    request_doi: bool | None = None
    empiar_release: str = ""
    empiar_entry_type: str = ""
    thumbnail: str = ""
    idr_accession: str = ""
    idr_word: str = ""


@dataclass(frozen=True, kw_only=True)
class Organisation(Record):
    """Organisations: one institution with its postal address."""

    SHEET: ClassVar[str] = "organisations"

    name: str = ""
    ror_id: str = ""
    street: str = ""
    town: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """People: one person; the order of the rows is the order of the authors."""

    SHEET: ClassVar[str] = "people"

    first_names: str = ""
    last_name: str = ""
    initials: str = ""
    orcid: str = ""
    email: str = ""
    telephone: str = ""
    organisations: tuple[Organisation, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grant(Record):
    """Funding: one grant."""

    SHEET: ClassVar[str] = "funding"

    funder: str = ""
    grant_id: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Publication(Record):
    """Publications: one paper; the first row is the main one."""

    SHEET: ClassVar[str] = "publications"

    title: str = ""
    authors: tuple[str, ...] = ()
    publication_type: str = ""
    published: bool | None = None
    journal: str = ""
    journal_abbreviation: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    language: str = ""
    country: str = ""
    doi: str = ""
    pubmed_id: str = ""
    pmc_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Link(Record):
    """Links: one related address or accession."""

    SHEET: ClassVar[str] = "links"

    link: str = ""
    link_type: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class StudyComponent(Record):
    """Study components: one set of images in the study."""

    SHEET: ClassVar[str] = "study_components"

    name: str = ""
    imaging_methods: tuple[Term, ...] = ()
    description: str = ""
    scale: str = ""
    archives: tuple[str, ...] = ()
    screen_type: str = ""
    screen_technology: str = ""
    library_type: str = ""
    library_manufacturer: str = ""
    library_version: str = ""
    library_description: str = ""
    raw_image_organisation: str = ""
    quality_control: str = ""
    comments: str = ""
    example_images: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Biosample(Record):
    """Biosamples: one biological sample."""

    SHEET: ClassVar[str] = "biosamples"

    identity: str = ""
    biological_entities: tuple[Term, ...] = ()
    entity_kinds: tuple[str, ...] = ()
    organisms: tuple[Term, ...] = ()
    intrinsic_variables: tuple[Variable, ...] = ()
    extrinsic_variables: tuple[Variable, ...] = ()
    experimental_variables: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Specimen(Record):
    """Specimens: one preparation of one or more biosamples."""

    SHEET: ClassVar[str] = "specimens"

    name: str = ""
    biosamples: tuple[Biosample, ...] = ()
    experimental_status: str = ""
    location: str = ""
    preparation: str = ""
    growth_protocol: str = ""
    signal_contrast: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImageAcquisition(Record):
    """Image acquisition: one way of taking images: instrument and settings."""

    SHEET: ClassVar[str] = "image_acquisition"

    name: str = ""
    instrument: str = ""
    parameters: str = ""
    imaging_methods: tuple[Term, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImageData(Record):
    """Image data: one group of like files: same type, format, pixel type and acquisition."""

    SHEET: ClassVar[str] = "image_data"

    name: str = ""
    study_component: StudyComponent | None = None
    type: str = ""
    image_acquisition: ImageAcquisition | None = None
    specimens: tuple[Specimen, ...] = ()
    biosamples: tuple[Biosample, ...] = ()
    source_image_data: tuple[ImageData, ...] = ()
    path_pattern: str = ""
    image_count: int | None = None
    file_format: str = ""
    compression: str = ""
    pixel_type: str = ""
    size_x: int | None = None
    size_y: int | None = None
    size_z: int | None = None
    size_c: int | None = None
    size_t: int | None = None
    tilts_views: int | None = None
    frames_per_image: int | None = None
    frame_range: str = ""
    size_description: str = ""
    pixel_size_x: Decimal | None = None
    pixel_size_y: Decimal | None = None
    pixel_size_z: Decimal | None = None
    pixel_size_unit: str = ""
    processing: str = ""
    empiar_category: str = ""
    header_format: str = ""


@dataclass(frozen=True, kw_only=True)
class Channel(Record):
    """Channels: one channel of one or more specimens; the order of the rows is the order of the channels."""

    SHEET: ClassVar[str] = "channels"

    specimens: tuple[Specimen, ...] = ()
    channel_name: str = ""
    content: str = ""
    biological_entity: str = ""
    image_data: tuple[ImageData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImageCorrelation(Record):
    """Image correlation: one act of bringing image data together."""

    SHEET: ClassVar[str] = "image_correlation"

    name: str = ""
    image_data: tuple[ImageData, ...] = ()
    alignment: str = ""
    fiducials: str = ""
    transformation: str = ""
    related_images: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnalysedData(Record):
    """Analysed data: one analysis with its results."""

    SHEET: ClassVar[str] = "analysed_data"

    name: str = ""
    image_data: tuple[ImageData, ...] = ()
    result_type: str = ""
    data_used: str = ""
    method: str = ""
    result_files: tuple[str, ...] = ()
    result_description: str = ""
    result_level: str = ""


@dataclass(frozen=True, kw_only=True)
class AnnotationSet(Record):
    """Annotations: one set of masks, boxes, points or tracks made on image data."""

    SHEET: ClassVar[str] = "annotations"

    name: str = ""
    image_data: tuple[ImageData, ...] = ()
    overview: str = ""
    types: tuple[str, ...] = ()
    method: str = ""
    criteria: str = ""
    coverage: str = ""
    confidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Phenotype(Record):
    """Phenotypes: one phenotype of one analysis."""

    SHEET: ClassVar[str] = "phenotypes"

    name: str = ""
    analysed_data: tuple[AnalysedData, ...] = ()
    description: str = ""
    score_type: str = ""
    annotation_level: str = ""
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProcessedColumn(Record):
    """Processed data columns: one column of the first result file of one analysis."""

    SHEET: ClassVar[str] = "processed_columns"

    analysed_data: AnalysedData | None = None
    column_name: str = ""
    column_type: str = ""
    annotation_level: str = ""
    description: str = ""
    links_to_files: bool | None = None


RECORDS: tuple[type[Record], ...] = (
    Study,
    Organisation,
    Person,
    Grant,
    Publication,
    Link,
    StudyComponent,
    Biosample,
    Specimen,
    ImageAcquisition,
    ImageData,
    Channel,
    ImageCorrelation,
    AnalysedData,
    AnnotationSet,
    Phenotype,
    ProcessedColumn,
)
