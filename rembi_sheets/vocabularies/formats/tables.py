"""Tables of terms: TSV with a heading line, and NCBI's names.dmp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rembi_sheets.vocabularies.formats import Event, Problem, Term
from rembi_sheets.vocabularies.identifiers import normalise_id

# what people call the columns -> what we call them
_COLUMNS = {
    "id": ("id", "curie", "term id", "term_id", "identifier", "accession", "iri"),
    "label": ("label", "name", "term", "preferred label"),
    "synonyms": ("synonyms", "synonym", "alternative names", "aliases", "word"),
    "parents": ("parents", "parent_ids", "parent", "is_a"),
    "obsolete": ("obsolete", "deprecated", "is_obsolete"),
    "accept": ("accept",),
}
_NAME_CLASSES = frozenset(
    (
        "synonym",
        "equivalent name",
        "genbank common name",
        "common name",
        "acronym",
        "genbank acronym",
        "genbank synonym",
    )
)


def read_tsv(lines: Iterable[str | Problem]) -> Iterator[Event]:
    """Rows of a table with tabs: columns id and label; if wished synonyms and parents (each joined by |), obsolete.

    In a table with a column accept, as `terms suggest` writes it, only the rows with a yes there count, and the words
    of one term are brought together.
    """
    places: dict[str, int] = {}
    accepted: dict[str, Term] = {}
    for number, line in enumerate(lines, 1):
        if isinstance(line, Problem):
            yield line
            return
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        if number == 1:
            places = _places(cells)
            missing = [column for column in ("id", "label") if column not in places]
            if missing:
                yield Problem(f"the first line has no column {' and no column '.join(missing)}", 1, fatal=True)
                return
        elif any(cells) and "accept" not in places:
            yield _row(cells, places, number)
        elif any(cells) and _is_yes(cells, places["accept"]):
            event = _row(cells, places, number)
            if isinstance(event, Term):
                before = accepted.get(event.id, event)
                words = dict.fromkeys((*before.synonyms, *event.synonyms))
                accepted[event.id] = before._replace(synonyms=tuple(words))
            else:
                yield event
    yield from accepted.values()


def _is_yes(cells: list[str], place: int) -> bool:
    return place < len(cells) and cells[place].casefold() in ("yes", "y", "x", "true", "1")


def _places(headings: list[str]) -> dict[str, int]:
    folded = [heading.casefold() for heading in headings]
    return {
        column: next(folded.index(name) for name in names if name in folded)
        for column, names in _COLUMNS.items()
        if any(name in folded for name in names)
    }


def _row(cells: list[str], places: dict[str, int], number: int) -> Event:
    values = {column: cells[place] if place < len(cells) else "" for column, place in places.items()}
    if not values["id"] or not values["label"]:
        return Problem("the row has no identifier" if values["label"] else "the row has no label", number)
    return Term(
        normalise_id(values["id"]) or values["id"],
        values["label"],
        _several(values.get("synonyms", "")),
        tuple(normalise_id(parent) or parent for parent in _several(values.get("parents", ""))),
        values.get("obsolete", "").casefold() in ("true", "yes", "1"),
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def read_names_dmp(lines: Iterable[str | Problem]) -> Iterator[Event]:
    """Taxa of NCBI's names.dmp: `tax_id | name | unique name | class |`, all names of a taxon one after another."""
    for taxon, rows in groupby(_name_rows(lines), key=lambda row: row if isinstance(row, Problem) else row[0]):
        label, synonyms = "", []
        for row in rows:
            if isinstance(row, Problem):
                yield row
                if row.fatal:
                    return
            elif row[2] == "scientific name":
                label = row[1]
            elif row[2] in _NAME_CLASSES:
                synonyms.append(row[1])
        if isinstance(taxon, str):
            if label:
                yield Term(f"NCBITaxon:{taxon}", label, tuple(dict.fromkeys(s for s in synonyms if s != label)))
            else:
                yield Problem(f"taxon {taxon} has no scientific name")


def _name_rows(lines: Iterable[str | Problem]) -> Iterator[tuple[str, str, str] | Problem]:
    for number, line in enumerate(lines, 1):
        if isinstance(line, Problem):
            yield line
            return
        cells = line.removesuffix("\t|").split("\t|\t")
        if len(cells) == 4 and cells[0].isdigit():
            yield cells[0], cells[1], cells[3]
        elif line.strip():
            yield Problem("this is no line of names.dmp (tax_id | name | unique name | class |)", number)
