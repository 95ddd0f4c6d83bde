"""STAR of RELION and its kin: how many particles, micrographs or movies a table lists; a companion.

Source: relion.readthedocs.io, "STAR files". Only tables (`loop_`) are counted; values are left where they stand.
"""

from __future__ import annotations

import re

from rembi_sheets.harvest.facts import Facts, file_name
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.source import Source

_BLOCK = re.compile(r"data_(\w*)\s*$")
_COUNTED = ("particles", "", "micrographs", "movies", "images")
_LINKS = ("_rlnImageName", "_rlnMicrographMovieName", "_rlnMicrographName")
_MOST_LINKS = 100_000


def sniff(head: bytes, name: str) -> int:
    """By its blocks; the name alone says nothing."""
    text = head.decode("latin-1")
    if "\0" in text or not re.search(r"^data_", text, re.M):
        return 0
    return 90 if name.endswith(".star") or "_rln" in text else 0


def read(source: Source) -> Header:
    """Number of rows of the main table, files it lists, and voltage, Cs and pixel size of its optics."""
    facts = Facts(source.path, "star")
    block, counts, optics = "", dict[str, int](), dict[str, str]()
    columns: list[str] = []
    links: dict[str, None] = {}
    with source.file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            word = line.strip()
            if found := _BLOCK.match(word):
                block, columns = found[1], []
            elif word.startswith("_"):
                name, *rest = word.split()
                columns.append(name)
                if rest and not rest[0].startswith("#"):
                    optics.setdefault(name, rest[0])
            elif word and not word.startswith(("#", "loop_")) and columns:
                cells = word.split()
                if len(cells) != len(columns):
                    continue
                counts[block] = counts.get(block, 0) + 1
                row = dict(zip(columns, cells, strict=True))
                if block == "optics" or counts[block] == 1:
                    optics |= {k: v for k, v in row.items() if k not in optics}
                if block != "optics" and len(links) < _MOST_LINKS:
                    links |= dict.fromkeys(file_name(row[c].rpartition("@")[2]) for c in _LINKS[:1] if c in row)
    main = next((b for b in _COUNTED if b in counts), None)
    if main is None:
        raise Unusable("it holds no table of particles, micrographs or movies")
    facts.number("accelerating_voltage", optics.get("_rlnVoltage", ""), "kV", "_rlnVoltage")
    facts.number("spherical_aberration", optics.get("_rlnSphericalAberration", ""), "mm", "_rlnSphericalAberration")
    pixel = pixel_size(optics.get("_rlnImagePixelSize", optics.get("_rlnMicrographPixelSize", "")), "Å")
    size = optics.get("_rlnImageSize", "")
    sizes = {"N": counts[main]}
    if size.isdigit() and 0 < int(size) < 10**5:
        sizes |= {"Y": int(size), "X": int(size)}
    image = Image("".join(sizes), sizes, pixel_size=dict.fromkeys("XY", pixel) if pixel else {}, name=main)
    return Header("STAR", (image,), tuple(facts.values), tuple(facts.warnings), links=tuple(links), companion=True)
