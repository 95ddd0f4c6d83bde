"""Method columns taken out of the texts into which `build` composed them.

An imaging protocol holds those of instrument and settings, and behind them the light of the channels it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rembi_sheets import compose
from rembi_sheets.archives.idr.document import NAME
from rembi_sheets.archives.idr.facts.imaging import CHANNELS, TEXTS
from rembi_sheets.records import Channel, ImageAcquisition, Method, Record
from rembi_sheets.schema import Schema, SheetSpec
from rembi_sheets.submission import Submission

Light = Mapping[str, tuple[Method, ...]]


@dataclass(frozen=True)
class Apart:
    """Takes the texts of each record apart. `light`: method columns by the name of a channel; None: texts that tell
    the light of channels stay whole, as it cannot be told whose it is."""

    schema: Schema
    light: Light | None

    def __call__(self, record: Record, sheet: SheetSpec) -> Record:
        """The record with its method columns, and without them in its texts."""
        between = self.schema.archive(NAME).between
        if isinstance(record, Channel):
            return replace(record, methods=(self.light or {}).get(record.channel_name, ()))
        if not isinstance(record, ImageAcquisition):
            return compose.out_of_texts(record, sheet, between)
        text, shown = _parted(record.instrument, between)
        if shown and self.light is None:
            return record
        free, methods = compose.out_of_text(text, sheet, TEXTS[0], between, *TEXTS[1:])
        return replace(record, instrument=free, methods=methods)


def apart(sub: Submission) -> Apart:
    """What takes the texts of the records of a study apart."""
    between = sub.schema.archive(NAME).between
    shown = (_parted(a.instrument, between)[1] for a in sub.image_acquisition)
    sheet = sub.schema[Channel.SHEET]
    return Apart(sub.schema, _light([line for line in shown if line], sub.channels, sheet, between))


def _parted(text: str, between: str) -> tuple[str, str]:
    """The text of an imaging protocol, and what its last line says of the channels; '' for none."""
    if text.startswith(CHANNELS):
        return "", text.removeprefix(CHANNELS)
    before, found, line = text.rpartition(between + CHANNELS)
    return (before, line) if found else (text, "")


def _light(lines: Iterable[str], channels: Iterable[Channel], sheet: SheetSpec, between: str) -> Light | None:
    """The method columns of each channel; None where a line cannot be read, or does not say whose they are."""
    names = {c.channel_name for c in channels}
    out: dict[str, tuple[Method, ...]] = {}
    for line in lines:
        begun = ""
        for part in line.split(between):
            begun = f"{begun}{between}{part}" if begun else part
            name, found = compose.out_of_brackets(begun, sheet, "content")
            if not found:
                continue  # what parts the channels stands within a value as well
            if name not in names or out.setdefault(name, found) != found:
                return None
            begun = ""
        if begun:
            return None
    return out
