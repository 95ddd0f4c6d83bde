"""A screen or an experiment -> its study component, samples, image data, results and rows of Files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from rembi_sheets.archives.idr.document import Component, Kind
from rembi_sheets.archives.idr.facts import headings, kept, sizes, text, wells
from rembi_sheets.archives.idr.restore import channels, correlations
from rembi_sheets.archives.idr.restore.applied import Applied, applied
from rembi_sheets.archives.idr.restore.images import Imager, Images
from rembi_sheets.archives.idr.restore.lines import Lines, Notes
from rembi_sheets.archives.idr.restore.paths import Places, places
from rembi_sheets.archives.idr.restore.protocols import Protocol, Stage, protocol_name, protocols
from rembi_sheets.archives.idr.restore.results import Analyst, Results
from rembi_sheets.archives.idr.restore.samples import Sampler, Samples
from rembi_sheets.archives.idr.restore.sheet import Sheet, sheet
from rembi_sheets.archives.idr.restore.study import organisms
from rembi_sheets.archives.idr.restore.words import Names, terms, word
from rembi_sheets.coded import Coded, together
from rembi_sheets.records import Channel, ImageCorrelation, ImageData, Link, StudyComponent
from rembi_sheets.values import Term

_NAME = 80  # letters of a first sentence that is taken for the name
_SENTENCE = re.compile(rf"([^.;]{{3,{_NAME}}})\. (?=\S)")
_EXTENTS = re.compile(r"(?<![\d.])[1-9]\d{,8}(?:\s*[x×*]\s*[1-9]\d{,8}){1,4}(?![\d.])")
_COUNT = re.compile(r"5D Images:\s*([\d,]{1,12})\Z")
_NOTHING = ("none", "n/a", "no")


@dataclass
class Taken:
    """Names of rows that stand already, by sheet."""

    biosamples: Names = field(default_factory=Names)
    specimens: Names = field(default_factory=Names)
    image_data: Names = field(default_factory=Names)
    acquisitions: Names = field(default_factory=Names)
    components: Names = field(default_factory=Names)
    analyses: Names = field(default_factory=Names)


@dataclass
class Part:
    """What a component gives to the study."""

    component: StudyComponent
    sheet: Sheet
    places: Places
    samples: Samples
    images: Images
    results: Results
    channels: list[Channel]
    correlations: list[ImageCorrelation]
    links: list[Link]
    variables: tuple[str, ...]


def part(document: Component, study: str, common: tuple[Term, ...], notes: Notes, taken: Taken) -> Part:
    """One component, its lines and rows; what has no place is noted."""
    word_ = document.kind.value
    lines = Lines(document.blocks, document.folder or f"{word_} {document.number}", notes, document.kind)
    rows = sheet(document, notes)
    found = protocols(lines)
    record = _component(lines, document, found, taken.components)
    own = organisms(lines, word_) or common
    variables = _variables(lines, document.kind)
    where = places(document, rows, study, notes)
    _take_paths(rows, where)
    stages = applied(rows, found)
    sampler = Sampler(rows, own, stages, variables, record.name, notes, taken.biosamples, taken.specimens)
    made = sampler.samples()
    imager = Imager(
        rows,
        record,
        made.of_row,
        stages,
        lines.texts("Raw Image Data Format"),
        where.paths,
        taken.image_data,
        taken.acquisitions,
    )
    images = imager.images()
    images = _sized(images, lines, document.kind, rows)
    if not rows.listed and where.paths[0]:
        images.image_data = [replace(images.of_row[0], path_pattern=f"{where.paths[0]}/")]
        images.of_row = images.of_row.holding(images.image_data)
    analyses = _analyses(found, stages, images)
    of_all = tuple(images.image_data)
    results = Analyst(
        document, lines, rows, of_all, analyses, _shown(stages, images), record.name, notes, taken.analyses
    ).results()
    out = Part(
        record,
        rows,
        where,
        made,
        images,
        results,
        _channels(made, images, rows),
        correlations.correlations([p for p in found if p.stage is Stage.CORRELATION], images.image_data),
        data_links(lines, word_),
        variables,
    )
    _keep_names(lines, found, out)
    lines.unread()
    out.component = replace(record, comments="\n".join(filter(None, (record.comments, *lines.kept))))
    return out


def _keep_names(lines: Lines, found: list[Protocol], made: Part) -> None:
    """Names of protocols that no record has: of those without a text, and of one that is alone in its stage."""
    records = (made.samples.specimens, made.images.image_data, made.images.acquisitions, made.results.analysed)
    names = {r.name.casefold() for of_kind in records for r in of_kind}
    alone = {stage for stage, number in Counter(p.stage for p in found).items() if number == 1}
    for p in found:
        own = protocol_name(p.own_name)
        if own and (p.stage in alone or own.casefold() not in names):
            lines.keep("Protocol Name", p.name if p.type in ("", p.name) else f"{p.name} ({p.type})")


def data_links(lines: Lines, scope: str) -> list[Link]:
    """The DOI of a component's data."""
    from rembi_sheets.archives.idr.restore.study import data_doi

    return data_doi(lines, scope)


