"""Equal mistakes with unlike values in one column (24 paths with back slashes) are told as one, with their number.

What each of them says of its own cell stays in `Finding.parts`, for a marked copy, for JSON and for `--verbose`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rembi_sheets.findings import Finding, hint

FEW = 2  # so many are slips, each told by itself; more are a habit
_SHOWN = 3  # examples that are named
_LONG = 60  # characters of an example


def unfolded(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as they were before `fold`."""
    return [part for f in findings for part in f.each()]


def fold(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of one code, severity and column, for the same archives, become one when they are more than a few."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for number, f in enumerate(unfolded(findings)):
        of_column = bool(f.cells and f.column)
        key = (f.code, f.severity, f.sheet, f.column, f.archives) if of_column else (number,)
        alike.setdefault(key, []).append(f)
    out: list[Finding] = []
    for same in alike.values():
        out += [_folded(sorted(same, key=lambda f: f.cells))] if len(same) > FEW else same
    return out


def _folded(parts: Sequence[Finding]) -> Finding:
    first = parts[0]
    cells = tuple(sorted({cell for f in parts for cell in f.cells}))
    return replace(
        first,
        message=f"{first.message} {_same(parts[1:], len(cells) - len(first.cells))}",
        fix=_remedy(parts, lambda f: f.fix),
        here=_remedy(parts, lambda f: f.on_page) if any(f.here for f in parts) else "",
        adds=tuple(dict.fromkeys(name for f in parts for name in f.adds)),
        cells=cells,
        value="",
        suggestions=(),
        parts=tuple(parts),
    )


def _same(others: Sequence[Finding], n: int) -> str:
    """'The same in 23 more cells: A7 “b”, A8 “c” ...'"""
    said = f"The same in {n} more {'cell' if n == 1 else 'cells'}"
    examples = [f"{f.addresses[0]} “{_short(f.value)}”" for f in others if f.value]
    return f"{said}: {_some(examples, _SHOWN - 1)}." if examples else f"{said}."


def _remedy(parts: Sequence[Finding], said: Callable[[Finding], str]) -> str:
    """The remedy of all, with what to put into the first cells; where each has its own, those of the first."""
    general = [said(f).removesuffix(hint(f.suggestions)).strip() for f in parts]
    if len(set(general)) > 1:
        return _some([f"{f.addresses[0]}: {said(f)}" for f in parts], _SHOWN, " ")
    if all(f.suggestions for f in parts) and len({f.suggestions[0] for f in parts}) == 1:
        return f"{general[0]} Did you mean “{_short(parts[0].suggestions[0])}” in all of them?"
    wanted = [f"{f.addresses[0]} “{_short(f.suggestions[0])}”" for f in parts if f.suggestions]
    return f"{general[0]} Did you mean {_some(wanted, _SHOWN)}?" if wanted else general[0]


def _some(texts: Sequence[str], most: int, between: str = ", ") -> str:
    shown = between.join(texts[:most])
    return f"{shown}{between}and so on ({len(texts) - most} more)" if len(texts) > most else shown


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 3]}..."
