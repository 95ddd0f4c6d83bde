"""Submission: the study as REMBI records with references resolved; `Files` stays a table.

`from_tables` takes whatever came before: a reference without target, a circle or an unreadable cell is left
out here (the checks have reported it), so that a half-filled workbook can be looked at too. `to_tables` is its inverse;
`of_records` makes a submission of records that no workbook holds, as `restore` of an archive does.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

from rembi_sheets import compose, vocabularies
from rembi_sheets.cells import Place
from rembi_sheets.records import (
    RECORDS,
    AnalysedData,
    AnnotationSet,
    Biosample,
    Channel,
    Grant,
    ImageAcquisition,
    ImageCorrelation,
    ImageData,
    Link,
    Method,
    Organisation,
    Person,
    Phenotype,
    ProcessedColumn,
    Publication,
    Record,
    Specimen,
    Study,
    StudyComponent,
)
from rembi_sheets.schema import Column, Kind, Origin, Schema, SheetSpec
from rembi_sheets.tables import Former, Table, Tables, empty_table, made
from rembi_sheets.values import UNREADABLE, Term, Value
from rembi_sheets.values import fold as fold
from rembi_sheets.vocabularies.pairing import placed

T = TypeVar("T")


@dataclass(frozen=True)
class Submission:
    """All records of a study, in sheet order; `files` is the table Files (read it by `file_parts`)."""

    schema: Schema
    tables: Mapping[str, Table]
    study: Study
    people: tuple[Person, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    funding: tuple[Grant, ...] = ()
    publications: tuple[Publication, ...] = ()
    links: tuple[Link, ...] = ()
    study_components: tuple[StudyComponent, ...] = ()
    biosamples: tuple[Biosample, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    channels: tuple[Channel, ...] = ()
    image_acquisition: tuple[ImageAcquisition, ...] = ()
    image_data: tuple[ImageData, ...] = ()
    image_correlation: tuple[ImageCorrelation, ...] = ()
    analysed_data: tuple[AnalysedData, ...] = ()
    annotations: tuple[AnnotationSet, ...] = ()
    phenotypes: tuple[Phenotype, ...] = ()
    processed_columns: tuple[ProcessedColumn, ...] = ()
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    inventory: Mapping[str, int] | None = None

    @cached_property
    def _made(self) -> dict[Any, Any]:
        return {}

    def once(self, make: Callable[[Submission], T]) -> T:
        """What `make` works out of the whole submission, not to be changed: made once for all that ask for it.

        So Files is walked once for the check of an archive and for its document.
        """
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def place(self, record: Record, name: str) -> Place | str:
        """The cell of a record's field; the sheet's title when the record has no row."""
        table = self.tables[record.SHEET]
        return table.title if record.row is None else table.place(record.row, name)

    def typed(self, record: Record, name: str) -> bool:
        """Does the cell hold anything, be it unreadable or a name that no row has? It then has a finding of its own."""
        table = self.tables[record.SHEET]
        return record.row is not None and name in table.names and table.value(record.row, name) is not None

    @cached_property
    def unresolved(self) -> frozenset[str]:
        """Sheets (machine names) that some cell refers to by a name that no row has.

        What seems unused there may be what that cell means: its finding comes first.
        """
        return frozenset(
            column.reference
            for sheet in self.schema.sheets
            for column in sheet.columns
            if column.kind is Kind.REFERENCE and column.reference not in ("", "files") and self._has_unknown(column)
        )

    def _has_unknown(self, column: Column) -> bool:
        known = {fold(key_of(r, self.schema)) for r in getattr(self, column.reference)}
        for value in self.tables[column.sheet].distinct(column.name):
            names = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
            if any(fold(n) not in known for n in names):
                return True
        return False

    def title(self, sheet: str) -> str:
        """The title of a sheet, for findings that concern it as a whole."""
        return self.tables[sheet].title

    def file_place(self, row: int, name: str) -> Place:
        """The cell of a row of Files."""
        return self.tables["files"].place(row, name)

    @property
    def own_columns(self) -> tuple[str, ...]:
        """Headings of the user's own columns of Files."""
        return self.tables["files"].own

    def file_parts(self) -> Iterator[Table]:
        """Files, a part at a time: columns by machine name, own columns as `own:<heading>`."""
        return self.tables["files"].parts()

    @cached_property
    def file_counts(self) -> Mapping[str, int]:
        """Number of Files rows of each image data or annotation set, by its name."""
        counts: dict[str, int] = {}
        for part in self.tables["files"].parts():
            for name in ("image_data", "annotation_set"):
                for value, n in Counter(part.values(name)).most_common():
                    if value is not None:
                        counts[str(value)] = counts.get(str(value), 0) + n
        return counts


