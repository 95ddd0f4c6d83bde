"""A study file and the files beside it, judged by the rules of IDR's tools, in code of our own.

Study file: the rules of pyidr's study parser with --strict, and those of its templates that people watch over.
Annotation CSV and bulkmap configuration: the rules of omero-metadata. Each fault is one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rembi_sheets.archives.idr import keys
from rembi_sheets.archives.idr.document import BulkMap, Component, Kind, Study, Table
from rembi_sheets.archives.idr.facts import wells
from rembi_sheets.archives.idr.facts.columns import reserved

_DOI = re.compile(r"(https?://(dx.)?doi.org/)?\b10\.\d+/\S+\b")  # of IDR's study_parser.py
_IDS = (
    ("Study PubMed ID", re.compile(r"\d+")),
    ("Study PMC ID", re.compile(r"PMC\d+")),
    ("Study DOI", _DOI),
)
_NUMBER_LINE = re.compile(r"(Screen|Experiment) Number\t(\d+)")
_LETTERED = re.compile(r"Phenotype ?\d* Term (?:Name|Accession) [a-z]")


def study_file(text: str) -> list[str]:
    """Every fault of a study file that pyidr would refuse, and unknown keys; [] when it is accepted."""
    faults: list[str] = []
    if text.startswith("\ufeff"):
        faults.append("begins with a byte order mark")
    if "\r" in text:
        faults.append("has carriage returns")
    lines = text.split("\n")
    opened = [n for n, line in enumerate(lines) if _NUMBER_LINE.match(line)]
    study = _lines(lines)
    faults += [f"no line {k}" for k in keys.STUDY_NEEDED if k not in study]
    faults += _publications(study)
    faults += _doi(study, "Study Data DOI")
    head = lines[: opened[0]] if opened else lines
    known, seen = set(keys.STUDY_KNOWN), set()
    for line in head:
        key = line.partition("\t")[0]
        if not line.strip() or line.startswith(("#", '"')):
            continue
        if key not in known or key in seen or "\t" not in line:
            faults.append(f"unknown key {key}")
        seen.add(key)
    faults += _components(lines, study)
    return faults


def _lines(lines: Sequence[str]) -> dict[str, str]:
    """Key -> value as pyidr finds it: the first line that begins with the key and a tab, its right end stripped."""
    found: dict[str, str] = {}
    for line in lines:
        key, tab, value = line.partition("\t")
        if tab:
            found.setdefault(key, value.rstrip())
    return found


def _publications(study: Mapping[str, str]) -> Iterator[str]:
    titles = study.get("Study Publication Title", "").split("\t")
    authors = study.get("Study Author List", "").split("\t")
    if len(titles) != len(authors):
        yield f"{len(titles)} publication titles but {len(authors)} author lists"
    for key, form in _IDS:
        ids = study.get(key, "").split("\t")
        if len([i for i in ids if i]) and len(ids) > len(titles):
            yield f"{key}: {len(ids)} values for {len(titles)} titles"
        if titles == [""] and authors == [""] and any(ids):
            yield f"{key} without a publication title"
        yield from (f"{key}: {i} has not the right form" for i in ids if i and not form.match(i))


def _doi(found: Mapping[str, str], key: str) -> Iterator[str]:
    if found.get(key) and not _DOI.match(found[key]):
        yield f"{key}: {found[key]} has not the right form"


def _components(lines: Sequence[str], study: Mapping[str, str]) -> Iterator[str]:
    try:
        screens = int(study.get("Study Screens Number") or 0)
        experiments = int(study.get("Study Experiments Number") or 0)
    except ValueError:
        yield "the number of screens or experiments is not a whole number"
        return
    total = screens + experiments
    if total < 1:
        yield "not enough screens and/or experiments"
        return
    kinds = [k for k, n in (("Screen", screens), ("Experiment", experiments)) if n > 0]
    opened = [(n, m) for n, line in enumerate(lines) if (m := _NUMBER_LINE.match(line)) and m[1] in kinds]
    numbers = [int(m[2]) for _, m in opened]
    for number in range(1, total + 1):
        if numbers.count(number) != 1:
            yield f"component {number} stands {numbers.count(number)} times"
    if len(numbers) > total:
        yield f"{len(numbers)} components, but {total} are announced"
    names = []
    for place, (start, m) in enumerate(opened):
        end = opened[place + 1][0] if place + 1 < len(opened) else len(lines)
        found = _lines(lines[start:end])
        yield from (f"{m[1]} {m[2]}: no line {k}" for k in keys.needed(m[1]) if k not in found)
        yield from _doi(found, f"{m[1]} Data DOI")
        unknown = [x.partition("\t")[0] for x in lines[start:end] if x.strip() and not x.startswith("#")]
        allowed = keys.of_component(m[1])
        yield from (f"{m[1]} {m[2]}: unknown key {k}" for k in unknown if k not in allowed)
        names.append(found.get(f"Comment[IDR {m[1]} Name]", ""))
        yield from _organism(m[1], found, study)
    accession = re.escape(study.get("Comment[IDR Study Accession]", ""))
    form = re.compile(rf"{accession}-\w+(-\w+)?/(\w+)$")
    yield from (f"component name {n} has not the right form" for n in names if not form.match(n))
    if len({n.partition("/")[0] for n in names}) > 1:
        yield "the components name different studies"


def _organism(kind: str, found: Mapping[str, str], study: Mapping[str, str]) -> Iterator[str]:
    own, common = found.get(f"{kind} Organism"), study.get("Study Organism")
    if own and common:
        yield f"organism both of the study and of the {kind.casefold()}"
    if not own and not common:
        yield "no organism"


def annotation(table: Table, kind: Kind) -> list[str]:
    """Every fault of an annotation CSV that OMERO's bulk annotation would refuse or misunderstand."""
    faults = list(_header(table.header, kind))
    keyed = ("Plate", "Well") if kind is Kind.SCREEN else ("Dataset Name", "Image Name")
    if faults and any(k not in table.header for k in keyed):
        return faults
    places = [table.header.index(k) for k in keyed]
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(table, start=2):
        if len(row) != len(table.header):
            faults.append(f"line {number}: {len(row)} cells for {len(table.header)} headings")
            continue
        names = tuple(row[p] for p in places)
        if kind is Kind.SCREEN and wells.parts(names[1]) is None:
            faults.append(f"line {number}: {names[1]} is no well")
        key = (names[0], wells.key(names[1])) if kind is Kind.SCREEN else names
        if key in seen or not all(key):
            faults.append(f"line {number}: {' '.join(names) or 'no name'} stands twice or is empty")
        seen.add(key)
        if any(c != c.strip() for c in row):
            faults.append(f"line {number}: blanks at the end of a cell")
    return faults


