"""Files -> Study: the study file, the tables of its components, and what in them was not understood.

Real files are read as they are: padding tabs, old Mac line ends, byte order marks, cells with line breaks, names of
files that differ from the rule. Nothing is dropped in silence: what has no place in the document is listed.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rembi_sheets.archives import Parsed
from rembi_sheets.archives.idr import keys
from rembi_sheets.archives.idr.document import Block, BulkMap, Component, Kind, Line, Study, Table
from rembi_sheets.archives.idr.facts.processed import read as read_table
from rembi_sheets.archives.idr.parse import tables
from rembi_sheets.archives.idr.parse.bulkmaps import read_bulkmap

_NUMBER = re.compile(r"(Screen|Experiment) Number\Z")
_HINT = re.compile(r"#\s")
_FOLDER = re.compile(r"[^/]*/(\w+)$")


@dataclass
class _Reader:
    """Files by name, and what was not understood so far."""

    files: Mapping[str, bytes]
    used: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)

    def note(self, name: str, what: str) -> None:
        """Keep what was not understood, with the file in which it stands."""
        self.odd.append(f"{name.rpartition('/')[2]}: {what}")

    def find(self, folder: str, *endings: str) -> list[str]:
        """Names below a component's folder that end so, the rule's own spelling first."""
        inside = [n for n in self.files if f"/{folder}/" in f"/{n}" and n.lower().endswith(endings)]
        return sorted(inside, key=lambda n: (folder not in n.rpartition("/")[2], n))


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The study of such files; `not_understood` names file, line and what stands there."""
    reader = _Reader(files)
    names = sorted(n for n in files if re.search(r"study[^/]*\.txt$", n, re.IGNORECASE))
    if not names:
        return Parsed(Study("", ""), ("no study file (a name ending in -study.txt)",))
    reader.used.add(names[0])
    parts = _parts(reader, names[0])
    study = _study(reader, parts)
    for name in sorted(set(files) - reader.used):
        if not name.endswith("NEXT-STEPS.md"):
            reader.note(name, "file not read")
    return Parsed(study, tuple(reader.odd))


def _decoded(reader: _Reader, name: str) -> str:
    content = reader.files[name]
    if content.startswith(b"\xef\xbb\xbf"):
        reader.note(name, "begins with a byte order mark")
        content = content[3:]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        reader.note(name, f"is not UTF-8 at byte {error.start}; read as Windows-1252")
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parts(reader: _Reader, name: str) -> list[list[Block]]:
    """Blocks of the study, then of each component in the order of the file."""
    parts: list[list[Block]] = [[]]
    title, lines = "", list[Line]()
    pending = ""

    def close() -> None:
        nonlocal lines
        if lines:
            parts[-1].append(Block(title, tuple(lines)))
        lines = []

    for number, text in enumerate(_decoded(reader, name).split("\n"), start=1):
        cells = [c.strip() for c in text.split("\t")]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        key = cells[0]
        if key.startswith(("#", '"#', '"# ')) or text.startswith('"'):
            if len(key) > 1:
                pending = key.strip('"# ')
            continue
        if _NUMBER.match(key):
            close()
            parts.append([])
            title, pending = pending or title, ""
        elif pending:
            close()
            title, pending = pending, ""
        if not _known(key):
            what = "unknown key" if "\t" in text else "text without a key"
            reader.note(name, f"line {number}: {what}: {text.strip()[:80]}")
        elif "\t" not in text:
            reader.note(name, f"line {number}: key without a tab after it: {key}")
        values = cells[1:]
        for hint in (v for v in values if _HINT.match(v)):
            reader.note(name, f"line {number}: hint of the template left in {key}: {hint[:60]}")
        lines.append(Line(key, tuple(values)))
    close()
    _twice(reader, name, parts)
    return parts


_KNOWN = (
    frozenset((*keys.STUDY_KNOWN, "Term Source File")) | keys.of_component("Screen") | keys.of_component("Experiment")
)


def _known(key: str) -> bool:
    return key in _KNOWN


def _twice(reader: _Reader, name: str, parts: Sequence[Sequence[Block]]) -> None:
    for blocks in parts:
        found = [line.key for b in blocks for line in b.lines if _known(line.key)]
        for key in dict.fromkeys(k for k in found if found.count(k) > 1 and not k.startswith(keys.REPEATED)):
            reader.note(name, f"{key} stands {found.count(key)} times; the first counts")


