"""What EMPIAR loses beyond what the data dictionary says of whole columns: it depends on the row."""

from __future__ import annotations

from collections.abc import Iterator

from rembi_sheets import derive
from rembi_sheets.archives import Loss
from rembi_sheets.archives.empiar.document import NAME, Deposition
from rembi_sheets.archives.empiar.facts import citations, people
from rembi_sheets.archives.empiar.facts.references import References
from rembi_sheets.archives.shared.losses import loss, row_losses
from rembi_sheets.submission import Submission

_NO_CONTACT = "lost: EMPIAR has it of contacts only"
_XML = "XML only; the JSON has no {}"


def losses(sub: Submission, related: References, made: Deposition) -> tuple[Loss, ...]:
    """Links without a list, grants and masks that only the XML holds, and what is asked of contacts alone."""
    return (*_records(sub, related), *_annotations(sub, made), *_people(sub))


def _records(sub: Submission, related: References) -> Iterator[Loss]:
    for link in related.homeless:
        yield loss(NAME, sub, link, "link", "lost")
    for grant in sub.funding:
        yield loss(NAME, sub, grant, "funder", _XML.format("grants"))
    for paper in sub.publications:
        if paper.doi and not citations.takes_doi(paper.doi):
            yield loss(NAME, sub, paper, "doi", "lost")


def _annotations(sub: Submission, made: Deposition) -> Iterator[Loss]:
    written = {g.number for s in made.image_sets for g in s.segmentations}
    for number, annotation in enumerate(sub.annotations):
        went = _XML.format("segmentations") if number in written else "lost"
        for name in ("name", "overview", "method"):
            if getattr(annotation, name):
                yield loss(NAME, sub, annotation, name, went)


def _people(sub: Submission) -> Iterator[Loss]:
    """Authors are surname and initials; address and names in full stand for contacts, roles are two."""
    contacts = {p for role in (people.CORRESPONDING, people.INVESTIGATOR) for p in people.with_role(sub, role)}
    addresses = {p.organisations[0] for p in contacts if p.organisations}
    for person in sub.people:
        if set(person.roles) - {people.CORRESPONDING, people.INVESTIGATOR}:
            yield loss(NAME, sub, person, "roles", "lost: EMPIAR knows corresponding author and principal investigator")
        if person in contacts:
            if len(person.organisations) > 1:
                yield loss(NAME, sub, person, "organisations", "lost but for the first one")
            continue
        if person.first_names:
            yield loss(NAME, sub, person, "first_names", "initials in authors[].name")
        for name in ("email", "telephone", "organisations"):
            if getattr(person, name):
                yield loss(NAME, sub, person, name, _NO_CONTACT)
    for organisation in derive.organisations(sub):
        if organisation not in addresses:
            yield from row_losses(NAME, sub, organisation, _NO_CONTACT)
