"""Many workbooks dropped together: a line of a table for each, with a link to its report; the same as CSV."""

from __future__ import annotations

from collections import Counter
from time import localtime, strftime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from rembi_sheets.report.many import Outcome, csv_of, line
from rembi_sheets.schema import load
from rembi_sheets.web.books import Book
from rembi_sheets.web.pages.report import checked
from rembi_sheets.web.pages.start import download
from rembi_sheets.web.pool import WorkError
from rembi_sheets.web.state import gone, later, visit

page = Blueprint("many", __name__)
RESULTS = ("not passed", "passed", "not read")
_ORDERS = {
    "errors": lambda r: (-r["errors"], -r["warnings"], r["name"].casefold()),
    "name": lambda r: r["name"].casefold(),
    "filled": lambda r: (r["score"] if r["score"] is not None else -1, r["name"].casefold()),
}


def _books(batch: str) -> list[Book]:
    """The workbooks that were dropped together, in the order in which the command names those of a folder."""
    own = visit()
    found = [b for b in own.books.values() if b.batch and b.batch == batch] if own else []
    if not found:
        gone()
    return sorted(found, key=lambda b: (b.name.casefold(), b.name))


def _made(book: Book) -> dict[str, Any] | None:
    """What is said of a workbook, also where its check broke off; None while it is being made."""
    broke: dict[str, Any] | None = book.load("broke")
    if broke is not None:
        return broke
    try:
        return checked(book, 0.0)
    except WorkError as error:
        failed = Outcome.failed(book.name, book.name, str(error))
        made = {**failed.report, "readable": False, "line": line(failed), "verdicts": {}, "score": None, "title": ""}
        book.save("broke", made)
        return made


def _row(book: Book, made: dict[str, Any] | None) -> dict[str, Any]:
    """A line of the table; of one that is not ready its name alone."""
    if made is None:
        return {"name": book.name, "id": book.id, "result": "", "errors": 0, "warnings": 0, "score": None}
    result = "not read" if not made["readable"] else "passed" if not made["counts"]["error"] else "not passed"
    return {
        "name": book.name,
        "id": book.id,
        "result": result,
        "title": made["title"],
        "verdicts": made["verdicts"],
        "errors": made["counts"]["error"],
        "warnings": made["counts"]["warning"],
        "notes": made["counts"]["note"],
        "score": made["score"],
        "why": f"{made['findings'][0]['message']} {made['findings'][0]['fix']}" if result == "not read" else "",
    }


@page.get("/many")
def newest() -> str | Response:
    """The workbooks that were dropped together last, or how to do so."""
    own = visit()
    last = max((b for b in own.books.values() if b.batch), key=lambda b: b.at, default=None) if own else None
    if last is not None:
        return later(url_for("many.many", batch=last.batch))
    return render_template("several.html")


@page.get("/many/<batch>")
def many(batch: str) -> str:
    """The table; it tells how many are not ready yet."""
    books = _books(batch)
    rows = [_row(b, _made(b)) for b in books]
    found = Counter(r["result"] for r in rows)
    order = request.args.get("order", "errors")
    wanted = request.args.get("result", "")
    shown = sorted((r for r in rows if not wanted or r["result"] == wanted), key=_ORDERS.get(order, _ORDERS["errors"]))
    return render_template(
        "many.html",
        batch=batch,
        rows=shown,
        found=[(r, found[r]) for r in RESULTS if found[r]],
        total=len(rows),
        left=found[""],
        at=strftime("%H:%M", localtime(min(b.at for b in books))),
        order=order if order in _ORDERS else "errors",
        wanted=wanted,
        schema=load(),
    )


@page.get("/many/<batch>/state")
def progress(batch: str) -> dict[str, bool]:
    """Are all of them ready? For the script of the page."""
    return {"ready": all(_made(b) is not None for b in _books(batch))}


@page.get("/many/<batch>/workbooks.csv")
def table(batch: str) -> Response:
    """The table as `check FOLDER --format csv` writes it, of those that are ready."""
    made = [_made(b) for b in _books(batch)]
    return download(csv_of(m["line"] for m in made if m is not None).encode(), "workbooks.csv", "text/csv")
