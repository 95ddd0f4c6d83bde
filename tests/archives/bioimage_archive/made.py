"""A rich study for BioImage Archive, and what tests do with it: build, write, ask the independent checkers."""

from __future__ import annotations

import copy
import datetime as dt
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rembi_sheets import archives, checks
from rembi_sheets.archives import Built, Content, Rendered
from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission, from_tables
from tests import support

ARCHIVE = "bioimage-archive"
SHARED = Path(__file__).parents[4] / "shared"
TOOLS = SHARED / "tools"
PACKAGE = archives.package(ARCHIVE)

RICH: dict[str, Any] = {
    "Study": {
        "Study title": "Correlative imaging of nuclei in kidney organoids",
        "Study type": "time-lapse imaging",
        "Study description": "Nuclei were followed for two days.\nThen the same organoids were cut and imaged again.",
        "Keywords": "organoid; nephron; light sheet",
        "License": "CC BY 4.0",
        "Release date": dt.date(2027, 3, 1),
        "Acknowledgements": "We thank the imaging facility.",
        "Archives": "BIA",
        "Data folder": "organoid_study",
    },
    "People": [
        {
            "First name(s)": "Ada",
            "Last name": "Beispiel",
            "ORCID": "0000-0002-1825-0097",
            "E-mail": "ada@example.org",
            "Organisation": "Example Institute; Second University",
            "Role": "corresponding author; principal investigator",
        },
        {"Last name": "Muster", "E-mail": "bo@example.org", "Organisation": "Second University"},
    ],
    "Organisations": [
        {
            "Name": "Example Institute",
            "ROR ID": "https://ror.org/02mhbdp94",
            "Town or city": "Heidelberg",
            "Postcode": "69117",
            "Country": "Germany",
        },
        {"Name": "Second University", "Town or city": "Oslo", "Postcode": "0150", "Country": "Norway"},
    ],
    "Funding": [
        {"Funder": "Example Fund", "Grant ID": "EF-0042"},
        {"Funder": "Travel Fund"},
    ],
    "Publications": [
        {
            "Title": "Moving nuclei",
            "Authors": "Beispiel A; Muster B",
            "Year": 2026,
            "DOI": "10.1234/abcd.5678",
            "PubMed ID": "123456",
        }
    ],
    "Links": [
        {"Link": "https://example.org/protocol", "Description": 'Protocol with the "slow" variant'},
        {"Link": "10.5281/zenodo.123", "Link type": "DOI"},
        {"Link": "EMD-1234", "Description": "Map made from these images"},
        {"Link": "P12345", "Link type": "UniProt"},
    ],
    "Study components": [
        {
            "Name": "Time lapse",
            "Imaging method": "light sheet fluorescence microscopy",
            "Study component description": "Stacks taken every five minutes.",
        },
        {
            "Name": "Sections / EM",
            "Imaging method": "transmission electron microscopy",
            "Study component description": "Sections of the same organoids.",
        },
    ],
    "Biosamples": [
        {
            "Identity": "Wild type",
            "Biological entity": "HeLa",
            "Organism": "Homo sapiens",
            "Intrinsic variable": "genotype: wild type",
        },
        {
            "Identity": "Treated; no, knock-down".replace(";", ","),
            "Biological entity": "HeLa; nucleus",
            "Organism": "Homo sapiens; Mus musculus",
            "Extrinsic variable": "Compound: nocodazole [CHEBI:34892]; temperature: 37",
            "Description": "A second sample",
        },
    ],
    "Specimens": [
        {
            "Name": "Cleared",
            "Biosample": "Wild type; Treated, no, knock-down",
            "Preparation method": "Fixed in 4 % PFA.\nCleared.",
            "Experimental status": "test",
            "Location within Biosample": "cortex",
            "Growth protocol": "Grown on Matrigel.",
            "Signal/contrast mechanism": "fluorescent protein; autofluorescence",
        },
        {
            "Name": "Embedded",
            "Biosample": "Wild type",
            "Preparation method": 'Osmium, Epon; "thin" sections.',
            "Experimental status": "control",
        },
    ],
    "Channels": [
        {
            "Specimen": "Cleared",
            "Channel name": "GFP",
            "Channel - content": "H2B-GFP",
            "Channel - biological entity": "chromatin",
        },
        {"Specimen": "Cleared", "Channel name": "mCherry", "Channel - content": "membrane"},
    ],
    "Image acquisition": [
        {"Name": "SPIM", "Instrument attributes": "Light sheet 20x", "Image acquisition parameters": "488 nm, 50 ms"},
        {"Name": "TEM", "Instrument attributes": "120 kV TEM", "Image acquisition parameters": "8000x"},
    ],
    "Image data": [
        {
            "Name": "Stacks",
            "Study component": "Time lapse",
            "Type": "primary image",
            "Image acquisition": "SPIM",
            "Specimen": "Cleared",
            "Format & compression": "OME-TIFF",
            "Compression": "LZW",
            "Dimension extents - X": 1920,
            "Dimension extents - Y": 1080,
            "Pixel/voxel size - X": 0.5,
            "Pixel/voxel size - Y": 0.5,
            "Pixel/voxel size unit": "µm",
        },
        {
            "Name": "Projections",
            "Study component": "Time lapse",
            "Type": "processed image",
            "Made from image data": "Stacks",
            "Image processing method": "Maximum projection along Z.",
        },
        {
            "Name": "Sections",
            "Study component": "Sections / EM",
            "Type": "primary image",
            "Image acquisition": "TEM",
            "Specimen": "Embedded",
        },
    ],
    "Image correlation": [
        {
            "Name": "SPIM on TEM",
            "Image data": "Stacks; Sections",
            "Spatial and temporal alignment": "Landmarks picked by hand.",
            "Fiducials used": "gold beads",
            "Transformation matrix/other info": "affine, see file",
            "Related images and relationship": "EMPIAR-10001",
        }
    ],
    "Analysed data": [
        {
            "Name": "Cell speed",
            "Image data": "Stacks",
            "Analysis result type": "numerical measurements",
            "Data used for analysis": "all stacks",
            "Analysis method and details": "Tracked with a tracker.",
            "Result files": "results/speed.csv",
        }
    ],
    "Annotations": [
        {
            "Name": "Nucleus masks",
            "Image data": "Stacks",
            "Annotation overview": "Masks of all nuclei",
            "Annotation type": "segmentation_mask; class_labels",
            "Annotation method": "Painted by hand",
            "Annotation criteria": "whole nuclei only",
            "Annotation coverage": "one stack",
            "Annotation confidence level": "self-reported",
        },
        {
            "Name": "Nucleus points",
            "Image data": "Stacks",
            "Annotation overview": "Centres of all nuclei",
            "Annotation type": "point_annotations",
            "Annotation method": "Clicked by hand",
        },
    ],
    "Files": [
        {"Path": "stacks/a.ome.tif", "Image data": "Stacks", "Biosample": "Wild type", "dose": "1"},
        {"Path": "stacks/b.ome.tif", "Image data": "Stacks", "Biosample": "Treated, no, knock-down", "dose": "2"},
        {"Path": "projections/a.tif", "Image data": "Projections"},
        {"Path": "em/1.tif", "Image data": "Sections"},
        {"Path": "readme.txt", "Study component": "Time lapse"},
        {"Path": "masks/a.tif", "Annotation set": "Nucleus masks", "Source image": "stacks/a.ome.tif"},
        {"Path": "points/a.csv", "Annotation set": "Nucleus points", "Source image": "stacks/a.ome.tif"},
    ],
}


