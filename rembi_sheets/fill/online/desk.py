"""The desk where services are asked: which there are, what each answered, and what did not work."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from rembi_sheets import toml
from rembi_sheets.fill.model import Unplaced
from rembi_sheets.services import Service

T = TypeVar("T")

SECONDS = 5.0
MOST = 500  # questions to one service
_STORE = "answers.sqlite"
_UNKNOWN = frozenset({400, 404, 409, 410})  # of a well-formed question: there is no such thing, or no more


@dataclass(frozen=True, slots=True)
class About:
    """A service: as it is called, where its interface begins, the formats of what it is asked about."""

    called: str
    address: str
    forms: tuple[str, ...]


@cache
def _declared() -> Mapping[str, Mapping[str, Any]]:
    return toml.loads((files(__package__) / "services.toml").read_text("utf-8"))


def services() -> Mapping[str, About]:
    """The services by name; REMBI_SHEETS_<NAME> says another address."""
    return {
        name: About(
            d["called"], os.environ.get(f"REMBI_SHEETS_{name.upper()}", d["address"]).rstrip("/"), (*d["forms"],)
        )
        for name, d in _declared().items()
    }


@dataclass
class Desk:
    """Asks each service no question twice. `unplaced`: what did not work, as the report tells it.

    `answers`: the file in which what they say is kept; None for one in the user's cache folder.
    """

    answers: Path | None = None
    about: Mapping[str, About] = field(default_factory=services)
    unplaced: list[Unplaced] = field(default_factory=list)
    _lines: dict[str, Service] = field(default_factory=dict)
    _answers: dict[str, Any] = field(default_factory=dict)
    _asked: dict[str, int] = field(default_factory=dict)

    def ask(self, name: str, value: str, address: str, read: Callable[[Any], T | None]) -> T | None:
        """What `read` makes of the answer of a service about `value`; None when there is none."""
        if address in self._answers:
            found: T | None = self._answers[address]
            return found
        called = self.about[name].called
        line = self._lines.setdefault(name, Service(called, self.answers or _STORE, SECONDS, unknown=_UNKNOWN))
        self._asked[name] = self._asked.get(name, 0) + 1
        if self._asked[name] > MOST:
            if self._asked[name] == MOST + 1:
                self.unplaced.append(Unplaced(called, address, value, f"{called} is asked {MOST} questions at most."))
            return None
        told = len(line.notes)
        self._answers[address] = line.ask(address, read)
        self.unplaced += [Unplaced(called, address, value, note) for note in line.notes[told:]]
        answer: T | None = self._answers[address]
        return answer
