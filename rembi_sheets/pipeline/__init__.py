"""The walks as straight lines: a blank workbook, reading, checking, converting. No printing, no exit status."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets.findings import Finding, find, group, in_order, stops
from rembi_sheets.findings.folding import fold, unfolded
from rembi_sheets.pipeline.outcomes import Checked, Conversion, Workbook
from rembi_sheets.schema import first_choice, load, with_methods

if TYPE_CHECKING:
    from rembi_sheets.archives import Content, Loss
    from rembi_sheets.fill.copying import Filled
    from rembi_sheets.fill.sources import Known
    from rembi_sheets.harvest.folder import Harvest
    from rembi_sheets.inventory import Listing
    from rembi_sheets.plan import Advice
    from rembi_sheets.score import Score
    from rembi_sheets.tables import Tables
    from rembi_sheets.workbook.add import Added
    from rembi_sheets.workbook.migrate import Migrated

__all__ = [
    "Checked",
    "Conversion",
    "Workbook",
    "blank",
    "check",
    "completeness",
    "convert",
    "data_folder",
    "fill",
    "known",
    "migrate",
    "page",
    "plan",
    "read",
    "score",
    "widen",
    "write",
]

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
    data: Path | Harvest | Listing | None = None,
    online: bool = False,
    answers: Path | None = None,
    accept_guesses: bool = False,
) -> Filled:
    """A copy of the .xlsx in `content` with what sources know; nothing that stands in it is changed.

    `data`: the folder with the files of the study, of which the headers are read, or what was read of them before, or
    its names and sizes alone, which fill in Files.
    `online`: services on the net are asked what its identifiers stand for; `answers`: the file in which what they say
    is kept, else one in the user's cache folder. `accept_guesses`: guesses are filled in too.
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
    return fill_copy(content, load(), known.proposals, known.unplaced, known.joins, accept_guesses=accept_guesses)


def read(path: Path, limits: Mapping[str, int] | None = None) -> Workbook:
    """A workbook, read; a file that cannot be read gives its reason as one finding.

    `limits`: other limits than the usual, by the names of `workbook.package.Caps`. Raises ValueError for unknown ones.
    """
    from rembi_sheets import plates, tables
    from rembi_sheets.workbook import read as reader
    from rembi_sheets.workbook.package import Caps

    schema = load()
    book, findings = reader.read(path, Caps.of(limits or {}))
    if book is None:
        return Workbook(path, schema, tuple(findings))
    read_tables, more = tables.from_book(book, schema)
    read_tables, of_plates = plates.expand(read_tables, book)
    return Workbook(path, schema, (*findings, *more, *of_plates), book, read_tables)


def check(
    workbook: Workbook,
    archives: Iterable[str] = (),
    *,
    data: Path | Listing | None = None,
    today: dt.date | None = None,
    online: bool = False,
    headers: bool | Harvest = False,
) -> Checked:
    """All findings of a workbook for `archives` (none named: those of its study sheet).

    `data`: the folder with the files, or the names and sizes in it, to be compared with Files; `headers`: what these
    files say, read now or before, is compared with what was typed. `online`: terms that no list at hand knows are asked
    for at the Ontology Lookup Service. Raises KeyError for an unknown archive, OSError when `data` cannot be read.
    """
    from rembi_sheets import archives as packages
    from rembi_sheets import attached, checks
    from rembi_sheets import inventory as disk
    from rembi_sheets.paths import as_on_disk
    from rembi_sheets.submission import from_tables
    from rembi_sheets.tables import spare

    if workbook.tables is None:
        return Checked(workbook, (), _told(workbook.findings))
    tables = workbook.tables
    wanted = {workbook.schema.archive(a).name for a in archives} or set(tables.archives)
    chosen = tuple(a for a in workbook.schema.archive_names if a in wanted)
    if tables.blank:
        return Checked(workbook, chosen, _told([*workbook.findings, _blank(tables, chosen)]), from_tables(tables))
    if tables.defaults_alone:
        found = [*workbook.findings, *checks.check(tables, ()), _defaults_alone(tables, chosen)]
        return Checked(workbook, chosen, _told(found), from_tables(tables))
    listing = disk.scan(data) if isinstance(data, Path) else data
    submission = from_tables(as_on_disk(tables, listing) if listing is not None else tables)
    submission = dataclasses.replace(
        submission,
        attachments=disk.attachments(
            attached.result_files(submission),
            attached.roots(workbook.path, submission, data if isinstance(data, Path) else None),
            listing,
        ),
        inventory=listing,
    )
    findings = [*workbook.findings, *checks.older.check(tables.way, workbook.path)]
    findings += [*checks.check(tables, chosen), *checks.check_submission(submission, chosen)]
    confirmed = None
    if headers and isinstance(data, Path):
        from rembi_sheets.checks import headers as of_files
        from rembi_sheets.harvest.folder import harvest

        compared = of_files.check(submission, (harvest(data) if headers is True else headers).items)
        findings += compared.findings
        confirmed = compared.confirmed
    if online:
        from rembi_sheets.checks import online as asking
        from rembi_sheets.vocabularies.online import Online

        findings += asking.check(tables, Online())
    for name in chosen:
        findings += packages.package(name).check(submission, today or dt.date.today())
    findings = spare.unmuted(findings, tables, spare.spare(tables))
    return Checked(
        workbook, chosen, _told(_completed(workbook, chosen, findings), tables.titles), submission, confirmed
    )


