"""Rules of BioImage Archive that the data dictionary cannot say: the study, its people's papers, grants and links.

Numbers in `rules` of the catalogue are those of the workbook's design; R-numbers come from what the archive's
staff had to correct by hand in published submissions.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from rembi_sheets.archives.bioimage_archive.check import files, images, paths
from rembi_sheets.archives.bioimage_archive.document import ONLY
from rembi_sheets.archives.bioimage_archive.facts import links, terms
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import Record
from rembi_sheets.submission import Submission
from rembi_sheets.values import addresses, is_elsewhere

YEARS_AHEAD = 2

# Words that send the reader elsewhere; staff found them as whole protocols of published studies.
_ELSEWHERE = re.compile(
    r"(?i)\b(?:see|as (?:described )?in|refer to|described in)\s+(?:the\s+|our\s+)?"
    r"(?:manuscript|paper|publication|article|text|methods)\b|\bdiverse\b"
)
_SHORT = 150
_TEXTS = (
    ("specimens", ("preparation", "growth_protocol")),
    ("image_acquisition", ("instrument", "parameters")),
    ("study_components", ("description",)),
    ("image_correlation", ("alignment",)),
    ("analysed_data", ("method",)),
    ("annotations", ("overview", "method")),
)


def check(submission: Submission, today: dt.date) -> list[Finding]:
    """All findings of this archive."""
    scope = Scope(submission)
    return [
        *_release(submission, today),
        *_licence(submission),
        *_data_folder(submission),
        *_papers(submission),
        *_grants(submission),
        *_links(scope),
        *_texts(submission),
        *images.check(scope),
        *files.check(scope),
    ]


def finding(code: str, at: Place | str | list[Place], **fields: object) -> Finding:
    """A finding that holds for this archive alone."""
    return find(code, at, archives=ONLY, **fields)  # type: ignore[arg-type]


def _release(sub: Submission, today: dt.date) -> Iterator[Finding]:
    date = sub.study.release_date
    if date is None:
        return
    last = latest_release(today)
    if not today <= date <= last:
        place = sub.place(sub.study, "release_date")
        yield finding("BIA-RELEASE-DATE", place, value=date, first=today, last=last)


def latest_release(today: dt.date) -> dt.date:
    """The last day the archive's form takes: two years ahead (28 February for a leap day)."""
    try:
        return today.replace(year=today.year + YEARS_AHEAD)
    except ValueError:
        return today.replace(year=today.year + YEARS_AHEAD, day=28)


def _licence(sub: Submission) -> Iterator[Finding]:
    given = sub.study.license
    if given and not terms.is_offered(given):
        code = "BIA-LICENCE-OTHER" if terms.known_licence(given) else "BIA-LICENCE"
        yield finding(code, sub.place(sub.study, "license"), value=given)


def _data_folder(sub: Submission) -> Iterator[Finding]:
    folder = sub.study.data_folder
    if folder and not paths.is_taken(folder):
        place = sub.place(sub.study, "data_folder")
        yield finding("BIA-PATH", place, value=folder, wrong=paths.offence(folder), allowed=paths.ALLOWED, n=1)


def _papers(sub: Submission) -> Iterator[Finding]:
    for paper in sub.publications:
        if paper.year is None and (paper.title or paper.doi):
            yield finding("BIA-YEAR-MISSING", sub.place(paper, "year"), value=paper.title or paper.doi)


def _grants(sub: Submission) -> Iterator[Finding]:
    for grant in sub.funding:
        if grant.funder and not grant.grant_id:
            yield finding("BIA-GRANT-NUMBER", sub.place(grant, "grant_id"), value=grant.funder)


def _links(scope: Scope) -> Iterator[Finding]:
    sub = scope.submission
    for link in sub.links:
        if link.link and links.resolve(link.link, link.link_type) is None:
            meant = addresses.near(link.link)
            at = sub.place(link, "link")
            yield finding("BIA-LINK", at, value=link.link, suggestions=(meant,) if meant else ())


def _texts(sub: Submission) -> Iterator[Finding]:
    """Texts that say nothing, and names that repeat the title of the study: taken, but of no use to a reader."""
    for sheet, names in _TEXTS:
        for record in _records(sub, sheet):
            for name in names:
                text = getattr(record, name)
                if len(text) > _SHORT or not _ELSEWHERE.search(text):
                    continue
                typed = text.partition("\n")[0]  # lines of other columns may follow
                if not is_elsewhere(typed):  # else it is told for every archive
                    yield finding("BIA-TEXT-ELSEWHERE", sub.place(record, name), value=typed)
    title = sub.study.study_title
    for sheet, name in (("study_components", "name"), ("biosamples", "identity"), ("specimens", "name")):
        for record in _records(sub, sheet):
            if title and getattr(record, name) == title:
                yield finding("BIA-NAME-IS-TITLE", sub.place(record, name), value=title)


def _records(sub: Submission, sheet: str) -> Iterable[Record]:
    records: Iterable[Record] = getattr(sub, sheet)
    return records
