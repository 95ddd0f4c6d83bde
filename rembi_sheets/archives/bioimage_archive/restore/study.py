"""The study itself, people, organisations, funding, publications and links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rembi_sheets import vocabularies
from rembi_sheets.archives.bioimage_archive.document import NAME, Attribute, Link, Page, Section
from rembi_sheets.archives.bioimage_archive.facts import terms
from rembi_sheets.archives.bioimage_archive.restore.reading import Taken, curie, flat, key, labelled, of_kind, words
from rembi_sheets.archives.shared.restoring import Sheets, distinct, split_name

_POSTCODE = re.compile(
    r"(?P<code>(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{3} \d{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
    r" (?P<town>\D+)"
)


PROTOCOLS = ("Study Protocols", "Protocols", "Protocol")  # of the templates before REMBI, whose studies have no samples

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
# Where a link of a publication says what a column asks for: the folded type of the link.
_IDENTIFIERS = {"doi": "doi", "pmid": "pubmed_id", "pubmed": "pubmed_id", "pmc": "pmc_id", "pmcid": "pmc_id"}


def study(page: Page, root: Section, sheets: Sheets) -> None:
    """The row of Study from the page's own attributes and those of its root section."""
    above = Taken(Section("submission", page.attributes), "submission", sheets)
    below = Taken(root, root.type or "Study", sheets)
    for control in ("Template", "AttachTo"):
        above.all(control)
    title = below.one("Title") or above.one("Title")
    above.all("Title")
    licence = below.one("License", "Licence") or above.one("License", "Licence")
    keywords = below.texts("Keywords", "Keyword")
    keywords += [
        k for s in of_kind(root, "Keywords") for k in Taken(s, "Keywords", sheets).texts("Keyword", "Keywords")
    ]
    of_type = below.all("Study type")
    description = below.one("Description") or below.one("Abstract")
    taken = {
        "acknowledgements": below.one("Acknowledgements", "Acknowledgement"),
        "funding_statement": below.one("Funding statement"),
        "release_date": (above.texts("ReleaseDate") + below.texts("ReleaseDate") or [""])[0][:10],
    }
    more = [f"{name}: {text}" for name, text in below.rest()]  # attributes of somebody's own stay with the description
    more += words(Section("", subsections=tuple(of_kind(root, *PROTOCOLS))))
    sheets.add(
        "study",
        "Study",
        {
            "study_title": title,
            "study_type": labelled(of_type[0].value or "", curie(of_type[0])) if of_type else "",
            "study_description": "\n".join(filter(None, (description, *more))),
            "keywords": keywords,
            "license": terms.known_licence(licence) or licence,
            **taken,
            "archives": sheets.schema.archive(NAME).label,
            "data_folder": above.one("RootPath"),
            "request_doi": bool(above.texts("DOI")),
        },
    )
    if page.accno:
        sheets.note("submission", f"accession {page.accno}: a new deposit gets its own")
    above.tell()
    below.tell()


def organisations(root: Section, sheets: Sheets) -> Mapping[str, str]:
    """Rows of Organisations; names by accno, and by name for pages that do not refer."""
    names: dict[str, str] = {}
    taken, twice = set[str](), set[str]()
    for n, section in enumerate(of_kind(root, "organisation", "organization"), 1):
        where = f"organisation {section.accno or n}"
        held = Taken(section, where, sheets)
        given = sheets.title(held.one("Name"), where)
        if not given:
            if section.accno:
                given = section.accno
                sheets.note(where, "has no name")
            else:
                held.tell_whole()
                continue
        name = names.get("\0" + given.casefold()) or distinct(given, taken)
        said = section.accno or f"o{n}"  # as forms number them
        if names.setdefault(said, name) != name and section.accno:
            twice.add(section.accno)
        known = "\0" + given.casefold() in names
        names.setdefault("\0" + given.casefold(), name)
        cells = {"name": name, "ror_id": held.one("RORID", "ROR ID"), **_address(held.one("Address"), sheets)}
        held.tell_whole()
        if not known:
            sheets.add("organisations", where, cells)
    for accno in sorted(twice):  # whom a reference to it means is not known
        sheets.note(f"organisation {accno}", "several organisations have this accno")
    return {said: name for said, name in names.items() if said and said not in twice}


def _address(text: str, sheets: Sheets) -> dict[str, str]:
    """The parts of an address in one line, so that it is the same line again: street, postcode town, state, country."""
    parts = [p for p in text.split(", ") if p]
    found: dict[str, str] = {}
    last = vocabularies.resolve(parts[-1], "country").entry if parts else None
    if last is not None and last.label == parts[-1]:
        found["country"] = parts.pop()
    at = next((n for n in range(len(parts) - 1, -1, -1) if _POSTCODE.fullmatch(parts[n])), None)
    coded = _POSTCODE.fullmatch(parts[at]) if at is not None else None
    if at is not None and coded:
        found |= {"postcode": coded["code"], "town": coded["town"], "state": ", ".join(parts[at + 1 :])}
        parts = parts[:at]
    elif parts:
        found["town"] = parts.pop()
    return {**found, "street": ", ".join(parts)}


