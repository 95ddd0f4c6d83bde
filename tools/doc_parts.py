"""The generated parts of pages, `<!-- generated: NAME -->` ... `<!-- end -->`, replaced by the text of today."""

from __future__ import annotations

import ast
import datetime as dt
import importlib.util
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rembi_sheets.schema import Fate, Need, Schema, load, select

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "rembi_sheets"
_PART = re.compile(
    r"(?P<head><!-- generated: (?P<name>[\w-]+)(?: (?P<of>[\w-]+))? -->\n).*?(?P<tail><!-- end -->)", re.S
)
TODAY = dt.date(2026, 11, 22)
_FATES = {Fate.FIELD: "own field", Fate.TEXT: "as text", Fate.CONTROL: "steers", Fate.LOST: "lost"}


def filled(text: str) -> str:
    """A page with its generated parts as they are today."""

    def part(found: re.Match[str]) -> str:
        made = PARTS[found["name"]](*[found["of"]] if found["of"] else [])
        return f"{found['head']}\n{made.strip()}\n\n{found['tail']}"

    return _PART.sub(part, text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the cells are Markdown already."""
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def plain(text: str) -> str:
    """Text that means itself in a Markdown table."""
    for sign in ("\\", "|", "*", "_", "`", "["):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ").replace("<", "&lt;")


def examples(of: str = "") -> str:
    """The worked examples; `of` = rembi: only those of REMBI's table."""
    from rembi_sheets import examples as shelf

    titles = {a.name: a.title for a in load().archives}
    rows = []
    for name in shelf.names():
        about = shelf.info(name)
        if of and not about.rembi:
            continue
        rows.append(
            (f"`{name}`", plain(about.shows), f"`{about.profile}`", ", ".join(titles[a] for a in about.archives))
        )
    return table(("Example", "It shows", "Profile", "Archives"), rows)


def profiles() -> str:
    """The profiles, what each is for and how large its workbook is."""
    schema = load()
    rows = []
    for p in schema.profiles:
        shown = select(schema, p.name).sheets
        archives = ", ".join(schema.archive(a).title for a in p.archives)
        n = sum(len(columns) for _, columns in shown)
        rows.append((f"[`{p.name}`](profiles/{p.name}.md)", p.title, archives, f"{len(shown)} sheets, {n} columns"))
    return table(("Profile", "For", "Prepared for", "Size"), rows)


def sheets(profile: str) -> str:
    """The sheets of a profile's workbook, and the columns that its archives demand."""
    schema = load()
    chosen = select(schema, profile)
    rows = []
    for sheet, columns in chosen.sheets:
        due = [c.label for c in columns if c.needed_by(chosen.archives)]
        asked = [c.label for c in columns if c.needed_by(chosen.archives, Need.CONDITIONAL)]
        cases = [label for label in asked if label not in due]
        rows.append(
            (f"**{sheet.title}**", plain(sheet.row), plain(", ".join(due)) or "-", plain(", ".join(cases)) or "-")
        )
    titles = " and ".join(schema.archive(a).title for a in chosen.archives)
    due_sheets = [s.title for s, _ in chosen.sheets if set(chosen.archives) & set(s.needed_by)]
    text = (
        f"By {titles} together. A row is needed in {', '.join(due_sheets[:-1])} and {due_sheets[-1]}. "
        "The other sheets are filled where they apply; what is marked in them is asked for once they have a row."
    )
    return f"{text}\n\n" + table(("Sheet", "One row is", "● Required", "◊ Required if it applies"), rows)


def readers() -> str:
    """The readers of the score and what each needs."""
    from rembi_sheets.score import rules

    rows = []
    for reader in rules()["reader"]:
        rows.append((reader["title"], plain(reader["why"]), str(len(reader["attributes"]))))
    return table(("Reader", "What for", "REMBI attributes counted"), rows)


def scores() -> str:
    """The score of every example: in all, and for each kind of reader."""
    from rembi_sheets import examples as shelf
    from rembi_sheets import pipeline

    rows, readers_ = [], []
    for name in shelf.names():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.xlsx"
            path.write_bytes(shelf.workbook_bytes(name))
            made = pipeline.score(pipeline.read(path), today=TODAY)
        assert not isinstance(made, str)
        readers_ = [p.name for p in made.readers]
        rows.append([f"`{name}`", f"{made.total:.1f} %", *(f"{p.score:.1f} %" for p in made.readers)])
    return table(["Example", "REMBI in all", *readers_], rows)


def weights() -> str:
    """The weights of the score."""
    from rembi_sheets.score import rules

    return table(("Kind of column", "Weight"), ((name, str(w)) for name, w in rules()["weights"].items()))


def attributes() -> str:
    """REMBI's attributes and what becomes of each in every archive."""
    schema = load()
    grouped: dict[str, list[tuple[str, str]]] = {}
    for sheet in schema.sheets:
        for c in sheet.columns:
            if c.rembi and not c.ids_of and not c.own:
                grouped.setdefault(c.rembi, []).append((sheet.name, c.name))
    rows = []
    for name, places in grouped.items():
        module, attribute = name.split("/", 1)
        columns = [schema[s][c] for s, c in places]
        cells = []
        for archive in schema.archives:
            fates = {_FATES[c.archives[archive.name].fate] for c in columns} - {_FATES[Fate.CONTROL]}
            cells.append(" / ".join(x for x in _FATES.values() if x in fates))
        rows.append((module, plain(attribute), *cells))
    return table(("Module", "Attribute", *(a.title for a in schema.archives)), rows)


def needed(archive: str) -> str:
    """The columns that an archive requires, by sheet."""
    schema = load()
    rows = []
    for sheet in schema.sheets:
        due = [c.label for c in sheet.columns if c.need(archive) is Need.REQUIRED]
        cases = [c.label for c in sheet.columns if c.need(archive) is Need.CONDITIONAL]
        row = "yes" if archive in sheet.needed_by else ""
        if due or cases or row:
            rows.append((f"**{sheet.title}**", row, plain(", ".join(due)), plain(", ".join(cases))))
    return table(("Sheet", "A row needed", "● Required", "◊ Required if it applies"), rows)


def _columns(schema: Schema, archive: str, fate: Fate) -> list[tuple[str, str, str]]:
    """Sheet title, label and words of every column with this fate that the archive's depositors may fill."""
    found = []
    for sheet in schema.sheets:
        for c in sheet.columns:
            target = c.archives[archive]
            if target.fate is fate:
                found.append((sheet.title, c.label, target.to))
    return found


def moved(archive: str) -> str:
    """What an archive keeps as text in another place."""
    schema = load()
    return table(
        ("Sheet", "Column", "Where it stands"),
        ((s, plain(label), plain(to)) for s, label, to in _columns(schema, archive, Fate.TEXT)),
    )


def kept(archive: str) -> str:
    """What an archive has a field for."""
    schema = load()
    return table(
        ("Sheet", "Column", "Where it stands"),
        ((s, plain(label), plain(to)) for s, label, to in _columns(schema, archive, Fate.FIELD)),
    )


def lost(archive: str) -> str:
    """What an archive has no place for, a line a sheet."""
    schema = load()
    by_sheet: dict[str, list[str]] = {}
    for s, label, to in _columns(schema, archive, Fate.LOST):
        why = to.removeprefix("-").strip().strip("()")
        by_sheet.setdefault(s, []).append(plain(label) + (f" ({plain(why)})" if why and why != "lost" else ""))
    return table(("Sheet", "Columns"), ((f"**{s}**", "; ".join(labels)) for s, labels in by_sheet.items()))


def rooms() -> str:
    """The rooms of the package in their order, with the first sentence of each docstring."""
    rows = []
    for name in _module(ROOT / "tests" / "house" / "test_layers.py").ROOMS:
        home = PACKAGE / name / "__init__.py"
        path = home if home.is_file() else PACKAGE / f"{name}.py"
        if not path.is_file():
            continue
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        shown = f"`{name}/`" if path == home else f"`{name}.py`"
        rows.append((shown, plain(re.sub(r"\s+", " ", doc.split("\n\n")[0])).replace("\\`", "`")))
    return table(("Room", "What it is for"), rows)


def libraries() -> str:
    """Which library may be used in which room."""
    found = _module(ROOT / "tests" / "house" / "test_layers.py").LIBRARIES
    return table(("Library", "Only in"), ((f"`{k}`", ", ".join(f"`{r}/`" for r in v)) for k, v in found.items()))


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def versions() -> str:
    """What changed from each version to the next, the latest first."""
    from itertools import pairwise

    from rembi_sheets import schema
    from rembi_sheets.report import versions as report

    steps = reversed(list(pairwise(schema.versions())))
    return "\n".join(report.markdown(schema.diff(old, new), old, new) for old, new in steps)


PARTS: dict[str, Callable[..., str]] = {
    f.__name__: f
    for f in (
        *(examples, profiles, sheets, readers, weights, scores),
        *(attributes, needed, moved, kept, lost, rooms, libraries, versions),
    )
}