def composed(sub: Submission, between: str) -> Submission:
    """The submission with its method columns in the texts they belong to, `between` the lines of a text."""
    if not any(c.origin is Origin.METHOD and c.name in t.columns for t in sub.tables.values() for c in t.sheet.columns):
        return sub
    texts = partial(compose.into_texts, between=between)
    made = from_tables(Tables(sub.schema, sub.tables), sub.attachments, texts)
    return dataclasses.replace(made, inventory=sub.inventory)


def from_tables(
    tables: Tables,
    attachments: Mapping[str, bytes] | None = None,
    change: Callable[[Record, SheetSpec], Record] = lambda record, sheet: record,
) -> Submission:
    """Tables -> records. Names are compared exactly first, then without regard to case and blanks.

    `change`: what is done to each record before others refer to it.
    """
    made: dict[str, tuple[Record, ...]] = {}
    for cls in RECORDS:
        spec = tables.schema[cls.SHEET]
        made[cls.SHEET] = _records(cls, spec, tables[cls.SHEET], made, change)
    study = made.pop("study")
    return Submission(
        schema=tables.schema,
        tables=tables.tables,
        study=study[0] if study else Study(),  # type: ignore[arg-type]
        attachments=attachments or {},
        **made,  # type: ignore[arg-type]
    )


def of_records(schema: Schema, records: Mapping[str, Sequence[Record]], files: Table | None = None) -> Submission:
    """A submission of records by sheet; `files` is its table Files, of rows (`tables.made`), or none."""
    tables = {s.name: empty_table(s) for s in schema.sheets}
    if files is not None:
        tables[files.sheet.name] = files
    found = {cls.SHEET: tuple(records.get(cls.SHEET, ())) for cls in RECORDS}
    study = found.pop("study")
    return Submission(schema, tables, study[0] if study else Study(), **found)  # type: ignore[arg-type]


def to_tables(submission: Submission) -> Tables:
    """Records -> tables: a record a row from the first, identifiers beside their labels, references by name.

    Files stays the table it is. `from_tables` of what comes out gives records that are equal to these.
    """
    schema = submission.schema
    tables: dict[str, Table] = {}
    for spec in schema.sheets:
        if spec.own is not None:
            tables[spec.name] = dataclasses.replace(submission.tables[spec.name], former=Former())
            continue
        found = (submission.study,) if spec.name == Study.SHEET else getattr(submission, spec.name)
        rows = [_cells(r, spec, schema) for r in found]
        tables[spec.name] = made(spec, {c.name: [row.get(c.name) for row in rows] for c in spec.columns})
    return Tables(schema, tables)


def _cells(record: Record, spec: SheetSpec, schema: Schema) -> dict[str, Value]:
    """The cells of a record by machine name; an empty one is left out."""
    cells: dict[str, Value] = {m.column: m.value for m in record.methods}
    ids = {c.ids_of: c for c in spec.columns if c.ids_of}
    for column in spec.columns:
        held = getattr(record, column.name, None)
        if held in (None, "", ()):
            continue
        if column.kind is Kind.REFERENCE:
            held = tuple(key_of(r, schema) for r in held) if column.many else key_of(held, schema)
        elif column.name in ids:
            terms = held if isinstance(held, tuple) else (held,)
            given = tuple(t.id for t in terms)
            if any(given):
                cells[ids[column.name].name] = given if ids[column.name].many else given[0]
            held = tuple(Term(t.label) for t in terms) if column.many else Term(terms[0].label)
        cells[column.name] = held
    return cells


def _records(
    cls: type[Record],
    spec: SheetSpec,
    table: Table,
    made: Mapping[str, tuple[Record, ...]],
    change: Callable[[Record, SheetSpec], Record],
) -> tuple[Record, ...]:
    rows = [(row, dict(zip(table.names, values, strict=True))) for row, values in table.records()]
    own_refs = [c for c in spec.columns if c.kind is Kind.REFERENCE and c.reference == spec.name]
    lookups = {
        c.reference: _lookup(made.get(c.reference, ())) for c in spec.columns if c.reference not in ("", spec.name)
    }
    records = [(change(_record(cls, spec, row, cells, lookups), spec), cells) for row, cells in rows]
    if not own_refs:
        return tuple(r for r, _ in records)
    return _knotted(records, spec, own_refs)