def _component(lines: Lines, document: Component, found: list[Protocol], names: Names) -> StudyComponent:
    kind = document.kind.value
    lines.ignore(f"{kind} Number", f"Comment[IDR {kind} Name]", "Library File Format", "Library File Name")
    lines.ignore("Experiment Assay File", "Experiment Assay File Format")
    for label in ("Screen Technology Type", "Screen Technology", "Screen Type", "Library Type"):
        lines.ignore(f"{label} Term Source REF", f"{label} Term Accession")
    name, description = _named(" ".join(lines.texts(f"{kind} Description")), document, names)
    method = [f"{kind} Imaging Method{k}" for k in ("", " Term Source REF", " Term Accession")]

    def of(key: str, vocabulary: str) -> str:
        said = "; ".join(lines.texts(key))
        return word(said, vocabulary) if said else ""

    library = [p.text for p in found if p.stage is Stage.LIBRARY]
    screen = document.kind is Kind.SCREEN
    if library and not screen:
        lines.note("Protocol Description", f"a library, which experiments have no place for: {' '.join(library)}")
    return StudyComponent(
        name=names.name(name),
        imaging_methods=terms(lines.columns(*method), "imaging_method"),
        description=description,
        scale=of(f"{kind} Sample Type", "scale"),
        screen_type=of("Screen Type", "screen_type"),
        screen_technology=of("Screen Technology Type", "screen_technology"),
        library_type=of("Library Type", "library_type"),
        library_manufacturer="; ".join(lines.texts("Library Manufacturer")),
        library_version="; ".join(lines.texts("Library Version")),
        library_description=text.prose(*library) if screen else "",
        raw_image_organisation=text.prose(*lines.texts("Raw Image Organization")),
        quality_control=text.prose(*lines.texts("Quality Control Description")),
        comments="\n".join(lines.texts(f"{kind} Comments")),
        example_images=lines.texts(f"{kind} Example Images"),
    )


def _named(description: str, document: Component, taken: Names) -> tuple[str, str]:
    """Name and description: a short first sentence that no other has names the component, else its number does."""
    found = _SENTENCE.match(description)
    if found and found[1] not in taken:
        return found[1], description[found.end() :]
    letter = document.folder.removeprefix(document.kind.value.lower()) or str(document.number)
    return f"{document.kind.value} {letter}", description


def _variables(lines: Lines, kind: Kind) -> tuple[str, ...]:
    """The names of what was varied; a text that is no name is listed."""
    scope = "Library" if kind is Kind.SCREEN else "Assay"
    key = f"{scope} Experimental Conditions"
    lines.ignore(f"{key} Term Source REF", f"{key} Term Accession")
    out = []
    for value in lines.texts(key):
        if value.casefold() in _NOTHING:
            continue
        if len(value) > 60 or ";" in value or value.endswith("."):
            lines.keep(key, value)
        else:
            out.append(value)
    return tuple(dict.fromkeys(out))


