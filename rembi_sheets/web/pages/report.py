"""Drop a workbook, its report: verdicts, findings by sheet with the marked cell, filters as links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_urlsafe
from typing import IO, Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from rembi_sheets.findings import Severity
from rembi_sheets.schema import load
from rembi_sheets.web import jobs
from rembi_sheets.web.books import Book, again, safe_name, table_ending, table_name
from rembi_sheets.web.report import since
from rembi_sheets.web.state import SaidError, begun, later, ready, state, visit
from rembi_sheets.web.state import book as own_book
from rembi_sheets.web.uploads import small

page = Blueprint("report", __name__)


@page.post("/check")
def drop() -> Response | tuple[str, int]:
    """Take a workbook in, and go on to its report."""
    sent = [f for f in request.files.getlist("book") if f.filename]
    tables = [f for f in sent if table_ending(f.filename or "")]
    books = [f for f in sent if f not in tables]
    if not books:
        raise SaidError("No workbook was chosen", "", "Choose the file on the start page, then say Check.")
    for file in sent:
        small(file)
    own = begun()
    most = state().limits.books
    if len(own.books) + len(books) > most:
        raise SaidError(
            f"More than {most} workbooks",
            f"A visit holds up to {most}; {len(own.books)} are here already and {len(books)} were dropped.",
            "Forget your files first, or drop fewer at once.",
            413,
        )
    if len(books) > 1:
        batch = token_urlsafe(16)
        for file in books:
            state().visits.add(own, file.filename or "", file.stream, _beside(file, tables), batch)
        return later(url_for("many.many", batch=batch))
    earlier = own.newest_first()
    book = state().visits.add(own, books[0].filename or "", books[0].stream, _named(books[0], tables[:1]))
    if earlier:
        book.save("before", {"ids": [b.id for b in earlier], "same": False})
    return later(url_for("report.report", id_=book.id))


def followed(before: Book, made: Path, came: Sequence[str]) -> Response:
    """Go on with a workbook that was made of another one here, with all that is known of its data folder.

    `came`: what is to be said of it, such as what it could not take along.
    """
    own = visit()
    assert own is not None
    book = state().visits.go_on(own, made, made.name)
    if came:
        book.save("came", list(came))
    if before.data is not None:
        book.save(before.data.stem, before.known)
        book.folder_known = before.folder_known
    book.save("before", {"ids": [before.id], "same": True})
    return later(url_for("report.report", id_=book.id))


def _beside(book: FileStorage, tables: Sequence[FileStorage]) -> dict[str, IO[bytes]]:
    """The table of files that belongs to one of several workbooks: it is named like it."""
    theirs = (t for t in tables if t.filename == table_name(book.filename or "", t.filename or ""))
    return _named(book, list(theirs)[:1])


def _named(book: FileStorage, tables: Sequence[FileStorage]) -> dict[str, IO[bytes]]:
    """Tables of files by the name that they have to have beside a workbook."""
    return {table_name(safe_name(book.filename or ""), t.filename or ""): t.stream for t in tables}


def checked(book: Book, patience: float | None = None) -> dict[str, Any] | None:
    """The report of a workbook, or None while it is being made. Raises WorkError."""
    own = state()
    made: dict[str, Any] | None = ready(
        book, "report", lambda: own.pool.submit(jobs.check, book.path, own.asked(book)), patience
    )
    return made


@page.get("/b/<id_>/")
def report(id_: str) -> str | tuple[str, int]:
    """The report of a workbook; the progress while it is being made."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    return render_template("report.html", **_view(book, made))


def not_yet(book: Book, made: Mapping[str, Any] | None) -> tuple[str, int]:
    """What every tab of a workbook shows while its report is being made, and where it cannot be read."""
    if made is None:
        return render_template("progress.html", book=book), 202
    return render_template("refused.html", book=book, findings=made["findings"]), 422


