"""Fill from elsewhere: give sources, see what they say, decide how tables are understood; take the filled copy."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from rembi_sheets.fill.online.desk import services
from rembi_sheets.schema import load
from rembi_sheets.web import jobs
from rembi_sheets.web.books import Book, FullError, safe_name
from rembi_sheets.web.filling import choices, decided
from rembi_sheets.web.pages.report import checked, followed, head, not_yet
from rembi_sheets.web.pages.start import XLSX, download
from rembi_sheets.web.pool import WorkError
from rembi_sheets.web.state import SaidError, later, ready, state
from rembi_sheets.web.state import book as own_book
from rembi_sheets.web.uploads import small

page = Blueprint("fill", __name__)
_MAP = ".toml"


def _given(book: Book) -> bool:
    """Is there anything from which it can be filled?"""
    return bool(book.filling.sources or book.filling.online or book.known)


def _filled(book: Book, patience: float | None = None) -> dict[str, Any] | None:
    """What came of filling; None while it is being done. Raises DefectError."""
    own, filling = state(), book.filling
    target = book.filled(filling)
    try:
        made: dict[str, Any] | None = ready(
            book,
            f"filled-{filling.id}",
            lambda: own.pool.submit(jobs.filled, book.path, own.asked(book), book.sources, filling, target),
            patience,
        )
    except WorkError as error:
        if error.ours:
            raise
        return {"refused": str(error)}
    return made


@page.get("/b/<id_>/fill")
def fill(id_: str) -> str | tuple[str, int]:
    """What it is filled from, and what that says."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    came = _filled(book) if _given(book) else None
    if came is None and _given(book):
        return render_template("progress.html", book=book, state="fill/state", what="filling"), 202
    return render_template(
        "fill.html",
        **head(book, made, "score"),
        came=came,
        given=[(s, _names(book, s)) for s in book.filling.sources],
        folder=book.known,
        online=state().online,
        services=[s.called for s in services().values()],
        filling=book.filling,
        choices=choices,
        sheets=_sheets(),
        most=state().limits.sources,
    )


def _names(book: Book, source: str) -> str:
    return ", ".join(sorted(p.name for p in (book.sources / source).iterdir() if p.is_file()))


@page.get("/b/<id_>/fill/state")
def progress(id_: str) -> dict[str, bool]:
    """Is it filled?"""
    book = own_book(id_)
    return {"ready": checked(book) is not None and (not _given(book) or _filled(book) is not None)}


@page.post("/b/<id_>/fill")
def give(id_: str) -> Response:
    """A further source, one less, other choices, or a decision how tables are understood."""
    book = own_book(id_)
    form, was = request.form, book.filling
    sent = [f for f in request.files.getlist("source") if f.filename]
    if "leave" in form:
        book.filling = replace(was, sources=tuple(s for s in was.sources if s != form["leave"]))
    elif "choose" in form:
        online = was.online + 1 if "online" in form and state().online else 0  # asked anew: a service may be back
        book.filling = replace(was, everything="everything" in form, guesses="guesses" in form, online=online)
    elif "understand" in form:
        book.filling = replace(was, mapping=_decided(book))
    elif sent:
        book.filling = _more(book, sent)
    else:
        raise SaidError("No file was chosen", "", "Go back, choose a file, then say Look what it says.")
    return later(url_for("fill.fill", id_=id_))


def _more(book: Book, sent: Sequence[FileStorage]) -> Any:
    """The filling with the files of one more drop; a map among them says how tables are understood."""
    was, most = book.filling, state().limits.sources
    for file in sent:
        small(file)
    if len(was.sources) >= most:
        raise SaidError(f"More than {most} sources", "", "Leave one out first.", 413)
    maps = [f for f in sent if (f.filename or "").casefold().endswith(_MAP)]
    name = secrets.token_hex(8)
    others = [f for f in sent if f not in maps]
    try:
        for file in maps:
            book.sources.mkdir(mode=0o700, exist_ok=True)
            file.save(book.sources / f"{name}{_MAP}")
        if others:
            (book.sources / name).mkdir(parents=True, mode=0o700)
        for file in others:
            file.save(book.sources / name / safe_name(file.filename or ""))
    except OSError as error:
        raise FullError.disk() from error
    made = replace(was, sources=(*was.sources, name)) if others else was
    return replace(made, mapping=f"{name}{_MAP}") if maps else made


def _decided(book: Book) -> str:
    """Keep what a person decided as a map; the name of its file."""
    came = _filled(book, state().limits.job)
    if not came or not came.get("maps"):
        return book.filling.mapping
    try:
        content = decided(came["maps"], request.form)
    except KeyError as error:
        raise SaidError("That column is not there", "", "Go back and choose one of the list.") from error
    except ValueError as error:
        said = f"Two of your columns go to “{error}”. Nothing was changed."
        raise SaidError("One column, two values", said, "Go back and leave one of them out.", 422) from error
    name = f"{secrets.token_hex(8)}{_MAP}"
    try:
        (book.sources / name).write_bytes(content)
    except OSError as error:
        raise FullError.disk() from error
    return name


def _ready(book: Book) -> dict[str, Any]:
    """What came of filling, of which there is a copy."""
    came = _filled(book, state().limits.job) if _given(book) else None
    if not came or "name" not in came:
        raise SaidError("There is no filled copy yet", "", "Open Fill from elsewhere again.", 404)
    return came


@page.get("/b/<id_>/filled")
def filled(id_: str) -> Response:
    """The filled workbook, as `fill` writes it."""
    book = own_book(id_)
    came = _ready(book)
    path = book.filled(book.filling) / came["name"]
    return send_file(path, XLSX, as_attachment=True, download_name=came["name"])


@page.get("/b/<id_>/filled/<int:number>")
def beside(id_: str, number: int) -> Response:
    """A file that lies beside the filled workbook."""
    book = own_book(id_)
    names = _ready(book)["beside"]
    if not 0 <= number < len(names):
        raise SaidError("There is no such file", "", "Open Fill from elsewhere again.", 404)
    path = book.filled(book.filling) / names[number]
    return send_file(path, "application/octet-stream", as_attachment=True, download_name=path.name)


@page.get("/b/<id_>/fill/map.toml")
def mapping(id_: str) -> Response:
    """How the columns of tables are understood, for `fill --map`."""
    book = own_book(id_)
    content = decided(_ready(book)["maps"], {})
    return download(content, "map.toml", "application/toml")


@page.post("/b/<id_>/filled")
def go_on(id_: str) -> Response:
    """Go on with the filled workbook as if it had been dropped."""
    book = own_book(id_)
    came = _ready(book)
    return followed(book, book.filled(book.filling) / came["name"], came["came"])


def _sheets() -> list[tuple[str, str]]:
    """The sheets that a table can be about."""
    return [("", "nothing in the workbook"), *((s.name, s.title) for s in load().sheets)]
