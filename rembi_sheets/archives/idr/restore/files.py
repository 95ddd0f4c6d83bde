"""The rows of all components -> the table Files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.restore.component import Part
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.archives.idr.restore.own import Own
from rembi_sheets.archives.idr.restore.sheet import Sheet
from rembi_sheets.coded import Coded, coded, stacked, throughout, together
from rembi_sheets.schema import Schema
from rembi_sheets.tables import OWN, Table
from rembi_sheets.tables import made as made_of
from rembi_sheets.values import Value

_OF_IDR = {"unknown control": "control"}  # what IDR calls a control of which no more is known


def files(schema: Schema, parts: Sequence[Part], notes: Notes) -> Table:
    """One row for each row of the annotations, then the files beside them."""
    own = Own([c.label for c in schema["files"].columns if not c.own], notes)
    made: list[tuple[int, dict[str, Coded[Value]]]] = []
    for p in parts:
        if p.sheet.listed:
            made.append((p.sheet.rows, _cells(p)))
            own.add(p.sheet, p.sheet.kind, p.variables, p.component.name)
    for p in parts:
        if p.places.others:
            rows = len(p.places.others)
            of_part: Value = p.component.name
            made.append((rows, {"path": coded(p.places.others), "study_component": throughout(of_part, rows)}))
    columns: dict[str, Sequence[Value]] = {}
    for name in (c.name for c in schema["files"].columns if not c.own):
        if any(name in cells for _, cells in made):
            columns[name] = stacked([cells.get(name) or throughout(None, rows) for rows, cells in made])
    total = sum(rows for rows, _ in made)
    return made_of(schema["files"], {**columns, **{OWN + h: c for h, c in own.columns(total).items()}})


def _cells(p: Part) -> dict[str, Coded[Value]]:
    """The cells of the rows of a component, column by column."""
    rows = p.sheet
    status = _status(rows)
    several = {d.name for d in p.images.image_data if len(derive.specimens(d)) > 1}
    images, samples, paths = p.images.of_row, p.samples, p.places.paths
    sources = rows.values(headings.SOURCE_IMAGE)
    if set(sources.values) - {""} <= set(paths.values):
        rows.take(rows.named(headings.SOURCE_IMAGE))
    else:
        sources = throughout("", rows.rows)
    often = {path for path, n in zip(paths.values, paths.counts, strict=True) if n > 1}

    def beside(*columns: Coded[Any], cell: Callable[..., Value]) -> Coded[Value]:
        return together(rows.rows, *columns).mapped(lambda cells: cell(*cells))

    def plain(column: Coded[Any]) -> Coded[Value]:
        return column.mapped(lambda v: v or None)

    # of several images of one file each is told by its name
    named = beside(
        paths,
        rows.values(headings.IMAGE),
        cell=lambda path, name: name if name and (path in often or name != path.rpartition("/")[2]) else None,
    )
    return {
        "path": plain(paths),
        "image_data": images.holding([d.name for d in images.values]),
        "specimen": beside(samples.of_row, images, cell=lambda s, d: s.name if d.name in several else None),
        "biosample": beside(
            samples.of_row, samples.biosample_of_row, cell=lambda s, b: b.identity if len(s.biosamples) > 1 else None
        ),
        "dataset": beside(
            rows.values(headings.DATASET), images, cell=lambda d, image: d if d and d != image.name else None
        ),
        "image_name": named,
        "plate": plain(rows.values(headings.PLATE)),
        "well": plain(rows.values(headings.WELL)),
        "source_image": plain(sources),
        "experimental_status": plain(status),
        "phenotypes": plain(p.results.of_row),
    }


def _status(rows: Sheet) -> Coded[str]:
    """The status of each row in the words of the list; a word that is not there stays as it is."""
    rows.take(rows.named(headings.CONTROL))
    return rows.values(headings.CONTROL).mapped(
        lambda v: _OF_IDR.get(v.casefold(), "") or vocabularies.listed(v, "experimental_status") or v
    )
