"""The data folder: its names and sizes, as the browser's picker tells them, compared with the sheet of files.

Of a folder of this computer the path can be given instead, by its own user alone; then the headers are read, too.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from rembi_sheets.web.books import Book
from rembi_sheets.web.pages.report import checked, head, not_yet
from rembi_sheets.web.reading import Stand
from rembi_sheets.web.state import SaidError, at_this_computer, later, state
from rembi_sheets.web.state import book as own_book

page = Blueprint("data", __name__)


@page.get("/b/<id_>/data")
def data(id_: str) -> str | tuple[str, int]:
    """Give the folder, or see what was given."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    return render_template(
        "data.html",
        **head(book, made, "report"),
        known=_known(book),
        stopped="stopped" in request.args,
        windows=os.name == "nt",
    )


def _known(book: Book) -> dict[str, object] | None:
    kept = book.known
    if kept is None or "path" in kept:
        return kept
    return {"folder": kept["folder"], "files": len(kept["files"]), "size": sum(kept["files"].values())}


@page.post("/b/<id_>/data")
def given(id_: str) -> Response:
    """Names and sizes as text: a file a line, its path, a tab, its bytes; a path of this computer; or forget them."""
    book = own_book(id_)
    if "forget" in request.form:
        book.know("", {})
    elif "path" in request.form:
        whole = _folder(request.form["path"].strip())
        state().readings.begin(book.id, whole, book.store(whole))
        return later(url_for("data.reading", id_=id_))
    else:
        files = read_lines(request.form.get("files", ""))
        folder, sep, _ = next(iter(files)).partition("/")
        if sep and request.form.get("picked") and all(p.startswith(f"{folder}/") for p in files):
            files = {p.removeprefix(f"{folder}/"): size for p, size in files.items()}  # the picker names it first
        else:
            folder = "data"
        book.know(folder, files)
    return later(url_for("report.report", id_=id_))


def _folder(text: str) -> Path:
    """A folder of this computer. Raises SaidError."""
    if not at_this_computer():
        raise SaidError(
            "Paths can only be given at the own computer",
            "This page is reached by others, or by way of another program.",
            "Choose the folder instead.",
            403,
        )
    try:
        folder = Path(text).expanduser()
        if folder.is_absolute() and folder.is_dir():
            return folder
    except (OSError, ValueError, RuntimeError):
        pass
    raise SaidError(
        "There is no such folder",
        f"“{text[:200]}” is none.",
        "Write its whole path, as the file manager shows it.",
        400,
    )


@page.get("/b/<id_>/reading")
def reading(id_: str) -> str | tuple[str, int] | Response:
    """How far the headers of a folder are read; then the report."""
    book = own_book(id_)
    readings = state().readings
    read = readings.of(book.id)
    if read is None:
        return later(url_for("data.data", id_=id_))
    stand = read.wait(state().limits.patience)
    if stand is Stand.RUNNING:
        return render_template("reading.html", book=book, reading=read), 202
    readings.end(book.id)
    if stand is Stand.READ:
        book.know_path(read.folder, read.store)
        return later(url_for("report.report", id_=id_))
    if stand is Stand.FAILED:
        raise SaidError("The folder could not be read", read.said, "Look whether you may read it, then try again.", 422)
    return later(url_for("data.data", id_=id_, stopped=1))


@page.get("/b/<id_>/reading/state")
def progress(id_: str) -> dict[str, object]:
    """How far it is, for the script of the page."""
    read = state().readings.of(own_book(id_).id)
    if read is None or read.stand is not Stand.RUNNING:
        return {"ready": True}
    return {"ready": False, "told": read.told, "share": read.share}


@page.post("/b/<id_>/reading")
def stop(id_: str) -> Response:
    """Stop reading; it goes on where it stood when the same folder is given again."""
    book = own_book(id_)
    read = state().readings.of(book.id)
    if read is not None:
        read.stop()
    return later(url_for("data.reading", id_=id_))


def read_lines(text: str) -> dict[str, int]:
    """Path -> bytes. Raises SaidError for a line that is something else, and for too many."""
    files = {}
    for number, line in enumerate(filter(str.strip, text.splitlines())):
        if number >= state().limits.names:
            raise SaidError(
                f"More than {state().limits.names:,} files",
                "",
                "Say in Image data which folder its files lie in, and list what is compared here in parts.",
                413,
            )
        path, _, size = line.rpartition("\t")
        path = path.strip().replace("\\", "/")
        if not path or not size.strip().isdecimal() or len(size.strip()) > 18:
            raise SaidError(
                "This is no list of files",
                f"“{line[:80]}” is not a path, a tab and a number of bytes.",
                "Choose the folder again, or write one file a line.",
            )
        files[path] = int(size)
    if not files:
        raise SaidError("No file was named", "The folder is empty.", "Choose the folder in which the images lie.")
    return files
