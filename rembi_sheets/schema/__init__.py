"""What may be written: the data dictionary, read once from TOML into frozen objects.

One folder per released schema version; one file a sheet. Everything that other rooms know
about sheets and columns (labels, kinds, rules, help, where a value goes in an archive)
comes from here, so that no column name is typed twice.
"""

from rembi_sheets.schema.load import CURRENT, SchemaError, load, versions
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
from rembi_sheets.schema.select import Selection, first_choice, groups, select, with_methods

__all__ = [
    "CURRENT",
    "Archive",
    "Column",
    "Condition",
    "Fate",
    "Format",
    "Kind",
    "Layout",
    "ListSpec",
    "Need",
    "Origin",
    "Profile",
    "Schema",
    "SchemaError",
    "Selection",
    "SheetSpec",
    "Start",
    "Target",
    "first_choice",
    "groups",
    "load",
    "select",
    "versions",
    "with_methods",
]
