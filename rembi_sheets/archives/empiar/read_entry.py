"""Entry XML -> Deposition; what has no place in it (accession, dates, status, history) is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import (
    Author,
    Citation,
    Contact,
    Deposition,
    Grant,
    ImageSet,
    Segmentation,
)
from rembi_sheets.archives.empiar.entry import NAMESPACE, VARIABLE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PAPERS = ("journalCitation", "nonJournalCitation")
_READ = "_read"  # marks an element that was understood
_SILENT = {"private", "type", "order", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"}


class Reader:
    """Takes what it knows out of elements and remembers the rest."""

    def __init__(self) -> None:
        self.strange: list[str] = []

    def deposition(self, content: bytes) -> Deposition | None:
        """The deposition; None when it is no EMPIAR entry. No entity of the file is followed."""
        from lxml import etree

        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            self.strange.append(f"no XML: {error}")
            return None
        if root.tag != f"{{{NAMESPACE}}}entry":
            self.strange.append(f"no EMPIAR entry but {root.tag}")
            return None
        return self.entry(root)

    def entry(self, root: Element) -> Deposition:
        """The root element."""
        self.attributes(root, "entry")
        admin, cross = self.child(root, "admin"), self.child(root, "crossReferences")
        dates = self.child(admin, "keyDates")
        status = self.text(admin, "currentStatus")
        if status not in ("", "PROC"):
            self.strange.append(f"admin/currentStatus: {status}")
        contact = self.contact(self.child(admin, "correspondingAuthor"))
        papers = self.child(cross, "citationList")
        made = Deposition(
            title=self.text(admin, "title"),
            experiment_type=self.text(admin, "experimentType"),
            scale=self.text(admin, "scale"),
            corresponding_author=contact,
            principal_investigators=tuple(self.contact(c) for c in self.children(admin, "principalInvestigator")),
            authors=tuple(self.author(a) for a in self.children(self.child(admin, "authorsList"), "author")),
            grants=tuple(
                Grant(*(self.text(g, n) for n in ("fundingBody", "code", "country")))
                for g in self.children(self.child(admin, "grantSupport"), "grantReference")
                if any((x.text or "").strip() for x in g)
            ),
            workflow_file=self.exact(admin, "scipionWorkflow"),
            deposition_date=self.date(dates, "depositionDate"),
            emdb=self.names(cross, "relatedEMDBEntries", "emdbEntry"),
            biostudies=self.names(cross, "relatedBioStudiesEntries", "bioStudiesEntry"),
            idr=self.names(cross, "relatedIdrEntries", "idrEntry"),
            empiar=self.names(cross, "relatedEmpiarEntries", "empiarEntry"),
            citations=tuple(
                self.citation(c) for u in self.children(papers, "universalCitation") for c in u if _name(c) in _PAPERS
            ),
            image_sets=tuple(self.image_set(s) for s in self.children(root, "imageSet")),
        )
        for container in root.iter():
            if container.get(_READ) is None:
                self.leftover(container)
        return made

    def leftover(self, element: Element) -> None:
        """Remembers a filled element that nobody asked for, with its attributes."""
        text = " ".join([(element.text or "").strip(), *(f"{k!s}={v!s}" for k, v in element.attrib.items())]).strip()
        if text and element.getparent() is not None:
            path = "/".join([*(_name(a) for a in reversed(list(element.iterancestors()))), _name(element)])
            self.strange.append(f"{path.removeprefix('entry/')}: {text}")

    def attributes(self, element: Element, at: str, *known: str) -> None:
        """Remembers the attributes that nobody asked for."""
        self.strange += [
            f"{at}/@{k!s}: {v!s}" for k, v in element.attrib.items() if k not in (*known, _READ) and k not in _SILENT
        ]

    def children(self, element: Element | None, name: str) -> list[Element]:
        """Children of a name, marked as read."""
        found = [] if element is None else element.findall(f"{{{NAMESPACE}}}{name}")
        for c in found:
            c.set(_READ, "")
        return found

    def child(self, element: Element | None, name: str) -> Element | None:
        """The first child of a name, marked as read; a second one is remembered like any other."""
        found = None if element is None else element.find(f"{{{NAMESPACE}}}{name}")
        if found is not None:
            found.set(_READ, "")
        return found

    def text(self, element: Element | None, name: str) -> str:
        """Text of a child, "" when it is empty or absent."""
        found = self.child(element, name)
        return (found.text or "").strip() if found is not None else ""

    def exact(self, element: Element | None, name: str) -> str:
        """Text of a child with its blanks, which count in paths; "" when it holds nothing else."""
        found = self.child(element, name)
        text = (found.text or "") if found is not None else ""
        return text if text.strip() else ""

    def number(self, element: Element | None, name: str) -> int | None:
        """A whole number; None for the word variable, an empty or an absent child."""
        value = self.decimal(element, name)
        if value is not None and value != int(value):
            self.strange.append(f"{name}: {value}")
            return None
        return None if value is None else int(value)

    def decimal(self, element: Element | None, name: str) -> Decimal | None:
        """A number; None for the word variable, an empty or an absent child."""
        text = self.text(element, name)
        try:
            value = None if text in ("", VARIABLE) else Decimal(text)
            if value is None or value.is_finite():
                return value
        except InvalidOperation:
            pass
        self.strange.append(f"{name}: {text}")
        return None

    def date(self, element: Element | None, name: str) -> dt.date | None:
        """A date."""
        text = self.text(element, name)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self.strange.append(f"{name}: {text}")
            return None

    def names(self, cross: Element | None, group: str, item: str) -> tuple[str, ...]:
        """A list of accessions."""
        found = self.children(self.child(cross, group), item)
        return tuple(t for t in ((e.text or "").strip() for e in found) if t)

    def country(self, element: Element | None) -> str:
        """A country's name; USA and UK as the archive's loader reads them."""
        name = self.text(element, "country")
        return str(codes.table("country_alias").get(name, name))

    def author(self, element: Element) -> Author:
        """'Surname II', split at the last blank as the archive does."""
        text = (element.text or "").strip()
        last, _, initials = text.rpartition(" ") if " " in text else (text, "", "")
        self.attributes(element, "author", "authorORCID")
        return Author(last, initials, element.get("authorORCID", ""))

    def contact(self, c: Element | None) -> Contact:
        """A contact."""
        return Contact(
            orcid=self.text(c, "authorORCID"),
            title=self.text(c, "title"),
            first_name=self.text(c, "firstName"),
            middle_name=self.text(c, "middleName"),
            last_name=self.text(c, "lastName"),
            organization=self.text(c, "organization"),
            street=self.text(c, "street"),
            town=self.text(c, "townOrCity"),
            state=self.text(c, "stateOrProvince"),
            country=self.country(c),
            postcode=self.text(c, "postOrZipCode"),
            email=self.text(c, "email"),
            telephone=self.text(self.child(c, "telephone"), "local"),
            fax=self.text(self.child(c, "fax"), "local"),
        )

    def citation(self, c: Element) -> Citation:
        """A journal or other citation; references of another type than doi and pubmed are remembered."""
        c.set(_READ, "")
        journal = _name(c) == "journalCitation"
        self.attributes(c, _name(c), "published", "preprint")
        outside: dict[str, str] = {}
        for e in self.children(c, "externalReferences"):
            kind = e.get("type", "")
            if kind in ("doi", "pubmed") and kind not in outside:
                outside[kind] = (e.text or "").strip()
            else:
                self.strange.append(f"externalReferences {kind}: {(e.text or '').strip()}")
        return Citation(
            title=self.text(c, "title" if journal else "bookTitle"),
            authors=self.ordered(c, "author"),
            editors=self.ordered(c, "editor"),
            published=c.get("published") in ("true", "1"),
            preprint=c.get("preprint") in ("true", "1"),
            journal_citation=journal,
            journal=self.text(c, "journal"),
            journal_abbreviation=self.text(c, "journalAbbreviation"),
            issue=self.text(c, "issue"),
            volume=self.text(c, "volume"),
            first_page=self.text(c, "firstPage"),
            last_page=self.text(c, "lastPage"),
            year=self.number(c, "year"),
            language=self.text(c, "language"),
            country=self.country(c),
            doi=outside.get("doi", ""),
            pubmed_id=outside.get("pubmed", ""),
            details=self.text(c, "details"),
            book_chapter_title=self.text(c, "bookChapterTitle"),
            publisher=self.text(c, "publisher"),
            publication_location=self.text(c, "publicationLocation"),
        )

    def ordered(self, c: Element, name: str) -> tuple[Author, ...]:
        """Authors or editors in the order of their attribute."""
        found = self.children(c, name)
        return tuple(self.author(a) for a in sorted(found, key=_order))

    def image_set(self, s: Element) -> ImageSet:
        """An image set."""
        size, used = self.child(s, "dimensions"), self.child(s, "frameRange")
        low, high = self.number(used, "frameRangeMin"), self.number(used, "frameRangeMax")
        return ImageSet(
            name=self.text(s, "name"),
            directory=self.exact(s, "directory"),
            category=self.text(s, "category"),
            header_format=self.text(s, "headerFormat"),
            data_format=self.text(s, "dataFormat"),
            number=self.number(s, "numImagesOrTiltSeries") or 0,
            frames=self.number(s, "framesPerImage") or 1,
            voxel_type=self.text(s, "voxelType"),
            frame_range=(low, high) if low is not None and high is not None else None,
            image_width=self.number(size, "imageWidth"),
            image_height=self.number(size, "imageHeight"),
            pixel_width=self.decimal(size, "pixelWidth"),
            pixel_height=self.decimal(size, "pixelHeight"),
            details=self.text(s, "details"),
            micrographs_pattern=self.exact(s, "micrographsFilePattern"),
            particles_pattern=self.exact(s, "pickedParticlesFilePattern"),
            particles_directory=self.exact(s, "pickedParticlesDirectory"),
            segmentations=tuple(
                self.segmentation(g) for g in self.children(self.child(s, "segmentationList"), "segmentation")
            ),
        )

    def segmentation(self, g: Element) -> Segmentation:
        """A segmentation."""
        number = g.get("segmentationId", "0")
        return Segmentation(
            int(number) if number.isdecimal() else 0,
            self.exact(g, "file"),
            self.text(g, "description"),
            self.exact(g, "originalFiles"),
            self.text(g, "originalFormat"),
        )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _order(element: Element) -> int:
    text = element.get("order", "0")
    return int(text) if text.isdecimal() else 0
