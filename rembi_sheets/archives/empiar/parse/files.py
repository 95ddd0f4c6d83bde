"""EMPIAR's files -> Deposition. JSON and XML each hold what the other lacks; read together they are compared.

What the document cannot hold is told as `not_understood`: what the archive adds to an entry (accession, schema version,
public flag, status, dates of release and update, version history, size, DOI of the entry), the deprecated title of a
thesis, a type of organisation (always academic), keys and elements that no schema knows. Only the XML and the JSON of
the public interface have grants, segmentations, titles of contacts and the date of deposition; only the deposition JSON
has the release, and it alone workflow addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from rembi_sheets.archives import Parsed
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import XML, Author, Deposition
from rembi_sheets.archives.empiar.parse import deposition, entry, published


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The deposition of any JSON and any XML of EMPIAR; document is None when there is neither."""
    (data, spare), (markup, more) = _one(files, _is_json, ".json"), _one(files, entry.is_entry, ".xml")
    from_json = published.Reader() if data is not None and published.is_published(data) else deposition.Reader()
    from_xml = entry.Reader()
    first = from_json.deposition(data) if data is not None else None
    second = from_xml.deposition(markup) if markup is not None else None
    called = from_json.called
    strange = [f"{called}: {s}" for s in from_json.strange] + [f"{XML}: {s}" for s in from_xml.strange]
    strange += [f"{name}: another record in the same folder, not read" for name in (*spare, *more)]
    if first is None or second is None:
        return Parsed(first or second, tuple(strange))
    strange += [f"{called} and {XML} differ in {d}" for d in differences(first, second)]
    return Parsed(joined(first, second), tuple(strange))


def _one(
    files: Mapping[str, bytes], is_it: Callable[[bytes], bool], ending: str
) -> tuple[bytes | None, tuple[str, ...]]:
    """The file that is a record by its content, whatever its name, and the names of more such files.

    Where none is, one of this ending, for what is wrong with it to be said.
    """
    found = sorted(files.items())
    records = [(n, c) for n, c in found if is_it(c)] or [(n, c) for n, c in found if n.endswith(ending)][:1]
    return (records[0][1] if records else None), tuple(n for n, _ in records[1:])


def _is_json(content: bytes) -> bool:
    return deposition.is_deposition(content) or published.is_published(content)


def recognises(files: Mapping[str, bytes]) -> bool:
    """Is one of these files a deposition, a reply of EMPIAR or an entry XML? Told by its content, whatever its name."""
    return any(_is_json(content) or entry.is_entry(content) for content in files.values())


def differences(first: Deposition, second: Deposition) -> list[str]:
    """Where the deposition of a JSON and that of an XML say different things; fields that one form lacks are left out.

    `first` comes from the JSON, `second` from the XML.
    """
    return list(_different(_comparable(first), _comparable(second), ""))


def _comparable(d: Deposition) -> Deposition:
    bare = [replace(s, segmentations=(), category=codes.quotable(s.category)) for s in d.image_sets]
    people = [replace(p, title="") for p in (d.corresponding_author, *d.principal_investigators)]
    papers = [
        replace(
            c,
            preprint=c.preprint and c.journal_citation,
            authors=_quotable(c.authors),
            editors=_quotable(c.editors),
        )
        for c in d.citations
    ]
    return replace(
        d,
        release="",
        workflows=(),
        grants=(),
        deposition_date=None,
        authors=_quotable(d.authors),
        image_sets=tuple(bare),
        corresponding_author=people[0],
        principal_investigators=tuple(people[1:]),
        citations=tuple(papers),
    )


def _quotable(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """Authors as the JSON has them: the straight apostrophe of a name cannot stand there."""
    return tuple(
        replace(a, last_name=codes.quotable(a.last_name), initials=codes.quotable(a.initials)) for a in authors
    )


def _different(a: Any, b: Any, at: str) -> list[str]:
    if a == b:
        return []
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b, strict=True)) for d in _different(x, y, f"{at}[{i}]")]
    if hasattr(a, "__dataclass_fields__") and type(a) is type(b):
        names = [f.name for f in fields(a) if f.compare]
        return [d for n in names for d in _different(getattr(a, n), getattr(b, n), f"{at}.{n}".lstrip("."))]
    return [f"{at}: {a!r} and {b!r}"]


def joined(first: Deposition, second: Deposition) -> Deposition:
    """The JSON's deposition with what only the XML holds: grants, segmentations, titles, the date, apostrophes."""
    known = {s.name: s for s in second.image_sets}
    same = len(first.principal_investigators) == len(second.principal_investigators)
    heads = second.principal_investigators if same else first.principal_investigators
    return replace(
        first,
        grants=second.grants,
        deposition_date=second.deposition_date,
        authors=_as_typed(first.authors, second.authors),
        citations=tuple(
            replace(c, authors=_as_typed(c.authors, x.authors), editors=_as_typed(c.editors, x.editors))
            for c, x in zip(first.citations, second.citations, strict=True)
        )
        if len(first.citations) == len(second.citations)
        else first.citations,
        image_sets=tuple(
            replace(s, segmentations=x.segmentations, category=_either(s.category, x.category))
            for s in first.image_sets
            for x in [known.get(s.name, s)]
        ),
        corresponding_author=replace(first.corresponding_author, title=second.corresponding_author.title),
        principal_investigators=tuple(
            replace(p, title=h.title) for p, h in zip(first.principal_investigators, heads, strict=True)
        ),
    )


def _either(first: str, second: str) -> str:
    """The XML's text where the JSON's differs from it by its apostrophes alone."""
    return second if codes.quotable(second) == first else first


def _as_typed(first: tuple[Author, ...], second: tuple[Author, ...]) -> tuple[Author, ...]:
    return second if _quotable(second) == first else first
