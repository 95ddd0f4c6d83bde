"""Asking about a workbook: each identifier once, and the rows that the answers are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rembi_sheets.cells import MOST_LETTERS, length
from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.model import Confidence, Key, Proposal, Unplaced
from rembi_sheets.fill.online import crossref, emdb, empiar, europepmc, orcid, ror
from rembi_sheets.fill.online.desk import Desk
from rembi_sheets.fill.online.entries import Described, Entry
from rembi_sheets.fill.online.identifiers import identifiers
from rembi_sheets.schema import Column, Kind, load
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import fits, fold, to_cell, undress
from rembi_sheets.vocabularies import same_word

_PAPERS = "publications"
_ENTRIES = {"emdb": emdb, "empiar": empiar}
_ROWS = {"ror": ror, "orcid": orcid}
_PAPER_FORMS = ("doi", "pubmed", "pmc")


@dataclass(frozen=True, slots=True)
class _Said:
    """A value, what says it, and the address that was asked."""

    value: str
    source: str
    where: str


@dataclass
class Asking:
    """Asks about what stands in `tables`; rows that `before` has are meant by their numbers, others by their keys."""

    before: Tables
    tables: Tables
    desk: Desk = field(default_factory=Desk)
    proposals: list[Proposal] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)

    def run(self) -> None:
        """Ask about all identifiers: rows by rows, then the entries, whose papers may be there already."""
        entries: dict[tuple[str, str], None] = {}
        papers: list[tuple[int, dict[str, str]]] = []
        for table in self.tables:
            for row, ids in identifiers(table):
                entries |= {(form, value): None for form, values in ids.items() if form in _ENTRIES for value in values}
                sole = {form: values[0] for form, values in ids.items() if len(values) == 1}
                if table.sheet.name == _PAPERS:
                    papers.append((row, {f: v for f, v in sole.items() if f in _PAPER_FORMS}))
                for form in (f for f in sole if f in _ROWS):
                    self._say(table, row, self._row(form, sole[form]))
        for row, numbers in papers:
            if numbers:
                self._say(self.tables[_PAPERS], row, self._paper(numbers))
        for form, accession in entries:
            self._entry(form, accession, papers)

    def _row(self, name: str, value: str) -> dict[str, _Said]:
        """What the service of that name knows of one identifier."""
        client = _ROWS[name]
        about = self.desk.about[name]
        where = client.address(about.address, value)
        found = self.desk.ask(name, value, where, lambda reply: client.read(reply, value))
        return {c: _Said(v, about.called, where) for c, v in (found or {}).items()}

    def _paper(self, ids: Mapping[str, str]) -> dict[str, _Said]:
        """A paper as Crossref has it, with the numbers of Europe PMC; as Europe PMC has it where Crossref does not."""
        out: dict[str, _Said] = {}
        about = self.desk.about
        where = europepmc.address(about["europepmc"].address, ids)
        value = next(iter(ids.values()))
        found = self.desk.ask("europepmc", value, where, lambda reply: europepmc.read(reply, ids))
        out |= {c: _Said(v, about["europepmc"].called, where) for c, v in (found or {}).items()}
        doi = ids.get("doi") or (found or {}).get("doi", "")
        if doi and fits(doi, load().formats["doi"]):
            where = crossref.address(about["crossref"].address, doi)
            work = self.desk.ask("crossref", doi, where, lambda reply: crossref.read(reply, doi))
            if work is not None:
                numbers = {c: s for c, s in out.items() if self.tables[_PAPERS].sheet[c].distinct}
                out = numbers | {c: _Said(v, about["crossref"].called, where) for c, v in work.items()}
        return out

    def _entry(self, form: str, accession: str, papers: list[tuple[int, dict[str, str]]]) -> None:
        client, about = _ENTRIES[form], self.desk.about[form]
        where = client.address(about.address, accession)
        entry: Entry | None = self.desk.ask(form, accession, where, lambda reply: client.read(reply, accession))
        if entry is None:
            return
        source = f"{about.called}, {accession}"
        self.unplaced += [Unplaced(source, f"{where} {place}", value, why) for place, value, why in entry.left]
        for one in entry.described:
            alone = sum(d.sheet == one.sheet for d in entry.described) == 1
            self._described(one, accession, alone, source, where)
        if entry.paper:
            self._of_entry(entry.paper, papers, source, where)

    def _of_entry(
        self, paper: Mapping[str, str], papers: list[tuple[int, dict[str, str]]], source: str, where: str
    ) -> None:
        """The paper of an entry: nothing where the workbook names it by a number, which has been asked about."""
        table = self.tables[_PAPERS]
        ids = {}
        for form in _PAPER_FORMS:
            column = next((c.name for c in table.sheet.columns if c.format is not None and c.format.name == form), "")
            value = undress(paper.get(column, ""), load().formats[form])
            if value and fits(value, load().formats[form]):
                ids[form] = value
        if any(fold(ids[form]) == fold(there.get(form, "")) for _, there in papers for form in ids):
            return
        said = {c: _Said(v, source, where) for c, v in paper.items()} | (self._paper(ids) if ids else {})
        title = said["title"].value if "title" in said else ""
        names = identity(table.sheet)
        frame = table.frame
        for row, typed in zip(frame.index, frame[names[0]], strict=True):
            if isinstance(typed, str) and title and same_word(typed, title):
                self._say(table, int(row), said)
                return
        if title:
            key = tuple(said[n].value if n in said else "" for n in names)
            self._propose(table, key, None, said)

    def _described(self, one: Described, accession: str, alone: bool, source: str, where: str) -> None:
        """The row that is meant: called so, or by the accession; the only one; a new one where the sheet has none."""
        table = self.tables[one.sheet]
        said = {c: _Said(v, source, where) for c, v in one.values.items()}
        if table.source is not None:
            return
        name = identity(table.sheet)[0]
        named = {int(r): v for r, v in zip(table.frame.index, table.frame[name], strict=True) if isinstance(v, str)}
        so = [r for r, v in named.items() if one.name and fold(v) == fold(one.name)]
        number = re.compile(rf"(?<![\w-]){re.escape(accession)}(?!\w)", re.IGNORECASE)
        rows = so or [r for r, v in named.items() if number.search(v)]
        sure = Confidence.READ if not one.likely or so else Confidence.GUESS
        if not rows and alone and len(named) == 1 == len(table.frame):
            rows = list(named)
        if len(rows) == 1:
            self._say(table, rows[0], said, sure)
        elif not named and not len(table.frame) and alone and _begins_alone(table):
            self._propose(table, (accession,), None, said, sure)
        else:
            why = f"it cannot be told which row of {table.title} it is about; write {accession} into its name"
            told = "; ".join(f"{table.sheet[c].label}: {s.value}" for c, s in said.items())
            self.unplaced.append(Unplaced(source, where, told, why))

    def _say(self, table: Table, row: int, said: Mapping[str, _Said], sure: Confidence = Confidence.READ) -> None:
        """Proposals for a row that is there, or comes by other sources."""
        cells: dict[str, Any] = {n: table.frame.at[row, n] for n in identity(table.sheet)}
        key = tuple(str(to_cell(v) or "") for v in cells.values())
        there = row in self.before[table.sheet.name].frame.index
        self._propose(table, key, row if there else None, said, sure)

    def _propose(
        self,
        table: Table,
        key: Key,
        row: int | None,
        said: Mapping[str, _Said],
        sure: Confidence = Confidence.READ,
    ) -> None:
        for name, s in said.items():
            if not self._wanted(table, table.sheet[name]):
                continue
            if length(s.value) > MOST_LETTERS:
                why = f"a cell holds {MOST_LETTERS:,} letters at most"
                self.unplaced.append(Unplaced(s.source, s.where, s.value, why))
            else:
                self.proposals.append(Proposal(table.sheet.name, key, name, s.value, s.source, s.where, sure, row))

    def _wanted(self, table: Table, column: Column) -> bool:
        """Is it a column of this kind of study, or one that the workbook has?"""
        profile = self.tables.meta.get("profile", "")
        if not column.profiles or column.name in table.columns:
            return True
        return bool(column.group) and (not profile or profile in column.profiles)


def _begins_alone(table: Table) -> bool:
    """Can a row of a sheet stand without those of others?"""
    return not any(c.kind is Kind.REFERENCE for c in table.sheet.columns)
