"""Image analyses with their phenotypes and result columns, correlations, and annotation sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rembi_sheets.archives.bioimage_archive.document import Section
from rembi_sheets.archives.bioimage_archive.facts import lines
from rembi_sheets.archives.bioimage_archive.restore.reading import Taken, attribute
from rembi_sheets.archives.shared.restoring import Line, Sheets, apart, lines_of
from rembi_sheets.values import Term, split_id

_NAMED = re.compile(r"(?P<name>.+?)(?: \((?P<extra>.*)\))?", re.DOTALL)


def correlation(section: Section, name: str, images: Sequence[str], sheets: Sheets) -> None:
    """A row of Image correlation."""
    held = Taken(section, f"{section.type} {name}", sheets)
    held.one("Title", "Name")
    spec = sheets.schema["image_correlation"]
    names = {n: attribute(sheets.schema, spec.name, n) for n in ("alignment", "fiducials", "transformation")}
    alignment, said = apart(held.one(names["alignment"]), lines_of(spec, lines.CORRELATION))
    cells = {
        "name": name,
        "image_data": images,
        "alignment": alignment,
        "fiducials": held.one(names["fiducials"]),
        "transformation": held.one(names["transformation"]),
    }
    sheets.add("image_correlation", held.where, {**cells, **said})
    held.tell_whole()


def analysis(section: Section, name: str, images: Sequence[str], sheets: Sheets) -> None:
    """A row of Analysed data, and those of Phenotypes and Processed data columns that its text tells of."""
    held = Taken(section, f"{section.type} {name}", sheets)
    held.one("Title", "Name")
    phenotypes, columns = sheets.schema["phenotypes"].title, sheets.schema["processed_columns"].title
    known = (
        *lines_of(sheets.schema["analysed_data"], lines.ANALYSIS),
        Line("phenotypes", phenotypes, True),
        Line("processed_columns", columns, True),
    )
    method, said = apart(held.one("Image analysis overview"), known)
    shown, made = said.pop("phenotypes", ""), said.pop("processed_columns", "")
    sheets.add("analysed_data", held.where, {"name": name, "image_data": images, "method": method, **said})
    for text in _several(shown):
        _phenotype(text, name, f"{held.where}, {phenotypes}", sheets)
    for text in _several(made):
        found = _NAMED.fullmatch(text)
        if found:
            cells = {"analysed_data": name, "column_name": found["name"], "description": found["extra"] or ""}
            sheets.add("processed_columns", f"{held.where}, {columns}", cells)
    held.tell_whole()


def _several(text: str) -> Iterable[str]:
    """Items with semicolons between them; those within brackets part nothing."""
    depth, start = 0, 0
    for at, ch in enumerate(text):
        depth = max(0, depth + (ch == "(") - (ch == ")"))
        if not depth and text.startswith("; ", at):
            yield text[start:at]
            start = at + 2
    if text[start:]:
        yield text[start:]


def _phenotype(text: str, analysis_name: str, where: str, sheets: Sheets) -> None:
    """`name (description, term [identifier])`; the same phenotype of another analysis is one row of both."""
    found = _NAMED.fullmatch(text)
    if found is None:
        return
    parts = (found["extra"] or "").split(", ") if found["extra"] else []
    terms: list[Term] = []
    while parts and split_id(parts[-1])[1]:
        terms.insert(0, Term(*split_id(parts.pop())))
    cells = {"name": found["name"], "description": ", ".join(parts), "terms": tuple(terms)}
    row = sheets.add("phenotypes", where, {**cells, "analysed_data": [analysis_name]})
    bare = {k: v for k, v in row.items() if k != "analysed_data"}
    for other in sheets.rows["phenotypes"][:-1]:
        if {k: v for k, v in other.items() if k != "analysed_data"} == bare:
            other["analysed_data"] = (*other["analysed_data"], analysis_name)  # type: ignore[misc]
            sheets.rows["phenotypes"].pop()
            return


def annotation(section: Section, n: int, sheets: Sheets) -> str:
    """A row of Annotations; its name."""
    held = Taken(section, f"{section.type} {section.accno or n}", sheets)
    name = sheets.title(held.one("Title", "Name"), held.where) or section.accno or f"Annotations {n}"
    types = [t.strip() for text in held.texts("Annotation Type") for t in text.split(",") if t.strip()]
    sheets.add(
        "annotations",
        held.where,
        {
            "name": name,
            "overview": held.one("Annotation Overview"),
            "types": types,
            "method": held.one("Annotation Method"),
            "criteria": held.one("Annotation Criteria"),
            "coverage": held.one("Annotation Coverage"),
            "confidence": held.one("Annotation Confidence Level"),
        },
    )
    held.tell_whole()
    return name
