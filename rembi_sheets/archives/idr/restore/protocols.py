"""Protocols of a component -> the stage of work each belongs to, and its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rembi_sheets import toml, vocabularies
from rembi_sheets.archives.idr.restore.lines import Lines


class Stage(StrEnum):
    """Where the text of a protocol goes."""

    GROWTH = "growth"
    TREATMENT = "treatment"
    LIBRARY = "library"
    IMAGING = "imaging"
    ANALYSIS = "analysis"
    CORRELATION = "correlation"


@dataclass(frozen=True, slots=True)
class Protocol:
    """One column of the protocol block."""

    name: str
    stage: Stage
    text: str
    type: str = ""
    generic: bool = False

    @property
    def own_name(self) -> str:
        """The name, where it is more than that of its type."""
        return "" if self.generic else self.name


@cache
def _words() -> tuple[tuple[Stage, re.Pattern[str]], ...]:
    """The words of each stage (stages.toml), in the order in which they are tried."""
    data = toml.loads((files(__package__) / "stages.toml").read_text("utf-8"))
    return tuple((Stage(s), re.compile("|".join(w), re.IGNORECASE)) for s, w in data["stage"].items())


def stage_of(*names: str) -> Stage | None:
    """The stage that the first name tells which tells any; None when none does."""
    for name in names:
        entry = vocabularies.resolve(name, "protocol_type").entry if name else None
        for stage, words in _words():
            if name and words.search(entry.label if entry else name):
                return stage
    return None


_TYPE = re.compile(r" \([^()]*protocol\)\Z")


def protocol_name(name: str) -> str:
    """The name without the type that is put behind one which several stages have."""
    return _TYPE.sub("", name)


def protocols(lines: Lines) -> list[Protocol]:
    """The protocols that say something, in their order; one whose stage nobody knows is taken for a treatment."""
    lines.ignore("Protocol Type Term Source REF", "Protocol Type Term Accession")
    out = []
    for name, kind, text in lines.blocks("Protocol Name", "Protocol Type", "Protocol Description"):
        stage = stage_of(kind, name)
        if stage is None and text:
            lines.note(
                "Protocol Type", f"no stage of work is known by “{kind or name}”; its text is in the preparation"
            )
        # a type of one's own tells more than its stage does
        generic = not name or (name == kind and vocabularies.resolve(kind, "protocol_type").entry is not None)
        out.append(Protocol(name or kind, stage or Stage.TREATMENT, text, kind, generic))
    made = _parted(out)
    for p in made:
        if not p.text:
            lines.keep("Protocol Name", p.name if p.generic else f"{p.name} ({p.type})" if p.type else p.name)
    return [p for p in made if p.text]


def _parted(found: list[Protocol]) -> list[Protocol]:
    """A text that holds those of the next protocols, each behind its name, parted: 'Treatment protocol - We ..'."""
    out = list(found)
    open_ = 0
    for n, p in enumerate(out):
        if p.text or not p.name:
            open_ = n
            continue
        mark = re.search(_HEAD.format(re.escape(p.name)), out[open_].text, re.IGNORECASE)
        if mark:
            text = out[open_].text
            out[n] = replace(p, text=text[mark.end() :])
            own = re.compile(_OWN_HEAD.format(re.escape(out[open_].name)), re.IGNORECASE)
            out[open_] = replace(out[open_], text=own.sub("", text[: mark.start()]))
            open_ = n
    return out


_HEAD = r"(?:^|\s){}\s*[-–:]\s+"
_OWN_HEAD = r"\A\s*{}\s*[-–:]\s+"
