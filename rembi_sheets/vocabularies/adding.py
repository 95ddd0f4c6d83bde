"""A file read into the user's cache: made beside its place, and moved there when it is whole; or refused."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rembi_sheets import steps
from rembi_sheets.vocabularies import cache, formats, writing
from rembi_sheets.vocabularies.formats import About, Problem, Term

_MOST_PROBLEMS = 20
_A_DAY = 86_400
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a file came to: the vocabulary as it is now, None if the file was refused; and what was wrong."""

    vocabulary: cache.Cached | None
    replaced: cache.Cached | None = None
    problems: tuple[Problem, ...] = ()


def add(file: Path, name: str = "", further: Mapping[str, str] | None = None) -> Added:
    """Read `file` (OBO, OWL in RDF/XML, TSV, names.dmp) into the cache as `name`, by default the name of the file.

    A vocabulary of that name is replaced, once the new one is whole. `further` facts are kept with it: `version`,
    `licence`, `credit`, `installed` and `by_name` ("no": its labels alone mean none of its terms).
    """
    name = name or re.sub(r"[^a-z0-9_.-]+", "-", file.stem.casefold()).strip("-._")
    if not _NAME.fullmatch(name):
        return Added(
            None, None, (Problem(f'"{name}" is no name for a vocabulary (small letters, digits, - _ .)', fatal=True),)
        )
    place = cache.folder() / f"{name}.sqlite"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        handle, made = tempfile.mkstemp(dir=place.parent, prefix=f".{name}-", suffix=".part")
        os.close(handle)
        try:
            return _fill(file, name, Path(made), place, further or {})
        finally:
            Path(made).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        return Added(None, None, (Problem(f"the cache in {place.parent} cannot be written: {error}", fatal=True),))


def _sweep(place: Path) -> None:
    """Take away what a load left that was killed a day ago or longer."""
    for left in place.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _A_DAY:
                left.unlink()


class _Problems:
    """What went wrong so far: the first ones and the fatal ones as they are, the others counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.more = 0

    def add(self, problem: Problem) -> None:
        if problem.fatal or len(self.kept) < _MOST_PROBLEMS:
            self.kept.append(problem)
        else:
            self.more += 1

    def told(self) -> tuple[Problem, ...]:
        rest = (Problem(f"and {self.more} more"),) if self.more else ()
        return (*self.kept, *rest)


def _fill(file: Path, name: str, made: Path, place: Path, further: Mapping[str, str]) -> Added:
    problems = _Problems()
    version: list[str] = []

    def terms() -> Iterator[Term]:
        for event in formats.read(file):
            if isinstance(event, Term):
                yield event
            elif isinstance(event, About):
                version.append(event.version)
            else:
                problems.add(event)
        steps.tell("putting it in order")

    def facts() -> Mapping[str, str]:
        about = {"name": name, "source": file.name, "version": version[0] if version else "", "sha256": _sha256(file)}
        return about | {"loaded": datetime.now(UTC).strftime("%Y-%m-%d"), **further}

    written = writing.write(made, terms(), facts)
    for curie in written.again:
        problems.add(Problem(f"{curie} is defined twice; the first is kept"))
    if any(problem.fatal for problem in problems.kept):
        return Added(None, None, problems.told())
    if not written.terms:
        problems.add(Problem("the file holds no term with identifier and label", fatal=True))
        return Added(None, None, problems.told())
    for curie in written.circles:
        problems.add(Problem(f"{curie} is among its own ancestors"))
    before = cache.describe(place) if place.exists() else None
    cache.close(place)
    made.replace(place)
    cache.forget()
    return Added(cache.describe(place), before, problems.told())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
