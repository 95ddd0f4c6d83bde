"""Words of IDR's files -> the workbook's: terms with identifiers, words of lists, names of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.facts import sources
from rembi_sheets.values import Term

LONGEST = 150  # letters in the name of a row
_NOT_IN_NAMES = re.compile(r"[;\t\r\n]+")


def term(label: str, ref: str, accession: str, vocabulary: str) -> Term:
    """A term in the spelling of the vocabulary; one that it does not know stays as it is written.

    A cell line known to the vocabulary has the identifier there, since IDR's studies have that of EFO.
    """
    curie = identifier(ref, accession)
    found = vocabularies.resolve(label, vocabulary).entry
    if found is None:
        return Term(label, curie)
    if not curie or curie in (found.id, found.extra.get("efo_id", "")):
        return Term(found.label, vocabularies.own_id(found))
    return Term(label, curie)


def identifier(ref: str, accession: str) -> str:
    """The CURIE of an ontology and an accession; '' for what is none."""
    return vocabularies.normalise_id(sources.join(ref, accession))


def terms(columns: Iterable[Sequence[str]], vocabulary: str) -> tuple[Term, ...]:
    """The terms of columns of label, ontology and accession; those without a label are left out."""
    return tuple(dict.fromkeys(term(label, ref, code, vocabulary) for label, ref, code in columns if label))


def word(text: str, vocabulary: str) -> str:
    """A word of a list in its spelling; another text as it is."""
    return vocabularies.listed(text, vocabulary) or text


def listed(text: str, vocabulary: str) -> str:
    """A word of a list in its spelling; '' for another text."""
    return vocabularies.listed(text, vocabulary) if text else ""


class Names:
    """Names of rows: each once, without regard to case, and none longer than a name may be."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.last: dict[str, int] = {}

    def __contains__(self, wanted: str) -> bool:
        return wanted.casefold() in self.taken

    def name(self, wanted: str, other: str = "") -> str:
        """The wanted name, `other` where it is empty; a number behind it where it is taken."""
        base = _NOT_IN_NAMES.sub(",", wanted.strip() or other).strip()[: LONGEST - 6].strip()
        folded = base.casefold()
        name, number = base, self.last.get(folded, 1)
        while name.casefold() in self.taken:
            number += 1
            name = f"{base} {number}"
        self.last[folded] = number
        self.taken.add(name.casefold())
        return name
