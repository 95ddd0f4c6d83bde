"""How complete it is: bars by module, archive and reader, and the cells that would add most, each to be filled here."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from rembi_sheets.score import rules
from rembi_sheets.web.books import Change
from rembi_sheets.web.mending import told
from rembi_sheets.web.pages.mend import LONG, apply, outcome, pairs
from rembi_sheets.web.pages.report import checked, head, not_yet
from rembi_sheets.web.state import SaidError, later
from rembi_sheets.web.state import book as own_book

page = Blueprint("score", __name__)
_FIRST = 8  # of what would add most, those shown at first


@page.get("/b/<id_>/score")
def score(id_: str) -> str | tuple[str, int]:
    """The score of a workbook as pictures."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    return render_template(
        "score.html",
        **head(book, made, "score"),
        complete=made["complete"],
        most=None if "all" in request.args else _FIRST,
        formula=rules()["formula"],
        changes=[told(c) for c in book.changes],
        said=outcome(book, made) if "told" in request.args else None,
    )


@page.post("/b/<id_>/score")
def fill(id_: str) -> Response:
    """Write a value into the empty cells of a column."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return later(url_for("score.score", id_=id_))
    wanted = (request.form.get("sheet"), request.form.get("column"))
    found = next((a for a in made["complete"]["adds"] if (a["sheet"], a["column"]) == wanted and a["places"]), None)
    value = request.form.get("value", "").strip()[:LONG]
    if found is None:  # it is filled by now
        return later(url_for("score.score", id_=id_))
    if not value:
        raise SaidError("Nothing was typed", "The cell is empty as before.", "Go back and type what belongs there.")
    apply(book, (*book.changes, Change(found["sheet"], ", ".join(found["at"]), pairs(found["places"]), "", value)))
    return later(url_for("score.score", id_=id_, told=1))
