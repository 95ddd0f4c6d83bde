"""What may be written: the data dictionary, read once from TOML into frozen objects.

One folder per released schema version; one file a sheet. Everything that other rooms know
about sheets and columns (labels, kinds, rules, help, where a value goes in an archive)
comes from here, so that no column name is typed twice.
"""

from rembi_sheets.schema.diff import Change, changes, diff
from rembi_sheets.schema.history import Dropped, Merged, Migration, Renamed, Split, Step, Way, Words, migration, way
from rembi_sheets.schema.load import CURRENT, SchemaError, known_titles, load, number, versions
from rembi_sheets.schema.model import (
    Archive,
    Column,
    Condition,
    Fate,
    Format,
    Kind,
    Layout,
    ListSpec,
    Need,
    Origin,
    Profile,
    Schema,
    SheetSpec,
    Start,
    Target,
)
from rembi_sheets.schema.select import Selection, first_choice, select

__all__ = [
    "CURRENT",
    "Archive",
    "Change",
    "Column",
    "Condition",
    "Dropped",
    "Fate",
    "Format",
    "Kind",
    "Layout",
    "ListSpec",
    "Merged",
    "Migration",
    "Need",
    "Origin",
    "Profile",
    "Renamed",
    "Schema",
    "SchemaError",
    "Selection",
    "SheetSpec",
    "Split",
    "Start",
    "Step",
    "Target",
    "Way",
    "Words",
    "changes",
    "diff",
    "first_choice",
    "known_titles",
    "load",
    "migration",
    "number",
    "select",
    "versions",
    "way",
]
