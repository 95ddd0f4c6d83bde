"""The way from a file to its tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rembi_sheets.findings import find
from rembi_sheets.pipeline.outcomes import Workbook
from rembi_sheets.schema import load


def read(path: Path, limits: Mapping[str, int] | None = None) -> Workbook:
    """A workbook, read; a file that cannot be read gives its reason as one finding.

    `limits`: other limits than the usual, by the names of `workbook.package.Caps`. Raises ValueError for unknown ones.
    """
    from rembi_sheets import plates, tables
    from rembi_sheets.workbook import read as reader
    from rembi_sheets.workbook.package import Caps, RefusedError

    schema = load()
    book, findings = reader.read(path, Caps.of(limits or {}))
    if book is None:
        return Workbook(path, schema, tuple(findings))
    try:
        read_tables, more = tables.from_book(book, schema)
        read_tables, of_plates = plates.expand(read_tables, book)
    except RefusedError as e:  # the formats of a sheet are read when they are asked for, and its part may be damaged
        return Workbook(path, schema, (find(e.code, **{"value": path.name, **e.fields}),))  # type: ignore[arg-type]
    return Workbook(path, schema, (*findings, *more, *of_plates), book, read_tables)


def data_folder(workbook: Workbook) -> str:
    """The Data folder that a workbook names; '' when it names none or could not be read."""
    if workbook.tables is None:
        return ""
    named = [v for v in workbook.tables["study"].values("data_folder") if isinstance(v, str)]
    return named[0] if named else ""
