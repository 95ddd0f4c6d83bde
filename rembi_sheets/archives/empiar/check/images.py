"""What EMPIAR needs of image data: formats, counts, sizes, and the lengths and words of image sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rembi_sheets import derive
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import ONLY
from rembi_sheets.archives.empiar.facts import image_sets, limits, paths
from rembi_sheets.archives.empiar.facts.paths import Files
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import ImageData
from rembi_sheets.submission import Submission
from rembi_sheets.vocabularies import file_names


def check(sub: Submission) -> Iterator[Finding]:
    """All findings on the image data that go to EMPIAR."""
    images = image_sets.for_empiar(sub)
    files = sub.once(paths.files)
    if sub.image_data and not images:
        yield find("EMPIAR-NO-IMAGES", sub.title("image_data"), archives=ONLY)
    for image in images:
        if not set(image.source_image_data) & set(images):  # these are asked instead
            yield from _origin(sub, image)
        yield from _counts(sub, files, image)
        yield from _category(sub, image)
        yield from _words(sub, image)
        yield from _places(sub, files, image)
    yield from _folder(sub, files, images)


def _origin(sub: Submission, image: ImageData) -> Iterator[Finding]:
    for field, found in (("specimens", derive.specimens(image)), ("image_acquisition", derive.acquisitions(image))):
        if not found and not sub.typed(image, field) and field not in sub.unresolved:
            yield find("EMPIAR-ORIGIN", sub.place(image, field), value=image.name, archives=ONLY)


def _counts(sub: Submission, files: Files, image: ImageData) -> Iterator[Finding]:
    counted = image_sets.counted(sub, files, image)
    held = image_sets.frames_asked(image)
    if held:
        code = "EMPIAR-FRAMES-ASSUMED" if held == "perhaps" else "EMPIAR-FRAMES-UNKNOWN"
        yield find(
            code, sub.place(image, "frames_per_image"), value=image.name, format=image.file_format, archives=ONLY
        )
    if not image.image_count and image_sets.are_others(sub, files, image):
        yield find(
            "EMPIAR-FORMAT-FILES",
            sub.place(image, "file_format"),
            value=image.name,
            format=image.file_format,
            endings=" ".join(file_names.endings(image.file_format)),
            n=image_sets.found(sub, files, image),
            archives=ONLY,
        )
    if image_sets.is_stack_of_particles(image) and not image.image_count:
        at = sub.place(image, "image_count")
        yield find("EMPIAR-PARTICLES", at, value=image.name, format=image.file_format, archives=ONLY)
    elif image_sets.count(sub, files, image) is None:
        yield find("EMPIAR-COUNT-UNKNOWN", sub.place(image, "image_count"), value=image.name, archives=ONLY)
    elif not image_sets.agrees(sub, files, image):
        at = sub.place(image, "image_count")
        yield find("EMPIAR-COUNT-DIFFERS", at, value=image.image_count, counted=counted, archives=ONLY)
    if image_sets.is_tilt_series(image) and image.tilts_views is None:
        yield find("EMPIAR-TILTS", sub.place(image, "tilts_views"), value=image.name, archives=ONLY)
    used = image_sets.frame_range(image)
    at = sub.place(image, "frame_range")
    if used and used[0] > used[1]:
        yield find("EMPIAR-FRAME-RANGE", at, value=image.frame_range, archives=ONLY)
    elif used and used[1] > max(image.tilts_views or 1, image.frames_per_image or 1):
        given = f"the {image.frames_per_image} given" if image.frames_per_image else "an image, of which none are given"
        number = image_sets.frames(image)
        yield find("EMPIAR-FRAMES-FEW", at, value=image.frame_range, given=given, frames=number, archives=ONLY)


def _category(sub: Submission, image: ImageData) -> Iterator[Finding]:
    frames = image_sets.movie_frames(image)
    given = image.empiar_category
    if given:
        frames_fit = ("multiframe" in given) == (frames > 1) or "frame" not in given
        derived = image_sets.category(replace(image, empiar_category="")) if image.type else ""
        stem = derived.partition(" - ")[0]
        type_fits = not stem or not codes.code("category", given) or given.partition(" - ")[0] == stem
        if not (frames_fit and type_fits):
            at = sub.place(image, "empiar_category")
            counted = f"{frames} {'frame' if frames == 1 else 'frames'}"
            yield find("EMPIAR-CATEGORY", at, value=given, type=image.type, frames=counted, archives=ONLY)
    header = codes.format_word(image.header_format)
    if header and header not in (codes.format_word(image.file_format), "XML", "IMAGIC"):
        at = sub.place(image, "header_format")
        yield find("EMPIAR-HEADER", at, value=image.header_format, format=image.file_format, archives=ONLY)


def _words(sub: Submission, image: ImageData) -> Iterator[Finding]:
    """Words that EMPIAR has no code for; `field` is the cell that the word comes from."""
    words = (
        ("empiar_category" if image.empiar_category else "type", "category", image_sets.category(image)),
        ("file_format", "data_format", codes.format_word(image.file_format)),
        ("header_format", "header_format", codes.format_word(image.header_format)),
        ("pixel_type", "voxel_type", codes.voxel_word(image.pixel_type)),
    )
    for field, name, word in words:
        typed = getattr(image, field)
        if typed and not word.strip():
            yield find("EMPIAR-WORD-BAD", sub.place(image, field), value=typed, archives=ONLY)
        elif typed and not codes.is_listed(name, word):
            yield find("EMPIAR-OTHER-WORD", sub.place(image, field), value=typed, word=word, archives=ONLY)


def _places(sub: Submission, files: Files, image: ImageData) -> Iterator[Finding]:
    places = image_sets.file_places(sub, image)
    fields = (places.micrographs, places.particles, places.particles_directory)
    longest = max(image_sets.directory(sub, files, image), *fields, key=len)
    if len(longest) > limits.MAX_PATH:
        at = sub.place(image, "path_pattern") if image.path_pattern else sub.title("files")
        if len(paths.base(sub)) > limits.MAX_PATH // 2:
            at = sub.place(sub.study, "data_folder")
        yield find("EMPIAR-PATH-LONG", at, value=longest, n=len(longest), limit=limits.MAX_PATH, archives=ONLY)


def _folder(sub: Submission, files: Files, images: tuple[ImageData, ...]) -> Iterator[Finding]:
    workflow, record, column = image_sets.workflow_file(sub)
    if record and len(workflow) > limits.MAX_PATH:
        at = sub.place(record, column)
        yield find("EMPIAR-PATH-LONG", at, value=workflow, n=len(workflow), limit=limits.MAX_PATH, archives=ONLY)
    tops = {tuple(image_sets.directory(sub, files, d).split("/")[2:3]) for d in images}
    if not paths.base(sub) and (len(tops) > 1 or () in tops):
        yield find("EMPIAR-DATA-FOLDER", sub.place(sub.study, "data_folder"), archives=ONLY)
