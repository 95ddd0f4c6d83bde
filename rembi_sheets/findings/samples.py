"""What a finding of each code says of a real mistake, for `explain` and the page of findings.

samples.toml is made of the cases that the tests plant (`make samples`); a code that no edit of a workbook brings about
has the words of its sample in the catalogue. Nothing here is ever blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from rembi_sheets import toml
from rembi_sheets.findings import Kind, filled

FILE = "samples.toml"


@cache
def _planted() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = toml.loads((files(__package__) / FILE).read_text("utf-8"))
    return found


def sample(kind: Kind) -> tuple[str, str]:
    """Message and remedy of a finding of this kind."""
    planted = _planted().get(kind.code)
    if planted and not kind.sample:
        return planted["says"], planted["remedy"]
    return filled(kind.message, kind.sample), filled(kind.fix, kind.sample)
