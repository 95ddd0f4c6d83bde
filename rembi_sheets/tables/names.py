"""The names of rows that other sheets refer to, before anything else is read: what a reference means hangs on them."""

from __future__ import annotations

from collections.abc import Mapping

from rembi_sheets.cells import Sheet
from rembi_sheets.schema import Column, Kind, Schema, SheetSpec
from rembi_sheets.tables.headings import cell, heading_row, headings
from rembi_sheets.values import convert, fold


class RowNames:
    """Names of the rows of each sheet that others refer to, folded; those of a sheet are read when first asked for."""

    def __init__(self, sheets: Mapping[str, Sheet], schema: Schema) -> None:
        self._sheets = sheets
        self._schema = schema
        self._read: dict[str, frozenset[str]] = {}

    def of(self, column: Column) -> frozenset[str]:
        """Those that a cell of the column may mean; none unless it is a reference."""
        if column.kind is not Kind.REFERENCE:
            return frozenset()
        if column.reference not in self._read:
            sheet = self._sheets.get(column.reference)
            self._read[column.reference] = _names(sheet, self._schema[column.reference]) if sheet else frozenset()
        return self._read[column.reference]


def _names(sheet: Sheet, spec: SheetSpec) -> frozenset[str]:
    head = heading_row(sheet, spec)
    number = headings(sheet, spec, head, []).get(spec.key[0], 0) if head else 0
    if not number:
        return frozenset()
    raws = {cell(sheet.rows, row, number) for row in range(head + 1, len(sheet.rows) + 1)}
    values = (convert(raw, spec[spec.key[0]])[0] for raw in raws)
    return frozenset(fold(value) for value in values if isinstance(value, str))
