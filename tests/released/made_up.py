"""A made-up version 1.2 of the data dictionary: every move that a later version may make, made once."""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rembi_sheets.schema import load
from rembi_sheets.vocabularies import bundled

SHIPPED = Path(__file__).parents[2] / "rembi_sheets" / "schema"
VERSION = "1.2"

# The title of Biosamples and some headings change, which the folders alone say; the rest is said here.
MIGRATION = """
[[renamed]]
sheet = "biosamples"
column = "description"
to = "remarks"

[[split]]
sheet = "image_acquisition"
column = "instrument"
to = ["device", "pinhole_width"]
pattern = '(?P<device>[^,]+), pinhole (?P<pinhole_width>.+)'
rest = "device"

[[merged]]
sheet = "organisations"
columns = ["town", "state"]
to = "place"
between = ", "

[[words]]
list = "scale"
replaced = { cell = "tissue" }
dropped = ["molecule"]

[[words]]
list = "role"
replaced = { "principal investigator" = "project manager" }

[[dropped]]
sheet = "biosamples"
column = "experimental_variables"
"""


def _blocks(path: Path) -> list[str]:
    head, *blocks = path.read_text("utf-8").split("[[column]]\n")
    return [head, *blocks]


def _column(blocks: list[str], name: str) -> int:
    return next(i for i, b in enumerate(blocks) if b.startswith(f'name = "{name}"\n'))


def _label(block: str, label: str) -> str:
    lines = [f'label = "{label}"' if line.startswith("label = ") else line for line in block.split("\n")]
    return "\n".join(lines)


def folder(home: Path) -> Path:
    """Today's folders and the made-up one below `home`."""
    shutil.copytree(SHIPPED, home, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    current = load().version
    shutil.copytree(home / current, home / VERSION)
    profiles = home / VERSION / "profiles.toml"
    profiles.write_text(
        profiles.read_text("utf-8").replace(f'version = "{current}"', f'version = "{VERSION}"'), "utf-8"
    )

    path = home / VERSION / "biosamples.toml"
    blocks = _blocks(path)
    blocks[0] = blocks[0].replace('title = "Biosamples"', 'title = "Biological samples"')
    at = _column(blocks, "description")
    block = _label(blocks[at], "Remarks").replace('name = "description"', 'name = "remarks"', 1)
    blocks[at] = block.replace('bioimage-archive = { need = "O"', 'bioimage-archive = { need = "R"')
    del blocks[_column(blocks, "experimental_variables")]
    path.write_text("[[column]]\n".join(blocks), "utf-8")

    path = home / VERSION / "image_acquisition.toml"
    blocks = _blocks(path)
    at = _column(blocks, "instrument")
    device = _label(blocks[at].replace('name = "instrument"', 'name = "device"', 1), "Device")
    pinhole = "\n".join(
        [
            'name = "pinhole_width"',
            'label = "Pinhole (Airy units)"',
            'origin = "extra"',
            'extra_for = ["idr"]',
            'kind = "number"',
            'help = "Width of the pinhole."',
            'example = "1"',
            "width = 12",
            *(line for line in blocks[at].split("\n") if line.startswith("archives.")),
            "",
            "",
        ]
    ).replace('need = "R"', 'need = "O"')
    blocks[at : at + 1] = [device, pinhole]
    path.write_text("[[column]]\n".join(blocks), "utf-8")

    path = home / VERSION / "files.toml"
    blocks = _blocks(path)
    at = _column(blocks, "checksum")
    blocks[at] = _label(blocks[at], "Digest")
    path.write_text("[[column]]\n".join(blocks), "utf-8")

    path = home / VERSION / "organisations.toml"
    blocks = _blocks(path)
    at = _column(blocks, "town")
    blocks[at] = _label(blocks[at].replace('name = "town"', 'name = "place"', 1), "Place")
    del blocks[_column(blocks, "state")]
    path.write_text("[[column]]\n".join(blocks), "utf-8")

    (home / VERSION / "examples.toml").unlink()  # it names columns that are gone
    for toml in set((home / VERSION).glob("*.toml")) - {home / VERSION / "methods.toml"}:
        text = toml.read_text("utf-8")
        toml.write_text(text.replace('"instrument"', '"device"'), "utf-8")
    methods = home / VERSION / "methods.toml"
    text = methods.read_text("utf-8").replace('"image_acquisition.instrument"', '"image_acquisition.device"')
    methods.write_text(text, "utf-8")
    _lists(home / "vocabularies")
    (home / "migrations" / f"{current}-{VERSION}.toml").write_text(MIGRATION, "utf-8")
    return home


def _lists(home: Path) -> None:
    """The lists without the words that are replaced or dropped."""
    shutil.copytree(bundled.HERE / "data", home / "data")
    shutil.copy(bundled.HERE / "SOURCES.toml", home)
    for step in tomllib.loads(MIGRATION)["words"]:
        path = home / "data" / f"{step['list']}.tsv"
        gone = {*step["replaced"], *step.get("dropped", ())}
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.split("\t")[0] not in gone]
        assert len(lines) - len(kept) == len(gone)
        path.write_text("".join(kept), "utf-8")


@contextmanager
def released(home: Path) -> Iterator[None]:
    """While it lasts, the made-up version is today's."""
    dictionary, history = (sys.modules[f"rembi_sheets.schema.{name}"] for name in ("load", "history"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dictionary, "home", lambda: home)
        patch.setattr(history, "home", lambda: home)
        patch.setattr(dictionary, "CURRENT", VERSION)
        patch.setattr(bundled, "HERE", home / "vocabularies")
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    """Empty every cache of the package: any may hold what came from the dictionary or the lists."""
    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] == "rembi_sheets"]
    for kept in [
        # asked of its type, since what stands for something else (a request of the page) cannot be asked here
        kept
        for module in modules
        for kept in vars(module).values()
        if hasattr(type(kept), "cache_clear")
    ]:
        kept.cache_clear()
