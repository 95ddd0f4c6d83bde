"""Every example that goes to IDR: accepted by the rules of IDR's tools, and all that it says is shown."""

from __future__ import annotations

import datetime as dt
import shutil
import tomllib
from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.archives import package
from rembi_sheets.archives.idr.document import Study
from rembi_sheets.archives.idr.render import verify
from rembi_sheets.submission import Submission

idr = package("idr")

EXAMPLES = Path(__file__).parents[3] / "examples"
TODAY = dt.date(2026, 11, 22)
NAMES = sorted(
    p.parent.name for p in EXAMPLES.glob("*/example.toml") if "idr" in tomllib.loads(p.read_text("utf-8"))["archives"]
)
# the lines from which IDR's parser makes what OMERO shows of a study and its components
SHOWN = (
    *("Study Title", "Study Type", "Study Publication Title", "Study Author List", "Study PubMed ID", "Study PMC ID"),
    *("Study DOI", "Study Public Release Date", "Study License", "Study License URL", "Study Copyright"),
    *("Study External URL", "Study BioImage Archive Accession", "Study BioStudies Accession"),
    *("Study EMPIAR Accession", "Study Organism", "Study Description"),
    *(
        f"{k} {n}"
        for k in ("Screen", "Experiment")
        for n in ("Sample Type", "Organism", "Imaging Method", "Description")
    ),
    *("Screen Type", "Screen Technology Type"),
)


@pytest.fixture(scope="module", params=NAMES)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Submission, dict[str, bytes]]:
    source, folder = EXAMPLES / request.param, tmp_path_factory.mktemp(request.param)
    shutil.copy(source / f"{request.param}.xlsx", folder)
    if (source / "data").is_dir():
        shutil.copytree(source / "data", folder, dirs_exist_ok=True)
    conversion = pipeline.convert(pipeline.read(folder / f"{request.param}.xlsx"), ("idr",), today=TODAY)
    submission = conversion.checked.submission
    assert conversion.files and submission is not None, [f for f in conversion.findings if f.severity == "error"]
    return submission, {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in conversion.files.items()}


def test_the_rules_of_idrs_tools_hold(made: tuple[Submission, dict[str, bytes]]) -> None:
    name = next(n for n in made[1] if n.endswith("-study.txt"))
    parsed = idr.parse(made[1])
    assert parsed.not_understood == ()
    assert verify.study(parsed.document, made[1][name].decode("utf-8")) == []


def test_omero_would_show_what_the_workbook_says(made: tuple[Submission, dict[str, bytes]]) -> None:
    sub, files = made
    study: Study = idr.parse(files).document
    blocks = [*study.blocks, *(b for c in study.components for b in c.blocks)]
    shown = " | ".join(v for b in blocks for line in b.lines if line.key in SHOWN for v in line.values)
    facts = [sub.study.study_title, sub.study.study_type.label if sub.study.study_type else "", sub.study.license]
    facts += [x for p in sub.publications for x in (p.title, p.doi, p.pubmed_id, p.pmc_id, *p.authors)]
    facts += [sub.study.release_date.isoformat() if sub.study.release_date else ""]
    facts += [x.link for x in sub.links]
    facts += [o.label for b in sub.biosamples for o in b.organisms]
    for c in sub.study_components:
        facts += [c.name, c.screen_type, c.screen_technology, *(m.label for m in c.imaging_methods)]
    missing = [f for f in facts if f and f not in shown and f.replace("CC0", "CC0 1.0") not in shown]
    assert not missing


def test_every_image_or_well_has_its_row(made: tuple[Submission, dict[str, bytes]]) -> None:
    sub, files = made
    study: Study = idr.parse(files).document
    frames = [f[f["image_data"].notna() | f["annotation_set"].notna()] for f in (p.frame for p in sub.file_parts())]
    wells = sum(len(f[["plate", "well"]].dropna().drop_duplicates()) for f in frames)
    images = sum(int(f["well"].isna().sum()) for f in frames)
    assert sum(len(list(c.annotation)) for c in study.components) == wells + images > 0
