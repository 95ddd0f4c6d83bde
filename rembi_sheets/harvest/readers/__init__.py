"""The readers: which there are, what each needs. One module a family of formats, with two functions:

    sniff(head: bytes, name: str) -> int     0 (not mine) to 100; `name` in small letters.
                                             From 90 (certainly mine) on, no reader behind it is asked
    read(source: Source) -> Header           raises Unusable for a file that is not what it seems

A reader imports its library inside `read`, never another reader. Readers of third parties are found by the entry point
group `rembi_sheets.readers`: each entry names a module with the two functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import entry_points, version
from importlib.resources import files
from importlib.util import find_spec
from types import ModuleType

from rembi_sheets import toml
from rembi_sheets.version import __version__

GROUP = "rembi_sheets.readers"
CERTAIN = 90


@dataclass(frozen=True)
class Reader:
    """One reader: its module, what it reads (for people), the libraries it needs and the extra that brings them.

    `version`: of the program it comes with.
    """

    module: str
    reads: str
    needs: tuple[str, ...] = ()
    extra: str = ""
    version: str = __version__

    @property
    def name(self) -> str:
        """The last part of its module's name."""
        return self.module.rpartition(".")[2]

    @cached_property
    def code(self) -> ModuleType:
        """The module, loaded when it is first asked for."""
        return import_module(self.module)

    @property
    def lacks(self) -> bool:
        """Is a library that it needs not installed?"""
        return any(_absent(n) for n in self.needs)

    @cached_property
    def stamp(self) -> str:
        """Its version and those of its libraries: what it read under another stamp is to be read again."""
        return " ".join([self.version, *(f"{n} {'none' if _absent(n) else version(n)}" for n in self.needs)])

    @property
    def remedy(self) -> str:
        """The command that installs what it needs."""
        return f"pip install 'rembi-sheets[{self.extra}]'"


@cache
def _absent(library: str) -> bool:
    return find_spec(library) is None


@cache
def all_readers() -> tuple[Reader, ...]:
    """Those of entry points by name, which somebody installed on purpose, then our own in the order of readers.toml."""
    listed = toml.loads(files(__name__).joinpath("readers.toml").read_text("utf-8"))["reader"]
    own = [
        Reader(f"{__name__}.{r['module']}", r["reads"], tuple(r.get("needs", ())), r.get("extra", "")) for r in listed
    ]
    others = sorted(entry_points(group=GROUP), key=lambda e: e.name)
    return (*(Reader(e.module, e.name, version=e.dist.version if e.dist else "") for e in others), *own)
