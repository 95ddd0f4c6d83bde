"""The plan of a deposit as text and as JSON data."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from rembi_sheets.plan import Advice


def text(made: Sequence[Advice], workbook: str, limit: int | None = 8) -> str:
    """The archives in the order in which to deposit, with reasons and the cells that still stand in the way."""
    several = sum(a.suits for a in made) > 1
    lines = [f"{workbook}: where to deposit{', in this order' if several else ''}", ""]
    step = 0
    for a in made:
        if a.suits:
            step += 1
            named = "" if a.chosen else " The workbook does not name it."
            lines.append(f"{step}. {a.title} {a.reason}.{named}")
            if a.remark:
                lines += _wrapped(a.remark)
            lines += _lacks(a, limit)
        elif a.needs:
            lines.append(f"Open: {a.title}. It {a.reason}.")
            lines += _wrapped(f"Whether it suits cannot be said yet; fill in {' and '.join(a.needs)}")
        else:
            chosen = ", although the workbook names it" if a.chosen else ""
            lines.append(f"Not {a.title}{chosen}: it {a.reason}.")
        lines.append("")
    return "\n".join(lines)


def _lacks(a: Advice, limit: int | None) -> list[str]:
    if not a.lacks:
        return ["   Nothing is missing."]
    n = sum(max(1, len(f.cells)) for f in a.lacks)
    lines = [f"   {n} {'thing' if n == 1 else 'things'} to mend:"]
    for f in a.lacks[:limit]:
        where = " ".join([f.sheet, *f.addresses[:3]]).strip()
        lines += _wrapped(f"{where}: {f.message}" if where else f.message, "     ")
    if limit is not None and len(a.lacks) > limit:
        lines.append(f"     and {len(a.lacks) - limit} more; --verbose shows all.")
    return lines


def _wrapped(said: str, indent: str = "   ") -> list[str]:
    said = said[:1].upper() + said[1:].removesuffix(".") + "."
    return textwrap.wrap(said, 100, initial_indent=indent, subsequent_indent=indent + "  ")


def as_json(made: Sequence[Advice], workbook: str) -> dict[str, Any]:
    """The same as data."""
    return {
        "workbook": workbook,
        "archives": [
            {
                "archive": a.archive,
                "suits": None if a.needs else a.suits,
                "needs": list(a.needs),
                "chosen": a.chosen,
                "reason": a.reason,
                "after": list(a.after),
                "remark": a.remark,
                "lacks": [f.as_json() for f in a.lacks],
            }
            for a in made
        ],
    }
