"""Images that are spread over files, one a plane: which files are planes of one image, by their names.

Names of systems for screens stand in screens.toml, other marks (_ch00, _w1, C=1) in planes.toml. What the names say is
believed where it holds for all files of a group: every plane is there as often as the others, but for a few.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files

from rembi_sheets import toml
from rembi_sheets.harvest.model import Image, Plane
from rembi_sheets.harvest.screens import systems

_AXES = {"channel": "C", "z": "Z", "z2": "Z", "time": "T", "time2": "T"}
_ORDER = "TCZ"
_DIGITS = str.maketrans("123456789", "000000000")
_MOST = 65_536  # planes of an image
_MISSING = 0.9  # of all planes of all images have to be there
_HOME = "home/"


@dataclass(frozen=True)
class _Mark:
    axis: str
    pattern: re.Pattern[str]
    beside: frozenset[str]


@cache
def _listed() -> tuple[tuple[re.Pattern[str], ...], tuple[_Mark, ...]]:
    said = toml.loads((files(__package__) / "planes.toml").read_text("utf-8"))
    whole = tuple(re.compile(e["whole"], re.IGNORECASE) for e in said["name"])
    return whole, tuple(
        _Mark(e["axis"], re.compile(e["pattern"], re.IGNORECASE), frozenset(e.get("with", ()))) for e in said["mark"]
    )


def plane_of(path: str, image: Image) -> Plane | None:
    """The plane that a file of one plane is by its name; None where the name does not say, or the file holds more."""
    if image.frames is not None or not image.sizes.keys() <= {"X", "Y"}:
        return None
    return _read(path) if _may(path.translate(_DIGITS)) else None


def tell_planes(paths: list[str]) -> bool:
    """Does one of these names tell a plane? Most names of a folder differ in their digits alone."""
    shapes = set("\0".join(paths).translate(_DIGITS).split("\0"))
    return any(map(_may, shapes))


@lru_cache(4096)  # the names of a folder differ in their digits
def _may(shape: str) -> bool:
    return _read(shape) is not None


def _read(path: str) -> Plane | None:
    for system in systems():
        if found := system.pattern.fullmatch(_HOME + path):
            if place := _place(found):
                folder = path.rpartition("/")[0] if "TimePoint_" not in path and "ZStep_" not in path else ""
                return Plane("/".join((folder, *_alike(found))), place)
            break
    folder, _, name = path.rpartition("/")
    stem = re.sub(r"(?:\.ome)?\.\w+$", "", name)
    whole, marks = _listed()
    for pattern in whole:
        if found := pattern.fullmatch(stem):
            return Plane("/".join((folder, *_alike(found))), _place(found))
    told: dict[str, tuple[re.Match[str], _Mark]] = {}
    for mark in marks:
        if mark.axis not in told and (found := mark.pattern.search(stem)):
            told[mark.axis] = found, mark
    kept = {a: m for a, (m, mark) in told.items() if not mark.beside or mark.beside & told.keys()}
    if "C" not in kept:
        return None
    rest = stem
    for found in sorted(kept.values(), key=re.Match.start, reverse=True):
        rest = f"{rest[: found.start()]}*{rest[found.end() :]}"
    return Plane(f"{folder}/{rest}", tuple((a, kept[a][1]) for a in _ORDER if a in kept))


def _place(found: re.Match[str]) -> tuple[tuple[str, str], ...]:
    said = {_AXES[k]: v for k, v in found.groupdict().items() if k in _AXES and v is not None}
    return tuple((a, said[a]) for a in _ORDER if a in said)


def _alike(found: re.Match[str]) -> list[str]:
    return [v or "" for k, v in found.groupdict().items() if k not in _AXES]


@dataclass
class Spread:
    """The planes of a group of files as they come: how often each was seen, and a sum of the images that it was of."""

    seen: dict[tuple[tuple[str, str], ...], list[int]] = field(default_factory=dict)
    all_so: bool = True

    def add(self, plane: Plane | None) -> None:
        """One file more; None: it tells no plane."""
        if plane is None or len(self.seen) > _MOST:
            self.all_so = False
            return
        counted = self.seen.setdefault(plane.place, [0, 0])
        counted[0] += 1
        counted[1] = (counted[1] + hash(plane.image)) % 2**64

    def images(self) -> tuple[int, Mapping[str, int]] | None:
        """How many images the files make, and the sizes along the axes of names; None where each file is one."""
        if not self.all_so or len(self.seen) < 2:
            return None
        most = max(count for count, _ in self.seen.values())
        full = {total for count, total in self.seen.values() if count == most}
        files = sum(count for count, _ in self.seen.values())
        if len(full) > 1 or files < _MISSING * most * len(self.seen):
            return None
        axes = [axis for axis, _ in next(iter(self.seen))]
        sizes = {a: len({place[n] for place in self.seen}) for n, a in enumerate(axes)}
        if math.prod(sizes.values()) != len(self.seen):
            sizes = {}
        return most, {a: n for a, n in sizes.items() if n > 1}


def spread(image: Image, sizes: Mapping[str, int], whole: Image | None) -> Image:
    """One plane as the image that it is part of. `whole`: that image, where a file beside it describes it.

    Where planes of it are missing, those that are there may be further apart than it says.
    """
    axes = "".join(sizes) + image.axes
    counts = {**image.sizes, **sizes}
    steps = dict(image.pixel_size)
    if whole is not None:
        steps |= {a: s for a, s in whole.pixel_size.items() if a in sizes and sizes[a] == whole.sizes[a]}
    return replace(image, axes=axes, sizes={a: counts[a] for a in axes}, pixel_size=steps)
