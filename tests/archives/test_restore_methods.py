"""Method columns are columns again in a study that is restored from an archive's files, whatever archive it is."""

from __future__ import annotations

import pytest

from rembi_sheets import archives, compose
from rembi_sheets.submission import Submission, from_tables, to_tables
from tests.test_compose import METHODS, SCHEMA
from tests.test_methods_back import conversion, files_of, filled


def _again(archive: str, odd: bool) -> Submission:
    package = archives.package(archive)
    restored = package.restore(package.parse(files_of(conversion(archive, odd), archive)).document)
    return from_tables(to_tables(restored.submission))


@pytest.mark.parametrize(("archive", "odd"), [*((a, False) for a in SCHEMA.archive_names), ("idr", True)])
def test_they_are_columns_again(archive: str, odd: bool) -> None:
    made = _again(archive, odd)
    lacking = set()
    for sheet in {c.sheet for c in METHODS}:
        spec = SCHEMA[sheet]
        columns = [c for c in METHODS if c.sheet == sheet and c.archives[archive].fate != "lost"]
        wanted = set(filled(sheet, columns, odd).methods)
        held = {m for record in getattr(made, sheet) for m in record.methods}
        lacking |= {f"{sheet}.{m.column}" for m in wanted - held}
        for text in {c.into.partition(".")[2] for c in columns}:
            block = compose.lines(filled(sheet, columns, odd), spec, text)
            assert not [r for r in getattr(made, sheet) if held and any(line in getattr(r, text) for line in block)]
    assert lacking == set()
