"""Whole ontologies from the Python package that the extra `terms` installs: what is there, and into the cache with it.

Its files are found without importing the package, whose import loads the ontologies it knows. What each is, and whom
to credit, stands in INSTALLABLE.toml; the version is read off the file's name, the newest counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rembi_sheets.vocabularies import adding

_FILE = "{name}-ontology-*.json.zst"
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Ontology:
    """One ontology that can be installed. `file` is None where the package is missing or has none of this name."""

    name: str
    title: str
    licence: str
    credit: str
    lists: tuple[str, ...]
    by_name: bool
    file: Path | None
    version: str

    @property
    def vocabulary(self) -> str:
        """Its name in the cache."""
        return self.name.casefold()


@cache
def _table() -> dict[str, Any]:
    from rembi_sheets import toml

    return toml.loads(Path(__file__).with_name("INSTALLABLE.toml").read_text(encoding="utf-8"))


def extra() -> str:
    """What to install with pip to have the ontologies."""
    return str(_table()["extra"])


def folder() -> Path | None:
    """Where the package keeps its files; None when it is not installed."""
    from importlib.util import find_spec

    spec = find_spec(_table()["package"])
    for place in spec.submodule_search_locations or () if spec else ():
        if (Path(place) / "data").is_dir():
            return Path(place) / "data"
    return None


def ontologies() -> tuple[Ontology, ...]:
    """All that are described, with the newest file of each that is there."""
    place = folder()
    return tuple(
        _ontology(name, facts, _newest(place, name)) for name, facts in _table().items() if isinstance(facts, dict)
    )


def _ontology(name: str, facts: dict[str, Any], file: Path | None) -> Ontology:
    version = file.name.removesuffix(".json.zst").partition("-ontology-")[2].removeprefix("v") if file else ""
    by_name = bool(facts.get("by_name", True))
    return Ontology(
        name, facts["title"], facts["licence"], facts["credit"], tuple(facts["lists"]), by_name, file, version
    )


def _newest(place: Path | None, name: str) -> Path | None:
    files = sorted(place.glob(_FILE.format(name=name)), key=_age) if place else []
    return files[-1] if files else None


def _age(file: Path) -> tuple[int, ...]:
    return tuple(map(int, _NUMBERS.findall(file.name.partition("-ontology-")[2])))


def install(ontology: Ontology) -> adding.Added:
    """Load one ontology into the cache, in place of the one of its name. Its `file` must be there."""
    assert ontology.file is not None
    facts = {
        "version": ontology.version,
        "licence": ontology.licence,
        "credit": ontology.credit,
        "installed": "yes",
        "by_name": "yes" if ontology.by_name else "no",
    }
    return adding.add(ontology.file, ontology.vocabulary, facts)
