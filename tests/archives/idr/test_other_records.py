"""Shapes of published studies that the samples do not show, each as a small record of its own; and any other studies.

With IDR_RECORDS naming a folder of studies each of them is taken round: at least 98 % of its items are said again, and
nothing is lost of which nothing is said.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from rembi_sheets import checks
from rembi_sheets.archives import package
from rembi_sheets.archives.idr.facts import headings
from rembi_sheets.archives.idr.parse import texts
from rembi_sheets.fill.sources.record import known
from rembi_sheets.submission import from_tables, to_tables
from tests.archives.idr.again import Round, around, items
from tests.support import TODAY

idr = package("idr")

OTHERS = os.environ.get("IDR_RECORDS", "")
_HEAD = "Comment[IDR Study Accession]\tidr0999\nStudy Title\tT\n"
_LEAST = 0.98


def record(kind: str, table: list[list[str]], *lines: str, study: str = "", **beside: str) -> dict[str, bytes]:
    """A study of one component: its annotation, lines of it and of the study, and files beside by their names' ends."""
    low, csv = kind.lower(), "\n".join(",".join(f'"{c}"' if "," in c else c for c in row) for row in table)
    own = "".join(f"{line}\n" for line in lines)
    head = f"{_HEAD}{study}{kind} Number\t1\nComment[IDR {kind} Name]\tidr0999-a-b/{low}A\n{own}"
    files = {"s/idr0999-study.txt": head.encode()}
    if table:
        files[f"s/{low}A/idr0999-{low}A-annotation.csv"] = csv.encode()
    return files | {f"s/{low}A/idr0999-{low}A-{n.replace('__', '.')}": t.encode() for n, t in beside.items()}


IMAGES = [["Dataset Name", "Image Name", headings.ORGANISM], *(["d", f"{n}.tif", "Homo sapiens"] for n in range(4))]
WELLS = [["Plate", "Well", headings.ORGANISM], *(["p/1", f"A{n}", "Homo sapiens"] for n in range(1, 5))]


def beside(table: list[list[str]], head: list[str], *rows: list[str]) -> list[list[str]]:
    """A table with more columns; of fewer rows than it has the last is repeated."""
    more = [*rows, *[rows[-1]] * len(table)]
    return [[*table[0], *head], *([*row, *more[n]] for n, row in enumerate(table[1:]))]


def said(files: dict[str, bytes]) -> Round:
    """The record taken round; everything in it is said again."""
    found = around(files)
    assert items(found.before, found.after)[1] == []
    return found