def _record(
    cls: type[Record], spec: SheetSpec, row: int, cells: Mapping[str, Any], lookups: Mapping[str, Mapping[str, Record]]
) -> Record:
    values: dict[str, Any] = {"row": row, "methods": _methods(spec, cells)}
    fields = {f.name: f for f in dataclasses.fields(cls)}
    ids = {c.ids_of: c.name for c in spec.columns if c.ids_of}
    for column in spec.columns:
        if column.name not in fields:
            continue
        value = cells.get(column.name)
        if value is None or value is UNREADABLE:
            continue
        if column.kind is Kind.TERM:
            value = _terms(column, value, cells.get(ids.get(column.name, "")))
        elif column.kind is Kind.REFERENCE:
            value = _resolve(column, value, lookups.get(column.reference, {}))
            if value is None:
                continue
        values[column.name] = value
    return cls(**values)


def _methods(spec: SheetSpec, cells: Mapping[str, Any]) -> tuple[Method, ...]:
    """The filled method columns of a row, in the order of the sheet."""
    columns = (c.name for c in spec.columns if c.origin is Origin.METHOD)
    return tuple(Method(n, cells[n]) for n in columns if cells.get(n) not in (None, UNREADABLE))


def _terms(column: Column, value: Any, ids: Any) -> Any:
    """Labels with the identifiers beside them; a missing identifier is looked up in the column's vocabulary."""
    terms = value if isinstance(value, tuple) else (value,)
    found = beside(terms, ids, column.list) or ("",) * len(terms)
    out = tuple(resolve_term(t, column.list, curie) for t, curie in zip(terms, found, strict=True))
    return out if column.many else out[0]


def beside(terms: Sequence[Term], ids: Any, vocabulary: str) -> tuple[str, ...] | None:
    """The identifier that the cell of identifiers gives each term, '' for none; None when that cannot be told."""
    given = ids if isinstance(ids, tuple) else (ids,) if isinstance(ids, str) else ()
    return placed([t.label for t in terms], [t.id for t in terms], given, vocabulary)


def resolve_term(term: Term, vocabulary: str, identifier: str = "") -> Term:
    """The vocabulary's spelling and identifier where it knows the term; an identifier that was typed wins.

    The identifier of a broader term is not set beside a label: it means something else.
    """
    curie = vocabularies.as_identifier(identifier) or term.id
    found = vocabularies.resolve(term.label, vocabulary)
    if found.entry is None:
        return Term(term.label, curie)
    same = not curie or not found.entry.id or curie == found.entry.id
    return Term(found.entry.label if same else term.label, curie or vocabularies.own_id(found.entry))


def key_of(record: Record, schema: Schema) -> str:
    """The name by which other sheets refer to a record."""
    spec = schema[record.SHEET]
    return str(getattr(record, spec.key[0])) if spec.key else ""


def _lookup(records: tuple[Record, ...]) -> Mapping[str, Record]:
    """Exact names and folded names of records; the first of two equal names wins."""
    out: dict[str, Record] = {}
    for r in records:
        name = str(getattr(r, "name", "") or getattr(r, "identity", ""))
        for key in (name, "\0" + fold(name)):
            out.setdefault(key, r)
    return out


def _resolve(column: Column, value: Any, known: Mapping[str, Record]) -> Any:
    def one(name: str) -> Record | None:
        return known.get(name) or known.get("\0" + fold(name))

    if column.many:
        found = [one(v) for v in value]
        return tuple(dict.fromkeys(f for f in found if f is not None))
    return one(value)


def _knotted(
    records: Sequence[tuple[Record, Mapping[str, Any]]], spec: SheetSpec, columns: list[Column]
) -> tuple[Record, ...]:
    """Records that refer to their own sheet, sources first; a circle is cut where it closes."""
    by_name = _lookup(tuple(r for r, _ in records))
    cells_of = {id(r): c for r, c in records}
    done: dict[int, Record] = {}

    def finish(record: Record, path: tuple[int, ...]) -> Record:
        if id(record) in done:
            return done[id(record)]
        changes: dict[str, Any] = {}
        for column in columns:
            names = cells_of[id(record)].get(column.name)
            if not isinstance(names, tuple):
                continue
            sources = _resolve(column, names, by_name)
            changes[column.name] = tuple(
                finish(s, (*path, id(record))) for s in sources if id(s) not in (*path, id(record))
            )
        done[id(record)] = dataclasses.replace(record, **changes)
        return done[id(record)]

    return tuple(finish(r, ()) for r, _ in records)
