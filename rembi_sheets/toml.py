"""TOML, in which the data of the program is written: read by tomli where it is there, else by the standard library.

Both are one parser by one author; tomli's is compiled, which makes the start of a command shorter by a twentieth.
"""

from __future__ import annotations

try:
    from tomli import TOMLDecodeError, loads  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from tomllib import TOMLDecodeError, loads  # type: ignore[assignment, unused-ignore]

__all__ = ["TOMLDecodeError", "loads"]
