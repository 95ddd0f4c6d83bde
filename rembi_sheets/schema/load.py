"""TOML of one schema version -> `Schema`; refuses what does not fit together, naming the file and the column."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from rembi_sheets.schema import methods
from rembi_sheets.schema.model import (
    Archive,
    Column,
    Condition,
    Fate,
    Format,
    Kind,
    Layout,
    ListSpec,
    Need,
    Origin,
    Profile,
    Schema,
    SheetSpec,
    Start,
    Target,
)
from rembi_sheets.toml import TOMLDecodeError, loads

CURRENT = "1.1"
_COMMON = ("archives.toml", "formats.toml", "lists.toml", "profiles.toml")
_LATER = ("examples.toml", "methods.toml")  # what the first version did not have yet
_FIRST_COLUMN = b"\n[[column]]"  # ends the head of a sheet's file


class SchemaError(ValueError):
    """The data dictionary contradicts itself; the message names the file and what is wrong."""


def home() -> Traversable:
    """The folder that holds one folder a version, and `migrations`."""
    return files(__package__)


@cache
def known_titles() -> tuple[str, ...]:
    """The titles of sheets in any version, today's first."""
    ordered = dict.fromkeys((CURRENT, *sorted(versions(), key=number, reverse=True)))
    return tuple(dict.fromkeys(title for v in ordered for title in _titles(home() / v)))


def _titles(folder: Traversable) -> list[str]:
    """The titles of a version's sheets in their order, from the heads of the files: the columns take long to read."""
    heads = (
        _parse(f.name, f.read_bytes().partition(_FIRST_COLUMN)[0])
        for f in folder.iterdir()
        if f.name.endswith(".toml") and f.name not in (*_COMMON, *_LATER)
    )
    return [head["title"] for head in sorted(heads, key=lambda h: (h["order"], h["name"]))]


def versions() -> tuple[str, ...]:
    """The schema versions shipped, oldest first."""
    names = (d.name for d in home().iterdir() if d.is_dir() and d.name[:1].isdigit())
    return tuple(sorted(names, key=number))


def number(version: str) -> tuple[int, ...]:
    """A version as it is compared: 1.10 comes after 1.9. Raises ValueError when it is none."""
    return tuple(map(int, version.split(".")))


def load(version: str = "") -> Schema:
    """The data dictionary of `version`, today's when none is named.

    Raises SchemaError when it contradicts itself, KeyError for an unknown version.
    """
    return _loaded(version or CURRENT)


@cache
def _loaded(version: str) -> Schema:
    if version not in versions():
        raise KeyError(version)
    return load_folder(home() / version, version)


def load_folder(folder: Traversable, version: str) -> Schema:
    """The data dictionary in `folder` (one TOML a sheet and the common files)."""
    texts = {f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith(".toml")}
    missing = [n for n in _COMMON if n not in texts]
    if missing:
        raise SchemaError(f"{', '.join(missing)} is missing from the schema folder {version}")
    data = {name: _parse(name, text) for name, text in texts.items()}
    common = {n: data.pop(n, {}) for n in (*_COMMON, *_LATER)}
    archives = tuple(
        Archive(**{**a, "targets": frozenset(a["targets"]), "reads_paths": frozenset(a.get("reads_paths", ()))})
        for a in common["archives.toml"]["archive"]
    )
    formats = _formats(common["formats.toml"])
    lists = {n: ListSpec(name=n, **spec) for n, spec in common["lists.toml"].items()}
    examples = common["examples.toml"]
    try:
        whole = methods.with_methods(list(data.values()), common["methods.toml"])
    except ValueError as error:
        raise SchemaError(f"methods.toml: {error}") from None
    sheets = sorted(
        (_sheet(file, _with_examples(raw, examples), formats, archives) for file, raw in zip(data, whole, strict=True)),
        key=lambda s: (s.order, s.name),
    )
    raw_profiles = common["profiles.toml"]
    first = next(n for n, p in raw_profiles.items() if isinstance(p, dict))
    start = raw_profiles.get("start", {"profile": first, "archives": (), "level": raw_profiles["default_level"]})
    profiles = tuple(
        Profile(
            n,
            p["title"],
            tuple(p["archives"]),
            frozenset(p["hidden_sheets"]),
            {name: tuple(words) for name, words in p.get("first", {}).items()},
            tuple(p.get("own", ())),
            p.get("wells", 0),
        )
        for n, p in raw_profiles.items()
        if n != "start" and isinstance(p, dict)
    )
    digest = hashlib.sha256(b"".join(n.encode() + texts[n] for n in sorted(texts))).hexdigest()
    schema = Schema(
        version=raw_profiles["version"],
        digest=digest,
        sheets=tuple(sheets),
        lists=lists,
        formats=formats,
        archives=archives,
        profiles=profiles,
        levels=tuple(raw_profiles["levels"]),
        default_level=raw_profiles["default_level"],
        start=Start(start["profile"], tuple(start["archives"]), start["level"]),
    )
    if number(version) >= number(CURRENT):  # a released one never changes, and was verified by the rules of its day
        _verify(schema, examples)
    return schema