@page.get("/b/<id_>/state")
def progress(id_: str) -> tuple[dict[str, bool], int]:
    """Is the report ready? For the script of the progress page."""
    book = own_book(id_)
    return {"ready": checked(book) is not None}, 200


def head(book: Book, made: Mapping[str, Any], tab: str) -> dict[str, Any]:
    """What stands above the tabs of a workbook."""
    from time import localtime, strftime

    return {"book": book, "made": made, "tab": tab, "at": strftime("%H:%M", localtime(book.at)), "schema": load()}


def _view(book: Book, made: Mapping[str, Any]) -> dict[str, Any]:
    """The report page: the findings that the filters leave, a page of them, and the counts of the filters."""
    compared = _compared(book, made)
    wanted = {name: request.args.get(name, "") for name in ("severity", "archive", "sheet", "since")}
    new = set(compared["new"]) if compared else set()
    shown = [f for f in made["findings"] if _matches(f, wanted, new)]
    most = state().limits.findings
    first = min(max(0, request.args.get("from", 0, int)), max(0, len(shown) - 1)) // most * most
    part = shown[first : first + most]
    number = {f["id"]: n for n, f in enumerate(shown, start=1)}
    return head(book, made, "report") | {
        "sheets": _by_sheet(part),
        "number": number,
        "total": len(shown),
        "first": first,
        "most": most,
        "filters": _filters(made, wanted, new),
        "link": lambda **change: _link({**wanted, **change}),
        "since": compared,
        "came": book.load("came"),
        "new": new,
        "mended": compared["mended"] if compared and wanted["since"] == "mended" else None,
    }


def _compared(book: Book, made: Mapping[str, Any]) -> dict[str, Any] | None:
    """What became of the findings of the drop of this study before, where there was one."""
    from time import localtime, strftime

    own, before = visit(), book.load("before")
    for id_ in before["ids"] if before else ():
        earlier = own.books.get(id_) if own else None
        old = earlier.load(f"report-{earlier.version}") if earlier else None
        if earlier is None or not old or not old["readable"]:
            continue
        if before["same"] or again(book.name, earlier.name) or made["title"] == old["title"] != "":
            return since(old["findings"], made["findings"]) | {"at": strftime("%H:%M", localtime(earlier.at))}
    return None


def _matches(f: Mapping[str, Any], wanted: Mapping[str, str], new: set[str]) -> bool:
    return (
        wanted["severity"] in ("", f["severity"])
        and (not wanted["archive"] or not f["archives"] or wanted["archive"] in f["archives"])
        and wanted["sheet"] in ("", f["sheet"])
        and (wanted["since"] not in ("new", "same") or (f["id"] in new) == (wanted["since"] == "new"))
    )


def _filters(made: Mapping[str, Any], wanted: Mapping[str, str], new: set[str]) -> dict[str, list[tuple[str, int]]]:
    """For each filter its words with the number of findings that the other filters leave."""
    found = made["findings"]

    def left(name: str) -> list[Any]:
        return [f for f in found if _matches(f, {**wanted, name: ""}, new)]

    by_severity = Counter(f["severity"] for f in left("severity"))
    by_sheet = Counter(f["sheet"] for f in left("sheet"))
    of_archive = left("archive")
    return {
        "severity": [("", by_severity.total()), *((s.value, by_severity[s.value]) for s in Severity)],
        "archive": [
            ("", len(of_archive)),
            *((a, sum(not f["archives"] or a in f["archives"] for f in of_archive)) for a in made["archives"]),
        ],
        "sheet": [("", by_sheet.total()), *((s, by_sheet[s]) for s in dict.fromkeys(f["sheet"] for f in found))],
    }


def _link(wanted: Mapping[str, Any]) -> str:
    words = urlencode({k: v for k, v in wanted.items() if v not in ("", 0)})
    return f"?{words}" if words else request.path


def _by_sheet(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for f in findings:
        sheet = {"title": f["sheet"], "group": f["group"], "row": f["row"], "findings": []}
        out.setdefault(f["sheet"], sheet)["findings"].append(f)
    return list(out.values())
