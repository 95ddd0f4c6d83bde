"""The ways to a workbook: a blank one, and copies with more in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets.pipeline.outcomes import Workbook
from rembi_sheets.schema import first_choice, load, with_methods

if TYPE_CHECKING:
    from rembi_sheets.cells import SideTable
    from rembi_sheets.fill.copying import Filled
    from rembi_sheets.fill.sources import Known
    from rembi_sheets.harvest.folder import Harvest
    from rembi_sheets.inventory import Listing
    from rembi_sheets.workbook.add import Added
    from rembi_sheets.workbook.migrate import Migrated

_OWN_TERMS = 150  # so many of the user's own terms a dropdown offers; all are known to `check`


def blank(
    profile: str = "",
    archives: Iterable[str] = (),
    level: str = "",
    rows: int = 500,
    google_sheets: bool = False,
    terms: Mapping[str, str] | None = None,
    wells: int | None = None,
    methods: Iterable[str] | None = None,
) -> bytes:
    """A blank workbook; with neither profile nor archive the least that suffices (`schema.first_choice`).

    `terms`: list -> name of the user's vocabulary whose terms it offers too.
    `wells`: those of the plates drawn in the sheet of plate maps, where not as the profile says. `methods`: groups of
    method columns to show, none named for those of the profile. Raises KeyError for a profile, archive, level, group
    or vocabulary that does not exist.
    """
    from rembi_sheets.workbook import write

    schema = load()
    chosen = first_choice(schema, profile, tuple(archives), level)
    if methods is not None:
        chosen = with_methods(schema, chosen, methods)
    further = {}
    if terms:
        from rembi_sheets.vocabularies import cache

        further = {name: cache.entries(vocabulary, _OWN_TERMS) for name, vocabulary in terms.items()}
    return write.blank(schema, chosen, rows=rows, google_sheets=google_sheets, further=further, wells=wells)


def widen(
    workbook: Workbook,
    profile: str = "",
    archives: Iterable[str] = (),
    level: str = "",
    columns: Iterable[str] = (),
    methods: Iterable[str] | None = None,
    limits: Mapping[str, int] | None = None,
) -> Added:
    """A copy of a readable workbook, of whatever form, with more sheets and columns.

    `limits` as of `read`. Raises as `workbook.add.add`.
    """
    from rembi_sheets.workbook import plain
    from rembi_sheets.workbook.add import add
    from rembi_sheets.workbook.package import Caps

    content, left = plain.as_xlsx(workbook.path, Caps.of(limits or {}))
    copy = add(
        content,
        workbook.schema,
        profile=profile,
        archives=tuple(archives),
        level=level,
        columns=tuple(columns),
        methods=methods,
    )
    return dataclasses.replace(copy, left=(*copy.left, *left))


def migrate(workbook: Workbook, limits: Mapping[str, int] | None = None) -> Migrated | None:
    """A copy of a readable workbook, of whatever form, in today's form; None when it is of today's version.

    `limits` as of `read`. Raises AnnotateError.
    """
    from rembi_sheets.workbook import plain, side
    from rembi_sheets.workbook.migrate import migrate as made
    from rembi_sheets.workbook.package import Caps

    assert workbook.book is not None and workbook.tables is not None
    beside = side.today(workbook.book.side, workbook.tables)
    content, left = plain.as_xlsx(workbook.path, Caps.of(limits or {}))
    copy = made(content, workbook.schema)
    return dataclasses.replace(copy, left=(*copy.left, *left), side=beside) if copy is not None else None


def known(
    paths: Iterable[Path],
    *,
    everything: bool = False,
    maps: bytes | None = None,
    limits: Mapping[str, int] | None = None,
) -> Known:
    """What all these sources know. `everything`: of earlier studies all, not only what serves as defaults.

    `maps`: what a MAP.toml holds. Raises SourceError for a source or map that cannot be used.
    """
    from rembi_sheets.fill.sources import Maps, joined, recognised

    decided = Maps(maps) if maps is not None else None
    return joined([recognised(path, everything, limits, decided) for path in paths])


def fill(
    content: bytes,
    known: Known,
    *,
    side: SideTable | None = None,
    data: Path | Harvest | Listing | None = None,
    online: bool = False,
    answers: Path | None = None,
    accept_guesses: bool = False,
    merged_only: bool = False,
) -> Filled:
    """A copy of the .xlsx in `content` with what sources know; nothing that stands in it is changed.

    `side`: the table of files beside the workbook, where there is one; it is not filled.
    `data`: the folder with the files of the study, of which the headers are read, or what was read of them before, or
    its names and sizes alone, which fill in Files.
    `online`: services on the net are asked what its identifiers stand for; `answers`: the file in which what they say
    is kept, else one in the user's cache folder. `accept_guesses`: guesses are filled in too.
    `merged_only`: no copy is made, its content is empty; what would be filled is known all the same.
    Raises AnnotateError when no copy can be made, OSError when the folder cannot be read.
    """
    from rembi_sheets.fill.copying import fill_copy
    from rembi_sheets.fill.sources import joined

    if data is not None:
        from rembi_sheets.fill.images.folder import of_folder

        known = joined([known, of_folder(data, content, known.proposals)])
    if online:
        from rembi_sheets.fill.online import of_workbook

        known = joined([known, of_workbook(content, known.proposals, answers)])
    return fill_copy(
        content,
        load(),
        known.proposals,
        known.unplaced,
        known.joins,
        known.files,
        side,
        accept_guesses=accept_guesses,
        merged_only=merged_only,
    )
