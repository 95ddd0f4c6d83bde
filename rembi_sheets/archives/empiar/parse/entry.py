"""Entry XML -> Deposition; what has no place in it (accession, dates, status, history) is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rembi_sheets.archives.empiar.codes import NAMESPACE
from rembi_sheets.archives.empiar.document import (
    Citation,
    Contact,
    Deposition,
    Grant,
    ImageSet,
    Segmentation,
)
from rembi_sheets.archives.empiar.parse.xml_fields import READ, Elements, name_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PAPERS = ("journalCitation", "nonJournalCitation")


def is_entry(content: bytes) -> bool:
    """Is this the XML of an entry, by its root element? Nothing behind that is read."""
    from lxml import etree

    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    parser = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True)
    try:
        parser.feed(content[:65536])
        tags = [getattr(element, "tag", "") for _, element in parser.read_events()]
    except (etree.XMLSyntaxError, ValueError):
        return False
    return tags[:1] == [f"{{{NAMESPACE}}}entry"]


class Reader(Elements):
    """Makes the deposition of what stands in the XML."""

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
        deposited = self.date(dates, "depositionDate")
        if status not in ("", "PROC"):
            self.strange += [f"admin/currentStatus: {status}", f"admin/keyDates/depositionDate: {deposited or ''}"]
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
            deposition_date=deposited,
            emdb=self.names(cross, "relatedEMDBEntries", "emdbEntry"),
            biostudies=self.names(cross, "relatedBioStudiesEntries", "bioStudiesEntry"),
            idr=self.names(cross, "relatedIdrEntries", "idrEntry"),
            empiar=self.names(cross, "relatedEmpiarEntries", "empiarEntry"),
            citations=tuple(
                self.citation(c) for u in self.children(papers, "universalCitation") for c in u if name_of(c) in _PAPERS
            ),
            image_sets=tuple(self.image_set(s) for s in self.children(root, "imageSet")),
        )
        for container in root.iter():
            if container.get(READ) is None:
                self.leftover(container)
        return made

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
        c.set(READ, "")
        journal = name_of(c) == "journalCitation"
        self.attributes(c, name_of(c), "published", "preprint")
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
