"""Records that hold a thing twice, or in a circle, or absurdly much: right values or a note, never both of two."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.checks import check_submission
from rembi_sheets.submission import Submission
from tests.archives.idr.studies import screen
from tests.cases.base import GOOD
from tests.support import TODAY, submission

BIA, EMPIAR, IDR = package("bioimage-archive"), package("empiar"), package("idr")


def section(kind: str, accno: str, *attributes: tuple[str, str], below: Any = ()) -> dict[str, Any]:
    held = [{"name": n, "value": v} for n, v in attributes]
    return {"type": kind, "accno": accno, "attributes": held, "subsections": list(below)}


def page(*sections: dict[str, Any]) -> tuple[Submission, list[str]]:
    """What a page with these sections says, and what of it was not understood."""
    told = {"accno": "S-BIAD1", "type": "submission", "attributes": [{"name": "AttachTo", "value": "BioImages"}]}
    made = told | {"section": section("Study", "s1", ("Title", "T"), below=sections)}
    return restored(BIA, {"page.json": json.dumps(made).encode()})


def restored(archive: Any, files: dict[str, bytes]) -> tuple[Submission, list[str]]:
    parsed = archive.parse(files)
    back = archive.restore(parsed.document)
    return back.submission, [*parsed.not_understood, *back.not_understood]


def test_an_accno_of_two_organisations_is_that_of_none() -> None:
    author = section("Author", "", ("Name", "Ada Byron"), ("affiliation", "o1"))
    other = section("Author", "", ("Name", "Bo Foo"), ("affiliation", "o2"))
    made, told = page(
        author, other, *(section("organisation", a, ("Name", n)) for a, n in (("o1", "A"), ("o1", "B"), ("o2", "C")))
    )
    assert [[o.name for o in p.organisations] for p in made.people] == [[], ["C"]]
    assert {o.name for o in made.organisations} == {"A", "B", "C"}
    assert any("several organisations" in t for t in told) and any("o1 is no organisation" in t for t in told)


def test_the_same_organisation_twice_is_one() -> None:
    author = section("Author", "", ("Name", "Ada Byron"), ("affiliation", "o1"))
    made, _ = page(author, section("organisation", "o1", ("Name", "A")), section("organisation", "o1", ("Name", "A")))
    assert [[o.name for o in p.organisations] for p in made.people] == [["A"]]


@pytest.mark.parametrize("kind", ["Biosample", "Specimen", "Study Component", "Image acquisition"])
def test_sections_that_name_each_other_or_themselves_end_in_notes(kind: str) -> None:
    made, told = page(
        section(kind, "a", ("Title", "A"), ("Name", "A"), (kind, "b"), ("Biosample", "a")),
        section(kind, "b", ("Title", "B"), ("Name", "B"), (kind, "a"), ("Specimen", "b")),
    )
    kept = [line for c in made.study_components for line in c.description.splitlines()]
    assert made.study is not None and any(t.endswith(("b", "a")) for t in (*told, *kept))


TSV = "Submission\tS-BIAD1\nAttachTo\tBioImages\nTitle\tT\n\nStudy\ts1\nTitle\tT\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "Biosample\tb1\tb2\nTitle\tA\n\nBiosample\tb2\tb1\nTitle\tB\n",  # each below the other
        "Biosample\tb1\tb1\nTitle\tA\n",  # below itself
        "Biosample\tb1\ts1\nTitle\tA\n\nBiosample\tb1\ts1\nTitle\tB\n",  # twice
        "Study\ts1\ts1\nTitle\tU\n",
    ],
)
def test_circles_and_doubled_accnos_of_a_page_in_lines_are_told(text: str) -> None:
    _, told = restored(BIA, {"page.tsv": (TSV + text).encode()})
    assert any("accno" in t and ("b1" in t or "s1" in t) for t in told)


@pytest.mark.parametrize(
    "text", ["[" * 50_000, '{"section":' * 50_000 + "1" + "}" * 50_000, '{"a":1e999}', '"x"', "[]"]
)
@pytest.mark.parametrize("archive", [BIA, EMPIAR])
def test_what_is_nested_without_end_is_no_record(archive: Any, text: str) -> None:
    assert not archive.recognises({"x.json": text.encode()})


def deposition() -> dict[str, Any]:
    made = EMPIAR.render(EMPIAR.build(submission(), TODAY).document).files
    content = next(c for n, c in made.items() if n.endswith("deposition.json"))
    return dict(json.loads(content if isinstance(content, bytes) else b"".join(content())))


def test_lists_of_a_deposition_that_stand_twice_give_each_thing_once() -> None:
    plain = deposition()
    once, _ = restored(EMPIAR, {"deposition.json": json.dumps(plain).encode()})
    twice = {k: v + v if isinstance(v, list) else v for k, v in plain.items()}
    made, told = restored(EMPIAR, {"deposition.json": json.dumps(twice).encode()})
    for sheet in ("people", "organisations", "biosamples", "specimens", "image_data", "publications", "funding"):
        assert len(getattr(made, sheet)) == len(getattr(once, sheet)), sheet
    assert any("taken once" in t for t in told)


@pytest.mark.parametrize("bad", [None, 7, "x", [], {}, [None], [[[]]], {"a": {"b": 1}}, -1, True, "\ud800"])
def test_any_field_of_a_deposition_may_be_of_another_kind(bad: Any) -> None:
    plain = deposition()
    for odd in (0, 1):
        top = {k: bad if n % 2 == odd else v for n, (k, v) in enumerate(plain.items())}
        inner = {k: [dict.fromkeys(x, bad) if isinstance(x, dict) else bad for x in v] if isinstance(v, list) else v for k, v in plain.items()}  # fmt: skip  # noqa: E501
        for made in (top, inner):
            restored(EMPIAR, {"deposition.json": json.dumps(made).encode()})


def study_files() -> dict[str, bytes]:
    made = IDR.render(IDR.build(screen(), TODAY).document).files
    return {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in made.items()}


def changed(change: Any) -> tuple[Submission, list[str]]:
    files = study_files()
    name = next(n for n in files if n.endswith("-study.txt"))
    return restored(IDR, files | {name: change(files[name].decode()).encode()})


def part(text: str) -> str:
    return text[text.index("Screen Number") :]


@pytest.mark.parametrize("change", [lambda t: t + part(t), lambda t: t + "\n" + t], ids=["screen", "all"])
def test_a_screen_that_stands_twice_is_one(change: Any) -> None:
    (once, _), (made, told) = changed(lambda t: t), changed(change)
    assert [c.name for c in made.study_components] == [c.name for c in once.study_components]
    assert len(made.image_data) == len(once.image_data)
    assert len(made.tables["files"].frame) == len(once.tables["files"].frame)
    assert any("the first counts" in t for t in told)


def test_what_a_second_part_says_otherwise_is_told() -> None:
    _, told = changed(lambda t: t + part(t).replace("Screen Imaging Method\t", "Screen Imaging Method\tX-ray "))
    assert any("X-ray" in t for t in told)


@pytest.mark.parametrize("number", ["9" * 5000, "²", "", "1e999", "-1"])
def test_the_number_of_a_screen_may_be_none(number: str) -> None:
    made, _ = changed(lambda t: t.replace("Screen Number\t1", f"Screen Number\t{number}"))
    assert len(made.study_components) == 1


def test_a_copy_of_a_table_in_another_folder_is_read_once() -> None:
    files = study_files()
    name = next(n for n in files if n.endswith("-annotation.csv"))
    folder, _, bare = name.rpartition("/")
    once, _ = restored(IDR, files)
    made, told = restored(IDR, files | {f"{folder}/copies/{bare}": files[name]})
    assert len(made.tables["files"].frame) == len(once.tables["files"].frame)
    assert any("read once" in t for t in told)


@pytest.mark.parametrize(
    ("names", "twice"),
    [
        (("a [0]", "a [macro]"), False),
        (("a", "a"), True),
        (("a", None), True),
        ((None, None), True),
        (("A", "a"), True),
    ],
)
def test_rows_of_one_file_are_told_apart_by_the_names_of_its_images(names: tuple[Any, Any], twice: bool) -> None:
    first, *others = GOOD["Files"]
    rows = [{**first, "Image name": name} for name in names]
    found = check_submission(submission({**GOOD, "Files": [*rows, *others]}), ("idr",))
    assert any(f.code == "PATH-TWICE" for f in found) == twice
