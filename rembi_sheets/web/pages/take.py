"""Take away: the copies of the workbook, the report as one file, each archive's files, and what is lost in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, send_file, url_for
from werkzeug.wrappers import Response

from rembi_sheets.web import jobs
from rembi_sheets.web.books import Book
from rembi_sheets.web.pages.report import checked, head
from rembi_sheets.web.pages.start import XLSX, download
from rembi_sheets.web.state import SaidError, later, ready, state
from rembi_sheets.web.state import book as own_book

page = Blueprint("take", __name__)


def _folder(book: Book) -> Path:
    return book.folder / f"take{book.version}"


def _taken(book: Book) -> dict[str, Any] | None:
    own = state()
    made: dict[str, Any] | None = ready(
        book, "taken", lambda: own.pool.submit(jobs.take_away, book.path, own.asked(book), _folder(book))
    )
    return made


@page.get("/b/<id_>/take")
def take(id_: str) -> str | tuple[str, int] | Response:
    """All that can be taken away, with the losses."""
    book = own_book(id_)
    made = checked(book)
    if made is not None and not made["readable"]:
        return later(url_for("report.report", id_=id_))
    taken = _taken(book) if made is not None else None
    if made is None or taken is None:
        return render_template("progress.html", book=book, state="take/state"), 202
    return render_template("take.html", **head(book, made, "take"), taken=taken)


@page.get("/b/<id_>/take/state")
def progress(id_: str) -> dict[str, bool]:
    """Are the files ready?"""
    book = own_book(id_)
    return {"ready": checked(book) is not None and _taken(book) is not None}


@page.get("/b/<id_>/take/<archive>.zip")
def files(id_: str, archive: str) -> Response:
    """The files of one archive."""
    book = own_book(id_)
    made = (book.load(f"taken-{book.version}") or {}).get(archive, {})
    if "zip" not in made:
        raise SaidError("These files are not made yet", "", "Open Take away again.", 404)
    return send_file(_folder(book) / made["zip"], "application/zip", as_attachment=True, download_name=made["zip"])


@page.get("/b/<id_>/take/marked")
def marked(id_: str) -> Response:
    """The marked copy."""
    return _copy(id_, jobs.marked, "-marked", "There is no marked copy of this workbook")


@page.get("/b/<id_>/take/repaired")
def repaired(id_: str) -> Response:
    """The copy with the safe repairs done."""
    return _copy(id_, jobs.repaired, "-fixed", "This workbook cannot be repaired here")


@page.get("/b/<id_>/take/report")
def report(id_: str) -> Response:
    """The report as one HTML file."""
    book = own_book(id_)
    content = state().pool.run(jobs.page, book.path, state().asked(book))
    return download(content, f"{Path(book.name).stem}-report.html", "text/html")


def _copy(id_: str, job: Callable[[Path, jobs.Asked], bytes | str], end: str, refused: str) -> Response:
    book = own_book(id_)
    content = state().pool.run(job, book.path, state().asked(book))
    if isinstance(content, str):
        raise SaidError(refused, content, "", 422)
    ending = ".xlsm" if book.name.casefold().endswith(".xlsm") else ".xlsx"
    return download(content, f"{Path(book.name).stem}{end}{ending}", XLSX)
