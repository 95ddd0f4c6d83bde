"""The rows of all components -> the table Files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.restore.component import Part
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.archives.idr.restore.own import Own
from rembi_sheets.archives.idr.restore.sheet import Sheet
from rembi_sheets.schema import Schema
from rembi_sheets.tables import OWN, Table, made
from rembi_sheets.values import Value

_OF_IDR = {"unknown control": "control"}  # what IDR calls a control of which no more is known


def files(schema: Schema, parts: Sequence[Part], notes: Notes) -> Table:
    """One row for each row of the annotations, then the files beside them."""
    columns: dict[str, list[Value]] = {c.name: [] for c in schema["files"].columns if not c.own}
    own = Own([c.label for c in schema["files"].columns if not c.own], notes)
    for p in parts:
        if p.sheet.listed:
            _add(columns, p)
            own.add(p.sheet, p.sheet.kind, p.variables, p.component.name)
    for p in parts:
        for path in p.places.others:
            _row(columns, path=path, study_component=p.component.name)
    total = max(map(len, columns.values()), default=0)
    for heading, values in own.columns.items():
        columns[OWN + heading] = [*values, *[None] * (total - len(values))]
    return made(schema["files"], columns)


def _row(columns: dict[str, list[Value]], **cells: Value) -> None:
    for name, values in columns.items():
        values.append(cells.get(name))


def _add(columns: dict[str, list[Value]], p: Part) -> None:
    rows = p.sheet
    status = _status(rows)
    several = {id(d): len(derive.specimens(d)) > 1 for d in p.images.image_data}
    datasets, images = rows.values(headings.DATASET), rows.values(headings.IMAGE)
    plates, wells = rows.values(headings.PLATE), rows.values(headings.WELL)
    sources = rows.values(headings.SOURCE_IMAGE)
    known = Counter(p.places.paths)
    if all(not s or s in known for s in sources):
        rows.take(rows.named(headings.SOURCE_IMAGE))
    else:
        sources = [""] * rows.rows
    for n in range(rows.rows):
        image, path = p.images.of_row[n], p.places.paths[n]
        name = images[n]
        specimen = p.samples.of_row[n]
        _row(
            columns,
            path=path,
            image_data=image.name,
            specimen=specimen.name if several[id(image)] else None,
            biosample=p.samples.biosample_of_row[n].identity if len(specimen.biosamples) > 1 else None,
            dataset=(datasets[n] or None) if datasets[n] != image.name else None,
            # of several images of one file each is told by its name
            image_name=name if name and (known[path] > 1 or name != path.rpartition("/")[2]) else None,
            plate=plates[n] or None,
            well=wells[n] or None,
            source_image=sources[n] or None,
            experimental_status=status[n] or None,
            phenotypes=p.results.of_row[n] or None,
        )


def _status(rows: Sheet) -> list[str]:
    """The status of each row in the words of the list; a word that is not there stays as it is."""
    found = rows.named(headings.CONTROL)
    values = rows.values(headings.CONTROL)
    rows.take(found)
    words = {
        v: _OF_IDR.get(v.casefold(), "") or vocabularies.listed(v, "experimental_status") or v for v in set(values)
    }
    return [words[v] for v in values]
