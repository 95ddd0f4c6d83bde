"""Every method column, filled: in each archive's files, among its losses, and read back from what `parse` makes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from rembi_sheets import archives, compose
from rembi_sheets.pipeline import Conversion
from rembi_sheets.records import RECORDS, Method, Record
from rembi_sheets.schema import Column, Kind
from rembi_sheets.values import convert
from tests.disk.made import convert as made_for
from tests.test_compose import METHODS, SCHEMA, cell, study

ODD = "4 % “x”, µ-slide; (2 h, RT): 10–12 °C"
HOMES = tuple(dict.fromkeys(c.into for c in METHODS))
LONG = [into for into in HOMES if SCHEMA[into.partition(".")[0]][into.partition(".")[2]].kind is Kind.LONGTEXT]


def typed(column: Column, odd: bool) -> str:
    return ODD if odd and column.kind is Kind.TEXT and not column.many else cell(column)


@cache
def conversion(archive: str, odd: bool) -> Conversion:
    sheets = study(*METHODS)
    for c in METHODS:
        sheets[SCHEMA[c.sheet].title][0][c.label] = typed(c, odd)
    made = made_for(sheets, None, archive)
    assert made.files, [(f.code, f.message) for f in made.findings if f.severity == "error"]
    return made


def files_of(made: Conversion, archive: str) -> Mapping[str, bytes]:
    whole = {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in made.files.items()}
    return {n.removeprefix(f"{archive}/"): c for n, c in whole.items() if n.startswith(f"{archive}/")}


def strings(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif dataclasses.is_dataclass(held):
        yield from (s for f in dataclasses.fields(held) for s in strings(getattr(held, f.name)))
    elif isinstance(held, Mapping):
        yield from (s for v in held.values() for s in strings(v))
    elif isinstance(held, Iterable) and not isinstance(held, bytes):
        yield from (s for v in held for s in strings(v))


@cache
def said(archive: str, odd: bool) -> tuple[str, ...]:
    """All texts of the document that `parse` makes of the archive's files."""
    files = files_of(conversion(archive, odd), archive)
    return tuple(strings(archives.package(archive).parse(files).document))


def filled(sheet: str, columns: Iterable[Column], odd: bool) -> Record:
    (cls,) = (r for r in RECORDS if sheet == r.SHEET)
    return cls(methods=tuple(Method(c.name, convert(typed(c, odd), c)[0]) for c in columns))  # type: ignore[arg-type]


@pytest.mark.parametrize("odd", [False, True], ids=["examples", "odd"])
@pytest.mark.parametrize("archive", SCHEMA.archive_names)
def test_read_back_equal(archive: str, odd: bool) -> None:
    between = SCHEMA.archive(archive).between
    found: set[str] = set()
    groups = [(into,) for into in LONG]
    groups += [("image_acquisition.instrument", "image_acquisition.parameters")]  # one text of IDR
    for homes in groups:
        sheet = SCHEMA[homes[0].partition(".")[0]]
        names = [h.partition(".")[2] for h in homes]
        made = filled(sheet.name, compose.parts_of(sheet, *names), odd)
        block = between.join(compose.lines(made, sheet, *names))
        if any(block in text for text in said(archive, odd)):
            free, back = compose.out_of_text(block, sheet, names[0], between, *names[1:])
            assert (free, back) == ("", made.methods)
            found |= {f"{sheet.name}.{m.column}" for m in back}
    channels = SCHEMA["channels"]
    made = filled("channels", compose.parts_of(channels, "content"), odd)
    brackets = compose.in_brackets(made, channels, "content")
    if any(brackets in text for text in said(archive, odd)):
        back = compose.out_of_brackets(f"H2B{brackets}", channels, "content")[1]
        assert back == made.methods
        found |= {f"channels.{m.column}" for m in back}
    assert {f"{c.sheet}.{c.name}" for c in METHODS} - found == set()


@pytest.mark.parametrize("archive", SCHEMA.archive_names)
def test_each_is_told_among_the_losses(archive: str) -> None:
    made = conversion(archive, False)
    told = {(loss.sheet, loss.column) for loss in made.losses}
    fates = {(SCHEMA[c.sheet].title, c.label): c.archives[archive].fate for c in METHODS}
    assert {key for key, fate in fates.items() if fate in ("text", "lost")} - told == set()
