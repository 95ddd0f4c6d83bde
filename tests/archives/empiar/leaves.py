"""JSON and XML as flat lists of leaves, so that two of them can be compared field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

_PREFIX = "{http://pdbe.org/empiar}"


def of_json(data: Any, at: str = "") -> dict[str, Any]:
    """Path -> value; null, "", [] and {} are leaves that say nothing and are left out."""
    if isinstance(data, dict):
        return {k: v for key, value in data.items() for k, v in of_json(value, f"{at}/{key}".lstrip("/")).items()}
    if isinstance(data, list):
        return {k: v for i, value in enumerate(data) for k, v in of_json(value, f"{at}[{i}]").items()}
    return {} if data in (None, "") else {at: data}


def of_xml(content: bytes) -> dict[str, str]:
    """Path -> text of elements and attributes that hold any; a path is numbered where elements repeat."""
    from lxml import etree

    out: dict[str, str] = {}
    _walk(etree.fromstring(content), "", out)
    return out


def _walk(element: Any, at: str, out: dict[str, str]) -> None:
    for key, value in element.attrib.items():
        if "schemaLocation" not in key:
            out[f"{at}/@{key}".lstrip("/")] = value
    if (element.text or "").strip():
        out[at] = element.text.strip()
    numbers: Counter[str] = Counter()
    repeated = Counter(str(child.tag) for child in element)
    for child in element:
        name = str(child.tag).removeprefix(_PREFIX)
        place = f"{name}[{numbers[name]}]" if repeated[str(child.tag)] > 1 else name
        numbers[name] += 1
        _walk(child, f"{at}/{place}".lstrip("/"), out)


def differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Path -> (theirs, ours) where they differ; a missing side is None."""
    return {
        key: (theirs.get(key), ours.get(key))
        for key in sorted(set(theirs) | set(ours))
        if theirs.get(key) != ours.get(key)
    }
