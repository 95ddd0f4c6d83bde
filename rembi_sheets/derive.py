"""What follows from the records and is asked for by more than one archive. Pure functions over Submission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from rembi_sheets import compose, units, vocabularies
from rembi_sheets.inventory import Listing
from rembi_sheets.records import (
    AnalysedData,
    Biosample,
    Channel,
    ImageAcquisition,
    ImageCorrelation,
    ImageData,
    Organisation,
    Person,
    Publication,
    Record,
    Specimen,
    StudyComponent,
)
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term, orcid_check_digit
from rembi_sheets.vocabularies import file_names

T = TypeVar("T")

_LARGEST = 20  # digits before the point that are rounded
_WITH_ORCID = re.compile(r"(?P<name>.+?)\s*\[(?P<orcid>(?:\d{4}-){3}\d{3}[\dX])\]")
_EXTENTS = (("X", "size_x"), ("Y", "size_y"), ("Z", "size_z"), ("C", "size_c"), ("T", "size_t"))


def components(sub: Submission, archive: str) -> tuple[StudyComponent, ...]:
    """The study components that go to an archive (command-line name): those that name it, and those that name none."""
    label = sub.schema.archive(archive).label
    return tuple(c for c in sub.study_components if not c.archives or label in c.archives)


def images(sub: Submission, component: StudyComponent) -> tuple[ImageData, ...]:
    """The image data of a component, in sheet order."""
    return tuple(d for d in sub.image_data if d.study_component == component)


def specimens(image: ImageData) -> tuple[Specimen, ...]:
    """Specimens of image data: its own, else those of what it was made from, and so on."""
    return image.specimens or _unique(s for source in image.source_image_data for s in specimens(source))


def acquisitions(image: ImageData) -> tuple[ImageAcquisition, ...]:
    """Acquisitions of image data: its own, else those of what it was made from."""
    if image.image_acquisition:
        return (image.image_acquisition,)
    return _unique(a for source in image.source_image_data for a in acquisitions(source))


def named_biosamples(image: ImageData) -> tuple[Biosample, ...]:
    """Biosamples that image data names itself, or that its sources name; empty means all of the specimen's."""
    if image.biosamples or image.specimens:
        return image.biosamples
    return _unique(b for source in image.source_image_data for b in named_biosamples(source))


def biosamples(image: ImageData, specimen: Specimen) -> tuple[Biosample, ...]:
    """Those biosamples of a specimen that image data shows."""
    named = named_biosamples(image)
    return tuple(b for b in specimen.biosamples if b in named) if named else specimen.biosamples


def methods(sub: Submission, acquisition: ImageAcquisition) -> tuple[Term, ...]:
    """Imaging methods of an acquisition: its own, else the union over the components of the image data that use it."""
    if acquisition.imaging_methods:
        return acquisition.imaging_methods
    return _unique(
        m
        for d in sub.image_data
        if acquisition in acquisitions(d) and d.study_component
        for m in d.study_component.imaging_methods
    )


def channels(sub: Submission, specimen: Specimen, image: ImageData | None = None) -> tuple[Channel, ...]:
    """Channels of a specimen in sheet order; with image data, those that apply to it."""
    return tuple(
        c
        for c in sub.channels
        if specimen in c.specimens and (image is None or not c.image_data or image in c.image_data)
    )


def light(sub: Submission, channel: Channel) -> str:
    """Label and light of a channel, behind what it shows: ' [Excitation: 488 nm, Detection: 500-550 nm]'."""
    return compose.in_brackets(channel, sub.schema[channel.SHEET], "content")


def analyses(sub: Submission, image: ImageData) -> tuple[AnalysedData, ...]:
    """Analyses that name image data."""
    return tuple(a for a in sub.analysed_data if image in a.image_data)


def correlations(sub: Submission, image: ImageData) -> tuple[ImageCorrelation, ...]:
    """Correlations that name image data."""
    return tuple(c for c in sub.image_correlation if image in c.image_data)


def format_text(image: ImageData) -> str:
    """Format & compression: 'OME-TIFF (LZW)'."""
    if image.compression and image.compression != "none":
        return f"{image.file_format} ({image.compression})".strip()
    return image.file_format


def extents_text(image: ImageData, frames: bool = True) -> str:
    """Dimension extents: 'X 1920, Y 1920, Z 600, C 2'."""
    parts = [f"{axis} {getattr(image, name)}" for axis, name in _EXTENTS if getattr(image, name) is not None]
    if image.tilts_views is not None:
        parts.append(f"tilts or views {image.tilts_views}")
    if frames and image.frames_per_image is not None:
        parts.append(f"frames {image.frames_per_image}")
    return ", ".join(parts)


