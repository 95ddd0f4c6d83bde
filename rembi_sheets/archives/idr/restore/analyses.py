"""The text of an analysis taken apart, as `build` puts it together: method, data used, type of result."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rembi_sheets.records import ImageData

_TAIL = re.compile(r"(?:^| )(Data used|Result): (?=\S)")


@dataclass(frozen=True)
class Method:
    """What a protocol says of an analysis."""

    name: str = ""
    method: str = ""
    used: str = ""
    result: str = ""
    images: tuple[ImageData, ...] = ()


def apart(found: str) -> tuple[str, str, str]:
    """A text of ours -> method, data used, result type."""
    marks = list(_TAIL.finditer(found))
    ends = [*(m.start() for m in marks[1:]), len(found)][: len(marks)]
    parts = {m[1]: found[m.end() : end].strip() for m, end in zip(marks, ends, strict=True)}
    if len(parts) != len(marks) or [m[1] for m in marks] not in (["Data used"], ["Result"], ["Data used", "Result"]):
        return found, "", ""
    if "Result" in parts and "Data used" in parts:
        parts["Data used"] = parts["Data used"].removesuffix(".")
    return found[: marks[0].start()].strip(), parts.get("Data used", ""), parts.get("Result", "")
