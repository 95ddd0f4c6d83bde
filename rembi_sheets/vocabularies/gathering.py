"""What is kept of each term while terms come: on disk, so that memory does not grow, until it can be put in order."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zlib import crc32

from rembi_sheets.vocabularies import marks, records
from rembi_sheets.vocabularies.formats import Term
from rembi_sheets.vocabularies.words import squeeze_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEY = 32  # bytes at the beginning of a word by which words are put in order
_PIECE = 1 << 20


class Numbers:
    """Whole numbers, of one kind of `array`, that wait on disk."""

    def __init__(self, kind: str, folder: Path, stack: ExitStack) -> None:
        self._kind = kind
        self._file = _waiting(folder, stack)

    def add(self, numbers: Iterable[int]) -> None:
        """Let some more wait."""
        self._file.write(array(self._kind, numbers).tobytes())

    def all(self) -> NDArray[Any]:
        """All of them, as they came."""
        import numpy as np

        self._file.flush()
        self._file.seek(0)
        return np.fromfile(self._file, dtype=self._kind)


class Names:
    """Names of terms: of each the mark, and the bytes at the beginning of the word, by which it is put in order."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._marks = Numbers("I", folder, stack)
        self._keys = _waiting(folder, stack)

    def add(self, words: Sequence[str]) -> list[int]:
        """Let some more wait; gives their marks."""
        written = list(map(str.encode, words))
        marked = list(map(crc32, written))
        self._marks.add(marked)
        self._keys.write(b"".join([word[:KEY].ljust(KEY, b"\0") for word in written]))
        return marked

    def marks(self) -> NDArray[Any]:
        """The marks, as they came."""
        return self._marks.all()

    def keys(self) -> NDArray[Any]:
        """A row for each word: its first bytes, eight and eight as a number that sorts as they do."""
        import numpy as np

        self._keys.flush()
        self._keys.seek(0)
        keys = np.fromfile(self._keys, dtype=">u8")
        if not keys.dtype.isnative:
            keys = keys.byteswap(inplace=True).view("=u8")
        return keys.reshape(-1, KEY // 8)


class Gathered:
    """All that is to be written of the terms that came, which are numbered from 1.

    `labels` and `ids` have one for each of them, `synonyms` and `above` (the identifiers of parents) for each that is
    told in `told` and `children`: the number of its term, of a synonym with its place before it.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """The files lie in `folder`, and are gone when `stack` is closed."""
        self.count = 0
        self._records = _waiting(folder, stack)
        self._sums, self._lengths = Numbers("I", folder, stack), Numbers("I", folder, stack)
        self.labels, self.synonyms = Names(folder, stack), Names(folder, stack)
        self.told = Numbers("Q", folder, stack)
        self.ids, self.above, self.children = (Numbers("I", folder, stack) for _ in range(3))
        # by what Python tells the same identifiers apart in this run, more surely than marks do
        self.id_hashes, self.above_hashes = Numbers("q", folder, stack), Numbers("q", folder, stack)

    def add(self, terms: Sequence[Term]) -> list[int]:
        """Keep some more terms; gives the marks of their labels."""
        numbers = range(self.count + 1, self.count + len(terms) + 1)
        self.count += len(terms)
        words = squeeze_all([term[1] for term in terms])
        self._record(records.written(terms, words))
        named = [(number, term[2]) for number, term in zip(numbers, terms, strict=True) if term[2]]
        if named:
            self.told.add([place << marks.BITS | number for number, names in named for place in range(len(names))])
            self.synonyms.add(squeeze_all([name for _, names in named for name in names]))
        curies = [term[0] for term in terms]
        self.ids.add(marks.marks(curies))
        self.id_hashes.add(map(hash, curies))
        parents = [parent for term in terms for parent in term[3]]
        self.children.add([number for number, term in zip(numbers, terms, strict=True) for _ in term[3]])
        self.above.add(marks.marks(parents))
        self.above_hashes.add(map(hash, parents))
        return self.labels.add(words)

    def _record(self, texts: Sequence[str]) -> None:
        made = list(map(str.encode, texts))
        self._sums.add(map(crc32, made))
        self._lengths.add(map(len, made))
        self._records.write(b"".join(made))

    @cached_property
    def _begins(self) -> NDArray[Any]:
        """Where each record begins, and where the last one ends."""
        import numpy as np

        return np.append(np.uint64(0), np.cumsum(self._lengths.all(), dtype=np.uint64))

    def places(self) -> NDArray[Any]:
        """Where each record begins, with its sum before it; and where the last one ends.

        Raises `OSError` where they are longer than can be told.
        """
        import numpy as np

        begins = self._begins.copy()
        if begins[-1] >> np.uint64(marks.BITS):
            raise OSError("there are too many terms for one vocabulary")
        begins[:-1] |= self._sums.all().astype(np.uint64) << np.uint64(marks.BITS)
        return begins

    @cached_property
    def fields(self) -> records.Fields:
        """The records by the numbers of their terms, when all have come."""
        begins, file = self._begins, self._records
        file.flush()

        def fields(number: int) -> list[str]:
            begin, end = begins[number - 1 : number + 1].tolist()
            file.seek(begin)
            return file.read(end - begin).decode().split(records.FIELD)

        return fields

    def pieces(self) -> Iterator[bytes]:
        """All records, as they came, in pieces."""
        self._records.flush()
        self._records.seek(0)
        while piece := self._records.read(_PIECE):
            yield piece


def _waiting(folder: Path, stack: ExitStack) -> IO[bytes]:
    """A file that is gone when `stack` is closed."""
    return stack.enter_context(tempfile.TemporaryFile(dir=folder))
