"""The lines of the study file that are about the whole study."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr.document import Block, Kind, Line
from rembi_sheets.archives.idr.facts import kept, sources
from rembi_sheets.archives.idr.facts.naming import accession, licence
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.idr.facts.text import prose, value
from rembi_sheets.records import Person, Publication
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term


def description(sub: Submission) -> str:
    """The description, then acknowledgements and funding, which have no line of their own."""
    return prose(sub.study.study_description, sub.study.acknowledgements, derive.funding_statement(sub))


def address(person: Person) -> str:
    """Name and address of each organisation of a person."""
    return "; ".join(", ".join(p for p in (o.name, derive.address(o)) if p) for o in person.organisations)


def author_list(publication: Publication, people: Iterable[Person] = ()) -> str:
    """'Last AB, Last C', as IDR prints it; of `people` where the publication names no authors."""
    authors = derive.paper_authors(publication) or derive.author_list(people)
    return ", ".join(value(a.replace(",", " ").replace("  ", " ")) for a in authors)


def blocks(
    sub: Submission, seen: list[Survey], organisms: tuple[Term, ...] | None, prefixes: set[str]
) -> tuple[Block, ...]:
    """Every block of the study part. `organisms` is None when the components name theirs."""
    s = sub.study
    kind = s.study_type or Term("")
    ref, code = sources.split(kind.id)
    links = accessions(sub)
    general = [
        Line("Comment[IDR Study Accession]", (accession(sub),)),
        Line("Study Title", (value(s.study_title),)),
        Line("Study Type", (value(kind.label),)),
        Line("Study Type Term Source REF", (ref,)),
        Line("Study Type Term Accession", (code,)),
        Line("Study Description", (description(sub),)),
        Line("Study Key Words", tuple(value(k) for k in s.keywords)),
        *organism_lines("Study", organisms or ()),
        *counts(seen),
        Line("Study External URL", links["url"]),
        Line("Study BioImage Archive Accession", links["bia"]),
        Line("Study BioStudies Accession", links["biostudies"]),
        Line("Study EMPIAR Accession", links["empiar"]),
        Line("Study Public Release Date", (s.release_date.isoformat() if s.release_date else "",)),
    ]
    people = sub.people
    contacts = [
        Line("Study Person Last Name", tuple(value(p.last_name) for p in people)),
        Line("Study Person First Name", tuple(value(p.first_names) for p in people)),
        Line("Study Person Email", tuple(value(p.email) for p in people)),
        Line("Study Person Address", tuple(value(address(p)) for p in people)),
        Line("Study Person ORCID", tuple(value(p.orcid) for p in people)),
        Line("Study Person Roles", tuple(value(", ".join(p.roles)) for p in people)),
    ]
    name, url = licence(s.license) if s.license else ("", "")
    rights = [
        Line("Study License", (name,)),
        Line("Study License URL", (url,)),
        Line("Study Copyright", (f"{value(people[0].last_name)} et al" if people else "",)),
        Line("Study Data Publisher"),
        Line("Study Data DOI"),
    ]
    used = sources.listed({*prefixes, ref, *(sources.split(o.id)[0] for o in organisms or ())})
    terms = [Line("Term Source Name", tuple(n for n, _ in used)), Line("Term Source URI", tuple(u for _, u in used))]
    made = (
        Block("STUDY DESCRIPTION SECTION", tuple(general)),
        Block("Study Publication", tuple(publications(sub))),
        Block("Study Contacts", tuple(contacts)),
        Block("Study License and Data DOI", tuple(rights)),
        Block("Term Sources", tuple(terms)),
    )
    said = dict.fromkeys(k for c in seen for k in kept.apart(c.component.comments, kept.OF_STUDY)[1])
    return tuple(kept.placed(made, [(k, value(v)) for k, v in said]))


def organism_lines(scope: str, organisms: tuple[Term, ...]) -> list[Line]:
    """The three lines on the organism, one column each."""
    ids = [sources.split(o.id) for o in organisms]
    return [
        Line(f"{scope} Organism", tuple(value(o.label) for o in organisms)),
        Line(f"{scope} Organism Term Source REF", tuple(r for r, _ in ids)),
        Line(f"{scope} Organism Term Accession", tuple(a for _, a in ids)),
    ]


def counts(seen: list[Survey]) -> list[Line]:
    """How many screens and experiments; a kind that is absent has no line."""
    screens = sum(s.kind is Kind.SCREEN for s in seen)
    numbers = (("Study Screens Number", screens), ("Study Experiments Number", len(seen) - screens))
    return [Line(key, (str(n),)) for key, n in numbers if n]


def publications(sub: Submission) -> list[Line]:
    """The publication lines, one column each; empty lines without publications, since pyidr wants them."""
    papers = [p for p in sub.publications if p.title or p.authors]
    first = next(iter(papers), None)
    preprints = [p for p in papers if p.publication_type == "preprint" and p.doi]
    return [
        Line("Study PubMed ID", tuple(value(p.pubmed_id) for p in papers)),
        Line("Study Publication Title", tuple(value(p.title) for p in papers)),
        Line("Study Author List", tuple(author_list(p, sub.people if p is first else ()) for p in papers)),
        Line("Study PMC ID", tuple(value(p.pmc_id) for p in papers)),
        Line("Study DOI", tuple(f"https://doi.org/{value(p.doi)}" if p.doi else "" for p in papers)),
        *(
            [Line("Study Publication Preprint", tuple(f"https://doi.org/{value(p.doi)}" for p in preprints))]
            if preprints
            else []
        ),
    ]


def accessions(sub: Submission) -> dict[str, tuple[str, ...]]:
    """Links by the lines they belong to; of several accessions of an archive all but the first become addresses."""
    out: dict[str, list[str]] = {"url": [], "bia": [], "biostudies": [], "empiar": []}
    found = [x.link for x in sub.links if x.link]
    found += [m[0] for c in sub.image_correlation for r in c.related_images for m in _ACCESSION.finditer(r)]
    types = {x.link: x.link_type for x in sub.links}
    for link in dict.fromkeys(found):
        where, url = _sorted(link, types)
        if where == "url" or out[where]:
            out["url"].append(url)
        else:
            found_in = _ACCESSION_OF_TYPE.search(link)
            out[where].append(value(found_in[0] if found_in else link))
    return {k: tuple(dict.fromkeys(v)) for k, v in out.items()}


_BIOSTUDIES = r"S-[A-Z]+(?:-[A-Z]+)*\d+"  # S-BIAD1, S-BSMS-PGPC1
_ACCESSION = re.compile(rf"EMPIAR-\d+|EMD-\d+|{_BIOSTUDIES}|https?://[^\s,;]+")


# types of links that have a line of their own; what is typed goes before what the accession looks like
_LINES = {"BioStudies": "biostudies", "BioImage Archive": "bia", "EMPIAR": "empiar"}
_ACCESSION_OF_TYPE = re.compile(rf"{_BIOSTUDIES}|EMPIAR-\d+")


def _sorted(link: str, types: dict[str, str]) -> tuple[str, str]:
    typed, held = _LINES.get(types.get(link, ""), ""), _ACCESSION_OF_TYPE.search(link)
    if typed and held:
        return typed, link if "://" in link else _sorted(held[0], {})[1]
    if re.match(r"S-BIAD\d+", link):
        return "bia", f"https://www.ebi.ac.uk/biostudies/studies/{link}"
    if re.match(_BIOSTUDIES, link):
        return "biostudies", f"https://www.ebi.ac.uk/biostudies/studies/{link}"
    if re.match(r"EMPIAR-\d+", link):
        return "empiar", f"https://www.ebi.ac.uk/empiar/{link}/"
    if re.match(r"https?://", link):
        return "url", value(link)
    if re.match(r"EMD-\d+", link):
        return "url", f"https://www.ebi.ac.uk/emdb/{link}"
    if re.match(r"10\.\d+/", link) or types.get(link) == "DOI":
        return "url", f"https://doi.org/{value(link.removeprefix('doi:'))}"
    if re.fullmatch(r"idr\d{4}", link, re.IGNORECASE):
        return "url", f"https://idr.openmicroscopy.org/search/?query=Name:{link.casefold()}"
    kind = types.get(link, "")
    return "url", value(f"{kind}:{link}" if kind and not vocabularies.normalise_id(link) else link)
