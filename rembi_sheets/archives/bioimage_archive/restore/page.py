"""A page with its file lists -> the rows of a workbook. What no row can hold is told with its place in the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rembi_sheets.archives import Restored
from rembi_sheets.archives.bioimage_archive.document import NAME, Document, FileList, Section, sections
from rembi_sheets.archives.bioimage_archive.facts import lines
from rembi_sheets.archives.bioimage_archive.facts.associations import PROCESSING
from rembi_sheets.archives.bioimage_archive.restore import files, image_data, samples, study
from rembi_sheets.archives.bioimage_archive.restore.analyses import analysis, annotation, correlation
from rembi_sheets.archives.bioimage_archive.restore.components import KINDS, Component, Titles, inner, study_component
from rembi_sheets.archives.bioimage_archive.restore.image_data import Image, Listed, samples_of
from rembi_sheets.archives.bioimage_archive.restore.listing import file_rows
from rembi_sheets.archives.bioimage_archive.restore.reading import (
    Taken,
    flat,
    key,
    of_kind,
    tell_all,
)
from rembi_sheets.archives.shared.restoring import Row, Sheets, apart, distinct, lines_of

_OF_STUDY = ("Author", "organisation", "organization", "Publication", "Funding", "Keywords")
_WHOLE = "Files of the study"
_COMPONENT = "Study Component"
_SETS = ("Annotations", "Annotation")
_KNOWN = frozenset(
    key(k) for k in (*_OF_STUDY, *_SETS, *study.PROTOCOLS, *(k for names in KINDS.values() for k in names))
)


def restore(document: Document) -> Restored:
    """The study of a page; a page that says nothing gives an empty one."""
    sheets = Sheets(NAME)
    root = document.page.section or Section("Study")
    study.study(document.page, root, sheets)
    study.people(root, study.organisations(root, sheets), sheets)
    study.publications(root, sheets)
    study.funding(root, sheets)
    study.links(root, sheets)
    page = _Page(root, files.Lists(sheets.schema, {f.path: f for f in document.file_lists}), sheets)
    page.read()
    return sheets.restored()


class _Page:
    """The REMBI sections of a page, read in the order in which one needs the other."""

    def __init__(self, root: Section, lists: files.Lists, sheets: Sheets) -> None:
        self.root, self.lists, self.sheets = root, lists, sheets
        self.titles = {sheet: Titles(sheet, sheets) for sheet in KINDS}
        self.sections: list[tuple[str, Section, str]] = []
        self.within: dict[int, dict[str, list[str]]] = {}
        self.of_image: dict[str, dict[str, str]] = {}
        self.processing: dict[str, tuple[str, list[str]]] = {}
        self.results: dict[str, list[str]] = {}

    def read(self) -> None:
        """All of it."""
        self._sections()
        components = [
            study_component(s, n, self.within.get(id(s), {}), self.titles, self.sheets)
            for n, s in enumerate(_components(self.root), 1)
        ]
        of_specimen = samples_of(a for c in components for a in c.associations)
        self._samples(of_specimen)
        images = self._images(components, of_specimen)
        owned = [(c.section, self._owner(c, images[c.name])) for c in components]
        _image_rows(images, self)
        self._channels_and_analyses(images)
        owned += [self._set(s, n) for n, s in enumerate(of_kind(self.root, *_SETS), 1)]
        file_rows(_listed_files(self, owned), self.lists, self.sheets)
        _others(self.root, [section for section, _ in owned], self.sheets)

    # ------------------------------------------------------------ sections and their titles

    def _sections(self) -> None:
        kinds = {key(k): sheet for sheet, names in KINDS.items() for k in names}
        for section, component in inner(self.root):
            sheet = kinds.get(key(section.type))
            if sheet is None or (component is None and not section.attributes and not section.subsections):
                continue
            held = Taken(section, section.type, self.sheets)
            title = held.one("Title", "Name")
            where = f"{section.type} {title or section.accno}".strip()
            if not title and not any((a.value or "").strip() for a in section.attributes) and not section.subsections:
                continue
            titles = self.titles[sheet]
            name = titles.section(title, where) if title else titles.made(section.accno or KINDS[sheet][0])
            self.sections.append((sheet, section, name))
            if component is not None:
                self.within.setdefault(id(component), {}).setdefault(sheet, []).append(name)

    def _samples(self, of_specimen: Mapping[str, list[str]]) -> None:
        """Biosamples, specimens and acquisitions, described or only named."""
        make: Any = {
            "biosamples": samples.biosample,
            "specimens": samples.specimen,
            "image_acquisition": samples.acquisition,
        }
        self.specimens: list[tuple[Section, str]] = []
        for sheet, section, name in self.sections:
            if sheet == "specimens":
                self.specimens.append((section, name))
            elif sheet in make:
                make[sheet](section, name, f"{section.type} {name}", self.sheets)
        for sheet, named in (("biosamples", "identity"), ("image_acquisition", "name")):
            for name in self.titles[sheet].unknown:
                self.sheets.add(sheet, name, {named: name})
        self.of_specimen = of_specimen

    # ------------------------------------------------------------ image data

    def _images(self, components: Iterable[Component], of_specimen: Mapping[str, list[str]]) -> dict[str, list[Image]]:
        """Rows of Image data by component; every name is that of one row."""
        order = [*self.titles["image_correlation"].order, *self.titles["analysed_data"].order]
        texts = {n: Taken(s, n, self.sheets).one("Image analysis overview")
                 for k, s, n in self.sections if k == "analysed_data"}  # fmt: skip
        known = lines_of(self.sheets.schema["image_data"], lines.PROCESSING)
        taken: set[str] = set()
        found: dict[str, list[Image]] = {}
        for component in components:
            listed = self._listed(component)
            processed = [t for t in order if t.startswith(PROCESSING) and t in texts
                         and any(a.analysis == t for a in component.associations)]  # fmt: skip
            names = [image.name for image in listed]
            for title in processed:
                name = title.removeprefix(PROCESSING)
                text, said = apart(texts[title], known)
                sources = [s for s in said.get("source_image_data", "").split("; ") if s]
                self.processing[name] = (text, sources)
                listed += [Listed(s) for s in (*sources, name) if s not in names and s not in self.of_image]
                names = [image.name for image in listed]
            listed = _in_order(listed, [t.removeprefix(PROCESSING) for t in processed])
            rows = image_data.images(component.name, component.associations, listed, of_specimen, order)
            found.setdefault(component.name, []).extend(
                replace(r, name=distinct(self.sheets.title(r.name, component.where), taken)) for r in rows
            )
        return found

    def _listed(self, component: Component) -> list[Listed]:
        listed = self.lists.of(component.file_list) if component.file_list else None
        if listed is None:
            return []
        images, texts = self.lists.images(listed)
        self.of_image |= texts
        return images

    def _owner(self, component: Component, images: list[Image]) -> files.Owner:
        listed = self.lists.of(component.file_list) if component.file_list else None
        told = listed is not None and self.lists.is_ours(listed)
        only = images[0].name if len(images) == 1 and not told else ""
        return files.Owner(component.name, only=only, names={i.name: i.name for i in images})

    def _channels_and_analyses(self, images: Mapping[str, list[Image]]) -> None:
        """What names rows of Image data."""
        channels: dict[str, list[Row]] = {}
        for section, name in self.specimens:
            row, channels[name] = samples.specimen(section, name, f"{section.type} {name}", self.sheets)
            row["biosamples"] = tuple(self.of_specimen.get(name, ())) or None
        for name in self.titles["specimens"].unknown:
            self.sheets.add("specimens", name, {"name": name, "biosamples": self.of_specimen.get(name, ())})
        samples.channels(channels, self.sheets)
        of_title: dict[str, list[str]] = {}
        for rows in images.values():
            for image in rows:
                for title in dict.fromkeys(t for ends in image.ends for t in ends if t):
                    of_title.setdefault(title, []).append(image.name)
        for sheet, section, name in self.sections:
            if sheet == "image_correlation":
                correlation(section, name, of_title.get(name, []), self.sheets)
            elif sheet == "analysed_data" and name.removeprefix(PROCESSING) not in self.processing:
                analysis(section, name, of_title.get(name, []), self.sheets)
        for sheet in ("image_correlation", "analysed_data"):
            for name in self.titles[sheet].unknown:
                self.sheets.add(sheet, name, {"name": name, "image_data": of_title.get(name, [])})

    # ------------------------------------------------------------ files, and what is left

    def _set(self, section: Section, n: int) -> tuple[Section, files.Owner]:
        return section, files.Owner(annotation_set=annotation(section, n, self.sheets))


def _listed_files(page: _Page, owned: Iterable[tuple[Section, files.Owner]]) -> Iterator[tuple[FileList, files.Owner]]:
    """The lists and files that sections name, those below an owner with it; others are files of the whole study.

    Such a study gets a component for them: pages from before REMBI have none.
    """
    done: set[int] = set()
    for top, owner in owned:
        for section in sections(top):
            done.add(id(section))
            yield from ((found, owner) for found in page.lists.of_section(section))
    left = [f for s in sections(page.root) if id(s) not in done for f in page.lists.of_section(s)]
    if left:
        page.sheets.add("study_components", "Study", {"name": _WHOLE})
        yield from ((found, files.Owner(_WHOLE)) for found in left)


def _components(root: Section) -> Iterator[Section]:
    """The study components, and sections of types that no template has now which say what files there are."""
    for section in flat(root.subsections):
        if key(section.type) == key(_COMPONENT) or (
            key(section.type) not in _KNOWN and any(s.files or files.list_of(s) for s in sections(section))
        ):
            yield section


def _image_rows(images: Mapping[str, list[Image]], page: _Page) -> None:
    """Rows of Image data, and the methods of components by the acquisitions they use."""
    known = {i.name: i for rows in images.values() for i in rows}
    for name, rows in images.items():
        for image in rows:
            text, sources = page.processing.get(image.name, ("", []))
            own = not _follows(image, [known[s] for s in sources if s in known])
            texts = page.of_image.get(image.name, {})
            cells = files.image_cells(page.lists, texts, f"Image data {image.name}", page.sheets)
            page.sheets.add(
                "image_data",
                f"Image data {image.name}",
                {
                    "name": image.name,
                    "study_component": name,
                    "image_acquisition": image.acquisition if own else "",
                    "specimens": image.specimens if own else (),
                    "biosamples": image.biosamples if own else (),
                    "source_image_data": sources,
                    "processing": text,
                    **cells,
                },
            )
    methods = {r["name"]: r.get("imaging_methods", ()) for r in page.sheets.rows.get("image_acquisition", ())}
    for row in page.sheets.rows.get("study_components", ()):
        used = [methods.get(i.acquisition, ()) for i in images.get(str(row["name"]), ())]
        whole = tuple(dict.fromkeys(m for found in used for m in found))  # type: ignore[union-attr]
        if whole:
            row["imaging_methods"] = whole


def _others(root: Section, read: Sequence[Section], sheets: Sheets) -> None:
    """Sections of other types."""
    for section, component in inner(root):
        if component is None and key(section.type) not in _KNOWN and not any(section is s for s in read):
            tell_all(section, section.type or "a section without type", sheets)


def _in_order(listed: list[Listed], processed: list[str]) -> list[Listed]:
    """Image data in the order of the list, those with processing in the order in which the page describes it."""
    wanted = iter(sorted((i for i in listed if i.name in processed), key=lambda i: processed.index(i.name)))
    return [next(wanted) if i.name in processed else i for i in listed]


def _follows(image: Image, sources: list[Image]) -> bool:
    """Do samples and acquisition of image data follow from what it was made from?"""
    if not sources:
        return False
    if image.mixed:
        return True
    specimens = {s for i in sources for s in i.specimens}
    biosamples = {b for i in sources for b in i.biosamples}
    acquisitions = {i.acquisition for i in sources}
    return (specimens, biosamples, acquisitions) == (set(image.specimens), set(image.biosamples), {image.acquisition})
