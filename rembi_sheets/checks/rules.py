"""Rules over the records that hold for every archive: how the rows of several sheets fit together.

The numbers in brackets are those of the list of rules in the workbook's design.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from rembi_sheets import derive, vocabularies
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.records import ImageAcquisition, ImageData
from rembi_sheets.submission import Submission, fold, key_of

_HUMAN = "NCBITaxon:9606"
_SMALLEST, _LARGEST = Decimal("0.1"), Decimal(10_000_000)  # Å: a tenth of one, and a millimetre
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_SIZE = re.compile(r"\s*\d+(?:\.\d+)?(?:\s*[x×*]\s*\d+(?:\.\d+)?){1,2}\s*([^\s\d]+)\s*")


def check(sub: Submission, archives: tuple[str, ...]) -> list[Finding]:
    """All findings of these rules, for the archives chosen (command-line names)."""
    out: list[Finding] = []
    for rule in (_archives, _empty_components):
        out += rule(sub, archives)
    for simple in (
        _unused,
        _human,
        _methods,
        _circles,
        _origins,
        _whereabouts,
        _pixel_sizes,
        _sizes,
        _channels,
        _correlations,
    ):
        out += simple(sub)
    return out


def _archives(sub: Submission, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Components go to archives of the study, and each archive gets one (32)."""
    for component in sub.study_components:
        for label in component.archives:
            if sub.study.archives and label not in sub.study.archives:
                yield find("COMPONENT-ARCHIVE", sub.place(component, "archives"), value=label, name=component.name)
    places = [p for c in sub.study_components if isinstance(p := sub.place(c, "archives"), Place)]
    for archive in archives:
        if sub.study_components and not derive.components(sub, archive):
            title = sub.schema.archive(archive).title
            yield find("ARCHIVE-NO-COMPONENT", places, archive=title, archives=(archive,))


def _empty_components(sub: Submission, archives: tuple[str, ...]) -> Iterator[Finding]:
    """Components without image data (28)."""
    if "study_components" in sub.unresolved:
        return
    for component in sub.study_components:
        to = tuple(a for a in archives if component in derive.components(sub, a))
        if to and component.name and not derive.images(sub, component):
            yield find("COMPONENT-EMPTY", sub.place(component, "name"), value=component.name, archives=to)


def _unused(sub: Submission) -> Iterator[Finding]:
    """Samples, acquisitions and channels that no image data leads to (33)."""
    unused = {sheet: rows for sheet, rows in derive.unused(sub).items() if sheet not in sub.unresolved}
    # A template may come with the instruments of a facility, of which a study uses some.
    for sheet, code in (("image_acquisition", "ACQUISITION-UNUSED"), ("organisations", "ORGANISATION-UNUSED")):
        named = [r for r in unused.pop(sheet, ()) if key_of(r, sub.schema)]
        places = [p for r in named if isinstance(p := sub.place(r, sub.schema[sheet].key[0]), Place)]
        if named:
            yield find(code, places, value="; ".join(key_of(r, sub.schema) for r in named))
    for sheet, rows in unused.items():
        for record in rows:
            key = key_of(record, sub.schema)
            if key:
                yield find("ROW-UNUSED", sub.place(record, sub.schema[sheet].key[0]), value=key)
    for channel in sub.channels:
        shown = [d for d in sub.image_data if not channel.image_data or d in channel.image_data]
        seen = {s for d in shown for s in derive.specimens(d)}
        if channel.specimens and not seen & set(channel.specimens) and "specimens" not in sub.unresolved:
            yield find("ROW-UNUSED", sub.place(channel, "channel_name"), value=channel.channel_name)


def _human(sub: Submission) -> Iterator[Finding]:
    """Human data call for care (36)."""
    for biosample in sub.biosamples:
        if any(o.id == _HUMAN for o in biosample.organisms):
            yield find("HUMAN-DATA", sub.place(biosample, "organisms"))


def _methods(sub: Submission) -> Iterator[Finding]:
    """Which imaging method belongs to which acquisition must follow from the components that use it (37)."""
    for acquisition in sub.image_acquisition:
        if acquisition.imaging_methods or not acquisition.name or sub.typed(acquisition, "imaging_methods"):
            continue
        users = {
            d.study_component for d in sub.image_data if d.study_component and acquisition in derive.acquisitions(d)
        }
        sets = {frozenset(m.label for m in c.imaging_methods) for c in users if c.imaging_methods}
        several = any(
            len(c.imaging_methods) > 1
            and len({a for d in derive.images(sub, c) for a in derive.acquisitions(d) if _undecided(a)}) > 1
            for c in users
        )
        if len(sets) > 1 or several:
            names = sorted({m for labels in sets for m in labels})
            place = sub.place(acquisition, "imaging_methods")
            yield find("METHOD-OPEN", place, value=acquisition.name, methods=names)


def _undecided(acquisition: ImageAcquisition) -> bool:
    return not acquisition.imaging_methods


def _circles(sub: Submission) -> Iterator[Finding]:
    """Image data cannot be made from itself, be it by way of others (38)."""
    table = sub.tables["image_data"]
    made = "source_image_data"
    if made not in table.columns:
        return
    names = {
        fold(name): (row, name)
        for row, name in zip(reversed(table.rows), reversed(table.values("name")), strict=True)
        if isinstance(name, str)
    }
    sources: dict[str, list[str]] = {}
    for name, given in zip(table.values("name"), table.values(made), strict=True):
        if isinstance(name, str) and isinstance(given, tuple):
            sources.setdefault(fold(name), []).extend(s for g in given if (s := fold(str(g))) in names)
    reported: set[str] = set()
    for start in names:
        circle = _circle(start, sources)
        if circle and not reported & set(circle):
            reported |= set(circle)
            shown = " → ".join(names[n][1] for n in (*circle, circle[0]))
            places = [table.place(names[n][0], made) for n in circle]
            yield find("MADE-FROM-CIRCLE", places, value=shown)


