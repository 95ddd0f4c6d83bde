"""What IDR needs of the values in the user's own columns: OMERO guesses their types, and IDR's search takes some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rembi_sheets import vocabularies
from rembi_sheets.archives.idr.document import ONLY
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.archives.idr.facts.annotation import Planner
from rembi_sheets.archives.idr.facts.columns import Band, Own, client_name
from rembi_sheets.archives.idr.facts.rows import Part
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.submission import Submission

# of findings of one kind in one column, those at the first cells are enough
MOST = 50
FILLERS = frozenset(
    (
        "empty",
        "empty well",
        "none",
        "no",
        "n/a",
        "na",
        "nan",
        "n.d.",
        "-",
        "--",
        "?",
        "unknown",
        "null",
        "blank",
        "mock",
    )
) | {"control", "negative control", "positive control", "untreated", "not applicable", "no gene"}
# searched columns in which one value stands alone; the pieces of an siRNA pool may be joined
_SINGLE = (
    *("Gene Identifier", "Gene Symbol", "Compound Name", "Compound InChIKey"),
    *("Antibody Name", "Antibody Identifier"),
)
_SEARCHED = (*_SINGLE, "siRNA Identifier", "siRNA Pool Identifier")
_MONTH = "(?:Sept?|Mar|Dec|Oct|Nov|Feb|Apr)"
_DATE = re.compile(rf"\d{{1,2}}[-./ ]{_MONTH}[a-z]*|{_MONTH}-\d{{1,2}}|\d{{4}}-\d\d-\d\d( 00:00:00)?", re.IGNORECASE)
_OF_DOUBTFUL = "-./ ;"  # one of these stands in every date, and between several values
_SHORT_UNIT = re.compile(r"[pnuµμm]?M|[pnuµμm]?g/[pnuµμm]?[lL]|%")
_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class Seen:
    """What one own column holds, a part after the other: its distinct values are looked at, not its cells."""

    def __init__(self, own: Own) -> None:
        self.own = own
        self.label = re.sub(r" \d+$", "", client_name(own.idr))
        self.empty = False
        self.forms = {"whole", "decimal", "truth"}
        self.changed: dict[str, tuple[str, str, int]] = {}
        self.marked: dict[str, list[tuple[str, int]]] = {}

    def take(self, part: Part) -> None:
        """Look at the values of a part."""
        found = part.different(self.own.name)
        values = [v for v in found if v]
        self.empty = self.empty or len(values) < len(found)
        for value in values:
            if not self.forms:
                break
            self._form(value, part)
        for kind, value in self._doubtful(values):
            self._mark(kind, value, part)

    def _form(self, value: str, part: Part) -> None:
        """Narrow down what OMERO may take the column for, and keep the first value that it would change."""
        for form in tuple(self.forms):
            read = _READ[form](value)
            if read is None:
                self.forms.discard(form)
            elif read != value and form not in self.changed:
                self.changed[form] = (value, read, self._row(value, part))

    def _doubtful(self, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Values to be told, each with its kind; most columns have none, which one look at all of them shows."""
        together = "".join(values)
        if "," in together:
            yield from (("comma", v) for v in values if "," in v)
        if self.label in _SEARCHED:
            if any(sign in together for sign in _OF_DOUBTFUL) or not FILLERS.isdisjoint(map(str.casefold, values)):
                yield from ((kind, v) for v in values if (kind := self._searched(v)))
        elif self.label == "Dose Unit":
            yield from (("unit", v) for v in values if _SHORT_UNIT.fullmatch(v))

    def _searched(self, value: str) -> str:
        if value.casefold() in FILLERS:
            return "filler"
        if self.label.startswith("Gene") and _DATE.fullmatch(value):
            return "date"
        return "several" if ";" in value and self.label in _SINGLE else ""

    def _mark(self, kind: str, value: str, part: Part) -> None:
        found = self.marked.setdefault(kind, [])
        if len(found) < MOST:
            found.append((value, self._row(value, part)))

    def _row(self, value: str, part: Part) -> int:
        """The first row of a part in which a value stands; asked for few values only."""
        return part.rows[part.texts(self.own.name).index(value)]

    @property
    def misread(self) -> tuple[str, str, int] | None:
        """The first value that OMERO changes, what it becomes, and its row; None when all is read as it stands.

        OMERO guesses a type only for columns without an empty cell.
        """
        if self.empty:
            return None
        form = next((f for f in ("whole", "decimal", "truth") if f in self.forms), "")
        return self.changed.get(form)


def _whole(value: str) -> str | None:
    return str(int(value)) if _WHOLE.fullmatch(value) else None


def _decimal(value: str) -> str | None:
    return repr(float(value)) if _DECIMAL.fullmatch(value) else None


def _truth(value: str) -> str | None:
    return value.capitalize() if value.casefold() in ("true", "false") else None


_READ = {"whole": _whole, "decimal": _decimal, "truth": _truth}


def heading(sub: Submission, name: str) -> Place:
    """The cell of an own heading."""
    table = sub.tables["files"]
    return table.place(table.heading_row, name)


def check(sub: Submission, planner: Planner, seen: Sequence[Seen]) -> Iterator[Finding]:
    """Every finding on the own columns of a component, of which all rows were seen."""
    for s in seen:
        yield from _column(sub, s)
        if planner.screen and s.own.band is not Band.KEY and "comma" in s.marked:
            yield find("IDR-COMMA", heading(sub, s.own.name), archives=ONLY)
    labels = {s.label: s for s in seen}
    dose = labels.get("Dose")
    if dose and "Dose Unit" not in labels and dose.forms & {"whole", "decimal"}:
        yield find("IDR-UNIT", heading(sub, dose.own.name), reason="The doses have no unit.", archives=ONLY)
    compounds = [s for s in seen if s.own.group == "compound"]
    if {s.label for s in compounds} == {"Compound Name"}:
        yield find("IDR-COMPOUND", heading(sub, compounds[0].own.name), archives=ONLY)


_CODES = {"filler": "IDR-FILLER", "date": "IDR-DATE-GENE", "several": "IDR-SEVERAL"}


def _column(sub: Submission, seen: Seen) -> Iterator[Finding]:
    name = seen.own.name
    if seen.misread:
        value, read, row = seen.misread
        yield find("IDR-MISREAD", sub.file_place(row, name), value=value, read=read, archives=ONLY)
    for kind, code in _CODES.items():
        for value, row in seen.marked.get(kind, ()):
            yield find(code, sub.file_place(row, name), value=value, archives=ONLY)
    for value, row in seen.marked.get("unit", ())[:1]:
        reason = f"“{text.cell(value)}” is a short form."
        words = vocabularies.spelled_out(value, seen.label, ONLY)
        yield find(
            "IDR-UNIT",
            sub.file_place(row, name),
            value=value,
            reason=reason,
            suggestions=(words,) if words else (),
            archives=ONLY,
        )
