"""Image data -> image sets: category, formats, counts, sizes in Ångström, directories and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal

from rembi_sheets import derive
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import NAME, ImageSet, Segmentation
from rembi_sheets.archives.empiar.facts import paths
from rembi_sheets.archives.empiar.facts.details import Line, details
from rembi_sheets.archives.empiar.facts.paths import Files
from rembi_sheets.records import ImageData, Record
from rembi_sheets.submission import Submission
from rembi_sheets.values import mentioned
from rembi_sheets.vocabularies import file_names

COORDINATES = "particle coordinates"
WORKFLOW = "processing workflow"
MASK = "segmentation_mask"
_DIGITS = Context(prec=12)  # a JSON number of 15 digits survives a float; sizes never carry so many


def for_empiar(sub: Submission) -> tuple[ImageData, ...]:
    """Image data of the components that go to EMPIAR, in sheet order."""
    wanted = derive.components(sub, NAME)
    return tuple(d for d in sub.image_data if d.study_component in wanted)


def image_set(sub: Submission, files: Files, image: ImageData, first: bool) -> ImageSet:
    """One image set; the first one carries the lines on the study in its details."""
    data_format = codes.format_word(image.file_format)
    places = file_places(sub, image)
    return ImageSet(
        name=image.name,
        directory=directory(sub, files, image),
        category=category(image),
        header_format=codes.format_word(image.header_format) or codes.header_word(data_format),
        data_format=data_format,
        number=count(sub, files, image) or 0,
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
        segmentations=segmentations(sub, files, image),
    )


def category(image: ImageData) -> str:
    """The category as typed, else from Type and the number of frames; a volume when a processed image has planes."""
    if image.empiar_category:
        return image.empiar_category
    if image.type == "processed image" and (image.size_z or 1) > 1:
        return codes.word("category", "T13")
    single, multi = codes.table("image_type").get(image.type, ("T1", "T2"))
    code = multi if movie_frames(image) > 1 else single
    return codes.word("category", code) or str(code)


def is_tilt_series(image: ImageData) -> bool:
    """Whether it is sent as tilt series."""
    return category(image) == codes.word("category", "T9")


def frames(image: ImageData) -> int:
    """Frames per image; of a tilt series the number of tilts."""
    return image.tilts_views or 1 if is_tilt_series(image) else movie_frames(image)


def movie_frames(image: ImageData) -> int:
    """Frames of an image as typed; the last of the range of frames where none or fewer are."""
    given, used = image.frames_per_image or 1, frame_range(image)
    return max(given, used[1]) if used and used[0] <= used[1] and not image.tilts_views else given


def frames_asked(image: ImageData) -> str:
    """What a file of the format holds (as in `file_names.holds`), where the number of frames is not given but matters.

    "frames" or "stack": more than one image. "perhaps": movies are often kept so. Only "frames" say nothing else.
    """
    if image.frames_per_image or frame_range(image) or is_tilt_series(image):
        return ""
    held = file_names.holds(image.file_format)
    return held if held == "frames" or image.type in codes.table("movies")["types"] else ""


def is_stack_of_particles(image: ImageData) -> bool:
    """Whether its files are stacks of particles or classes, of any number each."""
    return image.type in codes.table("particles")["types"] and file_names.holds(image.file_format) != ""


def frame_range(image: ImageData) -> tuple[int, int] | None:
    """First and last frame used."""
    ends = re.fullmatch(r"(\d+)\s?[-–]\s?(\d+)", image.frame_range)
    return (int(ends[1]), int(ends[2])) if ends else None


def counted(sub: Submission, files: Files, image: ImageData) -> int:
    """Images that the files make: listed or found files, times the planes of raw stacks; 0 when none is known.

    Stacks of particles hold any number, so that nothing is known of them.
    """
    if is_stack_of_particles(image):
        return 0
    stacks = codes.table("stacks")["types"]
    return found(sub, files, image) * ((image.size_z or 1) if image.type in stacks else 1)


def found(sub: Submission, files: Files, image: ImageData) -> int:
    """Images listed, else found on disk, of the format said; 0 when none is known."""
    return files.of(image).images if files.of(image).rows else len(paths.matching(sub, image))


def agrees(sub: Submission, files: Files, image: ImageData) -> bool:
    """Is the number of images as typed that of the files, of their planes, or of images whose planes the files are?"""
    files_, planes = counted(sub, files, image), (image.size_z or 1) * (image.size_c or 1) * (image.size_t or 1)
    typed = image.image_count
    return not typed or not files_ or typed in (files_, found(sub, files, image)) or typed * planes == files_


def are_others(sub: Submission, files: Files, image: ImageData) -> bool:
    """Whether images are counted none of which ends as the format said does."""
    fits = files.of(image).fits or file_names.fits(image.file_format, paths.matching(sub, image))
    endings = file_names.endings(image.file_format)
    return bool(endings and fits[file_names.OTHER] and file_names.best(fits) == file_names.OTHER)


def count(sub: Submission, files: Files, image: ImageData) -> int | None:
    """Number of images or tilt series as typed, else counted; None when neither is known."""
    return image.image_count or counted(sub, files, image) or None


def angstrom(size: Decimal | None, unit: str) -> Decimal | None:
    """A pixel size in Ångström, of at most 12 digits; None without size or known unit."""
    length = derive.in_angstrom(size, unit) if size is not None else None
    return None if length is None else _DIGITS.plus(length)


def directory(sub: Submission, files: Files, image: ImageData) -> str:
    """/data/<folder uploaded>/<fixed part of the pattern, or the files' common folder>."""
    folder = paths.fixed(image.path_pattern) if image.path_pattern else files.of(image).folder
    return "/" + paths.in_entry(sub, folder)