def _parse(name: str, text: bytes) -> dict[str, Any]:
    try:
        return loads(text.decode("utf-8"), parse_float=Decimal)
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"{name}: {error}") from error


def _with_examples(raw: dict[str, Any], examples: dict[str, Any]) -> dict[str, Any]:
    """The raw sheet, its columns with what a profile gives for an example instead of the column's own."""
    own = {profile: sheets.get(raw.get("name"), {}) for profile, sheets in examples.items()}
    columns = [
        {**c, "examples": {p: given[c["name"]] for p, given in own.items() if c.get("name") in given}}
        for c in raw.get("column", ())
    ]
    return {**raw, "column": columns}


def _formats(raw: dict[str, Any]) -> dict[str, Format]:
    """The text formats by name; those that a format may be one of stand in it."""
    alone = {
        n: Format(name=n, **{**f, "one_of": (), "spellings": tuple((a, b) for a, b in f.get("spellings", ()))})
        for n, f in raw.items()
    }
    unknown = {o for f in raw.values() for o in f.get("one_of", ()) if o not in alone}
    if unknown:
        raise SchemaError(f"formats.toml: no format is called {', '.join(sorted(unknown))}")
    return {n: replace(f, one_of=tuple(alone[o] for o in raw[n].get("one_of", ()))) for n, f in alone.items()}


def _sheet(file: str, raw: dict[str, Any], formats: dict[str, Format], archives: tuple[Archive, ...]) -> SheetSpec:
    try:
        columns = tuple(_column(raw["name"], c, formats, archives) for c in raw["column"])
        return SheetSpec(
            title=raw["title"],
            name=raw["name"],
            order=raw["order"],
            layout=Layout(raw["layout"]),
            group=raw["group"],
            row=raw["row"],
            key=tuple(raw["key"]),
            needed_by=tuple(raw["needed_by"]),
            essential=raw["essential"],
            columns=columns,
            defaults=_serving(raw.get("defaults", False), columns),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, SchemaError):
            raise SchemaError(f"{file}: {error}") from None
        raise SchemaError(f"{file}: {error!r}") from error


def _serving(said: bool | list[str], columns: tuple[Column, ...]) -> frozenset[str]:
    """The columns that serve as defaults: all, none or those named."""
    names = frozenset(c.name for c in columns if not c.own)
    chosen = frozenset(said) if isinstance(said, list) else names if said else frozenset()
    if chosen - names:
        raise SchemaError(f"no column of it is called {', '.join(sorted(chosen - names))}")
    return chosen


def _column(sheet: str, raw: dict[str, Any], formats: dict[str, Format], archives: tuple[Archive, ...]) -> Column:
    raw = dict(raw)
    name = raw.get("name", "(no name)")
    targets = raw.pop("archives", {})
    unknown = set(targets) - {a.name for a in archives}
    if unknown:
        raise SchemaError(f"column {name}: no archive is called {', '.join(sorted(unknown))}")
    absent = {a.name for a in archives} - set(targets)
    if absent:
        raise SchemaError(f"column {name}: nothing is said for {', '.join(sorted(absent))}")
    forms = {key: raw.pop(key, "") for key in ("format", "files")}
    for form in forms.values():
        if form and form not in formats:
            raise SchemaError(f"column {name}: no format is called {form}")
    known: dict[str, Target] = {}
    for archive in archives:
        t = targets[archive.name]
        strange = [x for x in t["targets"] if x not in archive.targets]
        if strange:
            raise SchemaError(f"column {name}: {archive.name} knows no target {', '.join(strange)}")
        when = t.get("when")
        known[archive.name] = Target(
            archive=archive.name,
            need=Need(t["need"]),
            fate=Fate(t["fate"]),
            targets=tuple(t["targets"]),
            to=t["to"],
            when=_condition(when) if when else None,
        )
    applies = raw.pop("applies", None)
    return Column(
        sheet=sheet,
        kind=Kind(raw.pop("kind")),
        origin=Origin(raw.pop("origin")),
        archives=known,
        format=formats.get(forms["format"]),
        files=formats.get(forms["files"]),
        reference=raw.pop("sheet", ""),
        profiles=frozenset(raw.pop("profiles", ())),
        extra_for=tuple(raw.pop("extra_for", ())),
        words=tuple(w.casefold() for w in raw.pop("words", ())),
        reader=tuple(raw.pop("reader", ())),
        width=float(raw.pop("width")) if "width" in raw else None,
        applies=_condition(applies) if applies else None,
        **raw,
    )