def zipped(**files: bytes) -> bytes:
    with zipfile.ZipFile(made := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("ending", [".zip", ".gz", "_1.csv.gz"])
def test_packed_annotations_are_read(ending: str) -> None:
    files = record("Experiment", IMAGES)
    name = next(n for n in files if n.endswith(".csv"))
    content = files.pop(name)
    half = content.index(b"\n", 60) + 1
    packed = {
        ".zip": zipped(**{"a.csv": content, "__MACOSX/a.csv": b"x"}),
        ".gz": gzip.compress(content[:half]) + gzip.compress(content[half:]),
        "_1.csv.gz": gzip.compress(content),
    }[ending]
    assert said({**files, name.removesuffix(".csv" if ending[0] == "_" else "") + ending: packed}).before.components[
        0
    ].annotation.header == tuple(IMAGES[0])


@pytest.mark.parametrize(
    "content",
    [zipped(a=b"1", b=b"2"), zipped(a=b"1")[:-9], b"PK\x03\x04", b"\x1f\x8b\x08", gzip.compress(b"1")[:-3], zipped()],
    ids=["two files", "zip cut off", "begin of a zip", "begin of a gzip", "gzip cut off", "nothing"],
)
def test_what_cannot_be_unpacked_is_told(content: bytes) -> None:
    files = record("Experiment", [])
    parsed = idr.parse({**files, "s/experimentA/idr0999-experimentA-annotation.csv.zip": content})
    assert parsed.not_understood


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST", 1000)
    assert [texts.unpacked(c) for c in (zipped(a=b"0" * 1001), gzip.compress(b"0" * 1001))] == [None, None]
    assert len(texts.unpacked(zipped(a=b"0" * 1000)) or b"") == 1000


def test_a_folder_with_a_zip_is_read(tmp_path: Path) -> None:
    files = record("Experiment", IMAGES)
    name = next(n for n in files if n.endswith(".csv"))
    files[f"{name}.zip"] = zipped(a=files.pop(name))
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    found = known(tmp_path / "s", True, {})
    assert found and sum(p.sheet == "files" and p.column == "path" for p in found.proposals) == 4


def test_quotes_of_a_spreadsheet_are_no_part_of_a_name() -> None:
    said_twice = "expressed, uniform"
    table = f'Image Name\tPhenotype 1\n0.tif\t"{said_twice}"\n'
    lines = [
        f'Phenotype Name\t"{said_twice}"',
        "Processed Data File Name\tr.txt",
        "Processed Data Column Name\tImage Name",
    ]
    link = "Processed Data Column Link To Assay File\tImage Name"
    found = said(record("Experiment", IMAGES, *lines, link, processed__txt=table))
    assert "IDR-PHENOTYPE-UNKNOWN" not in found.errors
    assert [p.name for p in found.submission.phenotypes] == [said_twice]


@pytest.mark.parametrize("kind", ["Screen", "Experiment"])
def test_names_with_wildcards_are_no_patterns_of_paths(kind: str) -> None:
    table = WELLS if kind == "Screen" else IMAGES
    names = [["*70117 ?", *row[1:]] for row in table[1:]]
    assert not {"PATH-WILDCARD"} & said(record(kind, [table[0], *names])).errors


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("path", ["/uod/idr/filesets/idr0999-a-b/20200101-plates/x_1", "../screens/x.screen", "x_1"])
def test_plates_are_known_by_their_names_in_either_column(swap: bool, path: str) -> None:
    row = [path, "p/1"] if swap else ["p/1", path]
    found = said(record("Screen", WELLS, "Screen Type\tprimary screen", plates__tsv="\t".join(row) + "\n"))
    assert not found.not_understood
    assert {str(v).rpartition("/")[2] for v in found.submission.tables["files"].values("path")} == {
        path.rpartition("/")[2]
    }


def test_images_of_one_file_in_several_datasets_are_rows_of_their_own() -> None:
    names = [["d", "1.ndpi [0]"], ["d overview", "1.ndpi [macro]"], ["d mask", "1.ndpi [mask]"]]
    table = [[*IMAGES[0], headings.PATH], *([*n, "Homo sapiens", "1.ndpi [0]"] for n in names)]
    found = said(
        record("Experiment", table, filePaths__tsv="".join(f"Dataset:name:{d}\t1.ndpi\t{i}\n" for d, i in names))
    )
    assert "PATH-TWICE" not in found.errors


def test_components_that_begin_alike_keep_their_descriptions() -> None:
    told = "We adapted the assay. Rudiments were {}."
    lines = [f"Experiment Description\t{told.format('fixed')}", "Experiment Number\t2"]
    lines += [
        "Comment[IDR Experiment Name]\tidr0999-a-b/experimentB",
        f"Experiment Description\t{told.format('alive')}",
    ]
    said(record("Experiment", IMAGES, *lines))


@pytest.mark.parametrize("accession", ["S-BSMS-PGPC1", "S-BSST12", "S-JCBD-2"])
def test_accessions_of_biostudies_stay_whole(accession: str) -> None:
    found = said(record("Experiment", IMAGES, study=f"Study BioStudies Accession\t{accession}\n"))
    assert accession.encode() in found.files["idr0999-a-b/idr0999-study.txt"]


def test_further_study_types_are_kept() -> None:
    terms = "Study Type Term Source REF\tEFO\tEFO\nStudy Type Term Accession\tEFO_0007550\tEFO_0000544\n"
    said(record("Screen", WELLS, study=f"Study Type\thigh content screen\tinfection\n{terms}"))


def test_names_of_columns_may_be_keys() -> None:
    names = "Image Name\tPhenotype Description\tScore"
    kept = said(
        record(
            "Experiment",
            IMAGES,
            "Phenotype Name\tlarge",
            "Phenotype Description\tlarger than others",
            f"Processed Data Column Name\t{names}",
            "Processed Data Column Description\tname\tnotes\tmean area",
        )
    )
    assert len(kept.submission.processed_columns) == 3


def test_lines_of_screens_in_an_experiment_are_its_own() -> None:
    columns = ["Processed Data Column Name\tImage Name\tScore", "Processed Data Column Description\tname\tmean area"]
    link = "Processed Data Column Link To Library File\tImage Name"
    table = "Image Name\tScore\n0.tif\t3\n"
    found = said(record("Experiment", IMAGES, "Processed Data File Name\tr.txt", *columns, link, processed__txt=table))
    assert [c.links_to_files for c in found.submission.processed_columns] == [True, None]


@pytest.mark.parametrize(
    "line", ["Screen Type primary screen", "Screen Type  primary screen\t\t", "Screen Type \tprimary screen"]
)
def test_a_key_with_blanks_behind_it_is_that_key(line: str) -> None:
    found = said(record("Screen", WELLS, line))
    assert found.submission.study_components[0].screen_type == "primary screen"


@pytest.mark.parametrize(
    "name", ["hit detection protocol", "image analysis protocol", "sample collection protocol", "IBEX"]
)
def test_types_of_protocols_of_ones_own_are_kept(name: str) -> None:
    names = f"growth protocol\ttreatment protocol\t{name}"
    said(
        record(
            "Experiment", IMAGES, f"Protocol Name\t{names}", f"Protocol Type\t{names}", "Protocol Description\ta\tb\tc"
        )
    )


def test_a_text_keeps_the_names_of_protocols_within_it() -> None:
    """What a protocol without a text takes out of that before it is its own part, and no word of the other."""
    own = "Tracks were made after a track assay: imaging. Track assay - as before."
    lines = ["Protocol Name\ttrack assay\tcounting", "Protocol Type\tgrowth protocol\tdata analysis protocol"]
    told = f"Protocol Description\tTrack assay: {own} Counting - Cells were counted.\t"
    found = around(record("Experiment", IMAGES, *lines, told))
    assert found.submission.specimens[0].growth_protocol == own
    assert found.submission.analysed_data[0].method == "Cells were counted."


def test_variables_of_a_screen_without_rows_are_kept() -> None:
    said(record("Screen", [], "Screen Type\tprimary screen", "Library Experimental Conditions\tmutant strain\tdose"))


@pytest.mark.parametrize(("value", "code"), [("FIG1", "EFO_0001275;EFO_0001270"), ("", "EFO:0000001; UBERON:0000002")])
def test_several_accessions_in_a_cell_are_all_kept(value: str, code: str) -> None:
    head = ["Comment [Gene Symbol 2]", "Term Source Accession"]
    said(record("Experiment", beside(IMAGES, head, [value, code], ["FIG2", "EFO_0001275"])))


@pytest.mark.parametrize("kind", ["Feature Level Data", "Processed Data"])
def test_columns_of_results_that_stand_twice_are_one_and_lose_nothing(kind: str) -> None:
    columns = f"{kind} Column Name\tImage Name\tarea\tArea\tarea\t"
    told = f"{kind} Column Description\tits name\tin pixels\tin square micrometres\tin pixels\twithout a name"
    found = around(record("Experiment", IMAGES, f"{kind} File Name\tr.txt", columns, told))
    assert "NAME-TWICE" not in found.errors
    missing = [m for m in items(found.before, found.after)[1] if m[2] != "without a name"]
    assert missing == []
    assert kind.startswith("Processed") or items(found.before, found.after)[1] == []


def test_the_kind_of_a_column_that_stands_twice_is_kept_where_it_is_another() -> None:
    lines = (
        "Processed Data File Name\tr.txt",
        "Processed Data Column Name\tImage Name\tarea\tarea",
        "Processed Data Column Type\tother\tother\treagent identifier",
        "Processed Data Column Description\tits name\tin pixels\tin pixels",
    )
    found = around(record("Experiment", IMAGES, *lines))
    assert "area: reagent identifier" in found.submission.study_components[0].comments


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (["Term Source 1 REF", "Characteristics [Sex]"], ["4932", "male"]),
        (["Characteristics [Sex]", "Term Source Accession"], ["", "PATO_0000384"]),
        (["Comment [Gene Symbol]", "Term Source 2 REF"], ["STL1", "SGD"]),
        (["Comment [Gene Symbol]", "Term Source 2 Accession"], ["", "EFO_0001275"]),
    ],
)
def test_sources_of_terms_without_their_other_half_are_kept(head: list[str], row: list[str]) -> None:
    table = [IMAGES[0][:2] + head + IMAGES[0][2:], *(r[:2] + row + r[2:] for r in IMAGES[1:])]
    said(record("Experiment", table))


