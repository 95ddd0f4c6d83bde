"""What the rules of each archive rest on: `SOURCES.toml` in its package, an entry for each thing that was read.

A change of an archive (a template, a list, a schema) becomes an entry there, with its date and source.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from rembi_sheets import toml
from rembi_sheets.schema import load


@dataclass(frozen=True, slots=True)
class Basis:
    """One source: `name` as archive/entry, what it tells, who publishes it, which state was read (version and date)."""

    name: str
    title: str
    origin: str
    version: str
    date: str


def bases() -> tuple[Basis, ...]:
    """The sources of every archive, in the order of the archives."""
    made = []
    for archive in load().archive_names:
        file = files(f"rembi_sheets.archives.{archive.replace('-', '_')}") / "SOURCES.toml"
        for name, entry in toml.loads(file.read_text("utf-8")).items():
            made.append(Basis(f"{archive}/{name}", **entry))
    return tuple(made)
