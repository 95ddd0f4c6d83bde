"""Pixel types of arrays by the words of the list `pixel_type`."""

from __future__ import annotations

from typing import Any


def pixel_type(data: Any) -> str:
    """Of an array, or anything with a dtype as NumPy has them; '' for what the list has no word for."""
    kind = data.dtype
    if kind.names and len(kind.names) == 2 and all("Float" in n for n in kind.names):  # Velox: realFloat, imagFloat
        return "complex64" if kind.itemsize == 8 else ""
    return str(kind) if kind.kind in "uif" else "complex64" if kind.kind == "c" and kind.itemsize == 8 else ""
