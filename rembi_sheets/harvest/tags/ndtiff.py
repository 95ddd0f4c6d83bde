"""NDTiff (Micro-Manager, pycro-manager): NDTiff.index beside the stacks says which image of which file stands where.

An entry is the axes as JSON and the name of a file, each behind its length, then eight numbers (where the image and its
metadata lie); all numbers have four bytes, the least significant first. Source: the description of NDTiff 3.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

from rembi_sheets.harvest.facts import words
from rembi_sheets.harvest.tags.told import Told

_INDEX = "NDTiff.index"
_LIMIT = 64 * 2**20
_REST = 8 * 4
_AXES = {"time": "T", "z": "Z", "channel": "C", "position": "N"}
_ORDER = "NTZC"


def is_stack(name: str) -> bool:
    """May such an index name a file of this name?"""
    return "_NDTiffStack" in name


def indexed(file: Path, told: Told) -> Told:
    """What the index says besides: the axes, where all images of the file fill them; else what was told."""
    places = [place for name, place in _entries(file.parent / _INDEX) if name == file.name]
    if not places or any(set(p) - set(_AXES) for p in places):
        return told
    values = {_AXES[key]: list(dict.fromkeys(p.get(key) for p in places)) for key in _AXES}
    sizes = {a: len(values[a]) for a in _ORDER if len(values[a]) > 1}
    if prod(sizes.values()) != len({json.dumps(p, sort_keys=True) for p in places}) or len(places) != prod(
        sizes.values()
    ):
        return told
    names = tuple(words(n) for n in values["C"] if isinstance(n, str))
    return replace(
        told,
        axes="".join(sizes),
        sizes=sizes,
        pages=len(places),
        channels=names if len(names) == len(values["C"]) else (),
    )


def _entries(index: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """File and axes of each image; none of a damaged index."""
    try:
        if index.is_symlink() or not index.is_file() or index.stat().st_size > _LIMIT:
            return
        data = index.read_bytes()
    except OSError:
        return
    at, found = 0, []
    try:
        while at < len(data):
            texts = []
            for _ in range(2):
                (length,) = struct.unpack_from("<I", data, at)
                texts.append(data[at + 4 : at + 4 + length].decode("utf-8"))
                at += 4 + length
            axes = json.loads(texts[0])
            found.append((texts[1], {k: v for k, v in axes.items() if isinstance(v, str | int)}))
            at += _REST
    except (struct.error, ValueError, AttributeError, RecursionError):
        return
    yield from found
