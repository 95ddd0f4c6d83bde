"""How far long work is: a line renewed on a terminal and gone at the end, JSON lines for services, nothing in pipes."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import TYPE_CHECKING

import click

from rembi_sheets.steps import Step, heard_by

if TYPE_CHECKING:
    from rembi_sheets.harvest import passes

FORMS = ("auto", "json", "none")
_EVERY = {"line": 0.2, "json": 1.0}  # seconds
_SILENT = 1.0  # seconds after which work counts as long
_STAGES = {
    "walk": "looking for files",
    "headers": "reading headers",
    "checksums": "checksums",
    "result": "putting together",
}


class Progress:
    """Told of each step, it shows some of them on standard error; the last of a pass always as JSON."""

    def __init__(self, form: str) -> None:
        """`form`: one of FORMS; auto is a line on a terminal."""
        self._form = ("line" if sys.stderr.isatty() else "none") if form == "auto" else form
        self._stage, self._began, self._shown, self._line = "", 0.0, 0.0, Line()

    def __call__(self, step: passes.Step) -> None:
        """A step; shown when it is time."""
        if self._form == "none":
            return
        now = time.monotonic()
        if step.stage != self._stage:
            self._stage, self._began, self._shown = step.stage, now, 0.0
        if now - self._shown < _EVERY[self._form] and not (self._form == "json" and step.done == step.total):
            return
        self._shown = now
        rate = step.done / (now - self._began) if now - self._began > 0.05 else 0.0
        left = (step.total - step.done) / rate if rate and step.total else None
        if self._form == "json":
            told = {
                "stage": step.stage,
                "files": step.done,
                "of": step.total or None,
                "bytes": step.bytes,
                "files_per_second": round(rate, 1),
                "seconds_left": None if left is None else round(left),
                "unread": step.unread,
            }
            click.echo(json.dumps(told), err=True)
            return
        self._line.show(self._told(step, rate, left))

    def _told(self, step: passes.Step, rate: float, left: float | None) -> str:
        from rembi_sheets.report.words import in_bytes

        of = f" of {step.total:,}" if step.total and step.total != step.done else ""
        parts = [f"{_STAGES[step.stage]}: {step.done:,}{of} files", in_bytes(step.bytes) if step.bytes else ""]
        parts += [f"{rate:,.0f} files/s" if rate else "", f"{_time(left)} left" if left is not None else ""]
        parts += [f"{step.unread:,} unread" if step.unread else ""]
        return ", ".join(p for p in parts if p)

    def end(self) -> None:
        """Leave the terminal as it was."""
        self._line.clear()


class Line:
    """A line on a terminal that is renewed in its place, never wider than the terminal."""

    def __init__(self) -> None:
        self._text = ""

    def show(self, text: str) -> None:
        """Put a text in the place of the one before."""
        room = _width() - 1
        text = text[:room]
        if text != self._text:
            click.echo("\r" + text.ljust(min(len(self._text), room)), nl=False, err=True)
            self._text = text

    def clear(self) -> None:
        """Leave the terminal as it was."""
        if self._text:
            click.echo("\r" + " " * min(len(self._text), _width() - 1) + "\r", nl=False, err=True)
            self._text = ""


class Work:
    """Work that goes on. It listens to steps (`steps`), and shows a line once it is long; `begin` it, and `end` it."""

    def __init__(self, what: str) -> None:
        self._what, self._steps = what, tuple[Step, ...]()
        self._began, self._done = time.monotonic(), threading.Event()
        self._showing: threading.Thread | None = None

    def begin(self) -> None:
        """Begin the thread that shows it."""
        self._showing = threading.Thread(target=self._show, daemon=True)
        self._showing.start()

    def hear(self, step: Step) -> None:
        """Take note of a step: of another kind than the last it is one within that, until that goes on or is done."""
        without = takewhile(lambda s: s.things != step.things, self._steps)
        self._steps = (*(s for s in without if s.done != s.total), step)
        if self._showing is None:
            self.begin()

    def end(self) -> None:
        """It is done, and its line is gone."""
        self._done.set()
        if self._showing is not None:
            self._showing.join()

    def _show(self) -> None:
        line = Line()
        while not self._done.wait(_SILENT):
            far = ", ".join(map(_far, self._steps))
            line.show(f"{self._what}{far and f': {far}'} … {_time(time.monotonic() - self._began)}")
        line.clear()


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _far(step: Step) -> str:
    of = f" of {step.total:,}" if step.total else ""
    return f"{step.done:,}{of} {step.things}" if step.done or step.total else step.things


@contextmanager
def working(what: str, quiet: bool = False, *, begun: bool = True) -> Iterator[None]:
    """While work goes on that prints nothing: on a terminal what it is, how far and for how long, once it is long.

    Not `begun`, there is no thread before the first step: of a process without threads others can begin as copies.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    work = Work(what)
    if begun:
        work.begin()
    try:
        with heard_by(work.hear):
            yield
    finally:
        work.end()


def _time(seconds: float) -> str:
    whole = round(seconds)
    return (
        f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}" if whole >= 3600 else f"{whole // 60}:{whole % 60:02}"
    )
