"""Back from files to the document: what is written is read again, and gives the same bytes."""

from __future__ import annotations

import json

import pytest

from tests import support
from tests.archives.bioimage_archive import made

STUDIES = {"small": support.study(Study={"Archives": "BIA"}), "rich": made.RICH}


@pytest.mark.parametrize("name", STUDIES)
def test_our_own_files_come_back_byte_for_byte(name: str) -> None:
    files = made.whole(made.rendered(made.submission(STUDIES[name])).files)
    parsed = made.PACKAGE.parse(files)
    assert parsed.not_understood == ()
    again = made.whole(made.PACKAGE.render(parsed.document).files)
    del files["NEXT-STEPS.md"]  # told to people; nothing of it is data
    assert again == files


def test_the_tsv_page_alone_gives_the_same_page() -> None:
    files = made.whole(made.rendered(made.submission(support.study(Study={"Archives": "BIA"}))).files)
    page = files.pop("submission.json")
    assert made.content(made.PACKAGE.render(made.PACKAGE.parse(files).document).files["submission.json"]) == page


def test_a_wells_table_comes_back() -> None:
    rows = [
        {"Path": "p.flex", "Image data": "Organoid stacks", "Plate": "P1", "Well": w, "siRNA": w}
        for w in ("A01", "A02")
    ]
    sub = made.submission(support.study(Study={"Archives": "BIA"}, Files=rows))
    files = made.whole(made.rendered(sub).files)
    assert "file-lists/Organoid time lapse-wells.tsv" in files
    parsed = made.PACKAGE.parse(files)
    assert parsed.not_understood == ()
    assert made.whole(made.PACKAGE.render(parsed.document).files).items() <= files.items()


def test_what_has_no_place_in_a_page_is_named() -> None:
    files = made.whole(made.rendered(made.submission(made.RICH)).files)
    page = json.loads(files["submission.json"])
    page["section"]["tagRefs"] = ["x"]
    page["section"]["attributes"][0]["value"] = 7
    files["submission.json"] = json.dumps(page).encode()
    odd = made.PACKAGE.parse(files).not_understood
    assert odd == (
        "submission.json: submission/Study/tagRefs",
        "submission.json: submission/Study: Title: 7 is no text",
    )


def test_missing_and_surplus_lists_are_named() -> None:
    files = made.whole(made.rendered(made.submission(made.RICH)).files)
    files["file-lists/other.tsv"] = b"Files\tdose\na.tif\t1\t2\n"
    files["file-lists/bad.tsv"] = b"Name\na.tif\n"
    del files["file-lists/Time lapse.tsv"]
    odd = " / ".join(made.PACKAGE.parse(files).not_understood)
    assert "other.tsv: line 2 has more cells" in odd and "other.tsv: no section names" in odd
    assert "bad.tsv: the first heading is not Files" in odd
    assert "Time lapse.tsv: the file list is missing" in odd


@pytest.mark.parametrize(
    "files",
    [{}, {"submission.json": b"[]"}, {"submission.tsv": b"\xff"}, {"submission.tsv": b"Study\n"}, {"x.txt": b"x"}],
)
def test_files_without_a_page_give_no_document(files: dict[str, bytes]) -> None:
    parsed = made.PACKAGE.parse(files)
    assert parsed.document is None and parsed.not_understood
