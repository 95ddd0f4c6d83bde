"""What became of a file as JSON for the store, and back: exact, short, the same text for the same thing.

Lists by place instead of names: a store may hold a million of them. Numbers stay texts with all their digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest.model import Channel, Confidence, Group, Header, Image, Item, Length, Status, Value

_DUMP = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def pack(item: Item) -> str:
    """All of an item but its path and size, which the store keeps by themselves."""
    header = item.header
    told = header and [
        header.format,
        [_image(i, item.path) for i in header.images],
        [_value(v, item.path) for v in header.values],
        header.warnings,
        header.compression,
        header.instrument,
        header.acquired,
        header.links,
        header.companion,
        header.plate,
        header.wells,
        dict(header.linked_wells),
        *_linked(header.linked_channels, item.path),
    ]
    return _DUMP([item.status, item.format, item.notes, told])


def unpack(path: str, size: int, text: str, checksum: str = "") -> Item:
    """The item of a text that `pack` made."""
    status, form, notes, told = json.loads(text)
    header = None
    if told:
        named, images, values, warnings, compression, instrument, acquired, links, companion, plate, wells, *linked = (
            told
        )
        in_wells, channels, shown = linked
        several = [_channel_of(c, path) for c in channels]
        header = Header(
            format=named,
            images=tuple(_image_of(i, path) for i in images),
            values=tuple(_value_of(v, path) for v in values),
            warnings=tuple(warnings),
            compression=compression,
            instrument=instrument,
            acquired=acquired,
            links=tuple(links),
            companion=companion,
            plate=plate,
            wells=tuple(wells),
            linked_wells={n: tuple(w) for n, w in in_wells.items()},
            linked_channels={n: several[at] for n, at in shown.items()},
        )
    return Item(path, size, Status(status), form, header, tuple(notes), checksum)


def pack_group(group: Group) -> list[Any]:
    """A group without its files, which the store keeps by themselves."""
    return [
        group.name,
        group.bytes,
        group.format,
        group.compression,
        group.instrument,
        _image(group.image, ""),
        group.images,
        group.stacks,
        [_value(v, "") for v in group.values],
    ]


def unpack_group(told: list[Any], files: Any) -> Group:
    """The group of what `pack_group` made; `files`: its paths, a sequence."""
    name, size, form, compression, instrument, image, images, stacks, values = told
    made = tuple(_value_of(v, "") for v in values)
    return Group(name, files, size, form, compression, instrument, _image_of(image, ""), images, stacks, made)


def _value(value: Value, path: str) -> list[str]:
    file = "" if value.file == path else value.file
    return [value.column, value.value, value.unit, value.key, file, value.reader, value.confidence]


def _value_of(told: list[str], path: str) -> Value:
    column, value, unit, key, file, reader, confidence = told
    return Value(column, value, unit, key, file or path, reader, Confidence(confidence))


def _linked(channels: Mapping[str, Channel], path: str) -> tuple[list[Any], dict[str, int]]:
    """The channels of other files: each once, and which of them a file shows."""
    places: dict[Channel, int] = {}
    shown = {name: places.setdefault(channel, len(places)) for name, channel in channels.items()}
    return [_channel(c, path) for c in places], shown


def _channel(channel: Channel, path: str) -> list[Any]:
    return [channel.name, [_value(v, path) for v in channel.values]]


def _channel_of(told: list[Any], path: str) -> Channel:
    name, values = told
    return Channel(name, tuple(_value_of(v, path) for v in values))


def _image(image: Image, path: str) -> list[Any]:
    return [
        image.axes,
        dict(image.sizes),
        image.pixel_type,
        {a: [str(s.value), s.unit] for a, s in image.pixel_size.items()},
        image.name,
        image.frames,
        [_channel(c, path) for c in image.channels],
    ]


def _image_of(told: list[Any], path: str) -> Image:
    axes, sizes, kind, pixels, name, frames, channels = told
    return Image(
        axes=axes,
        sizes=sizes,
        pixel_type=kind,
        pixel_size={a: Length(Decimal(value), unit) for a, (value, unit) in pixels.items()},
        name=name,
        frames=frames,
        channels=tuple(_channel_of(c, path) for c in channels),
    )
