"""One question at a time to EBI's Ontology Lookup Service (OLS4): only ever when the user asks for it.

How it is asked, what is kept and when it is left alone: `services`. Reply shapes after OLS4's interface v2 `entities`
(BioImage Archive's submission form, 2026-08): `elements` with `curie`, `iri`, `label`, `synonym`, `isObsolete`, where a
text may stand as such, in a list, or as {"value": ...}.
"""

from __future__ import annotations

import os
import time
import urllib.parse
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

from rembi_sheets.services import Service
from rembi_sheets.vocabularies import bundled
from rembi_sheets.vocabularies.identifiers import normalise_id
from rembi_sheets.vocabularies.lookup import identifier
from rembi_sheets.vocabularies.model import Entry, Match, Resolution
from rembi_sheets.vocabularies.words import squeeze

SERVICE = "https://www.ebi.ac.uk/ols4"
TIMEOUT = 1.0
_WITHOUT = "It is not asked any more; the bundled lists and your own vocabularies still are."


class Online:
    """A conversation with the service. `notes` tells what did not work; the caller shows them."""

    def __init__(self, service: str = "", sleep: Callable[[float], None] = time.sleep) -> None:
        """`service`: its address, by default that of EBI or what REMBI_SHEETS_OLS says."""
        self.service = (service or os.environ.get("REMBI_SHEETS_OLS", SERVICE)).rstrip("/")
        self._asking = Service("The Ontology Lookup Service", "ols.sqlite", TIMEOUT, _WITHOUT, sleep=sleep)
        self.notes = self._asking.notes

    def resolve(self, text: str, name: str) -> Resolution:
        """What OLS knows of `text` for list `name`; no entry when it knows nothing or cannot be reached.

        Only terms of the list's own ontologies count, and of these only such as have exactly this name.
        """
        prefixes = bundled.source(name).prefixes
        nothing = Resolution(text, None, Match.NONE, "OLS", "")
        if not prefixes or not text.strip():
            return nothing
        curie = identifier(text, name)
        found = self._entries(curie or text, prefixes)
        if curie:
            named = [entry for entry in found if entry.id == curie]
        else:
            key = squeeze(text)
            labels = [entry for entry in found if squeeze(entry.label) == key]
            named = labels or [entry for entry in found if key in map(squeeze, entry.synonyms)]
        if len(named) == 1:
            exact = Match.LABEL if named[0].label == text else Match.NORMALISED
            spelled = exact if squeeze(named[0].label) == squeeze(text) else Match.SYNONYM
            return Resolution(text, named[0], Match.ID if curie else spelled, "OLS", time.strftime("%Y-%m-%d"))
        return Resolution(text, None, Match.NONE, "OLS", "", tuple(named))

    def _entries(self, query: str, prefixes: tuple[str, ...]) -> list[Entry]:
        ontologies = ",".join(sorted(prefix.lower() for prefix in prefixes))
        asked = {"search": query, "ontologyId": ontologies, "type": "class", "lang": "en", "size": "20"}
        address = f"{self.service}/api/v2/entities?{urllib.parse.urlencode(asked)}"
        elements = self._asking.ask(address, _elements) or []
        entries = (_entry(element) for element in elements if isinstance(element, dict))
        # a term may come in several ontologies that import it
        distinct = {entry.id: entry for entry in entries if entry and entry.id.partition(":")[0] in prefixes}
        live = [entry for entry in distinct.values() if not bundled.obsolete(entry)]
        return live or list(distinct.values())


def _elements(reply: Any) -> list[Any] | None:
    """The elements of a reply; None for what is no reply of this service."""
    found = reply.get("elements") if isinstance(reply, dict) else None
    return found if isinstance(found, list) else None


def _entry(element: dict[str, Any]) -> Entry | None:
    label = next(_texts(element.get("label")), "")
    curie = next(_texts(element.get("curie")), "") or next(_texts(element.get("iri")), "")
    curie = normalise_id(curie)
    if not (label and curie):
        return None
    obsolete = next(_texts(element.get("isObsolete")), "false").lower()
    synonyms = tuple(dict.fromkeys(s for s in _texts(element.get("synonym")) if s != label))
    return Entry(label, curie, synonyms, MappingProxyType({"obsolete": obsolete}))


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value that may be a text, a truth value, a list, or {"value": ...} of these."""
    if isinstance(value, dict):
        yield from _texts(value.get("value"))
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str | bool) and value != "":
        yield str(value)
