"""ROR: name and place of an organisation. Reply shape after its interface v2.1, `organizations/<id>` (2026-11)."""

from __future__ import annotations

from typing import Any

from rembi_sheets.fill.online.replies import at, filled, items, text

_SHOWN = ("ror_display", "label")  # which of its names is meant to be shown, the best first


def address(base: str, ror: str) -> str:
    """Where the organisation is asked for."""
    return f"{base}/v2/organizations/{_number(ror)}"


def read(reply: Any, ror: str) -> dict[str, str] | None:
    """The organisation by columns of Organisations; None for a reply that is about another one."""
    name = next((n for kind in _SHOWN for n in _names(reply, kind)), "")
    if not name or _number(text(reply, "id")) != _number(ror):
        return None
    place = at(reply, "locations", 0, "geonames_details")
    return filled(
        name=name,
        town=text(place, "name"),
        state=text(place, "country_subdivision_name"),
        country=text(place, "country_name") or text(place, "country_code"),
    )


def _names(reply: Any, kind: str) -> list[str]:
    return [text(n, "value") for n in items(reply, "names") if kind in map(text, items(n, "types"))]


def _number(ror: str) -> str:
    return ror.rpartition("/")[2]
