"""Whether a text can be a slip of the hand for another: the one rule behind every name or term that is offered.

`may_be` decides what a finding offers, `is_typing` what `fix` may take without asking. Both are pure and know no list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import TypeAlias

from rembi_sheets.vocabularies import bundled
from rembi_sheets.vocabularies.likeness import Pool, best_pairs, bundled_pool, pool
from rembi_sheets.vocabularies.lookup import resolve
from rembi_sheets.vocabularies.words import QUOTES, squeeze

_LEAST = 5  # letters of a word in which a letter may be wrong; in shorter ones it makes another word
_LEFT = 4  # letters that are left of such a word when one is forgotten (cell, cells)
_LONG = 8  # letters of a word in which two may be
_SHORT = 3  # characters up to which a text is a sign, whose case counts (nm, nM)
_APART = 2  # letters between two slips in one word; closer ones make another word (intra-, inter-)
_PARTS = re.compile(r"(?P<letters>[^\W\d_]+)|(?P<digits>\d+)|(?P<gap>[\s\-_\u2010-\u2015\u2212]+)|(?P<sign>.)")
_SOFT = frozenset(",.;:'\"()[]")
_ROMAN = frozenset("ivxlcdm")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("qwertzuiop", "asdfghjkl", "yxcvbnm")
# letters that are taken for each other when a word is spelled by ear
_BY_EAR = frozenset(map(frozenset, ("iy", "ck", "cs", "sz")))
# and where something else says the same: any vowel, which alone makes another word (ileum, ilium)
_VOUCHED = _BY_EAR | {frozenset(pair) for pair in combinations("aeiou", 2)}
_Alike: TypeAlias = frozenset[frozenset[str]]
_STRICTLY: _Alike = frozenset()


def may_be(typed: str, meant: str, vouched: bool = False) -> bool:
    """Can `typed` be `meant` with slips of the hand, or the same words spelled or ordered otherwise?

    Never so when a digit, a sign (+, /, %) or a short word differs, when a word is missing or too many, or when a word
    is a code (ACTG, GCaMP, XVIII). A word of five letters or more may have one slip, one of eight or more two that are
    apart: letters transposed, left out or too many, a neighbour on the keyboard, a letter that sounds alike; not the
    first letter, which tells words apart (ethanol, methanol; afferent, efferent). At most two words may have slips.
    `vouched`: something else than the text, such as an identifier, says `meant` too, so that a vowel may be wrong.
    """
    one, other = _read(typed), _read(meant)
    if not one.key or typed == meant:
        return False
    if one.key == other.key:
        return max(len(typed), len(meant)) > _SHORT
    if one.bare == other.bare or (one.digitless and sorted(one.bare) == sorted(other.bare)):
        return True
    return 0 < _slips(one.bare, other.bare, _VOUCHED if vouched else _BY_EAR) <= 2


def is_typing(typed: str, meant: str) -> bool:
    """Is a slip in typing the one thing that explains `typed`, so that it need not be asked for?

    Stricter than `may_be`: case, accents, blanks and hyphens alone; or, all else being equal, one slip in one word of
    five letters or more: two letters transposed, one doubled, left out or replaced by its neighbour on the keyboard.
    A word that some list knows is no slip.
    """
    one, other = _read(typed), _read(meant)
    if not one.key or typed == meant:
        return False
    if one.key == other.key:
        return max(len(typed), len(meant)) > _SHORT
    if _slips(one.words, other.words, _STRICTLY) != 1:
        return False
    changed = {part.folded for word in one.words for part in word} - {p.folded for word in other.words for p in word}
    return changed.isdisjoint(_known_words())


def near(
    text: str, names: Pool | Iterable[str], limit: int = 2, taken: Collection[str] = (), vouched: bool = False
) -> tuple[str, ...]:
    """Those of `names` for which `text` can be a slip, nearest first; none that is `taken` (in the same cell).

    `vouched` as in `may_be`.
    """
    among = names if isinstance(names, Pool) else pool((name, name) for name in names)
    held = set(map(squeeze, taken))
    found = (spelling for spelling, label in best_pairs(text, among, limit * 8) if squeeze(label) not in held)
    return tuple(spelling for spelling in dict.fromkeys(found) if may_be(text, spelling, vouched))[:limit]


def near_listed(text: str, name: str, limit: int = 3, taken: Collection[str] = ()) -> tuple[str, ...]:
    """Spellings of list `name` (labels, synonyms; one an entry) for which `text` can be a slip, nearest first.

    None of an entry that is `taken`. The user's own vocabularies fill up what the bundled list leaves.
    """
    found = _by_label(text, name, bundled_pool(name), limit, taken)
    if len(found) < limit and not bundled.source(name).closed:
        from rembi_sheets.vocabularies import cache as own

        found |= {
            label: spelling
            for label, spelling in _by_label(text, name, pool(own.spellings(text, name)), limit, taken).items()
            if label not in found
        }
    return tuple(found.values())[:limit]


def _by_label(text: str, name: str, among: Pool, limit: int, taken: Collection[str]) -> dict[str, str]:
    """Label -> the nearest of its spellings."""
    held = set(map(squeeze, taken))
    out: dict[str, str] = {}
    for spelling, label in best_pairs(text, among, limit * 8):
        if held.isdisjoint((squeeze(spelling), squeeze(label))) and may_be(text, spelling):
            known = spelling == label or resolve(spelling, name).entry is not None
            out.setdefault(label, spelling if known else label)
    return out


@dataclass(frozen=True, slots=True, order=True)
class _Part:
    """A run of letters or digits, or one sign; `folded` without case and accents, `fixed` where no letter may slip."""

    folded: str
    fixed: bool = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text taken apart: `key` compares all but case, accents, blanks and hyphens; words are tuples of parts.

    `bare` are the words without commas, dots, quotes and brackets, unless these stand by a digit.
    """

    key: str
    words: tuple[tuple[_Part, ...], ...]
    bare: tuple[tuple[_Part, ...], ...]
    digitless: bool


