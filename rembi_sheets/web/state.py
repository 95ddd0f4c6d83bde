"""What a running page has, and what an answer needs of it: settings, visits, workers, the visitor of this request."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from rembi_sheets.web import guard, jobs
from rembi_sheets.web.books import Book
from rembi_sheets.web.limits import Limits
from rembi_sheets.web.pool import Pool
from rembi_sheets.web.reading import Readings
from rembi_sheets.web.visits import Visit, Visits


@dataclass
class State:
    """One server. `local`: it is reached on this computer only, under no other name; `online`: visitors may let
    services on the net be asked; `today`: a day other than today, for tests. `readings`: folders of this computer that
    are read.

    `stop`: what ends it, where the visitor may do so; `last`: when somebody asked for something (monotonic seconds).
    """

    limits: Limits
    visits: Visits
    pool: Pool
    guard: guard.Guard
    readings: Readings
    local: bool = True
    online: bool = True
    today: dt.date | None = None
    running: dict[str, Future[Any]] = field(default_factory=dict)
    stop: Callable[[], None] | None = None
    last: float = field(default_factory=time.monotonic)

    def asked(self, book_: Book) -> jobs.Asked:
        """What is asked about a workbook."""
        return jobs.Asked((), self.limits.caps(), self.today, book_.data)


class SaidError(Exception):
    """A request that cannot be answered as asked; the message says why, `remedy` what to do."""

    def __init__(self, title: str, message: str = "", remedy: str = "", status: int = 400) -> None:
        super().__init__(title)
        self.title, self.message, self.remedy, self.status = title, message, remedy, status


def state() -> State:
    """The server of this request."""
    return cast(State, current_app.extensions["rembi_sheets"])


def at_this_computer() -> bool:
    """May this visitor name folders of this computer?"""
    own, asked = state(), request.environ
    peer = (str(asked.get("REMOTE_ADDR", "")), int(asked.get("REMOTE_PORT") or 0))
    names = [name for name, _ in request.headers]
    return own.local and own.guard.at_this_computer(request.host, peer, int(asked["SERVER_PORT"]), names)


def visit() -> Visit | None:
    """The visit of this request, where the visitor has files here."""
    if "visit" not in g:
        g.visit = state().visits.of(request.cookies.get(guard.COOKIE, ""))
    return cast("Visit | None", g.visit)


def begun() -> Visit:
    """The visit of this request; a new one, with a new cookie, where there is none. Raises FullError."""
    if visit() is None:
        g.visit = state().visits.begin()
        g.cookie = g.visit.id
    return cast(Visit, g.visit)


def book(id_: str) -> Book:
    """A workbook of this visit; for any other id the page that says that files were deleted."""
    own = visit()
    found = own.books.get(id_) if own is not None else None
    if found is None:
        gone()
    return found


def gone() -> NoReturn:
    """The page that says that files were deleted."""
    abort(redirect(url_for("start.gone"), 303))


def later(url: str) -> Response:
    """The answer to a change: go on to another page, by GET."""
    return redirect(url, 303)


def ready(book_: Book, name: str, job: Callable[[], Future[Any]], patience: float | None = None) -> Any:
    """The result of a job on a workbook, kept under a name; None while it is not ready within `patience` (seconds).

    Raises WorkError.
    """
    name = f"{name}-{book_.version}"
    kept = book_.load(name)
    if kept is not None:
        return kept
    own = state()
    key = f"{book_.id} {name}"
    future = own.running.get(key)
    if future is None:
        future = own.running[key] = job()
    try:
        result = future.result(own.limits.patience if patience is None else patience)
    except TimeoutError:
        return None
    except BaseException:
        own.running.pop(key, None)
        raise
    book_.save(name, result)
    own.running.pop(key, None)
    return result
