"""A study goes through to files that the archive's parser and form take, in both forms, as the same page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import support
from tests.archives.bioimage_archive import made

WELLS = [
    {"Path": f"p{p}.flex", "Image data": "Organoid stacks", "Plate": f"P{p}", "Well": f"A{w:02}", "siRNA": f"s{w}"}
    for p in (1, 2)
    for w in (1, 2, 3)
]
STUDIES = {
    "small": support.study(Study={"Archives": "BIA"}),
    "rich": made.RICH,
    "wells": support.study(Study={"Archives": "BIA"}, Files=WELLS),
}


@pytest.fixture(params=STUDIES, ids=str)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return made.write(tmp_path, made.rendered(made.submission(STUDIES[request.param])).files)


@pytest.mark.parametrize("name", ["submission.json", "submission.tsv"])
def test_the_backend_takes_the_page_and_its_lists(folder: Path, name: str) -> None:
    errors, warnings, _ = made.pagetab_errors(folder / name)
    assert (errors, warnings) == ([], [])


@pytest.mark.parametrize("name", ["submission.json", "submission.tsv"])
def test_the_form_takes_the_page(folder: Path, name: str) -> None:
    assert made.template_errors(folder / name) == []


def test_json_and_tsv_say_the_same(folder: Path) -> None:
    check = made.checker("pagetab_check")
    tsv, errors = check.parse_tsv((folder / "submission.tsv").read_text("utf-8"))

    def plain(item: object) -> object:
        """Without empty parts; quotes in a text of several lines as TSV must write them."""
        if isinstance(item, dict):
            return {k: plain(v) for k, v in item.items() if v not in ([], "")}
        if isinstance(item, str) and "\n" in item:
            return item.replace('"', "″")
        return [plain(x) for x in item] if isinstance(item, list) else item

    page = json.loads((folder / "submission.json").read_text("utf-8"))
    assert errors == []
    assert plain(tsv) == plain(page)


def test_nothing_is_reported_for_a_good_study() -> None:
    assert [f for f in made.checked(made.RICH) if f.severity == "error"] == []


@made.needs_ingest
@pytest.mark.parametrize("name", ["submission.json", "submission.tsv"])
def test_the_archives_ingest_reads_everything(folder: Path, name: str) -> None:
    report = made.ingest(folder / name)
    # bia-ingest says this of every study with annotation sets: it looks at components and annotations in turn
    warnings = [w for w in report["warnings"] if not w.startswith("Number of datasets with file lists")]
    assert (report["status"], report["errors"], warnings) == ("Success", [], [])
    assert [a for a in report["audit"] if "qualifiers" not in a] == []


def test_same_study_same_bytes() -> None:
    once, again = (made.whole(made.rendered(made.submission(made.RICH)).files) for _ in range(2))
    assert once == again
