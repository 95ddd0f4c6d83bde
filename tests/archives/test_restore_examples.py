"""The way back from what we wrote: files -> document -> submission -> tables, checked and converted to the same files.

The files are those kept beside the examples. Not compared: NEXT-STEPS.md, which lists what was lost on the first way,
and rembi.yml, for BIA's staff, which is no part of the deposit.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from rembi_sheets import archives, checks, examples, pipeline
from rembi_sheets.archives import Restored
from rembi_sheets.findings import Severity
from rembi_sheets.schema import first_choice
from rembi_sheets.submission import Submission, to_tables
from rembi_sheets.workbook import write

ROOT = Path(__file__).parents[2] / "examples"
DAY = dt.date(2026, 11, 22)  # of the files beside the examples
RESTORED = ("bioimage-archive", "empiar")
CASES = [(n, a) for n in examples.names() for a in RESTORED if a in examples.info(n).archives]
ABOUT = ("NEXT-STEPS.md", "rembi.yml")


def kept(name: str, archive: str) -> dict[str, bytes]:
    home = ROOT / name / "expected" / archive
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in home.rglob("*") if p.is_file()}


def whole(sub: Submission, archive: str) -> dict[str, bytes]:
    package = archives.package(archive)
    files = package.render(package.build(sub, DAY).document).files
    return {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in files.items() if n not in ABOUT}


def back(files: dict[str, bytes], archive: str) -> Restored:
    package = archives.package(archive)
    parsed = package.parse(files)
    assert not parsed.not_understood
    return package.restore(parsed.document)


@pytest.mark.parametrize(("name", "archive"), CASES)
def test_what_we_wrote_comes_back(name: str, archive: str) -> None:
    files = kept(name, archive)
    restored = back(files, archive)
    sub = restored.submission
    assert restored.not_understood == ()
    found = [*checks.check(to_tables(sub), (archive,)), *checks.check_submission(sub, (archive,))]
    found += archives.package(archive).check(sub, DAY)
    assert [f"{f.code} {f.place} {f.message}" for f in found if f.severity is Severity.ERROR] == []
    assert whole(sub, archive) == {n: c for n, c in files.items() if n not in ABOUT}


@pytest.mark.parametrize(
    ("name", "archive"), [("mitotic-cell-atlas", RESTORED[0]), ("ribosome-tomography", RESTORED[1])]
)
def test_a_workbook_of_it_converts_to_the_same_files(name: str, archive: str, tmp_path: Path) -> None:
    files = kept(name, archive)
    sub = back(files, archive).submission
    path = tmp_path / "again.xlsx"
    path.write_bytes(write.filled(sub.schema, first_choice(sub.schema, "", (archive,), ""), to_tables(sub)))
    made = pipeline.convert(pipeline.read(path), today=DAY)
    assert [f.message for f in made.findings if f.severity is Severity.ERROR] == []
    got = {n.partition("/")[2]: c if isinstance(c, bytes) else b"".join(c()) for n, c in made.files.items()}
    assert {n: c for n, c in got.items() if n not in ABOUT} == {n: c for n, c in files.items() if n not in ABOUT}


@pytest.mark.parametrize("archive", RESTORED)
def test_records_are_recognised_by_what_is_in_them(archive: str) -> None:
    name = next(n for n, a in CASES if a == archive)
    files = kept(name, archive)
    for file, content in files.items():
        known = {a for a in RESTORED if archives.package(a).recognises({"x.dat": content})}
        is_record = file in ("submission.json", "submission.tsv", "deposition.json", "entry.xml")
        assert known == ({archive} if is_record else set()), file


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"[" * 9000, b"\xff\xfe", b"<a/>", b"<", b"Files\ta\n", b"PK\3\4"]
)
def test_what_is_no_record_is_not_recognised(content: bytes) -> None:
    assert not [a for a in RESTORED if archives.package(a).recognises({"a": content})]
