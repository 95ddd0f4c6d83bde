"""What IDR needs of the study and its records that the data dictionary cannot say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr.check import files, results
from rembi_sheets.archives.idr.document import NAME, ONLY, Kind
from rembi_sheets.archives.idr.facts import naming, samples, text
from rembi_sheets.archives.idr.facts.survey import Survey, surveyed
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import Biosample, Record
from rembi_sheets.schema import Fate
from rembi_sheets.schema import Kind as Cell
from rembi_sheets.submission import Submission, fold
from rembi_sheets.tables import OWN
from rembi_sheets.values import UNREADABLE

# licences that IDR takes without asking
_WELCOME = ("CC BY 4.0", "CC0")
_SUFFIXES = ("Jr", "Sr", "II", "III", "IV")
# words by which IDR's join of library and results finds its way
_PHRASES = (
    "Screen Number",
    "Phenotype Name",
    "Phenotype Term Source REF",
    "Processed Data Column Link To Library File",
)
_FLUORESCENT = ("fluorescent protein", "fluorescent dye", "immunofluorescence")
# The DOI as IDR's programs want it: somewhere in it a word ends.
_PUBMED, _PMC, _DOI = re.compile(r"\d+\Z"), re.compile(r"PMC\d+\Z"), re.compile(r"(?=\S+\Z)10\.\d+/\S+\b")
_INITIALS = re.compile(r"[^\W\d_a-z]{1,5}")


def check(sub: Submission, today: dt.date) -> list[Finding]:
    """Every finding of IDR's own rules; unsorted."""
    joins, seen = sub.once(surveyed)
    return [
        *_study(sub, seen),
        *_publications(sub),
        *_components(sub, seen),
        *_samples(sub, seen),
        *_texts(sub, seen),
        *files.check(joins, seen),
        *results.check(joins, seen),
    ]


def _study(sub: Submission, seen: list[Survey]) -> Iterator[Finding]:
    s = sub.study
    if s.license:
        if not naming.licence(s.license)[1]:
            yield find("IDR-LICENCE-ADDRESS", sub.place(s, "license"), value=s.license, archives=ONLY)
        elif s.license not in _WELCOME:
            yield find("IDR-LICENCE", sub.place(s, "license"), value=s.license, archives=ONLY)
    if not s.idr_word and (s.keywords or s.study_title):
        word = naming.handle(sub)
        source = s.keywords[0] if s.keywords and word in text.plain_letters(s.keywords[0]) else s.study_title
        at = sub.place(s, "idr_word")
        yield find("IDR-WORD-MADE", at, value=source, name=naming.study_name(sub), archives=ONLY)
    if sub.people and "-" not in s.idr_word:
        first = sub.people[0]
        if first.last_name and not text.name_letters(first.last_name):
            yield find("IDR-LAST-NAME", sub.place(first, "last_name"), value=first.last_name, archives=ONLY)
    if not seen:
        places = [sub.place(c, "archives") for c in sub.study_components]
        at = next(iter(places), sub.title("study_components"))
        yield find("IDR-NO-COMPONENT", at, column=sub.schema["study_components"]["archives"].label, archives=ONLY)


def _publications(sub: Submission) -> Iterator[Finding]:
    for number, p in enumerate(sub.publications):
        if not p.authors and number and p.title:
            yield find("IDR-AUTHORS-MISSING", sub.place(p, "authors"), value=p.title, archives=ONLY)
        for author in derive.paper_authors(p):
            if not _last_and_initials(author):
                yield find("IDR-AUTHOR-FORM", sub.place(p, "authors"), value=author, archives=ONLY)
        for name, form in (("pubmed_id", _PUBMED), ("pmc_id", _PMC), ("doi", _DOI)):
            given = text.value(getattr(p, name))
            if given and not form.match(given):
                yield find("IDR-IDENTIFIER-FORM", sub.place(p, name), value=given, archives=ONLY)


def _last_and_initials(author: str) -> bool:
    """'Last AB' or 'Last, AB'; a name of one word, such as that of a consortium, is taken as it is."""
    _, comma, rest = author.partition(",")
    words = [w for w in (rest if comma else author).split() if w.strip(".,") not in _SUFFIXES]
    if comma and words and not all(_INITIALS.fullmatch(re.sub(r"[.\-]", "", w)) for w in words):
        return False
    end = re.sub(r"[.\-]", "", words[-1]) if words else ""
    return len(words) + bool(comma) < 2 or _INITIALS.fullmatch(end) is not None


