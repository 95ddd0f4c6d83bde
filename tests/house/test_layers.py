"""The house: which room may import which, where libraries may be used, how long a module may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rembi_sheets.schema import load

PACKAGE = Path(__file__).parents[2] / "rembi_sheets"

# Each room may import only rooms above it. `workbook` knows nothing of records and archives.
ROOMS = [
    "version",
    "toml",
    "collector",
    "interrupts",
    "steps",
    "coded",
    "cells",
    "shown",
    "signs",
    "homes",
    "services",
    "schema",
    "vocabularies",
    "findings",
    "values",
    "units",
    "inventory",
    "harvest",
    "tables",
    "belonging",
    "paths",
    "plates",
    "records",
    "compose",
    "submission",
    "derive",
    "attached",
    "checks",
    "workbook",
    "archives",
    "score",
    "plan",
    "report",
    "repair",
    "fill",
    "output",
    "examples",
    "pipeline",
    "many",
    "web",
    "cli",
]
LIBRARIES = {
    "openpyxl": ("workbook",),
    "python_calamine": ("workbook",),
    "xlrd": ("workbook",),
    "pandera": ("checks",),
    "jinja2": ("archives", "report"),
    "tifffile": ("harvest",),
    "h5py": ("harvest",),
    "nd2": ("harvest",),
    "liffile": ("harvest",),
    "oiffile": ("harvest",),
    "pydicom": ("harvest",),
    "flask": ("web",),
    "waitress": ("web",),
    "distributed": ("harvest",),
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "examples_data" not in p.parts)


@cache
def imports(path: Path) -> list[tuple[str, int]]:
    """Every module imported anywhere in a file, also inside functions, with its line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(a.name, node.lineno) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            found += [(f"{node.module}.{a.name}", node.lineno) for a in node.names]
    return found


def room(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else ""


def _homes() -> Iterator[tuple[str, Path]]:
    """Every module with its room."""
    return ((path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path) for path in modules())


def test_a_room_imports_only_rooms_above_it() -> None:
    wrong = []
    for own, path in _homes():
        if own in ("__init__", "__main__"):
            continue
        assert own in ROOMS, f"{own} has no place in the order of rooms"
        wrong += [
            f"{path}:{line}: {own} may not import {name}"
            for name, line in imports(path)
            if name.startswith("rembi_sheets.") and ROOMS.index(room(name)) > ROOMS.index(own)
        ]
    assert not wrong


def test_a_library_is_used_only_in_its_room() -> None:
    wrong = [
        f"{path}:{line}: {name} belongs in {LIBRARIES[name.split('.')[0]]}"
        for own, path in _homes()
        for name, line in imports(path)
        if own not in LIBRARIES.get(name.split(".")[0], (own,))
    ]
    assert not wrong


def test_archives_do_not_import_each_other() -> None:
    archives = {a.replace("-", "_") for a in load().archive_names}
    for path in modules():
        parts = path.relative_to(PACKAGE).parts
        for name, line in imports(path):
            if name.startswith("rembi_sheets.archives."):
                target = name.split(".")[2]
                if target in archives:
                    assert parts[0] == "archives" and parts[1] == target, f"{path}:{line} imports {name}"


VERBS = ("check", "build", "render", "parse", "restore")


def test_an_archive_is_built_of_its_verbs() -> None:
    """Beside its document and its words an archive has a folder a verb, and one for what two verbs share."""
    for name in load().archive_names:
        home = PACKAGE / "archives" / name.replace("-", "_")
        folders = {p.name for p in home.iterdir() if p.is_dir() and p.name != "__pycache__"}
        assert folders == {*VERBS, "facts"}, name
        for path in sorted(home.rglob("*.py")):
            own = path.relative_to(home).parts[0]
            for module, line in imports(path):
                parts = module.split(".")
                if len(parts) > 3 and parts[:3] == ["rembi_sheets", "archives", home.name] and parts[3] in VERBS:
                    assert parts[3] == own, f"{path}:{line}: {own} may not import {module}"
                if len(parts) > 3 and parts[3] == "facts" and parts[2] == home.name:
                    assert own in (*VERBS, "facts"), f"{path}:{line}: {own} stands above the facts"


def test_what_stands_in_facts_serves_two_verbs() -> None:
    for name in load().archive_names:
        home = PACKAGE / "archives" / name.replace("-", "_")
        files = {
            ".".join(("rembi_sheets", *p.relative_to(PACKAGE).with_suffix("").parts)): p for p in home.rglob("*.py")
        }
        uses = {
            m: {i for n, _ in imports(p) for i in (n, n.rpartition(".")[0]) if i in files} for m, p in files.items()
        }
        reached: dict[str, set[str]] = {}
        for verb in VERBS:
            pending = [m for m in files if m.split(".")[3:4] == [verb]]
            seen: set[str] = set()
            while pending:
                module = pending.pop()
                if module not in seen:
                    seen.add(module)
                    reached.setdefault(module, set()).add(verb)
                    pending += uses[module]
        lonely = {
            m: v for m, v in reached.items() if m.split(".")[3:4] == ["facts"] and len(v) < 2 and len(m.split(".")) > 4
        }
        assert not lonely, f"these belong into their verb: {lonely}"


def test_no_module_is_longer_than_400_lines() -> None:
    long = {
        p.relative_to(PACKAGE).as_posix(): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def test_no_class_is_longer_than_150_lines_and_no_module_of_an_archive_than_300() -> None:
    long = {}
    for path in modules():
        text = path.read_text("utf-8")
        if "archives" in path.parts and len(text.splitlines()) > 300:
            long[path.name] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef) and (n := (node.end_lineno or 0) - node.lineno + 1) > 150:
                long[f"{path.name}: {node.name}"] = n
    assert not long


def test_no_column_label_is_typed_in_code() -> None:
    """Labels of several words are unmistakable; they stand in the schema and nowhere else."""
    labels = {c.label for s in load().sheets for c in s.columns if len(c.label.split()) > 2 and not c.own}
    for path in modules():
        text = path.read_text("utf-8")
        typed = [label for label in labels if f'"{label}"' in text]
        assert not typed, f"{path.name} types {typed}"


def test_nothing_carries_a_path_of_a_machine() -> None:
    root = PACKAGE.parent
    paths = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|Users)/\w+")
    for folder in ("rembi_sheets", "docs", "tools", "templates", ".ci"):
        for path in (root / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".toml", ".tsv", ".j2", ".json", ".txt", ""} and path.is_file():
                assert not paths.search(path.read_text("utf-8")), path
