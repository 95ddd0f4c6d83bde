"""The objects of the data dictionary: plain, frozen, without behaviour beyond look-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a cell holds; `values.py` has one converter for each."""

    TEXT = "text"
    LONGTEXT = "longtext"
    INTEGER = "integer"
    NUMBER = "number"
    RANGE = "range"
    DATE = "date"
    YESNO = "yesno"
    CHOICE = "choice"
    TERM = "term"
    REFERENCE = "reference"
    VARIABLE = "variable"


class Origin(StrEnum):
    """Where a column comes from: REMBI's table, the sheet's key, a link, an archive's extra wish, REMBI's widgets."""

    REMBI = "rembi"
    KEY = "key"
    LINK = "link"
    EXTRA = "extra"
    METHOD = "method"


class Layout(StrEnum):
    """A form has one field a line, a table one record a row."""

    FORM = "form"
    TABLE = "table"


class Need(StrEnum):
    """How much an archive needs a column: required, conditional, optional, unused."""

    REQUIRED = "R"
    CONDITIONAL = "C"
    OPTIONAL = "O"
    UNUSED = "-"


class Fate(StrEnum):
    """What becomes of a value in an archive: a field of its own, a line of text, no output (it steers), or lost."""

    FIELD = "field"
    TEXT = "text"
    CONTROL = "control"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Condition:
    """When a conditional cell is needed, as data.

    Every part that is given must hold: all of `empty` are empty, any of `filled` is filled, `column` has one of `has`.
    """

    empty: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    column: str = ""
    has: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where one archive puts a column: need, fate, the named places, and the same in words.

    `when`: the condition under which a conditional cell is needed, and an optional one asked for.
    """

    archive: str
    need: Need
    fate: Fate
    targets: tuple[str, ...]
    to: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A named text format (see formats.toml); `path` ("file", "pattern", "root") says that it is one of paths.

    `spellings`: patterns of how else it is typed, each with what is meant; `one_of`: the formats any of which it takes.
    """

    name: str
    words: str
    pattern: str
    strip: str = ""
    tail: str = ""
    called: str = ""
    prefix: str = ""
    check: str = ""
    identifier: bool = False
    bare_prefix: str = ""
    path: str = ""
    addresses: bool = False
    spellings: tuple[tuple[str, str], ...] = ()
    one_of: tuple[Format, ...] = ()

    @property
    def rereads(self) -> bool:
        """May a text of this form be read as another one, without its dressing or in the form's own spelling?"""
        return bool(self.strip or self.prefix or self.called or self.identifier or self.one_of)


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list of words a column offers; closed lists refuse others; `versions`: a version may stand behind a word."""

    name: str
    title: str
    closed: bool
    versions: bool = False


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive as the workbook knows it: name on the command line, short label in cells, title.

    `reads_paths`: faults of paths (as in `paths.Fault`) that its systems read as what was meant. `between`: what parts
    the lines of a text that is composed of columns.
    """

    name: str
    label: str
    title: str
    targets: frozenset[str]
    reads_paths: frozenset[str] = frozenset()
    between: str = "; "


@dataclass(frozen=True, slots=True)
class Profile:
    """A first choice of sheets and archives for a kind of study.

    `first`: by list, the words its dropdown begins with; `own`: headings of own columns that Files sets out;
    `wells`: those of the plates drawn in the sheet of plate maps, 0 for no such sheet.
    """

    name: str
    title: str
    archives: tuple[str, ...]
    hidden_sheets: frozenset[str]
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    own: tuple[str, ...] = ()
    wells: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """What a blank workbook is made for when neither profile nor archive is named: the least that suffices."""

    profile: str
    archives: tuple[str, ...]
    level: str


