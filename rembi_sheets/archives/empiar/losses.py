"""What EMPIAR loses beyond what the data dictionary says of whole columns: it depends on the row."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets.archives import Loss
from rembi_sheets.archives.empiar import citations, people
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.archives.empiar.references import References
from rembi_sheets.cells import Place
from rembi_sheets.records import Record
from rembi_sheets.submission import Submission
from rembi_sheets.values import to_cell

NAME = "empiar"
_NO_CONTACT = "lost: EMPIAR has it of contacts only"
_XML = "XML only; the JSON has no {}"


def losses(sub: Submission, related: References, made: Deposition) -> tuple[Loss, ...]:
    """Links without a list, grants and masks that only the XML holds, and what is asked of contacts alone."""
    return (*_records(sub, related), *_annotations(sub, made), *_people(sub))


def _records(sub: Submission, related: References) -> Iterator[Loss]:
    for link in related.homeless:
        yield _loss(sub, link, "link", "lost")
    for grant in sub.funding:
        yield _loss(sub, grant, "funder", _XML.format("grants"))
    for paper in sub.publications:
        if paper.doi and not citations.takes_doi(paper.doi):
            yield _loss(sub, paper, "doi", "lost")


def _annotations(sub: Submission, made: Deposition) -> Iterator[Loss]:
    written = {g.number for s in made.image_sets for g in s.segmentations}
    for number, annotation in enumerate(sub.annotations):
        went = _XML.format("segmentations") if number in written else "lost"
        for name in ("name", "overview", "method"):
            if getattr(annotation, name):
                yield _loss(sub, annotation, name, went)


def _people(sub: Submission) -> Iterator[Loss]:
    """Authors are surname and initials; address and names in full stand for contacts, roles are two."""
    contacts = {p for role in (people.CORRESPONDING, people.INVESTIGATOR) for p in people.with_role(sub, role)}
    addresses = {p.organisations[0] for p in contacts if p.organisations}
    for person in sub.people:
        if set(person.roles) - {people.CORRESPONDING, people.INVESTIGATOR}:
            yield _loss(sub, person, "roles", "lost: EMPIAR knows corresponding author and principal investigator")
        if person in contacts:
            if len(person.organisations) > 1:
                yield _loss(sub, person, "organisations", "lost but for the first one")
            continue
        if person.first_names:
            yield _loss(sub, person, "first_names", "initials in authors[].name")
        for name in ("email", "organisations"):
            if getattr(person, name):
                yield _loss(sub, person, name, _NO_CONTACT)
    for organisation in sub.organisations:
        if organisation not in addresses:
            for name in ("name", "street", "town", "state", "postcode", "country"):
                if getattr(organisation, name):
                    yield _loss(sub, organisation, name, _NO_CONTACT)


def _loss(sub: Submission, record: Record, name: str, went: str) -> Loss:
    value = getattr(record, name)
    if name == "organisations":
        value = tuple(o.name for o in value)
    place = sub.place(record, name)
    if isinstance(place, Place):
        return Loss(NAME, place.sheet, place.label, (place.a1,), str(to_cell(value)), went)
    return Loss(NAME, place, "", (), str(to_cell(value)), went)
