"""bulk.yml and bulkmap-config.yml: what OMERO imports, and which columns it shows and searches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from rembi_sheets.archives.idr.cells import Column
from rembi_sheets.archives.idr.document import BulkMap, Component, Entry, Group, Kind, Study

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


def scalar(text: str) -> str:
    """A text as YAML holds it, quoted where it would mean something else."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _./()\[\]+µ|{}-]*", text) and not re.search(r" $|: | #|\{\{", text)
    words = ("yes", "no", "true", "false", "on", "off", "null", "y", "n")
    return text if plain and text.casefold() not in words else json.dumps(text, ensure_ascii=False)


def bulkmap_text(study: Study, component: Component) -> str:
    """bulkmap-config.yml of a component."""
    out = [
        "---",
        f"name: {study.name}/{component.folder}",
        "version: 1",
        "",
        "defaults:",
        "  include: no",
        "  type: string",
    ]
    out += ["  split:", "  includeclient: yes", "  visible: yes", "  omitempty: yes", ""]
    found = component.bulkmap
    out.append("columns:" if found.columns or found.groups else "columns: []")
    for entry in found.columns:
        out += _entry_lines(entry, 2)
    for group in found.groups:
        out += ["", "  - group:", f"      namespace: {group.namespace}", "      columns:"]
        for entry in group.entries:
            out += _entry_lines(entry, 8)
    out += ["", "advanced:"]
    if component.kind is Kind.SCREEN:
        out.append("  well_to_images: yes")
    out.append("  ignore_missing_primary_key: yes")
    keyed = {g.namespace: g.keys for g in found.groups if g.keys}
    out.append("  primary_group_keys:" if keyed else "  primary_group_keys: []")
    for namespace, keys in keyed.items():
        out += [f"    - namespace: {namespace}", "      keys:"]
        out += [f"        - {scalar(k)}" for k in keys]
    return "\n".join(out) + "\n"


def _entry_lines(entry: Entry, indent: int) -> list[str]:
    pad = " " * indent
    # OMERO keeps a heading with / under the name with \
    out = [f"{pad}- name: {scalar(entry.name.replace('/', chr(92)))}"]
    if entry.clientname:
        out.append(f"{pad}  clientname: {scalar(entry.clientname)}")
    if entry.clientvalue is not None:
        out.append(f"{pad}  clientvalue: {json.dumps(entry.clientvalue, ensure_ascii=False)}")
    if not entry.omitempty:
        out.append(f"{pad}  omitempty: no")
    out.append(f"{pad}  include: yes")
    return out


def bulk_text(study: Study, component: Component) -> str:
    """bulk.yml of a component: which list of paths, and how to import them."""
    screen = component.kind is Kind.SCREEN
    out = ["---"]
    if screen:
        out.append(f'target: "Screen:name:{study.name}/{component.folder}"')
    suffix = "plates" if screen else "filePaths"
    out += [f'path: "{study.accession}-{component.folder}-{suffix}.tsv"', 'continue: "true"', 'transfer: "ln_s"']
    out += ['exclude: "clientpath"', "columns:", *(f"  - {c}" for c in component.paths.header)]
    return "\n".join(out) + "\n"
