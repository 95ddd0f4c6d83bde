"""What a study is called in IDR: its accession, folder and word, and its licence."""

from __future__ import annotations

import re

from rembi_sheets.archives.idr.facts.text import last_name, plain_letters, value
from rembi_sheets.submission import Submission

UNASSIGNED = "idr0000"

_STOP = frozenset(
    ("and", "are", "for", "from", "into", "the", "using", "with", "within", "study", "data", "image", "images")
)

_LICENCES = {
    "CC0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "MIT": ("MIT", "https://opensource.org/license/mit"),
}


def accession(sub: Submission) -> str:
    """The accession as given, else the one for studies that have none yet."""
    return sub.study.idr_accession.casefold() or UNASSIGNED


def study_name(sub: Submission) -> str:
    """Folder of the study: idrNNNN-lastname-word."""
    name, word = last_name(sub.people[0].last_name if sub.people else ""), handle(sub)
    if "-" in word:
        name, word = (plain_letters(part) for part in word.split("-", 1))
    return f"{accession(sub)}-{name}-{word}"


def handle(sub: Submission) -> str:
    """The study's word: as given, else the longest word of its first keyword, else of its title."""
    if sub.study.idr_word:
        return sub.study.idr_word.casefold()
    for text in (*sub.study.keywords[:1], sub.study.study_title):
        words = [plain_letters(w) for w in re.split(r"[\s\-–—/]+", text)]
        fitting = [w for w in words if len(w) > 2 and w not in _STOP]
        if fitting:
            return max(fitting, key=len)
    return "study"


def licence(name: str) -> tuple[str, str]:
    """A licence as IDR writes it, and its address; the address is '' for one that is not known."""
    if name in _LICENCES:
        return _LICENCES[name]
    found = re.fullmatch(r"CC (BY(?:-[A-Z]{2})*) (\d\.\d)", name)
    return (
        (name, f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/") if found else (value(name), "")
    )
