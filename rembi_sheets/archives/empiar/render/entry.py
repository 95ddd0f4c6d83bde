"""The entry XML: Deposition -> bytes, in the order and with the words of EMPIAR's entries.

As in EMPIAR's own files there is no XML declaration: its loader is given the text, and lxml refuses a text that
declares an encoding.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from rembi_sheets import derive
from rembi_sheets.archives.empiar.codes import VARIABLE
from rembi_sheets.archives.empiar.document import Deposition

if TYPE_CHECKING:
    from jinja2 import Environment


def dump(deposition: Deposition) -> bytes:
    """The deposition as UTF-8 XML."""
    made = environment().get_template("entry.xml.j2").render(d=deposition)
    # Jinja escapes apostrophes too; in text, and between double quotes, they stand as typed.
    return made.replace("&#39;", "'").encode("utf-8")


@cache
def environment() -> Environment:
    """Jinja with the templates of this package; what is put into XML is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=lambda name: bool(name) and str(name).endswith(".xml.j2"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters["size"] = size
    return made


def size(value: int | Decimal | None) -> str:
    """A width or height; an unknown or changing one is the word variable."""
    if value is None:
        return VARIABLE
    return derive.plain(value) if isinstance(value, Decimal) else str(value)
