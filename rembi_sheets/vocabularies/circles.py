"""Terms that are among their own ancestors."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOOKED_AT = 200


def found(children: NDArray[Any], parents: NDArray[Any], most: int, limit: int = 5) -> list[int]:
    """Of terms with numbers up to `most`, at most `limit` on circles; each pair is a child and one of its parents.

    It is what is left when leaves are taken away again and again.
    """
    import numpy as np

    # a leaf, as most terms are, stands on no circle
    inner = np.zeros(most + 1, dtype=bool)
    inner[parents] = True
    kept = inner[children]
    children, parents = children[kept], parents[kept]
    # the parents of a term are a chain: `first` of them, and after each the `following` one (0 ends it)
    first, following, above = array("i", [0]) * (most + 1), array("i", [0]), array("i", [0])
    below = array("i", [0]) * (most + 1)
    for child, parent in zip(children.tolist(), parents.tolist(), strict=True):
        following.append(first[child])
        first[child] = len(above)
        above.append(parent)
        below[parent] += 1
    ready = array("i", np.flatnonzero(np.frombuffer(below, dtype="i")[1:] == 0).astype("i") + 1)
    while ready:
        pair = first[ready.pop()]
        while pair:
            parent = above[pair]
            below[parent] -= 1
            if not below[parent]:
                ready.append(parent)
            pair = following[pair]
    left = [number for number in np.flatnonzero(np.frombuffer(below, dtype="i")).tolist() if below[number] > 0]
    chains = {number: list(_chain(first[number], following, above)) for number in left}
    return sorted(islice(_on_a_circle(left[:_LOOKED_AT], chains), limit))


def _chain(pair: int, following: array[int], above: array[int]) -> Iterator[int]:
    while pair:
        yield above[pair]
        pair = following[pair]


def _on_a_circle(left: list[int], above: dict[int, list[int]]) -> Iterator[int]:
    """Of the terms left, those that come back to themselves; the others only stand above a circle."""
    for start in left:
        seen, path = set[int](), [start]
        while path:
            for parent in above.get(path.pop(), ()):
                if parent == start:
                    yield start
                    path.clear()
                    break
                if parent not in seen:
                    seen.add(parent)
                    path.append(parent)
