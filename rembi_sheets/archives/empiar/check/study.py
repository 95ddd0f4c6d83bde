"""What EMPIAR refuses or asks about, beyond the data dictionary: the study itself, and all other rules gathered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.check import images, papers, people
from rembi_sheets.archives.empiar.document import NAME, ONLY
from rembi_sheets.archives.empiar.facts.experiment_type import EntryType, entry_type
from rembi_sheets.archives.empiar.facts.references import References, references
from rembi_sheets.archives.empiar.facts.release import release
from rembi_sheets.findings import Finding, find
from rembi_sheets.submission import Submission


def check(sub: Submission, today: dt.date) -> list[Finding]:
    """All findings; an empty cell that the dictionary demands is reported there."""
    related = references(sub)
    kind = entry_type(sub, bool(related.emdb))
    return [
        *_study(sub, today),
        *_entry_type(sub, today, kind, related),
        *_related(sub, related),
        *_scale(sub),
        *people.check(sub),
        *papers.check(sub, today),
        *images.check(sub),
    ]


def _study(sub: Submission, today: dt.date) -> Iterator[Finding]:
    study = sub.study
    if study.license and study.license != "CC0":
        yield find("EMPIAR-LICENSE", sub.place(study, "license"), value=study.license, archives=ONLY)
    code, meaning, proposed = release(sub, today)
    if proposed:
        yield find(
            "EMPIAR-RELEASE-PROPOSED", sub.place(study, "empiar_release"), value=code, meaning=meaning, archives=ONLY
        )


def _entry_type(sub: Submission, today: dt.date, kind: EntryType, related: References) -> Iterator[Finding]:
    study = sub.study
    at = sub.place(study, "empiar_entry_type")
    if not kind.word and sub.study_components:  # an empty sheet has its own finding
        yield find("EMPIAR-TYPE-UNKNOWN", at, value="; ".join(kind.methods), archives=ONLY)
    if kind.candidates:
        yield find("EMPIAR-TYPE-SEVERAL", at, value=kind.word, candidates=kind.candidates, archives=ONLY)
    code = release(sub, today)[0]
    malformed = any(database == "emdb" for _, database in related.malformed)  # that one has its own finding
    if (kind.word == "EMDB" or code == "EP") and not related.emdb and not malformed:
        where = at if kind.word == "EMDB" else sub.place(study, "empiar_release")
        what = f"entry type {kind.word}" if kind.word == "EMDB" else f"release {code}"
        yield find("EMPIAR-EMDB-MISSING", where, value=what, archives=ONLY)
    if kind.word == "INSILICO":
        yield find("EMPIAR-SIMULATED", at, value=kind.word, archives=ONLY)
    domains = {e.label: e.extra["domain"] for e in vocabularies.entries("imaging_method")}
    only_light = kind.methods and all(domains.get(method) == "LM" for method in kind.methods)
    if only_light and kind.word not in ("", *codes.table("correlative")):
        yield find("EMPIAR-LIGHT", at, value="; ".join(kind.methods), type=kind.word, archives=ONLY)
    if kind.word not in ("", "EMDB") and not study.thumbnail:
        yield find("EMPIAR-THUMBNAIL", sub.place(study, "thumbnail"), value=kind.word, archives=ONLY)
    if study.thumbnail and sub.inventory is not None and study.thumbnail not in sub.inventory:
        yield find("EMPIAR-THUMBNAIL-MISSING", sub.place(study, "thumbnail"), value=study.thumbnail, archives=ONLY)


def _related(sub: Submission, related: References) -> Iterator[Finding]:
    titles = {"emdb": "EMDB", "empiar": "EMPIAR", "biostudies": "BioStudies", "idr": "IDR", "workflows": "WorkflowHub"}
    for link, kind in related.malformed:
        yield find("EMPIAR-ACCESSION", sub.place(link, "link"), value=link.link, database=titles[kind], archives=ONLY)


def _scale(sub: Submission) -> Iterator[Finding]:
    scales = [(c, c.scale) for c in derive.components(sub, NAME) if c.scale]
    if len({s for _, s in scales}) > 1:
        component, scale = scales[0]
        at = [p for c, s in scales[1:] if s != scale and not isinstance(p := sub.place(c, "scale"), str)]
        yield find("EMPIAR-SCALE-SEVERAL", at, value=scale, component=component.name, archives=ONLY)