@dataclass(frozen=True)
class Column:
    """One column of a table, or one line of a form.

    `distinct`: a value names one thing, so that it cannot stand in two rows, though it is not the sheet's key.
    `names`: people or rows are called so, and no word is a placeholder; `words`: placeholders that are values here.
    `asked`: is an empty cell worth a word, or has it a meaning of its own (the value is computed, or for rare cases)?
    `examples`: by profile, what is shown instead of `example`.
    `applies`: where a value can be meant at all; elsewhere nobody asks for one.
    `files`: the form of the paths that a cell may name beside its words, as `file: path`.

    A method column has the `group` it folds with, its `phrase` in the text it is composed `into` ("sheet.column"),
    where else the value has a name (`standard`), where files of microscopes hold it (`harvest`), and who asks for it.
    """

    sheet: str
    name: str
    label: str
    kind: Kind
    origin: Origin
    help: str
    example: str
    archives: Mapping[str, Target]
    rembi: str = ""
    extra_for: tuple[str, ...] = ()
    many: bool = False
    list: str = ""
    reference: str = ""
    unit: str = ""
    profiles: frozenset[str] = frozenset()
    rule: str = ""
    format: Format | None = None
    files: Format | None = None
    ids_of: str = ""
    parallel_to: str = ""
    min_length: int | None = None
    max_length: int | None = None
    one_line: bool = False
    minimum: int | Decimal | None = None
    above: int | None = None
    maximum: int | Decimal | None = None
    distinct: bool = False
    companion: bool = False
    asked: bool = True
    applies: Condition | None = None
    own: bool = False
    names: bool = False
    words: tuple[str, ...] = ()
    band: str = ""
    short: str = ""
    width: float | None = None
    group: str = ""
    phrase: str = ""
    into: str = ""
    standard: str = ""
    harvest: str = ""
    reader: tuple[str, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)

    def example_for(self, profile: str) -> str:
        """The example that a workbook of this profile shows."""
        return self.examples.get(profile, self.example)

    @property
    def free(self) -> bool:
        """Is it prose, so that a person can also say why there is none? Not a name, a form or a word of a list."""
        return self.kind is Kind.LONGTEXT and self.format is None

    def allows(self, number: Decimal | int) -> bool:
        """Does a number lie within the limits of the column?"""
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.above is None or number > self.above)
            and (self.maximum is None or number <= self.maximum)
        )

    def need(self, archive: str) -> Need:
        """How much `archive` (its command-line name) needs this column."""
        return self.archives[archive].need

    def needed_by(self, archives: tuple[str, ...], need: Need = Need.REQUIRED) -> tuple[str, ...]:
        """Those of `archives` for which the column has exactly this need."""
        return tuple(a for a in archives if self.archives[a].need is need)


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: its columns in order and what one row of it is.

    `defaults`: columns of which a lab's workbook hands on what it says; all else describes one study.
    """

    title: str
    name: str
    order: int
    layout: Layout
    group: str
    row: str
    key: tuple[str, ...]
    needed_by: tuple[str, ...]
    essential: bool
    columns: tuple[Column, ...]
    defaults: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by machine name, the placeholder for own columns left out."""
        return {c.name: c for c in self.columns if not c.own}

    @cached_property
    def own(self) -> Column | None:
        """The placeholder for the user's own columns, where a sheet takes them."""
        return next((c for c in self.columns if c.own), None)

    def only_for(self, profile: str) -> tuple[str, ...]:
        """Names of the columns that studies of this kind alone are asked for."""
        return tuple(c.name for c in self.columns if c.profiles == {profile})

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]


@dataclass(frozen=True)
class Schema:
    """One version of the data dictionary."""

    version: str
    digest: str
    sheets: tuple[SheetSpec, ...]
    lists: Mapping[str, ListSpec]
    formats: Mapping[str, Format]
    archives: tuple[Archive, ...]
    profiles: tuple[Profile, ...]
    levels: tuple[str, ...]
    default_level: str
    start: Start

    @cached_property
    def by_name(self) -> Mapping[str, SheetSpec]:
        """Sheets by machine name."""
        return {s.name: s for s in self.sheets}

    def __getitem__(self, name: str) -> SheetSpec:
        return self.by_name[name]

    @cached_property
    def archive_names(self) -> tuple[str, ...]:
        """Command-line names of the archives, in their order."""
        return tuple(a.name for a in self.archives)

    def archive(self, name: str) -> Archive:
        """The archive of this command-line name or short label (any case). Raises KeyError."""
        for a in self.archives:
            if name.casefold() in (a.name, a.label.casefold()):
                return a
        raise KeyError(name)

    def profile(self, name: str) -> Profile:
        """The profile of this name. Raises KeyError."""
        for p in self.profiles:
            if p.name == name:
                return p
        raise KeyError(name)
