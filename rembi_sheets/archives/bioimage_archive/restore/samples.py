"""Biosamples, specimens with their channels, and image acquisitions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rembi_sheets import compose, vocabularies
from rembi_sheets.archives.bioimage_archive.document import Attribute, Section
from rembi_sheets.archives.bioimage_archive.facts import lines, terms
from rembi_sheets.archives.bioimage_archive.restore.reading import Taken, attribute, curie, labelled
from rembi_sheets.archives.shared.restoring import Line, Row, Sheets, apart, lines_of, merged
from rembi_sheets.submission import resolve_term
from rembi_sheets.values import Term, Value

_BRACKETED = re.compile(r"(?P<name>[^()]+?)\s*\((?P<common>[^()]+)\)")
_CHANNEL = re.compile(r"(?P<shown>.*?)(?: \((?P<entity>[^()]*)\))?(?:(?:^| )in (?P<images>.+))?", re.DOTALL)


def biosample(section: Section, name: str, where: str, sheets: Sheets) -> Row:
    """A row of Biosamples."""
    held = _titled(section, where, sheets)
    named = held.all("Organism")
    organisms = [_organism(Taken(s, f"{where}/Organism", sheets)) for s in held.below("Organism")]
    if not any(organisms):
        organisms = [_of_attribute(a) for a in named]
    row = sheets.add(
        "biosamples",
        where,
        {
            "identity": name,
            "organisms": tuple(o for o in organisms if o),
            "biological_entities": _entities(held.all("Biological entity"), sheets, where),
            "description": held.one("Description"),
            "experimental_variables": held.joined("Experimental variable", "Experimental variables"),
            "extrinsic_variables": held.joined("Extrinsic variable", "Extrinsic variables"),
            "intrinsic_variables": held.joined("Intrinsic variable", "Intrinsic variables"),
        },
    )
    held.tell_whole()
    return row


def _titled(section: Section, where: str, sheets: Sheets) -> Taken:
    """A section whose title has been read."""
    held = Taken(section, where, sheets)
    held.all("Title", "Name")
    return held


def _organism(held: Taken) -> Term | None:
    """An organism of a section of its own: scientific name, common name, number of the taxon."""
    name, common = held.one("Scientific name"), held.one("Common name")
    digits = re.sub(r"\D", "", held.one("NCBI taxon ID"))
    held.tell()
    if not name and not digits:
        return None
    return _known(name or common, common, f"NCBITaxon:{digits}" if digits else "")


def _of_attribute(given: Attribute) -> Term | None:
    """An organism as `Scientific name (common name)`, with or without an identifier."""
    text = " ".join((given.value or "").split())
    found = _BRACKETED.fullmatch(text)
    return _known(found["name"], found["common"], curie(given)) if found else _known(text, "", curie(given))


def _known(name: str, common: str, identifier: str) -> Term:
    """The vocabulary's organism; its common name stays in brackets where the vocabulary has none of its own."""
    name = name.replace(";", ",")
    term = resolve_term(Term(name, ""), "organism", identifier)
    if not common or terms.common_name(term) or "(" in name:
        return term
    return Term(f"{term.label} ({common.replace(';', ',')})", term.id)


def _entities(attributes: Sequence[Attribute], sheets: Sheets, where: str) -> list[str]:
    """Biological entities: one with its identifier as a qualifier, or several in one text."""
    return [labelled(a.value or "", curie(a)) if curie(a) else a.value or "" for a in attributes]


def specimen(section: Section, name: str, where: str, sheets: Sheets) -> tuple[Row, list[Row]]:
    """A row of Specimens, and the channels that its text tells of."""
    held = _titled(section, where, sheets)
    channels = sheets.schema["channels"].title
    known = (*lines_of(sheets.schema["specimens"], lines.SPECIMEN), Line("channels", channels))
    preparation, said = apart(held.one("Sample preparation protocol"), known)
    shown = said.pop("channels", "")
    row = sheets.add(
        "specimens",
        where,
        {"name": name, "preparation": preparation, "growth_protocol": held.one("Growth protocol"), **said},
    )
    held.tell_whole()
    return row, [_channel(t, f"{where}, {channels}", sheets) for t in (shown.split("; ") if shown else ())]