def _read(text: str) -> _Text:
    found = list(_PARTS.finditer(unicodedata.normalize("NFC", text.strip()).translate(QUOTES)))
    key: list[str] = []
    words: list[list[_Part]] = [[]]
    bare: list[list[_Part]] = [[]]
    for i, match in enumerate(found):
        before, after = (found[j] if 0 <= j < len(found) else None for j in (i - 1, i + 1))
        if match["gap"]:
            kept = _kept_gap(match["gap"], before, after)
            key += kept
            for group in (words, bare):
                group[-1] += [_Part(sign, True) for sign in kept]
                group.append([])
            continue
        part = _Part(_folded(match[0]), not match["letters"] or _is_code(match[0]))
        key.append(part.folded)
        words[-1].append(part)
        beside_digit = any(m is not None and m["digits"] for m in (before, after))
        if match["sign"] not in _SOFT or beside_digit:
            bare[-1].append(part)
        else:
            bare.append([])
    whole, plain = (tuple(tuple(word) for word in group if word) for group in (words, bare))
    return _Text("".join(key), whole, plain, digitless=not any(m["digits"] for m in found))


def _kept_gap(gap: str, before: re.Match[str] | None, after: re.Match[str] | None) -> list[str]:
    """What of blanks and hyphens tells texts apart: a minus sign, and whatever stands between two numbers."""
    hyphen = bool(gap.strip())
    if before is None or after is None or before["sign"] or after["sign"]:
        return ["-"] if hyphen else []
    if before["digits"] and after["digits"]:
        return ["-" if hyphen else " "]
    lopsided = hyphen and gap[:1].isspace() != gap[-1:].isspace()
    return ["-"] if lopsided else []


def _folded(text: str) -> str:
    """Without case, and without the accents of Latin letters; µ in one of its two forms."""
    parts = unicodedata.normalize("NFD", text.replace("\u00b5", "\u03bc"))
    out: list[str] = []
    for sign in parts:
        if not (unicodedata.combining(sign) and out and out[-1][-1:].isascii()):
            out.append(sign.casefold())
    return unicodedata.normalize("NFC", "".join(out))


