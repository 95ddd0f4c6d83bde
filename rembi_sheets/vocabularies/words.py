"""When two spellings are the same word: Unicode, case, spaces, hyphens; plurals and other small additions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_GAPS = re.compile(r"[\s\-_\u2010-\u2015\u2212]+")
QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda"}
)
_MORE = re.compile(r"(?i)[\s\-]+(?:cells?(?:[\s\-]*lines?)?|tissues?)$")
_BRACKETED = re.compile(r"^(?P<outside>.+?)\s*\((?P<inside>[^()]+)\)$")


def tidy(text: str) -> str:
    """`text` in one Unicode form, with single spaces and plain quotes, case kept."""
    if text.isascii():
        return text if "  " not in text and text == text.strip() and text.isprintable() else " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text.translate(QUOTES)).split())


def squeeze(text: str, symbols: int = 0) -> str:
    """The key under which spellings of one word meet: no case, no spaces, no hyphens.

    Texts of up to `symbols` characters keep their case, for nm is not nM.
    """
    clean = tidy(text)
    if len(clean) <= symbols:
        return "=" + clean
    return _GAPS.sub("", clean).casefold().translate(_GREEK) or clean


def same_word(one: str, other: str, symbols: int = 0) -> bool:
    """Are two texts spellings of one word? `symbols` as in `squeeze`."""
    return squeeze(one, symbols) == squeeze(other, symbols)


def spaced(text: str) -> str:
    """Lower case with single spaces between words: the form in which likeness is measured."""
    return _GAPS.sub(" ", tidy(text)).casefold().translate(_GREEK).strip()


def variants(text: str) -> Iterator[str]:
    """Spellings that name the same thing with a little more: singular of a plural, "HeLa cells", "kidney tissue"."""
    clean = tidy(text)
    bare = _MORE.sub("", clean)
    if bare != clean:
        # "T cells" is the plural of a cell type, "HeLa cells" a line with a word too many
        yield from _singulars(clean)
        yield bare
    else:
        yield from _singulars(clean)


def _singulars(text: str) -> Iterator[str]:
    lower = text.casefold()
    if len(text) < 5 or not lower.endswith("s") or lower.endswith("ss"):
        return
    if lower.endswith("ies"):
        yield text[:-3] + "y"
    if lower.endswith(("xes", "ches", "shes", "sses")):
        yield text[:-2]
    yield text[:-1]


def bracketed(text: str) -> tuple[str, str] | None:
    """("Mus musculus", "mouse") of "Mus musculus (mouse)"; None without such an end."""
    found = _BRACKETED.match(tidy(text))
    return (found["outside"], found["inside"]) if found else None
