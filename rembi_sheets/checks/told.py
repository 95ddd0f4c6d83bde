"""What is told of a value that failed a test of its column: the code of the finding, and the fields of its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rembi_sheets import vocabularies
from rembi_sheets.schema import Column, Schema, SheetSpec
from rembi_sheets.values import Range, near, of_other_registry

_LONG = 20  # digits of a number that a message can hold
_FEW = 7  # words of a list that a remedy can name
_LONGEST_NAME = 150  # as the format `name` has it


@dataclass(frozen=True, slots=True)
class Bad:
    """A value that failed the test `code`, the cell it stands in, and the column it should suit."""

    code: str
    value: Any
    cell: Any
    column: Column
    sheet: SheetSpec
    schema: Schema


def told(bad: Bad) -> tuple[str, dict[str, Any]]:
    """The code of the finding of a value that failed a test, and the fields of its text."""
    return _TOLD[bad.code](bad)


def _of_list(bad: Bad) -> tuple[str, dict[str, Any]]:
    """A word that is not in the list of its column, with the nearest ones that the cell has not."""
    name, v = bad.column.list, bad.value
    spec = bad.schema.lists[name]
    taken = [w for w in bad.cell if w != v] if bad.column.many else ()
    further = f"{name}_other"  # a list may name what else is taken with a warning; all else is refused
    refused = spec.closed or (further in vocabularies.names() and vocabularies.resolve(v, further).entry is None)
    return "LIST-UNKNOWN" if refused else "LIST-OTHER", {
        "value": v,
        "list": spec.title,
        "words": _words(name),
        "suggestions": vocabularies.near_listed(v, name, taken=taken),
    }


def _of_limits(bad: Bad) -> tuple[str, dict[str, Any]]:
    """A number below or above the limits of its column."""
    c = bad.column
    limit = f"{c.minimum} or more" if c.minimum is not None else f"more than {c.above}"
    limit += f" and not more than {c.maximum:,}" if c.maximum is not None else ""
    return bad.code, {"value": _short(bad.value), "limit": limit}


def _of_name(bad: Bad) -> tuple[str, dict[str, Any]]:
    """A name that other cells cannot refer to."""
    long = len(bad.value) > _LONGEST_NAME
    reason = f"it is longer than {_LONGEST_NAME} characters" if long else "it holds a semicolon or a line break"
    return bad.code, {"value": bad.value, "reason": reason}


def _of_length(bad: Bad) -> tuple[str, dict[str, Any]]:
    """A text with too few or too many characters."""
    limit = bad.column.min_length if bad.code == "TEXT-SHORT" else bad.column.max_length
    return bad.code, {"value": bad.value, "n": len(bad.value), "limit": limit}


def _short(value: Any) -> str:
    """A number or range as a message can hold it."""
    text = value.text if isinstance(value, Range) else str(value)
    return text if len(text) <= _LONG or isinstance(value, Range) else f"{Decimal(value):.3g}"


def _words(name: str) -> str:
    """The words of a short list, to be named in the remedy."""
    labels = [e.label for e in vocabularies.entries(name)]
    return f": {', '.join(labels)}" if len(labels) <= _FEW else ""


def _of_form(bad: Bad) -> tuple[str, dict[str, Any]]:
    """A value that has not its column's form; one that has the form of another registry is told to belong there."""
    form = bad.column.format
    assert form is not None
    likely = near(bad.value, form)
    elsewhere = None if likely else of_other_registry(bad.value, form, bad.schema.formats.values())
    home = next((c.label for c in bad.sheet.columns if elsewhere is not None and c.format is elsewhere), "")
    return bad.code, {
        "value": bad.value,
        "suggestions": likely,
        "words": form.words,
        "other": f"{elsewhere.called}, " if elsewhere else "",
        "where": f"Move it to “{home}”. " if home else "",
    }


_TOLD: Mapping[str, Callable[[Bad], tuple[str, dict[str, Any]]]] = {
    "LIST": _of_list,
    "NUMBER-RANGE": _of_limits,
    "NAME-BAD": _of_name,
    "FORMAT-BAD": _of_form,
    "TEXT-SHORT": _of_length,
    "TEXT-LONG": _of_length,
    "TEXT-LINES": _of_length,
}
"""By the name of a test (`columns`): what is told of a value that failed it."""
