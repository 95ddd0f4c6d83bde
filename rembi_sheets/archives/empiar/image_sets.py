"""Image data -> image sets: category, formats, counts, sizes in Ångström, directories and patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

from rembi_sheets import derive
from rembi_sheets.archives.empiar import codes, paths
from rembi_sheets.archives.empiar.details import details
from rembi_sheets.archives.empiar.document import ImageSet, Segmentation
from rembi_sheets.records import AnalysedData, ImageData
from rembi_sheets.submission import Submission

NAME = "empiar"
COORDINATES = "particle coordinates"
WORKFLOW = "processing workflow"
MASK = "segmentation_mask"
_DIGITS = Context(prec=12)  # a JSON number of 15 digits survives a float; sizes never carry so many


def for_empiar(sub: Submission) -> tuple[ImageData, ...]:
    """Image data of the components that go to EMPIAR, in sheet order."""
    wanted = derive.components(sub, NAME)
    return tuple(d for d in sub.image_data if d.study_component in wanted)


def image_set(sub: Submission, image: ImageData, first: bool) -> ImageSet:
    """One image set; the first one carries the lines on the study in its details."""
    data_format = codes.format_word(image.file_format)
    places = file_places(sub, image)
    return ImageSet(
        name=image.name,
        directory=directory(sub, image),
        category=category(image),
        header_format=codes.format_word(image.header_format) or codes.header_word(data_format),
        data_format=data_format,
        number=count(sub, image) or 0,
        frames=frames(image),
        voxel_type=codes.voxel_word(image.pixel_type),
        frame_range=frame_range(image),
        image_width=image.size_x,
        image_height=image.size_y,
        pixel_width=angstrom(image.pixel_size_x, image.pixel_size_unit),
        pixel_height=angstrom(image.pixel_size_y, image.pixel_size_unit),
        details=details(sub, image, first, places.lines),
        micrographs_pattern=places.micrographs,
        particles_pattern=places.particles,
        particles_directory=places.particles_directory,
        segmentations=segmentations(sub, image),
    )


def category(image: ImageData) -> str:
    """The category as typed, else from Type and the number of frames; a volume when a processed image has planes."""
    if image.empiar_category:
        return image.empiar_category.replace("'", "’")
    if image.type == "processed image" and (image.size_z or 1) > 1:
        return codes.word("category", "T13")
    single, multi = codes.table("image_type").get(image.type, ("T1", "T2"))
    code = multi if (image.frames_per_image or 1) > 1 else single
    return codes.word("category", code) or str(code)


def is_tilt_series(image: ImageData) -> bool:
    """Whether it is sent as tilt series."""
    return category(image) == codes.word("category", "T9")


def frames(image: ImageData) -> int:
    """Frames per image; of a tilt series the number of tilts."""
    number = image.tilts_views if is_tilt_series(image) else image.frames_per_image
    return number or 1


def frame_range(image: ImageData) -> tuple[int, int] | None:
    """First and last frame used."""
    found = re.fullmatch(r"(\d+)\s?[-–]\s?(\d+)", image.frame_range)
    return (int(found[1]), int(found[2])) if found else None


def counted(sub: Submission, image: ImageData) -> int:
    """Images that the files make: listed or found files, times the planes of raw stacks; 0 when none is known."""
    number = sub.file_counts.get(image.name, 0) or len(paths.matching(sub, image.path_pattern))
    stacks = codes.table("stacks")["types"]
    return number * ((image.size_z or 1) if image.type in stacks else 1)


def count(sub: Submission, image: ImageData) -> int | None:
    """Number of images or tilt series as typed, else counted; None when neither is known."""
    return image.image_count or counted(sub, image) or None


def angstrom(size: Decimal | None, unit: str) -> Decimal | None:
    """A pixel size in Ångström, of at most 12 digits; None without size or known unit."""
    length = derive.in_angstrom(size, unit) if size is not None else None
    return None if length is None else _DIGITS.plus(length)


def directory(sub: Submission, image: ImageData) -> str:
    """/data/<folder uploaded>/<fixed part of the pattern, or the files' common folder>."""
    folder = paths.fixed(image.path_pattern) if image.path_pattern else paths.common(paths.listed(sub, image))
    return "/" + paths.in_entry(sub, folder)


@dataclass(frozen=True, slots=True)
class Places:
    """Patterns of an image set, and lines for those that fit no field."""

    micrographs: str = ""
    particles: str = ""
    particles_directory: str = ""
    lines: tuple[tuple[str, str], ...] = ()


def file_places(sub: Submission, image: ImageData) -> Places:
    """A pattern with * is that of the micrographs or of the picked particles; coordinates go with the latter.

    When picked particles have coordinate files, these take the particles' field and the stacks the other one,
    as in EMPIAR-11987.
    """
    pattern = paths.in_entry(sub, image.path_pattern) if "*" in image.path_pattern else ""
    kind = category(image)
    found, lines = coordinates(sub, image)
    micrographs, particles, folder = "", found.particles, found.particles_directory
    if kind.startswith("picked particles") and not (particles or folder):
        particles = pattern
    elif kind.startswith(("micrographs", "picked particles", "tilt series", "diffraction")):
        micrographs = pattern
    elif pattern:
        lines = (*lines, ("File pattern", pattern))
    return Places(micrographs, particles, folder, lines)


def coordinates(sub: Submission, image: ImageData) -> tuple[Places, tuple[tuple[str, str], ...]]:
    """Files of particle coordinates: one path or pattern, one folder; further ones become lines."""
    analyses = [a for a in derive.analyses(sub, image) if a.result_type == COORDINATES]
    files = [f for a in analyses for f in a.result_files if not _url(f)]
    folders = [paths.in_entry(sub, f) for f in files if f.endswith("/")]
    plain = [paths.in_entry(sub, f) for f in files if not f.endswith("/")]
    lines = tuple(("Particle coordinates", f) for f in (*plain[1:], *folders[1:]))
    return Places("", plain[0] if plain else "", folders[0] if folders else ""), lines


def workflow_file(sub: Submission) -> tuple[str, AnalysedData | None]:
    """Path of the first workflow file, which EMPIAR takes one of."""
    wanted = for_empiar(sub)
    for analysis in sub.analysed_data:
        if analysis.result_type == WORKFLOW and (not analysis.image_data or set(analysis.image_data) & set(wanted)):
            for file in analysis.result_files:
                if not _url(file):
                    return paths.in_entry(sub, file), analysis
    return "", None


def _url(text: str) -> bool:
    return "://" in text


def segmentations(sub: Submission, image: ImageData) -> tuple[Segmentation, ...]:
    """Masks made on image data, one for an annotation set; the number is the order among all annotation sets."""
    out = []
    for number, annotation in enumerate(sub.annotations):
        if MASK not in annotation.types or image not in annotation.image_data:
            continue
        files = paths.listed(sub, annotation)
        if not files:
            continue
        endings = {f.rpartition(".")[2].casefold() for f in files}
        form = codes.table("segmentation_format").get(next(iter(endings)), "") if len(endings) == 1 else ""
        folder = paths.common(files)
        file = files[0] if len(files) == 1 else "/".join(p for p in (folder, "*") if p)
        description = "\n".join(t for t in (annotation.overview, annotation.method) if t)
        out.append(Segmentation(number, paths.in_entry(sub, file), description or annotation.name, "", form))
    return tuple(out)
