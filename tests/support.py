"""Builds a Book, Tables or Submission from plain Python data, as a reader would from a workbook.

`STUDY` is a small complete study that every archive takes; tests change a cell of it and look at what is found.
"""

from __future__ import annotations

import copy
import datetime as dt
import os
import shutil
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from rembi_sheets.cells import Book, Sheet
from rembi_sheets.findings import Finding
from rembi_sheets.schema import Layout, load
from rembi_sheets.submission import Submission, from_tables
from rembi_sheets.tables import Tables, from_book

TODAY = dt.date(2026, 11, 22)
LONG = bool(os.environ.get("REMBI_SHEETS_LONG"))  # `make long`: what every run tries in part is tried whole
HEAD = 5  # heading row of the tables made here; data from row 6, as in a blank workbook
_NAMES = load().archive_names
# Sets of archives for which workbooks are made: each alone and all together, in long runs every one.
SETS = [c for n in ((1, 2, 3) if LONG else (1, 3)) for c in combinations(_NAMES, n)]
# Blank workbooks by profile, archives and level: in every run each two of these together once or more, in long ones all
BLANKS = [
    (profile.name, archives, level)
    for i, profile in enumerate(load().profiles)
    for j, archives in enumerate(SETS)
    for k, level in enumerate(load().levels)
    if LONG or (i + j) % len(load().levels) == k
]

STUDY: dict[str, Any] = {
    "Study": {
        "Study title": "Light sheet imaging of nuclei in kidney organoids",
        "Study type": "time-lapse imaging",
        "Study description": "Nuclei of human kidney organoids were followed for two days to measure cell movement.",
        "Keywords": "organoid; nephron; light sheet",
        "License": "CC0",
        "Release date": dt.date(2027, 3, 1),
        "Archives": "BIA; EMPIAR; IDR",
        "Data folder": "organoid_study",
        "EMPIAR release": "HP",
        "EMPIAR entry type": "CLEM",
    },
    "People": [
        {
            "First name(s)": "Ada",
            "Last name": "Beispiel",
            "ORCID": "0000-0002-1825-0097",
            "E-mail": "ada@example.org",
            "Organisation": "Example Institute",
            "Role": "corresponding author; principal investigator",
        }
    ],
    "Organisations": [
        {"Name": "Example Institute", "Town or city": "Heidelberg", "Postcode": "69117", "Country": "Germany"}
    ],
    "Study components": [
        {
            "Name": "Organoid time lapse",
            "Imaging method": "light sheet fluorescence microscopy",
            "Study component description": "Stacks of three organoids taken every five minutes.",
            "Scale": "cell",
        }
    ],
    "Biosamples": [{"Identity": "Wild type HeLa", "Biological entity": "HeLa", "Organism": "Homo sapiens"}],
    "Specimens": [
        {
            "Name": "Cleared organoid",
            "Biosample": "Wild type HeLa",
            "Preparation method": "Fixed in 4 % PFA, cleared, mounted in agarose.",
        }
    ],
    "Image acquisition": [
        {
            "Name": "Light sheet 20x",
            "Instrument attributes": "Light sheet microscope, 20x/1.0 W objective, sCMOS camera",
            "Image acquisition parameters": "488 nm, 50 ms, a stack every 5 min for 44 h",
        }
    ],
    "Image data": [
        {
            "Name": "Organoid stacks",
            "Study component": "Organoid time lapse",
            "Type": "primary image",
            "Image acquisition": "Light sheet 20x",
            "Specimen": "Cleared organoid",
            "Format & compression": "TIFF",
            "Pixel type": "uint16",
        }
    ],
    "Files": [
        {"Path": "stacks/organoid_01.tiff", "Image data": "Organoid stacks"},
        {"Path": "stacks/organoid_02.tiff", "Image data": "Organoid stacks"},
    ],
}


def study(**sheets: Any) -> dict[str, Any]:
    """A copy of STUDY with whole sheets replaced, by title with _ for blanks, or (a dict for Study) updated."""
    out = copy.deepcopy(STUDY)
    for name, content in sheets.items():
        title = name.replace("_", " ")
        if title == "Study":
            out[title].update(content)
        else:
            out[title] = content
    return out


def book(sheets: Mapping[str, Any], **meta: str) -> Book:
    """Sheets as a reader gives them: Study as a form from row 4, tables with headings in row 5 and data from row 6."""
    schema = load()
    made = []
    for spec in schema.sheets:
        content = sheets.get(spec.title)
        if content is None:
            continue
        if spec.layout is Layout.FORM:
            rows: list[list[Any]] = [[spec.title], [], []] + [[label, value] for label, value in content.items()]
        else:
            labels = list(dict.fromkeys(k for record in content for k in record))
            if not labels:
                labels = [c.label for c in spec.columns if not c.own]
            rows = [[spec.title], [], [], [], labels] + [[record.get(k) for k in labels] for record in content]
        made.append(Sheet(spec.title, rows))
    return Book("study.xlsx", "0" * 64, tuple(made), meta)


def tables(sheets: Mapping[str, Any]) -> tuple[Tables, list[Finding]]:
    """Tables of such sheets and the findings of reading."""
    return from_book(book(sheets), load())


def submission(sheets: Mapping[str, Any] | None = None) -> Submission:
    """Submission of such sheets (STUDY when none are given)."""
    return from_tables(tables(STUDY if sheets is None else sheets)[0])


def found(findings: Sequence[Finding]) -> set[tuple[str, str, str]]:
    """Findings as (code, sheet, first cell), the form in which tests compare them."""
    return {(f.code, f.sheet, f.addresses[0] if f.addresses else "") for f in findings}


def chromium() -> str | None:
    """The browser; where it is installed the one without windows, which takes half the time for the same pages."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
