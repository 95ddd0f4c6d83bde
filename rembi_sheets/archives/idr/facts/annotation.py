"""The columns of library, assays and annotation file that follow from the records and from Files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from rembi_sheets import derive
from rembi_sheets.archives.idr.document import Kind
from rembi_sheets.archives.idr.facts import headings, samples, sources, text, wells
from rembi_sheets.archives.idr.facts.cells import Column, joined, joined_text, once
from rembi_sheets.archives.idr.facts.columns import Band, Own, own_columns
from rembi_sheets.archives.idr.facts.naming import accession
from rembi_sheets.archives.idr.facts.rows import Joins, Part, Sample
from rembi_sheets.archives.idr.facts.sample_columns import SampleColumns
from rembi_sheets.archives.idr.facts.status_columns import StatusColumns
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.coded import by_values
from rembi_sheets.records import Biosample
from rembi_sheets.values import Term, split_id


class Planner:
    """Makes the columns of one component."""

    def __init__(self, joins: Joins, seen: Survey) -> None:
        self.joins, self.seen = joins, seen
        self.sub = joins.submission
        self.screen = seen.kind is Kind.SCREEN
        self.accession = accession(self.sub)
        variables = [v for b in self._biosamples() for v in b.experimental_variables]
        self.variables = tuple(dict.fromkeys(text.value(v.partition(":")[0]) for v in variables))
        filled = [h for h in self.sub.own_columns if f"own:{h}" in seen.filled]
        self._samples, self._wells = SampleColumns(seen), StatusColumns(seen)
        self.own = own_columns(filled, seen.kind, self.variables, seen.holds_terms)

    def _biosamples(self) -> Iterator[Biosample]:
        """The biosamples of the rows; without a row those of the image data."""
        for s in self.seen.used:
            yield from s.biosamples
        for d in () if self.seen.used else derive.images(self.sub, self.seen.component):
            for specimen in derive.specimens(d):
                yield from derive.biosamples(d, specimen)

    def keys(self) -> list[Column]:
        """Plate and Well, or Dataset Name and Image Name."""
        if self.screen:
            columns = self.seen.well_columns
            count = Column(
                headings.WELL_NUMBER,
                Band.KEY,
                lambda p: by_values(p.texts("well"), lambda names: [wells.number(w, columns) for w in names]),
                searchable=False,
            )
            return [
                Column(headings.PLATE, Band.KEY, lambda p: p.texts("plate"), searchable=False),
                Column(headings.WELL, Band.KEY, lambda p: p.texts("well"), searchable=False),
                *([count] if columns else []),
            ]
        return [
            Column(headings.DATASET, Band.KEY, lambda p: p.datasets, searchable=False),
            Column(headings.IMAGE, Band.KEY, lambda p: p.names, searchable=False),
        ]

    @cached_property
    def columns(self) -> list[Column]:
        """Every column of library or assays file, in order; those without any value are left out."""
        of_records = [
            *self._samples.organisms(),
            *self._samples.entities(),
            *self._samples.variables(),
            *self._samples.specimens(),
        ]
        if self._wells.empty_wells:
            of_records = [self._wells.where_cells_are(c) for c in of_records]
        made = [
            *self.keys(),
            *of_records,
            *self._wells.control(),
            *self._samples.channels(),
            *self._comments(),
            *self._own(),
        ]
        by_heading: dict[str, Column] = {}
        for column in made:
            before = by_heading.get(column.heading)
            by_heading[column.heading] = column if before is None else joined(before, column)
        return sorted(by_heading.values(), key=lambda c: c.band)

    @property
    def prefixes(self) -> set[str]:
        """The ontologies of the terms of samples and of columns of identifiers."""
        used = [b for s in self.seen.used for b in s.biosamples]
        ids = [o.id for b in used for o in b.organisms]
        ids += [v.id for b in used for v in (*b.intrinsic_variables, *b.extrinsic_variables) if v.name]
        for s in self.seen.used:
            ids += [(sources.cell_line(t) if k == "cell line" else t).id for t, k in samples.entities(s)]
        values = self.seen.values
        for own in self.own:
            refs = values.get(f"own:{own.ref}", {""}) if own.ref else {""}
            ids += [sources.join(r, i) for r in refs for i in values.get(f"own:{own.ids}", ()) if i]
        ids += [i for termed in self.seen.termed.values() for i in termed]
        return {ref for i in ids for ref in sources.split(i)[0].split(sources.SEVERAL)}

    def _own(self) -> list[Column]:
        return [self._own_column(own) for own in self.own]

    def _own_column(self, own: Own) -> Column:
        def cells(part: Part) -> Sequence[str]:
            return part.texts(own.name)

        if not own.ids and own.name in self.seen.termed:
            terms = once(lambda p: by_values(p.texts(own.name), lambda texts: [Term(*split_id(v)) for v in texts]))
            return Column(
                own.idr,
                own.band,
                lambda p: by_values(terms(p), lambda found: [t.label for t in found]),
                own.group,
                lambda p: by_values(terms(p), lambda found: [sources.split(t.id)[0] for t in found]),
                lambda p: by_values(terms(p), lambda found: [sources.split(t.id)[1] for t in found]),
            )
        if not own.ids:
            return Column(own.idr, own.band, cells, own.group)

        def split(part: Part, place: int) -> list[str]:
            given = part.texts(f"own:{own.ids}")
            refs = part.texts(f"own:{own.ref}") if own.ref else [""] * len(given)
            return [sources.split(sources.join(r, a))[place] if a else "" for r, a in zip(refs, given, strict=True)]

        return Column(own.idr, own.band, cells, own.group, lambda p: split(p, 0), lambda p: split(p, 1))

    def _comments(self) -> list[Column]:
        out = self._samples.of_text((headings.CHANNEL_CONTENT, Band.COMMENT, samples.channel_content))
        if not self.screen or self.paths_differ:
            paths = Column(headings.PATH, Band.COMMENT, lambda p: p.texts("path"), searchable=False)
            out += [paths] if "path" in self.seen.filled else []
        out += self._samples.of_text(
            (headings.FILE_COMMENTS, Band.COMMENT, samples.file_comments),
            (headings.FILE_TYPE, Band.COMMENT, samples.file_type),
        )
        if not self.screen:
            out += self._samples.of_text(
                (headings.FILE_FORMAT, Band.COMMENT, lambda s: derive.format_text(s.image) if s.image else ""),
            )
        out += self._samples.of_text(
            (headings.PIXEL_SIZE, Band.COMMENT, lambda s: derive.pixel_size_text(s.image) if s.image else ""),
            (headings.SIZE, Band.COMMENT, lambda s: s.image.size_description if s.image else ""),
            (
                headings.TILTS,
                Band.COMMENT,
                lambda s: str(s.image.tilts_views) if s.image and s.image.tilts_views is not None else "",
            ),
            (headings.SOURCE_DATA, Band.COMMENT, self._source_data),
        )
        if "source_image" in self.seen.filled:
            out.append(Column(headings.SOURCE_IMAGE, Band.COMMENT, lambda p: p.texts("source_image")))
        return out

    @property
    def paths_differ(self) -> bool:
        """Whether a plate comes in several files, so that the path belongs to the well."""
        return any(n > 1 for n in self.seen.plate_files.values())

    def _source_data(self, s: Sample) -> str:
        named = [d.name for d in (s.masks.image_data if s.masks else s.image.source_image_data if s.image else ())]
        if s.image:
            together = derive.correlations(self.sub, s.image)
            named += [d.name for c in together for d in c.image_data if d != s.image]
        return joined_text(named)
