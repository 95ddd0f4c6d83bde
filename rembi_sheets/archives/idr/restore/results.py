"""Results of a component: analyses, the columns of their tables, phenotypes, and which rows have them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rembi_sheets.archives.idr.document import Component, Kind
from rembi_sheets.archives.idr.facts import headings, joins, text
from rembi_sheets.archives.idr.facts.processed import FEATURES, phenotype_heading
from rembi_sheets.archives.idr.restore.analyses import Method, apart
from rembi_sheets.archives.idr.restore.lines import Lines, Notes, aligned
from rembi_sheets.archives.idr.restore.paths import clean, files_in
from rembi_sheets.archives.idr.restore.protocols import Protocol
from rembi_sheets.archives.idr.restore.sheet import Column, Sheet
from rembi_sheets.archives.idr.restore.words import Names, term, word
from rembi_sheets.coded import Coded, coded, throughout, together
from rembi_sheets.records import AnalysedData, ImageData, Phenotype, ProcessedColumn

_TABBED = ("tab-delimited text", "tab-delimited", "comma-delimited text", "csv", "tsv", "txt")
_TERM = re.compile(r"(Phenotype ?\d*) Term (?:Name|Accession)(?: [a-z])?\Z")


@dataclass
class Results:
    """What a component's analyses gave; `of_row`: the phenotypes of each row that its table does not tell."""

    analysed: list[AnalysedData] = field(default_factory=list)
    columns: list[ProcessedColumn] = field(default_factory=list)
    phenotypes: list[Phenotype] = field(default_factory=list)
    of_row: Coded[tuple[str, ...]] = field(default_factory=lambda: coded(()))
    table: str = ""