def plain(number: Decimal) -> str:
    """A decimal number without exponent or trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pixel_size_text(image: ImageData) -> str:
    """Pixel or voxel size: '0.57 x 0.57 x 1.3 µm'."""
    sizes = [plain(s) for s in (image.pixel_size_x, image.pixel_size_y, image.pixel_size_z) if s is not None]
    return f"{' x '.join(sizes)} {image.pixel_size_unit}".strip() if sizes else ""


def size_text(image: ImageData) -> str:
    """Size description as given, else computed from extents and pixel size; '' when neither is known."""
    return image.size_description or computed_size_text(image)


def computed_size_text(image: ImageData) -> str:
    """Physical size from extents x pixel size: '15 x 12 x 8.72 µm'; '' when X or Y is unknown."""
    pairs = (
        (image.size_x, image.pixel_size_x),
        (image.size_y, image.pixel_size_y),
        (image.size_z, image.pixel_size_z),
    )
    known = [(n, p) for n, p in pairs if n is not None and p is not None]
    if len(known) < 2 or image.size_x is None or image.pixel_size_x is None or not image.pixel_size_unit:
        return ""
    unit = units.readable(known[0][0] * known[0][1], image.pixel_size_unit)
    sizes = [units.convert(n * p, image.pixel_size_unit, unit) or n * p for n, p in known]
    return f"{' x '.join(plain(_rounded(s)) for s in sizes)} {unit}"


def _rounded(value: Decimal) -> Decimal:
    """Four significant digits, enough for a size in words; what no microscope sees stays as it is."""
    return value if value == 0 or value.adjusted() > _LARGEST else round(value, max(0, 3 - value.adjusted()))


def in_angstrom(value: Decimal, unit: str) -> Decimal | None:
    """A length in Å, exactly; None for a unit that is not in the list."""
    return units.angstrom(value, unit)


def found(sub: Submission, pattern: str) -> list[str]:
    """Paths on disk that a path, a folder or a pattern stands for; none when nobody looked at the disk."""
    return Listing.of(sub.inventory).covered(pattern) if sub.inventory and pattern else []


def images_found(sub: Submission, image: ImageData) -> list[str]:
    """Those of the files that the folder or pattern of image data stands for, which are images of its format."""
    return file_names.images(image.file_format, found(sub, image.path_pattern))


def full_name(person: Person) -> str:
    """First and last name, as printed."""
    return f"{person.first_names} {person.last_name}".strip()


def organisations(sub: Submission) -> tuple[Organisation, ...]:
    """Those that people belong to, in sheet order; the others are only in the workbook."""
    named = {o for p in sub.people for o in p.organisations}
    return tuple(o for o in sub.organisations if o in named)


def unused(sub: Submission) -> Mapping[str, tuple[Record, ...]]:
    """By sheet, the rows that no image data and no person leads to: a template may hold more than a study uses."""
    shown = {s for d in sub.image_data for s in specimens(d)}
    used: dict[str, tuple[Iterable[Record], Iterable[Record]]] = {
        Biosample.SHEET: (
            sub.biosamples,
            {b for d in sub.image_data for s in specimens(d) for b in biosamples(d, s)},
        ),
        Specimen.SHEET: (sub.specimens, shown),
        ImageAcquisition.SHEET: (sub.image_acquisition, {a for d in sub.image_data for a in acquisitions(d)}),
        Organisation.SHEET: (sub.organisations, organisations(sub)),
    }
    return {sheet: tuple(r for r in rows if r not in those) for sheet, (rows, those) in used.items()}


def initials(person: Person) -> str:
    """Initials as given, else the first letter of each part of the first names."""
    if person.initials:
        return "".join(ch for ch in person.initials if ch.isalpha() or ch == "-")
    return initials_of(person.first_names)


def initials_of(first_names: str) -> str:
    """The first letter of each part of first names, as a capital."""
    parts = first_names.replace("-", " ").replace(".", " ").split()
    return "".join(p[0].upper() for p in parts if p[0].isalpha())


def author_list(people: Iterable[Person]) -> tuple[str, ...]:
    """'Last II' for each person."""
    return tuple(f"{p.last_name} {initials(p)}".strip() for p in people)


def paper_author(text: str) -> tuple[str, str]:
    """'Beispiel JK [0000-0002-1825-0097]' -> name and ORCID; '' where none stands behind the name."""
    found = _WITH_ORCID.fullmatch(text.strip())
    if not found or orcid_check_digit(found["orcid"]) != found["orcid"][-1]:
        return text, ""
    return found["name"], found["orcid"]


def paper_authors(publication: Publication) -> tuple[str, ...]:
    """The names of the authors of a paper, without their ORCIDs."""
    return tuple(paper_author(text)[0] for text in publication.authors)


def address(organisation: Organisation) -> str:
    """Postal address in one line, without the name of the organisation."""
    town = " ".join(t for t in (organisation.postcode, organisation.town) if t)
    parts = (organisation.street, town, organisation.state, organisation.country)
    return ", ".join(p for p in parts if p)


def funding_statement(sub: Submission) -> str:
    """The funding statement as given, else one sentence made of the grants."""
    if sub.study.funding_statement:
        return sub.study.funding_statement
    grants = [f"{g.funder} ({g.grant_id})" if g.grant_id else g.funder for g in sub.funding if g.funder]
    if not grants:
        return ""
    listed = grants[0] if len(grants) == 1 else ", ".join(grants[:-1]) + " and " + grants[-1]
    return f"Supported by {listed}."


def common_name(term: Term) -> str:
    """The common name of an organism, where the vocabulary has one."""
    found = vocabularies.by_id(term.id, "organism") if term.id else None
    found = found or vocabularies.resolve(term.label, "organism").entry
    return found.extra.get("common_name", "") if found else ""


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
