"""bulk.yml and bulkmap-config.yml: what OMERO imports, and which columns it shows and searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rembi_sheets.archives.idr.document import BulkMap, Component, Entry, Kind, Study
from rembi_sheets.archives.shared.yaml import Quoted, dump

_DEFAULTS = {
    "include": False,
    "type": "string",
    "split": None,
    "includeclient": True,
    "visible": True,
    "omitempty": True,
}


def bulkmap_text(study: Study, component: Component) -> str:
    """bulkmap-config.yml of a component; as in IDR's own, an empty line stands between its parts and its groups."""
    found = component.bulkmap
    parts: tuple[Mapping[str, Any], ...] = (
        {"name": f"{study.name}/{component.folder}", "version": 1},
        {"defaults": _DEFAULTS},
        {"columns": [*map(_entry, found.columns), *_groups(found)]},
        {"advanced": _advanced(found, component.kind)},
    )
    text = "\n".join(dump(part, start=n == 0) for n, part in enumerate(parts))
    return text.replace("\n  - group:\n", "\n\n  - group:\n")


def _entry(entry: Entry) -> dict[str, Any]:
    # OMERO keeps a heading with / under the name with \
    out: dict[str, Any] = {"name": entry.name.replace("/", "\\")}
    if entry.clientname:
        out["clientname"] = entry.clientname
    if entry.clientvalue is not None:
        out["clientvalue"] = Quoted(entry.clientvalue)
    if not entry.omitempty:
        out["omitempty"] = False
    return {**out, "include": True}


def _groups(found: BulkMap) -> list[dict[str, Any]]:
    return [{"group": {"namespace": g.namespace, "columns": [_entry(e) for e in g.entries]}} for g in found.groups]


def _advanced(found: BulkMap, kind: Kind) -> dict[str, Any]:
    # several groups may have one namespace, whose keys are said once
    keys = {g.namespace: list(g.keys) for g in found.groups if g.keys}
    keyed = [{"namespace": namespace, "keys": names} for namespace, names in keys.items()]
    wells = {"well_to_images": True} if kind is Kind.SCREEN else {}
    return {**wells, "ignore_missing_primary_key": True, "primary_group_keys": keyed}


def bulk_text(study: Study, component: Component) -> str:
    """bulk.yml of a component: which list of paths, and how to import them."""
    screen = component.kind is Kind.SCREEN
    suffix = "plates" if screen else "filePaths"
    target = {"target": Quoted(f"Screen:name:{study.name}/{component.folder}")} if screen else {}
    data = {
        **target,
        "path": Quoted(f"{study.accession}-{component.folder}-{suffix}.tsv"),
        "continue": Quoted("true"),
        "transfer": Quoted("ln_s"),
        "exclude": Quoted("clientpath"),
        "columns": list(component.paths.header),
    }
    return dump(data, start=True)
