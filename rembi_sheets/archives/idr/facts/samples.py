"""What a Sample says in one cell: entities with their kind, channels, type and comments of its files."""

from __future__ import annotations

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.archives.idr.facts.cells import joined_text
from rembi_sheets.archives.idr.facts.rows import Sample
from rembi_sheets.values import Term, split_id

EMPTY_WELL = "empty well"
PROCESSED_CLASSES = ("processed", "segmentation")


def kind_of(term: Term, given: str) -> str:
    """The kind of an entity: as given, else as the vocabulary knows it, else by its identifier; '' unknown.

    The vocabulary goes before the identifier's prefix, since EFO has terms of parts and of strains too.
    """
    if given:
        return given
    entry = vocabularies.by_id(term.id, "biological_entity") if term.id else None
    entry = entry or vocabularies.resolve(term.label, "biological_entity").entry
    return vocabularies.kind_of(entry or vocabularies.Entry(term.label, term.id), "biological_entity")


def control_type(status: str) -> str:
    """Experimental status as IDR's Control Type."""
    return {"test": "", "control": "unknown control"}.get(status, status)


def entities(sample: Sample) -> list[tuple[Term, str]]:
    """Biological entities of a Sample, each with its kind ('' unknown)."""
    out: dict[tuple[Term, str], None] = {}
    for b in sample.biosamples:
        for n, term in enumerate(b.biological_entities):
            given = b.entity_kinds[n] if n < len(b.entity_kinds) else ""
            out[term, kind_of(term, given)] = None
    return list(out)


def channels(sample: Sample) -> str:
    """name:entity;name:entity, in the order of the sheet."""
    out = []
    for c in sample.channels:
        shown = split_id(c.biological_entity or c.content)[0]
        shown = shown.replace(";", ",").replace(":", " ").strip()
        out.append(f"{c.channel_name}:{shown}" if shown else c.channel_name)
    return ";".join(text.one_space(c) for c in dict.fromkeys(out))


def channel_content(sample: Sample) -> str:
    """What the channels hold, where Channels already tells what they show."""
    return "; ".join(f"{c.channel_name}: {c.content}" for c in sample.channels if c.content and c.biological_entity)


def file_type(sample: Sample) -> str:
    """Raw or processed."""
    if sample.image is None:
        return "processed"
    return type_word(sample.image.type)


def type_word(image_type: str) -> str:
    """Raw or processed, as a type of images is the one or the other; '' for none."""
    entry = vocabularies.resolve(image_type, "image_type").entry if image_type else None
    if entry is None:
        return ""
    return "processed" if entry.extra["class"] in PROCESSED_CLASSES else "raw"


def file_comments(sample: Sample) -> str:
    """How the file was made."""
    return sample.masks.overview if sample.masks else sample.image.processing if sample.image else ""


def unnamed(sample: Sample) -> str:
    """Intrinsic variables without a name."""
    return joined_text(v.text for b in sample.biosamples for v in b.intrinsic_variables if not v.name)
