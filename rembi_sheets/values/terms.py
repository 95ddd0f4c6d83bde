"""Terms and variables as typed: a label and the identifier behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rembi_sheets import vocabularies

_ID_AT_END = re.compile(r"\s*\[\s*((?:https?://)?[A-Za-z][\w./#\-]*[:_/][^\s\[\]]+)\s*\]\s*$")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a vocabulary as typed, with its identifier (CURIE) where one is known."""

    label: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as typed: `text`, or `name: value`, either followed by [CURIE]."""

    text: str
    name: str = ""
    value: str = ""
    id: str = ""


def split_id(text: str) -> tuple[str, str]:
    """'Label [CURIE]' -> label and CURIE; the CURIE is empty where there is none."""
    found = _ID_AT_END.search(text)
    if not found:
        return text, ""
    curie = vocabularies.normalise_id(found[1])
    return (text[: found.start()].strip(), curie) if curie else (text, "")


def parse_variable(text: str) -> Variable:
    """'Compound: nocodazole [CHEBI:34892]' -> its parts; free text keeps only `text`."""
    body, curie = split_id(text)
    name, colon, value = body.partition(":")
    if colon and value.strip() and name.strip() and len(name) <= 60 and "//" not in body[: len(name) + 3]:
        return Variable(text, name.strip(), value.strip(), curie)
    return Variable(text, "", body, curie)
