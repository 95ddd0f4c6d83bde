"""The persons of a study file and their organisations, taken out of addresses in one line."""

from __future__ import annotations

import re

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.restore.lines import Lines
from rembi_sheets.archives.idr.restore.words import LONGEST, listed
from rembi_sheets.records import Organisation, Person

_CODE = r"(?:[A-Z]{1,3}[- ]?)?\d[\d-]{2,9}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{4} ?[A-Z]{2}"
_CODE_FIRST = re.compile(rf"({_CODE})\s+([^\d,]+)\Z")
_CODE_LAST = re.compile(rf"([^\d,]+?)\s+({_CODE})\Z")
_STATE_CODE = re.compile(r"([A-Z]{2}) (\d{5}(?:-\d{4})?)")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b")  # with an address before it or a name behind
_STREET = re.compile(
    r"\d|\b(?:street|road|avenue|lane|way|drive|square|stra(?:ss|ß)e|weg|platz|rue|via)\b", re.IGNORECASE
)


def people(lines: Lines) -> tuple[tuple[Person, ...], tuple[Organisation, ...]]:
    """Persons in their order, and the organisations they name."""
    keys = [f"Study Person {k}" for k in ("Last Name", "First Name", "Email", "Address", "ORCID", "Roles")]
    known: dict[str, Organisation] = {}
    out = []
    for last, first, email, address, orcid, roles in lines.columns(*keys):
        if not last and not first:
            lines.note(
                "Study Person Last Name", f"a person without a name: {'; '.join(filter(None, (email, address)))}"
            )
            continue
        homes = [known.setdefault(text.casefold(), organisation(text)) for text in _parts(address)]
        out.append(
            Person(
                last_name=last or first,
                first_names=first if last else "",
                email=email.strip("<>.,; "),
                orcid=found[0] if (found := _ORCID.search(orcid)) else orcid,
                organisations=tuple(dict.fromkeys(homes)),
                roles=tuple(
                    dict.fromkeys(listed(r, "role") or r for r in re.split(r"\s*[,;]\s*|\s+and\s+", roles) if r)
                ),
            )
        )
    return tuple(out), tuple(known.values())


def _parts(address: str) -> list[str]:
    return [p.strip(" ,") for p in address.split(";") if p.strip(" ,")]


def organisation(text: str) -> Organisation:
    """An address in one line: name, street, postcode and town, state, country, as far as they can be told apart.

    What cannot be told apart stays in the name, so that the line can be made again.
    """
    parts = [p.strip() for p in text.split(",") if p.strip()]
    country = _country(parts[-1]) if len(parts) > 1 else ""
    if country:
        parts.pop()
    postcode = town = state = ""
    if parts and parts[0][:1].isdigit():
        return Organisation(name=text[:LONGEST])  # it begins with a street
    if len(parts) > 2 and (found := _STATE_CODE.fullmatch(parts[-1])):
        state, postcode = found.groups()
        parts.pop()
        town = parts.pop()
    elif len(parts) > 1:
        if found := _CODE_FIRST.fullmatch(parts[-1]):
            postcode, town = found.groups()
        elif found := _CODE_LAST.fullmatch(parts[-1]):
            town, postcode = found.groups()
        elif not re.search(r"\d", parts[-1]) and country:
            town = parts[-1]
        if town:
            parts.pop()
    street: list[str] = []
    while len(parts) > 1 and _STREET.search(parts[-1]):
        street.insert(0, parts.pop())
    name = ", ".join(parts) or text
    return Organisation(
        name=name[:LONGEST], street=", ".join(street), postcode=postcode, town=town, state=state, country=country
    )


def _country(text: str) -> str:
    found = vocabularies.resolve(text.rstrip("."), "country").entry
    return found.label if found else ""
