"""One finding, and how it is made of its kind and a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rembi_sheets.cells import Place, ranges
from rembi_sheets.findings.kinds import Fields, Named, Severity, catalogue


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `cells` are (row, column) from 1 in `sheet`, empty when it concerns the file or the whole sheet.

    `parts`: the findings of a column that are told together as this one (see `folding`), each with its own value.
    `names`: the columns and sheets its text speaks of, besides its own. `here`: the remedy as the page says it, '' for
    `fix`; `adds`: columns that the workbook lacks for it, as "Sheet: Label".
    """

    code: str
    severity: Severity
    message: str
    fix: str
    sheet: str = ""
    column: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    value: str = ""
    suggestions: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    parts: tuple[Finding, ...] = ()
    names: tuple[Named, ...] = ()
    here: str = ""
    adds: tuple[str, ...] = ()

    def each(self) -> tuple[Finding, ...]:
        """The findings that are told together as this one, or this one alone."""
        return self.parts or (self,)

    @property
    def on_page(self) -> str:
        """The remedy as the page says it."""
        return self.here or self.fix

    @property
    def addresses(self) -> tuple[str, ...]:
        """The cells as A1 addresses and ranges."""
        return ranges(self.cells)

    def as_json(self) -> dict[str, Any]:
        """The form of `check --format json`; `each` is there where findings with unlike values are told together."""
        each = ("cells", "value", "message", "fix", "suggestions")
        parts = [{name: part[name] for name in each} for part in (f.as_json() for f in self.parts)]
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "column": self.column,
            "cells": list(self.addresses),
            "value": self.value,
            "message": self.message,
            "fix": self.fix,
            "suggestions": list(self.suggestions),
            "archives": list(self.archives),
        } | ({"each": parts} if parts else {})


def find(
    code: str,
    at: Place | Sequence[Place] | str = "",
    *,
    value: object = "",
    column: str = "",
    suggestions: Sequence[str] = (),
    archives: Sequence[str] = (),
    severity: Severity | None = None,
    about: Sequence[Named] = (),
    **fields: object,
) -> Finding:
    """A finding of `code` at a place, at several places of one sheet, or at a sheet named by its title.

    `fields` fill the texts of the catalogue; {value}, {label}, {sheet} and {near} are always there. `about`: columns
    that these fields speak of, besides those that the text itself names.
    Raises KeyError for an unknown code or a field the text wants and nobody gave.
    """
    kind = catalogue()[code]
    places = [at] if isinstance(at, Place) else [] if isinstance(at, str) else list(at)
    sheet = at if isinstance(at, str) else places[0].sheet if places else ""
    label = column or (places[0].label if places else "")
    shown = str(value)
    shown = shown if len(shown) <= 120 else shown[:117] + "..."
    all_fields = {
        "value": shown,
        "label": label,
        "sheet": sheet,
        "near": suggestions[0] if suggestions else "",
        **fields,
    }
    formatter = Fields()

    def remedy(text: str) -> str:
        said = formatter.vformat(text, (), all_fields)
        if suggestions and "{near}" not in text + kind.message and f"“{suggestions[0]}”" not in said:
            return f"{said} {hint(suggestions)}".strip()
        return said

    return Finding(
        code=code,
        severity=severity or kind.severity,
        message=formatter.vformat(kind.message, (), all_fields),
        fix=remedy(kind.fix),
        here=remedy(kind.here) if kind.here else "",
        sheet=sheet,
        column=label,
        cells=tuple((p.row, p.column) for p in places if p.row),
        value=str(value),
        suggestions=tuple(suggestions),
        archives=tuple(archives),
        names=(*kind.names, *about),
    )


def hint(suggestions: Sequence[str]) -> str:
    """The suggestions as the end of a remedy; '' without any."""
    return f"Did you mean {' or '.join(f'“{s}”' for s in suggestions)}?" if suggestions else ""
