"""The lines of the study file that are about one screen or experiment."""

from __future__ import annotations

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr.build import protocols
from rembi_sheets.archives.idr.build.study import organism_lines
from rembi_sheets.archives.idr.document import Block, Kind, Line
from rembi_sheets.archives.idr.facts import kept, sizes, sources
from rembi_sheets.archives.idr.facts.processed import FEATURES, Processed, analyses, phenotypes
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.idr.facts.text import prose, value
from rembi_sheets.records import ImageData, Phenotype, StudyComponent
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term

TABBED = "tab-delimited text"
_TISSUE = ("tissue", "organism")


def sample_type(scale: str) -> str:
    """Scale as IDR's Sample Type: cell or tissue."""
    return "" if not scale else "tissue" if scale in _TISSUE else "cell"


def of_list(word: str, name: str) -> tuple[str, str, str]:
    """A word of a list with its ontology and accession."""
    entry = vocabularies.resolve(word, name).entry if word else None
    return (value(word), *sources.split(entry.id if entry else ""))


def organisms(sub: Submission, component: StudyComponent) -> tuple[Term, ...]:
    """The organisms of a component, in the order of its image data."""
    return tuple(
        dict.fromkeys(
            o
            for d in derive.images(sub, component)
            for s in derive.specimens(d)
            for b in derive.biosamples(d, s)
            for o in b.organisms
        )
    )


def blocks(
    sub: Submission,
    seen: Survey,
    name: str,
    own_organisms: tuple[Term, ...],
    variables: tuple[str, ...],
    processed: Processed | None,
) -> tuple[Block, ...]:
    """Every block of a component, in the order of IDR's templates; the Number line opens it."""
    c, word = seen.component, seen.kind.value
    comments, more = kept.apart(c.comments, (*kept.OF_STUDY, kept.size_key(seen.kind)))
    screen = seen.kind is Kind.SCREEN
    images = derive.images(sub, c)
    ids = [sources.split(m.id) for m in c.imaging_methods]
    head = [
        Line(f"{word} Number", (str(seen.number),)),
        Line(f"Comment[IDR {word} Name]", (f"{name}/{seen.folder}",)),
        Line(f"{word} Sample Type", (sample_type(c.scale),)),
        Line(f"{word} Description", (prose(c.name, c.description),)),
        Line(kept.size_key(seen.kind), size(seen, images)),
        Line(f"{word} Example Images", tuple(value(e) for e in c.example_images)),
        Line(f"{word} Imaging Method", tuple(value(m.label) for m in c.imaging_methods)),
        Line(f"{word} Imaging Method Term Source REF", tuple(r for r, _ in ids)),
        Line(f"{word} Imaging Method Term Accession", tuple(a for _, a in ids)),
    ]
    if screen:
        for label, (text, ref, code) in (
            ("Screen Technology Type", of_list(c.screen_technology, "screen_technology")),
            ("Screen Type", of_list(c.screen_type, "screen_type")),
        ):
            head += [
                Line(label, (text,)),
                Line(f"{label} Term Source REF", (ref,)),
                Line(f"{label} Term Accession", (code,)),
            ]
    if own_organisms:
        head += organism_lines(word, own_organisms)
    head.append(Line(f"{word} Comments", tuple(map(value, comments))))
    prefix = f"{name.partition('-')[0]}-{seen.folder}"
    made = [
        Block(f"{word.upper()} SECTION", tuple(head)),
        library(c, prefix, variables) if screen else assays(c, prefix, variables),
        protocols.block(protocols.protocols(sub, seen)),
        phenotype_block(phenotypes(sub, c)),
    ]
    if screen:
        formats = dict.fromkeys(derive.format_text(d) for d in images if d.file_format)
        made.append(
            Block(
                "Raw Data Files",
                (
                    Line("Raw Image Data Format", tuple(value(f) for f in formats)),
                    Line("Raw Image Organization", (value(c.raw_image_organisation),)),
                ),
            )
        )
    made += [features(sub, c), results(sub, seen, prefix, processed)]
    return tuple(kept.placed(made, [(k, value(v)) for k, v in more if k not in kept.OF_STUDY]))


def size(seen: Survey, images: tuple[ImageData, ...]) -> tuple[str, ...]:
    """Plates, images, planes, dimension and terabytes, as far as they are known."""
    said = sizes.sizes(seen.kind, len(seen.plates), seen.rows, images)
    return (*said, f"Total Tb: {seen.size / 1e12:.6f}".rstrip("0").rstrip(".")) if seen.size else said


