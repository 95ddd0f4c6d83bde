"""Method columns: `methods.toml` of a schema version as raw columns of the sheets, which the loader reads like others.

A method column says into which text its value is composed; from the archives' targets of that text those of the method
column follow, so that nobody types them again. A group or a column that goes elsewhere says so (`archives`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rembi_sheets.schema.model import Column, Fate, Kind, Need, Origin, Schema, SheetSpec

_TEXTS = (Kind.TEXT, Kind.LONGTEXT)


def with_methods(sheets: Sequence[dict[str, Any]], methods: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The raw sheets, each with its method columns behind its own columns; raises ValueError with what does not fit."""
    own = {s.get("name"): {c.get("name"): c for c in s.get("column", ())} for s in sheets}
    groups = methods.get("group", {})
    given = methods.get("column", {})
    for name in given:
        if name not in own:
            raise ValueError(f"no sheet is called {name}")
    return [
        {**s, "column": [*s.get("column", ()), *(_raw(c, groups, own) for c in given.get(s.get("name"), ()))]}
        for s in sheets
    ]


def _raw(method: Mapping[str, Any], groups: Mapping[str, Any], sheets: Mapping[Any, Any]) -> dict[str, Any]:
    """One method column with what its group and the text it goes into say of it."""
    name, group = method.get("name", "(no name)"), groups.get(method.get("group", ""))
    if group is None:
        raise ValueError(f"column {name}: no group is called {method.get('group', '(none)')}")
    sheet, _, column = str(method.get("into", "")).partition(".")
    text = sheets.get(sheet, {}).get(column)
    if text is None:
        raise ValueError(f"column {name}: goes into {method.get('into') or '(nothing)'}, which no column is")
    phrase = method.get("phrase", "")
    derived = {archive: _target(target, phrase) for archive, target in text.get("archives", {}).items()}
    archives = {**derived, **group.get("archives", {}), **method.get("archives", {})}
    unit = f" Unit: {method['unit']}." if method.get("unit") else ""
    return {
        **method,
        "help": method["help"] + unit,
        "origin": Origin.METHOD,
        "band": group["title"],
        "asked": False,
        "archives": archives,
    }


def _target(text: Mapping[str, Any], phrase: str) -> dict[str, Any]:
    """Where a part of a text goes: to the place of the text, as long as the archive takes that."""
    if text["need"] == Need.UNUSED:
        return {"need": Need.UNUSED, "fate": Fate.LOST, "targets": [], "to": "-"}
    to = f"“{phrase}: ..” in {text['to']}"
    return {"need": Need.OPTIONAL, "fate": Fate.TEXT, "targets": text["targets"], "to": to}


def verify(schema: Schema) -> Iterable[str]:
    """What does not fit together in the method columns of a schema, each in words."""
    phrases: dict[str, str] = {}
    for sheet in schema.sheets:
        yield from _parted(sheet)
        for c in sheet.columns:
            at = f"sheet {sheet.name}, column {c.name}"
            method = c.origin is Origin.METHOD
            if any(bool(part) != method for part in (c.group, c.phrase, c.into, c.standard, c.reader)):
                yield f"{at}: a method column, and only such, has group, phrase, into, standard and reader"
            elif method:
                yield from (f"{at}: {what}" for what in _misfits(schema, c))
                other = phrases.setdefault(c.phrase.casefold(), at)
                if other != at:
                    yield f"{at}: {other} has the phrase {c.phrase} too"


def _misfits(schema: Schema, c: Column) -> Iterable[str]:
    sheet, _, name = c.into.partition(".")
    if schema[sheet][name].kind not in _TEXTS:
        yield f"goes into {c.into}, which is no text"
    if schema[sheet][name].origin is Origin.METHOD:
        yield f"goes into {c.into}, which is a method column itself"
    if ":" in c.phrase or ";" in c.phrase or "\n" in c.phrase:
        yield f"the phrase {c.phrase} cannot hold what parts the values of a text"


def _parted(sheet: SheetSpec) -> Iterable[str]:
    """Groups whose columns do not stand together."""
    last, seen = "", set()
    for c in sheet.columns:
        if c.group != last and c.group in seen:
            yield f"sheet {sheet.name}, column {c.name}: the columns of the group {c.group} do not stand together"
        seen.add(c.group)
        last = c.group
    if "" in seen and any(
        c.group and not after.group for c, after in zip(sheet.columns, sheet.columns[1:], strict=False)
    ):
        yield f"sheet {sheet.name}: method columns stand behind all others"
