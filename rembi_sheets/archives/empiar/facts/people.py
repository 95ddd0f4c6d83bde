"""Authors and contacts from People, Organisations and lists of authors."""

from __future__ import annotations

import re

from rembi_sheets import derive
from rembi_sheets.archives.empiar.document import Author, Contact
from rembi_sheets.archives.empiar.facts.details import one_line
from rembi_sheets.records import Person, Publication
from rembi_sheets.submission import Submission

CORRESPONDING = "corresponding author"
INVESTIGATOR = "principal investigator"
EMPTY_ADDRESS = "N/A"  # town and postcode take no null; depositors write this (released entries)

# The deposition schema forbids these in every name; a line break would break the XML's token.
FORBIDDEN = re.compile(r'[0-9!"£$%^&*()\n\t\\]')
MAX_NAME, MAX_INITIALS = 60, 20
_CAPITAL = r"[^\W\d_a-z]"
# One block (JK, JK-L), or single letters (J. K., J.-K.); a longer word in capitals is part of a name (VAN DER BERG J).
_MADE = rf"{_CAPITAL}{{1,8}}(?:\.?-{_CAPITAL}{{1,2}})?\.?|{_CAPITAL}(?:(?:\. ?|\. ?-| ?-| ){_CAPITAL}){{1,7}}\.?"
_AUTHOR = re.compile(rf"(?P<last>[^,]+?)(?:,\s*|\s+)(?P<initials>{_MADE})")


def author(person: Person) -> Author:
    """A person as author."""
    return Author(one_line(person.last_name), derive.initials(person)[:MAX_INITIALS], person.orcid)


def authors(people: tuple[Person, ...]) -> tuple[Author, ...]:
    """All people, in the order of their rows."""
    return tuple(author(p) for p in people)


def read_author(text: str) -> Author | None:
    """'Beispiel JK [ORCID]', 'Beispiel, J. K.' -> last name, initials, ORCID; None when the text is something else."""
    name, orcid = derive.paper_author(text)
    found = _AUTHOR.fullmatch(name.strip())
    if not found or FORBIDDEN.search(name):
        return None
    initials = re.sub(r"[. ]", "", found["initials"])
    last = one_line(found["last"].strip(" ,"))
    fits = 0 < len(last) <= MAX_NAME and len(initials) <= MAX_INITIALS
    return Author(last, initials, orcid) if fits else None


def paper_authors(paper: Publication, people: tuple[Person, ...]) -> tuple[Author, ...]:
    """Authors of a paper, with the ORCID of the person of the same name where none is given; all people of no cell."""
    if not paper.authors:
        return authors(people)
    known = {_same(a): a.orcid for a in authors(people)}
    read = [read_author(text) for text in paper.authors]
    return tuple(Author(a.last_name, a.initials, a.orcid or known.get(_same(a), "")) for a in read if a)


def _same(author: Author) -> tuple[str, str]:
    """A name as compared: case and the kind of apostrophe do not matter."""
    return re.sub("['`´]", "’", author.last_name).casefold(), author.initials


def with_role(sub: Submission, role: str) -> tuple[Person, ...]:
    """People with a role, in the order of their rows."""
    return tuple(p for p in sub.people if role in p.roles)


def contact(person: Person) -> Contact:
    """A person with the address of the first organisation; the first of the given names is the first name."""
    place = person.organisations[0] if person.organisations else None
    first, _, middle = one_line(person.first_names).partition(" ")
    return Contact(
        first_name=first,
        middle_name=middle,
        last_name=one_line(person.last_name),
        organization=one_line(place.name) if place else "",
        email=person.email,
        country=place.country if place else "",
        street=one_line(place.street) if place else "",
        town=one_line(place.town if place else "") or EMPTY_ADDRESS,
        state=one_line(place.state) if place else "",
        postcode=one_line(place.postcode if place else "") or EMPTY_ADDRESS,
        orcid=person.orcid,
        telephone=one_line(person.telephone),
    )
