"""What the tags of vendors and programs in a TIFF say, by who wrote them: one module for electrons, one for light, one
for slides, one for programs.

Each function takes the open file, its first page and a gatherer of values and returns what it knows, or None where the
file is not of its kind. Persons (user, operator) stand in these tags and are never looked at.
"""

from __future__ import annotations

from typing import Any

from rembi_sheets.harvest import xml
from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.tags import electron, light, programs, slides
from rembi_sheets.harvest.tags.told import Told

_KINDS = (electron.eer, *light.KINDS, *slides.KINDS, *electron.KINDS, *programs.KINDS)


def told(file: Any, page: Any, facts: Facts) -> Told | None:
    """What the first says that knows the file; None for a plain TIFF. Of damaged XML nothing is told."""
    try:
        return next((said for kind in _KINDS if (said := kind(file, page, facts)) is not None), None)
    except xml.Illegible as error:
        return Told("TIFF", stacked="", calibrated=False, warnings=(str(error),))
