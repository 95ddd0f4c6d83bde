"""Which columns say something of groups of rows, and which name the rows themselves."""

from __future__ import annotations

from typing import Any

from rembi_sheets.coded import Coded, together

FEW = 24  # different values that are a group each, whatever the number of rows
EACH = 4  # rows that a group has at least on the average, where there are more


def names_rows(values: Coded[Any]) -> bool:
    """Are there so many different values that each stands for a row or two, and not for a group?"""
    different = sum(map(bool, values.values))
    filled = sum(n for v, n in zip(values.values, values.counts, strict=True) if v)
    return different > FEW and different * EACH > filled


def follows(values: Coded[Any], keys: Coded[Any]) -> bool:
    """Is the value the same wherever the key is?"""
    return len(together(len(keys), keys, values).values) == len(keys.values)
