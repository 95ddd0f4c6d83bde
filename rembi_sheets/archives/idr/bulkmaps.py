"""bulkmap-config.yml read back: the part of YAML that these files use, without a YAML library."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from rembi_sheets.archives.idr.document import BulkMap, Entry, Group

_FIELDS = ("name", "clientname", "clientvalue", "omitempty", "include", "includeclient", "position", "split", "type")
_YES = ("yes", "true", "on")


@dataclass
class _State:
    """Where the reader stands: section, group, and what was found."""

    section: str = ""
    group: dict[str, list[dict[str, str]]] | None = None
    namespace: str = ""
    columns: list[dict[str, str]] = field(default_factory=list)
    groups: list[tuple[str, list[dict[str, str]]]] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)


def read_bulkmap(text: str) -> tuple[BulkMap, list[str]]:
    """A bulkmap configuration, and its lines that were not understood."""
    state = _State()
    target = state.columns
    key_namespace = ""
    for number, raw in _logical(text):
        line = raw.strip()
        if not raw.startswith((" ", "-")) and line.endswith(":"):
            state.section = line[:-1]
            target = state.columns
            continue
        if state.section == "columns":
            if line in ("- group:", "columns:"):
                if line == "- group:":
                    state.groups.append(("", []))
                    target = state.groups[-1][1]
                continue
            if _indent(raw) <= 4 and line.startswith("- name") and target is not state.columns and not _deep(text, raw):
                target = state.columns
            _column_line(state, target, line, number)
        elif state.section == "advanced":
            name, value = _pair(line.removeprefix("- "))
            if name == "namespace":
                key_namespace = value
                state.keys[value] = []
            elif line.startswith("- ") and key_namespace:
                state.keys[key_namespace].append(_plain(line[2:]))
    groups = tuple(
        Group(ns, tuple(map(_entry, columns)), tuple(state.keys.get(ns, ()))) for ns, columns in state.groups
    )
    return BulkMap(tuple(map(_entry, state.columns)), groups), state.odd


def _deep(text: str, raw: str) -> bool:
    """Whether entries of groups stand at this depth in the file: then a name at it belongs to the group."""
    inside = re.search(r"^( *)columns:\s*\n( *)- name", text[text.find("group:") :], re.MULTILINE)
    return bool(inside) and _indent(raw) >= len(inside[2])  # type: ignore[index]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _logical(text: str) -> list[tuple[int, str]]:
    """Lines without comments and blank ones; a quoted text that goes on in the next line is joined."""
    out: list[tuple[int, str]] = []
    held = ""
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        line = held + (raw.strip() if held else raw.rstrip())
        held = ""
        if not line.strip() or line.lstrip().startswith("#") or line.strip() == "---":
            continue
        value = line.partition(": ")[2].strip()
        if value.startswith('"') and (len(value) == 1 or not value.endswith('"')):
            held = line.removesuffix("\\") if line.endswith("\\") else line + " "
            continue
        out.append((number, line))
    return out


def _column_line(state: _State, target: list[dict[str, str]], line: str, number: int) -> None:
    name, value = _pair(line.removeprefix("- "))
    if name == "namespace":
        state.groups[-1] = (value, state.groups[-1][1])
    elif name == "name":
        target.append({"name": value})
    elif name in _FIELDS and target:
        target[-1][name] = value
    elif name not in ("columns", "visible"):
        state.odd.append(f"line {number}: {line}")


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), _plain(value)


def _plain(text: str) -> str:
    text = text.strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    return re.sub(r"\s+#.*$", "", text)


def _entry(found: dict[str, str]) -> Entry:
    shown = found.get("clientname", "")
    return Entry(
        found["name"].replace("\\", "/"),
        "" if shown == found["name"] else shown,
        found.get("clientvalue"),
        found.get("omitempty", "yes").casefold() in _YES,
    )
