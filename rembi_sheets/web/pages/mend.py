"""Mend here: one finding open with its field, the clear remedies at once, the list of changes with undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from rembi_sheets.web import jobs
from rembi_sheets.web.books import Book, Change
from rembi_sheets.web.mending import told
from rembi_sheets.web.pages.report import checked, followed, head, not_yet
from rembi_sheets.web.pages.start import XLSX, download
from rembi_sheets.web.state import SaidError, later, ready, state, visit
from rembi_sheets.web.state import book as own_book

page = Blueprint("mend", __name__)
LONG = 32_000  # characters that a cell holds


def _single(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings that can be opened: those with a cell; of folded ones each part."""
    out = []
    for f in found:
        parts = [{**f, **p, "cells": len(p["places"]), "parts": [], "excerpt": None} for p in f["parts"]]
        out += parts or ([f] if f["places"] else [])
    return out


def whole(book: Book) -> dict[str, Any]:
    """The report, waited for as long as a job may take."""
    own = state()
    made = checked(book)
    while made is None:
        own.running[f"{book.id} report-{book.version}"].result(own.limits.job)
        made = checked(book)
    if not made["readable"]:
        raise SaidError("This file could not be read", "So nothing in it can be mended.", "", 422)
    return made


@page.get("/b/<id_>/f/<finding>")
def opened(id_: str, finding: str) -> str | tuple[str, int] | Response:
    """One finding, with the field of its cell."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    every = _single(made["findings"])
    at = next((n for n, f in enumerate(every) if f["id"] == finding), None)
    if at is None:  # it is mended by now
        return later(url_for("report.report", id_=id_))
    f = every[at]
    row, column = f["places"][0]
    own = state()
    field = own.pool.run(jobs.cell_field, book.path, f["sheet"], row, column, own.limits.caps())
    return render_template(
        "mend.html",
        **head(book, made, "report"),
        f=f,
        field=field,
        at_number=at + 1,
        total=len(every),
        previous=every[at - 1]["id"] if at else None,
        next=every[at + 1]["id"] if at + 1 < len(every) else None,
        changes=[told(c) for c in book.changes],
        said=outcome(book, made) if "told" in request.args else None,
    )


@page.get("/b/<id_>/mend")
def remedies(id_: str) -> str | tuple[str, int]:
    """The clear remedies, all at once, and the list of changes."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    clear = _clear(book)
    if clear is None:
        return render_template("progress.html", book=book, state="mend/state"), 202
    return render_template(
        "remedies.html",
        **head(book, made, "report"),
        clear=clear,
        cells=sum(len(c["cells"]) for c in clear),
        changes=[told(c) for c in book.changes],
        said=outcome(book, made) if "told" in request.args else None,
    )


def _clear(book: Book, patience: float | None = None) -> list[dict[str, Any]] | None:
    """The clear remedies; None while they are looked for."""
    own = state()
    made: list[dict[str, Any]] | None = ready(
        book, "repairs", lambda: own.pool.submit(jobs.repairs, book.path, own.asked(book)), patience
    )
    return made


@page.get("/b/<id_>/mend/state")
def progress(id_: str) -> dict[str, bool]:
    """Are they found?"""
    book = own_book(id_)
    return {"ready": checked(book) is not None and _clear(book) is not None}


def outcome(book: Book, made: dict[str, Any]) -> str:
    """What the last change did."""
    from rembi_sheets.web.words import count

    left = f"Checked again: {count(made['counts']['error'], 'error')} left."
    if not book.changes:
        return f"All is as you dropped it. {left}"
    last = told(book.changes[-1])
    reads = f"now reads “{last['new']}”" if last["new"] else "is empty now"
    return f"{last['where']} {reads}. {left}"


