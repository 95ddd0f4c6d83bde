"""Published records, read and written again, before the archives' own judges: refused is only what the record lacks.

The judges are the programs of ../shared/tools. IDR's parser, pyidr, is fetched by hand and is not run here.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rembi_sheets import archives
from rembi_sheets.submission import Submission, from_tables, to_tables
from tests import checkers
from tests.archives.bioimage_archive import test_restore as pages
from tests.archives.empiar import test_restore as entries

DAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.skipif(
    not (pages.SAMPLES and entries.SAMPLES and checkers.TOOLS.is_dir()),
    reason="records and checkers lie in ../shared, which is not here",
)

EMAIL = "Author: required attribute 'E-mail' is missing"
# What the template's judge says against the page of a record: each is missing or wrong in the record itself.
LACKING = {
    "S-BIAD1043": {EMAIL},
    "S-BIAD1261": {"Author: required attribute 'Name' is missing"},
    "S-BIAD1492": {
        "Study: License 'CC BY 3.0' is not one of ['CC0', 'CC BY 4.0']",
        "Image acquisition: required attribute 'Image acquisition parameters' is missing",
        "Annotations: required attribute 'Annotation Type' is missing",
    },
    "S-BIAD1879": {EMAIL},
    "S-BIAD2235": {"Study: required attribute 'Description' is missing"},
    "S-BIAD2808": {
        "Biosample: required attribute 'Organism' is missing",
        "Biosample: required attribute 'Biological entity' is missing",
    },
    "S-BIAD599": {EMAIL},
    "S-BSST651": {
        "Study: required attribute 'Keywords' is missing",
        "Study: required attribute 'License' is missing",
        "Study Component: required attribute 'Description' is missing",
        "Study Component: no Associations",
        *(f"at least one {kind} is needed" for kind in ("Biosample", "Specimen", "Image acquisition")),
    },
}


def written(sub: Submission, archive: str, folder: Path) -> Path:
    """The files of a submission that was in a workbook in between."""
    package = archives.package(archive)
    again = replace(from_tables(to_tables(sub)), attachments=sub.attachments)
    rendered = package.render(package.build(again, again.study.release_date or DAY).document)
    assert [f.message for f in rendered.findings] == []
    for name, content in rendered.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else b"".join(content()))
    return folder


# Of pages that its staff corrected, the one that was deposited: it lacks more.
@pytest.mark.parametrize("stem", [s for s in pages.SAMPLES if not s.endswith("_override")])
def test_pages(stem: str, tmp_path: Path) -> None:
    restored = archives.package("bioimage-archive").restore(pages.page_of(stem))
    home = written(restored.submission, "bioimage-archive", tmp_path)
    said = checkers.run("pagetab_check.py", "check", home / "submission.tsv", "--base", home)
    assert "ACCEPTED" in said and "ERROR" not in said
    judge = [sys.executable, str(checkers.TOOLS / "bia_template_check.py"), str(home / "submission.json")]
    done = subprocess.run(judge, capture_output=True, text=True, check=False)
    lines = [line.partition("\t")[2] for line in done.stdout.splitlines() if line.startswith("ERROR")]
    found = {re.sub(r" [a-z]+-[\d-]+:", ":", line) for line in lines}
    assert found == LACKING.get(stem.partition("_")[0], set())


@pytest.mark.parametrize("name", entries.SAMPLES)
def test_entries(name: str, tmp_path: Path) -> None:
    document = archives.package("empiar").parse({name: (entries.FOLDER / name).read_bytes()}).document
    sub = archives.package("empiar").restore(document).submission
    # A released header hides the addresses, and EMPIAR asks for them.
    people = [replace(p, email=p.email or f"author{n}@example.org") for n, p in enumerate(sub.people)]
    checkers.empiar(written(replace(sub, people=tuple(people)), "empiar", tmp_path))
