"""One question at a time to EBI's Ontology Lookup Service (OLS4): only ever when the user asks for it.

Polite: a name of our own, one request at a time with a pause between, a second for each, no question twice (answers
are kept in the user's cache), and after three failures in a row nothing is asked any more. A failure is a note.
Reply shapes after OLS4's interface v2 `entities` (BioImage Archive's submission form, 2026-08): `elements` with
`curie`, `iri`, `label`, `synonym`, `isObsolete`, where a text may stand as such, in a list, or as {"value": ...}.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rembi_sheets.vocabularies import bundled, cache
from rembi_sheets.vocabularies.identifiers import normalise_id
from rembi_sheets.vocabularies.lookup import identifier
from rembi_sheets.vocabularies.model import Entry, Match, Resolution
from rembi_sheets.vocabularies.words import squeeze

SERVICE = "https://www.ebi.ac.uk/ols4"
TIMEOUT = 1.0
PAUSE = 0.2
GIVE_UP_AFTER = 3
KEEP_DAYS = 30
_MOST_BYTES = 2_000_000


def fetch(address: str) -> bytes:
    """The body at `address`, asked for once, politely."""
    request = urllib.request.Request(address, headers={"User-Agent": "rembi-sheets", "Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as reply:
        body: bytes = reply.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise OSError("the answer is too long")
    return body


@dataclass(slots=True)
class Online:
    """A conversation with the service. `notes` tells what did not work; the caller shows them."""

    service: str = field(default_factory=lambda: os.environ.get("REMBI_SHEETS_OLS", SERVICE).rstrip("/"))
    get: Callable[[str], bytes] = fetch
    sleep: Callable[[float], None] = time.sleep
    notes: list[str] = field(default_factory=list)
    failures: int = 0
    asked: bool = False

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
        reply = self._reply(address)
        elements = reply.get("elements", []) if isinstance(reply, dict) else []
        entries = (_entry(element) for element in elements if isinstance(element, dict))
        # a term may come in several ontologies that import it
        distinct = {entry.id: entry for entry in entries if entry and entry.id.partition(":")[0] in prefixes}
        live = [entry for entry in distinct.values() if not bundled.obsolete(entry)]
        return live or list(distinct.values())

    def _reply(self, address: str) -> Any:
        kept = _kept(address)
        if kept is not None:
            return kept
        if self.failures >= GIVE_UP_AFTER:
            return None
        if self.asked:
            self.sleep(PAUSE)
        self.asked = True
        try:
            body = self.get(address)
            reply = json.loads(body)
        except (OSError, ValueError) as error:
            self._failed(error)
            return None
        self.failures = 0
        _keep(address, body)
        return reply

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        busy = isinstance(error, urllib.error.HTTPError) and error.code in (429, 503)
        if busy:
            self.failures = GIVE_UP_AFTER
        reason = "it is busy" if busy else str(error) or type(error).__name__
        self.notes.append(f"The Ontology Lookup Service gave no answer: {reason}.")
        if self.failures == GIVE_UP_AFTER:
            self.notes.append("It is not asked any more; the bundled lists and your own vocabularies still are.")


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


def _store() -> Path:
    return cache.folder().parent / "ols.sqlite"


def _kept(address: str) -> Any:
    with contextlib.suppress(sqlite3.Error, OSError, ValueError):
        if _store().exists():
            with contextlib.closing(sqlite3.connect(_store())) as base:
                row = base.execute("SELECT body, time FROM answer WHERE address = ?", (address,)).fetchone()
            if row and time.time() - row[1] < KEEP_DAYS * 86_400:
                return json.loads(row[0])
    return None


def _keep(address: str, body: bytes) -> None:
    with contextlib.suppress(sqlite3.Error, OSError):
        _store().parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(_store())) as base, base:
            base.execute("CREATE TABLE IF NOT EXISTS answer (address TEXT PRIMARY KEY, body TEXT, time REAL)")
            base.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (address, body.decode(), time.time()))
