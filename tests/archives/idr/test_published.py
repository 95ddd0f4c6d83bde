"""Published studies: our annotation CSV of their workbook beside IDR's own, cell by cell.

Every row and every value of IDR's is there under its heading, but for the differences named here with their reasons.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rembi_sheets import pipeline

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT.parent / "shared" / "samples" / "idr"
TODAY = dt.date(2026, 11, 22)
Row = dict[str, str]


@dataclass(frozen=True)
class Reason:
    """Why values under a heading differ: `holds` tells from IDR's value, ours and the row's key whether it does."""

    heading: str
    why: str
    holds: Callable[[str, str, tuple[str, str]], bool]


@dataclass(frozen=True)
class Study:
    """An example, IDR's own file, the columns that name a row, headings that differ, rows and values that differ."""

    example: str
    csv: str
    keys: tuple[str, str]
    renamed: dict[str, str | None]
    reasons: tuple[Reason, ...]
    twice: frozenset[tuple[str, str]] = frozenset()


def ends(theirs: str, ours: str, _: tuple[str, str]) -> bool:
    return theirs.strip() == ours


BLANKS = Reason(".*", "IDR's value has blanks at its end, which its search counts apart", ends)


def filled_down(form: str, right: str) -> Callable[[str, str, tuple[str, str]], bool]:
    """A number that counts up row by row although the label beside it stays the same."""
    return lambda theirs, ours, _: bool(re.fullmatch(form, theirs.strip())) and ours == right


STUDIES = [
    Study(
        "chromosome-condensation-screen",
        "idr0002-heriche-condensation/screenA/idr0002-screenA-annotation.csv",
        ("Plate", "Well"),
        {"Comments": None},  # empty in every row, so it is left out
        (),
    ),
    Study(
        "lncrna-validation-screen",
        "idr0056-stojic-lncrnas/screenC/idr0056-screenC-annotation.csv",
        ("Plate", "Well"),
        {},
        (
            Reason(
                "Term Source 1 Accession",
                "9606 was dragged down in a spreadsheet: 11808, 11809 ..; all rows are Homo sapiens",
                filled_down(r"NCBITaxon_118\d\d", "NCBITaxon_9606"),
            ),
            Reason(
                "Term Source 2 Accession",
                "the accession of HeLa was dragged down",
                filled_down(r"EFO_00033\d\d", "EFO_0001185"),
            ),
            Reason(
                "Reagent Design Gene Annotation Build",
                "the version was dragged down from 54 to 110, and 2402 to 2407; the study file says 54",
                filled_down(
                    r"LncRNA Lincode library was based on  RefSeq version \d+",
                    "LncRNA Lincode library was based on  RefSeq version 54",
                ),
            ),
            Reason("Control Type", "spelled as in IDR's list", lambda t, o, _: t.casefold() == o),
            Reason(
                "Channels",
                "pairs of name and entity, as IDR's templates ask, instead of a sentence",
                lambda t, o, _: len(o.split(";")) == 4 and all(p.partition(":")[2] in t for p in o.split(";")),
            ),
        ),
        # two reagents are given for this well; one well has one row
        frozenset({("plate1", "K18"), ("plate2", "K18")}),
    ),
    Study(
        "nuclear-segmentation",
        "idr0062-blin-nuclearsegmentation/experimentA/idr0062-experimentA-annotation.csv",
        ("Dataset Name", "Image Name"),
        # the number tells which Characteristics they belong to
        {"Term Source REF": "Term Source 1 REF", "Term Source Accession": "Term Source 1 Accession"},
        (
            Reason(
                "Comment [Image File Path]",
                "below the data folder, and as in IDR's list of paths (one name ends in .tif.tif)",
                lambda t, o, _: t.strip().removeprefix("/").replace(".tif.tif", ".tif") == o,
            ),
            Reason(
                "Comment [Image File Type]",
                "empty in IDR's; raw or processed follows from the type of the image data",
                lambda t, o, _: t == "" and o in ("raw", "processed"),
            ),
            Reason(
                "Channels",
                "pairs of name and entity, as IDR's templates ask, instead of names",
                lambda t, o, _: {p.partition(":")[0] for p in o.split(";")} == set(re.split(r" / |, ", t)),
            ),
            Reason(
                "Characteristics [Cell Line]",
                "the name that Cellosaurus gives the line",
                lambda t, o, _: (t, o) == ("E14tg2a", "ES-E14TG2a"),
            ),
            Reason(
                "Comment [Image File Comments]",
                "a dash that was read in a wrong encoding",
                lambda t, o, _: t.replace("‚Äì", "–") == o,
            ),
        ),
    ),
]


def rows(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def converted(example: str, folder: Path) -> dict[str, bytes]:
    """The files of an example, its workbook copied beside its result files as a user has them."""
    source = ROOT / "examples" / example
    workbook = folder / f"{example}.xlsx"
    shutil.copy(source / workbook.name, workbook)
    if (source / "data").is_dir():
        shutil.copytree(source / "data", folder, dirs_exist_ok=True)
    made = pipeline.convert(pipeline.read(workbook), ("idr",), today=TODAY)
    assert made.files, [f for f in made.findings if f.severity == "error"]
    return {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in made.files.items()}


@pytest.fixture(scope="module", params=STUDIES, ids=lambda s: s.example)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Study, list[Row], list[Row]]:
    study: Study = request.param
    if not SAMPLES.is_dir():
        pytest.skip("IDR's own files lie in ../shared/samples/idr, which is not here")
    ours = next(
        c
        for n, c in converted(study.example, tmp_path_factory.mktemp(study.example)).items()
        if n.endswith("-annotation.csv")
    )
    return study, rows(ours), rows((SAMPLES / study.csv).read_bytes())


def key(study: Study, row: Row) -> tuple[str, str]:
    return row[study.keys[0]].strip(), row[study.keys[1]].strip()


def test_every_row_of_idr_is_there_and_no_other(pair: tuple[Study, list[Row], list[Row]]) -> None:
    study, ours, theirs = pair
    assert sorted(key(study, r) for r in ours) == sorted({key(study, r) for r in theirs})
    doubled = {key(study, r) for r in theirs if [key(study, x) for x in theirs].count(key(study, r)) > 1}
    assert doubled == study.twice


def test_every_heading_of_idr_is_there(pair: tuple[Study, list[Row], list[Row]]) -> None:
    study, ours, theirs = pair
    missing = [h for h in theirs[0] if h not in ours[0]]
    assert missing == list(study.renamed)
    for heading, other in study.renamed.items():
        if other is None:
            assert not any(r[heading] for r in theirs)
        else:
            assert other in ours[0]


def test_every_value_of_idr_is_there_or_differs_for_a_reason(pair: tuple[Study, list[Row], list[Row]]) -> None:
    study, ours, theirs = pair
    mine = {key(study, r): r for r in ours}
    done: set[tuple[str, str]] = set()
    used: set[str] = set()
    for row in theirs:
        at = key(study, row)
        if at in done and at in study.twice:
            continue
        done.add(at)
        for heading, value in row.items():
            shown = study.renamed.get(heading, heading)
            if shown is None or mine[at][shown] == value:
                continue
            fitting = [
                r
                for r in (*study.reasons, BLANKS)
                if re.fullmatch(r.heading.replace("[", r"\[").replace("]", r"\]"), heading)
                and r.holds(value, mine[at][shown], at)
            ]
            assert fitting, f"{at} {heading}: IDR has {value!r}, we have {mine[at][shown]!r}"
            used.add(fitting[0].why)
    assert used >= {r.why for r in study.reasons}, "a reason that explains nothing"
