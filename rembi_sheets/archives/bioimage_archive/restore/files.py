"""File lists -> rows of Files, and what their columns say of Image data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rembi_sheets import derive
from rembi_sheets.archives.bioimage_archive.document import FileList, Section
from rembi_sheets.archives.bioimage_archive.facts.file_lists import WELLS
from rembi_sheets.archives.bioimage_archive.facts.list_columns import SIZE, SOURCE_IMAGE, SOURCE_LIKE
from rembi_sheets.archives.bioimage_archive.restore.image_data import Listed
from rembi_sheets.archives.bioimage_archive.restore.reading import flat, key
from rembi_sheets.archives.shared.restoring import Row, Sheets, merged
from rembi_sheets.records import ImageData
from rembi_sheets.schema import Schema
from rembi_sheets.tables import OWN

_TYPED = ("dataset", "image_name", "plate", "well", "experimental_status", "phenotypes", "checksum")
_AXES = {"X": "size_x", "Y": "size_y", "Z": "size_z", "C": "size_c", "T": "size_t"}
_EXTENT = re.compile(r"(?:([XYZCT])|(tilts or views)|(frames)) (\d+)")
_FORMAT = re.compile(r"(?P<format>[^()]+?)(?: \((?P<compression>[^()]+)\))?")
_SIZES = re.compile(r"(?P<sizes>[\d.]+(?: x [\d.]+)*)(?: (?P<unit>.+))?")


def list_of(section: Section) -> str:
    """The path of the list that a section refers to; '' for none."""
    return next((a.value.strip() for a in section.attributes if key(a.name) == key("File List") and a.value), "")


@dataclass
class Lists:
    """The file lists of a record, and for each of their headings the column of Files that it is, or an own one."""

    schema: Schema
    lists: Mapping[str, FileList]
    own: list[str] = field(default_factory=list)

    def of(self, path: str) -> FileList | None:
        """The list of this path; on publication a list is renamed to .json, beside which it is a .tsv as well."""
        found = self.lists.get(path) if path else None
        stem = path.rpartition(".")[0]
        return found or next((f for p, f in self.lists.items() if stem and p.rpartition(".")[0] == stem), None)

    @staticmethod
    def named_in(section: Section) -> FileList | None:
        """The files that a section names itself, as a list; None where it names none."""
        found = list(flat(section.files))
        headings = tuple(dict.fromkeys(a.name for f in found for a in f.attributes if a.value))

        def rows() -> Iterator[tuple[str, ...]]:
            for file in found:
                held = {a.name: a.value or "" for a in file.attributes}
                yield (file.path, *(held.get(h, "") for h in headings))

        return FileList(section.accno or section.type, headings, rows) if found else None

    def of_section(self, section: Section) -> Iterator[FileList]:
        """The list that a section refers to, and the files that it names itself."""
        yield from (found for found in (self.of(list_of(section)), self.named_in(section)) if found is not None)

    def wells(self, listed: FileList) -> FileList | None:
        """The table of wells beside a list of ours."""
        beside = self.lists.get(listed.path.removesuffix(".tsv") + "-wells.tsv")
        return beside if beside is not None and beside.table else None

    def heads(self) -> tuple[str, ...]:
        """Headings of what follows from image data, as our lists have them."""
        image = self.schema["image_data"]
        bands = (image["size_x"].band, image["pixel_size_x"].band)
        return (image["type"].label, image["file_format"].label, *bands, SIZE)

    def is_ours(self, listed: FileList) -> bool:
        """Does a list name Image data, as ours do?"""
        return self.schema["files"]["image_data"].label in listed.headings

    def images(self, listed: FileList) -> tuple[list[Listed], dict[str, dict[str, str]]]:
        """Image data that a list of ours names, with the samples it tells, and the texts of its columns by heading."""
        if not self.is_ours(listed):
            return [], {}
        files = self.schema["files"]
        at = {h: n for n, h in enumerate(listed.headings, 1)}
        name_at = at[files["image_data"].label]
        sample_at = [at.get(files[n].label) for n in ("specimen", "biosample")]
        texts: dict[str, dict[str, str]] = {}
        samples: dict[str, tuple[set[str], set[str]]] = {}
        wells = self.wells(listed)
        for row in listed.rows():
            name = row[name_at]
            if not name:
                continue
            known = texts.setdefault(name, {})
            for h in self.heads():
                if h in at and row[at[h]]:
                    known.setdefault(h, row[at[h]])
            for seen, n in zip(samples.setdefault(name, (set(), set())), sample_at, strict=True):
                if n:
                    seen.add(row[n])
        in_wells = set(wells.headings) if wells else set()
        told = bool(sample_at[0]) or files["specimen"].label in in_wells
        made = []
        for name, (specimens, biosamples) in samples.items():
            specimen = next(iter(specimens)) if len(specimens) == 1 else ""
            biosample = next(iter(biosamples)) if len(biosamples) == 1 else ""
            made.append(Listed(name, specimen, biosample, told and not specimen))
        return made, texts


def image_cells(lists: Lists, texts: Mapping[str, str], where: str, sheets: Sheets) -> Row:
    """Cells of Image data from the columns of a list: type, format, extents, pixel sizes, size."""
    type_, form, extents, pixels, size = (texts.get(h, "") for h in lists.heads())
    cells: dict[str, str] = {"type": type_}
    found = _FORMAT.fullmatch(form)
    if found:
        cells |= {"file_format": found["format"], "compression": found["compression"] or ""}
    elif form:
        sheets.note(where, form)
    for part in extents.split(", ") if extents else ():
        known = _EXTENT.fullmatch(part)
        if known:
            cells[_AXES.get(known[1] or "") or ("tilts_views" if known[2] else "frames_per_image")] = known[4]
        else:
            sheets.note(where, part)
    sizes = _SIZES.fullmatch(pixels)
    if sizes:
        names = ("pixel_size_x", "pixel_size_y", "pixel_size_z")
        cells |= dict(zip(names, sizes["sizes"].split(" x "), strict=False))
        cells["pixel_size_unit"] = sizes["unit"] or ""
    elif pixels:
        sheets.note(where, pixels)
    spec = sheets.schema["image_data"]
    row: Row = {n: v for n, t in cells.items() if (v := sheets.value(spec[n], t, where)) is not None}
    if size and size != derive.computed_size_text(ImageData(**row)):  # type: ignore[arg-type]
        row["size_description"] = size
    return row


@dataclass(slots=True)
class Owner:
    """Whose files a list holds: the name of a component or an annotation set, and the rows of Image data there are.

    `only`: the one row that its files can belong to, where the list names none; `names`: rows by the name in the list.
    """

    component: str = ""
    annotation_set: str = ""
    only: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def rows(lists: Lists, listed: FileList, owner: Owner, sheets: Sheets) -> Iterator[tuple[str, Row]]:
    """What a file is where it is no image (RESULT, PROTOCOL, else ''), and its row of Files.

    A file that the table of wells holds several times has a row for each.
    """
    wells = lists.wells(listed)
    of_path: dict[str, list[dict[str, str]]] = {}
    columns = _columns(lists, listed, sheets)
    if wells is not None:
        for path, *told in wells.rows():
            of_path.setdefault(path, []).append(dict(zip(wells.headings, told, strict=False)))
        columns |= _columns(lists, wells, sheets)
    type_ = sheets.schema["image_data"]["type"].label
    for path, *texts in listed.rows():
        common = dict(zip(listed.headings, texts, strict=False))
        for cells in of_path.get(path) or [{}]:
            whole = {h: t for h, t in (common | cells).items() if t}
            row = _row(path, whole, columns, owner)
            special = whole.get(type_, "") if not columns.get(type_, OWN) and "image_data" not in row else ""
            if special != WELLS:
                yield special, row


def _row(path: str, texts: Mapping[str, str], columns: Mapping[str, str], owner: Owner) -> Row:
    row: Row = {"path": path}
    named = ""
    for heading, text in texts.items():
        name = columns[heading]
        if name == "image_data":
            named = owner.names.get(text, "")
        elif name == "phenotypes":
            row[name] = tuple(text.split("; "))
        elif name:
            row[name] = text
    if owner.annotation_set:
        row["annotation_set"] = owner.annotation_set
    elif named or owner.only:
        row["image_data"] = named or owner.only
    elif owner.component:
        row["study_component"] = owner.component
    return row


def _columns(lists: Lists, listed: FileList, sheets: Sheets) -> dict[str, str]:
    """Column of Files for each heading; '' for what Image data says, `own:...` for a column of one's own."""
    files = sheets.schema["files"]
    ours = lists.is_ours(listed) or listed.table
    known = {files[n].label: n for n in _TYPED}
    known |= {files["image_data"].label: "image_data"} if ours else {}
    found: dict[str, str] = {}
    for place, heading in enumerate(listed.headings, 1):
        name = known.get(heading, "")
        if heading.casefold() in SOURCE_LIKE or heading == SOURCE_IMAGE:
            name = "source_image"
        elif heading in (files["specimen"].label, files["biosample"].label):
            name = "specimen" if heading == files["specimen"].label else "biosample"
            keys = {str(r.get("name") or r.get("identity")) for r in sheets.rows.get(f"{name}s", ())}
            name = name if {row[place] for row in listed.rows()} - {""} <= keys else ""
            name = name or OWN + heading
        elif ours and heading in lists.heads():
            name = ""
        elif not name:
            name = OWN + heading
        elif name == "phenotypes":
            keys = {str(r.get("name")) for r in sheets.rows.get("phenotypes", ())}
            name = (
                name if {t for row in listed.rows() for t in row[place].split("; ")} - {""} <= keys else OWN + heading
            )
        found[heading] = "" if name in found.values() and name else name
        if found[heading] != name:
            sheets.note(listed.path, f"a second column {heading}")
    own = [n for n in found.values() if n.startswith(OWN)]
    lists.own = merged(lists.own, own)
    return found
