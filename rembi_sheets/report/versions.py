"""What changed between versions of the data dictionary, and what its lists and rules rest on: text, JSON, Markdown."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence

from rembi_sheets import vocabularies
from rembi_sheets.archives.basis import Basis, bases
from rembi_sheets.schema import Change

# Kind of change -> its heading, in the order in which a reader asks.
KINDS: Mapping[str, str] = {
    "added": "New",
    "required": "Newly required",
    "renamed": "Renamed",
    "split": "Split",
    "merged": "Merged",
    "words": "Other words in lists",
    "unlisted": "Words that lists have no more",
    "values": "Other values taken",
    "optional": "Required no longer",
    "dropped": "Asked for no more",
}


def line(change: Change) -> str:
    """A change in one line."""
    old, new = " + ".join(change.old), " + ".join(change.new)
    text = new if not old or old == new else old if not new else f"{old} -> {new}"
    return f"{text} ({change.detail})" if change.detail else text


def _grouped(changes: Sequence[Change]) -> Iterable[tuple[str, list[str]]]:
    for kind, heading in KINDS.items():
        lines = [line(c) for c in changes if c.kind == kind]
        if lines:
            yield heading, lines


def _plain(line: str) -> str:
    """Text that means itself in Markdown."""
    for sign in ("\\", "*", "_", "`", "["):
        line = line.replace(sign, "\\" + sign)
    return line.replace("<", "&lt;").replace("->", "→")


def text(changes: Sequence[Change], old: str, new: str) -> str:
    """The changes for people."""
    out = [f"From version {old} to {new}:" if changes else f"From version {old} to {new} nothing changed."]
    for heading, lines in _grouped(changes):
        out += ["", f"{heading}:", *(f"  {one}" for one in lines)]
    return "\n".join(out) + "\n"


def as_json(changes: Sequence[Change], old: str, new: str) -> str:
    """The changes for programs."""
    content = {"old": old, "new": new, "changes": [dataclasses.asdict(c) for c in changes]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def markdown(changes: Sequence[Change], old: str, new: str) -> str:
    """The changes as a part of a page."""
    out = [f"## From {old} to {new}"]
    for heading, lines in _grouped(changes):
        out += ["", f"### {heading}", "", *(f"- {_plain(one)}" for one in lines)]
    return "\n".join(out if changes else [*out, "", "Nothing changed."]) + "\n"


def sources() -> list[Basis]:
    """Each list of words and each thing that an archive's rules rest on, oldest first."""
    lists = [
        Basis(s.name, s.title, s.origin, s.version, s.date) for s in map(vocabularies.source, vocabularies.names())
    ]
    return sorted([*lists, *bases()], key=lambda s: (s.date, s.name))


def sources_text() -> str:
    """What lists and rules rest on, a line each, oldest first."""
    known = sources()
    width = max(len(s.name) for s in known)
    return "".join(f"{s.date:<10}  {s.name:<{width}}  {s.title}: {s.origin}, {s.version}\n" for s in known)


def sources_json() -> str:
    """The same for programs."""
    return json.dumps([dataclasses.asdict(s) for s in sources()], ensure_ascii=False, indent=1) + "\n"
