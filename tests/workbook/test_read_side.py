"""The table of files beside a workbook: streamed, at its own rows, with the same findings as the sheet."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import openpyxl
import pytest

from rembi_sheets import archives, checks, pipeline, steps
from rembi_sheets.findings import group
from rembi_sheets.submission import from_tables
from tests.cases.base import GOOD
from tests.support import TODAY
from tests.workbook.bad_files import good

HEADS = [*GOOD["Files"][0], "Source image"]


def placed(tmp_path: Path, rows: list[list[str]], heads: list[str] = HEADS, encoding: str = "utf-8") -> Path:
    book = openpyxl.load_workbook(io.BytesIO(good()))
    book["Files"].delete_rows(6, 100)
    path = tmp_path / "study.xlsx"
    book.save(path)
    lines = ["\t".join(r) for r in [heads, *rows]]
    (tmp_path / "study.files.tsv").write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def rows() -> list[list[str]]:
    return [[str(record.get(h) or "") for h in HEADS] for record in GOOD["Files"]]


def test_the_same_submission_as_from_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "study.xlsx").write_bytes(good())
    sheet = from_tables(pipeline.read(tmp_path / "a" / "study.xlsx").tables)  # type: ignore[arg-type]
    side = from_tables(pipeline.read(placed(tmp_path, rows())).tables)  # type: ignore[arg-type]
    (one,), (other,) = list(sheet.file_parts()), list(side.file_parts())
    assert other.rows == [2, 3, 4, 5]
    columns = sorted(one.names)
    assert list(map(one.values, columns)) == list(map(other.values, columns))
    assert side.file_counts == sheet.file_counts
    assert side.own_columns == sheet.own_columns


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_findings_name_the_table_and_its_row(tmp_path: Path, encoding: str) -> None:
    bad = rows()
    bad[1][1] = "Stakcs"
    bad[3][0] = bad[2][0]
    bad[0].append("free")
    checked = pipeline.check(pipeline.read(placed(tmp_path, bad, encoding=encoding)), today=TODAY)
    at = {(f.code, f.sheet, a) for f in checked.findings for a in f.addresses}
    name = "study.files.tsv"
    assert {("REF-UNKNOWN", name, "B3"), ("PATH-TWICE", name, "A5"), ("HEADING-NONE", name, "E2")} <= at


def test_it_is_read_part_by_part(tmp_path: Path) -> None:
    many = [[f"light/{i:06}.tif", "Stacks", "x", ""] for i in range(45_000)] + rows()[2:]
    path = placed(tmp_path, many)
    workbook = pipeline.read(path)
    assert workbook.tables is not None
    sub = from_tables(workbook.tables)
    sizes = [len(part.rows) for part in sub.file_parts()]
    assert sum(sizes) == 45_002 and len(sizes) > 2
    assert len(workbook.tables["files"].frame) == 0
    chosen = workbook.tables.archives
    told: list[steps.Step] = []
    with steps.heard_by(told.append):
        found = [*checks.check(workbook.tables, chosen), *checks.check_submission(sub, chosen)]
    assert not [f for f in group(found) if f.severity == "error"]
    assert steps.Step("rows of Files", 45_002, 45_002) in told


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    peaks = []
    for number in (45_000, 120_000):  # more than two parts, of which one is held while the next is made
        folder = tmp_path / str(number)
        folder.mkdir()
        path = placed(folder, [[f"light/{i:06}.tif", "Stacks", "x", ""] for i in range(number)])
        workbook = pipeline.read(path)
        assert workbook.tables is not None
        for _ in workbook.tables["files"].parts():  # what is imported and cached once does not count
            break
        tracemalloc.start()
        for _ in workbook.tables["files"].parts():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Path\tImage data\nM\xfcller.tif\tStacks\n", "FILE-ENCODING"),
        (b"Path\tImage data\n" + b'"' + b"a" * (3 << 20), "TABLE-BAD"),
        (b"a\tb\n1\t2\n", "HEADING-MISSING"),
        (b"", "HEADING-MISSING"),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path: Path, content: bytes, code: str) -> None:
    path = placed(tmp_path, [])
    (tmp_path / "study.files.tsv").write_bytes(content)
    checked = pipeline.check(pipeline.read(path), today=TODAY)
    assert (code, "study.files.tsv") in {(f.code, f.sheet) for f in checked.findings}


def test_broken_far_below(tmp_path: Path) -> None:
    path = placed(tmp_path, [[f"light/{i}.tif", "Stacks", "", ""] for i in range(30_000)])
    with (tmp_path / "study.files.tsv").open("ab") as side:
        side.write(b"light/\xff.tif\tStacks\n")
    checked = pipeline.check(pipeline.read(path), today=TODAY)
    assert "FILE-ENCODING" in {f.code for f in checked.findings if f.severity == "error"}


def test_every_archive_takes_it(tmp_path: Path) -> None:
    workbook = pipeline.read(placed(tmp_path, rows()))
    assert workbook.tables is not None
    sub = from_tables(workbook.tables)
    for name in workbook.schema.archive_names:
        package = archives.package(name)
        assert not [f for f in package.check(sub, TODAY) if f.severity == "error"]
        assert package.render(package.build(sub, TODAY).document).files
