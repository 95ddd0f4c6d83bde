"""The annotation CSV and the library or assays file: one row an image, or one row a well.

A column is a heading and a function from a part of the component's rows to that many cells; columns that are
empty in every row are left out, which the survey of the rows tells beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.idr import sources, text, wells
from rembi_sheets.archives.idr.columns import Band, Own, own_columns
from rembi_sheets.archives.idr.document import Kind, Row, Table
from rembi_sheets.archives.idr.processed import PHENOTYPE, Processed, same
from rembi_sheets.archives.idr.rows import Joins, Part, Sample, Survey, find
from rembi_sheets.archives.idr.study import accession
from rembi_sheets.records import Phenotype
from rembi_sheets.values import Term

Cells = Callable[[Part], list[str]]
ENTITY_HEADINGS = {
    "cell line": "Characteristics [Cell Line]",
    "cell type": "Characteristics [Cell Type]",
    "organism part": "Characteristics [Organism Part]",
    "strain": "Characteristics [Strain]",
    "other": "Material Type",
}
OTHER_ENTITY = "Comment [Biological Entity]"
_KIND_OF_PREFIX = {
    "CVCL": "cell line",
    "EFO": "cell line",
    "CLO": "cell line",
    "CL": "cell type",
    "UBERON": "organism part",
    "FBbt": "organism part",
    "ZFA": "organism part",
    "PO": "organism part",
}
ORGANISM = "Characteristics [Organism]"
IMAGE_PATH = "Comment [Image File Path]"
PROCESSED_CLASSES = ("processed", "segmentation")


@dataclass(frozen=True)
class Column:
    """A column to write: heading, band, cells, and the ontology and accession columns that follow it."""

    heading: str
    band: Band
    cells: Cells
    group: str = ""
    ref: Cells | None = None
    accession: Cells | None = None
    searchable: bool = True


def kind_of(term: Term, given: str) -> str:
    """The kind of a biological entity: as given, else by its identifier, else as the vocabulary knows it; '' unknown."""
    if given:
        return given
    by_prefix = _KIND_OF_PREFIX.get(term.id.partition(":")[0], "")
    if by_prefix:
        return by_prefix
    entry = vocabularies.by_id(term.id, "biological_entity") if term.id else None
    entry = entry or vocabularies.resolve(term.label, "biological_entity").entry
    return entry.extra.get("kind", "") if entry else ""


def control_type(status: str) -> str:
    """Experimental status as IDR's Control Type."""
    return {"test": "", "control": "unknown control"}.get(status, status)


def of_sample(make: Callable[[Sample], str]) -> Cells:
    """Cells that follow from the Sample alone; made once for each."""

    def cells(part: Part) -> list[str]:
        known: dict[int, str] = {}
        out = []
        for sample in part.samples:
            value = known.get(id(sample))
            if value is None:
                value = known[id(sample)] = text.cell(make(sample))
            out.append(value)
        return out

    return cells


def first(*choices: Cells) -> Cells:
    """The first filled cell of several columns, row by row."""
    if len(choices) == 1:
        return choices[0]

    def cells(part: Part) -> list[str]:
        made = [c(part) for c in choices]
        return [next((v for v in row if v), "") for row in zip(*made, strict=True)]

    return cells


