"""Builds the workbooks of `examples/` from their tables: `examples/<name>/tables/*.tsv` -> `<name>.xlsx`.

Those in `examples/defaults/` are made in the same way: what facilities hand out.

    python tools/build_examples.py [NAME ...]     builds all examples, or those named
    python tools/build_examples.py --check        builds nothing, reads the tables and prints what is found

The TSV files are the source that people edit and review; the form they have is told in examples/README.md.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from rembi_sheets import schema as schemas
from rembi_sheets.cells import Book, Raw, Sheet
from rembi_sheets.findings import Finding
from rembi_sheets.tables import Tables, from_book

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}


def names() -> tuple[str, ...]:
    """The examples that have tables, in alphabetical order."""
    return tuple(sorted(p.parent.name for p in EXAMPLES.glob("*/tables")))


def defaults() -> tuple[str, ...]:
    """The workbooks of defaults that have tables, in alphabetical order."""
    return tuple(sorted(p.parent.name for p in EXAMPLES.glob("defaults/*/tables")))


def home(name: str) -> Path:
    """The folder of an example."""
    return EXAMPLES / "defaults" / name if name in defaults() else EXAMPLES / name


def info(name: str) -> dict[str, Any]:
    """The content of `example.toml`."""
    return tomllib.loads((home(name) / "example.toml").read_text(encoding="utf-8"))


def unescape(text: str) -> Raw:
    r"""A cell of a TSV: \n is a line break, \t a tab, \\ a backslash; an empty cell is None."""
    return re.sub(r"\\[nt\\]", lambda m: _ESCAPES[m[0]], text) or None


def book(name: str) -> Book:
    """The tables of an example as a Book, sheets in the order of the schema.

    Raises ValueError for a TSV whose name is no sheet, or a row with more cells than headings.
    """
    schema = schemas.load()
    folder = home(name) / "tables"
    unknown = {p.stem for p in folder.glob("*.tsv")} - {s.title for s in schema.sheets}
    if unknown:
        raise ValueError(f"{name}: no such sheet: {', '.join(sorted(unknown))}")
    digest = hashlib.sha256()
    sheets = []
    for spec in schema.sheets:
        path = folder / f"{spec.title}.tsv"
        if not path.exists():
            continue
        content = path.read_bytes()
        digest.update(content)
        rows = [[unescape(c) for c in line.split("\t")] for line in content.decode("utf-8").split("\n") if line]
        long = [n for n, row in enumerate(rows, start=1) if len(row) > len(rows[0])]
        if long:
            raise ValueError(f"{path}: line {long[0]} has more cells than line 1")
        sheets.append(Sheet(spec.title, rows))
    return Book(f"{name}.xlsx", digest.hexdigest(), tuple(sheets))


def read(name: str) -> tuple[Tables, list[Finding]]:
    """Tables of an example and what reading them found (nothing, in a good example)."""
    return from_book(book(name), schemas.load())


def build(name: str) -> bytes:
    """The workbook of an example. Raises ValueError when its tables cannot be read without findings."""
    from rembi_sheets.workbook.write import filled

    tables, findings = read(name)
    if findings:
        raise ValueError("\n".join(f"{name}: {f}" for f in findings))
    about = info(name)
    selection = schemas.select(schemas.load(), about["profile"], tuple(about["archives"]), about["level"])
    return filled(schemas.load(), selection, tables)


def main(arguments: list[str]) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Build the example workbooks from their tables.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="store_true", help="only read the tables and print what is found")
    options = parser.parse_args(arguments)
    status = 0
    for name in options.names or (*names(), *defaults()):
        if options.check:
            found = read(name)[1]
            for finding in found:
                print(f"{name}: {finding}")
            status = status or int(bool(found))
        else:
            (home(name) / f"{name}.xlsx").write_bytes(build(name))
            print(f"{name}.xlsx")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