def rich(**sheets: Any) -> dict[str, Any]:
    """A copy of RICH with sheets replaced (a dict for Study updates it)."""
    out = copy.deepcopy(RICH)
    for name, content in sheets.items():
        title = name.replace("_", " ")
        out[title] = {**out[title], **content} if title == "Study" else content
    return out


def edited(sheet: str, row: int, **cells: Any) -> dict[str, Any]:
    """A copy of RICH with cells of one row changed: edited("People", 0, **{"E-mail": None})."""
    out = copy.deepcopy(RICH)
    out[sheet][row].update(cells)
    return out


def submission(sheets: Mapping[str, Any] | None = None) -> Submission:
    tables, findings = support.tables(RICH if sheets is None else sheets)
    unknown = [f.value for f in findings if f.code == "HEADING-UNKNOWN"]
    assert not unknown, "headings the schema does not know"
    return from_tables(tables)


def built(sub: Submission, today: dt.date = support.TODAY) -> Built:
    return PACKAGE.build(sub, today)


def rendered(sub: Submission, today: dt.date = support.TODAY) -> Rendered:
    return PACKAGE.render(built(sub, today).document)


def content(made: Content) -> bytes:
    return made if isinstance(made, bytes) else b"".join(made())


def whole(files: Mapping[str, Content]) -> dict[str, bytes]:
    return {name: content(made) for name, made in files.items()}