class Planner:
    """Makes the columns of one component."""

    def __init__(self, joins: Joins, seen: Survey, processed: Processed | None) -> None:
        self.joins, self.seen, self.processed = joins, seen, processed
        self.sub = joins.submission
        self.screen = seen.kind is Kind.SCREEN
        self.accession = accession(self.sub)
        variables = [v for s in seen.used for b in s.biosamples for v in b.experimental_variables]
        self.variables = tuple(dict.fromkeys(text.value(v.partition(":")[0]) for v in variables))
        filled = [h for h in self.sub.own_columns if f"own:{h}" in seen.filled]
        self.own = own_columns(filled, seen.kind, self.variables)

    def keys(self) -> list[Column]:
        """Plate and Well, or Dataset Name and Image Name."""
        if self.screen:
            return [
                Column("Plate", Band.KEY, lambda p: p.texts("plate"), searchable=False),
                Column("Well", Band.KEY, lambda p: p.texts("well"), searchable=False),
            ]
        return [
            Column("Dataset Name", Band.KEY, lambda p: p.datasets, searchable=False),
            Column("Image Name", Band.KEY, lambda p: p.names, searchable=False),
        ]

    def columns(self) -> list[Column]:
        """Every column of library or assays file, in order; those without any value are left out."""
        made = [*self.keys(), *self._organisms(), *self._entities(), *self._variables(), *self._own()]
        made += [*self._control(), *self._channels(), *self._comments()]
        joined: dict[str, Column] = {}
        for column in made:
            before = joined.get(column.heading)
            joined[column.heading] = column if before is None else _joined(before, column)
        return sorted(joined.values(), key=lambda c: c.band)

    def _term(self, heading: str, terms: Callable[[Sample], Sequence[Term]], group: str = "") -> list[Column]:
        """Columns for the terms of a Sample: one, or numbered ones where some Sample has several."""
        most = max((len(terms(s)) for s in self.seen.used), default=0)
        out = []
        for n in range(most):
            name = heading if most == 1 else _numbered(heading, n + 1)

            def term(sample: Sample, n: int = n) -> Term:
                found = terms(sample)
                return found[n] if n < len(found) else Term("")

            has_id = any(term(s).id for s in self.seen.used)
            out.append(
                Column(
                    name,
                    Band.SAMPLE if heading.startswith("Char") else Band.COMMENT,
                    of_sample(lambda s, t=term: t(s).label),  # type: ignore[misc]
                    group,
                    of_sample(lambda s, t=term: sources.split(t(s).id)[0]) if has_id else None,  # type: ignore[misc]
                    of_sample(lambda s, t=term: sources.split(t(s).id)[1]) if has_id else None,  # type: ignore[misc]
                )
            )
        return out

    def _organisms(self) -> list[Column]:
        def organisms(s: Sample) -> tuple[Term, ...]:
            return tuple(dict.fromkeys(o for b in s.biosamples for o in b.organisms))

        return self._term(ORGANISM, organisms, "organism")

    def _entities(self) -> list[Column]:
        kinds = list(dict.fromkeys(k for s in self.seen.used for _, k in entities(s)))
        out = []
        for kind in kinds:
            heading = ENTITY_HEADINGS.get(kind, OTHER_ENTITY)

            def terms(s: Sample, heading: str = heading) -> tuple[Term, ...]:
                return tuple(
                    sources.cell_line(t) if k == "cell line" else t
                    for t, k in entities(s)
                    if ENTITY_HEADINGS.get(k, OTHER_ENTITY) == heading
                )

            if heading not in [c.heading for c in out]:
                out += self._term(heading, terms, "cell_line" if kind == "cell line" else "")
        return out

    def _variables(self) -> list[Column]:
        """Named variables of the biosamples: intrinsic ones as Characteristics, extrinsic as Experimental Condition."""
        out = []
        for field, outer, band in (
            ("intrinsic_variables", "Characteristics", Band.SAMPLE),
            ("extrinsic_variables", "Experimental Condition", Band.CONDITION),
        ):
            named: dict[str, str] = {}
            for s in self.seen.used:
                for b in s.biosamples:
                    for v in getattr(b, field):
                        if v.name:
                            found = vocabularies.resolve(v.name, "own_column").entry
                            named.setdefault(v.name.casefold(), found.label if found else v.name)
            for key, label in named.items():

                def terms(s: Sample, field: str = field, key: str = key) -> tuple[Term, ...]:
                    found = [v for b in s.biosamples for v in getattr(b, field) if v.name.casefold() == key]
                    values = dict.fromkeys(v.value for v in found)
                    ids = dict.fromkeys(v.id for v in found if v.id)
                    return (Term("; ".join(values), next(iter(ids)) if len(ids) == 1 else ""),) if found else ()

                out += [replace(c, band=band) for c in self._term(f"{outer} [{text.cell(label)}]", terms)]
        return out

    def _own(self) -> list[Column]:
        return [self._own_column(own) for own in self.own]

    def _own_column(self, own: Own) -> Column:
        def cells(part: Part) -> list[str]:
            return part.texts(own.name)

        if not own.ids:
            return Column(own.idr, own.band, cells, own.group)

        def split(part: Part, place: int) -> list[str]:
            given = part.texts(f"own:{own.ids}")
            refs = part.texts(f"own:{own.ref}") if own.ref else [""] * len(given)
            return [sources.split(sources.join(r, a))[place] if a else "" for r, a in zip(refs, given, strict=True)]

        return Column(own.idr, own.band, cells, own.group, lambda p: split(p, 0), lambda p: split(p, 1))

    def _control(self) -> list[Column]:
        def status(part: Part) -> list[str]:
            own = part.texts("experimental_status")
            of_specimen = of_sample(lambda s: _joined_text(x.experimental_status for x in s.specimens))(part)
            return [control_type(a or b) for a, b in zip(own, of_specimen, strict=True)]

        values = {*self.seen.statuses, *(x.experimental_status for s in self.seen.used for x in s.specimens)}
        if not any(control_type(v) for v in values):
            return []
        return [Column("Control Type", Band.CONTROL, status)]

    def _channels(self) -> list[Column]:
        return self._samples_only(("Channels", Band.CHANNELS, channels))

    def _samples_only(self, *made: tuple[str, Band, Callable[[Sample], str]]) -> list[Column]:
        return [Column(h, band, of_sample(make)) for h, band, make in made if any(make(s) for s in self.seen.used)]

    def _comments(self) -> list[Column]:
        out = self._samples_only(
            ("Comment [Specimen]", Band.COMMENT, lambda s: _joined_text(x.name for x in s.specimens)),
            ("Comment [Sample Description]", Band.COMMENT, lambda s: _joined_text(b.description for b in s.biosamples)),
            ("Comment [Intrinsic Variable]", Band.COMMENT, _unnamed),
            (
                "Comment [Location within Biosample]",
                Band.COMMENT,
                lambda s: _joined_text(x.location for x in s.specimens),
            ),
            (
                "Comment [Signal or Contrast Mechanism]",
                Band.COMMENT,
                lambda s: _joined_text(m for x in s.specimens for m in x.signal_contrast),
            ),
            ("Comment [Channel Content]", Band.COMMENT, channel_content),
        )
        if not self.screen or self.paths_differ:
            paths = Column(IMAGE_PATH, Band.COMMENT, lambda p: p.texts("path"), searchable=False)
            out += [paths] if "path" in self.seen.filled else []
        out += self._samples_only(
            ("Comment [Image File Comments]", Band.COMMENT, file_comments),
            ("Comment [Image File Type]", Band.COMMENT, file_type),
        )
        if not self.screen:
            out += self._samples_only(
                ("Comment [Image File Format]", Band.COMMENT, lambda s: derive.format_text(s.image) if s.image else ""),
            )
        out += self._samples_only(
            ("Comment [Pixel size]", Band.COMMENT, lambda s: derive.pixel_size_text(s.image) if s.image else ""),
            ("Comment [Size Description]", Band.COMMENT, lambda s: s.image.size_description if s.image else ""),
            (
                "Comment [Tilts or Views]",
                Band.COMMENT,
                lambda s: str(s.image.tilts_views) if s.image and s.image.tilts_views is not None else "",
            ),
            ("Comment [Source Image Data]", Band.COMMENT, self._source_data),
        )
        if "source_image" in self.seen.filled:
            out.append(Column("Comment [Source Image]", Band.COMMENT, lambda p: p.texts("source_image")))
        return out

    @property
    def paths_differ(self) -> bool:
        """Whether a plate comes in several files, so that the path belongs to the well."""
        return any(n > 1 for n in self.seen.plate_files.values())

    def _source_data(self, s: Sample) -> str:
        named = [d.name for d in (s.masks.image_data if s.masks else s.image.source_image_data if s.image else ())]
        if s.image:
            together = [c for c in derive.correlations(self.sub, s.image)]
            named += [d.name for c in together for d in c.image_data if d != s.image]
        return _joined_text(named)

    def results(self) -> list[Column]:
        """Columns joined from the table of results, and the phenotypes named in Files."""
        return [*self._joined_results(), *self._phenotypes()]

    def link_cells(self) -> list[Cells] | None:
        """For each linking column of the table of results the column of the rows that it means; None when one lacks."""
        if self.processed is None or not self.processed.links:
            return None
        columns = {c.heading: c.cells for c in self.columns()}
        out: list[Cells] = []
        for link in self.processed.links:
            own = next((o for o in self.own if same(o.heading, link) or same(o.idr, link)), None)
            if own is not None:
                out.append(lambda p, name=own.name: p.texts(name))  # type: ignore[misc]
                continue
            heading = next((h for h in columns if same(h, link)), None)
            fixed: dict[str, Cells] = {
                "dataset name": lambda p: p.datasets,
                "image name": lambda p: p.names,
                "image file": lambda p: [x.rpartition("/")[2] for x in p.texts("path")],
                "path": lambda p: p.texts("path"),
                "well": lambda p: [wells.key(w) for w in p.texts("well")],
            }
            if link.casefold() in fixed:
                out.append(fixed[link.casefold()])
            elif heading is not None:
                out.append(columns[heading])
            else:
                return None
        return out

    def _joined_results(self) -> list[Column]:
        found, links = self.processed, self.link_cells()
        if found is None or found.table is None or links is None or not found.rows:
            return []
        taken = {c.heading.casefold() for c in self.columns()} | {o.heading.casefold() for o in self.own}
        of_well = [link.casefold() == "well" for link in found.links]
        rows = {
            tuple(wells.key(v) if w else v for v, w in zip(k, of_well, strict=True)): r for k, r in found.rows.items()
        }
        types = {text.cell(c.column_name): c.column_type for c in found.columns}
        out: list[Column] = []
        for place, heading in enumerate(found.table.header):
            if heading.casefold() in taken or not heading or not any(row[place] for row in found.table):
                continue

            def cells(part: Part, place: int = place) -> list[str]:
                keys = zip(*(link(part) for link in links), strict=True)
                return [row[place] if (row := rows.get(key)) else "" for key in keys]

            number = PHENOTYPE.match(heading)
            if number:
                out += self._phenotype_columns(heading, cells)
            else:
                data = types.get(heading, "data") == "data"
                out.append(Column(heading, Band.RESULT, cells, searchable=not data))
        return out

    def _phenotype_columns(self, heading: str, cells: Cells) -> list[Column]:
        """Phenotype n with its term."""

        def terms(place: int) -> Cells:
            def made(part: Part) -> list[str]:
                known: dict[str, str] = {}
                for name in set(cells(part)):
                    found = find(self.joins.phenotypes, name)
                    term = found.term if found and found.term else Term("")
                    known[name] = term.label if place == 0 else sources.split(term.id)[1]
                return [known[v] for v in cells(part)]

            return made

        return [
            Column(heading, Band.PHENOTYPE, cells, "phenotype"),
            Column(f"{heading} Term Name", Band.PHENOTYPE, terms(0), "phenotype"),
            Column(f"{heading} Term Accession", Band.PHENOTYPE, terms(1), "phenotype"),
        ]

    def _phenotypes(self) -> list[Column]:
        """Phenotypes named in Files: whether, at which level, and each in a column of its own."""
        used = [p for p in self.sub.phenotypes if p.name in self.seen.phenotypes]
        if not used:
            return []
        taken = {c.heading for c in self._joined_results()}
        out = []
        if "Has Phenotype" not in taken:
            out.append(
                Column("Has Phenotype", Band.PHENOTYPE, lambda p: ["yes" if v else "" for v in p.texts("phenotypes")])
            )
        if "Phenotype Annotation Level" not in taken and any(p.annotation_level for p in used):
            out.append(Column("Phenotype Annotation Level", Band.PHENOTYPE, self._levels))
        number = 1
        for phenotype in used:
            while f"Phenotype {number}" in taken:
                number += 1
            out += self._phenotype_columns(f"Phenotype {number}", self._has(phenotype))
            number += 1
        return out

    @staticmethod
    def _has(phenotype: Phenotype) -> Cells:
        def cells(part: Part) -> list[str]:
            shown = text.cell(phenotype.name)
            return [
                shown if isinstance(v, tuple) and phenotype.name in v else "" for v in part.frame["phenotypes"].array
            ]

        return cells

    def _levels(self, part: Part) -> list[str]:
        out = []
        for names in part.frame["phenotypes"].array:
            found = [find(self.joins.phenotypes, n) for n in names] if isinstance(names, tuple) else []
            out.append(_joined_text(p.annotation_level for p in found if p))
        return out