def _take_paths(rows: Sheet, where: Places) -> None:
    """Columns that only repeat the path."""
    told = rows.named(headings.PATH)
    if told and all(not v or v == p for v, p in together(rows.rows, told[0].values, where.paths).values):
        rows.take(told)
    file = [c for c in rows.named(headings.IMAGE_FILE) if c.added]
    rows.take(file)
    rows.take(c for c in rows.named(headings.PROCESSED_FILE) if c.added)
    rows.take(rows.named(headings.PLATE, headings.WELL, headings.DATASET, headings.IMAGE))
    rows.take(c for c in rows.named(headings.WELL_NUMBER) if _counted(c.values, rows))


def _counted(numbers: Coded[str], rows: Sheet) -> bool:
    """Are numbers of wells those that follow from the plates?"""
    named = rows.values(headings.WELL)
    columns = wells.layout(zip(rows.values(headings.PLATE), named, strict=True))
    return bool(columns) and all(n == wells.number(w, columns) for n, w in together(rows.rows, numbers, named).values)


def _sized(images: Images, lines: Lines, kind: Kind, rows: Sheet) -> Images:
    """Numbers of images and planes, where all rows are one group; they cannot be told apart otherwise.

    What is said otherwise than it follows from rows and image data is kept.
    """
    said = lines.texts(kept.size_key(kind))
    first = images.image_data[0] if images.image_data else None
    for value in said:
        counted, extents = _COUNT.match(value), _EXTENTS.search(value)
        count = int(counted[1].replace(",", "")) if counted else 0
        if value.startswith(("Plates:", "Planes:")):
            continue
        if count and (count == rows.rows or len(images.image_data) == 1) and first:
            if kind is Kind.SCREEN or count != rows.rows:
                first = replace(first, image_count=count)
        elif extents and first:
            numbers = [int(n) for n in re.findall(r"\d+", extents[0])]
            x, y, z, c, t = (*numbers, None, None, None)[:5]
            first = replace(first, size_x=x, size_y=y, size_z=z, size_c=c, size_t=t)
    if first and first != images.image_data[0]:
        old = images.image_data[0]
        swap = {id(old): first}
        images.image_data = [swap.get(id(d), d) for d in images.image_data]
        images.image_data = [
            replace(d, source_image_data=tuple(first if s == old else s for s in d.source_image_data))
            if old in d.source_image_data
            else d
            for d in images.image_data
        ]
        by_name = {d.name: d for d in images.image_data}
        images.of_row = images.of_row.holding([by_name[d.name] for d in images.of_row.values])
    plates = len(set(rows.values(headings.PLATE).values) - {""})
    follow = sizes.sizes(kind, plates, rows.rows if rows.listed else 0, images.image_data)
    known = set(map(sizes.alike, follow))
    for value in said:
        if sizes.alike(value) not in known and not value.rstrip().endswith(":"):
            lines.keep(kept.size_key(kind), value)
    return images


def _analyses(found: list[Protocol], stages: Applied, images: Images) -> list[Protocol]:
    """The analyses that are not how image data were processed."""
    processing = {d.processing for d in images.image_data}
    return [p for p in found if p.stage is Stage.ANALYSIS and p.text not in processing]


def _shown(stages: Applied, images: Images) -> dict[Protocol, tuple[ImageData, ...]]:
    """The image data to whose rows each analysis applies."""
    out: dict[Protocol, set[str]] = {}
    for applied_, image in together(len(images.of_row), stages[Stage.ANALYSIS], images.of_row).values:
        for p in applied_:
            out.setdefault(p, set()).add(image.name)
    return {p: tuple(d for d in images.image_data if d.name in found) for p, found in out.items()}


def _channels(made: Samples, images: Images, rows: Sheet) -> list[Channel]:
    """The channels of each pair of specimen and image data, as the first of its rows that tells any tells them."""
    pairs: dict[tuple[int, int], tuple[channels.Pair, tuple[channels.Shown, ...]]] = {}
    cells = (rows.values(headings.CHANNELS), rows.values(headings.CHANNEL_CONTENT))
    for specimen, image, *shown in together(rows.rows, made.of_row, images.of_row, *cells).values:
        key = (id(specimen), id(image))
        if key not in pairs or not pairs[key][1]:
            pairs[key] = ((specimen, image), channels.channels(*shown))
    return channels.records(list(pairs.values()))