@dataclass
class _Told:
    """What the study file says of the results of a component."""

    component: Component
    lines: Lines
    sheet: Sheet
    images: tuple[ImageData, ...]
    protocols: Sequence[Protocol]
    shown: Mapping[Protocol, tuple[ImageData, ...]]
    name: str
    notes: Notes
    names: Names

    def _files(self, kind: str) -> list[tuple[str, str]]:
        """Names and descriptions of result files; the name of the table that was read leads to it."""
        for form in self.lines.texts(f"{kind} Data File Format"):
            if form.casefold() not in _TABBED:
                self.lines.note(f"{kind} Data File Format", form)  # the name of a file tells its format
        found = self.lines.columns(f"{kind} Data File Name", f"{kind} Data File Description")
        named = ((f, d if not n else "") for cell, d in found for n, f in enumerate(files_in(cell)))
        out = [(f if "://" in f else clean(f), d) for f, d in named]
        if kind == "Processed" and self.component.processed is not None:
            folder = self.component.folder
            name = out[0][0] if out and out[0][0] else f"{folder}-processed.txt"
            first = (name if "/" in name else f"{folder}/{name}", out[0][1] if out else "")
            out = [first, *out[1:]]
        return out

    def _analysis(self, m: Method, name: str) -> AnalysedData:
        return AnalysedData(
            name=self.names.name(m.name, name),
            image_data=m.images,
            method=m.method,
            data_used=m.used,
            result_type=word(m.result, "analysis_result_type") if m.result else "",
        )

    def _feature(self, out: Results, found: list[tuple[str, str]], methods: list[Method]) -> int:
        """The analysis of the feature level, and the number of its method: the one whose data its description names."""
        names = self.lines.columns(
            "Feature Level Data Column Name", "Feature Level Data Column Type", "Feature Level Data Column Description"
        )
        if not found and not names:
            return -1
        told = text.prose(*dict.fromkeys(d for _, d in found))
        spent = next((n for n, m in enumerate(methods) if m.used and told.endswith(m.used)), -1)
        m = methods[spent] if spent >= 0 else Method(images=self.images)
        analysed = replace(
            self._analysis(m, f"Features of {self.name}"),
            result_files=tuple(f for f, _ in found if f),
            result_description=told.removesuffix(m.used).strip() if m.used else told,
            result_level=FEATURES,
        )
        out.analysed.append(analysed)
        out.columns += [
            ProcessedColumn(
                analysed_data=analysed, column_name=n, column_type=word(t, "column_type") or "data", description=d
            )
            for n, t, d in self._once("Feature Level Data Column Description", [x for x in names if x[0]])
        ]
        unnamed = dict.fromkeys(d for n, _, d in names if d and not n)
        if unnamed:
            self.lines.keep(f"{FEATURES.capitalize()} columns without a name", "; ".join(unnamed))
        return spent

    def _once(self, key: str, found: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Columns (name first) by their names, each once; whatever else a second one tells is kept."""
        made: dict[str, tuple[str, ...]] = {}
        for column in found:
            first = made.setdefault(column[0].casefold(), column)
            pairs = zip(column[1:], first[1:], strict=True)
            further = "; ".join(said for said, before in pairs if said and said != before)
            if further:
                self.lines.keep(key, f"{column[0]}: {further}")
        return list(made.values())

    def _described(
        self, main: AnalysedData, described: list[tuple[str, ...]], linked: Sequence[str]
    ) -> list[ProcessedColumn]:
        known = {h.casefold() for h in linked}
        made = [
            ProcessedColumn(
                analysed_data=main,
                column_name=name,
                column_type=word(kind, "column_type") if kind else "other",
                annotation_level=word(level, "annotation_level") if level else "",
                description=told,
                links_to_files=True if name.casefold() in known else None,
            )
            for name, kind, level, told in self._once(
                "Processed Data Column Description", [x for x in described if x[0]]
            )
        ]
        lacking = [h for h in linked if h.casefold() not in {c.column_name.casefold() for c in made}]
        return [
            *made,
            *(
                ProcessedColumn(analysed_data=main, column_name=h, column_type="location", links_to_files=True)
                for h in lacking
            ),
        ]

    def _phenotypes(self) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
        """Name, description, score type and terms of each phenotype of the study file."""
        lines = self.lines
        heads = [lines.all(f"Phenotype {k}") for k in ("Name", "Description", "Score Type")]
        triples = [lines.every(f"Phenotype Term {k}") for k in ("Name", "Source REF", "Accession")]
        depth = max(map(len, triples), default=0)
        rows = [t[n] if n < len(t) else () for n in range(depth) for t in triples]
        out = []
        for column in aligned([*heads, *rows]):
            terms = [(column[n], column[n + 1], column[n + 2]) for n in range(3, len(column), 3)]
            if column[0]:
                out.append((*column[:3], [t for t in terms if t[0] or t[2]]))
            elif any(column[1:3]):
                lines.note("Phenotype Name", f"a phenotype without a name: {'; '.join(filter(None, column[1:3]))}")
        return out  # type: ignore[return-value]

    @staticmethod
    def _of(found: tuple[str, str, str, list[tuple[str, str, str]]], main: AnalysedData) -> Phenotype:
        name, description, score, terms = found
        return Phenotype(
            name=name,
            analysed_data=(main,),
            description=description,
            score_type=word(score, "score_type") if score else "",
            terms=tuple(dict.fromkeys(term(label or code, ref, code, "phenotype") for label, ref, code in terms)),
        )


@dataclass
class Analyst(_Told):
    """Makes the results of one component."""

    def results(self) -> Results:
        """Every column that the table of results tells again is taken from the sheet."""
        out = Results()
        processed, features = self._files("Processed"), self._files("Feature Level")
        methods = [Method(p.own_name, *apart(p.text), self.shown.get(p, self.images)) for p in self.protocols]
        spent = self._feature(out, features, methods)
        feature = out.analysed[:]
        out.analysed.clear()
        rest = [m for n, m in enumerate(methods) if n != spent]
        link = "Library" if self.component.kind is Kind.SCREEN else "Assay"
        described = self.lines.columns(
            "Processed Data Column Name",
            "Processed Data Column Type",
            "Processed Data Column Annotation Level",
            "Processed Data Column Description",
        )
        linked = list(
            dict.fromkeys(
                t
                for k in (link, "Library", "Assay")
                for t in self.lines.texts(f"Processed Data Column Link To {k} File")
            )
        )
        phenotypes = self._phenotypes()
        needed = bool(processed or described or phenotypes)
        for n, m in enumerate(rest or ([Method(images=self.images)] if needed else [])):
            mine = processed if not n else []
            out.analysed.append(
                replace(
                    self._analysis(m, f"Analysis of {self.name}"),
                    result_files=tuple(f for f, _ in mine if f),
                    result_description=text.prose(*(d for _, d in mine)),
                )
            )
        at = spent if spent >= 0 else len(out.analysed)
        out.analysed[at:at] = feature
        main = next((a for a in out.analysed if a.result_level != FEATURES), None)
        if main:
            out.columns += self._described(main, described, linked)
            out.phenotypes = [self._of(p, main) for p in phenotypes]
            self._joined(out, main, linked)
            self._seen(out, main)
        out.of_row = out.of_row or throughout((), self.sheet.rows)
        return out

    def _joined(self, out: Results, main: AnalysedData, linked: Sequence[str]) -> None:
        """Take the columns that the table of results gives again, by the columns that link both."""
        table, sheet = self.component.processed, self.sheet
        shown = [c.heading for c in sheet.columns]
        if table is None or not linked or not sheet.rows:
            return
        mine = [joins.taken_apart(h, lambda x: joins.best(x, shown)) for h in linked]
        theirs = [joins.taken_apart(h, lambda x: joins.best(x, table.header)) for h in linked]
        if not all(mine) or not all(theirs):
            self.lines.note("Processed Data Column Link", f"{', '.join(linked)} is not a column of both tables")
            return
        linking = {id(sheet.columns[p]) for at in mine for p in at}
        columns = table.columns()
        keys = joins.linked(linked, [[columns[p] for p in at] for at in theirs], len(columns[0]))
        last = dict(zip(keys, range(len(keys)), strict=True))  # of several rows of one key
        wanted = joins.linked(linked, [[sheet.columns[p].values for p in at] for at in mine], sheet.rows)
        found = wanted.mapped(last.get)
        for heading, cells in zip(table.header, columns, strict=True):
            for column in (c for c in sheet.named(heading) if id(c) not in linking):
                self._told_again(column, _at(found, cells))

    def _told_again(self, column: Column, told: Coded[str]) -> None:
        """Take a column that the table of results gives again; note where that says something else."""
        sheet, heading = self.sheet, column.heading
        unlike = [(a, b) for a, b in together(sheet.rows, column.values, told).values if a != b]
        if not unlike:
            sheet.take([column])
            sheet.take(c for c in sheet.columns if (m := _TERM.match(c.heading)) and m[1] == heading)
        for a, b in [pair for pair in unlike if pair[1]][:1]:
            what = f"{a or 'nothing'} in the annotation, {b} in the results"
            self.notes.add(f"{self.component.folder}, {heading}", what)

    def _seen(self, out: Results, main: AnalysedData) -> None:
        """The phenotypes of rows that no table tells."""
        sheet = self.sheet
        columns = [c for c in sheet.rest if phenotype_heading(c.heading)]
        if not columns:
            return
        out.of_row = together(sheet.rows, *(c.values for c in columns)).mapped(
            lambda row: tuple(dict.fromkeys(v for v in row if v))
        )
        known = {p.name for p in out.phenotypes}
        for column in columns:
            names = [c.values for c in sheet.columns if c.heading.startswith(f"{column.heading} Term Name")]
            codes = [c.values for c in sheet.columns if c.heading.startswith(f"{column.heading} Term Accession")]
            for value, n in zip(column.values.values, column.values.firsts, strict=True):
                if value and value not in known:
                    known.add(value)
                    pairs = [(a[n], "", b[n]) for a, b in zip(names, codes, strict=False) if a[n]]
                    out.phenotypes.append(self._of((value, "", "", pairs), main))
        sheet.take(columns)
        sheet.take(c for c in sheet.columns if (m := _TERM.match(c.heading)) and m[1] in {x.heading for x in columns})
        self._levels(out)
        has = sheet.named(headings.HAS_PHENOTYPE)
        if has:
            if any(bool(v) != bool(p) for v, p in together(sheet.rows, has[0].values, out.of_row).values):
                self.notes.add(
                    f"{self.component.folder}, {headings.HAS_PHENOTYPE}", "does not agree with the phenotypes"
                )
            sheet.take(has)

    def _levels(self, out: Results) -> None:
        """The level of each phenotype, where all its rows tell the same."""
        column = self.sheet.named(headings.PHENOTYPE_LEVEL)
        if not column:
            return
        levels: dict[str, set[str]] = {}
        pairs = together(self.sheet.rows, column[0].values, out.of_row).values
        for value, names in pairs:
            for name in names:
                levels.setdefault(name, set()).add(value)
        if all(len(v) == 1 for v in levels.values()) and all(names for value, names in pairs if value):
            found = {n: word(next(iter(v)), "annotation_level") for n, v in levels.items()}
            out.phenotypes = [replace(p, annotation_level=found.get(p.name, "")) for p in out.phenotypes]
            self.sheet.take(column)


def _at(rows: Coded[int | None], cells: Coded[str]) -> Coded[str]:
    """The cells that stand in these rows, '' where there is none."""
    return rows.mapped(lambda n: "" if n is None else text.cell(cells[n]))