def entities(sample: Sample) -> list[tuple[Term, str]]:
    """Biological entities of a Sample, each with its kind ('' unknown)."""
    out: dict[tuple[Term, str], None] = {}
    for b in sample.biosamples:
        for n, term in enumerate(b.biological_entities):
            given = b.entity_kinds[n] if n < len(b.entity_kinds) else ""
            out[term, kind_of(term, given)] = None
    return list(out)


def channels(sample: Sample) -> str:
    """name:entity;name:entity, in the order of the sheet."""
    from rembi_sheets.values import split_id

    out = []
    for c in sample.channels:
        shown = split_id(c.biological_entity or c.content)[0]
        shown = shown.replace(";", ",").replace(":", " ").strip()
        out.append(f"{c.channel_name}:{shown}" if shown else c.channel_name)
    return ";".join(text.one_space(c) for c in dict.fromkeys(out))


def channel_content(sample: Sample) -> str:
    """What the channels hold, where Channels already tells what they show."""
    return "; ".join(f"{c.channel_name}: {c.content}" for c in sample.channels if c.content and c.biological_entity)


def file_type(sample: Sample) -> str:
    """Raw or processed."""
    if sample.image is None:
        return "processed"
    entry = vocabularies.resolve(sample.image.type, "image_type").entry if sample.image.type else None
    if entry is None:
        return ""
    return "processed" if entry.extra["class"] in PROCESSED_CLASSES else "raw"


