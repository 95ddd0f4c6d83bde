"""The lines about the whole study -> Study, Publications, Links."""

from __future__ import annotations

import datetime as dt
import re

from rembi_sheets.archives.idr.document import Study as Document
from rembi_sheets.archives.idr.facts import kept, sources
from rembi_sheets.archives.idr.facts.naming import UNASSIGNED
from rembi_sheets.archives.idr.facts.text import last_name
from rembi_sheets.archives.idr.restore.lines import Lines
from rembi_sheets.archives.idr.restore.words import term, terms, word
from rembi_sheets.records import Link, Person, Publication, Study
from rembi_sheets.schema import Schema
from rembi_sheets.values import Term

_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_DOI = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*", re.IGNORECASE)
_INITIALS = re.compile(r"[^\W\d_]\.?(?:[ .-]*[^\W\d_a-z]\.?){0,4}")
# lines of accessions and the type of link that each is
_ACCESSIONS = {
    "Study BioImage Archive Accession": "BioImage Archive",
    "Study BioStudies Accession": "BioStudies",
    "Study EMPIAR Accession": "EMPIAR",
}


def study(lines: Lines, document: Document, people: tuple[Person, ...], schema: Schema, archive: str) -> Study:
    """What is said once."""
    kinds = lines.columns("Study Type", "Study Type Term Source REF", "Study Type Term Accession")
    kind, *others = kinds or [("", "", "")]
    for label, ref, code in others:
        lines.keep("Study Type", " ".join(filter(None, (label, sources.join(ref, code)))))
    accession = lines.one("Comment[IDR Study Accession]") or document.accession
    licence = lines.one("Study License") or lines.one("Study License URL")
    lines.ignore("Study Screens Number", "Study Experiments Number", "Term Source Name", "Term Source URI")
    lines.ignore("Term Source File", "Study License URL")
    copyright_ = lines.one(kept.COPYRIGHT)
    if copyright_ and not (people and copyright_.rstrip(".") == f"{people[0].last_name} et al"):
        lines.keep(kept.COPYRIGHT, copyright_)
    return Study(
        study_title=lines.one("Study Title"),
        study_type=term(kind[0], kind[1], kind[2], "study_type") if kind[0] else None,
        study_description=" ".join(lines.texts("Study Description")),
        keywords=tuple(dict.fromkeys(lines.texts("Study Key Words"))),
        license=word(licence, "license"),
        release_date=_date(lines),
        archives=(schema.archive(archive).label,),
        idr_accession="" if accession == UNASSIGNED else accession,
        idr_word=_word(document.name, people),
    )


def _word(name: str, people: tuple[Person, ...]) -> str:
    """What stands behind the accession; the last name is left out where it follows from the first person."""
    _, _, rest = name.partition("-")
    first, dash, tail = rest.partition("-")
    return tail if dash and people and last_name(people[0].last_name) == first else rest


def _date(lines: Lines) -> dt.date | None:
    given = lines.one("Study Public Release Date")
    found = _DATE.match(given)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    finally:
        if given and (not found or found[0] != given):
            lines.note("Study Public Release Date", given)


def organisms(lines: Lines, scope: str) -> tuple[Term, ...]:
    """The organisms of the study or of a component."""
    return terms(
        lines.columns(f"{scope} Organism", f"{scope} Organism Term Source REF", f"{scope} Organism Term Accession"),
        "organism",
    )


def publications(lines: Lines) -> tuple[Publication, ...]:
    """The papers, one a column; a preprint line that repeats a DOI tells what that paper is."""
    keys = ("Publication Title", "Author List", "PubMed ID", "PMC ID", "DOI")
    preprints = {_DOI.sub("", p) for p in lines.texts("Study Publication Preprint")}
    out = []
    for title, listed, pubmed, pmc, doi in lines.columns(*(f"Study {k}" for k in keys)):
        doi = _DOI.sub("", doi).strip()
        out.append(
            Publication(
                title=title,
                authors=authors(listed),
                pubmed_id=pubmed,
                pmc_id=pmc,
                doi=doi,
                publication_type="preprint" if doi and doi in preprints else "",
            )
        )
    for other in preprints - {p.doi for p in out}:
        lines.keep("Study Publication Preprint", other)
    return tuple(out)


def authors(text: str) -> tuple[str, ...]:
    """'Last AB, Last C' -> its parts; 'Last, A.B., Last, C.' too."""
    text = re.sub(r",?\s+(?:and|&)\s+", ", ", text)
    found = [a.strip().rstrip(".") if ";" in text else a.strip() for a in re.split("[;,]", text) if a.strip()]
    pairs = list(zip(found[::2], found[1::2], strict=False))
    if len(found) > 1 and len(found) % 2 == 0 and all(_INITIALS.fullmatch(i) and " " not in i for _, i in pairs):
        return tuple(f"{last} {re.sub(r'[. ]', '', initials)}" for last, initials in pairs)
    return tuple(found)


def links(lines: Lines) -> list[Link]:
    """Addresses and accessions; IDR's own DOI of the data is one too."""
    out = [Link(link=_address(u)) for u in lines.texts("Study External URL") if " " not in u]
    for text in lines.texts("Study External URL"):
        if " " in text:
            lines.keep("Study External URL", text)
    for key, kind in _ACCESSIONS.items():
        out += [Link(link=a, link_type=kind) for a in lines.texts(key)]
    return [*out, *data_doi(lines, "Study")]


def _address(text: str) -> str:
    return text if "://" in text else f"https://{text}"


def data_doi(lines: Lines, scope: str) -> list[Link]:
    """The DOI that IDR gave the data of the study or of a component; the publisher goes with it."""
    publisher = lines.one(f"{scope} Data Publisher")
    found = lines.texts(f"{scope} Data DOI")
    if publisher:
        lines.keep(f"{scope} Data Publisher", publisher)
    told = f"Data of {lines.where} in IDR" + (f", published by {publisher}" if publisher else "")
    return [Link(link=_DOI.sub("", d), link_type="DOI", description=told) for d in found]
