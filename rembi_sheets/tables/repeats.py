"""Which of very many values stand more than once: eight bytes for each, and a second look at what stood out."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterable


class Repeats:
    """Hashes of values as they are met. It names hashes; the values behind them are compared after."""

    def __init__(self) -> None:
        self._hashes = array("q")

    def add(self, values: Iterable[Hashable]) -> None:
        """Take up values."""
        self._hashes.extend(map(hash, values))

    def twice(self) -> frozenset[int]:
        """The hashes of values that were added more than once."""
        import numpy as np

        if not self._hashes:
            return frozenset()
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        hashes.sort()  # where they are, since there may be a million
        return frozenset(hashes[1:][hashes[1:] == hashes[:-1]].tolist())

    def among(self, wanted: Collection[int]) -> frozenset[int]:
        """Those of some hashes that were added."""
        import numpy as np

        if not self._hashes or not wanted:
            return frozenset()
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        hashes.sort()
        sought = np.fromiter(wanted, np.int64, len(wanted))
        at = np.searchsorted(hashes, sought).clip(max=len(hashes) - 1)
        return frozenset(sought[hashes[at] == sought].tolist())
