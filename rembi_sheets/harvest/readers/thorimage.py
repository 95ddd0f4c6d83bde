"""ThorImage LS: Experiment.xml, the TIFFs beside it (a plane each), and its raw files, which have no header themselves.

TIFFs are called CHANNEL_AREA_PART_Z_TIME.tif, raw files Image_AREA_PART.raw, numbers with three or four digits from 1.
Raw files hold 16 bits a pixel, all channels of a frame one after the other; those of fast stacks also hold the frames
of the way back. The size of a pixel is that of LSM; that of Camera is of its chip. It has three digits, so that the
width of the field, told beside it, says whether it is one (version 4 leaves pixelSizeUM as it found it). Users and
computers are named in it and never looked at.
Source: the program itself (ThorImage LS 4.x, public), and files of versions 1 to 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_ROOT = b"<ThorImageExperiment"
_TOLD = "Experiment.xml"
_RAW = re.compile(r"image_\d{3,}_\d{3,}(?:_\d{3,}_\d{3,})?\.raw")
_DIGITS = (3, 4)
_MOST = 2**18  # names
_GREATEST = 2**20  # pixels of a line, lines, planes, frames
_CAMERA, _STREAMING = "0", "1"  # Modality@primaryDetectorType, CaptureMode@mode
_AREAS = ("", "0", "1")  # LSM@areaMode: none told, square, rectangle; lines have times where others have Y
_BYTES = 2
_CHANNELS = 64
_INPUTS = 4  # channels that a raw file holds where it is not said that it has those alone that were enabled
_HALF = Decimal("0.0006")  # µm: half of the last digit of a pixel size, and what its width may add
_CLOSE = Decimal("0.01")


class _Experiment(NamedTuple):
    """What Experiment.xml says. `planes`: those of a stack; `back`: frames of the way back after each stack.

    `frames`: of a raw file; `times`: of the image that they make.
    """

    root: ET.Element
    sizes: dict[str, int]
    pixels: dict[str, Length]
    channels: tuple[str, ...]
    enabled: int
    planes: int
    times: int
    frames: int
    streamed: bool
    fast: bool
    back: int


def sniff(head: bytes, name: str) -> int:
    """By the root element; raw files, which begin with pixels, by their name."""
    return 95 if _ROOT in xml.begins(head) else 30 if _RAW.fullmatch(name) else 0


def read(source: Source) -> Header:
    """What the experiment says of the TIFFs that it names; of a raw file, what the experiment beside it says."""
    facts = Facts(source.path, "thorimage")
    if not _RAW.fullmatch(source.name):
        return _list(_experiment(xml.parse(source.text_bytes(xml.LIMIT)), facts), facts)
    beside = source.file.with_name(_TOLD)
    if not beside.is_file():
        return Header("ThorImage raw", warnings=(f"there is no {_TOLD} beside it, which alone says its sizes",))
    told = Source.of(beside, (Path(source.path).parent / _TOLD).as_posix())
    facts.file = told.path
    return _raw(_experiment(xml.parse(told.text_bytes(xml.LIMIT)), facts), facts, source.size)


def _experiment(root: ET.Element, facts: Facts) -> _Experiment:
    ask = _Asking(root)
    facts.text("objective", ask("Magnification", "name"), "Magnification@name")
    facts.text("acquisition_software", f"ThorImage {ask('Software', 'version')}", "Software@version")
    stages = {
        (s.get("steps", ""), s.get("stepSizeUM", "")) for s in root.findall("ZStage") if s.get("name") is not None
    }
    steps, step = stages.pop() if len(stages) == 1 else ("", "")
    mode, streaming = ask("CaptureMode", "mode"), ask("Streaming", "enable") == "1"
    streamed = mode == _STREAMING or (not mode and streaming)
    fast = streamed and ask("Streaming", "zFastEnable") == "1"
    deep = fast or (not streamed and ask("ZStage", "enable") not in ("0", "False"))
    sizes, pixels = _area(root, ask, facts)
    if deep and (size := pixel_size(step, "µm")):
        pixels["Z"] = size
    planes = (_count(steps) or 1) if deep else 1
    channels = tuple(words(w.get("name")) for w in xml.children(root, "Wavelengths", "Wavelength"))[:_CHANNELS]
    enabled = xml.child(root, "Wavelengths", "ChannelEnable")
    back = _count(ask("Streaming", "flybackFrames")) if fast else 0
    frames = _count(ask("Streaming", "frames") if streamed else ask("Timelapse", "timepoints")) or 1
    return _Experiment(
        root,
        sizes,
        pixels,
        channels,
        _count(enabled.get("Set", "") if enabled is not None else "").bit_count() or len(channels),
        planes,
        (frames // (planes + back) or 1) if fast else frames,
        frames if streamed else frames * planes,
        streamed,
        fast,
        back,
    )


class _Asking:
    """What the first element of a name says below the root; '' for nothing."""

    def __init__(self, root: ET.Element) -> None:
        self._root = root

    def __call__(self, name: str, key: str) -> str:
        found = self._root.find(name)
        return "" if found is None else found.get(key, "").strip()


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 and int(text) <= _GREATEST else 0


def _area(root: ET.Element, ask: _Asking, facts: Facts) -> tuple[dict[str, int], dict[str, Length]]:
    """Pixels of a line and lines, and their sizes, where one area was scanned."""
    kind = ask("Modality", "primaryDetectorType")
    camera = kind == _CAMERA or (not kind and ask("LightPath", "Camera") == "1")
    several = any(a.get("IsEnable") == "true" for a in root.iter("ScanArea"))
    if camera or several or ask("LSM", "ThreePhotonEnable") == "1":
        return {}, {}
    sizes = {a: n for a in "YX" if (n := _count(ask("LSM", f"pixel{a}")))}
    if len(sizes) < 2:
        return {}, {}
    pixels = {}
    for axis, way in (("X", "Width"), ("Y", "Height")):
        told = ask("LSM", f"pixel{way}UM") or ask("LSM", "pixelSizeUM")
        size, whole = number(told), number(ask("LSM", f"{way.lower()}UM"))
        if axis == "Y" and ask("LSM", "areaMode") not in _AREAS:
            continue
        if size is not None and whole:
            step = whole / sizes[axis]
            if abs(step - size) > _HALF + step * _CLOSE:
                facts.warnings.append(f"it says {told} µm a pixel, but {whole} µm for {sizes[axis]}; none is told")
                continue
        if length := pixel_size(told, "µm"):
            pixels[axis] = length
    return sizes, pixels


def _list(said: _Experiment, facts: Facts) -> Header:
    """Experiment.xml itself: a companion."""
    counts = {"T": said.times, "Z": said.planes, "C": len(said.channels)}
    axes = [a for a, n in counts.items() if n > 1]
    sizes = {a: counts[a] for a in axes} | said.sizes if said.sizes else {}
    named = tuple(Channel(c) for c in said.channels)
    image = Image(
        "".join(sizes), sizes, pixel_size={a: s for a, s in said.pixels.items() if a in sizes}, channels=named
    )
    links, places, shown = list[str](), dict[str, tuple[int, ...]](), dict[str, Channel]()
    for name, place in _names(said, facts):
        links.append(name)
        shown[name.casefold()] = named[place["C"]]
        if sizes:
            places[name.casefold()] = tuple(place[a] for a in axes)
    return Header(
        "ThorImage experiment",
        (image,) if sizes else (),
        tuple(facts.values),
        tuple(facts.warnings),
        acquired=words(_Asking(said.root)("Date", "date")),
        links=tuple(links),
        companion=True,
        linked_channels=shown,
        linked_places=places,
    )


def _names(said: _Experiment, facts: Facts) -> Iterator[tuple[str, dict[str, int]]]:
    """The TIFFs that there may be, and the place of each in its image."""
    grids = (("Wells", "rows", "columns"), ("SubImages", "subRows", "subColumns"))
    areas, parts = (
        max((_count(g.get(high, "")) * _count(g.get(wide, "")) for g in said.root.iter(name)), default=0) or 1
        for name, high, wide in grids
    )
    if len(said.channels) * areas * parts * said.planes * said.times * len(_DIGITS) > _MOST:
        facts.warnings.append("it names more files than are looked up; their channels are not told")
        return
    every = (range(1, n + 1) for n in (areas, parts, said.planes, said.times))
    for counted in product(*every):
        place = {"Z": counted[2] - 1, "T": counted[3] - 1}
        for digits, (c, channel) in product(_DIGITS, enumerate(said.channels)):
            yield f"{channel}_{'_'.join(f'{n:0{digits}}' for n in counted)}.tif", place | {"C": c}


def _raw(said: _Experiment, facts: Facts, size: int) -> Header:
    """A raw file: only what fits its size."""
    about = tuple(facts.values)
    acquired = words(_Asking(said.root)("Date", "date"))
    plane = said.sizes.get("X", 0) * said.sizes.get("Y", 0) * _BYTES
    if not plane or size % plane:
        why = f"{_TOLD} says no sizes that fit it"
        return Header("ThorImage raw", (), about, (*facts.warnings, why), acquired=acquired)
    sizes, warning = _frames(said, size // plane)
    whole = sizes | said.sizes
    named = tuple(Channel(c) for c in said.channels)
    image = Image(
        "".join(whole),
        whole,
        "uint16",
        {a: s for a, s in said.pixels.items() if a in whole},
        channels=named if sizes.get("C", 1) == len(named) == said.enabled else (),
    )
    return Header("ThorImage raw", (image,), about, (*facts.warnings, *warning), "none", acquired=acquired)


def _frames(said: _Experiment, planes: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """Times, planes of a stack and channels of so many planes in a raw file, as far as they are sure."""
    count, alone = said.enabled, _Asking(said.root)("RawData", "onlyEnabledChannels") == "1"
    held = {count} if alone else {count, _INPUTS}
    fits = [c for c in held if c and planes == c * said.frames]
    if not fits and alone and count and planes % count == 0:  # it was stopped before its end
        fits = [count]
    if len(fits) != 1:
        return {}, ("how many channels it holds is not said; they, planes and times are not told",)
    frames = planes // fits[0]
    sizes = {"C": fits[0]} if fits[0] > 1 else {}
    if said.back:
        return sizes, (
            f"{said.back} of each {said.planes + said.back} frames are of the way back; planes are not told",
        )
    if said.fast and frames % said.planes == 0:
        sizes = {a: n for a, n in (("T", frames // said.planes), ("Z", said.planes)) if n > 1} | sizes
    elif said.streamed and not said.fast and frames > 1:
        sizes = {"T": frames} | sizes
    elif frames > 1:
        return sizes, ("its frames are not told: they may be planes or times",)
    return sizes, ()
