"""bulkmap-config.yml as data: which columns OMERO shows and searches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rembi_sheets.archives.idr.document import BulkMap, Entry, Group
from rembi_sheets.archives.idr.facts.cells import Column

MAPR = "openmicroscopy.org/mapr/"
_CLIENT = re.compile(r"(?:Characteristics|Experimental Condition|Comment) \[(.+)\]\Z")
_NUMBER = re.compile(r"(.*?)(?: (\d+))?\Z")
_TERM = re.compile(r"Phenotype ?\d*( Term (?:Name|Accession))(?: [a-z])?\Z")

# the mapr groups: primary keys as the search knows them
KEYS = {
    "organism": ("Organism",),
    "cell_line": ("Cell Line",),
    "gene": ("Gene Identifier", "Gene Symbol"),
    "sirna": ("siRNA Identifier", "siRNA Pool Identifier"),
    "compound": ("Compound Name",),
    "antibody": ("Antibody Name", "Antibody Identifier"),
    "phenotype": ("Phenotype",),
}
# columns that go with a group without being its key
_SUPPLEMENT = {
    "Sense Sequence": "sirna",
    "Antisense Sequence": "sirna",
    "siRNA Sequence": "sirna",
    "Reagent Design Gene Annotation Build": "sirna",
    "Gene Annotation Comments": "gene",
    "Analysis Gene Annotation Build": "gene",
}

_SINGLE = {"antibody": ("Antibody Identifier",)}

_URLS = {
    "Phenotype Term Accession": "http://www.ebi.ac.uk/cmpo/{{ value|urlencode }}",
    "Compound PubChem CID": "https://pubchem.ncbi.nlm.nih.gov/compound/{{ value|urlencode }}",
}

# gene identifiers by their form -> address of their page
GENE_PAGES = (
    (re.compile(r"ENS[A-Z]*[GTP]\d+|WBGene\d+"), "http://www.ensembl.org/id/{{ value|urlencode }}"),
    (re.compile(r"Y[A-P][LR]\d{3}[WC](-[A-Z])?|Q\d{4}"), "https://www.yeastgenome.org/locus/{{ value|urlencode }}"),
    (re.compile(r"\d+"), "http://www.ncbi.nlm.nih.gov/gene/{{ value|urlencode }}"),
    (re.compile(r"[NX][MR]_\d+(\.\d+)?"), "https://www.ncbi.nlm.nih.gov/gene/?term={{ value|urlencode }}"),
)


def gene_page(identifiers: Iterable[str]) -> str:
    """The page that fits every gene identifier, '' when none does."""
    found = [i for i in identifiers if i]
    for form, page in GENE_PAGES:
        if found and all(form.fullmatch(i) for i in found):
            return page
    return ""


def client(heading: str) -> tuple[str, str]:
    """How OMERO shows a column, and its number: 'Comment [Gene Symbol 2]' -> 'Gene Symbol', '2'."""
    inner = _CLIENT.match(heading)
    shown = inner[1] if inner else heading
    parts = _NUMBER.match(shown)
    assert parts
    return parts[1], parts[2] or ""


def bulkmap(columns: Sequence[Column], page: str = "") -> BulkMap:
    """Which columns OMERO shows: groups for the search where their key columns are there, the others singly."""
    shown = [c for c in columns if c.searchable]
    groups: list[Group] = []
    used: set[str] = set()
    for name, keys in KEYS.items():
        groups += _groups(name, keys, [c for c in shown if _group_of(c) == name], page, used)
    return BulkMap(_plain([c for c in shown if c.heading not in used]), tuple(groups))


def _plain(columns: list[Column]) -> tuple[Entry, ...]:
    """Columns outside groups, each under a name of its own: OMERO refuses equal pairs in one annotation."""
    out: list[Entry] = []
    taken = {c.heading for c in columns}
    for column in columns:
        entry = _entry(column)
        outer = column.heading.partition(" [")[0]
        for name in (entry.clientname, f"{entry.clientname} {outer}", f"{column.heading}"):
            if not entry.clientname or name not in taken:
                break
        taken.add(name)
        out.append(Entry(entry.name, "" if name == entry.name else name))
    return tuple(out)


def _group_of(column: Column) -> str:
    return _SUPPLEMENT.get(client(column.heading)[0], column.group)


def _groups(name: str, keys: tuple[str, ...], columns: list[Column], page: str, used: set[str]) -> list[Group]:
    """One group for each number that the columns of a group carry."""
    if name == "phenotype":
        return _phenotypes(columns, used)
    numbered: dict[str, dict[str, Column]] = {}
    for c in columns:
        shown, number = client(c.heading)
        numbered.setdefault(number, {})[shown] = c
    out = []
    for found in numbered.values():
        present = tuple(k for k in keys if k in found)
        if name != "sirna" and name in _SINGLE and present == _SINGLE[name]:
            keys = _SINGLE[name]
        if not present:
            continue
        entries = []
        for key in keys:
            if key in found:
                entries.append(_entry(found[key], key, name not in ("gene", "sirna")))
                if key == "Gene Identifier" and page:
                    entries.append(Entry(found[key].heading, "Gene Identifier URL", page))
            elif name in ("sirna", "gene"):
                # the search wants both keys; the one that is not used is given empty
                entries.append(Entry(found[present[0]].heading, key, "", omitempty=False))
        used.update(found[k].heading for k in present)
        extra = [c for k, c in found.items() if k not in keys]
        out.append(Group(MAPR + name, tuple(entries), keys))
        if extra:
            made = []
            for c in extra:
                made.append(_entry(c))
                if c.heading in _URLS:
                    made.append(Entry(c.heading, f"{c.heading} URL", _URLS[c.heading]))
            out.append(Group(f"{MAPR}{name}/supplementary", tuple(made)))
            used.update(c.heading for c in extra)
    return out


def _phenotypes(columns: list[Column], used: set[str]) -> list[Group]:
    out = []
    for c in columns:
        if _TERM.match(c.heading):
            continue
        own = [c, *(x for x in columns if x.heading.startswith(f"{c.heading} Term "))]
        entries = []
        for x in own:
            of_term = _TERM.match(x.heading)  # several terms are shown under one name, by which they are searched
            shown = "Phenotype" + (of_term[1] if of_term else "")
            entries.append(Entry(x.heading, shown))
            if shown in _URLS:
                entries.append(Entry(x.heading, f"{shown} URL", _URLS[shown]))
        used.update(x.heading for x in own)
        out.append(Group(MAPR + "phenotype", tuple(entries), KEYS["phenotype"]))
    return out


def _entry(column: Column, shown: str = "", omitempty: bool = True) -> Entry:
    inner = _CLIENT.match(column.heading)
    name = shown or (inner[1] if inner else column.heading)
    return Entry(column.heading, "" if name == column.heading else name, omitempty=omitempty)
