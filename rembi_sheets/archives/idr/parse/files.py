"""Files -> Study: the study file, the tables of its components, and what in them was not understood.

Real files are read as they are: padding tabs, old Mac line ends, byte order marks, cells with line breaks, names of
files that differ from the rule. Nothing is dropped in silence: what has no place in the document is listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rembi_sheets.archives import Parsed
from rembi_sheets.archives.idr import keys
from rembi_sheets.archives.idr.document import Block, BulkMap, Component, Kind, Line, Study, Table
from rembi_sheets.archives.idr.parse import tables
from rembi_sheets.archives.idr.parse.bulkmaps import read_bulkmap
from rembi_sheets.archives.idr.parse.texts import lines, unpacked

_NUMBER = re.compile(r"(Screen|Experiment) Number\Z")
_STUDY_FILE = re.compile(r"study[^/]*\.(?:txt|tsv)\Z", re.IGNORECASE)
_ACCESSION = re.compile(rb'(?:^|[\r\n])"?Comment ?\[IDR Study Accession\]', re.IGNORECASE)
_HEAD = 65536  # bytes in which a study file names its accession
# the tables of a component by the ends of their names
_ANNOTATION, _LIBRARY, _ASSAYS, _PROCESSED = (
    re.compile(rf"{kind}[^/]*\.(?:csv|tsv|txt)(?:\.gz|\.zip)?\Z", re.IGNORECASE)
    for kind in ("annotations?", "library", "assays?", "processed")
)
_PATHS = re.compile(r"(?:plates|filepaths)[^/]*\.tsv\Z", re.IGNORECASE)
_BULK, _BULKMAP = re.compile(r"(?<!map-)bulk\.yml\Z"), re.compile(r"bulkmap-config\.yml\Z")
_HINT = re.compile(r"#\s")
_DIGITS, _SHOWN = 9, 40  # of the number of a component; letters of it that are told
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

    def find(self, folder: str, form: re.Pattern[str]) -> list[str]:
        """Names below a component's folder that end so, the rule's own spelling first."""
        inside = [n for n in self.files if f"/{folder}/" in f"/{n}" and form.search(n)]
        return sorted(inside, key=lambda n: (folder not in n.rpartition("/")[2], n))

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a file; what is odd in it is kept."""
        self.used.add(name)
        content = unpacked(self.files[name])
        if content is None:
            self.note(name, "cannot be unpacked")
            return iter(())
        found, odd = lines(content)
        for what in odd:
            self.note(name, what)
        return found

    def text(self, name: str) -> str:
        """A file as text; what is odd in it is kept."""
        return "".join(self.lines(name))

    def table(self, name: str, heading: bool = True) -> Table:
        """A file as a table; what is odd in it is kept."""
        table, odd = tables.read(self.lines(name), heading)
        for what in odd:
            self.note(name, what)
        return table


def recognises(files: Mapping[str, bytes]) -> bool:
    """Is one of the files a study file of IDR: does it name an IDR study, on a line of its own?"""
    return bool(_study_files(files))


