"""Which columns say something of groups of rows, and which name the rows themselves."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
S = TypeVar("S", bound=Hashable)
FEW = 24  # different values that are a group each, whatever the number of rows
EACH = 4  # rows that a group has at least on the average, where there are more


def names_rows(values: Sequence[Hashable]) -> bool:
    """Are there so many different values that each stands for a row or two, and not for a group?"""
    filled = [v for v in values if v]
    different = len(set(filled))
    return different > FEW and different * EACH > len(filled)


def follows(values: Sequence[S], keys: Sequence[T]) -> bool:
    """Is the value the same wherever the key is?"""
    return len(set(zip(keys, values, strict=True))) == len(set(keys))


def of_key(values: Sequence[S], keys: Sequence[T]) -> dict[T, S]:
    """The value of each key, the first where there are several."""
    return dict(zip(reversed(keys), reversed(values), strict=True))