@page.post("/b/<id_>/mend")
def mend(id_: str) -> Response:
    """Write a value into the cells of a finding; accept remedies; undo a change, or all."""
    book = own_book(id_)
    form = request.form
    made = whole(book)
    if "undo" in form:
        apply(book, _undone(book, form["undo"]))
        return later(url_for("mend.remedies", id_=id_, told=1))
    if "several" in form:
        clear = _clear(book, state().limits.job) or []
        wanted = {n for n in form.getlist("accept") if n.isdigit() and int(n) < len(clear)}
        chosen = [clear[int(n)] for n in sorted(wanted, key=int)]
        more = tuple(Change(c["sheet"], c["at"], pairs(c["cells"]), c["old"], c["new"]) for c in chosen)
        if more:
            apply(book, (*book.changes, *more))
        return later(url_for("mend.remedies", id_=id_, told=1))
    every = _single(made["findings"])
    at = next((n for n, f in enumerate(every) if f["id"] == form.get("finding")), None)
    if at is None:
        return later(url_for("report.report", id_=id_))
    f = every[at]
    new = (form.get("write") or form.get("value", "")).strip()[:LONG]
    where = ", ".join(f["at"]) if isinstance(f["at"], list) else f["at"]
    apply(book, (*book.changes, Change(f["sheet"], where, pairs(f["places"]), f["value"], new)))
    return later(url_for("mend.following", id_=id_, finding=f["id"], at=at))


@page.get("/b/<id_>/next/<finding>")
def following(id_: str, finding: str) -> tuple[str, int] | Response:
    """On from a finding that stood at a place of the list: to itself where it is left, else to the one there now."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    left = [f["id"] for f in _single(made["findings"])]
    if not left:
        return later(url_for("mend.remedies", id_=id_, told=1))
    at = request.args.get("at", 0, int)
    after = finding if finding in left else left[at if 0 <= at < len(left) else 0]
    return later(url_for("mend.opened", id_=id_, finding=after, told=1))


def pairs(cells: list[list[int]]) -> tuple[tuple[int, int], ...]:
    """Cells as they come from JSON."""
    return tuple((row, column) for row, column in cells)


def _undone(book: Book, which: str) -> tuple[Change, ...]:
    if which == "all":
        return ()
    if which.isdigit() and int(which) < len(book.changes):
        return tuple(c for n, c in enumerate(book.changes) if n != int(which))
    return book.changes


def apply(book: Book, changes: tuple[Change, ...]) -> None:
    """Write the workbook with these changes; where that cannot be, nothing is changed and it says why."""
    stay = visit()
    assert stay is not None
    with stay.lock:
        if changes and not book.made(changes):
            _write(book, changes)
        book.changes = changes


def _write(book: Book, changes: tuple[Change, ...]) -> None:
    own = state()
    answer = own.pool.run(jobs.written, book.original, book.with_changes(changes), changes, own.limits.caps())
    if isinstance(answer, str):
        raise SaidError("This cell cannot be changed here", answer, "Change it in Excel and drop it again.", 422)
    if answer:
        raise SaidError(
            f"{', '.join(answer)} cannot be changed here",
            "The cell holds a formula, which is left as it is.",
            "Change it in Excel and drop the workbook again.",
            422,
        )


@page.post("/b/<id_>/add")
def add(id_: str) -> Response:
    """Go on with a copy that has the columns which a finding misses."""
    book = own_book(id_)
    every = whole(book)["findings"]
    found = next((f for f in (*every, *_single(every)) if f["id"] == request.form.get("finding")), None)
    if found is None or not found["adds"]:
        return later(url_for("report.report", id_=id_))
    target = book.folder / f"more-{book.version}-{found['id']}"
    own = state()
    return _followed(book, target, own.pool.run(jobs.widened, book.path, own.asked(book), tuple(found["adds"]), target))


@page.post("/b/<id_>/migrate")
def migrate(id_: str) -> Response:
    """Go on with a copy in today's form."""
    book = own_book(id_)
    target = book.folder / f"today-{book.version}"
    own = state()
    return _followed(book, target, own.pool.run(jobs.migrated, book.path, own.asked(book), target))


def _followed(book: Book, target: Path, made: dict[str, Any]) -> Response:
    if "refused" in made:
        raise SaidError("There is no such copy of this workbook", made["refused"], "Change it in Excel.", 422)
    return followed(book, target / made["name"], made["came"])


@page.get("/b/<id_>/mended")
def mended(id_: str) -> Response:
    """The user's own file with the changed cells."""
    book = own_book(id_)
    return download(book.path.read_bytes(), book.name, XLSX)