def library(c: StudyComponent, prefix: str, variables: tuple[str, ...]) -> Block:
    """The library of a screen."""
    text, ref, code = of_list(c.library_type, "library_type")
    return Block(
        "Library section",
        (
            Line("Library File Name", (f"{prefix}-library.txt",)),
            Line("Library File Format", (TABBED,)),
            Line("Library Type", (text,)),
            Line("Library Type Term Source REF", (ref,)),
            Line("Library Type Term Accession", (code,)),
            Line("Library Manufacturer", (value(c.library_manufacturer),)),
            Line("Library Version", (value(c.library_version),)),
            Line("Library Experimental Conditions", variables),
            Line("Library Experimental Conditions Term Source REF"),
            Line("Library Experimental Conditions Term Accession"),
            Line("Quality Control Description", (value(c.quality_control),)),
        ),
    )


def assays(c: StudyComponent, prefix: str, variables: tuple[str, ...]) -> Block:
    """The assays file of an experiment."""
    return Block(
        "Assay files",
        (
            Line("Experiment Assay File", (f"{prefix}-assays.txt",)),
            Line("Experiment Assay File Format", (TABBED,)),
            Line("Assay Experimental Conditions", variables),
            Line("Assay Experimental Conditions Term Source REF"),
            Line("Assay Experimental Conditions Term Accession"),
            Line("Quality Control Description", (value(c.quality_control),)),
        ),
    )


def phenotype_block(found: tuple[Phenotype, ...]) -> Block:
    """Phenotypes; IDR's join reads these lines by their position: three for each term, one triple below the other."""
    lines: list[Line] = []
    for n in range(max((len(p.terms) for p in found), default=0) or 1):
        terms = [p.terms[n] if n < len(p.terms) else Term("") for p in found]
        ids = [sources.split(t.id) for t in terms]
        lines += [
            Line("Phenotype Term Source REF", tuple(r for r, _ in ids)),
            Line("Phenotype Term Name", tuple(value(t.label) for t in terms)),
            Line("Phenotype Term Accession", tuple(a for _, a in ids)),
        ]
    return Block(
        "Phenotypes",
        (
            Line("Phenotype Name", tuple(value(p.name) for p in found)),
            Line("Phenotype Description", tuple(value(p.description) for p in found)),
            Line("Phenotype Score Type", tuple(value(p.score_type) for p in found)),
            *lines,
        ),
    )


def features(sub: Submission, c: StudyComponent) -> Block:
    """Result files of the feature level."""
    found = [a for a in analyses(sub, c) if a.result_level == FEATURES]
    files = [(a, f) for a in found for f in a.result_files] or [(a, "") for a in found]
    columns = [p for a in found for p in sub.processed_columns if p.analysed_data == a]
    return Block(
        "Feature Level Data Files",
        (
            Line("Feature Level Data File Name", tuple(value(f) for _, f in files)),
            Line("Feature Level Data File Format", tuple(file_format(f) for _, f in files)),
            Line(
                "Feature Level Data File Description", tuple(prose(a.result_description, a.data_used) for a, _ in files)
            ),
            Line("Feature Level Data Column Name", tuple(value(p.column_name) for p in columns)),
            Line("Feature Level Data Column Description", tuple(value(p.description) for p in columns)),
        ),
    )


def results(sub: Submission, seen: Survey, prefix: str, processed: Processed | None) -> Block:
    """Tables of results; the columns are those of the first, which is joined to the rows."""
    found = [a for a in analyses(sub, seen.component) if a.result_level != FEATURES]
    files = [(a, f) for a in found for f in a.result_files]
    if processed:
        files.sort(key=lambda x: (x[0] != processed.analysis, x[1] != processed.path))
    names = []
    for n, (_, path) in enumerate(files):
        joined = processed is not None and n == 0 and processed.table is not None
        names.append((f"{prefix}-processed.txt", TABBED) if joined else (value(path), file_format(path)))
    columns = processed.columns if processed else ()
    word = "Library" if seen.kind is Kind.SCREEN else "Assay"
    return Block(
        "Processed Data Files",
        (
            Line("Processed Data File Name", tuple(n for n, _ in names)),
            Line("Processed Data File Format", tuple(f for _, f in names)),
            Line("Processed Data File Description", tuple(value(a.result_description) for a, _ in files)),
            Line("Processed Data Column Name", tuple(value(p.column_name) for p in columns)),
            Line("Processed Data Column Type", tuple(value(p.column_type) for p in columns)),
            Line("Processed Data Column Annotation Level", tuple(value(p.annotation_level) for p in columns)),
            Line("Processed Data Column Description", tuple(value(p.description) for p in columns)),
            Line(f"Processed Data Column Link To {word} File", processed.links if processed else ()),
        ),
    )


def file_format(path: str) -> str:
    """The format of a file as its name tells it."""
    ending = path.rpartition(".")[2].casefold() if "." in path.rpartition("/")[2] else ""
    known = {"txt": TABBED, "tsv": TABBED, "tab": TABBED, "csv": "comma-delimited text", "xlsx": "Excel workbook"}
    return known.get(ending, ending)
