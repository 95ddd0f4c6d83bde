"""Long columns, kept by their different values: what is done to the cells is done once for each of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
U = TypeVar("U")


class Coded(Sequence[T]):
    """A long column by its values: each row has the place of its own among them, `codes`, an array of 32 bits.

    What is done to the cells is then done to each different value once (`values`).
    """

    def __init__(self, pool: NDArray[Any], codes: NDArray[np.int32]) -> None:
        """`pool`: objects among which the values are; others may be there too."""
        self._pool, self._codes = pool, codes

    @classmethod
    def whole(cls, values: list[T], codes: NDArray[np.int32]) -> Coded[T]:
        """A column of which each value stands in some row, in the order of their first."""
        made: Coded[T] = cls(objects(values), codes)
        made.__dict__["values"] = values
        return made

    @cached_property
    def values(self) -> Sequence[T]:
        """The values that stand in any row, in the order of their first; two may be equal, as 0.0 and -0.0 are."""
        import numpy as np

        rows = len(self._codes)
        first = np.full(len(self._pool), rows, np.int32)
        first[self._codes[::-1]] = np.arange(rows - 1, -1, -1, dtype=np.int32)  # of several the last written stays
        used = np.flatnonzero(first < rows)
        used = used[np.argsort(first[used], kind="stable")]
        place = np.empty(len(self._pool), np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        self._pool, self._codes = self._pool[used], place[self._codes]
        found: list[T] = self._pool.tolist()
        return found

    @property
    def codes(self) -> NDArray[np.int32]:
        """For each row the place of its value among `values`."""
        _ = self.values  # places are those of the values from then on
        return self._codes

    @cached_property
    def firsts(self) -> Sequence[int]:
        """The first row of each value."""
        import numpy as np

        found: list[int] = np.unique(self.codes, return_index=True)[1].tolist()
        return found

    @cached_property
    def counts(self) -> Sequence[int]:
        """The number of rows of each value."""
        import numpy as np

        found: list[int] = np.bincount(self.codes, minlength=len(self.values)).tolist()
        return found

    @cached_property
    def kinds(self) -> frozenset[type]:
        """The types of the values."""
        return frozenset(map(type, self.values))

    def holding(self, values: Sequence[U]) -> Coded[U]:
        """The same rows with other values, one for each of `self.values` in their order."""
        assert len(values) == len(self.values)
        return Coded.whole(list(values), self._codes)

    def mapped(self, change: Callable[[T], U]) -> Coded[U]:
        """The same rows with what `change` makes of each value, which is asked once; equal ones are one value then."""
        import numpy as np

        places: dict[U, int] = {}
        codes = [places.setdefault(change(v), len(places)) for v in self.values]
        return Coded(objects(list(places)), np.array(codes, np.int32)[self._codes])

    def where(self, test: Callable[[T], object]) -> NDArray[np.bool_]:
        """For each row whether its value passes a test."""
        import numpy as np

        passed = np.fromiter((bool(test(v)) for v in self.values), np.bool_, len(self.values))
        return passed[self._codes]

    def of_rows(self, rows: NDArray[Any] | slice) -> Coded[T]:
        """The column of some of the rows, by their places."""
        return Coded(self._pool, self._codes[rows])

    def __reduce__(self) -> tuple[Any, ...]:
        return Coded.whole, (list(self.values), self._codes)

    def array(self) -> NDArray[Any]:
        """The cells, one a row."""
        return self._pool[self._codes]

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Coded[T]: ...
    def __getitem__(self, at: int | slice) -> T | Coded[T]:
        if isinstance(at, slice):
            return self.of_rows(at)
        cell: T = self._pool[self._codes[at]]
        return cell

    def __iter__(self) -> Iterator[T]:
        return iter(self.array().tolist())


def objects(values: Sequence[Any]) -> NDArray[Any]:
    """An array of these Python objects as they are, tuples among them too, which numpy would unpack."""
    import numpy as np

    out = np.empty(len(values), object)
    if tuple in set(map(type, values)):
        for n, value in enumerate(values):
            out[n] = value
    else:
        out[:] = values
    return out


def different(column: Sequence[T]) -> Sequence[T]:
    """The different values of a column that is kept by them, all cells of any other."""
    return column.values if isinstance(column, Coded) else column


def by_values(column: Sequence[T], change: Callable[[Sequence[T]], Sequence[U]]) -> Sequence[U]:
    """What `change` makes of cells, one for each of them: of the different values of a column that is kept by these."""
    return column.holding(change(column.values)) if isinstance(column, Coded) else change(column)


def kinds(column: Sequence[T]) -> frozenset[type]:
    """The types of the cells of a column."""
    return column.kinds if isinstance(column, Coded) else frozenset(map(type, column))


def of_rows(column: Sequence[T], chosen: NDArray[Any] | slice) -> Sequence[T]:
    """Some of the rows of a column: by their places, or a slice."""
    if isinstance(column, Coded):
        return column.of_rows(chosen)
    return column[chosen] if isinstance(chosen, slice) else list(map(column.__getitem__, chosen.tolist()))


def coded(cells: Iterable[T]) -> Coded[T]:
    """Cells, all of them hashable, as a column by their different values."""
    import numpy as np

    places: dict[T, int] = {}
    codes = np.fromiter((places.setdefault(c, len(places)) for c in cells), np.int32)
    return Coded(objects(list(places)), codes)


def shortened(column: Sequence[T]) -> Sequence[T]:
    """A column of texts that mostly stand in several rows by its different values, any other as it is."""
    import numpy as np

    distinct = dict.fromkeys(column)
    if 2 * len(distinct) > len(column) or set(map(type, distinct)) != {str}:
        return column
    places = dict(zip(distinct, range(len(distinct)), strict=True))
    return Coded.whole(list(distinct), np.fromiter(map(places.__getitem__, column), np.int32, len(column)))


def throughout(value: T, rows: int) -> Coded[T]:
    """A column that has the same value in all its rows."""
    import numpy as np

    return Coded(objects([value]), np.zeros(rows, np.int32))


def together(rows: int, *columns: Coded[Any]) -> Coded[tuple[Any, ...]]:
    """The cells of columns of so many rows, side by side: a tuple a row, () where there is no column."""
    import numpy as np

    codes = np.zeros(rows, np.int64)
    for column in columns:
        codes = np.unique(codes * len(column.values) + column.codes, return_inverse=True)[1].reshape(rows)
    firsts = np.unique(codes, return_index=True)[1]
    sides = [[c.values[n] for n in c.codes[firsts].tolist()] for c in columns]
    pool = list(zip(*sides, strict=True)) if columns else [()] * len(firsts)
    return Coded(objects(pool), codes.astype(np.int32))


def stacked(columns: Sequence[Coded[T]]) -> Coded[T]:
    """Columns one below the other; a value that several of them have is one in each."""
    import numpy as np

    if len(columns) == 1:
        return columns[0]
    starts = np.cumsum([0, *(len(c.values) for c in columns)]).tolist()
    codes = [c.codes + start for c, start in zip(columns, starts, strict=False)]
    pool = objects([v for c in columns for v in c.values])
    return Coded(pool, np.concatenate(codes).astype(np.int32) if codes else np.zeros(0, np.int32))
