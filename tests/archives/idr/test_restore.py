"""The way back: what we wrote for IDR becomes the same files again, and published studies say the same.

What a published study loses is named here, study by study, with the reason.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.submission import to_tables
from tests.archives.idr.again import Round, around, items
from tests.archives.idr.studies import both, screen
from tests.archives.idr.test_parsing import SAMPLES, needs_samples, sample
from tests.support import TODAY

idr = package("idr")
EXAMPLES = Path(__file__).parents[3] / "examples"
WRITTEN = sorted(p.parent.parent.name for p in EXAMPLES.glob("*/expected/idr"))


def files_of(example: str) -> dict[str, bytes]:
    """What an example becomes for IDR."""
    home = EXAMPLES / example / "expected" / "idr"
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("example", WRITTEN)
def test_our_own_files_come_back_byte_by_byte(example: str) -> None:
    files = files_of(example)
    found = around(files)
    assert not found.errors
    made = {n: c for n, c in found.files.items() if n in files}
    assert made.keys() == files.keys()
    assert [n for n in files if made[n] != files[n]] == []


@pytest.mark.parametrize("made", [screen(), both()], ids=["screen", "screen and experiment"])
def test_a_study_of_several_components_comes_back(made) -> None:  # type: ignore[no-untyped-def]
    document = idr.build(made, TODAY).document
    files = {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in idr.render(document).files.items()}
    found = around(files)
    assert not found.errors and not found.not_understood
    differ = {n for n in files if found.files.get(n) != files[n]}
    assert {n for n in differ if not n.endswith("-study.txt")} == set()
    number, missing = items(found.before, found.after)
    assert number > 100 and missing == []


# errors that `check` finds since the record has them, and what is said otherwise or not at all: key, value, reason
RECORDS: dict[str, tuple[set[str], list[tuple[str, str, str]]]] = {
    "idr0002-heriche-condensation": (set(), []),
    "idr0056-stojic-lncrnas": (
        # screens A and B have no annotation here; K18 stands twice; identifiers were dragged down in a spreadsheet
        {"IDR-WELL-UNLIKE", "PATH-TWICE", "TERM-ID-MISMATCH", "FILES-NONE", "IDR-NO-ROWS"},
        [
            (r"Gene .*|RefSeq .*|siRNA .*|Reagent Design .*", ".*", "two reagents for the well K18, which is one row"),
            ("Study Person Email", ".*", "a second address of one person"),
            (
                "Protocol Description",
                "Growth Protocol.*",
                "its parts, each behind its name, are protocols of their own",
            ),
            ("Library Version", "Library Experimental Conditions", "a key on the line of another"),
        ],
    ),
    "idr0062-blin-nuclearsegmentation": (set(), []),
    "idr0079-hartmann-lateralline": (
        set(),
        [("Processed Data Column Type", "Processed Data Column Annotation Level", "a key on the line of another")],
    ),
    "idr0080-way-perturbation": ({"FILES-NONE", "IDR-NO-ROWS"}, []),  # its annotation is not in the folder
    "idr0085-walsh-mfhrem": (set(), []),
    "idr0148-schumacher-kidneytem": (set(), []),
}


@pytest.fixture(scope="module", params=RECORDS)
def record(request: pytest.FixtureRequest) -> tuple[str, Round]:
    if not SAMPLES.is_dir():
        pytest.skip("IDR's own files lie in ../shared/samples/idr, which is not here")
    return request.param, around(sample(request.param))


def test_check_finds_the_faults_of_a_record_and_no_others(record: tuple[str, Round]) -> None:
    name, found = record
    assert found.errors == RECORDS[name][0]


def test_a_record_says_the_same_again(record: tuple[str, Round]) -> None:
    name, found = record
    number, missing = items(found.before, found.after)
    reasons = RECORDS[name][1]
    open_ = [
        x for x in missing if not any(re.fullmatch(k, x[1]) and re.fullmatch(v, x[2], re.S) for k, v, _ in reasons)
    ]
    assert open_ == []
    for key, value, why in reasons:
        assert any(re.fullmatch(key, k) and re.fullmatch(value, v, re.S) for _, k, v in missing), (
            f"explains nothing: {why}"
        )
    assert len(missing) <= 0.02 * number


def test_the_rows_of_a_record_are_there_again(record: tuple[str, Round]) -> None:
    _, found = record
    for before, after in zip(found.before.components, found.after.components, strict=True):
        rows = {tuple(r) for r in map(tuple, before.annotation)}
        assert len(list(after.annotation)) in (len(rows), len(list(before.annotation)), len(rows) - 2)


@needs_samples
def test_samples_are_the_fewest(record: tuple[str, Round]) -> None:
    name, found = record
    most = {"idr0002": (1, 1), "idr0062": (6, 2), "idr0079": (2, 2), "idr0085": (3, 1), "idr0148": (1, 1)}
    if name[:7] in most:
        sub = found.submission
        assert (len(sub.biosamples), len(sub.specimens)) == most[name[:7]]


@needs_samples
def test_a_folder_is_recognised_by_what_is_in_it() -> None:
    files = sample("idr0079-hartmann-lateralline")
    assert idr.recognises(files)
    study = next(c for n, c in files.items() if n.endswith("-study.txt"))
    assert idr.recognises({"anything.dat": study})
    assert not idr.recognises({n: c for n, c in files.items() if not n.endswith("-study.txt")})
    assert not idr.recognises({}) and not idr.recognises({"study.txt": b"Study Title\tx\n"})


def rewritten(change) -> Round:  # type: ignore[no-untyped-def]
    return around({m: d for n, c in files_of("nuclear-segmentation").items() for m, d in change(n, c).items()})


@pytest.mark.parametrize(
    "change",
    [
        lambda n, c: {f"{n}.gz": gzip.compress(c)} if n.endswith("annotation.csv") else {n: c},
        lambda n, c: {n: b"\xef\xbb\xbf" + c.replace(b"\n", b"\r\n")},
        lambda n, c: {n: c.decode().encode("utf-16") if n.endswith("assays.txt") else c},
        lambda n, c: {n.replace("-study.txt", "_Study.txt"): c},
    ],
    ids=["packed", "marks and carriage returns", "UTF-16", "another name"],
)
def test_other_forms_of_the_same_files_say_the_same(change) -> None:  # type: ignore[no-untyped-def]
    plain = around(files_of("nuclear-segmentation"))
    assert rewritten(change).files == plain.files


MORE = {"Study Copyright": "Somebody else", "Study Version History": "Second", "Study Weather": "fine"}


def test_lines_that_no_column_is_for_stand_in_comments_and_come_back() -> None:
    files = files_of("kidney-organoid-light-sheet")
    name = next(n for n in files if n.endswith("-study.txt"))
    more = "".join(f"{k}\t{v}\n" for k, v in MORE.items()).encode()
    found = around({**files, name: files[name].replace(b"Study Copyright\tHeld et al\n", more)})
    comments = found.submission.study_components[0].comments.splitlines()
    assert {f"{k}: {v}" for k, v in MORE.items()} <= set(comments) and not found.not_understood
    said = {line.key: line.values for b in (*found.after.blocks, *found.after.components[0].blocks) for line in b.lines}
    assert (said["Study Copyright"], said["Study Version History"]) == (("Somebody else",), ("Second",))
    assert "Study Weather: fine" in said["Experiment Comments"]
    assert around(found.files).files == found.files


def test_a_study_without_components_lists_them() -> None:
    study = b"Comment[IDR Study Accession]\tidr0999\nStudy Title\tT\nStudy Weather\tfine\n"
    restored = idr.restore(idr.parse({"s/idr0999-study.txt": study}).document)
    assert any("fine" in n for n in restored.not_understood)


def small(head: list[str], rows: list[list[str]], more: str = "") -> Round:
    """An experiment of a few rows, with more lines in its component."""
    csv = "\n".join(",".join(r) for r in (head, *rows)).encode()
    study = (
        "Comment[IDR Study Accession]\tidr0999\nStudy Title\tT\nStudy Experiments Number\t1\nExperiment Number\t1\n"
        f"Comment[IDR Experiment Name]\tidr0999-a-b/experimentA\n{more}"
    )
    annotation = "s/experimentA/idr0999-experimentA-annotation.csv"
    return around({"s/idr0999-study.txt": study.encode(), annotation: csv})


HEAD = ["Dataset Name", "Image Name", headings.ORGANISM]
ROWS = [["d", f"{n}.tif", "Homo sapiens"] for n in range(4)]


def test_protocols_without_a_text_and_names_of_lone_ones_are_kept() -> None:
    names = "Protocol Name\tculture\ttreatment protocol\tclearing\n"
    kinds = "Protocol Type\tgrowth protocol\ttreatment protocol\tdata analysis protocol\n"
    found = small(HEAD, ROWS, f"{names}{kinds}Protocol Description\tIn broth.\t\t\n")
    assert items(found.before, found.after)[1] == []


@pytest.mark.parametrize("words", [("Raw image", "Raw image"), ("raw", "derived"), ("", "czi")])
def test_the_type_of_a_file_is_in_the_words_of_the_record(words: tuple[str, str]) -> None:
    rows = [[*r, words[n % 2]] for n, r in enumerate(ROWS)]
    found = small([*HEAD, headings.FILE_TYPE], rows)
    assert items(found.before, found.after)[1] == []


def test_a_column_that_is_called_like_one_of_the_records_keeps_both() -> None:
    rows = [[*r, "raw", f"f{n % 2}"] for n, r in enumerate(ROWS)]
    found = small([*HEAD, headings.FILE_TYPE, "Image File Type"], rows)
    assert items(found.before, found.after)[1] == []


@pytest.mark.parametrize(("ref", "code"), [("NCBI Taxon", "NCBI_9606"), ("Tree", "of life 7"), ("BTO", "4755")])
def test_accessions_in_any_form_come_back(ref: str, code: str) -> None:
    rows = [[*r, ref, code] for r in ROWS]
    found = small([*HEAD, "Term Source 1 REF", "Term Source 1 Accession"], rows)
    assert items(found.before, found.after)[1] == []


def test_a_first_row_that_says_nothing_is_not_the_sample() -> None:
    """A screen whose plates begin with wells that were left empty."""
    head = ["Plate", "Well", headings.ORGANISM, "Characteristics [Cell Line]", "Control Type"]
    rows = [["p", f"A{n}", *(["", "", "empty well"] if n < 3 else ["Homo sapiens", "HeLa", ""])] for n in range(1, 9)]
    csv = "\n".join(",".join(r) for r in (head, *rows)).encode()
    study = (
        b"Comment[IDR Study Accession]\tidr0999\nStudy Title\tT\nStudy Screens Number\t1\nScreen Number\t1\n"
        b"Comment[IDR Screen Name]\tidr0999-a-b/screenA\nScreen Type\tprimary screen\n"
    )
    found = around({"s/idr0999-study.txt": study, "s/screenA/idr0999-screenA-annotation.csv": csv})
    assert items(found.before, found.after)[1] == []


def test_channels_of_several_rounds_with_one_dye_are_several() -> None:
    rows = [[*r, "AF647:Cycle1_CD99; Hoechst:Cycle1_DNA; AF647:Cycle2_CD5; Hoechst:Cycle2_DNA"] for r in ROWS]
    found = small([*HEAD, headings.CHANNELS], rows)
    assert "NAME-TWICE" not in found.errors and len(found.submission.channels) == 4
    assert items(found.before, found.after)[1] == []


def test_columns_that_name_rows_stay_in_rows() -> None:
    """A strain for each well is no sample of its own; an organism that a component shares is one."""
    head = ["Plate", "Well", headings.ORGANISM, "Characteristics [Strain]", "Characteristics [Genotype]"]
    rows = [["p", f"{'ABCDEFGH'[n // 12]}{n % 12 + 1}", "Saccharomyces cerevisiae", f"s{n}", "wt"] for n in range(96)]
    csv = "\n".join(",".join(r) for r in (head, *rows)).encode()
    study = (
        b"Comment[IDR Study Accession]\tidr0999\nStudy Title\tT\nStudy Screens Number\t1\nScreen Number\t1\n"
        b"Comment[IDR Screen Name]\tidr0999-a-b/screenA\nScreen Type\tprimary screen\n"
    )
    sub = idr.restore(
        idr.parse({"s/idr0999-study.txt": study, "s/screenA/idr0999-screenA-annotation.csv": csv}).document
    ).submission
    assert len(sub.biosamples) == len(sub.specimens) == len(sub.image_data) == 1
    assert [v.text for v in sub.biosamples[0].intrinsic_variables] == ["Genotype: wt"]
    assert sub.own_columns == ("Strain",)
    assert len(to_tables(sub)["files"].frame) == 96


@pytest.mark.parametrize("word", ["ID", "Identifier", "Accession"])
def test_a_column_of_catalogue_numbers_is_no_column_of_terms(word: str) -> None:
    """X beside X Identifier, as studies of antibodies have them: both come back under their own heading."""
    head = ["Dataset Name", "Image Name", headings.ORGANISM, "Experimental Condition [Probe 1]", f"Probe 1 {word}"]
    rows = [["d", f"{n}.tif", "Homo sapiens", f"anti-p{n}", f"AB_{n}"] for n in range(8)]
    csv = "\n".join(",".join(r) for r in (head, *rows)).encode()
    study = (
        b"Comment[IDR Study Accession]\tidr0999\nStudy Title\tT\nStudy Experiments Number\t1\nExperiment Number\t1\n"
        b"Comment[IDR Experiment Name]\tidr0999-a-b/experimentA\n"
    )
    found = around({"s/idr0999-study.txt": study, "s/experimentA/idr0999-experimentA-annotation.csv": csv})
    number, missing = items(found.before, found.after)
    assert number > 30
    assert not [m for m in missing if m[1].startswith("Probe")]