def _circle(start: str, sources: dict[str, list[str]]) -> list[str]:
    """A way from a name back to itself; empty when there is none."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for source in sources.get(way[-1], ()):
            if source == start:
                return way
            if source not in seen:
                seen.add(source)
                ways.append([*way, source])
    return []


def _origins(sub: Submission) -> Iterator[Finding]:
    """Segmentations were made from images (39)."""
    classes = {e.label: e.extra.get("class", "") for e in vocabularies.entries("image_type")}
    for image in sub.image_data:
        if classes.get(image.type) == "segmentation" and not sub.typed(image, "source_image_data"):
            yield find("SEGMENTATION-SOURCE", sub.place(image, "source_image_data"), value=image.name)


def _whereabouts(sub: Submission) -> Iterator[Finding]:
    """Image data have files somewhere: rows in Files, a folder or a pattern (40).

    Files of a component of several image data may be listed as its own, where nobody knows whose they are.
    """
    if "image_data" in sub.unresolved:
        return
    listed = {fold(name) for name, n in sub.file_counts.items() if n}
    bare = [d for d in sub.image_data if not sub.typed(d, "path_pattern") and fold(d.name) not in listed]
    several = {c.name for c in sub.study_components if sum(d.study_component == c for d in bare) > 1}
    several = {n for n in several if all(d in bare for d in sub.image_data if _of(d) == n)} & _loose(sub, several)
    for image in bare:
        if image.name and _of(image) not in several:
            yield find("FILES-NONE", sub.place(image, "path_pattern"), value=image.name)


def _of(image: ImageData) -> str:
    return image.study_component.name if image.study_component else ""


def _loose(sub: Submission, components: Collection[str]) -> set[str]:
    """Those of some components that rows of Files name which name no image data."""
    out: set[str] = set()
    for part in sub.file_parts() if components else ():
        named = zip(part.values("study_component"), part.values("image_data"), strict=True)
        out.update(str(component) for component, image in named if component is not None and image is None)
    return {n for n in components if fold(n) in {fold(name) for name in out}}


def _pixel_sizes(sub: Submission) -> Iterator[Finding]:
    """Pixel sizes lie between a tenth of an Ångström and a millimetre, and X and Y are alike (42).

    What lies beyond the limits of its column is said there.
    """
    axes = ("pixel_size_x", "pixel_size_y", "pixel_size_z")
    allowed = {a: sub.schema["image_data"].by_name[a].allows for a in axes}
    for image in sub.image_data:
        given = {a: v for a in axes if (v := getattr(image, a)) is not None and allowed[a](v)}
        for name, value in given.items():
            size = derive.in_angstrom(value, image.pixel_size_unit)
            if size is not None and not _SMALLEST <= size <= _LARGEST:
                shown = f"{derive.plain(value)} {image.pixel_size_unit}"
                yield find("PIXEL-SIZE-UNLIKELY", sub.place(image, name), value=shown)
        x, y = given.get("pixel_size_x"), given.get("pixel_size_y")
        if x and y and abs(x - y) > max(x, y) / 10:
            shown = f"{derive.plain(x)} and {derive.plain(y)}"
            yield find("PIXEL-SIZE-UNLIKE", sub.place(image, "pixel_size_y"), value=shown)


def _sizes(sub: Submission) -> Iterator[Finding]:
    """A size in words and one computed from extents and pixel size agree (43)."""
    for image in sub.image_data:
        computed = derive.computed_size_text(image)
        found = _SIZE.fullmatch(image.size_description)
        if not computed or not found:
            continue
        given = _lengths(image.size_description, found[1])
        reckoned = _lengths(computed, computed.rpartition(" ")[2])
        unlike = any(abs(a - b) > max(a, b) / 10 for a, b in zip(given, reckoned, strict=False))
        if given and reckoned and unlike:
            place = sub.place(image, "size_description")
            yield find("SIZE-DIFFERS", place, value=image.size_description, computed=computed)


def _lengths(text: str, unit: str) -> list[Decimal]:
    """The numbers of a size in Å; empty for an unknown unit."""
    entry = vocabularies.resolve(unit, "length_unit").entry
    if entry is None:
        return []
    lengths = [derive.in_angstrom(Decimal(n), entry.label) for n in _NUMBERS.findall(text)]
    return [n for n in lengths if n is not None]


def _channels(sub: Submission) -> Iterator[Finding]:
    """The number of channels given for images is that of the rows in Channels (43), and each says something (55)."""
    for image in sub.image_data:
        for specimen in derive.specimens(image):
            n = len(derive.channels(sub, specimen, image))
            if n and image.size_c is not None and n != image.size_c:
                place = sub.place(image, "size_c")
                yield find("CHANNEL-COUNT", place, value=image.size_c, n=n, specimen=specimen.name)
                break
    for channel in sub.channels:
        told = channel.content or sub.typed(channel, "content") or sub.typed(channel, "biological_entity")
        if channel.channel_name and not told:
            yield find("CHANNEL-EMPTY", sub.place(channel, "biological_entity"), value=channel.channel_name)


def _correlations(sub: Submission) -> Iterator[Finding]:
    """A correlation ties at least two things together (46)."""
    for correlation in sub.image_correlation:
        names = sub.tables["image_correlation"].value(correlation.row, "image_data") if correlation.row else ()
        n = max(len(correlation.image_data), len(names) if isinstance(names, tuple) else 0)
        if n < 2 and not correlation.related_images and correlation.name:
            place = sub.place(correlation, "related_images")
            yield find("CORRELATION-FEW", place, value=correlation.name, n=n)
