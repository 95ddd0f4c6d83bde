"""What became of a file as JSON for the store, and back: exact, short, the same text for the same thing.

Lists by place instead of names: a store may hold a million of them. Numbers stay texts with all their digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rembi_sheets.harvest.model import Channel, Confidence, Group, Header, Image, Item, Length, Status, Value

_TEXTS = 256  # that are kept with what they say
SHORT = 4096
"""Signs of a text above which it is not kept for files that say the same."""
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
        dict(header.linked_places),
    ]
    return _DUMP([item.status, item.format, item.notes, told])


def unpack(path: str, size: int, text: str, checksum: str = "") -> Item:
    """The item of a text that `pack` made. Items of the same text share their header, or the images of it."""
    status, form, notes, header = _told(text) if len(text) < SHORT else _told.__wrapped__(text)
    return Item(path, size, status, form, header and _at(header, path), notes, checksum)


@lru_cache(_TEXTS)
def _told(text: str) -> tuple[Status, str, tuple[str, ...], Header | None]:
    """What a text says; a value that stands in the file itself has no file yet."""
    status, form, notes, told = json.loads(text)
    if not told:
        return Status(status), form, tuple(notes), None
    named, images, values, warnings, compression, instrument, acquired, links, companion, plate, wells, *linked = told
    in_wells, channels, shown, places = linked
    several = [_channel_of(c) for c in channels]
    header = Header(
        format=named,
        images=tuple(_image_of(i) for i in images),
        values=tuple(_value_of(v) for v in values),
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
        linked_places={n: tuple(p) for n, p in places.items()},
    )
    return Status(status), form, tuple(notes), header


def _at(header: Header, path: str) -> Header:
    """The header with the file of the values that stand in it."""
    detailed = any(c.values for i in header.images for c in i.channels)
    if not (detailed or header.values or header.linked_channels):
        return header
    images = header.images
    if detailed:
        images = tuple(replace(i, channels=tuple(_channel_at(c, path) for c in i.channels)) for i in images)
    once = {channel: _channel_at(channel, path) for channel in header.linked_channels.values()}
    linked = {name: once[channel] for name, channel in header.linked_channels.items()}
    return replace(header, images=images, values=_values_at(header.values, path), linked_channels=linked)


def _channel_at(channel: Channel, path: str) -> Channel:
    return Channel(channel.name, _values_at(channel.values, path))


def _values_at(values: tuple[Value, ...], path: str) -> tuple[Value, ...]:
    return tuple(v if v.file else Value(v.column, v.value, v.unit, v.key, path, v.reader, v.confidence) for v in values)


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
    made = tuple(_value_of(v) for v in values)
    return Group(name, files, size, form, compression, instrument, _image_of(image), images, stacks, made)


def _value(value: Value, path: str) -> list[str]:
    file = "" if value.file == path else value.file
    return [value.column, value.value, value.unit, value.key, file, value.reader, value.confidence]


def _value_of(told: list[str]) -> Value:
    column, value, unit, key, file, reader, confidence = told
    return Value(column, value, unit, key, file, reader, Confidence(confidence))


def _linked(channels: Mapping[str, Channel], path: str) -> tuple[list[Any], dict[str, int]]:
    """The channels of other files: each once, and which of them a file shows."""
    places: dict[Channel, int] = {}
    shown = {name: places.setdefault(channel, len(places)) for name, channel in channels.items()}
    return [_channel(c, path) for c in places], shown


def _channel(channel: Channel, path: str) -> list[Any]:
    return [channel.name, [_value(v, path) for v in channel.values]]


def _channel_of(told: list[Any]) -> Channel:
    name, values = told
    return Channel(name, tuple(_value_of(v) for v in values))


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


def _image_of(told: list[Any]) -> Image:
    axes, sizes, kind, pixels, name, frames, channels = told
    return Image(
        axes=axes,
        sizes=sizes,
        pixel_type=kind,
        pixel_size={a: Length(Decimal(value), unit) for a, (value, unit) in pixels.items()},
        name=name,
        frames=frames,
        channels=tuple(_channel_of(c) for c in channels),
    )