def _completed(workbook: Workbook, archives: tuple[str, ...], findings: list[Finding]) -> list[Finding]:
    """The findings, their remedies with the command for what the workbook lacks."""
    from rembi_sheets.checks import lacking

    assert workbook.tables is not None and workbook.book is not None
    return lacking.ready(findings, workbook.tables, workbook.book, workbook.path, archives)


def convert(
    workbook: Workbook,
    archives: Iterable[str] = (),
    *,
    data: Path | Listing | None = None,
    today: dt.date | None = None,
) -> Conversion:
    """Check, then make each archive's files; an error makes none. Raises as `check`."""
    from rembi_sheets import archives as packages

    checked = check(workbook, archives, data=data, today=today)
    chosen = checked.archives
    if checked.submission is None or any(stops(checked.findings, a) for a in chosen):
        return Conversion(checked, chosen, checked.findings)
    assert workbook.tables is not None
    files: dict[str, Content] = {}
    losses: list[Loss] = []
    more: list[Finding] = []
    for name in chosen:
        package = packages.package(name)
        built = package.build(checked.submission, today or dt.date.today())
        rendered = package.render(built.document)
        files |= {f"{name}/{file}": content for file, content in rendered.files.items()}
        losses += built.losses
        more += [*built.findings, *rendered.findings]
    more = _completed(workbook, chosen, more)
    findings = _told([*unfolded(checked.findings), *more], workbook.tables.titles)
    if any(stops(findings, a) for a in chosen):
        return Conversion(checked, chosen, findings)
    return Conversion(checked, chosen, findings, files, tuple(losses))


def score(
    workbook: Workbook,
    archives: Iterable[str] = (),
    *,
    data: Path | None = None,
    today: dt.date | None = None,
    headers: bool = False,
) -> Score | str:
    """The completeness of a workbook, or in one sentence why it cannot be read."""
    made = completeness(check(workbook, archives, data=data, today=today, headers=headers))
    return made if made is not None else workbook.findings[0].message


def completeness(checked: Checked) -> Score | None:
    """The completeness of a workbook that has been checked; None when it could not be read."""
    from rembi_sheets import score as scoring
    from rembi_sheets.tables import elsewhere, spare

    if checked.workbook.tables is None:
        return None
    disk = checked.submission.inventory if checked.submission else None
    tables = checked.workbook.tables
    used = spare.without(tables, spare.spare(tables))
    told = elsewhere.checked(checked.workbook.book, tables) if checked.workbook.book else None
    return scoring.score(used, checked.archives, checked.findings, disk, checked.confirmed, told)


def page(checked: Checked, strict: bool = False) -> str:
    """The findings and the completeness of a workbook as an HTML page."""
    from rembi_sheets.report import page as report

    name, sha256 = checked.workbook.path.name, checked.workbook.sha256
    return report.page(checked.findings, name, checked.archives, sha256, completeness(checked), strict=strict)


def plan(workbook: Workbook, *, today: dt.date | None = None) -> list[Advice]:
    """Which archives suit the study, in which order, and what each lacks. The workbook must be readable."""
    from rembi_sheets import plan as planning
    from rembi_sheets.submission import from_tables

    assert workbook.tables is not None
    names = workbook.schema.archive_names
    findings = {a: check(workbook, (a,), today=today).findings for a in names}
    return planning.advise(from_tables(workbook.tables), workbook.tables.archives, findings)


def write(conversion: Conversion, folder: Path, *, force: bool = False) -> list[Path]:
    """The files of a conversion into a folder, with conversion.json. Raises OutputError."""
    from rembi_sheets.output import write_folder

    return write_folder(folder, conversion.files, index=("conversion.json", conversion.record), force=force)


def _told(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Findings as they are told: one for each cause, in the order of the sheets."""
    return tuple(in_order(fold(group(findings)), sheets))


def _blank(tables: Tables, archives: tuple[str, ...]) -> Finding:
    """That nothing is filled in yet, with the sheets that the archives need, instead of all that is missing."""
    needed = [t.title for t in tables if t.columns and set(t.sheet.needed_by) & set(archives)]
    return find("FILE-BLANK", first=needed[0], sheets=needed[1:])


def _defaults_alone(tables: Tables, archives: tuple[str, ...]) -> Finding:
    """That nothing of a study is filled in yet, with the sheets to begin with, instead of all that is missing."""
    needed = [t.title for t in tables if t.columns and not t.sheet.defaults and set(t.sheet.needed_by) & set(archives)]
    return find("FILE-DEFAULTS", first=next(t.title for t in tables), sheets=needed)


def data_folder(workbook: Workbook) -> str:
    """The Data folder that a workbook names; '' when it names none or could not be read."""
    if workbook.tables is None:
        return ""
    named = [v for v in workbook.tables["study"].values("data_folder") if isinstance(v, str)]
    return named[0] if named else ""