def _study_files(files: Mapping[str, bytes]) -> list[str]:
    """Names of the study files, those that are named so first."""
    found = [n for n, c in files.items() if _ACCESSION.search(c[:_HEAD])]
    return sorted(found, key=lambda n: (not _STUDY_FILE.search(n), n))


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The study of such files; `not_understood` names file, line and what stands there."""
    reader = _Reader(files)
    names = _study_files(files)
    if not names:
        return Parsed(Study("", ""), ("no study file (one with a line Comment[IDR Study Accession])",))
    parts = _parts(reader, names[0])
    study = _study(reader, parts)
    for name in sorted(set(files) - reader.used):
        if not name.endswith("NEXT-STEPS.md"):
            reader.note(name, "file not read")
    return Parsed(study, tuple(reader.odd))


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

    for number, text in enumerate(reader.text(name).split("\n"), start=1):
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


_KNOWN = frozenset((*keys.STUDY_KNOWN, *keys.STUDY_OLD)) | keys.of_component("Screen") | keys.of_component("Experiment")


def _known(key: str) -> bool:
    return key in _KNOWN


def _twice(reader: _Reader, name: str, parts: Sequence[Sequence[Block]]) -> None:
    for blocks in parts:
        found = Counter(line.key for b in blocks for line in b.lines if _known(line.key))
        for key, times in found.items():
            if times > 1 and not key.startswith(keys.REPEATED):
                reader.note(name, f"{key} stands {times} times; the first counts")


def _study(reader: _Reader, parts: list[list[Block]]) -> Study:
    blocks = tuple(parts[0])
    head = Study("", "", blocks)
    accession = (head.values("Comment[IDR Study Accession]") or ("",))[0]
    components = _components(reader, parts[1:])
    names = [_name(c).partition("/")[0] for c in components]
    return Study(accession, next((n for n in names if n), ""), blocks, components)


def _name(component: Component) -> str:
    return (component.values(f"Comment[IDR {component.kind.value} Name]") or ("",))[0]


def _components(reader: _Reader, parts: Sequence[Sequence[Block]]) -> tuple[Component, ...]:
    """The components; of several with one folder, whose files would be those of each, the first counts."""
    made: dict[str, Component] = {}
    for place, blocks in enumerate(parts, start=1):
        bare = _bare(tuple(blocks), place)
        first = blocks[0].lines[0]
        name = f"{first.key} {first.value[:_SHOWN]}"
        if not bare.folder:
            reader.odd.append(f"{name}: no folder in the name “{_name(bare)}”")
            made[f"\0{place}"] = bare
        elif bare.folder not in made:
            made[bare.folder] = _with_tables(reader, bare)
        else:
            known = {line for b in made[bare.folder].blocks for line in b.lines}
            reader.odd.append(f"{name}: a second part of {bare.folder}; the first counts")
            for line in (line for b in blocks for line in b.lines if line not in known):
                reader.odd.append(f"{name}, {line.key}: {'; '.join(line.values)}")
    return tuple(made.values())


def _bare(blocks: tuple[Block, ...], place: int) -> Component:
    """A component without its tables; `place`: its number where none is stated."""
    first = blocks[0].lines[0]
    stated = first.value.isdecimal() and len(first.value) <= _DIGITS
    bare = Component(Kind(first.key.partition(" ")[0]), int(first.value) if stated else place, "", blocks)
    found = _FOLDER.search(_name(bare))
    return replace(bare, folder=found[1]) if found else bare


def _with_tables(reader: _Reader, bare: Component) -> Component:
    folder, screen = bare.folder, bare.kind is Kind.SCREEN
    return Component(
        bare.kind,
        bare.number,
        folder,
        bare.blocks,
        _tables(reader, folder, _ANNOTATION) or Table(),
        _tables(reader, folder, _LIBRARY if screen else _ASSAYS) or Table(),
        _tables(reader, folder, _PROCESSED),
        _paths(reader, folder),
        _bulkmap(reader, folder),
    )


def _tables(reader: _Reader, folder: str, form: re.Pattern[str]) -> Table | None:
    """The table of this name; several with the same headings are put together."""
    made: Table | None = None
    read: dict[bytes, str] = {}
    for name in reader.find(folder, form):
        if (first := read.setdefault(reader.files[name], name)) != name:
            reader.used.add(name)
            reader.note(name, f"the same as {first}; read once")
            continue
        table = reader.table(name)
        if not table.header:
            continue
        if made is None:
            made = table
            for heading in dict.fromkeys(h for h in table.header if table.header.count(h) > 1):
                if form is _ANNOTATION:
                    reader.note(name, f"heading {heading} stands {table.header.count(heading)} times")
        elif table.header == made.header:
            made = tables.joined(made, table)
        else:
            reader.note(name, "has other headings than the first file of its kind; not read")
    return made


def _paths(reader: _Reader, folder: str) -> Table:
    """Paths with the column names that bulk.yml gives, else as their number tells."""
    columns: tuple[str, ...] = ()
    for name in [*reader.find(folder, _BULK), *(n for n in reader.files if n.rpartition("/")[2] == "bulk.yml")]:
        text = reader.text(name)
        found = re.search(r"^columns:\s*\n((?:\s*-\s*\w+\s*\n?)+)", text, re.MULTILINE)
        columns = columns or (tuple(re.findall(r"-\s*(\w+)", found[1])) if found else ())
    made: Table | None = None
    for name in reader.find(folder, _PATHS):
        table = reader.table(name, heading=False)
        if made is None:
            made = Table(columns if len(columns) == len(table.header) else table.header, table.rows)
        elif len(table.header) == len(made.header):
            made = tables.joined(made, table)
        else:
            reader.note(name, "has another number of columns than the first file of its kind; not read")
    return made or Table()


def _bulkmap(reader: _Reader, folder: str) -> BulkMap:
    for name in reader.find(folder, _BULKMAP)[:1]:
        found, odd = read_bulkmap(reader.text(name))
        for what in odd:
            reader.note(name, what)
        return found
    return BulkMap()
