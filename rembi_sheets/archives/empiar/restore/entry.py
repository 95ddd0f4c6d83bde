"""The entry: study, people with their addresses, papers, related entries, grants; then its image sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives import Restored
from rembi_sheets.archives.empiar.document import NAME, Author, Citation, Contact, Deposition
from rembi_sheets.archives.empiar.facts.people import CORRESPONDING, EMPTY_ADDRESS, INVESTIGATOR
from rembi_sheets.archives.empiar.restore.details import labelled
from rembi_sheets.archives.empiar.restore.doubles import once
from rembi_sheets.archives.empiar.restore.image_sets import image_sets
from rembi_sheets.archives.shared.restoring import Row, Sheets, distinct
from rembi_sheets.records import Person

_LINKS = (("emdb", "EMDB"), ("biostudies", "BioStudies"), ("idr", "IDR"), ("empiar", "EMPIAR"))


def restore(document: Deposition) -> Restored:
    """The study of an entry read from its JSON, its XML or both."""
    sheets = Sheets(NAME)
    document = once(document, sheets)
    study = image_sets(document, sheets)
    told = "" if study.description else _of_papers(document)
    releases = {e.extra["code"]: e.label for e in vocabularies.entries("empiar_release")}
    sheets.add(
        "study",
        "entry",
        {
            "study_title": document.title,
            "study_type": labelled(study.study_type),
            "study_description": study.description or told,
            "keywords": study.keywords,
            "license": "CC0",
            "archives": sheets.schema.archive(NAME).label,
            "data_folder": study.data_folder,
            "empiar_release": releases.get(document.release, document.release),
            "empiar_entry_type": document.experiment_type,
        },
    )
    _People(sheets).read(document)
    _papers(document, told, sheets)
    for name, kind in _LINKS:
        for text in getattr(document, name):
            sheets.add("links", f"related {kind} entries", {"link": text, "link_type": kind})
    for text in document.workflows:
        sheets.add("links", "workflows", {"link": text, "link_type": "WorkflowHub"})
    for grant in document.grants:
        sheets.add("funding", "grants", {"funder": grant.funder, "grant_id": grant.code, "country": grant.country})
    return sheets.restored()


@dataclass
class _People:
    """People from authors and contacts: a contact is the author of the same name, else a person more."""

    sheets: Sheets
    taken: set[str] = field(default_factory=set)
    addresses: dict[tuple[str, ...], str] = field(default_factory=dict)
    authors: list[Author] = field(default_factory=list)

    def read(self, document: Deposition) -> None:
        """All of them, in the order of the authors."""
        for author in document.authors:
            self.authors.append(author)
            self.sheets.add(
                "people",
                f"author {author.last_name}",
                {"last_name": author.last_name, "initials": author.initials, "orcid": author.orcid},
            )
        self._contact(document.corresponding_author, CORRESPONDING)
        for contact in document.principal_investigators:
            self._contact(contact, INVESTIGATOR)

    def _contact(self, contact: Contact, role: str) -> None:
        if not contact.last_name:
            return
        where = f"{role} {contact.last_name}"
        row = self._person(contact, where)
        spec = self.sheets.schema["people"]
        first = " ".join(n for n in (contact.first_name, contact.middle_name) if n)
        organisation = self._organisation(contact, where)
        cells = {
            "first_names": first,
            "email": contact.email,
            "telephone": contact.telephone,
            "orcid": contact.orcid,
            "organisations": [organisation],
        }
        for name, text in cells.items():
            value = self.sheets.value(spec[name], text, where)
            if value is not None and row.get(name) not in (None, value):
                self.sheets.note(f"{where}, {spec[name].label}", str(value))
            elif value is not None:
                row[name] = value
        row["roles"] = tuple(dict.fromkeys((*(row.get("roles") or ()), role)))  # type: ignore[misc]
        if derive.initials(Person(first_names=first)) == row.get("initials"):
            del row["initials"]
        for name in ("title", "fax"):
            if getattr(contact, name):
                self.sheets.note(f"{where}, {name}", getattr(contact, name))

    def _person(self, contact: Contact, where: str) -> Row:
        """The author of this name, as far as initials tell; a row of its own where there is none."""
        rows = self.sheets.rows.get("people", [])
        initials = derive.initials(Person(first_names=f"{contact.first_name} {contact.middle_name}".strip()))
        same = [
            (a, r)
            for a, r in zip(self.authors, rows, strict=False)
            if a.last_name.casefold() == contact.last_name.casefold()
        ]
        exact = [r for a, r in same if a.initials == initials or (a.orcid and a.orcid == contact.orcid)]
        begun = [r for a, r in same if a.initials[:1] == initials[:1]]
        found = next(iter(exact or begun), None)
        if found is not None:
            return found
        others = rows[len(self.authors) :]
        known = next((r for r in others if (r.get("last_name"), r.get("first_names")) == (
            contact.last_name, " ".join(n for n in (contact.first_name, contact.middle_name) if n))), None)  # fmt: skip
        if known is not None:
            return known
        self.sheets.note(where, "is no author of the entry; in the workbook every person is one")
        return self.sheets.add("people", where, {"last_name": contact.last_name})

    def _organisation(self, contact: Contact, where: str) -> str:
        """The name of the row of its organisation; an address of its own is a row of its own."""
        if not contact.organization:
            return ""
        town, postcode = ("" if t == EMPTY_ADDRESS else t for t in (contact.town, contact.postcode))
        address = (contact.organization, contact.street, town, contact.state, postcode, contact.country)
        if address not in self.addresses:
            name = distinct(self.sheets.title(contact.organization, where), self.taken)
            if name != contact.organization:
                self.sheets.note(where, f"“{contact.organization}” is called “{name}”, since its address is another")
            self.addresses[address] = name
            columns = ("name", "street", "town", "state", "postcode", "country")
            self.sheets.add("organisations", where, dict(zip(columns, (name, *address[1:]), strict=True)))
        return self.addresses[address]


def _papers(document: Deposition, told: str, sheets: Sheets) -> None:
    """Rows of Publications; that EMPIAR makes of an entry without any is none. `told`: details that have a place."""
    own = Citation(document.title, document.authors, language="English")
    if document.citations == (own,):
        return
    people = {(a.last_name, a.initials): a.orcid for a in document.authors}
    for n, paper in enumerate(document.citations, 1):
        where = f"citation {n}"
        authors = [_author(a, people) for a in paper.authors]
        pages = "-".join(p for p in (paper.first_page, paper.last_page) if p)
        sheets.add(
            "publications",
            where,
            {
                "title": paper.title,
                "authors": authors if paper.authors != document.authors else [],
                "publication_type": _kind(paper),
                "published": paper.published,
                "journal": paper.journal if paper.journal_citation else paper.publisher,
                "journal_abbreviation": paper.journal_abbreviation,
                "year": paper.year,
                "volume": paper.volume,
                "issue": paper.issue,
                "pages": pages,
                "language": paper.language,
                "country": paper.country,
                "doi": paper.doi,
                "pubmed_id": paper.pubmed_id,
            },
        )
        rest = {
            "editors": "; ".join(f"{a.last_name} {a.initials}" for a in paper.editors),
            "details": "" if paper.details == told else paper.details,
            "title of the chapter": paper.book_chapter_title,
            "place": paper.publication_location,
            "publisher": paper.publisher if paper.journal_citation else "",
            "journal": "" if paper.journal_citation else paper.journal,
        }
        for name, text in rest.items():
            if text:
                sheets.note(f"{where}, {name}", text)


def _author(author: Author, people: Mapping[tuple[str, str], str]) -> str:
    """An author of a paper, with the ORCID that no person of this name has."""
    name = f"{author.last_name} {author.initials}".strip()
    known = people.get((author.last_name, author.initials))
    return f"{name} [{author.orcid}]" if author.orcid and author.orcid != known else name


def _of_papers(document: Deposition) -> str:
    """What the first paper tells of the data, where it does: an entry has no other description of the study."""
    return next((c.details for c in document.citations if c.details), "")


def _kind(paper: Citation) -> str:
    if paper.journal_citation:
        return "preprint" if paper.preprint else "journal article"
    return "book chapter" if paper.book_chapter_title else "book"
