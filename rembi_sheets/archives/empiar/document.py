"""An EMPIAR deposition as EMPIAR means it: words, not codes, and neither JSON nor XML.

Absent text is "", absent numbers are None. Words of lists stand as EMPIAR spells them ("tilt series",
"United Kingdom"); any other word is what EMPIAR calls "other". `deposition.py` writes codes, `entry.py` words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

NAME = "empiar"
ONLY = (NAME,)
JSON, XML = "deposition.json", "entry.xml"


@dataclass(frozen=True, slots=True)
class Author:
    """An author of the entry or of a paper; initials are capital letters."""

    last_name: str
    initials: str
    orcid: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """The corresponding author or a principal investigator; `country` is the English name.

    `title` and `fax` are asked for nowhere in the workbook; they are kept when an entry is read.
    """

    first_name: str
    last_name: str
    organization: str
    email: str = ""
    country: str = ""
    middle_name: str = ""
    street: str = ""
    town: str = ""
    state: str = ""
    postcode: str = ""
    orcid: str = ""
    title: str = ""
    telephone: str = ""
    fax: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """One paper. `journal_citation` False: a book, chapter or thesis, which has a publisher and no journal."""

    title: str
    authors: tuple[Author, ...]
    published: bool = False
    journal_citation: bool = True
    preprint: bool = False
    editors: tuple[Author, ...] = ()
    journal: str = ""
    journal_abbreviation: str = ""
    issue: str = ""
    volume: str = ""
    first_page: str = ""
    last_page: str = ""
    year: int | None = None
    language: str = ""
    country: str = ""
    doi: str = ""
    pubmed_id: str = ""
    details: str = ""
    book_chapter_title: str = ""
    publisher: str = ""
    publication_location: str = ""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A segmentation of an image set, which only the XML has a place for; paths begin with data/."""

    number: int
    file: str
    description: str = ""
    original_files: str = ""
    original_format: str = ""


@dataclass(frozen=True, slots=True)
class ImageSet:
    """One image set. Pixel sizes in Ångström, image sizes in pixels; None means variable."""

    name: str
    directory: str
    category: str
    header_format: str
    data_format: str
    number: int
    frames: int
    voxel_type: str
    frame_range: tuple[int, int] | None = None
    image_width: int | None = None
    image_height: int | None = None
    pixel_width: Decimal | None = None
    pixel_height: Decimal | None = None
    details: str = ""
    micrographs_pattern: str = ""
    particles_pattern: str = ""
    particles_directory: str = ""
    segmentations: tuple[Segmentation, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant, which only the XML has a place for."""

    funder: str
    code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes beside the entry: REMBI content for BIA's staff, and what NEXT-STEPS.md has to say.

    `rembi` is plain data (mappings, lists, text). `data_folder` is the folder to upload as the workbook names it.
    """

    rembi: Mapping[str, Any]
    data_folder: str = ""
    thumbnail: str = ""


@dataclass(frozen=True)
class Deposition:
    """One entry of EMPIAR. `release` is RE, EP, HP or HO ("" when read from XML, which has no place for it).

    `deposition_date` stands only in the XML. `beside` is no part of the deposition and not compared.
    """

    title: str
    experiment_type: str
    corresponding_author: Contact
    principal_investigators: tuple[Contact, ...]
    authors: tuple[Author, ...]
    citations: tuple[Citation, ...]
    image_sets: tuple[ImageSet, ...]
    release: str = ""
    scale: str = ""
    emdb: tuple[str, ...] = ()
    biostudies: tuple[str, ...] = ()
    idr: tuple[str, ...] = ()
    empiar: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    workflow_file: str = ""
    grants: tuple[Grant, ...] = ()
    deposition_date: dt.date | None = None
    beside: Beside | None = field(default=None, compare=False, repr=False)
