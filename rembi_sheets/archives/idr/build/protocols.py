"""The protocols of a component: growth, treatment, library, imaging, analysis; equal texts become one protocol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rembi_sheets import compose, derive, vocabularies
from rembi_sheets.archives.idr.document import NAME, Block, Kind, Line
from rembi_sheets.archives.idr.facts import sources
from rembi_sheets.archives.idr.facts.imaging import CHANNELS, TEXTS
from rembi_sheets.archives.idr.facts.processed import analyses
from rembi_sheets.archives.idr.facts.rows import Sample
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.idr.facts.text import prose, value
from rembi_sheets.records import AnalysedData, ImageAcquisition, ImageCorrelation, ImageData, Specimen
from rembi_sheets.submission import Submission

GROWTH = "growth protocol"
TREATMENT = "treatment protocol"
LIBRARY = "HCS library protocol"
IMAGING = "image acquisition and feature extraction protocol"
ANALYSIS = "data analysis protocol"
CORRELATION = "image correlation protocol"


@dataclass(frozen=True)
class Protocol:
    """One column of the protocol block."""

    name: str
    type: str
    description: str


def kind_name(name: str, kind: Kind) -> str:
    """The protocol type of a screen or an experiment."""
    return f"HCS {name}" if kind is Kind.SCREEN and name in (IMAGING, ANALYSIS) else name


def protocols(sub: Submission, seen: Survey) -> list[Protocol]:
    """The protocols of a component in the order in which work is done."""
    images = derive.images(sub, seen.component)
    specimens = _unique(s for d in images for s in derive.specimens(d))
    acquisitions = _unique(a for d in images for a in derive.acquisitions(d))
    correlations = _unique(c for d in images for c in derive.correlations(sub, d))
    masks = [m for m in sub.annotations if any(d in images for d in m.image_data)]
    texts: list[tuple[str, list[tuple[str, str]]]] = [
        (GROWTH, [(s.name, value(s.growth_protocol)) for s in specimens]),
        (TREATMENT, [(s.name, treatment(s, images)) for s in specimens]),
        (LIBRARY, [("", value(seen.component.library_description))]),
        (kind_name(IMAGING, seen.kind), [(a.name, imaging(sub, a)) for a in acquisitions]),
        (
            kind_name(ANALYSIS, seen.kind),
            [
                *((d.name, value(d.processing)) for d in images),
                *((a.name, analysis(a)) for a in analyses(sub, seen.component)),
                *((m.name, value(m.method)) for m in masks),
            ],
        ),
        (CORRELATION, [(c.name, correlation(c)) for c in correlations]),
    ]
    taken: set[str] = set()
    out: list[Protocol] = []
    for type_, rows in texts:
        named: dict[str, str] = {}
        for name, shown in rows:
            if shown:
                named.setdefault(shown, value(name))
        for shown, name in named.items():
            own = type_ if len(named) == 1 and type_ != CORRELATION else name
            while own.casefold() in taken or not own:
                own = f"{own} ({type_})" if own else type_
            taken.add(own.casefold())
            out.append(Protocol(own, type_, shown))
    return out


def treatment(specimen: Specimen, images: Iterable[ImageData] = ()) -> str:
    """What was done to a specimen: the extrinsic variables of its biosamples, then its preparation."""
    shown = [d for d in images if specimen in derive.specimens(d)]
    used = _unique(b for d in shown for b in derive.biosamples(d, specimen)) or specimen.biosamples
    variables = dict.fromkeys(v.text for b in used for v in b.extrinsic_variables)
    return prose("; ".join(variables), specimen.preparation)


def imaging(sub: Submission, acquisition: ImageAcquisition) -> str:
    """Instrument and settings, then the lines of both, so that they can be told from the prose when read back.

    Label and light of the channels, which IDR's own Channels cannot hold, are the last line.
    """
    images = [d for d in sub.image_data if acquisition in derive.acquisitions(d)]
    shown = _unique(c for d in images for s in derive.specimens(d) for c in derive.channels(sub, s, d))
    lights = ((c.channel_name, derive.light(sub, c)) for c in shown)
    between = sub.schema.archive(NAME).between
    channels = between.join(dict.fromkeys(f"{name}{light}".strip() for name, light in lights if light))
    spec = sub.schema[acquisition.SHEET]
    bare = compose.out_of_texts(replace(acquisition, methods=()), spec, between)
    lines = compose.lines(bare, spec, *TEXTS)
    free = prose(*(getattr(bare, name) for name in TEXTS))
    return value(compose.text(free, [*lines, *([f"{CHANNELS}{channels}"] if channels else ())], between))


def analysis(found: AnalysedData) -> str:
    """How results were made and from what."""
    used = f"Data used: {found.data_used}" if found.data_used else ""
    result = f"Result: {found.result_type}" if found.result_type else ""
    return prose(found.method, used, result)


def correlation(found: ImageCorrelation) -> str:
    """How images were brought together."""
    images = "; ".join(d.name for d in found.image_data)
    return prose(
        found.alignment,
        f"Images: {images}" if images else "",
        f"Fiducials: {found.fiducials}" if found.fiducials else "",
        f"Transformation: {found.transformation}" if found.transformation else "",
        f"Related images: {'; '.join(found.related_images)}" if found.related_images else "",
    )


class Named:
    """The names of the protocols that apply to the rows of a component, for Protocol REF; each text is made once."""

    def __init__(self, sub: Submission, seen: Survey) -> None:
        self._sub, self._kind = sub, seen.kind
        self._images = derive.images(sub, seen.component)
        self._names = {(p.type, p.description): p.name for p in protocols(sub, seen)}
        self._treatments: dict[str, str] = {}
        self._imagings: dict[str, str] = {}

    def of_sample(self, sample: Sample, stage: str) -> str:
        """Those of a stage that apply to a Sample."""
        type_ = kind_name(stage, self._kind)
        used = (self._names.get((type_, text), "") for text in self._texts(sample, stage))
        return "; ".join(dict.fromkeys(filter(None, used)))

    def _texts(self, sample: Sample, stage: str) -> list[str]:
        shown = sample.image or (sample.masks.image_data[0] if sample.masks else None)
        if stage == GROWTH:
            return [value(s.growth_protocol) for s in sample.specimens]
        if stage == TREATMENT and shown:
            return [self._treatment(s) for s in sample.specimens]
        if stage == IMAGING:
            return [self._imaging(a) for a in sample.acquisitions]
        if stage == ANALYSIS:
            own = sample.masks.method if sample.masks else sample.image.processing if sample.image else ""
            return [value(own), *(analysis(a) for a in (derive.analyses(self._sub, shown) if shown else ()))]
        return []

    def _treatment(self, specimen: Specimen) -> str:
        if specimen.name not in self._treatments:
            self._treatments[specimen.name] = treatment(specimen, self._images)
        return self._treatments[specimen.name]

    def _imaging(self, acquisition: ImageAcquisition) -> str:
        if acquisition.name not in self._imagings:
            self._imagings[acquisition.name] = imaging(self._sub, acquisition)
        return self._imagings[acquisition.name]


def block(found: list[Protocol]) -> Block:
    """The protocol block: one column each."""
    ids = [vocabularies.resolve(p.type, "protocol_type").entry for p in found]
    terms = [sources.split(e.id if e else "") for e in ids]
    return Block(
        "Protocols",
        (
            Line("Protocol Name", tuple(p.name for p in found)),
            Line("Protocol Type", tuple(p.type for p in found)),
            Line("Protocol Type Term Source REF", tuple(r for r, _ in terms)),
            Line("Protocol Type Term Accession", tuple(a for _, a in terms)),
            Line("Protocol Description", tuple(p.description for p in found)),
        ),
    )


def _unique(values: Iterable[object]) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys(values))
