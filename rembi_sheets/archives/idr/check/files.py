"""What IDR needs of the rows of Files: samples, names of images, plates and wells, the user's own columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr.check import own_columns
from rembi_sheets.archives.idr.document import ONLY, Kind
from rembi_sheets.archives.idr.facts import wells
from rembi_sheets.archives.idr.facts.annotation import Planner
from rembi_sheets.archives.idr.facts.columns import reserved
from rembi_sheets.archives.idr.facts.rows import Joins, Part, Sample
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import Biosample, Specimen
from rembi_sheets.submission import Submission
from rembi_sheets.tables import OWN, REPEAT, Repeats


def check(joins: Joins, seen: list[Survey]) -> list[Finding]:
    """Every finding on the rows of Files."""
    sub = joins.submission
    out = [*_no_rows(joins, seen), *_headings(sub, seen)]
    for s in seen:
        if not s.rows:
            continue
        planner = Planner(joins, s)
        out += _shared_headings(sub, planner)
        out += _rows(joins, planner)
    return out


def _no_rows(joins: Joins, seen: list[Survey]) -> Iterator[Finding]:
    sub = joins.submission
    for s in seen:
        with_rows = {sample.image.name for sample in s.used if sample.image}
        for image in derive.images(sub, s.component):
            if image.name not in with_rows:
                at = sub.place(image, "path_pattern" if image.path_pattern else "name")
                label = sub.schema["image_data"]["path_pattern"].label
                yield find("IDR-NO-ROWS", at, value=image.name, column=label, archives=ONLY)


def _headings(sub: Submission, seen: list[Survey]) -> Iterator[Finding]:
    labels = {c.label.casefold() for c in sub.schema["files"].columns if not c.own}
    listed = {e.label.casefold(): e.extra["match"] for e in vocabularies.entries("own_column_reserved")}
    for heading in sub.own_columns:
        reason = ""
        if reserved(heading) or listed.get(heading.casefold()) == "whole":
            reason = "IDR makes a column of this name itself"
        elif heading.casefold() in labels:
            reason = "the sheet has it already"
        elif any(m == "contains" and h in heading.casefold() for h, m in listed.items()):
            reason = "OMERO takes these signs for an instruction"
        if reason:
            yield find(
                "IDR-HEADING", own_columns.heading(sub, OWN + heading), value=heading, reason=reason, archives=ONLY
            )
        elif "/" in heading:
            yield find("IDR-HEADING-SLASH", own_columns.heading(sub, OWN + heading), value=heading, archives=ONLY)


def _shared_headings(sub: Submission, planner: Planner) -> Iterator[Finding]:
    for own in planner.own:
        if own.other:
            at = own_columns.heading(sub, own.name)
            yield find("IDR-HEADING-SHARED", at, value=own.heading, other=own.other, heading=own.idr, archives=ONLY)


@dataclass
class _Seen:
    """What the rows before have shown."""

    images: Repeats = field(default_factory=Repeats)
    wells: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def enough(self, code: str) -> bool:
        """Whether there are findings enough of a code."""
        self.counts[code] = self.counts.get(code, 0) + 1
        return self.counts[code] > own_columns.MOST


def _rows(joins: Joins, planner: Planner) -> Iterator[Finding]:
    """One pass over the rows of a component."""
    s, known = planner.seen, _Seen()
    own = [own_columns.Seen(o) for o in planner.own]
    for part in joins.parts(s.component):
        for column in own:
            column.take(part)
        yield from _open_samples(joins, part, known)
        if s.kind is Kind.SCREEN:
            yield from _wells(joins, s, part, known)
        else:
            known.images.add(zip(part.datasets, part.names, strict=True))
    if s.kind is not Kind.SCREEN:
        yield from _images(joins, s, known)
    for plate, number in s.plate_files.items():
        if number > 1 and plate not in s.containers and not known.enough("IDR-PLATE-FILES"):
            at = joins.submission.file_place(s.plate_rows[plate], "plate")
            yield find("IDR-PLATE-FILES", at, value=plate, n=number, archives=ONLY)
    yield from own_columns.check(joins.submission, planner, own)


def _open_samples(joins: Joins, part: Part, known: _Seen) -> Iterator[Finding]:
    """Rows that must say which of several specimens or biosamples they show (rule 51)."""
    sub = joins.submission
    open_ = {key: _several(sample) for key, sample in part.distinct.items()}
    if not any(open_.values()):
        return
    for row, sample in zip(part.rows, part.samples, strict=True):
        found = open_[id(sample)]
        if found is None or known.enough("IDR-SAMPLE-OPEN"):
            continue
        column, records = found
        shown = sample.image or sample.masks
        yield find(
            "IDR-SAMPLE-OPEN",
            sub.file_place(row, column),
            image=shown.name if shown else "",
            n=len(records),
            what=sub.title(records[0].SHEET).casefold(),
            names=[getattr(r, "name", "") or getattr(r, "identity", "") for r in records][:5],
            archives=ONLY,
        )


def _several(sample: Sample) -> tuple[str, Sequence[Specimen | Biosample]] | None:
    if len(sample.specimens) > 1:
        return "specimen", sample.specimens
    return ("biosample", sample.biosamples) if len(sample.biosamples) > 1 else None


def _images(joins: Joins, s: Survey, known: _Seen) -> Iterator[Finding]:
    """Image names that stand twice in a dataset (rule 53): a second pass, where the first has met any."""
    twice = known.images.twice()
    met: dict[tuple[str, str], list[int]] = {}
    for part in joins.parts(s.component) if twice else ():
        for row, image in zip(part.rows, zip(part.datasets, part.names, strict=True), strict=True):
            if hash(image) in twice:
                met.setdefault(image, []).append(row)
    for (dataset, name), rows in met.items():
        if len(rows) > 1 and not known.enough("IDR-IMAGE-TWICE"):
            at = [joins.submission.file_place(row, "image_name") for row in rows[1:]]
            yield find("IDR-IMAGE-TWICE", at, value=name, dataset=dataset, rows=_together(rows), archives=ONLY)


def _together(rows: Sequence[int]) -> str:
    """The sheet rows that disagree, in words: both, or the first of many."""
    first = [str(row % REPEAT) for row in rows[:3]]
    if len(rows) > 3:
        return f"{', '.join(first)} and {len(rows) - 3} more"
    return " and ".join((", ".join(first[:-1]), first[-1]))


def _wells(joins: Joins, s: Survey, part: Part, known: _Seen) -> Iterator[Finding]:
    """Form of wells, wells without plate, and wells whose rows disagree (rule 53)."""
    sub = joins.submission
    plates, names = part.texts("plate"), part.texts("well")
    compared = ["specimen", "biosample", "experimental_status", *(c for c in part.table.names if c.startswith(OWN))]
    # values are compared only where wells stand in several rows
    values = list(zip(*(part.texts(c) for c in compared), strict=True)) if s.merged else []
    for place, (row, plate, name) in enumerate(zip(part.rows, plates, names, strict=True)):
        if not plate or not name:
            missing, given = ("well", plate) if plate else ("plate", name)
            if (plate or name) and not known.enough("IDR-PLATE-OR-WELL"):
                yield find("IDR-PLATE-OR-WELL", sub.file_place(row, missing), given=given, archives=ONLY)
            continue
        at = wells.parts(name)
        if at is None or at[0] > 32 or at[1] > 48:
            if not known.enough("IDR-WELL"):
                yield find("IDR-WELL", sub.file_place(row, "well"), value=name, archives=ONLY)
            continue
        if not s.merged:
            continue
        first, before = known.wells.setdefault((plate, wells.key(name)), (row, values[place] if values else ()))
        for column, a, b in zip(compared, before, values[place], strict=True):
            if a != b and not known.enough("IDR-WELL-UNLIKE"):
                yield find(
                    "IDR-WELL-UNLIKE",
                    sub.file_place(row, column),
                    value=b,
                    well=name,
                    plate=plate,
                    rows=_together((first, row)),
                    archives=ONLY,
                )