def _condition(raw: dict[str, Any]) -> Condition:
    strange = set(raw) - {"empty", "filled", "column", "has"}
    if strange:
        raise SchemaError(f"a condition cannot hold {', '.join(sorted(strange))}")
    return Condition(
        empty=tuple(raw.get("empty", ())),
        filled=tuple(raw.get("filled", ())),
        column=raw.get("column", ""),
        has=tuple(raw.get("has", ())),
    )


def _verify(schema: Schema, examples: dict[str, Any]) -> None:
    """Raise SchemaError when two parts of the dictionary do not fit."""
    _unique([s.name for s in schema.sheets], "sheet name")
    _unique([s.title.casefold() for s in schema.sheets], "sheet title")
    archives = set(schema.archive_names)
    profiles = {p.name for p in schema.profiles}
    _known([schema.start.profile], profiles, "start: no profile is called")
    _known(schema.start.archives, archives, "start: no archive is called")
    _known([schema.start.level], schema.levels, "start: no level is called")
    for profile, given in examples.items():
        _known([profile], profiles, "examples: no profile is called")
        _known(given, schema.by_name, f"examples of {profile}: no sheet is called")
        for name, texts in given.items():
            _known(texts, schema[name].by_name, f"examples of {profile}: {name} has no column")
    for p in schema.profiles:
        _known(p.hidden_sheets, schema.by_name, f"profile {p.name}: no sheet is called")
        _known(p.archives, archives, f"profile {p.name}: no archive is called")
        _known(p.first, schema.lists, f"profile {p.name}: no list is called")
    for sheet in schema.sheets:
        at = f"sheet {sheet.name}"
        _unique([c.name for c in sheet.columns], f"{at}: column name")
        _unique([c.label.casefold() for c in sheet.columns], f"{at}: column label")
        _known(sheet.key, sheet.by_name, f"{at}: the key names no column")
        _known(sheet.needed_by, archives, f"{at}: no archive is called")
        for c in sheet.columns:
            _verify_column(schema, sheet, c, profiles)
    for misfit in methods.verify(schema):
        raise SchemaError(misfit)


def _verify_column(schema: Schema, sheet: SheetSpec, c: Column, profiles: set[str]) -> None:
    at = f"sheet {sheet.name}, column {c.name}"
    if c.list and c.list not in schema.lists:
        raise SchemaError(f"{at}: no list is called {c.list}")
    if c.kind is Kind.REFERENCE and c.reference not in schema.by_name:
        raise SchemaError(f"{at}: refers to the sheet {c.reference or '(none)'}, which does not exist")
    if c.kind in (Kind.CHOICE, Kind.TERM) and not c.list:
        raise SchemaError(f"{at}: a {c.kind} needs a list")
    if sheet.name in {o.reference for s in schema.sheets for o in s.columns} and c.name == sheet.key[0] and not c.names:
        raise SchemaError(f"{at}: other sheets refer to it, so it holds names")
    if (c.origin is Origin.REMBI) != bool(c.rembi):
        raise SchemaError(f"{at}: a REMBI column, and only such, names its REMBI attribute")
    if c.files is not None and (c.files.path != "file" or c.kind not in (Kind.TEXT, Kind.LONGTEXT, Kind.VARIABLE)):
        raise SchemaError(f"{at}: files are named by the path of one file, and in words")
    _known(c.profiles, profiles, f"{at}: no profile is called")
    _known(c.extra_for, schema.archive_names, f"{at}: no archive is called")
    for other in (c.ids_of, c.parallel_to):
        if other:
            _known([other], sheet.by_name, f"{at}: no column is called")
    for when in (*(t.when for t in c.archives.values()), c.applies):
        if when:
            named = (*when.empty, *when.filled, *((when.column,) if when.column else ()))
            _known(named, sheet.by_name, f"{at}: the condition names no column")


def _unique(names: list[str], what: str) -> None:
    for n in names:
        if names.count(n) > 1:
            raise SchemaError(f"{what} {n} is given {names.count(n)} times")


def _known(names: Any, known: Any, message: str) -> None:
    for n in names:
        if n not in known:
            raise SchemaError(f"{message} {n}")
