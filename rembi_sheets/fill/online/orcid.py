"""ORCID: the name of a person. Reply shape after its public interface v3.0, `<ORCID>/person` (2026-11)."""

from __future__ import annotations

from typing import Any

from rembi_sheets.fill.online.replies import at, filled, text


def address(base: str, orcid: str) -> str:
    """Where the person is asked for."""
    return f"{base}/v3.0/{orcid}/person"


def read(reply: Any, orcid: str) -> dict[str, str] | None:
    """The name by columns of People; None for a reply about someone else, or a person who shows none."""
    name = at(reply, "name")
    if text(name, "path") not in ("", orcid):
        return None
    return filled(first_names=text(name, "given-names", "value"), last_name=text(name, "family-name", "value")) or None
