"""A harvest as text for people, as JSON, and as a table with one row a file and image."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from rembi_sheets.harvest import columns
from rembi_sheets.harvest.facts import ACQUISITION, CHANNELS, IMAGE_DATA
from rembi_sheets.harvest.folder import Harvest
from rembi_sheets.harvest.model import Channel, Confidence, Group, Image, Item, Length, Status
from rembi_sheets.harvest.together import said_of
from rembi_sheets.report.words import in_bytes
from rembi_sheets.values.ranges import plain

_HEADINGS = (
    "path", "size", "status", "format", "image", "axes", "sizes", "pixel type", "pixel size", "frames", "channels",
    "checksum", "notes",
)  # fmt: skip


def as_json(harvest: Harvest) -> Iterator[str]:
    """All files with their images and values, and the groups; in parts, since there may be a million files."""
    counts = harvest.counts
    about = {
        "files": len(harvest.items),
        "read": counts[Status.READ],
        "companions": counts[Status.COMPANION],
        "unread": counts[Status.UNREAD],
        "failed": counts[Status.FAILED],
    } | ({"waiting": counts[Status.WAITING]} if counts[Status.WAITING] else {})
    yield f'{{\n "folder": {_json(harvest.folder)},\n "counts": {_json(about)},\n'
    yield from _listed("files", map(_item, harvest.items))
    yield ",\n"
    yield from _listed("groups", map(_group, harvest.groups))
    yield "\n}\n"


def _json(content: object, depth: int = 1) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)


def _listed(name: str, contents: Iterator[Any]) -> Iterator[str]:
    yield f' "{name}": ['
    between = "\n  "
    for content in contents:
        yield between + _json(content, 2)
        between = ",\n  "
    yield "]" if between == "\n  " else "\n ]"


def _item(item: Item) -> dict[str, Any]:
    header = item.header
    return {
        "path": item.path,
        "size": item.size,
        "format": item.format,
        "status": item.status.value,
        "acquired": header.acquired if header else "",
        "images": [_image(i) for i in header.images] if header else [],
        "values": [
            {
                "column": columns.title(v),
                "value": v.value,
                "unit": v.unit,
                "key": v.key,
                "file": v.file,
                "confidence": v.confidence.value,
            }
            for v in (header.values if header else ())
        ],
        "warnings": [*(header.warnings if header else ()), *item.notes],
    } | ({"checksum": item.checksum} if item.checksum else {})


def _image(image: Image) -> dict[str, Any]:
    return {
        "name": image.name,
        "axes": image.axes,
        "sizes": dict(image.sizes),
        "pixel_type": image.pixel_type,
        "pixel_size": {a: [plain(s.value), s.unit] for a, s in image.pixel_size.items()},
        "frames": image.frames,
        "channels": [_channel(c) for c in image.channels],
    }


def _channel(channel: Channel) -> dict[str, Any]:
    sure: dict[str, str] = {}
    guesses: dict[str, str] = {}
    for value in channel.values:
        found = guesses if value.confidence is Confidence.GUESS else sure
        found[columns.title(value).partition(": ")[2]] = value.value
    return {"name": channel.name, **sure} | ({"guesses": guesses} if guesses else {})


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "files": len(group.files),
        "images": group.images,
        "bytes": group.bytes,
        "instrument": group.instrument,
        "image_data": columns.labelled(IMAGE_DATA, columns.image_data(group)),
        "image_acquisition": columns.labelled(ACQUISITION, columns.image_acquisition(group)),
        "channels": [columns.labelled(CHANNELS, c) for c in columns.channels(group)],
        "guesses": {columns.title(v): v.value for v in group.values if v.confidence is Confidence.GUESS},
    }


def as_tsv(harvest: Harvest) -> Iterator[str]:
    """One row a file and image; a file without images has one row."""
    made = io.StringIO()
    table = csv.writer(made, dialect="excel-tab", lineterminator="\n")
    table.writerow(_HEADINGS)
    for item in harvest.items:
        notes = "; ".join([*(item.header.warnings if item.header else ()), *item.notes])
        images = item.header.images if item.header else ()
        for image in images or (None,):
            row = [item.path, item.size, item.status.value, item.format, *_cells(image), item.checksum, notes]
            table.writerow(row)
        yield made.getvalue()
        made.seek(0)
        made.truncate()
    yield made.getvalue()


def _cells(image: Image | None) -> list[str]:
    if image is None:
        return [""] * 7
    return [
        image.name,
        image.axes,
        _sizes(image),
        image.pixel_type,
        _pixels(image),
        str(image.frames or ""),
        ", ".join(c.name for c in image.channels if c.name),
    ]


def _sizes(image: Image) -> str:
    """X 512, Y 512, Z 5: in the order in which people say it."""
    order = [a for a in "XYZCTNS" if a in image.sizes] + [a for a in image.sizes if a not in "XYZCTNS"]
    return ", ".join(f"{a} {image.sizes[a]}" for a in order)


def _pixels(image: Image) -> str:
    """X 0.09 µm, Y 0.09 µm; once where all are the same."""
    sizes: dict[str, Length] = dict(image.pixel_size)
    texts = {f"{plain(s.value)} {s.unit}" for s in sizes.values()}
    if len(texts) == 1 and len(sizes) > 1:
        return f"{texts.pop()} ({', '.join(sizes)})"
    return ", ".join(f"{a} {plain(s.value)} {s.unit}" for a, s in sizes.items())


def text(harvest: Harvest, verbose: bool = False) -> Iterator[str]:
    """The counts, each group with what its files share, then what needs a look."""
    return (f"{line}\n" for line in _lines(harvest, verbose))


def _lines(harvest: Harvest, verbose: bool) -> Iterator[str]:
    counts = harvest.counts
    parts = [f"{counts[Status.READ]:,} read"]
    parts += [f"{counts[s]:,} {word}" for s, word in _WORDS.items() if counts[s]]
    yield f"{harvest.folder}: {_many(len(harvest.items), 'file')}, {', '.join(parts)}"
    for group in harvest.groups:
        yield ""
        yield from _told(group)
    yield from _noted(harvest, verbose)


_WORDS = {
    Status.COMPANION: "beside images (logs, previews)",
    Status.UNREAD: "of no format that is read",
    Status.FAILED: "could not be read",
    Status.WAITING: "not looked at yet",
}


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _told(group: Group) -> Iterator[str]:
    yield f"{group.name}: {_many(len(group.files), 'file')}, {in_bytes(group.bytes)}"
    rows = list(_rows(group))
    width = max(len(label) for label, _ in rows)
    for label, told in rows:
        yield f"  {label:<{width}}  {told}"


def _rows(group: Group) -> Iterator[tuple[str, str]]:
    """What the files of a group share: label, text."""
    yield "Files", group.files[0] + (f" ... {group.files[-1]}" if len(group.files) > 1 else "")
    if group.images != len(group.files):
        yield "Images", f"{group.images:,}"
    image = group.image
    frames = f"{image.frames} frames each" if image.frames else ""
    size = ", ".join(filter(None, (_sizes(image), frames, image.pixel_type)))
    yield "Size", size or ("differs from image to image" if group.stacks > 1 else "not stated")
    yield "Pixel size", _pixels(image) or "not stated"
    for channel in columns.channels(group):
        units = columns.units_of(CHANNELS)
        (_, name), *others = columns.labelled(CHANNELS, channel).items()
        rest = ", ".join(f"{k.lower()} {v}{units.get(k, '')}" for k, v in others)
        yield "Channel", (name or "(no name)") + (f": {rest}" if rest else "")
    units = columns.units_of(ACQUISITION)
    for label, value in columns.labelled(ACQUISITION, columns.image_acquisition(group)).items():
        yield label, value + units.get(label, "")
    for guess in group.values:
        if guess.confidence is Confidence.GUESS:
            yield "Perhaps", f"{columns.title(guess).partition(': ')[2].lower()} {guess.value}"


def _noted(harvest: Harvest, verbose: bool) -> Iterator[str]:
    """Warnings and failures, equal ones once, with the files they are about."""
    remarks = harvest.passed | (_all(harvest) if verbose else harvest.remarks)
    if remarks:
        yield ""
        yield "To look at"
        for note, (count, paths) in remarks.items():
            more = f" and {count - len(paths)} more" if count > len(paths) else ""
            yield f"  {', '.join(paths)}{more}: {note}"
    for note, count in harvest.lacking.items():
        yield ""
        formats, _, command = note.partition(": ")
        yield f"{_many(count, 'file')} of {formats} not read. To read them: {command}"
    if verbose and harvest.counts[Status.UNREAD] > sum(harvest.lacking.values()):
        yield ""
        yield "Of no format that is read"
        yield from (f"  {i.path}" for i in harvest.items if i.status is Status.UNREAD and not i.notes)


def _all(harvest: Harvest) -> dict[str, tuple[int, list[str]]]:
    """The remarks with all paths."""
    paths: dict[str, list[str]] = {}
    for item in harvest.items:
        for note in said_of(item):
            paths.setdefault(note, []).append(item.path)
    return {note: (len(p), p) for note, p in paths.items()}
