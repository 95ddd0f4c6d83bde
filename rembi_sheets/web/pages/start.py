"""Start: get a workbook, drop one, see the examples; what is kept; forget my files."""

from __future__ import annotations

import threading
import time
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urlencode

from flask import Blueprint, jsonify, render_template, request, send_file
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from rembi_sheets import examples
from rembi_sheets.findings import catalogue
from rembi_sheets.schema import load
from rembi_sheets.web import jobs
from rembi_sheets.web.books import safe_name
from rembi_sheets.web.counting import tally
from rembi_sheets.web.state import SaidError, later, state, visit
from rembi_sheets.web.uploads import small

_BLANK = "study.xlsx"
_GOODBYE = 0.5  # seconds in which the last page is sent
page = Blueprint("start", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown."""
    return send_file(BytesIO(content), kind, as_attachment=True, download_name=name, max_age=0)


@page.get("/")
def start() -> str:
    """The start page, with the least that suffices chosen; a choice in the address is kept."""
    first = load().start
    asked: MultiDict[str, str] = (
        request.args
        if "profile" in request.args
        else MultiDict([("profile", first.profile), ("level", first.level), *(("archive", a) for a in first.archives)])
    )
    profile, archives, level = _choice(asked)
    chosen = {"profile": profile, "archives": archives, "level": level}
    shelf = len(examples.names())
    return render_template(
        "start.html", schema=load(), chosen=chosen, tally=tally(profile, archives, level), shelf=shelf
    )


def _choice(form: MultiDict[str, str]) -> tuple[str, tuple[str, ...], str]:
    """Profile, archives and level of a form. Raises SaidError for a word that is none."""
    schema = load()
    profile, level = form.get("profile", ""), form.get("level", "")
    archives = tuple(a for a in schema.archive_names if a in form.getlist("archive"))
    known = {p.name for p in schema.profiles}
    if profile not in known or level not in schema.levels or set(form.getlist("archive")) - {*archives}:
        raise SaidError("This page does not know that choice", "", "Choose on the start page.")
    return profile, archives, level


@page.get("/new")
def new() -> Response:
    """The blank workbook, byte for byte what `new` makes; with show=tally its tally instead."""
    choice = _choice(request.args)
    if request.args.get("show") == "tally":
        counted = tally(*choice)
        said: dict[str, Any] = {"told": counted.told, "sheets": counted.sheets}
        return jsonify(said)
    return download(state().pool.run(jobs.blank, *choice), _BLANK, XLSX)


@page.post("/new")
def made() -> Response:
    """The same of a form, which may bring a lab's own workbook to fill it from, as `new --from` does; or the tally."""
    choice = _choice(request.form)
    if request.form.get("show") == "count":
        profile, archives, level = choice
        asked = urlencode([("profile", profile), *(("archive", a) for a in archives), ("level", level)])
        return later(f"/?{asked}#ask")
    lab = request.files.get("lab")
    if lab is None or not lab.filename:
        return download(state().pool.run(jobs.blank, *choice), _BLANK, XLSX)
    small(lab)
    with state().visits.aside() as folder:
        path = folder / safe_name(lab.filename)
        lab.save(path)
        content = state().pool.run(jobs.prefilled, *choice, path, state().limits.caps())
    if isinstance(content, str):
        raise SaidError("It cannot be filled from this file", content, "Leave it out, or choose another one.", 422)
    return download(content, _BLANK, XLSX)


@page.get("/examples")
def shelf() -> str:
    """All worked examples."""
    titles = {a.name: a.title for a in load().archives}
    return render_template("examples.html", shelf=[examples.info(n) for n in examples.names()], titles=titles)


@page.get("/examples/<name>.xlsx")
def example(name: str) -> Response:
    """The workbook of an example."""
    if name not in examples.names():
        raise SaidError("There is no such example", "", "All of them are listed under Examples.", 404)
    return download(examples.workbook_bytes(name), f"{name}.xlsx", XLSX)


@page.get("/findings")
def findings() -> str:
    """All findings explained."""
    return render_template("findings.html", kinds=sorted(catalogue().values(), key=lambda k: k.code))


@page.get("/kept")
def kept() -> str:
    """What is kept, and for how long."""
    return render_template("kept.html", local=state().local)


@page.get("/gone")
def gone() -> tuple[str, int]:
    """Files that are not here any more."""
    return render_template("gone.html", at=request.args.get("at", "")[:5]), 200 if "at" in request.args else 410


@page.post("/forget")
def forget() -> Response:
    """Delete the visitor's files now."""
    own = visit()
    if own is not None:
        state().visits.forget(own)
    return later(f"/gone?at={time.strftime('%H:%M')}")


@page.post("/close")
def close() -> str:
    """End the program, where it was started without a terminal."""
    stop = state().stop
    if stop is None:
        raise SaidError("It is closed by those who run it", "", "Your own files: Forget my files.", 403)
    threading.Timer(_GOODBYE, stop).start()
    return render_template("closed.html")


_Health = Literal["ok"]


@page.get("/health")
def health() -> tuple[_Health, int, dict[str, str]]:
    """For those who watch over a hosted page: it answers."""
    return "ok", 200, {"Content-Type": "text/plain"}
