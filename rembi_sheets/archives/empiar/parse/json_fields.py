"""Values out of objects of the deposition JSON."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import JSON

Data = dict[str, Any]
_NAME = re.compile(r"\(u?'(?P<last>.+)', u?'(?P<initials>[^']*)'\)")


def loaded(content: bytes) -> Any:
    """What a JSON file holds that begins with an object or a list; None for every other file."""
    if not content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


class Fields:
    """Takes values of the right kind out of objects and remembers the rest in `strange`; notes name `called`."""

    called = JSON

    def __init__(self) -> None:
        self.strange: list[str] = []

    def rest(self, data: Data, at: str) -> None:
        """Remembers the keys that nobody asked for; empty ones say nothing."""
        self.strange += [f"{at}{k}: {v!r}" for k, v in data.items() if v not in (None, "", [], {})]

    def take(self, data: Data, key: str, at: str, kind: type | tuple[type, ...]) -> Any:
        """A value of the right kind, else None, remembered."""
        value = data.pop(key, None)
        if value is None or (isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)):
            return value
        self.strange.append(f"{at}{key}: {value!r}")
        return None

    def text(self, data: Data, key: str, at: str) -> str:
        """A text, "" for null."""
        return self.take(data, key, at, str) or ""

    def object(self, data: Data, key: str) -> Data:
        """An object, taken apart by the caller."""
        return dict(self.take(data, key, "", dict) or {})

    def objects(self, data: Data, key: str, at: str) -> list[Data]:
        """A list of objects."""
        found = self.take(data, key, at, list) or []
        self.strange += [f"{at}{key}: {x!r}" for x in found if not isinstance(x, dict)]
        return [dict(x) for x in found if isinstance(x, dict)]

    def names(self, data: Data, key: str) -> tuple[str, ...]:
        """A list of references."""
        found = self.objects(data, key, "")
        names = tuple(self.text(x, "name", f"{key}/") for x in found)
        for x in found:
            self.rest(x, f"{key}/")
        return tuple(n for n in names if n)

    def listed(self, data: Data, key: str, at: str) -> str:
        """The word of a code that is a number or a digit."""
        value = self.take(data, key, at, (int, str))
        found = codes.word(key, str(value)) if value is not None else ""
        if value is not None and not found:
            self.strange.append(f"{at}{key}: {value!r}")
        return found

    def coded(self, data: Data, key: str, at: str) -> str:
        """The word of a code such as ('T9', '')."""
        value = self.text(data, key, at)
        try:
            return codes.from_tuple(key, value)
        except ValueError:
            self.strange.append(f"{at}{key}: {value!r}")
            return ""

    def number(self, data: Data, key: str, at: str) -> Decimal | None:
        """A number as Decimal."""
        value = self.take(data, key, at, (int, Decimal))
        return None if value is None else Decimal(value)

    def country(self, data: Data, at: str) -> str:
        """The English name of a country's code; the schema's own example says UK for GB."""
        value = self.text(data, "country", at)
        found = codes.country_name("GB" if value == "UK" else value)
        if value and not found:
            self.strange.append(f"{at}country: {value!r}")
        return found

    def parted(self, name: str) -> tuple[str, str] | None:
        """Last name and initials out of "('Last', 'II')"; None for another text."""
        parts = _NAME.fullmatch(name)
        return (parts["last"], parts["initials"]) if parts else None