def page(sub: Submission) -> dict[str, Any]:
    """The JSON page of a submission."""
    found: dict[str, Any] = json.loads(content(rendered(sub).files["submission.json"]))
    return found


def sections(page: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """All sections of a type, in order."""

    def walk(section: Mapping[str, Any]) -> Any:
        yield section
        for below in section.get("subsections", []):
            yield from walk(below)

    return [s for s in walk(page["section"]) if s["type"] == kind]


def values(section: Mapping[str, Any], name: str) -> list[str]:
    """Values of all attributes of this name."""
    return [a.get("value") for a in section["attributes"] if a["name"] == name]


def write(folder: Path, files: Mapping[str, Content], data: bool = True) -> Path:
    """Write the files, and (empty) data files for all that the lists name."""
    for name, made in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(made))
    for name in [n for n in files if n.startswith("file-lists/")] if data else []:
        for line in (folder / name).read_text("utf-8").splitlines()[1:]:
            target = folder / line.split("\t")[0]
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
    return folder


def checker(name: str) -> ModuleType:
    """One of the independent checkers beside the repository, as a module."""
    path = TOOLS / f"{name}.py"
    if not path.exists():
        pytest.skip(f"the independent checkers are not here ({path.name} beside the repository in shared/tools)")
    if str(TOOLS) not in sys.path:
        sys.path.insert(0, str(TOOLS))
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = sys.modules.get(name) or importlib.util.module_from_spec(spec)
    if name not in sys.modules:
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return module


def pagetab_errors(page: Path) -> tuple[list[str], list[str], dict[str, Any] | None]:
    """Errors and warnings of the backend's rules for a page and its file lists, and the page as it reads it."""
    check = checker("pagetab_check")
    try:
        found, errors, warns = check.load(page)
        more, also = check.page_rules(found, page.parent) if not errors else ([], [])
    except check.Reject as error:
        return [str(error)], [], None
    return [*errors, *more], [*warns, *also], found


def template_errors(page: Path) -> list[str]:
    """Errors of the form's template for a page."""
    check = checker("bia_template_check")
    found, errors, _ = checker("pagetab_check").load(page)
    return [*errors, *(text for level, text in check.check(found) if level == "ERROR")]


needs_ingest = pytest.mark.skipif(
    not os.environ.get("BIA_INTEGRATOR"),
    reason="BIA_INTEGRATOR does not name a checkout of BioImage-Archive/bia-integrator",
)


def ingest(page: Path) -> dict[str, Any]:
    """What the archive's own bia-ingest makes of a page, run by BIA_PYTHON; for tests marked needs_ingest."""
    python = os.environ.get("BIA_PYTHON", sys.executable)
    out = page.parent / "ingest.json"
    command = [python, str(TOOLS / "bia_ingest_check.py"), str(page), "--base", str(page.parent), "--out", str(out)]
    run = subprocess.run([*command, "--quiet"], capture_output=True, text=True, check=False)
    assert out.exists(), run.stdout + run.stderr
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def checked(sheets: Mapping[str, Any] | Submission, today: dt.date = support.TODAY) -> list[Finding]:
    """Findings of the archive's own check."""
    sub = sheets if isinstance(sheets, Submission) else submission(sheets)
    return PACKAGE.check(sub, today)


def codes(findings: list[Finding]) -> set[tuple[str, str, str]]:
    return support.found(findings)


def all_findings(sheets: Mapping[str, Any], today: dt.date = support.TODAY) -> list[Finding]:
    """What `check` says of a workbook for this archive: reading, dictionary, cross-sheet rules, archive."""
    tables, findings = support.tables(sheets)
    sub = from_tables(tables)
    checked_cells = [*checks.check(tables, (ARCHIVE,)), *checks.check_submission(sub, (ARCHIVE,))]
    return [*findings, *checked_cells, *PACKAGE.check(sub, today)]
