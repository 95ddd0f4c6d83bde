"""pandera without what a check never uses: makers of made-up data (hypothesis), stand-ins of tests (mocks), and rows as
Python classes (pydantic, typeguard).

pandera's own check of types asks of each value whether it is a mock of a test, and loads `unittest.mock` for that, with
asyncio, ssl and much else; pydantic takes longer than pandera itself. Together they are a fifth of what a small check
takes. No value is a mock or a model before somebody else has loaded these.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import reduce
from importlib import import_module, metadata
from types import ModuleType
from typing import Any

_LATER = ("unittest.mock", "pydantic", "pydantic_core", "typeguard")


def load() -> ModuleType:
    """`pandera.pandas`; the first time it takes about a third as long as `import pandas`.

    A release of pandera that makes more of these modules while it is loaded than names is loaded with them.
    """
    try:
        with _absent("hypothesis"), _later(*_LATER):
            return _loaded()
    except Exception:  # whatever it is: pandera alone is to be loaded, and says itself what is wrong
        for name in [name for name in sys.modules if name.partition(".")[0] == "pandera"]:
            del sys.modules[name]
        return _loaded()


def _loaded() -> ModuleType:
    import pandera.pandas

    with suppress(ImportError):  # else the first validation would load what stood in for it, outside of here
        import pandera.backends.pandas.register
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


class _Name(type):
    """A class of a module that is not loaded yet, by its dotted name there: it loads the module when it is called.

    A thing is an instance of it if the module has been loaded by then and says so.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _Name:
        if bases:
            raise TypeError(f"{bases[0].__name__} is not loaded, and no class can be made of it")
        return super().__new__(mcs, name, bases, space)

    def __call__(cls, *args: Any, **named: Any) -> Any:
        return cls._meant(import_module(cls.__module__))(*args, **named)

    def __instancecheck__(cls, thing: object) -> bool:
        loaded = sys.modules.get(cls.__module__)
        return loaded is not None and isinstance(thing, cls._meant(loaded))

    def __getattr__(cls, wanted: str) -> _Name:
        if wanted.startswith("_"):
            raise AttributeError(wanted)
        return _Name(f"{cls.__name__}.{wanted}", (), {"__module__": cls.__module__})

    def _meant(cls, module: ModuleType) -> Any:
        return reduce(getattr, cls.__name__.split("."), module)


class _StandIn(ModuleType):
    """A module of which every name loads the real one only when it is used."""

    def __getattr__(self, wanted: str) -> Any:
        if wanted == "__version__":
            return metadata.version(self.__name__)
        if wanted.startswith("_"):
            raise AttributeError(wanted)
        return _Name(wanted, (), {"__module__": self.__name__})


@contextmanager
def _later(*names: str) -> Iterator[None]:
    """Stand-ins for the modules that are not loaded yet."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules |= {name: _StandIn(name) for name in absent}
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
