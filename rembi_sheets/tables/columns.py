"""The cells of a table by columns, as they were read: lists, or each different value once. A data frame when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from rembi_sheets.coded import Coded, by_values, different, objects, of_rows, throughout
from rembi_sheets.values import Value

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Rows = Sequence[int] | NDArray[np.int64]

Column = Sequence[Value] | None
"""The cells of a column, one a record; None where all of them are empty."""


class Columns:
    """Columns by machine name, all equally long, and the sheet row of each record. Never changed once made."""

    def __init__(self, columns: Mapping[str, Column], rows: Rows) -> None:
        self._columns = dict(columns)
        self._index = _numbers(rows)
        self._lists: dict[str, Sequence[Any]] = {}
        self._distinct: dict[str, Set[Any]] = {}

    def __len__(self) -> int:
        return len(self._index)

    @cached_property
    def rows(self) -> Sequence[int]:
        """The sheet row of each record."""
        numbers: list[int] = self._index.tolist()
        return numbers

    @cached_property
    def names(self) -> Mapping[str, int]:
        """The machine names of the columns to their places."""
        return {name: n for n, name in enumerate(self._columns)}

    def column(self, name: str) -> Sequence[Any]:
        """The cells of a column, one a record: a list, or a `Coded` where most stand in several records."""
        column = self._columns[name]
        if column is None:
            return throughout(None, len(self))
        often = isinstance(column, Coded) and 2 * len(column.values) <= len(self)
        return column if often else self.values(name)

    def values(self, name: str) -> Sequence[Any]:
        """The values of a column, one a record."""
        known = self._lists.get(name)
        if known is None:
            column = self._columns[name]
            known = [None] * len(self) if column is None else column if type(column) is list else list(column)
            self._lists[name] = known
        return known

    def distinct(self, name: str) -> Set[Any]:
        """The different values of a column, None among them where a cell is empty, in the order of their first."""
        known = self._distinct.get(name)
        if known is None:
            column = self._columns[name]
            held = different(column) if column is not None else [None] if len(self) else []
            known = self._distinct[name] = dict.fromkeys(held).keys()
        return known

    def filled(self, name: str) -> NDArray[np.bool_]:
        """In which records is the cell of a column filled?"""
        import numpy as np

        if None not in self.distinct(name):
            return np.ones(len(self), bool)
        filled = by_values(self.column(name), lambda cells: [v is not None for v in cells])
        return np.fromiter(filled, bool, len(self))

    def records(self) -> Iterator[tuple[int, list[Any]]]:
        """The records: sheet row, values in the order of `names`."""
        return zip(self.rows, map(list, zip(*map(self.values, self._columns), strict=True)), strict=True)

    def mapped(self, name: str, change: Callable[[Any], Any]) -> Sequence[Any]:
        """What `change` makes of the cells of a column."""
        return by_values(self.column(name), lambda cells: list(map(change, cells)))

    def of_rows(self, chosen: NDArray[Any] | slice) -> Columns:
        """Some of the records: by an array of truths or of places, or a slice."""
        import numpy as np

        if isinstance(chosen, np.ndarray) and chosen.dtype == bool:
            chosen = np.flatnonzero(chosen)
        return Columns(
            {name: c if c is None else of_rows(c, chosen) for name, c in self._columns.items()}, self._index[chosen]
        )

    def without(self, rows: Iterable[int]) -> Columns:
        """The records of all but these sheet rows."""
        import numpy as np

        return self.of_rows(~np.isin(self._index, list(rows)))

    def changed(self, columns: Mapping[str, Column]) -> Columns:
        """The same records with other columns of these names; new ones come behind."""
        return Columns({**self._columns, **columns}, self._index)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A DataFrame of Python objects: no guessing of types, None stays None; its index is the sheet row."""
        import numpy as np
        import pandas as pd

        # One block, a line for each column, which the frame takes up as it is; it holds None to begin with.
        cells = np.empty((len(self._columns), len(self)), dtype=object)
        for line, column in zip(cells, self._columns.values(), strict=True):
            if column is not None:
                line[:] = column.array() if isinstance(column, Coded) else objects(column)
        heads = _heads(tuple(self._columns))
        return pd.DataFrame(cells.T, index=pd.Index(self._index), columns=heads, dtype=object, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Columns, (self._columns, self._index)


def _numbers(rows: Rows) -> NDArray[np.int64]:
    import numpy as np

    if isinstance(rows, range):
        return np.arange(rows.start, rows.stop, rows.step, dtype=np.int64)
    return rows if isinstance(rows, np.ndarray) else np.fromiter(rows, np.int64, len(rows))


@lru_cache(maxsize=256)  # one for each sheet that is read, which pandas makes in a tenth of a millisecond
def _heads(names: tuple[str, ...]) -> pd.Index[Any]:
    import pandas as pd

    return pd.Index(list(names))
