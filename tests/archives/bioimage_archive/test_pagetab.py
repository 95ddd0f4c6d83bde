"""The page's two carriers: any text survives in JSON; in TSV it survives, or the change is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembi_sheets.archives.bioimage_archive.document import Attribute, Document, File, Link, Page, Section
from rembi_sheets.archives.bioimage_archive.parse.json_page import read_json
from rembi_sheets.archives.bioimage_archive.parse.tsv import read_tsv
from rembi_sheets.archives.bioimage_archive.render.json_page import write_json
from rembi_sheets.archives.bioimage_archive.render.tsv import PRIME, UnwritableError, write_cell, write_tsv
from rembi_sheets.values import clean
from tests.archives.bioimage_archive import made

# Texts as cells hold them, rich in what TSV makes trouble of.
TROUBLE = st.text(st.sampled_from("ab \"\\\t\n|#[]()<>,;µ″'·"), min_size=1, max_size=30)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
TEXT = (TROUBLE | ANY).map(clean).filter(bool)
NAME = st.text(st.sampled_from("abcdef XYZ"), min_size=1, max_size=12).map(str.strip).filter(bool)
RELEASE = Attribute("ReleaseDate", "2031-03-01")


def page_of(*texts: str) -> Page:
    attributes = tuple(Attribute("Description", t) for t in texts)
    return Page((RELEASE,), Section("Study", attributes, "study-1"))


def backend(tsv: bytes) -> dict[str, Any]:
    """The page as the independent checker reads it."""
    check = made.checker("pagetab_check")
    page, errors = check.parse_tsv(tsv.decode("utf-8"), lambda text: pytest.fail(text))
    assert errors == []
    found: dict[str, Any] = page
    return found


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_any_text_survives_in_json(texts: list[str]) -> None:
    page = page_of(*texts)
    assert read_json(write_json(page)) == (page, ())


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_any_text_survives_in_tsv_or_the_change_is_told(texts: list[str]) -> None:
    content, changes = write_tsv(page_of(*texts), read_tsv)
    read = backend(content)["section"]["attributes"]
    assert [a["name"] for a in read] == ["Description"] * len(texts)
    told = {c.text: c.written for c in changes}
    assert [a.get("value", "") for a in read] == [told.get(t, t) for t in texts]
    for text, written in told.items():
        assert '"' in text and written == text.replace('"', PRIME)


@given(st.lists(TROUBLE, min_size=1, max_size=3))
def test_even_texts_that_no_cell_holds_come_back_as_told(texts: list[str]) -> None:
    try:
        content, changes = write_tsv(page_of(*texts), read_tsv)
    except UnwritableError:
        return
    read = backend(content)["section"].get("attributes", [])
    told = {c.text: c.written for c in changes}
    assert [a.get("value", "").strip() for a in read] == [told.get(t, t).strip() for t in texts]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ('Protocol with the "slow" variant', 'Protocol with the "slow" variant'),
        ('5" disk', '5\\" disk'),
        ('"quoted" and 5"', '"quoted" and 5\\"'),
        ("two\nlines", '"two\nlines"'),
        ("a\ttab", '"a\ttab"'),
        ("two\n\nparagraphs", '"two\n\nparagraphs"'),
        ("# no comment", "# no comment"),
        ("[URL]", "[URL]"),
    ],
)
def test_texts_that_tsv_can_hold(text: str, cell: str) -> None:
    assert write_cell(text) == (cell, text)
    assert backend(write_tsv(page_of(text), read_tsv)[0])["section"]["attributes"][0]["value"] == text


def test_pairs_of_quotes_that_would_split_those_of_another_line() -> None:
    texts = ['a " x 3" b', '"a" x 3"b"']
    content, changes = write_tsv(page_of(*texts), read_tsv)
    told = {c.text: c.written for c in changes}
    assert [a["value"] for a in backend(content)["section"]["attributes"]] == [told.get(t, t) for t in texts]
    assert told


@pytest.mark.parametrize("text", ['a ""b"" c', 'a \\" b', 'two lines,\none "quoted"', '""'])
def test_texts_that_tsv_cannot_hold_get_double_primes(text: str) -> None:
    assert write_cell(text)[1] == text.replace('"', PRIME)


@settings(max_examples=200)
@given(st.binary(max_size=60) | TROUBLE.map(lambda t: ("Submission\nReleaseDate\t2031-01-01\n\n" + t).encode()))
def test_the_reader_never_fails_and_reads_as_the_backend_does(content: bytes) -> None:
    page, odd = read_tsv(content)
    check = made.checker("pagetab_check")
    try:
        found, errors = check.parse_tsv(content.decode("utf-8"))
    except (check.Reject, UnicodeDecodeError):
        assert page is None or odd
        return
    if not errors:
        assert page is not None
        assert [(a.name, a.value) for a in page.attributes] == [
            (a["name"], a.get("value")) for a in found["attributes"]
        ]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_the_json_reader_never_fails(content: bytes) -> None:
    page, odd = read_json(content)
    assert page is not None or odd


def json_data() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    keys = st.sampled_from(["accno", "type", "attributes", "section", "subsections", "links", "files", "name", "value"])
    return st.recursive(leaves, lambda x: st.lists(x, max_size=3) | st.dictionaries(keys, x, max_size=4), max_leaves=12)


@given(st.dictionaries(st.sampled_from(["attributes", "section", "type", "accno"]), json_data(), max_size=4))
def test_the_json_reader_takes_any_shape(data: dict[str, Any]) -> None:
    page, _ = read_json(json.dumps(data).encode())
    assert page is not None


# ---------------------------------------------------------------- whole pages

ATTRIBUTES = st.lists(
    st.builds(
        Attribute,
        NAME,
        TEXT,
        st.booleans(),
        st.just(()),
        st.lists(st.tuples(NAME, TEXT), max_size=2).map(tuple),
    ),
    max_size=3,
).map(tuple)
LINKS = st.lists(st.builds(Link, NAME, ATTRIBUTES), max_size=2).map(tuple)


@st.composite
def trees(draw: st.DrawFn) -> Page:
    """Pages of three levels with accnos of their own, links and qualifiers."""
    counter = iter(range(1000))

    def section(depth: int) -> Section:
        below = tuple(section(depth + 1) for _ in range(draw(st.integers(0, 2)))) if depth < 3 else ()
        kind = draw(NAME.filter(lambda n: n.casefold() not in ("link", "links", "file", "files")))
        return Section(kind, draw(ATTRIBUTES), f"s-{next(counter)}", draw(LINKS), (), below)

    return Page((RELEASE, *draw(ATTRIBUTES)), section(0))


@settings(max_examples=100)
@given(trees())
def test_pages_come_back_from_both_forms(page: Page) -> None:
    assert read_json(write_json(page)) == (page, ())
    content, changes = write_tsv(page, read_tsv)
    back, odd = read_tsv(content)
    assert odd == () and back is not None
    if not changes:
        assert back == page
    backend(content)


def test_tables_and_files_of_other_pages_are_carried() -> None:
    row = Section("Row", (Attribute("A", "1"), Attribute("B")), "r1")
    page = Page(
        (RELEASE,),
        Section(
            "Study",
            (Attribute("Keyword", "x"),),
            "s",
            links=((Link("a", (Attribute("Type", "gen"),)), Link("b", (Attribute("Type"),))),),
            files=(File("f.txt"), File("d", "directory"), (File("t1"), File("t2", attributes=(Attribute("x", "1"),)))),
            subsections=((row, Section("Row", (Attribute("A", "2"), Attribute("B", "3")), "r2")),),
        ),
    )
    assert read_json(write_json(page)) == (page, ())
    content, _ = write_tsv(
        Page(page.attributes, Section("Study", (), "s", subsections=page.section.subsections)), read_tsv
    )  # type: ignore[union-attr]
    assert content.endswith(b"Row[]\tA\tB\nr1\t1\nr2\t2\t3\n") or b"Row[]\tA\tB\nr1\t1\t\nr2\t2\t3\n" in content


def test_a_page_that_tsv_cannot_say_is_refused() -> None:
    nested = Section("Study", (), "s", subsections=(Section("A", (), "", subsections=(Section("B", (), "b"),)),))
    with pytest.raises(UnwritableError):
        write_tsv(Page((RELEASE,), nested), read_tsv)


def test_without_a_tsv_page_the_reason_is_told() -> None:
    nested = Section("Study", (), "s", subsections=(Section("A", (), "", subsections=(Section("B", (), "b"),)),))
    rendered = made.PACKAGE.render(Document(Page((RELEASE,), nested)))
    assert sorted(rendered.files) == ["submission.json"]
    assert [(f.code, f.severity.value) for f in rendered.findings] == [("BIA-TSV-LEFT-OUT", "warning")]


SAMPLES = sorted((made.SHARED / "samples" / "biostudies").glob("*.json"))


@pytest.mark.skipif(not SAMPLES, reason="published pages lie in ../shared/samples/biostudies, which is not here")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_published_pages_come_back_whole(path: Path) -> None:
    data = json.loads(path.read_bytes())
    page, odd = read_json(path.read_bytes())
    assert page is not None

    def plain(item: Any) -> Any:
        """Without nulls, empty lists and empty parts, which say nothing."""
        if isinstance(item, dict):
            return {k: plain(v) for k, v in item.items() if v not in ([], None, "") and k not in strange}
        return [plain(x) for x in item if x not in ({}, [])] if isinstance(item, list) else item

    strange = {o.rpartition("/")[2] for o in odd}
    assert plain(json.loads(write_json(page))) == plain(data)
    assert read_json(write_json(page)) == (page, ())


@pytest.mark.skipif(not SAMPLES, reason="published pages lie in ../shared/samples/biostudies, which is not here")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_published_pages_go_through_tsv(path: Path) -> None:
    page, _ = read_json(path.read_bytes())
    assert page is not None
    try:
        content, changes = write_tsv(page, read_tsv)
    except UnwritableError as error:
        assert "accno" in str(error)
        return
    back, odd = read_tsv(content)
    assert odd == () and back is not None
    again, more = write_tsv(back, read_tsv)
    assert (again, more) == (content, ()), changes
