"""When two spellings are the same word: Unicode, case, spaces, hyphens; plurals and other small additions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_GAPS = re.compile(r"[\s\-_\u2010-\u2015\u2212]+")
QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda"}
)
_MORE = re.compile(r"(?i)[\s\-]+(?:cells?(?:[\s\-]*lines?)?|tissues?)$")
_LATIN = {"ae": ("a",), "ia": ("ium", "ion"), "ata": ("a",), "ula": ("ulum",), "uli": ("ulus",), "oli": ("olus",)}
_LATIN_ENDS = tuple(_LATIN)
PLURAL = frozenset("saei")  # the last letters of all plurals
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
    if not symbols and text.isascii() and text.isprintable():
        # the same, four times as fast, for nearly all names
        word = text.replace(" ", "").replace("-", "").replace("_", "").lower()
        if word:
            return word
    clean = tidy(text)
    if len(clean) <= symbols:
        return "=" + clean
    return _GAPS.sub("", clean).casefold().translate(_GREEK) or clean


def squeeze_all(texts: Sequence[str]) -> list[str]:
    """`squeeze` of each of many texts, such as stand together in a file, in a third of the time."""
    joined = "".join(texts)
    if joined.isascii() and joined.isprintable():
        words = "\n".join(texts).replace(" ", "").replace("-", "").replace("_", "").lower().split("\n")
        if all(words):
            return words
    return list(map(squeeze, texts))


def same_word(one: str, other: str, symbols: int = 0) -> bool:
    """Are two texts spellings of one word? `symbols` as in `squeeze`."""
    return squeeze(one, symbols) == squeeze(other, symbols)


def spaced(text: str) -> str:
    """Lower case with single spaces between words: the form in which likeness is measured."""
    return _GAPS.sub(" ", tidy(text)).casefold().translate(_GREEK).strip()


def variants(text: str) -> Iterator[str]:
    """Squeezed spellings that name the same thing with a little more: singulars, "HeLa cells", "kidney tissue"."""
    yield from singulars(text, squeeze(text))
    bare = _MORE.sub("", tidy(text))
    if bare != text:
        yield squeeze(bare)


def singulars(text: str, word: str) -> Iterator[str]:
    """What `text`, which is squeezed to `word`, may be the plural of, squeezed."""
    last = word[-1:]
    if last not in PLURAL or word.startswith("="):
        return
    if last == "s" and 2 < len(word) < 5 and text[:-1].isupper():
        yield word[:-1]
    if len(word) < 5:
        return
    if last != "s":
        if word.endswith(_LATIN_ENDS):
            for ending, others in _LATIN.items():
                if word.endswith(ending):
                    yield from (word[: -len(ending)] + other for other in others)
        return
    if word.endswith("ss"):
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "uses")):
        yield word[:-2]
    yield word[:-1]


def bracketed(text: str) -> tuple[str, str] | None:
    """("Mus musculus", "mouse") of "Mus musculus (mouse)"; None without such an end."""
    found = _BRACKETED.match(tidy(text)) if ")" in text else None
    return (found["outside"], found["inside"]) if found else None
