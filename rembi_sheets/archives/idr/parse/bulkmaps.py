"""bulkmap-config.yml -> BulkMap; what in it has no place there is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rembi_sheets.archives.idr.document import BulkMap, Entry, Group
from rembi_sheets.archives.shared import yaml

_KNOWN = ("name", "version", "defaults", "columns", "advanced")
_FIELDS = (
    *("name", "clientname", "clientvalue", "omitempty", "include", "includeclient", "position", "split", "type"),
    "visible",
)
_YES = ("yes", "true", "on")


def read_bulkmap(text: str) -> tuple[BulkMap, list[str]]:
    """A bulkmap configuration, and what in it was not understood."""
    from yaml import YAMLError

    try:
        data = yaml.read(text)
    except (YAMLError, RecursionError) as error:
        return BulkMap(), [f"no YAML: {' '.join(str(error).split())[:120]}"]
    if not isinstance(data, Mapping):
        return BulkMap(), ["no mapping of sections"]
    odd = [f"{key}: not known" for key in data if key not in _KNOWN]
    keys = _keys(data.get("advanced"), odd)
    columns: list[Entry] = []
    groups: list[Group] = []
    for item in _list(data.get("columns"), "columns", odd):
        group = item.get("group") if isinstance(item, Mapping) else None
        if isinstance(group, Mapping):
            namespace = str(group.get("namespace", ""))
            inside = _list(group.get("columns"), f"group {namespace}", odd)
            entries = tuple(e for i in inside if (e := _entry(i, odd)) is not None)
            groups.append(Group(namespace, entries, keys.get(namespace, ())))
        elif (entry := _entry(item, odd)) is not None:
            columns.append(entry)
    return BulkMap(tuple(columns), tuple(groups)), odd


def _keys(advanced: Any, odd: list[str]) -> dict[str, tuple[str, ...]]:
    """The primary keys of each group, by its namespace."""
    found: dict[str, tuple[str, ...]] = {}
    listed = advanced.get("primary_group_keys") if isinstance(advanced, Mapping) else None
    for item in _list(listed, "primary_group_keys", odd):
        if isinstance(item, Mapping) and isinstance(item.get("keys"), list):
            found[str(item.get("namespace", ""))] = tuple(str(k) for k in item["keys"])
        else:
            odd.append(f"primary_group_keys: {str(item)[:80]}")
    return found


def _list(found: Any, where: str, odd: list[str]) -> list[Any]:
    if isinstance(found, list):
        return found
    if found not in (None, ""):
        odd.append(f"{where}: no list: {str(found)[:80]}")
    return []


def _entry(found: Any, odd: list[str]) -> Entry | None:
    if not isinstance(found, Mapping) or not isinstance(found.get("name"), str):
        odd.append(f"columns: {str(found)[:80]}")
        return None
    name = found["name"]
    odd.extend(f"{name}: {key}" for key in found if key not in _FIELDS)
    shown = str(found.get("clientname", ""))
    value = found.get("clientvalue")
    # OMERO keeps a heading with / under the name with \
    return Entry(
        name.replace("\\", "/"),
        "" if shown == name else shown,
        None if value is None else str(value),
        str(found.get("omitempty", "yes")).casefold() in _YES,
    )