@pytest.mark.parametrize(
    "cell",
    [
        "Channel 1 (Cy5): bases AT; Channel 2 (FITC): bases AA; Channel 3: empty",
        "concanavalin A (con A) 488:reticulum;Hoechst:nucleus",
        "EGFP (excitation: 488); DAPI (nuclei).",
        "A: x: y; A: z: w",
        ": nuclei",
        "::",
    ],
)
def test_channels_have_names_that_a_channel_may_have(cell: str) -> None:
    assert "FORMAT-BAD" not in said(record("Experiment", beside(IMAGES, [headings.CHANNELS], [cell]))).errors


@pytest.mark.parametrize(
    "line", ["Screen Technology Type\tgeographic screen", "Raw Image Organization\tone plate a day"]
)
def test_a_screen_without_rows_stays_a_screen(line: str) -> None:
    found = said(record("Screen", [], line, "Screen Sample Type\tcell", plates__tsv="p1\t../screens/p1.screen\n"))
    assert found.after.components[0].folder == "screenA"


@pytest.mark.parametrize("licence", ["CC BY-NC-SA 3.0", "CC BY-SA 3.0", "CC BY-ND 4.0"])
def test_licences_of_older_studies_are_licences(licence: str) -> None:
    address = f"https://creativecommons.org/licenses/{licence[3:-4].lower()}/{licence[-3:]}/"
    head = f"Study License\t{licence}\nStudy License URL\t{address}\n"
    assert "LIST-UNKNOWN" not in said(record("Experiment", IMAGES, study=head)).errors


