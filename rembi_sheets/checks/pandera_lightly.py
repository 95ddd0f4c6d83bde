"""pandera without what a check never uses: makers of made-up data (hypothesis), and stand-ins of tests (mocks).

pandera's own check of types asks of each value whether it is a mock of a test, and loads `unittest.mock` for that, with
asyncio, ssl and much else: a tenth of what a small check takes. No value is a mock before somebody else has loaded it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any


def load() -> ModuleType:
    """`pandera.pandas`; the first time it takes about half as long as `import pandas`."""
    with _absent("hypothesis"), _later("unittest.mock"):
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


@contextmanager
def _later(name: str) -> Iterator[None]:
    """A module that is not loaded yet gives names that load it when they are called.

    A thing is an instance of such a name if the module has been loaded by then and says so.
    """
    if name in sys.modules:
        yield
        return

    class Later(type):
        def __call__(cls, *args: Any, **named: Any) -> Any:
            return getattr(import_module(name), cls.__name__)(*args, **named)

        def __instancecheck__(cls, thing: object) -> bool:
            loaded = sys.modules.get(name)
            return loaded is not None and isinstance(thing, getattr(loaded, cls.__name__))

    class StandIn(ModuleType):
        def __getattr__(self, wanted: str) -> Later:
            if wanted.startswith("_"):
                raise AttributeError(wanted)
            return Later(wanted, (), {})

    sys.modules[name] = StandIn(name)
    try:
        yield
    finally:
        del sys.modules[name]
