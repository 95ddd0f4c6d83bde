"""The deposition JSON: Deposition -> bytes, in the form of EMPIAR's deposition schema (1.6b30).

Codes are texts that look like Python tuples; `scale` is a text, `experiment_type` and `year` are numbers, volume,
pages and PubMed number are texts; null only where the schema takes it; order_id counts from 0.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import Author, Citation, Contact, Deposition, ImageSet

Data = dict[str, Any]


def dump(deposition: Deposition) -> bytes:
    """The deposition as UTF-8 JSON."""
    return (json.dumps(as_data(deposition), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def as_data(d: Deposition) -> Data:
    """The deposition as plain data, keys in the order of the schema's own example; empty lists are left out."""
    data: Data = {
        "title": d.title,
        "release_date": d.release,
        "experiment_type": int(codes.code("experiment_type", d.experiment_type)),
    }
    if d.scale:
        data["scale"] = codes.code("scale", d.scale)
    for key, names in (
        ("cross_references", d.emdb),
        ("biostudies_references", d.biostudies),
        ("idr_references", d.idr),
        ("empiar_references", d.empiar),
    ):
        if names:
            data[key] = [{"name": n} for n in names]
    if d.workflows:
        data["workflows"] = [{"url": url, "type": 1} for url in d.workflows]
    data["authors"] = _authors(d.authors)
    data["corresponding_author"] = _contact(d.corresponding_author)
    data["principal_investigator"] = [_contact(c) for c in d.principal_investigators]
    if d.workflow_file:
        data["workflow_file"] = {"path": d.workflow_file}
    data["imagesets"] = [_image_set(s) for s in d.image_sets]
    data["citation"] = [_citation(c) for c in d.citations]
    return data


def _authors(authors: tuple[Author, ...]) -> list[Data]:
    return [
        {
            "name": f"('{codes.quotable(a.last_name)}', '{codes.quotable(a.initials)}')",
            "order_id": i,
            "author_orcid": a.orcid or None,
        }
        for i, a in enumerate(authors)
    ]


def _contact(c: Contact) -> Data:
    return {
        "author_orcid": c.orcid or None,
        "first_name": c.first_name,
        "middle_name": c.middle_name or None,
        "last_name": c.last_name,
        "organization": c.organization,
        "street": c.street or None,
        "town_or_city": c.town,
        "state_or_province": c.state or None,
        "post_or_zip": c.postcode,
        "telephone": c.telephone or None,
        "fax": c.fax or None,
        "email": c.email,
        "country": codes.country_code(c.country),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _image_set(s: ImageSet) -> Data:
    low, high = s.frame_range or (None, None)
    return {
        "name": s.name,
        "directory": s.directory,
        "category": codes.as_tuple("category", s.category),
        "header_format": codes.as_tuple("header_format", s.header_format),
        "data_format": codes.as_tuple("data_format", s.data_format),
        "num_images_or_tilt_series": s.number,
        "frames_per_image": s.frames,
        "frame_range_min": low,
        "frame_range_max": high,
        "voxel_type": codes.as_tuple("voxel_type", s.voxel_type),
        "pixel_width": _number(s.pixel_width),
        "pixel_height": _number(s.pixel_height),
        "details": s.details or None,
        "image_width": s.image_width,
        "image_height": s.image_height,
        "micrographs_file_pattern": s.micrographs_pattern or None,
        "picked_particles_file_pattern": s.particles_pattern or None,
        "picked_particles_directory": s.particles_directory or None,
    }


def _citation(c: Citation) -> Data:
    """`preprint` is unknown to the schema by a slip of it and taken as a further key; the archive wants it."""
    return {
        "authors": _authors(c.authors),
        "editors": _authors(c.editors),
        "published": c.published,
        "preprint": c.preprint,
        "j_or_nj_citation": c.journal_citation,
        "title": c.title,
        "volume": c.volume or None,
        "country": codes.country_code(c.country) or None,
        "first_page": c.first_page or None,
        "last_page": c.last_page or None,
        "year": c.year,
        "language": c.language or None,
        "doi": c.doi or None,
        "pubmedid": c.pubmed_id or None,
        "details": c.details or None,
        "book_chapter_title": c.book_chapter_title or None,
        "publisher": c.publisher or None,
        "publication_location": c.publication_location or None,
        "journal": c.journal or None,
        "journal_abbreviation": c.journal_abbreviation or None,
        "issue": c.issue or None,
    }
