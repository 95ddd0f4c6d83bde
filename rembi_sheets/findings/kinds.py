"""The kinds of findings: the catalogue, read once, and how words come into its texts."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from rembi_sheets.schema import load
from rembi_sheets.toml import loads

# {study.thumbnail} in a text of the catalogue is the label of that column, {files.*} the title of that sheet
_NAMED = re.compile(r"\{(\w+)\.(\w+|\*)\}")

Named: TypeAlias = tuple[str, str]  # machine names of sheet and column; "*": the sheet as a whole


class Severity(StrEnum):
    """error stops `convert`; warning is likely wrong or will be refused by a curator; note is information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue. `rules`: numbers in the list of rules of the workbook's design.

    `archive`: the command-line name of the archive whose own finding it is; '' when it holds for all.
    `alone`: the value of the cell cannot be used, so that what an archive misses in it is no finding of its own.
    `sample`: field -> words of a finding that no case brings about, for `explain`.
    `before`: a code of which, at the same cell, this one only tells the reason: the two are said as that one.
    `names`: the columns and sheets that message and remedy speak of, each by its machine names in the file.
    `beside`: the remedy speaks of the column of identifiers that belongs to the cell's own.
    `here`: the remedy as the page says it, where `fix` names a command; `act`: name of what the page offers
    for it.
    """

    code: str
    severity: Severity
    title: str
    message: str
    fix: str
    explain: str
    example: str
    rules: tuple[str, ...] = ()
    archive: str = ""
    alone: bool = False
    before: str = ""
    sample: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: tuple[Named, ...] = ()
    beside: bool = False
    here: str = ""
    act: str = ""

    @property
    def general(self) -> bool:
        """Does it hold for every archive?"""
        return not self.archive


@cache
def catalogue() -> Mapping[str, Kind]:
    """Every kind of finding by its code."""
    kinds: dict[str, Kind] = {}
    folder = files(__package__) / "catalogue"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for code, raw in loads(file.read_text("utf-8")).items():
            if code in kinds:
                raise ValueError(f"the code {code} stands twice in the catalogue")
            raw["severity"] = Severity(raw["severity"])
            raw["rules"] = tuple(str(r) for r in raw.get("rules", ()))
            home = file.name.removesuffix(".toml").replace("_", "-")
            raw["archive"] = home if home in load().archive_names else ""
            raw["names"] = tuple(dict.fromkeys(n for part in ("message", "fix") for n in _NAMED.findall(raw[part])))
            for part in {"message", "fix", "explain", "here"} & raw.keys():
                raw[part] = _NAMED.sub(lambda m: _called(m[1], m[2]), raw[part])
            kinds[code] = Kind(code=code, **raw)
    return kinds


def _called(sheet: str, column: str) -> str:
    """What the workbook calls a column, or a sheet. Raises KeyError for one that does not exist."""
    spec = load()[sheet]
    return spec.title if column == "*" else spec[column].label


class Fields(string.Formatter):
    """Formats without ever failing on braces inside values; lists are joined by commas."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value as text."""
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(v) for v in value)
        return str(super().format_field(value, format_spec))


def filled(text: str, words: Mapping[str, object]) -> str:
    """A text of the catalogue with words in its fields; a field without a word shows its name, as ‹value›."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return Fields().vformat(text, (), {n: words.get(n, f"‹{n.replace('_', ' ')}›") for n in names})