def _header(header: Sequence[str], kind: Kind) -> Iterator[str]:
    keyed = ("Plate", "Well") if kind is Kind.SCREEN else ("Dataset Name", "Image Name")
    yield from (f"no column {k}" for k in keyed if k not in header)
    yield from (f"heading {h} stands twice" for h in dict.fromkeys(header) if header.count(h) > 1)
    if len(header) > 512:
        yield f"{len(header)} columns"
    for heading in header:
        if not heading.strip():
            yield "an empty heading"
        elif reserved(heading) and heading not in keyed:
            yield f"heading {heading} means something else to OMERO"
        elif "%%" in heading or "# header" in heading:
            yield f"heading {heading} holds a sign of OMERO's"


def bulkmap(found: BulkMap, header: Iterable[str]) -> list[str]:
    """Every fault of a bulkmap configuration: names that are no column, one thing shown twice."""
    columns = set(header)
    entries = [*found.columns, *(e for g in found.groups for e in g.entries)]
    faults = [f"{e.name} is no column" for e in entries if e.name not in columns]
    for part in (found.columns, *(g.entries for g in found.groups)):
        # the terms of one phenotype differ, so that equal pairs cannot come of them
        shown = [e.clientname or e.name for e in part if not _LETTERED.fullmatch(e.name)]
        faults += [f"{s} is shown twice" for s in dict.fromkeys(shown) if shown.count(s) > 1]
    for g in found.groups:
        if g.keys and not {e.clientname or e.name for e in g.entries} & set(g.keys):
            faults.append(f"{g.namespace} has none of its keys")
        faults += [
            f"{e.clientvalue} is no template of OMERO's"
            for e in g.entries
            if e.clientvalue and not _template(e.clientvalue)
        ]
    return faults


def _template(text: str) -> bool:
    return re.sub(r"\{\{ value(\|urlencode)? \}\}", "", text).count("{") == 0


def component(found: Component) -> list[str]:
    """Every fault of the tables of a component."""
    return [
        *annotation(found.annotation, found.kind),
        *bulkmap(found.bulkmap, found.annotation.header),
        *_phenotypes(found),
    ]


def _phenotypes(found: Component) -> Iterator[str]:
    """A phenotype of a row must stand in the study file."""
    named = set(found.values("Phenotype Name"))
    places = [n for n, h in enumerate(found.annotation.header) if re.fullmatch(r"Phenotype ?\d*", h)]
    if places:
        used = dict.fromkeys(row[p] for row in found.annotation for p in places if row[p])
        yield from (f"phenotype {u} is not in the study file" for u in used if u not in named)


def study(found: Study, text: str) -> list[str]:
    """Every fault of a study, its file given as text."""
    return [*study_file(text), *(f"{c.folder}: {f}" for c in found.components for f in component(c))]
