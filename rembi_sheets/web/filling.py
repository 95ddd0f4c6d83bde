"""Filling on the page: the same functions as `fill`, the same bytes; what came of it as plain data. Ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets import pipeline
from rembi_sheets.cells import TableError
from rembi_sheets.fill.model import Confidence, Entry, Merged, State
from rembi_sheets.fill.report import folded, gathered
from rembi_sheets.fill.sources import SourceError
from rembi_sheets.fill.sources.table.mapfile import label, written
from rembi_sheets.fill.sources.table.model import Aim, TableMap
from rembi_sheets.fill.sources.table.words import WELL_COLUMN, WELL_ROW
from rembi_sheets.output import placed, write_files
from rembi_sheets.report.words import shown
from rembi_sheets.schema import load
from rembi_sheets.tables import OWN
from rembi_sheets.web import sources
from rembi_sheets.web.books import ANSWERS, Filling
from rembi_sheets.workbook.editing import AnnotateError
from rembi_sheets.workbook.package import Caps
from rembi_sheets.workbook.plain import as_xlsx
from rembi_sheets.workbook.side import with_table

if TYPE_CHECKING:
    from rembi_sheets.harvest.folder import Harvest
    from rembi_sheets.inventory import Listing

_SHOWN = 100  # lines of each kind; all of them stand in the sheet Filled in
_LONG = 200


def filled(
    path: Path, home: Path, filling: Filling, data: Harvest | Listing | None, target: Path, limits: dict[str, int]
) -> dict[str, Any]:
    """As `jobs.filled`. Raises OutputError where that cannot be written."""
    read = pipeline.read(path, limits)
    try:
        paths = [p for s in filling.sources for p in sources.named(home / s)]
        maps = (home / filling.mapping).read_bytes() if filling.mapping else None
        known = pipeline.known(paths, everything=filling.everything, maps=maps, limits=limits)
        content, left = as_xlsx(path, Caps.of(limits))
        online, guesses = filling.online > 0, filling.guesses
        side = read.book.side if read.book else None
        made = pipeline.fill(
            content, known, side=side, data=data, online=online, answers=home.parent / ANSWERS, accept_guesses=guesses
        )
        copy = target / f"{path.stem}-filled.xlsx"
        files = with_table(copy, made.content, made.side)
        files |= placed(copy, known.beside)
        write_files(files, force=True)
    except (AnnotateError, SourceError) as error:
        return {"refused": _plain(str(error), home)}
    except TableError as error:
        return {"refused": f"{_plain(error.what, home)}."}
    return {
        "name": copy.name,
        "beside": sorted(p.relative_to(target).as_posix() for p in files if p != copy),
        "came": [*made.valued, *made.left, *left],
        "counts": {s.value: n for s in State if (n := _number(made.merged, s))},
        "lines": {s.value: _lines(made.merged, s) for s in State},
        "maps": [_map(m) for m in known.maps],
    }


def prefilled(workbook: bytes, source: Path, limits: dict[str, int]) -> bytes | str:
    """A workbook filled from one file, or why it cannot be."""
    try:
        known = pipeline.known([source], limits=limits)
        if known.beside or known.files is not None:
            return "Files belong beside it. Download the workbook blank, drop it here, then say Fill from elsewhere."
        return pipeline.fill(workbook, known).content
    except (AnnotateError, SourceError) as error:
        return _plain(str(error), source.parent.parent)


def _plain(said: str, home: Path) -> str:
    """What is said of a source, without the folders of this computer."""
    for folder in sorted((p for p in home.rglob("*") if p.is_dir()), key=lambda p: -len(p.parts)):
        said = said.replace(f"{folder}/", "")
    return said


def _number(merged: Merged, state: State) -> int:
    return len(merged.of(state)) + (len(merged.unplaced) if state is State.NOT_UNDERSTOOD else 0)


def _lines(merged: Merged, state: State) -> list[dict[str, Any]]:
    """The first entries of a state, many of one column as one."""
    out = [_line(e, more) for e, more in folded(merged.of(state))]
    if state is State.NOT_UNDERSTOOD:
        out += [
            {"where": "", "column": "", "value": _text(u.value), "found": "", "source": _joined(u.source, u.where)}
            | {"why": shown(u.why), "more": more}
            for u, more in gathered(merged.unplaced)
        ]
    return out[:_SHOWN]


def _line(e: Entry, more: int) -> dict[str, Any]:
    cell = e.place.a1 if e.place.row and e.place.column else ""
    return {
        "where": " ".join(filter(None, (e.place.sheet, cell))),
        "column": shown(e.place.label),
        "value": _text(e.value),
        "found": _text(e.found),
        "source": _joined(e.proposal.source, e.proposal.where),
        "why": shown(e.why),
        "more": more,
    }


def _joined(*parts: str) -> str:
    return shown(", ".join(filter(None, parts)))[:_LONG]


def _text(value: object) -> str:
    text = shown("" if value is None else str(value))
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


# --- how the columns of tables are understood -------------------------------------------------------------------------


def _map(m: TableMap) -> dict[str, Any]:
    return {
        "file": m.file,
        "sheet": m.sheet,
        "head": m.head,
        "about": m.about,
        "by": m.by,
        "aims": [
            {
                "number": a.number,
                "heading": a.heading,
                "to": a.to,
                "reason": shown(a.reason),
                "confidence": a.confidence.value,
                "unit": a.unit,
                "unit_to": a.unit_to,
            }
            for a in m.aims
        ],
    }


def choices(about: str, aim: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a column of a table about a sheet can be taken for: machine name and label, '' for nothing."""
    spec = load().by_name.get(about)
    if spec is None:
        return [("", "leave out")]
    own: dict[str, str] = {}
    if spec.own:
        heading = OWN + " ".join(aim["heading"].split())
        own = {to: f"a column of your own: {label(about, to)}" for to in (aim["to"], heading) if to.startswith(OWN)}
        own |= {WELL_ROW: "row of the well", WELL_COLUMN: "column of the well"}
    return [("", "leave out"), *((c.name, c.label) for c in spec.columns if not c.own), *own.items()]


def decided(maps: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> bytes:
    """MAP.toml of the maps as they were shown, with what a form answers: `about-<table>`, `to-<table>-<column>`.

    Raises KeyError for an answer that was not offered, ValueError where two columns go to one.
    """
    out = []
    for n, shown_ in enumerate(maps):
        about = answers.get(f"about-{n}", shown_["about"])
        if about and about not in load().by_name:
            raise KeyError(about)
        same = about == shown_["about"]
        aims = [_aim(raw, answers.get(f"to-{n}-{i}") if same else "", about) for i, raw in enumerate(shown_["aims"])]
        taken = [a.to for a in aims if a.to]
        if twice := next((to for to in taken if taken.count(to) > 1), ""):
            raise ValueError(label(about, twice))
        by = shown_["by"] if same and shown_["by"] in taken else ""
        out.append(TableMap(shown_["file"], shown_["sheet"], shown_["head"], about, aims, by))
    return written(out).encode()


def _aim(raw: Mapping[str, Any], to: str | None, about: str) -> Aim:
    """A column with what was chosen for it; None where nothing was chosen."""
    made = Aim(**{**raw, "confidence": Confidence(raw["confidence"])})
    if to is None or to == made.to:
        return made
    if to not in dict(choices(about, raw)):
        raise KeyError(to)
    return replace(made, to=to, unit_to="")