def file_comments(sample: Sample) -> str:
    """How the file was made."""
    return sample.masks.overview if sample.masks else sample.image.processing if sample.image else ""


def _unnamed(sample: Sample) -> str:
    return _joined_text(v.text for b in sample.biosamples for v in b.intrinsic_variables if not v.name)


def _joined_text(values: object) -> str:
    return "; ".join(dict.fromkeys(str(v) for v in values if v))  # type: ignore[attr-defined]


def _numbered(heading: str, number: int) -> str:
    return f"{heading[:-1]} {number}]" if heading.endswith("]") else f"{heading} {number}"


def _joined(before: Column, own: Column) -> Column:
    """A heading that both the records and the user's own column give: the row's own value goes first."""
    return replace(
        before,
        cells=first(own.cells, before.cells),
        group=before.group or own.group,
        ref=_either(own.ref, before.ref),
        accession=_either(own.accession, before.accession),
    )


def _either(own: Cells | None, before: Cells | None) -> Cells | None:
    return first(own, before) if own and before else own or before


@dataclass(frozen=True)
class Rows:
    """The rows of some columns over all parts of a component; wells of several files are one row."""

    joins: Joins
    seen: Survey
    cells: tuple[Cells, ...]

    def __iter__(self) -> Iterator[Row]:
        if self.seen.merged:
            yield from self._wells()
            return
        for part in self.joins.parts(self.seen.component):
            yield from zip(*(c(part) for c in self.cells), strict=True)

    def _wells(self) -> Iterator[Row]:
        rows: dict[tuple[str, str], list[list[str]]] = {}
        for part in self.joins.parts(self.seen.component):
            names = zip(part.texts("plate"), map(wells.key, part.texts("well")), strict=True)
            for key, row in zip(names, zip(*(c(part) for c in self.cells), strict=True), strict=True):
                known = rows.get(key)
                if known is None:
                    rows[key] = [[v] if v else [] for v in row]
                    continue
                for values, v in zip(known, row, strict=True):
                    if v and v not in values:
                        values.append(v)
        for (plate, _), cells in rows.items():
            yield (plate, cells[1][0] if cells[1] else "", *("; ".join(c) for c in cells[2:]))


def table(joins: Joins, seen: Survey, columns: Sequence[Column]) -> Table:
    """The columns as a table, ontology columns numbered from left to right."""
    header: list[str] = []
    cells: list[Cells] = []
    number = 0
    for column in columns:
        header.append(column.heading)
        cells.append(column.cells)
        if column.ref and column.accession:
            number += 1
            header += [f"Term Source {number} REF", f"Term Source {number} Accession"]
            cells += [column.ref, column.accession]
    return Table(tuple(header), Rows(joins, seen, tuple(cells)))
