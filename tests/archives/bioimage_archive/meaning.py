"""What a page says, item by item, so that two pages can be compared by their meaning.

An item is one value with its place: the kind and title of its section (its accno where it has none). A reference says
the name of what it refers to, an address of a DOI the DOI. Order, blanks and letter case say nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rembi_sheets import vocabularies
from rembi_sheets.archives.bioimage_archive.document import Document, Section

Item = tuple[str, str, str, str]  # kind of section, its title, name of the attribute, value

_DOI = re.compile(r"(?:doi:\s*)?(?:https?://)?(?:dx\.)?(?:doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")  # signs of no width
_ORCID = re.compile(r"https?://orcid\.org/(.+)")
_TAXON = re.compile(r"ncbi(?::txid|taxon[:_])(\d+)")
_SAME = {"email": "email", "keyword": "keywords", "annotation": "annotations", "organization": "organisation"}
# What the archive or our writer sets, whatever the study.
_CONTROL = {"template", "releasedate", "attachto", "doi", "rootpath", "accno"}
_REMBI = {"biosample", "specimen", "imageacquisition", "imagecorrelation", "imageanalysis"}
_TITLES = ("title", "name")


def key(name: str) -> str:
    bare = re.sub(r"[\s_-]+", "", name).casefold()
    return _SAME.get(bare, bare)


def plain(text: str) -> str:
    text = " ".join(_UNSEEN.sub("", text).split()).casefold()
    found = _DOI.fullmatch(text.removeprefix("https:// ")) or _ORCID.fullmatch(text) or _TAXON.fullmatch(text)
    return found[1].rstrip("/") if found else re.sub(r"\s*[;,]\s*", "; ", text)


# words of these are the same where they are spellings of one entry of a list
_LISTS = {
    "biologicalentity": "biological_entity",
    "organism": "organism",
    "scientificname": "organism",
    "commonname": "organism",
    "imagingmethod": "imaging_method",
    "role": "role",
    "type": "link_type",
}
_SAYS_NOTHING = ("tbd", "n/a", "not applicable", "unknown", "pending")


def _entry(name: str, text: str) -> str:
    found = vocabularies.resolve(text, _LISTS[name]).entry if name in _LISTS else None
    return found.label.casefold() if found else text


def missing(before: Counter[Item], after: Counter[Item]) -> Counter[Item]:
    """The items of the first page that the second does not say: there, in words of one meaning, or within a text."""
    texts = " | ".join(dict.fromkeys(i[3] for i in after))
    same = {(*i[:3], _entry(i[2], i[3])) for i in after}
    lost = before - after
    return Counter(
        {
            i: n
            for i, n in lost.items()
            if i[3] not in _SAYS_NOTHING
            and (*i[:3], _entry(i[2], i[3])) not in same
            and not (i[3] and i[3] in texts)
            and not (i[0] == "file" and not i[3] and any(j[0] == "file" and j[2] == i[2] for j in after))
        }
    )


def flat(items: tuple[object, ...]) -> Iterator[object]:
    for item in items:
        yield from item if isinstance(item, tuple) else (item,)


def items(document: Document) -> Counter[Item]:
    """All items of a page and its file lists."""
    root = document.page.section
    found: Counter[Item] = Counter()
    if root is None:
        return found
    names = {s.accno: _title(s) for s in _all(root) if key(s.type) == "organisation"}
    lists = {f.path: f for f in document.file_lists}
    title = next((a.value or "" for a in document.page.attributes if a.name == "Title"), "")
    study = {key(a.name) for a in root.attributes}
    if title and "title" not in study:
        found["study", "", "title", plain(title)] += 1
    for section, above in _with_parents(root, None):
        kind = key(section.type)
        own = "" if section is root else plain(_title(section) or (section.accno if kind in _REMBI else ""))
        if kind in ("organism", "imagingmethod") and above is not None:
            own = plain(_title(above) or above.accno)
        if kind == "imagingmethod":
            value = next((a.value for a in section.attributes if key(a.name) == "ontologyvalue"), "")
            found["imageacquisition", own, "imagingmethod", plain(value or "")] += 1
            continue
        if kind == "associations":
            own = plain(_title(above)) if above else ""
            found["associations", own, "", " | ".join(
                f"{key(a.name)}={plain(a.value)}" for a in section.attributes if a.value)] += 1  # fmt: skip
            continue
        for a in section.attributes:
            value = (a.value or "").strip()
            if not value or (section is root and key(a.name) in _CONTROL):
                continue
            if key(a.name) == "affiliation":
                for part in [value] if value in names else re.split(r"[,;]\s*", value):
                    found[kind, own, "affiliation", plain(names.get(part, part))] += 1
            elif key(a.name) in ("role", "authors", "keywords"):
                for part in filter(None, re.split(r"[,;]\s*", value)):
                    found[kind, own, key(a.name), plain(part)] += 1
            elif key(a.name) == "filelist":
                for row in lists[value].rows() if value in lists else ():
                    found["file", own, row[0], ""] += 1
                    for heading, cell in zip(lists[value].headings, row[1:], strict=True):
                        if cell:
                            found["file", row[0], key(heading), plain(cell)] += 1
            else:
                found[kind, own, key(a.name), plain(value)] += 1
        for link in flat(section.links):
            url = link.url  # type: ignore[attr-defined]
            found["link", "", "url", plain(url)] += 1
            for a in link.attributes:  # type: ignore[attr-defined]
                if a.value:
                    found["link", plain(url), key(a.name), plain(a.value)] += 1
        for file in flat(section.files):
            found["file", own, file.path, ""] += 1  # type: ignore[attr-defined]
    return found


def _title(section: Section) -> str:
    return next((a.value or "" for a in section.attributes if key(a.name) in _TITLES and a.value), "")


def _all(section: Section) -> Iterator[Section]:
    yield section
    for below in flat(section.subsections):
        yield from _all(below)  # type: ignore[arg-type]


def _with_parents(section: Section, above: Section | None) -> Iterator[tuple[Section, Section | None]]:
    yield section, above
    for below in flat(section.subsections):
        yield from _with_parents(below, section)  # type: ignore[arg-type]
