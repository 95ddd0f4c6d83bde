"""Study components with their Associations, and everything that hangs on Image data: analyses, correlations, sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from rembi_sheets.archives.bioimage_archive.document import Section
from rembi_sheets.archives.bioimage_archive.facts import lines
from rembi_sheets.archives.bioimage_archive.facts.associations import Association
from rembi_sheets.archives.bioimage_archive.restore.reading import Taken, flat, of_kind, words
from rembi_sheets.archives.bioimage_archive.restore.samples import imaging_methods
from rembi_sheets.archives.shared.restoring import Cell, Sheets, apart, distinct, lines_of
from rembi_sheets.values import Term, fold

KINDS = {
    "biosamples": ("Biosample",),
    "specimens": ("Specimen",),
    "image_acquisition": ("Image acquisition",),
    "image_correlation": ("Image correlation",),
    "analysed_data": ("Image analysis",),
}
_READ = (*(kind for names in KINDS.values() for kind in names), "Associations")  # below a component, by themselves
_LINKS = ("Biosample", "Specimen", "Image acquisition", "Image correlation", "Image analysis")


@dataclass
class Titles:
    """Names of the sections of one kind: by title, exactly or folded; a name that no section has gets a row too."""

    sheet: str
    sheets: Sheets
    known: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    order: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def section(self, title: str, where: str) -> str:
        """The name of a section of this title; a second one of the same title keeps it, which the check tells."""
        name = self.sheets.title(title, where)
        self.taken.add(name.casefold())
        self.known.setdefault(title.strip(), name)
        self.known.setdefault("\0" + fold(title), name)
        self.order.append(name)
        return name

    def made(self, stem: str) -> str:
        """A name for a section without title."""
        name = distinct(stem, self.taken)
        self.known.setdefault(name, name)
        self.order.append(name)
        return name

    def of(self, title: str, where: str) -> str:
        """The name of the section that an association means; one without section is noted once and kept as a row."""
        found = self.known.get(title.strip()) or self.known.get("\0" + fold(title))
        if found or not title.strip():
            return found or ""
        name = self.section(title, where)
        self.unknown.append(name)
        self.sheets.note(where, f"no {KINDS[self.sheet][0]} of the record has the title “{title}”")
        return name


@dataclass(frozen=True)
class Component:
    """A study component of the page: its section, its name, what belongs together in it, the list of its files."""

    section: Section
    name: str
    where: str
    associations: tuple[Association, ...]
    file_list: str


def inner(root: Section) -> Iterator[tuple[Section, Section | None]]:
    """Sections below the root, and those that old pages have within a component (then with the component)."""
    yield from ((section, None) for section in flat(root.subsections))
    for component in of_kind(root, "Study Component"):
        yield from ((section, component) for section in flat(component.subsections))


def study_component(
    section: Section, n: int, within: Mapping[str, Sequence[str]], titles: Mapping[str, Titles], sheets: Sheets
) -> Component:
    """A row of Study components; what a section says of its own stays with its description.

    `n`: its number among them; `within`: REMBI sections that stand in it, by sheet.
    """
    held = Taken(section, f"{section.type} {section.accno or n}", sheets)
    name = sheets.title(held.one("Name", "Title"), held.where) or section.accno or f"{section.type} {n}"
    spec = sheets.schema["study_components"]
    description, said = apart(held.one("Description"), lines_of(spec, lines.of_component(spec)))
    found = associations(section, within, titles, held.where, sheets)
    methods = tuple(dict.fromkeys(imaging_methods(held.all("Imaging method"))))
    if methods and not found:
        found = (Association("", "", _acquired(methods, name, held.where, titles, sheets), "", ""),)
    path = held.one("File List")
    more = [*(f"{n}: {t}" for n, t in held.rest()), *words(replace(section, attributes=()), *_READ)]
    whole = "\n".join(filter(None, (description, *more)))
    cells: dict[str, Cell] = {"name": name, "description": whole, "imaging_methods": methods or None}
    sheets.add("study_components", held.where, {**cells, **said})
    held.tell_links()
    return Component(section, name, held.where, found, path)


def _acquired(methods: tuple[Term, ...], name: str, where: str, titles: Mapping[str, Titles], sheets: Sheets) -> str:
    """The acquisition of a component from before REMBI, which says by which methods its images were made."""
    acquisition = titles["image_acquisition"].made(f"Imaging of {name}")
    sheets.add("image_acquisition", where, {"name": acquisition, "imaging_methods": methods})
    return acquisition


def associations(
    section: Section, within: Mapping[str, Sequence[str]], titles: Mapping[str, Titles], where: str, sheets: Sheets
) -> tuple[Association, ...]:
    """The Associations of a component; where an old page has none, of all the sections that stand `within` it."""
    found: dict[Association, None] = {}
    for n, below in enumerate(of_kind(section, "Associations"), 1):
        held = Taken(below, f"{where}/Associations {below.accno or n}", sheets)
        values = [
            [titles[sheet].of(t, f"{held.where}, {name}") for t in held.texts(name)] or [""]
            for sheet, name in zip(KINDS, _LINKS, strict=True)
        ]
        held.tell()
        for one in product(*values):
            if any(one):
                found[Association(*one)] = None
    if not found and any(within.values()):
        for one in product(*(within.get(sheet) or [""] for sheet in KINDS)):
            found[Association(*one)] = None
    return tuple(found)
