"""Services on the net, asked one question at a time: only ever when the user asks for it.

Polite: a name of our own, a pause between two questions, so many seconds for each, no question twice (answers are kept
in the user's cache folder), and after three failures in a row, or where a service is busy, nothing is asked any more.
An answer is JSON of a bounded size that the service itself gives: no other host is followed to. A failure is a note.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any, TypeVar

from rembi_sheets import homes
from rembi_sheets.version import __version__

T = TypeVar("T")

PAUSE = 0.2
GIVE_UP_AFTER = 3
KEEP_DAYS = 30
_MOST_BYTES = 2_000_000
_AGENT = f"rembi-sheets/{__version__}"
_BUSY = (429, 503)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a service within itself, and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The next question, where it goes to the same service. Raises OSError where it does not."""
        asked, next_ = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if (asked.scheme, asked.netloc) != (next_.scheme, next_.netloc):
            raise OSError(f"it leads elsewhere, to {next_.netloc or newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: str, seconds: float) -> bytes:
    """The body at `address`, asked for once. Raises OSError when it is not there within `seconds`, or is too long."""
    made: list[bytes | Exception] = []

    def ask() -> None:
        try:
            made.append(_body(address, seconds))
        except Exception as error:  # whatever it is, it is told where the answer is waited for
            made.append(error)

    # A time limit of a socket is one of each of its steps; names, and answers that drip, have none.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if not made:
        raise TimeoutError("timed out")
    if isinstance(made[0], Exception):
        raise made[0]
    return made[0]


def _body(address: str, seconds: float) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": _AGENT, "Accept": "application/json"})
    with urllib.request.build_opener(_SameHost).open(request, timeout=seconds) as reply:
        body: bytes = reply.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise OSError("the answer is too long")
    return body


@dataclass(slots=True)
class Service:
    """A conversation with one service. `notes` tells what did not work; the caller shows them.

    `called`: as in "Crossref gave no answer"; `store`: the file in which its answers are kept, below the cache folder
    where it has no folder of its own.
    `without`: what is said when it is not asked any more. `unknown`: statuses that say it does not know a thing.
    """

    called: str
    store: str | Path
    seconds: float
    without: str = "It is not asked any more."
    unknown: frozenset[int] = frozenset()
    sleep: Callable[[float], None] = time.sleep
    notes: list[str] = field(default_factory=list)
    failures: int = 0
    asked: bool = False

    def ask(self, address: str, read: Callable[[Any], T | None]) -> T | None:
        """What `read` makes of the answer; None when there is none, with a note. Only what it can use is kept.

        `read` gets any JSON whatever and gives None for what it cannot use.
        """
        kept = _kept(self.store, address)
        if kept is not None and (known := read(kept)) is not None:
            return known
        if self.failures >= GIVE_UP_AFTER:
            return None
        if self.asked:
            self.sleep(PAUSE)
        self.asked = True
        try:
            body = fetch(address, self.seconds)
            reply = json.loads(body)
        except urllib.error.HTTPError as error:
            if error.code in self.unknown:
                self.failures = 0
                self.notes.append(f"{self.called} does not know it.")
            else:
                self._failed(error, busy=error.code in _BUSY)
            return None
        except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
            self._failed(error)
            return None
        self.failures = 0
        found = read(reply)
        if found is None:
            self.notes.append(f"{self.called} gave an answer that cannot be used.")
            return None
        _keep(self.store, address, body)
        return found

    def _failed(self, error: Exception, busy: bool = False) -> None:
        self.failures = GIVE_UP_AFTER if busy else self.failures + 1
        reason = "it is busy" if busy else _said(error)
        self.notes.append(f"{self.called} gave no answer: {reason}.")
        if self.failures == GIVE_UP_AFTER:
            self.notes.append(self.without)


def _said(error: Exception) -> str:
    """Why there is no answer, in a line."""
    if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError, RecursionError)):
        return "what it sent is no JSON"
    reason = error.reason if isinstance(error, urllib.error.URLError) and error.reason else error
    return " ".join(str(reason).split()) or type(error).__name__


def _kept(store: str | Path, address: str) -> Any:
    path = homes.cache() / store
    with contextlib.suppress(sqlite3.Error, OSError, ValueError, RecursionError):
        if path.exists():
            with contextlib.closing(sqlite3.connect(path)) as base:
                row = base.execute("SELECT body, time FROM answer WHERE address = ?", (address,)).fetchone()
            if row and time.time() - row[1] < KEEP_DAYS * 86_400:
                return json.loads(row[0])
    return None


def _keep(store: str | Path, address: str, body: bytes) -> None:
    path = homes.cache() / store
    with contextlib.suppress(sqlite3.Error, OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(path)) as base, base:
            base.execute("CREATE TABLE IF NOT EXISTS answer (address TEXT PRIMARY KEY, body TEXT, time REAL)")
            base.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (address, body.decode(), time.time()))
