"""The way from tables to the files of the archives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets.findings import Finding, stops
from rembi_sheets.findings.folding import unfolded
from rembi_sheets.pipeline.checking import check, completed, going, told
from rembi_sheets.pipeline.outcomes import Conversion, Workbook

if TYPE_CHECKING:
    from rembi_sheets.archives import Content, Loss
    from rembi_sheets.inventory import Listing


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
        going(workbook.tables, f"for {workbook.schema.archive(name).title}")
        built = package.build(checked.submission, today or dt.date.today())
        rendered = package.render(built.document)
        files |= {f"{name}/{file}": content for file, content in rendered.files.items()}
        losses += built.losses
        more += [*built.findings, *rendered.findings]
    more = completed(workbook, chosen, more)
    findings = told([*unfolded(checked.findings), *more], workbook.tables.titles)
    if any(stops(findings, a) for a in chosen):
        return Conversion(checked, chosen, findings)
    return Conversion(checked, chosen, findings, files, tuple(losses))


def write(conversion: Conversion, folder: Path, *, force: bool = False) -> list[Path]:
    """The files of a conversion into a folder, with conversion.json. Raises OutputError."""
    from rembi_sheets.output import write_folder

    return write_folder(folder, conversion.files, index=("conversion.json", conversion.record), force=force)
