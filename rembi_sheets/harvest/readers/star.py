"""STAR of RELION and its kin: how many particles, micrographs or movies a table lists; a companion.

Source: relion.readthedocs.io, "STAR files". Only tables (`loop_`) are counted; values are left where they stand.
"""

from __future__ import annotations

import re

from rembi_sheets.harvest.facts import Facts, file_name
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image
from rembi_sheets.harvest.source import Source

_BLOCK = re.compile(r"data_(\w*)\s*$")
_COUNTED = {
    "_rlnImageName": ("particles", "_rlnImagePixelSize"),
    "_rlnMicrographMovieName": ("movies", "_rlnMicrographOriginalPixelSize"),
    "_rlnMicrographName": ("micrographs", "_rlnMicrographPixelSize"),
    "_rlnTomoName": ("tomograms", "_rlnTomoTiltSeriesPixelSize"),
}
"""What a table lists by the column that names it (the first that there is counts), and where its pixel size stands."""
_OPTICS = {"_rlnVoltage", "_rlnSphericalAberration", "_rlnImageSize", *(pixel for _, pixel in _COUNTED.values())}
_NAMING = ("_rlnImageName",)
_MOST_LINKS = 100_000


def sniff(head: bytes, name: str) -> int:
    """By its blocks; the name alone says nothing."""
    text = head.decode("latin-1")
    if "\0" in text or not re.search(r"^data_", text, re.M):
        return 0
    return 90 if name.endswith(".star") or "_rln" in text else 0


def read(source: Source) -> Header:
    """Number of rows of the main table, files it lists, and voltage, Cs and pixel size of its optics.

    The main table is the one of particles, else of movies, of micrographs, of tomograms.
    """
    facts = Facts(source.path, "star")
    block, counts, said = "", dict[str, int](), dict[str, set[str]]()
    columns: list[str] = []
    links: dict[str, None] = {}
    kinds: dict[str, str] = {}
    with source.file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            word = line.strip()
            if found := _BLOCK.match(word):
                block, columns = found[1], []
            elif word.startswith("_"):
                name, *rest = word.split()
                columns.append(name)
                kinds.setdefault(name, block)
                if rest and not rest[0].startswith("#"):
                    said.setdefault(name, set()).add(rest[0])
            elif word and not word.startswith(("#", "loop_")) and columns:
                cells = word.split()
                if len(cells) != len(columns):
                    continue
                counts[block] = counts.get(block, 0) + 1
                row = dict(zip(columns, cells, strict=True))
                for name in _OPTICS & row.keys():
                    said.setdefault(name, set()).add(row[name])
                if block != "optics" and len(links) < _MOST_LINKS:
                    links |= dict.fromkeys(file_name(row[c].rpartition("@")[2]) for c in _NAMING if c in row)
    listed = next((c for c in _COUNTED if counts.get(kinds.get(c, "-"))), None)
    if listed is None:  # an optimiser, a schedule, a table of another program: it describes no image
        return Header("STAR", companion=True)
    name, its_pixel = _COUNTED[listed]
    optics = {k: next(iter(v)) for k, v in said.items() if len(v) == 1}  # several optics groups may differ
    facts.number("accelerating_voltage", optics.get("_rlnVoltage", ""), "kV", "_rlnVoltage")
    facts.number("spherical_aberration", optics.get("_rlnSphericalAberration", ""), "mm", "_rlnSphericalAberration")
    pixel = pixel_size(optics.get(its_pixel, ""), "Å")
    size = optics.get("_rlnImageSize", "") if name == "particles" else ""
    sizes = {"N": counts[kinds[listed]]}
    if size.isdigit() and 0 < int(size) < 10**5:
        sizes |= {"Y": int(size), "X": int(size)}
    image = Image("".join(sizes), sizes, pixel_size=dict.fromkeys("XY", pixel) if pixel else {}, name=name)
    return Header("STAR", (image,), tuple(facts.values), tuple(facts.warnings), links=tuple(links), companion=True)
