"""The lists that come with the package: one TSV each in data/, described in SOURCES.toml. Read once, when asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rembi_sheets.vocabularies.model import Entry, Source
from rembi_sheets.vocabularies.words import singulars, squeeze

HERE = Path(__file__).parent
HOMONYMS = "homonym"


def read_rows(text: str) -> Iterator[dict[str, str]]:
    """The rows of a TSV as `{column: value}`; the first line holds the columns; nothing is quoted."""
    lines = text.splitlines()
    columns = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(columns, line.split("\t"), strict=True))


def entry(row: Mapping[str, str]) -> Entry:
    """One row as an Entry: label, id and synonyms have their own place, all other columns are `extra`.

    `models`, where a list has them, are names of single kinds of what the label names; they lead to it as synonyms do.
    """
    extra = {column: value for column, value in row.items() if column not in ("label", "id", "synonyms")}
    synonyms = tuple(filter(None, (row["synonyms"] + "|" + extra.get("models", "")).split("|")))
    return Entry(row["label"], row["id"], synonyms, MappingProxyType(extra))


def model(text: str, of: Entry) -> str:
    """The name of the single model of an entry that `text` is, as the list spells it; "" where it is none of them."""
    named = of.extra.get("models", "")
    return _models(named).get(squeeze(text), "") if named else ""


@cache
def _models(named: str) -> Mapping[str, str]:
    return {squeeze(name): name for name in named.split("|")}


@cache
def sources() -> dict[str, Source]:
    """All lists by name, as SOURCES.toml describes them."""
    from rembi_sheets import toml

    tables = toml.loads((HERE / "SOURCES.toml").read_text(encoding="utf-8"))
    return {
        name: _source(name, {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()})
        for name, table in tables.items()
    }


def _source(name: str, facts: dict[str, Any]) -> Source:
    """Whether a list is closed, and takes versions, is said by the data dictionary, where a column names the list."""
    from rembi_sheets.schema import load

    declared = load().lists.get(name)
    if declared:
        facts = {**facts, "closed": declared.closed, "versions": declared.versions}
    return Source(name=name, **facts)


def source(name: str) -> Source:
    """The description of one list; KeyError with the known names when there is none."""
    try:
        return sources()[name]
    except KeyError:
        raise KeyError(f"no vocabulary {name!r}; known are {', '.join(sources())}") from None


@cache
def entries(name: str) -> tuple[Entry, ...]:
    """The entries of one list in the order of its file."""
    source(name)
    return tuple(entry(row) for row in read_rows((HERE / "data" / f"{name}.tsv").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Index:
    """One list, ready for questions, each part made when it is asked for first. Keys of `labels` and `synonyms` are
    squeezed words; an obsolete entry stands behind a live one, and is left out where a live one has the same name."""

    name: str

    @cached_property
    def exact(self) -> Mapping[str, Entry]:
        """By the list's own spelling, where nothing else is called so."""
        return {e.label: e for word, e in self._labelled if len(self.labels[word]) == 1 and word not in self.homonyms}

    @cached_property
    def labels(self) -> Mapping[str, tuple[Entry, ...]]:
        """Entries by label."""
        return _grouped(self._labelled)

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[Entry, ...]]:
        """Entries by each synonym, and by the first ending of the files of a format."""
        words = ((s, e) for e in entries(self.name) for s in (*e.synonyms, *e.extra.get("extensions", "").split()[:1]))
        return _grouped((squeeze(s, self._symbols), e) for s, e in words)

    @cached_property
    def homonyms(self) -> Mapping[str, tuple[Entry, ...]]:
        """Other things that share a name with an entry, by label and synonym."""
        return _grouped((squeeze(word, self._symbols), e) for e in self._shared for word in (e.label, *e.synonyms))

    @cached_property
    def ids(self) -> Mapping[str, Entry]:
        """Entries by identifier."""
        return _by_id([*self._shared, *entries(self.name)])

    @cached_property
    def words(self) -> frozenset[str]:
        """All squeezed words by which something is called."""
        return frozenset((*self.labels, *self.synonyms, *self.homonyms))

    @property
    def _symbols(self) -> int:
        return source(self.name).symbols

    @cached_property
    def _labelled(self) -> list[tuple[str, Entry]]:
        return [(squeeze(e.label, self._symbols), e) for e in entries(self.name)]

    @cached_property
    def _shared(self) -> list[Entry]:
        return [e for e in entries(HOMONYMS) if e.extra["of"] == self.name]


@cache
def index(name: str) -> Index:
    """The Index of one list. Raises KeyError for an unknown list."""
    source(name)
    return Index(name)


def obsolete(item: Entry) -> bool:
    """Whether the ontology has given up this term."""
    return item.extra.get("obsolete") == "true"


def called(text: str, name: str) -> tuple[Entry, ...]:
    """The entries of list `name` with this label or synonym, or of which it is the plural: the bundled list alone."""
    word = squeeze(text, source(name).symbols)
    known = index(name)
    spelled = (known.labels.get(w) or known.synonyms.get(w) for w in (word, *singulars(text, word)))
    return next(filter(None, spelled), ())


def kind_of(item: Entry, name: str) -> str:
    """What kind of thing an entry of list `name` is: as the list says, else by its prefix; "" if neither tells."""
    return item.extra.get("kind", "") or source(name).kinds.get(item.id.partition(":")[0], "")


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[Entry, ...]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for word, item in pairs:
        if item not in groups[word]:
            groups[word].append(item)
    return {word: tuple(e for e in group if not obsolete(e)) or tuple(group) for word, group in groups.items()}


# how well an entry stands for its identifier: a broader term never does, its own label is another
_FITS = ("", "exact", "exact-2026", "exact-other-branch", "close")


def _by_id(items: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by identifier; further identifiers stand in columns `..._id` (cell lines: EFO beside Cellosaurus)."""
    fitting = [e for e in items if e.extra.get("fit", "") in _FITS]
    fitting.sort(key=lambda e: _FITS.index(e.extra.get("fit", "")), reverse=True)
    further = {v: e for e in fitting for column, v in e.extra.items() if column.endswith("_id") and v}
    return further | {e.id: e for e in fitting if e.id}