def test_identifiers_of_persons_are_found_in_what_stands_around_them() -> None:
    head = "Study Person Last Name\tDoe\tRoe\nStudy Person Email\tdoe@example.org.\t<roe@example.org>\n"
    orcids = "Study Person ORCID\thttps://orcid.org/0000-0002-1825-0097/\t0000-0001-5109-3700 (Richard Roe)\n"
    found = around(record("Experiment", IMAGES, study=head + orcids))
    assert "FORMAT-BAD" not in found.errors
    assert [p.orcid[-4:] for p in found.submission.people] == ["0097", "3700"]


def test_a_cell_that_lists_files_on_lines_of_its_own_names_each() -> None:
    names = [f"features_{n}.csv" for n in range(40)]
    found = around(
        record("Experiment", IMAGES, "Feature Level Data File Name\t", *names, "Feature Level Data Column Name\tx")
    )
    assert [list(a.result_files) for a in found.submission.analysed_data] == [names]


def test_a_file_whose_name_has_blanks_is_one() -> None:
    found = around(record("Experiment", IMAGES, "Processed Data File Name\tmy results.csv", processed__txt="a\n1\n"))
    assert [list(a.result_files) for a in found.submission.analysed_data] == [["experimentA/my results.csv"]]


HOSTILE = {
    "absurd numbers": "Experiment Size\t5D Images: "
    + "9" * 5000
    + "\tAverage Image Dimension (XYZCT): "
    + "9" * 400
    + " x 5",
    "number": "Experiment Number\t" + "9" * 5000,
    "blanks": "Protocol Name\ta\nProtocol Description\t" + " " * 50000 + "b",
    "NUL": "Experiment Comments\ta\0b",
    "entities": "Experiment Comments\t<!DOCTYPE x [<!ENTITY a 'b'>]>&a; =cmd|calc",
    "folder": "Comment[IDR Experiment Name]\t../../etc/passwd",
    "results up": "Processed Data File Name\t../../x/../../evil.txt\nProcessed Data Column Name\ta",
    "results root": "Processed Data File Name\t/etc/evil.txt\nProcessed Data Column Name\ta",
    "results of Windows": "Processed Data File Name\tC:\\evil.txt\nProcessed Data Column Name\ta",
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_hostile_lines_end_in_findings(line: str) -> None:
    found = around(record("Experiment", IMAGES, *line.split("\n"), processed__txt="a\n1\n"))
    assert found.submission.study_components
    assert not {n for n in found.submission.attachments if ".." in n or ":" in n or n.startswith("/")}


CELLS = ["y" * 100_000, ":" * 5000, "(" * 5000, "a" + " " * 20_000 + "b", '"x', "\0", "=1+1", "\x1b"]


@pytest.mark.parametrize("cell", CELLS, ids=range(len(CELLS)))
def test_hostile_cells_end_in_findings(cell: str) -> None:
    table = beside(IMAGES, [headings.CHANNELS, "Comment [Source Image]"], [cell, "1.tif"])
    assert around(record("Experiment", table)).submission.study_components


def test_many_samples_of_one_specimen_are_work_by_their_number() -> None:
    """Each strain in a few wells: checked and converted in as many calls as there are rows, not in their square."""

    def calls(strains: int) -> int:
        rows = [[f"p{n // 96}", f"{'ABCDEFGH'[n % 96 // 12]}{n % 12 + 1}", f"s{n // 4}"] for n in range(4 * strains)]
        files = record("Screen", [["Plate", "Well", "Characteristics [Strain]"], *rows], "Screen Type\tprimary screen")
        sub = from_tables(to_tables(idr.restore(idr.parse(files).document).submission))
        assert len(sub.biosamples) == strains
        number = 0

        def count(*_: object) -> None:
            nonlocal number
            number += 1

        sys.setprofile(count)
        try:
            _ = checks.check_submission(sub, ("idr",)), idr.check(sub, TODAY)
        finally:
            sys.setprofile(None)
        return number

    calls(20)  # what is made once for all
    least = calls(20)
    assert calls(80) - least < 1.1 * (80 - 20) / (40 - 20) * (calls(40) - least)


@pytest.mark.skipif(not OTHERS, reason="IDR_RECORDS names no folder of published studies")
@pytest.mark.parametrize("folder", sorted(p.name for p in Path(OTHERS or ".").iterdir()) if OTHERS else [""])
def test_a_published_study_says_the_same_again(folder: str) -> None:
    base = Path(OTHERS) / folder
    files = {p.relative_to(base.parent).as_posix(): p.read_bytes() for p in sorted(base.rglob("*")) if p.is_file()}
    if not idr.recognises(files):
        pytest.skip("IDR_RECORDS: no study")
    found = around(files)
    number, missing = items(found.before, found.after)
    assert len(missing) <= (1 - _LEAST) * number, [*dict.fromkeys((w, k) for w, k, _ in missing)]
