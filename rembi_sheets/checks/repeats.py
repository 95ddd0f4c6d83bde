"""Values that lean on other rows: ditto marks, "see above", and identifiers of one thing that stand in two rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rembi_sheets.cells import a1
from rembi_sheets.findings import Finding, find
from rembi_sheets.schema import Kind, Layout
from rembi_sheets.tables import OWN, Table
from rembi_sheets.values import Variable

_PROSE = (Kind.TEXT, Kind.LONGTEXT, Kind.VARIABLE)
_QUOTES = re.compile(r"""[-–—_.\s]*["'`´‘’“”„‟″ʺˮ〃]{1,2}[-–—_.\s]*""")
_DIGIT = re.compile(r"\d")  # no ditto mark holds one
_SAME = re.compile(
    r"ditto|dito|idem|dto|ibid(?:em)?|dasselbe|lo mismo|同上|то же"
    r"|(?:the )?same(?: as)? (?:above|before|previous(?:ly)?)"
    r"|(?:the )?same(?: as)? (?:the )?(?:previous|last|preceding) (?:row|line|one|cell|entry)"
    r"|as above|w\. ?o|wie oben|comme ci-dessus|como arriba",
    re.IGNORECASE,
)
_PLACE = (
    r"(?:above|below|before|earlier|previously|elsewhere"
    r"|(?:the )?(?:previous|preceding|next|following|first|other|same) "
    r"(?:row|line|cell|entry|one|sheet|sample|specimen|protocol|section|study|paper)|(?:row|line|cell|sheet) \w+"
    r"|(?:the |our )?(?:main )?(?:methods?|materials and methods|paper|publication|manuscript|article|text|thesis"
    r"|supplement\w*(?: \w+)?)(?: section)?)"
)
_TOLD = r"(?:described|stated|detailed|reported|given|mentioned|published|explained|listed|noted|done|performed|before)"
_ELSEWHERE = re.compile(
    rf"(?:please )?(?:see|cf\.?|refer to|same as(?: in)?|identical to|like|as(?: in| for| per)?) {_PLACE}"
    rf"|(?:was |were )?(?:done |performed |prepared |imaged |processed |acquired |made |carried out )?"
    rf"(?:essentially |exactly )?as (?:(?:previously|already) )?{_TOLD}(?: (?:in )?{_PLACE})*"
    rf"|(?:previously |already )?(?:described|published)(?: (?:in )?{_PLACE})*"
    r"|(?:the )?same(?: again)?|gleich|pareil|igual"
    r"|(?:as |like |same as )?in (?:(?:fig|figure|table|supp|suppl|s)\.? ?\w?\d\w*"
    r"|(?:the )?(?:paper|manuscript|publication))"
    r"|(?:according to|following|by|as) (?:our |the |a )?(?:standard|usual|routine|normal|published) "
    r"(?:protocols?|procedures?|methods?|techniques?)|(?:standard|usual|routine) (?:protocols?|procedures?|methods?)"
    r"|(?:per|following|according to|as per) (?:the )?manufacturer[’']?s?[’']? (?:instructions?|protocols?|manual)"
    r"|[A-Z][\w’'-]+(?: and [A-Z][\w’'-]+| et al\.?),? ?\(?(?:19|20)\d\d[a-z]?\)?"
    r"|siehe (?:oben|unten|publikation|methoden|anhang)|s\. ?[ou]|voir (?:ci-dessus|plus haut|l’article|l'article)"
    r"|v[ée]ase (?:arriba|m[ée]todos)|vedi sopra|ver acima|zie boven|см\. выше",
    re.IGNORECASE,
)


def check_cells(table: Table) -> list[Finding]:
    """Findings on the rows of a table, or of a part of one."""
    if table.sheet.layout is Layout.FORM or not table.rows:
        return []
    return [*_leaning(table), *_twice(table)]


def is_ditto(text: str) -> bool:
    """Does a text say only that the cell above holds the same?"""
    return bool(_QUOTES.fullmatch(text) or _SAME.fullmatch(text.strip(" .()[]")))


def is_elsewhere(text: str) -> bool:
    """Does a text only point to another place, without saying which publication that is?"""
    return bool(_ELSEWHERE.fullmatch(" ".join(text.split()).strip(" .()[]")))


def _leaning(table: Table) -> Iterator[Finding]:
    """Texts that mean what another cell says; a record in an archive stands alone."""
    for name in table.columns:
        column = table.sheet.own if name.startswith(OWN) else table.sheet[name]
        if column is None or column.kind not in _PROSE or name not in table.names:
            continue
        values = table.values(name)
        prose = not column.own and name not in table.sheet.key
        # Nearly all texts of long columns are names with a number, of which none is a ditto.
        distinct = [v for v in set(values) if prose or type(v) is not str or _DIGIT.search(v) is None]
        bad = {v: code for v in distinct if (code := _code(v, prose))}
        for n, (row, value) in enumerate(zip(table.rows, values, strict=True) if bad else ()):
            code = bad.get(value, "")
            if code:
                above = table.place(table.rows[n - 1], name) if n and values[n - 1] else None
                shown = f"the text of {a1(above.row, above.column)}" if above else "the text"
                first = next(t for t in _texts(value) if is_ditto(t) or is_elsewhere(t))
                yield find(code, table.place(row, name), value=first, above=shown)


def _code(value: Any, prose: bool) -> str:
    """`prose`: a text that has to say something by itself, neither a name nor a value of a column of one's own."""
    texts = _texts(value)
    if any(map(is_ditto, texts)):
        return "DITTO"
    return "TEXT-ELSEWHERE" if prose and any(map(is_elsewhere, texts)) else ""


def _texts(value: Any) -> list[str]:
    """The texts of a cell."""
    texts = [v.text if isinstance(v, Variable) else v for v in (value if isinstance(value, tuple) else (value,))]
    return [t for t in texts if isinstance(t, str)]


def _twice(table: Table) -> Iterator[Finding]:
    """Identifiers of one thing that stand in several rows, at all their cells but the first."""
    for column in table.sheet.columns:
        if not column.distinct or column.name not in table.columns:
            continue
        rows: dict[str, list[int]] = {}
        for row, value in zip(table.rows, table.values(column.name), strict=True):
            if isinstance(value, str):
                rows.setdefault(value.casefold(), []).append(row)
        for value, found in rows.items():
            if len(found) > 1:
                at = [table.place(row, column.name) for row in found[1:]]
                shown = table.value(found[0], column.name)
                yield find("ID-TWICE", at, value=shown or value, rows=" and ".join(map(str, found)))
