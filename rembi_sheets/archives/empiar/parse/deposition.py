"""Deposition JSON -> Deposition; what has no place in it is told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from rembi_sheets.archives.empiar.document import Author, Citation, Contact, Deposition, ImageSet
from rembi_sheets.archives.empiar.parse.json_fields import Data, Fields, loaded


def is_deposition(content: bytes) -> bool:
    """Is this a JSON object with what only a deposition has?"""
    data = loaded(content) if b'"imagesets"' in content else None
    return isinstance(data, dict) and "imagesets" in data and "experiment_type" in data


class Reader(Fields):
    """Makes the deposition of what stands in the JSON."""

    def deposition(self, text: bytes) -> Deposition | None:
        """The deposition; None when it is no JSON object."""
        try:
            data = json.loads(text, parse_float=Decimal)
        except (ValueError, UnicodeDecodeError, RecursionError) as error:
            self.strange.append(f"no JSON: {error}")
            return None
        return self.of_data(data)

    def of_data(self, data: Any) -> Deposition | None:
        """The deposition of what the JSON holds; None when that is no object."""
        if not isinstance(data, dict):
            self.strange.append("no JSON object")
            return None
        d = dict(data)
        made = Deposition(
            title=self.text(d, "title", ""),
            release=self.text(d, "release_date", ""),
            experiment_type=self.listed(d, "experiment_type", ""),
            scale=self.listed(d, "scale", ""),
            emdb=self.names(d, "cross_references"),
            biostudies=self.names(d, "biostudies_references"),
            idr=self.names(d, "idr_references"),
            empiar=self.names(d, "empiar_references"),
            workflows=self.workflows(d),
            workflow_file=self.workflow(d),
            authors=self.authors(d, "authors", ""),
            corresponding_author=self.contact(self.object(d, "corresponding_author"), "corresponding_author/"),
            principal_investigators=tuple(
                self.contact(c, f"principal_investigator[{i}]/")
                for i, c in enumerate(self.objects(d, "principal_investigator", ""))
            ),
            image_sets=tuple(
                self.image_set(s, f"imagesets[{i}]/") for i, s in enumerate(self.objects(d, "imagesets", ""))
            ),
            citations=tuple(self.citation(c, f"citation[{i}]/") for i, c in enumerate(self.objects(d, "citation", ""))),
        )
        self.rest(d, "")
        return made

    def workflow(self, data: Data) -> str:
        """Path of the workflow file."""
        found = self.object(data, "workflow_file")
        path = self.text(found, "path", "workflow_file/")
        self.rest(found, "workflow_file/")
        return path

    def workflows(self, data: Data) -> tuple[str, ...]:
        """Addresses of workflows; WorkflowHub is type 1, the only one."""
        out = []
        for i, w in enumerate(self.objects(data, "workflows", "")):
            at = f"workflows[{i}]/"
            out.append(self.text(w, "url", at))
            if self.take(w, "type", at, int) not in (None, 1):
                self.strange.append(f"{at}type")
            self.rest(w, at)
        return tuple(url for url in out if url)

    def authors(self, data: Data, key: str, at: str) -> tuple[Author, ...]:
        """Authors in the order of order_id."""
        found = self.objects(data, key, at)
        order = [self.take(x, "order_id", f"{at}{key}/", int) for x in found]
        out = []
        for _, x in sorted(zip([0 if o is None else o for o in order], found, strict=True), key=lambda p: p[0]):
            name = self.text(x, "name", f"{at}{key}/")
            parts = self.parted(name)
            if not parts:
                self.strange.append(f"{at}{key}/name: {name!r}")
                continue
            out.append(Author(*parts, self.text(x, "author_orcid", f"{at}{key}/")))
            self.rest(x, f"{at}{key}/")
        return tuple(out)

    def contact(self, d: Data, at: str) -> Contact:
        """A contact."""
        made = Contact(
            orcid=self.text(d, "author_orcid", at),
            first_name=self.text(d, "first_name", at),
            middle_name=self.text(d, "middle_name", at),
            last_name=self.text(d, "last_name", at),
            organization=self.text(d, "organization", at),
            street=self.text(d, "street", at),
            town=self.text(d, "town_or_city", at),
            state=self.text(d, "state_or_province", at),
            postcode=self.text(d, "post_or_zip", at),
            telephone=self.text(d, "telephone", at),
            fax=self.text(d, "fax", at),
            email=self.text(d, "email", at),
            country=self.country(d, at),
        )
        self.rest(d, at)
        return made

    def image_set(self, d: Data, at: str) -> ImageSet:
        """An image set."""
        low, high = (self.take(d, k, at, int) for k in ("frame_range_min", "frame_range_max"))
        if (low is None) != (high is None):
            self.strange.append(f"{at}frame_range: {low} to {high}")
        made = ImageSet(
            name=self.text(d, "name", at),
            directory=self.text(d, "directory", at),
            category=self.coded(d, "category", at),
            header_format=self.coded(d, "header_format", at),
            data_format=self.coded(d, "data_format", at),
            number=self.take(d, "num_images_or_tilt_series", at, int) or 0,
            frames=self.take(d, "frames_per_image", at, int) or 1,
            voxel_type=self.coded(d, "voxel_type", at),
            frame_range=(low, high) if low is not None and high is not None else None,
            image_width=self.take(d, "image_width", at, int),
            image_height=self.take(d, "image_height", at, int),
            pixel_width=self.number(d, "pixel_width", at),
            pixel_height=self.number(d, "pixel_height", at),
            details=self.text(d, "details", at),
            micrographs_pattern=self.text(d, "micrographs_file_pattern", at),
            particles_pattern=self.text(d, "picked_particles_file_pattern", at),
            particles_directory=self.text(d, "picked_particles_directory", at),
        )
        self.rest(d, at)
        return made

    def citation(self, d: Data, at: str) -> Citation:
        """A citation."""
        made = Citation(
            title=self.text(d, "title", at),
            authors=self.authors(d, "authors", at),
            editors=self.authors(d, "editors", at),
            published=bool(self.take(d, "published", at, bool)),
            preprint=bool(self.take(d, "preprint", at, bool)),
            journal_citation=self.take(d, "j_or_nj_citation", at, bool) is not False,
            journal=self.text(d, "journal", at),
            journal_abbreviation=self.text(d, "journal_abbreviation", at),
            issue=self.text(d, "issue", at),
            volume=self.text(d, "volume", at),
            first_page=self.text(d, "first_page", at),
            last_page=self.text(d, "last_page", at),
            year=self.take(d, "year", at, int),
            language=self.text(d, "language", at),
            country=self.country(d, at),
            doi=self.text(d, "doi", at),
            pubmed_id=self.text(d, "pubmedid", at),
            details=self.text(d, "details", at),
            book_chapter_title=self.text(d, "book_chapter_title", at),
            publisher=self.text(d, "publisher", at),
            publication_location=self.text(d, "publication_location", at),
        )
        self.rest(d, at)
        return made
