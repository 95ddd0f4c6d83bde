"""The samples of a component: the fewest biosamples and specimens that say what its rows say.

A biosample is a combination of organisms and biological entities, under the name that the assays file gives the source;
what is the same in all rows of each is a variable of it. A specimen is a way of growing and treating biosamples. What
varies within them, or names the rows one by one, stays in columns of the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rembi_sheets.archives.idr.facts import headings, samples, text
from rembi_sheets.archives.idr.facts.columns import BRACKETED, known
from rembi_sheets.archives.idr.restore import groups
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.archives.idr.restore.protocols import Protocol, Stage
from rembi_sheets.archives.idr.restore.sheet import Column, Sheet
from rembi_sheets.archives.idr.restore.words import Names, identifier, listed, term
from rembi_sheets.records import Biosample, Specimen
from rembi_sheets.values import Term, Variable, parse_variable

_KINDS = {heading: kind for kind, heading in headings.ENTITIES.items()} | {headings.OTHER_ENTITY: ""}
_STRAIN = "strain"
_SPLITS = re.compile("[;\n]")


@dataclass
class Samples:
    """The samples of a component, and the specimen and biosample of each of its rows."""

    biosamples: list[Biosample] = field(default_factory=list)
    specimens: list[Specimen] = field(default_factory=list)
    of_row: list[Specimen] = field(default_factory=list)
    biosample_of_row: list[Biosample] = field(default_factory=list)


@dataclass
class Sampler:
    """Makes the samples of one component; names are those of the whole study."""

    sheet: Sheet
    organisms: tuple[Term, ...]
    applied: dict[Stage, list[tuple[Protocol, ...]]]
    variables: tuple[str, ...]
    fallback: str
    notes: Notes
    biosample_names: Names
    specimen_names: Names

    def samples(self) -> Samples:
        """Every column that the samples say is taken from the sheet."""
        sheet = self.sheet
        organisms = self._grouped(sheet.numbered(headings.ORGANISM))
        entities = self._entities()
        sources = self._sources(organisms, entities)
        texts = [self._grouped(sheet.named(h)) for h in (headings.DESCRIPTION, headings.UNNAMED)]
        key_columns = [*organisms, *entities, *(c for t in texts for c in t)]
        cells = list(zip(*(c.cells for c in key_columns), sources, strict=True)) if key_columns or any(sources) else []
        said: list[tuple[object, ...]] = list(cells) or [()] * sheet.rows
        keys = self._filled(said, organisms)
        intrinsic = self._variables(keys, key_columns)
        sheet.take(c for c in (*key_columns, *intrinsic) if _identified(c))
        made: dict[object, Biosample] = {}
        first = groups.of_key(range(sheet.rows), said)  # not a row of an empty well, which says nothing
        for key in dict.fromkeys(keys):
            made[key] = self._biosample(first[key], organisms, entities, intrinsic, texts, sources)
        return self._specimens(keys, made)

    def _entities(self) -> list[Column]:
        """What is imaged, in the order of the columns. A strain is that only where nothing else is; else a variable."""
        headed = {id(c): _KINDS[h] for h in _KINDS for c in self._grouped(self.sheet.numbered(h)) if any(c.values)}
        found = [c for c in self.sheet.columns if id(c) in headed]
        others = [c for c in found if headed[id(c)] != _STRAIN]
        return others or found

    def _grouped(self, columns: list[Column]) -> list[Column]:
        """Those whose cells hold one value each, and that tell groups apart, not rows."""
        return [
            c for c in columns if not groups.names_rows(c.values) and not any(_SPLITS.search(v) for v in set(c.values))
        ]

    def _sources(self, organisms: list[Column], entities: list[Column]) -> list[str]:
        """The name of the source of each row; '' where these name rows or images, or one stands for several samples."""
        found = self.sheet.named(headings.SOURCE)
        images = {*self.sheet.values(headings.IMAGE), *self.sheet.values(headings.IMAGE_FILE)} - {""}
        if not found or groups.names_rows(found[0].values) or _several(found[0]) or images & set(found[0].values):
            return [""] * self.sheet.rows
        shown = list(zip(*(c.values for c in (*organisms, *entities)), strict=True)) or [()] * self.sheet.rows
        if not groups.follows(shown, found[0].values):
            return [""] * self.sheet.rows
        if found[0].added:
            self.sheet.take(found)
        return found[0].values

    def _filled(self, keys: list[tuple[object, ...]], organisms: list[Column]) -> list[tuple[object, ...]]:
        """Rows that name no organism belong to the sample that most rows show: wells that were left empty."""
        if not organisms:
            return keys
        said = [any(values) for values in zip(*(c.values for c in organisms), strict=True)]
        if all(said) or not any(said):
            return keys
        most = Counter(k for k, s in zip(keys, said, strict=True) if s).most_common(1)[0][0]
        status = self.sheet.values(headings.CONTROL)
        open_ = sum(
            not s and listed(c, "experimental_status") != samples.EMPTY_WELL for s, c in zip(said, status, strict=True)
        )
        if open_:
            self.notes.add(headings.ORGANISM, f"{open_} rows name none; that of most rows is taken")
        return [k if s else most for k, s in zip(keys, said, strict=True)]

    def _variables(self, keys: Sequence[object], used: list[Column]) -> list[Column]:
        """Characteristics that are the same in all rows of a biosample."""
        out = []
        for c in self.sheet.rest:
            found = BRACKETED.match(c.heading)
            if c in used or not found or found[1] != headings.CHARACTERISTICS or not any(c.values):
                continue
            name = found[2]
            plain = ":" not in name and len(name) <= 60 and known(name)[0] == name
            fits = plain and _identified(c) and not groups.names_rows(c.values) and not _several(c)
            shown = [(v, s, code) if v else ("", "", "") for v, s, code in c.cells]
            if fits and groups.follows(shown, keys) and c not in self.sheet.numbered(headings.ORGANISM):
                out.append(c)
        return out

    def _biosample(
        self,
        row: int,
        organisms: list[Column],
        entities: list[Column],
        intrinsic: list[Column],
        texts: list[list[Column]],
        sources: list[str],
    ) -> Biosample:
        named = tuple(term(*c.cell(row), "organism") for c in organisms if c.values[row])
        things = [(term(*c.cell(row), "biological_entity"), _kind(c.heading)) for c in entities if c.values[row]]
        kinds = [kind if kind and samples.kind_of(t, "") != kind else "" for t, kind in things]
        shown = ", ".join(t.label for t, _ in things) or ", ".join(t.label for t in named or self.organisms)
        description, unnamed = (" ".join(c.values[row] for c in t) for t in texts)
        return Biosample(
            identity=self.biosample_names.name(sources[row] or shown, self.fallback),
            organisms=named or self.organisms,
            biological_entities=tuple(t for t, _ in things),
            entity_kinds=tuple(k for _, k in things) if any(kinds) and all(k for _, k in things) else (),
            intrinsic_variables=(*(_variable(c, row) for c in intrinsic if c.values[row]), *_free(unnamed)),
            experimental_variables=self.variables,
            description=description,
        )

    def _specimens(self, keys: Sequence[object], made: dict[object, Biosample]) -> Samples:
        """Ways in which samples were grown and treated, their place and contrast; each with the biosamples it holds."""
        sheet = self.sheet
        columns = [c for h in (headings.SPECIMEN, headings.LOCATION, headings.SIGNAL) for c in sheet.named(h)]
        columns = [c for c in columns if not groups.names_rows(c.values)]
        columns = [c for c in columns if c.heading != headings.SPECIMEN or not _several(c)]
        sheet.take(columns)
        stages = [self.applied[s] for s in (Stage.GROWTH, Stage.TREATMENT)]
        full: list[object] = list(zip(*(c.values for c in columns), *stages, strict=True))
        held: dict[object, dict[str, Biosample]] = {}
        for key, sample in zip(full, keys, strict=True):
            held.setdefault(key, {})[made[sample].identity] = made[sample]
        first = groups.of_key(range(sheet.rows), full)
        found: dict[object, Specimen] = {}
        for key, biosamples in held.items():
            row = first[key]
            cell = {c.heading: c.values[row] for c in columns}
            only = next(iter(biosamples)) if len(biosamples) == 1 else f"Samples of {self.fallback}"
            found[key] = Specimen(
                name=self.specimen_names.name(cell.get(headings.SPECIMEN, ""), only),
                biosamples=tuple(biosamples.values()),
                location=cell.get(headings.LOCATION, ""),
                signal_contrast=tuple(filter(None, cell.get(headings.SIGNAL, "").split("; "))),
                growth_protocol=text.prose(*(p.text for p in stages[0][row])),
                preparation=text.prose(*(p.text for p in stages[1][row])),
            )
        biosample_of = [made[k] for k in keys]
        return Samples(list(made.values()), list(found.values()), [found[k] for k in full], biosample_of)


def _identified(column: Column) -> bool:
    """Are all its accessions identifiers? Those that are none have a place only in columns of the rows."""
    return all(identifier(ref, code) for _, ref, code in set(column.cells) if code)


def _several(column: Column) -> bool:
    """Does a cell of the column hold several values, or text of several lines?"""
    return any(_SPLITS.search(v) for v in set(column.values))


def _kind(heading: str) -> str:
    return next((k for h, k in _KINDS.items() if heading.startswith(h.removesuffix("]"))), "")


def _variable(column: Column, row: int) -> Variable:
    """A characteristic as a variable: Strain: AB [CURIE]."""
    value, ref, code = column.cell(row)
    found = BRACKETED.match(column.heading)
    name = found[2] if found else column.heading
    curie = identifier(ref, code)
    shown = f"{name}: {value} [{curie}]" if curie else f"{name}: {value}"
    return parse_variable(shown)


def _free(unnamed: str) -> list[Variable]:
    return [parse_variable(unnamed)] if unnamed else []