def people(root: Section, organisations_of: Mapping[str, str], sheets: Sheets) -> None:
    """Rows of People."""
    for n, section in enumerate(of_kind(root, "Author"), 1):
        where = f"Author {section.accno or n}"
        held = Taken(section, where, sheets)
        first, last = split_name(held.one("Name"))
        roles = [r.strip() for text in held.texts("Role") for r in re.split(r"[,;]", text) if r.strip()]
        cells = {
            "first_names": first,
            "last_name": last,
            "email": held.one("E-mail", "Email"),
            "orcid": held.one("ORCID"),
            "organisations": [o for a in held.all("affiliation", "Organisation") for o in _named(a, organisations_of)],
            "roles": roles,
        }
        for a in held.all("affiliation", "Organisation"):
            if not _named(a, organisations_of):
                sheets.note(f"{where}, {a.name}", f"{a.value} is no organisation of the page")
        held.tell_whole()
        if any(cells.values()):
            sheets.add("people", where, cells)


def _named(attribute: Attribute, known: Mapping[str, str]) -> list[str]:
    """Organisations that an affiliation means: an accno, several accnos, or a name."""
    text = (attribute.value or "").strip()
    whole = known.get(text) or known.get("\0" + text.casefold())
    if whole:
        return [whole]
    several = [known.get(p.strip()) for p in re.split(r"[,;\s]+", text)]
    return [s for s in several if s] if several and all(several) else []


def publications(root: Section, sheets: Sheets) -> None:
    """Rows of Publications."""
    for n, section in enumerate(of_kind(root, "Publication"), 1):
        left, known = _identifiers(section)
        held = Taken(replace(section, links=left), f"Publication {section.accno or n}", sheets)
        volume, issue = _volume(held.one("Volume"))
        date = _YEAR.search(held.one("Publication date")) if not held.one("Year") else None
        cells = {
            "pubmed_id": held.one("Pubmed ID", "PMID") or known.get("pubmed_id", ""),
            "title": held.one("Title"),
            "authors": [a.strip() for t in held.texts("Authors") for a in re.split(r"[,;]", t) if a.strip()],
            "doi": held.one("DOI") or known.get("doi", ""),
            "year": held.one("Year") or (date[0] if date else ""),
            "pmc_id": held.one("PMC ID", "PMCID") or known.get("pmc_id", ""),
            "journal": held.one("Journal"),
            "volume": volume,
            "issue": held.one("Issue") or issue,
            "pages": held.one("Pages"),
        }
        held.tell_whole()
        if any(cells.values()):
            sheets.add("publications", held.where, cells)


def _identifiers(section: Section) -> tuple[tuple[Link, ...], dict[str, str]]:
    """The links of a publication, and of those that are identifiers of it the first of each column."""
    left, known = [], dict[str, str]()
    for link in flat(section.links):
        kind = next((a.value or "" for a in link.attributes if key(a.name) == "type"), "")
        column = _IDENTIFIERS.get(key(kind), "")
        if known.setdefault(column, link.url.strip()) != link.url.strip() or not column:
            left.append(link)
    return tuple(left), known


def _volume(text: str) -> tuple[str, str]:
    """Volume and issue of `165(6)`."""
    found = re.fullmatch(r"(?P<volume>[^()]+)\((?P<issue>[^()]+)\)", text)
    return (found["volume"].strip(), found["issue"].strip()) if found else (text, "")


def funding(root: Section, sheets: Sheets) -> None:
    """Rows of Funding."""
    for n, section in enumerate(of_kind(root, "Funding"), 1):
        held = Taken(section, f"Funding {section.accno or n}", sheets)
        cells = {"funder": held.one("Agency"), "grant_id": held.one("grant_id", "Grant ID")}
        held.tell_whole()
        if any(cells.values()):
            sheets.add("funding", held.where, cells)


def links(root: Section, sheets: Sheets) -> None:
    """Rows of Links. A whole address needs no type: one that is in no list stays with the description."""
    for n, link in enumerate(flat(root.links), 1):
        held = Taken(Section("link", link.attributes), f"link {n}", sheets)
        url, given, described = link.url.strip(), held.one("Type"), held.one("Description")
        kind = _type(given)
        if given and _ADDRESS.fullmatch(url) and vocabularies.resolve(kind, "link_type").entry is None:
            kind, described = "", f"{described} ({given})" if described else given
        held.tell()
        if url or kind or described:
            sheets.add("links", held.where, {"link": url, "link_type": kind, "description": described})


def _type(word: str) -> str:
    """The workbook's word for a type of link as the archive writes it."""
    found = (e.label for e in vocabularies.entries("link_type") if word and e.extra["bia"] == word)
    return next(found, word)
