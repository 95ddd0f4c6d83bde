"""How far a long pass is: a bar or a line renewed on a terminal, JSON lines for services, nothing in pipes."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rembi_sheets.harvest.passes import Step

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
        self._stage, self._began, self._shown, self._wide = "", 0.0, 0.0, 0

    def __call__(self, step: Step) -> None:
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
        self._line(step, rate, left)

    def _line(self, step: Step, rate: float, left: float | None) -> None:
        of = f" of {step.total:,}" if step.total and step.total != step.done else ""
        parts = [f"{_STAGES[step.stage]}: {step.done:,}{of} files", f"{step.bytes / 1e9:,.1f} GB" if step.bytes else ""]
        parts += [f"{rate:,.0f} files/s" if rate else "", f"{_time(left)} left" if left is not None else ""]
        parts += [f"{step.unread:,} unread" if step.unread else ""]
        text = ", ".join(p for p in parts if p)
        click.echo("\r" + text.ljust(self._wide), nl=False, err=True)
        self._wide = len(text)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._wide:
            click.echo("\r" + " " * self._wide + "\r", nl=False, err=True)
            self._wide = 0


class Reading:
    """A bar while a file is read; then a line while what was read is put in order. Only on a terminal."""

    def __init__(self, label: str, quiet: bool = False) -> None:
        """`label`: what is read, as the bar tells it."""
        self._label, self._shown = label, sys.stderr.isatty() and not quiet
        self._bar: Any = None
        self._ordering: ExitStack | None = None

    def __enter__(self) -> Callable[[int, int], None] | None:
        """What is told how far the reading is: (bytes read, bytes in all); None where nothing is shown."""
        return self._tell if self._shown else None

    def _tell(self, done: int, total: int) -> None:
        if self._ordering:
            return
        if self._bar is None:
            # as wide as the terminal, so that it never breaks
            self._bar = click.progressbar(length=total, label=self._label, width=0, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)
        if done >= total:
            self._bar.__exit__(None, None, None)
            self._bar, self._ordering = None, ExitStack()
            self._ordering.enter_context(working(f"{self._label.strip()}: putting it in order"))

    def __exit__(self, *error: object) -> None:
        """The bar stays as it is, the line goes."""
        if self._bar is not None:
            self._bar.__exit__(*error)
        if self._ordering:
            self._ordering.close()


@contextmanager
def working(what: str, quiet: bool = False) -> Iterator[None]:
    """While work goes on that prints nothing: on a terminal what it is and for how long, once it is long."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    told = threading.Thread(target=_tell, args=(what, done), daemon=True)
    told.start()
    try:
        yield
    finally:
        done.set()
        told.join()


def _tell(what: str, done: threading.Event) -> None:
    began, wide = time.monotonic(), 0
    while not done.wait(_SILENT):
        text = f"{what} … {_time(time.monotonic() - began)}"
        click.echo("\r" + text.ljust(wide), nl=False, err=True)
        wide = len(text)
    if wide:
        click.echo("\r" + " " * wide + "\r", nl=False, err=True)


def _time(seconds: float) -> str:
    whole = round(seconds)
    return (
        f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}" if whole >= 3600 else f"{whole // 60}:{whole % 60:02}"
    )
