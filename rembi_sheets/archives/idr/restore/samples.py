"""The samples of a component: the fewest biosamples and specimens that say what its rows say.

A biosample is a combination of organisms and biological entities, under the name that the assays file gives the source;
what is the same in all rows of each is a variable of it. A specimen is a way of growing and treating biosamples. What
varies within them, or names the rows one by one, stays in columns of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rembi_sheets.archives.idr.facts import headings, samples, text
from rembi_sheets.archives.idr.facts.columns import BRACKETED, known
from rembi_sheets.archives.idr.restore import groups
from rembi_sheets.archives.idr.restore.applied import Applied
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.archives.idr.restore.protocols import Stage
from rembi_sheets.archives.idr.restore.sheet import Column, Sheet
from rembi_sheets.archives.idr.restore.words import Names, identifier, listed, term
from rembi_sheets.coded import Coded, coded, throughout, together
from rembi_sheets.records import Biosample, Specimen
from rembi_sheets.values import Term, Variable, parse_variable

_KINDS = {heading: kind for kind, heading in headings.ENTITIES.items()} | {headings.OTHER_ENTITY: ""}
Key: TypeAlias = tuple[Any, ...]
_STRAIN = "strain"
_SPLITS = re.compile("[;\n]")


@dataclass
class Samples:
    """The samples of a component, and the specimen and biosample of each of its rows."""

    biosamples: list[Biosample] = field(default_factory=list)
    specimens: list[Specimen] = field(default_factory=list)
    of_row: Coded[Specimen] = field(default_factory=lambda: coded(()))
    biosample_of_row: Coded[Biosample] = field(default_factory=lambda: coded(()))


@dataclass
class Sampler:
    """Makes the samples of one component; names are those of the whole study."""

    sheet: Sheet
    organisms: tuple[Term, ...]
    applied: Applied
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
        said = together(sheet.rows, *(c.cells for c in key_columns), sources)
        keys = self._filled(said, len(organisms))
        intrinsic = self._variables(keys, key_columns)
        sheet.take(c for c in (*key_columns, *intrinsic) if _identified(c))
        first = dict(zip(said.values, said.firsts, strict=True))  # not a row of an empty well, which says nothing
        made = {k: self._biosample(first[k], organisms, entities, intrinsic, texts, sources) for k in keys.values}
        return self._specimens(keys, made)

    def _entities(self) -> list[Column]:
        """What is imaged, in the order of the columns. A strain is that only where nothing else is; else a variable."""
        headed = {id(c): _KINDS[h] for h in _KINDS for c in self._grouped(self.sheet.numbered(h)) if c.filled}
        found = [c for c in self.sheet.columns if id(c) in headed]
        others = [c for c in found if headed[id(c)] != _STRAIN]
        return others or found

    def _grouped(self, columns: list[Column]) -> list[Column]:
        """Those whose cells hold one value each, and that tell groups apart, not rows."""
        return [c for c in columns if not groups.names_rows(c.values) and not _several(c)]

    def _sources(self, organisms: list[Column], entities: list[Column]) -> Coded[str]:
        """The name of the source of each row; '' where these name rows or images, or one stands for several samples."""
        sheet = self.sheet
        found = sheet.named(headings.SOURCE)
        images = {*sheet.values(headings.IMAGE).values, *sheet.values(headings.IMAGE_FILE).values} - {""}
        nothing = throughout("", sheet.rows)
        if not found or groups.names_rows(found[0].values) or _several(found[0]):
            return nothing
        shown = together(sheet.rows, *(c.values for c in (*organisms, *entities)))
        if not images.isdisjoint(found[0].values.values) or not groups.follows(shown, found[0].values):
            return nothing
        if found[0].added:
            sheet.take(found)
        return found[0].values

    def _filled(self, keys: Coded[Key], organisms: int) -> Coded[Key]:
        """Rows that name no organism belong to the sample that most rows show: wells that were left empty.

        The first so many cells of a key are its organisms.
        """

        def said(key: Key) -> bool:
            return any(value for value, *_ in key[:organisms])

        named = [(n, key) for key, n in zip(keys.values, keys.counts, strict=True) if said(key)]
        if not organisms or not named or len(named) == len(keys.values):
            return keys
        most = max(named, key=lambda found: found[0])[1]
        pairs = together(self.sheet.rows, keys, self.sheet.values(headings.CONTROL))
        open_ = sum(
            n
            for (key, status), n in zip(pairs.values, pairs.counts, strict=True)
            if not said(key) and listed(status, "experimental_status") != samples.EMPTY_WELL
        )
        if open_:
            self.notes.add(headings.ORGANISM, f"{open_} rows name none; that of most rows is taken")
        return keys.mapped(lambda key: key if said(key) else most)

    def _variables(self, keys: Coded[Key], used: list[Column]) -> list[Column]:
        """Characteristics that are the same in all rows of a biosample."""
        out = []
        for c in self.sheet.rest:
            found = BRACKETED.match(c.heading)
            if c in used or not found or found[1] != headings.CHARACTERISTICS or not c.filled:
                continue
            name = found[2]
            plain = ":" not in name and len(name) <= 60 and known(name)[0] == name
            fits = plain and _identified(c) and not groups.names_rows(c.values) and not _several(c)
            shown = c.cells.mapped(lambda cell: cell if cell[0] else ("", "", ""))
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
        sources: Coded[str],
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

    def _specimens(self, keys: Coded[Key], made: Mapping[Key, Biosample]) -> Samples:
        """Ways in which samples were grown and treated, their place and contrast; each with the biosamples it holds."""
        sheet = self.sheet
        columns = [c for h in (headings.SPECIMEN, headings.LOCATION, headings.SIGNAL) for c in sheet.named(h)]
        columns = [c for c in columns if not groups.names_rows(c.values)]
        columns = [c for c in columns if c.heading != headings.SPECIMEN or not _several(c)]
        sheet.take(columns)
        stages = [self.applied[s] for s in (Stage.GROWTH, Stage.TREATMENT)]
        full = together(sheet.rows, *(c.values for c in columns), *stages)
        held: dict[Key, dict[str, Biosample]] = {}
        for key, sample in together(sheet.rows, full, keys).values:
            held.setdefault(key, {})[made[sample].identity] = made[sample]
        found: dict[Key, Specimen] = {}
        for key, row in zip(full.values, full.firsts, strict=True):
            biosamples = held[key]
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
        biosamples_of = keys.holding([made[k] for k in keys.values])
        specimens_of = full.holding([found[k] for k in full.values])
        return Samples(list(made.values()), list(found.values()), specimens_of, biosamples_of)


def _identified(column: Column) -> bool:
    """Are all its accessions identifiers? Those that are none have a place only in columns of the rows."""
    return all(identifier(ref, code) for _, ref, code in column.cells.values if code)


def _several(column: Column) -> bool:
    """Does a cell of the column hold several values, or text of several lines?"""
    return any(_SPLITS.search(v) for v in column.values.values)


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
