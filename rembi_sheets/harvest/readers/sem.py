"""Texts that Hitachi, JEOL and TESCAN write beside an image of a scanning electron microscope; companions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rembi_sheets.harvest import semtext
from rembi_sheets.harvest.facts import Facts, file_name
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.source import Source

_LIMIT = 2**20
_MAKERS = (
    (re.compile(rb"\[SemImageFile\]"), semtext.hitachi),
    (re.compile(rb"^\${1,2}(?:CM|SM)_\w+\s", re.M), semtext.jeol),
    (re.compile(rb"^\[MAIN\]\s", re.M), semtext.tescan),
)
_NAMES, _MARKS = (".txt", ".hdr"), b"\xef\xbb\xbf\xff\xfe"


def sniff(head: bytes, name: str) -> int:
    """By a heading or a key that only these write, in a file of their endings."""
    return 90 if name.endswith(_NAMES) and _maker(head) is not None else 0


def _maker(head: bytes) -> Callable[[Mapping[str, str], Facts], semtext.Said] | None:
    plain = head.replace(b"\0", b"").lstrip(_MARKS)  # Hitachi writes UTF-16, too
    return next((maker for mark, maker in _MAKERS if mark.search(plain)), None)


def read(source: Source) -> Header:
    """The size of a pixel, and what is said of the microscope."""
    data = source.text_bytes(_LIMIT)
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    said = semtext.pairs(text)
    facts = Facts(source.path, "sem")
    maker = _maker(source.head)
    if maker is None:
        raise Unusable("it is no text of an electron microscope")
    found = maker(said, facts)
    image = Image("".join(found.sizes), found.sizes, pixel_size=found.pixels)
    return Header(
        "SEM text",
        (image,),
        tuple(facts.values),
        tuple(facts.warnings),
        instrument=found.instrument,
        acquired=found.acquired,
        links=(name,) if (name := file_name(found.image)) else (),
        companion=True,
    )