def _study(reader: _Reader, parts: list[list[Block]]) -> Study:
    blocks = tuple(parts[0])
    head = Study("", "", blocks)
    accession = (head.values("Comment[IDR Study Accession]") or ("",))[0]
    components = tuple(_component(reader, tuple(p), n) for n, p in enumerate(parts[1:], start=1))
    names = [_name(c).partition("/")[0] for c in components]
    return Study(accession, next((n for n in names if n), ""), blocks, components)


def _name(component: Component) -> str:
    return (component.values(f"Comment[IDR {component.kind.value} Name]") or ("",))[0]


def _component(reader: _Reader, blocks: tuple[Block, ...], place: int) -> Component:
    first = blocks[0].lines[0]
    kind = Kind(first.key.partition(" ")[0])
    number = int(first.value) if first.value.isdigit() else place
    bare = Component(kind, number, "", blocks)
    found = _FOLDER.search(_name(bare))
    if not found:
        reader.odd.append(f"{first.key} {first.value}: no folder in the name “{_name(bare)}”")
        return bare
    folder = found[1]
    screen = kind is Kind.SCREEN
    processed = _tables(reader, folder, "processed.txt")
    return Component(
        kind,
        number,
        folder,
        blocks,
        _annotation(reader, folder),
        _tables(reader, folder, "library.txt" if screen else "assays.txt") or Table(),
        processed,
        _paths(reader, folder, "plates.tsv" if screen else "filepaths.tsv"),
        _bulkmap(reader, folder),
    )


def _annotation(reader: _Reader, folder: str) -> Table:
    for name in reader.find(folder, "annotation.csv", "annotation.csv.gz")[:1]:
        reader.used.add(name)
        content = reader.files[name]
        if name.endswith(".gz"):
            try:
                content = gzip.decompress(content)
            except (OSError, EOFError):
                reader.note(name, "cannot be unpacked")
                return Table()
        if content.startswith(b"\xef\xbb\xbf"):
            reader.note(name, "begins with a byte order mark")
        table, odd = tables.read_csv(content)
        for what in odd:
            reader.note(name, what)
        for heading in dict.fromkeys(h for h in table.header if table.header.count(h) > 1):
            reader.note(name, f"heading {heading} stands {table.header.count(heading)} times")
        return table
    return Table()


def _tables(reader: _Reader, folder: str, ending: str) -> Table | None:
    """The table of this ending; several with the same headings are put together."""
    made: Table | None = None
    for name in reader.find(folder, ending):
        reader.used.add(name)
        table = read_table(reader.files[name])
        if table is None:
            reader.note(name, "cannot be read as a table of text")
        elif made is None:
            made = table
        elif table.header == made.header:
            made = Table(made.header, (*made, *table))
        else:
            reader.note(name, "has other headings than the first file of its kind; not read")
    return made


def _paths(reader: _Reader, folder: str, ending: str) -> Table:
    """Paths with the column names that bulk.yml gives, else as their number tells."""
    columns: tuple[str, ...] = ()
    for name in [*reader.find(folder, "bulk.yml"), *(n for n in reader.files if n.rpartition("/")[2] == "bulk.yml")]:
        reader.used.add(name)
        text = reader.files[name].decode("utf-8", errors="replace")
        found = re.search(r"^columns:\s*\n((?:\s*-\s*\w+\s*\n?)+)", text, re.MULTILINE)
        columns = columns or (tuple(re.findall(r"-\s*(\w+)", found[1])) if found else ())
    for name in reader.find(folder, ending)[:1]:
        reader.used.add(name)
        table, _ = tables.read_tsv(reader.files[name], heading=False)
        return Table(columns if len(columns) == len(table.header) else table.header, table.rows)
    return Table()


def _bulkmap(reader: _Reader, folder: str) -> BulkMap:
    for name in reader.find(folder, "bulkmap-config.yml")[:1]:
        reader.used.add(name)
        found, odd = read_bulkmap(reader.files[name].decode("utf-8", errors="replace"))
        for what in odd:
            reader.note(name, what)
        return found
    return BulkMap()