def _is_code(letters: str) -> bool:
    """Capitals alone or within a word, a Roman number, or a script without case, in which a letter is a word."""
    if not all(c.lower() != c.upper() for c in letters):
        return True
    capitals = letters[1:] != letters[1:].lower()
    return capitals or set(letters.casefold()) <= _ROMAN


def _slips(typed: tuple[tuple[_Part, ...], ...], meant: tuple[tuple[_Part, ...], ...], alike: _Alike) -> int:
    """How many parts of words have slips; -1 when the texts differ in another way.

    `alike`: letters that may be taken for each other; where there are none, only the hand slips and not the ear.
    """
    if list(map(len, typed)) != list(map(len, meant)):
        return -1
    count = 0
    for one, other in zip((p for w in typed for p in w), (p for w in meant for p in w), strict=True):
        if one.folded == other.folded:
            continue
        shorter = min(len(one.folded), len(other.folded))
        # what is typed in capitals may still be a word; what is meant tells whether it is one
        if (
            other.fixed
            or shorter < (_LEFT if alike else _LEAST)
            or len(other.folded) < _LEAST
            or not one.folded.isalpha()
            or set(one.folded) <= _ROMAN
        ):
            return -1
        most = 2 if alike and shorter >= _LONG else 1
        if one.folded[0] != other.folded[0] and one.folded[:2] != other.folded[1::-1]:
            return -1
        if not _reach(one.folded, other.folded, "", most, alike):
            return -1
        count += 1
    return count


def _reach(typed: str, meant: str, before: str, left: int, alike: _Alike) -> bool:
    """Do at most `left` slips lead from `meant` to `typed`? `before` is the letter in front of both."""
    same = 0
    while same < min(len(typed), len(meant)) and typed[same] == meant[same]:
        same += 1
    if typed == meant:
        return True
    if left == 0 or (before and left == 1 and alike and 0 < same < _APART):
        return False
    before = typed[same - 1] if same else before
    a, b = typed[same:], meant[same:]
    return any(_rest(x, y, before, left - 1, alike) for x, y in _undone(a, b, before, alike))


def _rest(typed: str, meant: str, before: str, left: int, alike: _Alike) -> bool:
    """What follows a slip: the same letters for a while, whatever slip comes then."""
    if typed == meant:
        return True
    apart = typed[:_APART] == meant[:_APART] and len(typed) > _APART
    return left > 0 and apart and _reach(typed[_APART:], meant[_APART:], typed[_APART - 1], left, alike)


def _undone(a: str, b: str, before: str, alike: _Alike) -> Iterable[tuple[str, str]]:
    """What is left of both when one slip at their first letters is undone."""
    if a[:2] == b[1::-1] and len(a) > 1 and len(b) > 1:
        yield a[2:], b[2:]
    if b:
        yield a, b[1:]
    if a and (alike or a[0] == before or a[:1] == a[1:2]):
        yield a[1:], b
    if a and b and (b[0] in _neighbours().get(a[0], ()) or frozenset((a[0], b[0])) in alike):
        yield a[1:], b[1:]


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    """Letter -> letters beside it on the keyboards of English and of German."""
    out: dict[str, set[str]] = {}
    for rows in _ROWS:
        at = {letter: (x + 0.5 * y, y) for y, row in enumerate(rows) for x, letter in enumerate(row)}
        for one, (x, y) in at.items():
            out.setdefault(one, set()).update(
                other for other, (u, v) in at.items() if other != one and abs(x - u) <= 1 and abs(y - v) <= 1
            )
    return {letter: frozenset(beside) for letter, beside in out.items()}


@cache
def _known_words() -> frozenset[str]:
    """Every word of the labels and synonyms of the bundled lists, as `_folded`."""
    return frozenset(
        _folded(word)
        for name in bundled.sources()
        for entry in bundled.entries(name)
        for spelling in (entry.label, *entry.synonyms)
        for word in re.findall(r"[^\W\d_]+", spelling)
        if len(word) >= _LEAST
    )
