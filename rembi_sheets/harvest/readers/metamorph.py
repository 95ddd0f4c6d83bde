"""Lists of MetaMorph and VisiView (.nd): the wavelengths, positions and time points of an acquisition, a line each.

Images are called as the list, with _w1NAME, _s1 and _t1 behind. The step between planes is in µm, and may have a comma.
Names of positions are people's own and are not looked at.
Source: "MDA file formats" of the maker, and files of both programs.
"""

from __future__ import annotations

import re
from itertools import product

from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image
from rembi_sheets.harvest.source import Source

_MARK = b'"NDInfoFile"'
_LIMIT = 2**24
_LINE = re.compile(r'\s*"([^"]*)"\s*,?\s*(.*?)\s*$')
_ENDINGS = (".tif", ".stk", ".tiff")  # whatever the list says, programs write each of them
_NO_NAME = re.compile(r'[\\/:*?"<>|]')
_MOST = 2**18  # names


def sniff(head: bytes, name: str) -> int:
    """By its first line."""
    return 95 if head.lstrip(b"\xef\xbb\xbf").startswith(_MARK) else 0


def read(source: Source) -> Header:
    """The channel of each image, and how many planes there are, in which distance."""
    text = source.text_bytes(_LIMIT).decode("utf-8-sig", "replace")
    said = {found[1]: found[2].strip('"') for line in text.splitlines() if (found := _LINE.match(line))}
    facts = Facts(source.path, "metamorph")
    waves = _count(said, "DoWave", "NWavelengths")
    names = [words(said.get(f"WaveName{n}")) for n in range(1, waves + 1)]
    several = [f"_w{n}" for n in range(1, waves + 1)] or [""]
    if said.get("WaveInFileName", "TRUE").upper() == "TRUE":
        several = [f"{mark}{name}" for mark, name in zip(several, names or [""], strict=True)]
    spots = [f"_s{n}" for n in range(1, _count(said, "DoStage", "NStagePositions") + 1)] or [""]
    times = [f"_t{n}" for n in range(1, _count(said, "DoTimelapse", "NTimePoints") + 1)] or [""]
    shown: dict[str, Channel] = {}
    links: list[str] = []
    if len(several) * len(spots) * len(times) * len(_ENDINGS) > _MOST:
        facts.warnings.append("it names more files than are looked up; their channels are not told")
    else:
        stem = source.called.rpartition(".")[0]
        for (place, wave), spot, time, end in product(enumerate(several), spots, times, _ENDINGS):
            name = _NO_NAME.sub("-", f"{stem}{wave}{spot}{time}{end}")
            links.append(name)
            if place < len(names) and names[place]:
                shown[name.casefold()] = Channel(names[place])
    return Header(
        "MetaMorph ND",
        _planes(said),
        tuple(facts.values),
        tuple(facts.warnings),
        acquired=words(said.get("StartTime1")),
        links=tuple(links),
        companion=True,
        linked_channels=shown,
    )


def _count(said: dict[str, str], done: str, key: str) -> int:
    """How many there are of what was done; 0 for what was not."""
    number = said.get(key, "")
    return int(number) if said.get(done, "").upper() == "TRUE" and number.isdecimal() and len(number) < 7 else 0


def _planes(said: dict[str, str]) -> tuple[Image, ...]:
    planes = _count(said, "DoZSeries", "NZSteps")
    step = pixel_size(said.get("ZStepSize", "").replace(",", "."), "µm")
    return (Image("Z", {"Z": planes}, pixel_size={"Z": step} if step else {}),) if planes > 1 else ()