@dataclass(frozen=True, slots=True)
class Places:
    """Patterns of an image set, and lines for what fits no field."""

    micrographs: str = ""
    particles: str = ""
    particles_directory: str = ""
    lines: tuple[Line, ...] = ()


def file_places(sub: Submission, image: ImageData) -> Places:
    """A pattern with * is that of the micrographs or of the picked particles; coordinates go with the latter.

    When picked particles have files of coordinates, these take the particles' field and the stacks the other one,
    as in EMPIAR-11987.
    """
    pattern = paths.in_entry(sub, image.path_pattern) if "*" in image.path_pattern else ""
    kind = category(image)
    micrographs, lines = "", []
    particles, folder, further = coordinates(sub, image)
    if kind.startswith("picked particles") and not (particles or folder):
        particles = pattern
    elif kind.startswith(("micrographs", "picked particles", "tilt series", "diffraction")):
        micrographs = pattern
    elif pattern:
        lines.append(("File pattern", pattern))
    return Places(micrographs, particles, folder, (*lines, *further, *_results(sub, image)))


def coordinates(sub: Submission, image: ImageData) -> tuple[str, str, tuple[Line, ...]]:
    """Files of particle coordinates: the first path or pattern, the first folder, and lines for further ones."""
    analyses = [a for a in derive.analyses(sub, image) if a.result_type == COORDINATES]
    found = [f for a in analyses for f in paths.accessible(a.result_files)]
    folders = [paths.in_entry(sub, f) for f in found if f.endswith("/")]
    plain = [paths.in_entry(sub, f) for f in found if not f.endswith("/")]
    lines = tuple(("Particle coordinates", f) for f in (*plain[1:], *folders[1:]))
    return next(iter(plain), ""), next(iter(folders), ""), lines


def _results(sub: Submission, image: ImageData) -> tuple[Line, ...]:
    """Result files that have no field: those of other analyses, web addresses, all workflows but the first."""
    workflow = workflow_file(sub)[0]
    found: list[str] = []
    for analysis in derive.analyses(sub, image):
        for file in analysis.result_files:
            path = paths.in_entry(sub, file) if file in paths.accessible((file,)) else file
            if path == file or (analysis.result_type != COORDINATES and path != workflow):
                found.append(path)
    return (("Result files", "; ".join(found)),) if found else ()


def workflow_file(sub: Submission) -> tuple[str, Record | None, str]:
    """Path of the first workflow file, which EMPIAR takes one of, with the record and column that name it.

    That of an analysis comes before those that image data name as `file: path`.
    """
    wanted = for_empiar(sub)
    for analysis in sub.analysed_data:
        if analysis.result_type == WORKFLOW and (not analysis.image_data or set(analysis.image_data) & set(wanted)):
            for file in paths.accessible(analysis.result_files):
                return paths.in_entry(sub, file), analysis, "result_files"
    for image, column, text in workflows(sub):
        for file in mentioned(text):
            return paths.in_entry(sub, file), image, column
    return "", None, ""


def workflows(sub: Submission) -> Iterator[tuple[ImageData, str, str]]:
    """What image data name as their workflow: the method columns that the dictionary leads to EMPIAR's own field."""
    columns = {c.name for c in sub.schema[ImageData.SHEET].columns if "workflows" in c.archives[NAME].targets}
    for image in for_empiar(sub):
        for method in image.methods:
            if method.column in columns and isinstance(method.value, tuple):
                yield from ((image, method.column, str(text)) for text in method.value)


def segmentations(sub: Submission, files: Files, image: ImageData) -> tuple[Segmentation, ...]:
    """Masks made on image data, one for an annotation set; the number is the order among all annotation sets."""
    out = []
    for number, annotation in enumerate(sub.annotations):
        listed = files.of(annotation)
        if MASK not in annotation.types or image not in annotation.image_data or not listed.rows:
            continue
        form = codes.table("segmentation_format").get(listed.ending, "")
        description = "\n".join(t for t in (annotation.overview, annotation.method) if t) or annotation.name
        out.append(Segmentation(number, paths.in_entry(sub, listed.pattern), description, "", form))
    return tuple(out)
