"""pandera without what a check never uses: its makers of made-up data, which load hypothesis where it is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType


def load() -> ModuleType:
    """`pandera.pandas`; the first time it takes about half as long as `import pandas`."""
    with _absent("hypothesis"):
        import pandera.pandas

        with suppress(ImportError):  # else the first validation would load it, outside of here
            import pandera.strategies.pandas_strategies
    return pandera.pandas


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """An optional module is taken for one that is not installed, unless it is loaded already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # the import system's own sign for a module that is not there
    try:
        yield
    finally:
        del sys.modules[name]