def _components(sub: Submission, seen: list[Survey]) -> Iterator[Finding]:
    for s in seen:
        c = s.component
        if s.with_well and s.with_well < s.rows:
            yield find(
                "IDR-MIXED",
                sub.place(c, "name"),
                value=c.name,
                wells=s.with_well,
                images=s.rows - s.with_well,
                archives=ONLY,
            )
        if s.kind is Kind.SCREEN:
            if not c.screen_type:
                yield find("IDR-SCREEN-TYPE", sub.place(c, "screen_type"), value=c.name, archives=ONLY)
        elif s.rows:
            for name in s.out_of_place:
                yield find("IDR-NOT-A-SCREEN", sub.place(c, name), value=c.name, archives=ONLY)
        if s.size > 1000 * 10**9:
            yield find("IDR-SIZE", sub.place(c, "name"), value=s.size // 10**9, archives=ONLY)


def _samples(sub: Submission, seen: list[Survey]) -> Iterator[Finding]:
    """Kinds of entities (rule 34), experimental variables (35), channels (55) of what goes to IDR."""
    filled = [h for h in sub.own_columns if any(OWN + h in s.filled for s in seen)]
    own = {fold(h) for h in filled}
    own |= {fold(e.label) for h in filled if (e := vocabularies.resolve(h, "own_column").entry)}
    images = [d for s in seen for d in derive.images(sub, s.component)]
    used = dict.fromkeys(x for d in images for x in derive.specimens(d))
    biosamples = dict.fromkeys(b for d in images for x in derive.specimens(d) for b in derive.biosamples(d, x))
    for b in biosamples:
        if not b.organisms and not sub.typed(b, "organisms"):
            yield find("IDR-ORGANISM", sub.place(b, "organisms"), value=b.identity, archives=ONLY)
    for b in biosamples:
        for n, term in enumerate(b.biological_entities):
            given = b.entity_kinds[n] if n < len(b.entity_kinds) else ""
            if not samples.kind_of(term, given):
                yield find("IDR-KIND-UNKNOWN", sub.place(b, "entity_kinds"), value=term.label, archives=ONLY)
        for variable in b.experimental_variables:
            name = variable.partition(":")[0].strip()
            if not _seen(name, variable, b, own):
                yield find("IDR-VARIABLE-UNSEEN", sub.place(b, "experimental_variables"), value=name, archives=ONLY)
    for channel in sub.channels:
        if any(x in used for x in channel.specimens) and not channel.content and not channel.biological_entity:
            at = sub.place(channel, "biological_entity")
            yield find("IDR-CHANNEL-EMPTY", at, value=channel.channel_name, archives=ONLY)
    with_channels = {x for c in sub.channels for x in c.specimens}
    for x in used:
        light = [m for m in x.signal_contrast if m in _FLUORESCENT]
        if light and x not in with_channels:
            at = sub.place(x, "signal_contrast")
            yield find("IDR-CHANNEL-MISSING", at, value=x.name, mechanism=light[0], archives=ONLY)


def _seen(name: str, variable: str, biosample: Biosample, own: set[str]) -> bool:
    """Whether the values of a variable are told: a column of Files, its value beside it, or a named variable."""
    entry = vocabularies.resolve(name, "own_column").entry
    names = {fold(name), *([fold(entry.label)] if entry else [])}
    inner = {re.sub(r"^.*\[|\]$", "", h) for h in own}
    named = {fold(v.name) for v in (*biosample.extrinsic_variables, *biosample.intrinsic_variables) if v.name}
    first = {words[0] for h in own if len(words := h.split()) > 1 and words[-1] != "unit"}
    return bool(":" in variable or names & (own | inner | named | first))


def _texts(sub: Submission, seen: list[Survey]) -> Iterator[Finding]:
    """Text that the study file cannot hold as it is, and words that IDR's join stumbles over."""
    images = [d for s in seen for d in derive.images(sub, s.component)]
    specimens = {x for d in images for x in derive.specimens(d)}
    shown_here: dict[str, Collection[Record]] = {
        "study_components": [s.component for s in seen],
        "image_data": images,
        "specimens": specimens,
        "biosamples": {b for x in specimens for b in x.biosamples},
        "image_acquisition": {a for d in images for a in derive.acquisitions(d)},
    }
    rows = {name: {record.row for record in records} for name, records in shown_here.items()}
    for sheet in sub.schema.sheets:
        if sheet.name == "files":
            continue
        table = sub.tables[sheet.name]
        for column in sheet.columns:
            kept = column.archives[NAME].fate in (Fate.FIELD, Fate.TEXT)
            if not kept or column.kind not in (Cell.TEXT, Cell.LONGTEXT) or column.name not in table.names:
                continue
            for row, cell in zip(table.rows, table.values(column.name), strict=True):
                if cell is None or cell is UNREADABLE or row not in rows.get(sheet.name, (row,)):
                    continue
                shown = "; ".join(cell) if isinstance(cell, tuple) else str(cell)
                what = text.changed(shown)
                at = table.place(row, column.name)
                if what:
                    yield find("IDR-TEXT", at, value=shown[:40], what=" and ".join(what), archives=ONLY)
                for phrase in _PHRASES:
                    if phrase in shown:
                        yield find("IDR-PHRASE", at, value=phrase, archives=ONLY)


def name_of(record: Record) -> str:
    """What a record is called."""
    return str(getattr(record, "name", "") or getattr(record, "identity", ""))
