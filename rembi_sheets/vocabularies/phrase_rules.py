"""The words around terms, as phrases.toml tells them list by list, read once into typed rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rembi_sheets.vocabularies.words import spaced

ANY = "any"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Words that are no term of a list: what they are, what to write instead, a word of the list that may stand."""

    what: str
    instead: str
    words: frozenset[str] = frozenset()
    list: str = ""
    proposes: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one list, all words as `words.spaced` writes them; phrases.toml says what each is."""

    plain: Mapping[str, frozenset[str]] = field(default_factory=dict)
    narrows: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    heads_of: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    spellings: tuple[tuple[re.Pattern[str], str], ...] = ()
    adjectives: Mapping[str, str] = field(default_factory=dict)
    often: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rewrites: tuple[tuple[re.Pattern[str], str], ...] = ()
    lines: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    own: bool = False
    misplaced: tuple[Misplaced, ...] = ()

    def adds_nothing(self, word: str) -> bool:
        """Whether `word` beside a term of some kind adds nothing."""
        return any(word in words for words in self.plain.values())

    def around(self, word: str) -> bool:
        """Whether `word` is never a term of the list by itself."""
        return word in self.narrows or word in self.stops or self.adds_nothing(word) or word.isdigit()


@cache
def rules(name: str) -> Rules | None:
    """The rules of one list; None for a list whose words stand alone."""
    tables = _tables()
    return _rules(tables[name]) if name in tables else None


@cache
def _tables() -> Mapping[str, Any]:
    from rembi_sheets import toml

    return toml.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


def _rules(table: dict[str, Any]) -> Rules:
    def words(key: str) -> frozenset[str]:
        return frozenset(map(spaced, table.get(key, ())))

    def patterns(key: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(pattern), wording) for pattern, wording in table.get(key, ()))

    def mapped(key: str) -> dict[str, str]:
        return {spaced(word): meant for word, meant in table.get(key, {}).items()}

    return Rules(
        plain={kind: frozenset(map(spaced, listed)) for kind, listed in table.get("plain", {}).items()},
        narrows=words("narrows"),
        stops=words("stops"),
        heads=_longest_first(table.get("heads", ())),
        adds=tuple(map(spaced, table.get("adds", ()))),
        heads_of=_longest_first(table.get("heads_of", ())),
        of=tuple(map(spaced, table.get("of", ()))),
        spellings=patterns("spellings"),
        adjectives=mapped("adjectives"),
        often={spaced(w): (m,) if isinstance(m, str) else tuple(m) for w, m in table.get("often", {}).items()},
        rewrites=patterns("rewrites"),
        lines=frozenset(table.get("lines", ())),
        last=words("last"),
        amounts=words("amounts"),
        own=bool(table.get("own", False)),
        misplaced=tuple(
            Misplaced(**facts | {"words": frozenset(map(spaced, facts.get("words", ())))})
            for facts in table.get("not", {}).values()
        ),
    )


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(spaced, words), key=len, reverse=True))
