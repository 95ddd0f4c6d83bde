"""The application: what holds for every page: who may ask, the cookie, headers, a sentence for every refusal."""

from __future__ import annotations

import logging
import secrets
import time
from pathlib import PurePath
from typing import Any

from flask import Flask, g, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from rembi_sheets.version import __version__
from rembi_sheets.web import guard
from rembi_sheets.web.books import FullError
from rembi_sheets.web.pool import WorkError, disk_full
from rembi_sheets.web.state import SaidError, State, at_this_computer, state, visit
from rembi_sheets.web.uploads import PageRequest
from rembi_sheets.web.words import count, size, whole, words

log = logging.getLogger("rembi_sheets.web")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def create(server: State) -> Flask:
    """The application of a server."""
    from rembi_sheets.web import pages

    app = Flask("rembi_sheets.web", static_folder="static", template_folder="templates")
    app.request_class = PageRequest
    app.extensions["rembi_sheets"] = server
    app.config["MAX_CONTENT_LENGTH"] = server.limits.request
    app.config["MAX_FORM_MEMORY_SIZE"] = server.limits.text
    app.config["MAX_FORM_PARTS"] = server.limits.parts
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(words=words(), version=__version__, limits=server.limits)
    app.jinja_env.filters.update(size=size, whole=whole)
    app.jinja_env.globals.update(count=count)
    app.before_request(_admit)
    app.after_request(_finish)
    app.context_processor(_frame)
    app.register_error_handler(SaidError, _said)
    app.register_error_handler(WorkError, _work)
    app.register_error_handler(FullError, _full)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)
    for blueprint in pages.blueprints():
        app.register_blueprint(blueprint)
    return app


def _admit() -> None:
    own = state()
    own.last = time.monotonic()
    if not own.guard.host(request.host):
        raise SaidError(
            "This page is not known under that name", "", "Use the address that was shown at its start.", 421
        )
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    head = request.headers
    if not own.guard.same_origin(request.host, head.get("Origin"), head.get("Sec-Fetch-Site"), head.get("Referer")):
        raise SaidError("This came from another page", "Nothing was changed.", "Go on from the start page here.", 403)
    length = request.content_length
    if length is None or length > own.limits.request:
        raise RequestEntityTooLarge
    if not own.guard.change(request.cookies.get(guard.COOKIE, ""), request.form.get(guard.TOKEN, "")):
        raise SaidError(
            "This page has grown old",
            "It was opened before the program was started anew, or cookies are switched off. Nothing was changed.",
            "Go back, load the page again, and repeat what you did.",
            403,
        )
    stay = visit()
    if stay is not None and request.endpoint != "start.forget" and stay.size > own.limits.room:
        raise SaidError(
            "Your files take too much room here",
            f"A visit has {size(own.limits.room)}; every change keeps a copy of its workbook.",
            "Download what you mended, then say Forget my files.",
            413,
        )


def _frame() -> dict[str, Any]:
    """What every page shows: the token of its forms, when files are deleted."""
    own = visit()
    until = time.localtime(time.time() + state().limits.keep)
    return {
        "token_field": _token_field,
        "visited": own is not None and bool(own.books),
        "until": time.strftime("%H:%M", until),
        "stoppable": state().stop is not None,
        "paths": at_this_computer,
    }


def _token_field() -> Markup:
    """The hidden field with the token."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(guard.TOKEN, _token())


def _token() -> str:
    """The token for a form, with a cookie where the visitor has none yet."""
    id_ = g.get("cookie") or request.cookies.get(guard.COOKIE, "")
    if not guard.well_formed(id_):
        id_ = g.cookie = guard.new_id()
    return state().guard.token(id_)


def _finish(response: Response) -> Response:
    response.headers.update(guard.HEADERS)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Server", None)
    if "cookie" in g:
        secure = request.is_secure or request.headers.get("X-Forwarded-Proto") == "https"
        response.set_cookie(guard.COOKIE, g.cookie, httponly=True, samesite="Lax", secure=secure)
    return response


def _told(title: str, message: str, remedy: str, status: int) -> tuple[str, int]:
    return render_template("said.html", title=title, message=message, remedy=remedy), status


def _said(error: SaidError) -> tuple[str, int]:
    return _told(error.title, error.message, error.remedy, error.status)


def _full(error: FullError) -> tuple[str, int]:
    own = visit()
    if own is not None and not own.books and "cookie" in g:  # begun in vain: the form they go back to is still theirs
        state().visits.forget(own)
        g.pop("cookie")
    return _told("There is no room just now", str(error), "", 503)


def _work(error: WorkError) -> tuple[str, int]:
    if error.ours:
        return _mistake(str(error))
    return _told("It could not be finished", str(error), "Nothing of your file was changed.", 503)


def _http(error: HTTPException) -> Response | tuple[str, int]:
    if error.response is not None:  # a page that leads on
        return error.get_response()
    limits = state().limits
    if isinstance(error, RequestEntityTooLarge):
        remedy = (
            f"This page takes up to {size(limits.file)} for each workbook and {size(limits.request)} at once. "
            "Pictures in a workbook are the usual reason for its size; take them out."
        )
        return _told("It is too large", "Nothing of it was kept.", remedy, 413)
    if error.code == 404:
        return _told("There is no such page", "The address may be misspelt.", "", 404)
    if error.code == 405:
        return _told(
            "This page cannot be opened so", "It only takes what a form sends.", "Go on from the start page.", 405
        )
    return _told("This could not be understood", "Nothing was changed.", "Go back and try it again.", error.code or 400)


def _defect(error: Exception) -> tuple[str, int]:
    if disk_full(error):
        return _full(FullError.disk())
    from traceback import extract_tb

    where = extract_tb(error.__traceback__)[-1]
    return _mistake(f"{type(error).__name__} at {PurePath(where.filename).name}:{where.lineno}")


def _mistake(what: str) -> tuple[str, int]:
    """The page of a fault of ours; its number stands in the log, with no word of the visitor's."""
    number = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(2))
    log.error("%s %s in %s", number, what, request.endpoint)
    return render_template("mistake.html", number=number), 500
