"""Words that every form of the report shares: counts, places, and text that is safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rembi_sheets.findings import Finding, Severity, counts
from rembi_sheets.schema import load

# What a terminal or a page would act upon and not show: control characters, direction marks, half characters.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
_FILE = "The file as a whole"
GUARDED = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the begin of a formula


def shown(text: str) -> str:
    """Text that cannot steer a terminal: line breaks as ⏎, other invisible characters by their code point."""
    plain = text.replace("\r\n", "\n").replace("\n", " ⏎ ").replace("\t", " ")
    return _UNSHOWN.sub(lambda m: f"<U+{ord(m[0]):04X}>", plain)


def in_bytes(count: int) -> str:
    """'12 bytes', '3.4 GB'."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def summary(findings: Iterable[Finding]) -> str:
    """'3 errors, 1 warning, no notes'."""
    return ", ".join(_count(n, word) for word, n in counts(findings).items())


def _count(n: int, word: str) -> str:
    return f"{n or 'no'} {word}{'' if n == 1 else 's'}"


def stopped(findings: Iterable[Finding], strict: bool = False) -> list[Finding]:
    """The findings for which a workbook does not pass: errors, and warnings where they count as such."""
    severities = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return sorted((f for f in findings if f.severity in severities), key=lambda f: severities.index(f.severity))


def verdict(findings: Sequence[Finding], archives: Sequence[str], strict: bool = False) -> str:
    """A reader can rely on it: for which archives nothing stands in the way, and for which something does."""
    stops = stopped(findings, strict)
    if not stops:
        return f"Passed{f' for {titles(archives)}' if archives else ''}: no errors{', no warnings' if strict else ''}."
    free = [a for a in archives if not any(not f.archives or a in f.archives for f in stops)]
    passed = f" Passed for {titles(free)}." if free else ""
    said = f"Not passed{f' for {titles([a for a in archives if a not in free])}' if archives else ''}.{passed}"
    if any(f.severity is Severity.ERROR for f in stops):
        return said
    n = len(stops)
    return f"{said} There are no errors, but --strict counts {f'the {n} warnings' if n > 1 else 'the warning'} as such."


def titles(archives: Iterable[str]) -> str:
    """Titles of archives given by their command-line names: 'BioImage Archive, EMPIAR and IDR'."""
    names = [load().archive(a).title for a in archives]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def labels(archives: Iterable[str]) -> tuple[str, ...]:
    """Short labels of archives given by their command-line names."""
    return tuple(load().archive(a).label for a in archives)


def by_sheet(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    """Findings under the title of their sheet, in the order they come; those without one under a heading of their own.

    Order within a sheet is the caller's.
    """
    out: dict[str, list[Finding]] = {}
    for f in findings:
        out.setdefault(f.sheet or _FILE, []).append(f)
    return out


def addresses(finding: Finding, most: int = 4) -> str:
    """'C5, C7:C9' or, for many, 'C5, C7:C9, C11, C13 and 20 more'."""
    return some(finding.addresses, most)


def some(texts: Sequence[str], most: int = 4) -> str:
    """The texts between commas; of many the first and how many more."""
    if len(texts) <= most:
        return ", ".join(texts)
    return f"{', '.join(texts[:most])} and {len(texts) - most} more"


def chosen(findings: Sequence[Finding], limit: int | None) -> list[Finding]:
    """At most `limit` findings, the severe ones first chosen, all in their order."""
    if limit is None or len(findings) <= limit:
        return list(findings)
    rank = {s: i for i, s in enumerate(Severity)}
    best = sorted(range(len(findings)), key=lambda i: (rank[findings[i].severity], i))[:limit]
    return [findings[i] for i in sorted(best)]
