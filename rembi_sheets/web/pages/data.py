"""The data folder: its names and sizes, as the browser's picker tells them, compared with the sheet of files."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from rembi_sheets.web.pages.report import checked, head, not_yet
from rembi_sheets.web.state import SaidError, later
from rembi_sheets.web.state import book as own_book
from rembi_sheets.web.visits import Book

page = Blueprint("data", __name__)


@page.get("/b/<id_>/data")
def data(id_: str) -> str | tuple[str, int]:
    """Give the folder, or see what was given."""
    book = own_book(id_)
    made = checked(book)
    if made is None or not made["readable"]:
        return not_yet(book, made)
    return render_template("data.html", **head(book, made, "report"), known=_known(book))


def _known(book: Book) -> dict[str, object] | None:
    kept = book.load(book.data.stem) if book.data is not None else None
    return (
        {"folder": kept["folder"], "files": len(kept["files"]), "size": sum(kept["files"].values())} if kept else None
    )


@page.post("/b/<id_>/data")
def given(id_: str) -> Response:
    """Names and sizes as text: a file a line, its path, a tab, its bytes; or forget them."""
    book = own_book(id_)
    if "forget" in request.form:
        book.know("", {})
    else:
        files = read_lines(request.form.get("files", ""))
        folder, sep, _ = next(iter(files)).partition("/")
        if sep and request.form.get("picked") and all(p.startswith(f"{folder}/") for p in files):
            files = {p.removeprefix(f"{folder}/"): size for p, size in files.items()}  # the picker names it first
        else:
            folder = "data"
        book.know(folder, files)
    return later(url_for("report.report", id_=id_))


def read_lines(text: str) -> dict[str, int]:
    """Path -> bytes. Raises SaidError for a line that is something else."""
    files = {}
    for line in filter(str.strip, text.splitlines()):
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