def _channel(text: str, where: str, sheets: Sheets) -> Row:
    """One channel: `name: content (entity) in image data [light]`."""
    bare, methods = compose.out_of_brackets(text, sheets.schema["channels"], "content")
    name, colon, shown = bare.partition(": ")
    if not colon:
        name, shown = bare, ""
    found = _CHANNEL.fullmatch(shown)
    assert found is not None  # every part may be empty
    names = found["images"].split(", ") if found["images"] else []
    known = {str(r.get("name")) for r in sheets.rows.get("image_data", ())}
    if not set(names) <= known:
        found, names = re.fullmatch(r"(?P<shown>.*?)(?: \((?P<entity>[^()]*)\))?", shown, re.DOTALL), []
        assert found is not None
    cells = {
        "channel_name": name,
        "content": found["shown"].strip(),
        "biological_entity": found["entity"] or "",
        "image_data": names,
        **{m.column: m.value for m in methods},
    }
    spec = sheets.schema["channels"]
    read = ((n, sheets.value(spec[n], cell, where)) for n, cell in cells.items())
    return {n: value for n, value in read if value is not None}


def channels(of_specimen: Mapping[str, Sequence[Row]], sheets: Sheets) -> None:
    """Rows of Channels: a channel that several specimens have is one row, as far as the order of each allows it."""
    keys = {name: [frozenset(row.items()) for row in rows] for name, rows in of_specimen.items()}
    order: list[frozenset[tuple[str, Value]]] = []
    for found in keys.values():
        order = merged(order, found)
    fitting = {n for n, found in keys.items() if [k for k in order if k in found] == found}
    for key in order:
        names = tuple(n for n in keys if n in fitting and key in keys[n])
        if names:
            sheets.add("channels", "Channels", {"specimens": names, **dict(key)})
    for name, found in keys.items():
        for key in found if name not in fitting else ():
            sheets.add("channels", "Channels", {"specimens": (name,), **dict(key)})


def acquisition(section: Section, name: str, where: str, sheets: Sheets) -> Row:
    """A row of Image acquisition."""
    held = _titled(section, where, sheets)
    below = [Taken(s, f"{where}/Imaging Method", sheets) for s in held.below("Imaging Method")]
    named = held.all("Imaging method")
    methods = list(imaging_methods(named))
    if not named:
        methods = [m for m in map(_old_method, below) if m is not None]
    for other in below:
        other.tell()
    row = sheets.add(
        "image_acquisition",
        where,
        {
            "name": name,
            "instrument": held.one("Imaging instrument"),
            "parameters": held.one(attribute(sheets.schema, "image_acquisition", "parameters")),
            "imaging_methods": tuple(dict.fromkeys(methods)),
        },
    )
    held.tell_whole()
    return row


def _old_method(held: Taken) -> Term | None:
    """A method of a section of its own."""
    label, number = held.one("Ontology Value"), held.one("Ontology Term ID")
    held.one("Ontology Name")
    return resolve_term(Term(label.replace(";", ","), ""), "imaging_method", number) if label else None


def imaging_methods(attributes: Sequence[Attribute]) -> Iterator[Term]:
    """The methods of these attributes; two attributes that one term makes are that term."""
    left = list(attributes)
    while left:
        first = left[0]
        given = Attribute(first.name, (first.value or "").replace(";", ","), value_qualifiers=first.value_qualifiers)
        single = resolve_term(Term(given.value or "", ""), "imaging_method", curie(first))
        entry = vocabularies.by_id(curie(first), "imaging_method") if curie(first) else None
        tried = [single, *([Term(entry.label, entry.id)] if entry else [])]
        if len(left) > 1:
            pair = resolve_term(Term(given.value or "", ""), "imaging_method", curie(left[1]))
            tried = [resolve_term(Term(given.value or ""), "imaging_method"), pair, *tried]
        made = [(t, _bare(terms.imaging_methods(t))) for t in tried]
        whole = _bare(left)
        best = next((t for t, a in sorted(made, key=lambda m: -len(m[1])) if whole[: len(a)] == a), None)
        yield best or single
        left = left[len(_bare(terms.imaging_methods(best))) if best else 1 :]


def _bare(attributes: object) -> list[tuple[str, str]]:
    return [((a.value or "").strip(), curie(a)) for a in attributes]  # type: ignore[attr-defined]
