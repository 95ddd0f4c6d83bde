"""Conversion of many cells: equal ones once."""

from __future__ import annotations

import re
from collections.abc import Collection

from rembi_sheets.cells import Raw
from rembi_sheets.schema import Column
from rembi_sheets.signs import error_word
from rembi_sheets.values import Problem, Value, convert, is_placeholder, keeps_texts

_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def _sign(text: str) -> bool:
    return is_placeholder(text) or error_word(text)


class Memo(dict[Raw, Value]):
    """Values of the cells of one column by what the cells hold: equal cells are converted once; `rows` as in `convert`.

    `problems` has what `convert` met, by the same keys.
    """

    def __init__(self, column: Column, rows: Collection[str] = ()) -> None:
        super().__init__()
        self.column = column
        self.rows = rows
        self.problems: dict[Raw, tuple[Problem, ...]] = {}
        self._free = keeps_texts(column)

    def __missing__(self, raw: Raw) -> Value:
        # Most cells of long tables are printable ASCII without blanks at the ends, which needs no conversion.
        if self._free and isinstance(raw, str) and _PLAIN.fullmatch(raw) is not None and not _sign(raw):
            self[raw] = raw
            return raw
        value, problems = convert(raw, self.column, self.rows)
        self[raw] = value
        if problems:
            self.problems[raw] = problems
        return value
