"""Logs of Prairie View (Bruker): PVScan names each file with its channel and holds the state of the microscope.

State of version 5 is told once for all frames (PVStateValue), that of version 4 with each frame (Key), where the first
counts. Lengths in µm, dwell times in µs, periods in s. The .env beside it holds the same state. Source: files of
versions 4 and 5; the names have no schema of their own.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import CHANNELS, Facts, file_name, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Confidence, Header, Image
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_ROOT = b"<PVScan "
_STATE = b"<Environment"
_ABOUT = re.compile(r'<PVScan [^>]*?version="([\d.]+)"(?: date="([^"]+)")?')
_TIMED = "TSeries Timed Element"
_MOST = 2**17  # pixels of a line, lines


def sniff(head: bytes, name: str) -> int:
    """By the root element; that of the state alone says little, so that its name counts too."""
    plain = xml.begins(head)
    return 95 if _ROOT in plain or (_STATE in plain and name.endswith(".env")) else 0


def read(source: Source) -> Header:
    """What the log says of its files."""
    about = _ABOUT.search(xml.begins(source.head).decode("utf-8", "replace"))
    if about is None:
        return Header("Prairie View log", companion=True)
    facts = Facts(source.path, "prairie")
    state: dict[str, str] = {}
    shown: dict[str, Channel] = {}
    kinds: set[str] = set()
    for element in xml.each(source, "PVStateShard", "File", "Sequence"):
        if element.tag == "PVStateShard":
            state = state or _state(element)
        elif element.tag == "Sequence":
            kinds.add(element.get("type", ""))
        elif name := file_name(element.get("filename")):
            shown[name.casefold()] = Channel(words(element.get("channelName")) or f"Ch{element.get('channel', '')}")
    own = _light(facts, state)
    facts.text("objective", state.get("objectiveLens"), "objectiveLens")
    facts.number("magnification", state.get("objectiveLensMag"), "", "objectiveLensMag")
    facts.number("numerical_aperture", state.get("objectiveLensNA"), "", "objectiveLensNA")
    facts.number("pixel_dwell_time", state.get("dwellTime"), "µs", "dwellTime")
    if kinds == {_TIMED}:
        facts.number("time_interval", state.get("framePeriod"), "s", "framePeriod")
    facts.text("acquisition_software", f"Prairie View {about[1]}", "PVScan@version")
    return Header(
        "Prairie View log",
        _image(state),
        tuple(facts.values),
        (*facts.warnings, *own.warnings),
        acquired=words(about[2]),
        links=tuple(shown),
        companion=True,
        linked_channels={name: Channel(c.name, tuple(own.values)) for name, c in shown.items()},
    )


def _state(shard: ET.Element) -> dict[str, str]:
    """Key, or key_index of what has several -> value."""
    found: dict[str, str] = {}
    for one in shard:
        key = one.get("key", "")
        found[key] = one.get("value", "")
        for part in xml.children(one, "IndexedValue"):
            found[f"{key}_{part.get('index', '')}"] = part.get("value", "")
    return found


def _light(facts: Facts, state: dict[str, str]) -> Facts:
    """The laser, where one alone is set to a wavelength; told of every channel."""
    own = facts.on(CHANNELS)
    lines = {n for k, v in state.items() if k.startswith("laserWavelength") and (n := number(v))}
    if len(lines) == 1:
        own.number("excitation_wavelength", lines.pop(), "nm", "laserWavelength")
        facts.text("light_source", "laser", "laserWavelength", Confidence.DERIVED)
    return own


def _image(state: dict[str, str]) -> tuple[Image, ...]:
    counts = {"Y": number(state.get("linesPerFrame")), "X": number(state.get("pixelsPerLine"))}
    sizes = {a: int(n) for a, n in counts.items() if n is not None and n == int(n) and 0 < n < _MOST}
    sizes = sizes if len(sizes) == 2 else {}
    pixels = {a: s for a in "XY" if (s := pixel_size(state.get(f"micronsPerPixel_{a}Axis"), "µm"))}
    return (Image("".join(sizes), sizes, pixel_size=pixels),) if sizes or pixels else ()
