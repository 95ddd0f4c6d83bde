"""What came as it came is put in order: words as letters sort them, and identifiers so that equal ones meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rembi_sheets.vocabularies.records import Fields

if TYPE_CHECKING:
    from numpy.typing import NDArray


def of_words(
    told: NDArray[Any], keys: NDArray[Any], fields: Fields, spelled: Callable[[Fields, int], str]
) -> NDArray[Any]:
    """What tells words, in the order of the words, and else as it came.

    `keys` has a row of numbers for each word, which sort as its first bytes do; where they are the same, `spelled`
    gives the word that something tells, from the `fields` of terms.
    """
    import numpy as np

    order = np.lexsort(tuple(keys.T[::-1]))
    alike = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in keys.T:
        numbers = column[order]
        alike &= numbers[1:] == numbers[:-1]
        longer = numbers[1:] & np.uint64(255) != 0
    alike &= longer  # a word that ends within its key is known whole
    told = told[order]
    for begin, end in _runs(alike):
        told[begin : end + 1] = sorted(told[begin : end + 1].tolist(), key=lambda one: spelled(fields, one))
    return told


def again(hashes: NDArray[Any], identifier: Callable[[int], str]) -> list[int]:
    """The numbers of the terms, in their order, that have the identifier of an earlier one; `hashes` are those of all
    identifiers."""
    import numpy as np

    order = np.argsort(hashes, kind="stable")
    same = hashes[order[1:]] == hashes[order[:-1]]
    found = list[int]()
    for begin, end in _runs(same):
        seen = set[str]()
        for number in (order[begin : end + 1] + 1).tolist():
            curie = identifier(number)
            found += [number] if curie in seen else []
            seen.add(curie)
    return sorted(found)


def parents(hashes: NDArray[Any], children: NDArray[Any], above: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Children and parents by their numbers, for such parents as are terms: `above` are the hashes of the parents."""
    import numpy as np

    order = np.argsort(hashes, kind="stable")
    among = np.sort(above)  # looked for in this order, since so each is found near the last one
    called, whose = hashes[order], np.argsort(above, kind="stable")
    at = np.searchsorted(called, among)
    known = np.append(called, 0)[at] == among
    known &= at < len(called)
    return children[whose[known]], order[at[known]] + 1


def _runs(alike: NDArray[Any]) -> list[list[int]]:
    """From where to where each is like the next one: `alike` tells of each but the last."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([False], alike, [False])).astype(np.int8)))
    runs: list[list[int]] = edges.reshape(-1, 2).tolist()
    return runs
