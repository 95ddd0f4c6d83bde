"""The worked examples: their names, what they show, their workbooks and data files.

In an installed package they lie in `rembi_sheets/examples_data`, in a source tree in `examples` beside the package;
both hold one folder an example, with `example.toml`, `<name>.xlsx` and, for some, `data/<data folder>/...`. What a
facility hands out (`defaults`) is no study and lies apart, in the folder of that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rembi_sheets import toml

_DEFAULTS = "defaults"


@dataclass(frozen=True)
class Example:
    """What is told of an example.

    `archives` by command-line name; `rembi`: its column of the REMBI table (WG3-3), empty for others; `invented`: what
    is not in the sources; `doi` is empty where there is no publication.
    """

    name: str
    title: str
    profile: str
    archives: tuple[str, ...]
    rembi: str
    shows: str
    invented: str
    reference: str
    doi: str
    data: str


@lru_cache(maxsize=1)
def folder() -> Path:
    """Where the examples lie. Raises FileNotFoundError when they are neither in the package nor beside it."""
    package = Path(__file__).resolve().parent
    for place in (package / "examples_data", package.parent / "examples"):
        if any(place.glob("*/example.toml")):
            return place
    raise FileNotFoundError("the examples are not part of this installation")


def names() -> tuple[str, ...]:
    """Names of the examples that are studies, in alphabetical order."""
    return tuple(sorted(p.parent.name for p in folder().glob("*/example.toml")))


def defaults() -> tuple[str, ...]:
    """Names of the workbooks of defaults, in alphabetical order."""
    return tuple(sorted(p.parent.name for p in folder().glob(f"{_DEFAULTS}/*/example.toml")))


def info(name: str) -> Example:
    """What an example is, or a workbook of defaults. Raises KeyError for a name that is none."""
    about = toml.loads((_home(name) / "example.toml").read_text(encoding="utf-8"))
    source = about["source"]
    return Example(
        name=name,
        title=about["title"],
        profile=about["profile"],
        archives=tuple(about["archives"]),
        rembi=about.get("rembi_example", ""),
        shows=about["shows"],
        invented=about["invented"],
        reference=source["reference"],
        doi=source.get("doi", ""),
        data=source["data"],
    )


def workbook_bytes(name: str) -> bytes:
    """The workbook of an example or of defaults, as it lies there. Raises KeyError for a name that is none."""
    return (_home(name) / f"{name}.xlsx").read_bytes()


def smallest() -> Path:
    """The smallest workbook of a study, which needs all that a large one does. Raises FileNotFoundError as `folder`."""
    return min((folder() / name / f"{name}.xlsx" for name in names()), key=lambda path: path.stat().st_size)


def data_files(name: str) -> Mapping[str, bytes]:
    """Result files of an example by their path below the data folder's parent (`<data folder>/results/x.txt`).

    Images are not among them. Raises KeyError for a name that is none.
    """
    home = _home(name) / "data"
    files = sorted(p for p in home.rglob("*") if p.is_file()) if home.is_dir() else []
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in files}


def _home(name: str) -> Path:
    if name in names():
        return folder() / name
    if name in defaults():
        return folder() / _DEFAULTS / name
    raise KeyError(name)
