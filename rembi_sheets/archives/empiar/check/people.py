"""What EMPIAR needs of people: contacts, their addresses, and names that it can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rembi_sheets import derive
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import ONLY
from rembi_sheets.archives.empiar.facts import limits, people
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import Person
from rembi_sheets.submission import Submission

_INITIALS = re.compile(r"[^\W\d_a-z]+(?:-?[^\W\d_a-z])*")


def check(sub: Submission) -> Iterator[Finding]:
    """All findings on people."""
    yield from _roles(sub)
    for person in sub.people:
        yield from _name(sub, person)
        for role in (people.CORRESPONDING, people.INVESTIGATOR):
            if role in person.roles:
                yield from _contact(sub, person, role)
                break


def _roles(sub: Submission) -> Iterator[Finding]:
    corresponding = people.with_role(sub, people.CORRESPONDING)
    if sub.people and len(corresponding) != 1:
        at = [p for c in corresponding if not isinstance(p := sub.place(c, "roles"), str)]
        yield find("EMPIAR-CORRESPONDING", at or sub.tables["people"].title, value=len(corresponding), archives=ONLY)
    if sub.people and not people.with_role(sub, people.INVESTIGATOR):
        yield find("EMPIAR-INVESTIGATOR", sub.tables["people"].title, archives=ONLY)


def _name(sub: Submission, person: Person) -> Iterator[Finding]:
    for field, text in (("first_names", person.first_names), ("last_name", person.last_name)):
        bad = people.FORBIDDEN.search(text)
        if bad:
            shown = {"\n": "line break", "\t": "tab"}.get(bad[0], bad[0])
            yield find("EMPIAR-NAME-CHARACTER", sub.place(person, field), value=text, character=shown, archives=ONLY)
    if codes.quotable(person.last_name) != person.last_name:
        yield find("EMPIAR-APOSTROPHE", sub.place(person, "last_name"), value=person.last_name, archives=ONLY)
    made = derive.initials(person)
    if not person.last_name:
        return
    if not _INITIALS.fullmatch(made) or len(made) > people.MAX_INITIALS:
        yield find(
            "EMPIAR-INITIALS",
            sub.place(person, "initials"),
            value=derive.full_name(person),
            suggestions=(_from_words(person.last_name),) if not person.first_names else (),
            archives=ONLY,
        )


def _from_words(name: str) -> str:
    """Initials of a consortium or a single name: the first letters of its words."""
    return "".join(w[0].upper() for w in re.findall(r"[^\W\d_]+", name))[: people.MAX_INITIALS]


def _contact(sub: Submission, person: Person, role: str) -> Iterator[Finding]:
    who = derive.full_name(person)
    if not person.first_names:
        yield find("EMPIAR-CONTACT", sub.place(person, "first_names"), value="", archives=ONLY, person=who, role=role)
    if person.email and not limits.EMAIL.fullmatch(person.email):
        yield find("EMPIAR-EMAIL", sub.place(person, "email"), value=person.email, archives=ONLY)
    if not person.organisations:
        return
    place = person.organisations[0]
    if not place.country:
        yield find("EMPIAR-CONTACT", sub.place(place, "country"), value="", archives=ONLY, person=who, role=role)
    for field in ("town", "postcode"):
        if not getattr(place, field):
            yield find("EMPIAR-ADDRESS", sub.place(place, field), value="", written=people.EMPTY_ADDRESS, archives=ONLY)
