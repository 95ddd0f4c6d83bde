"""Any text in any free cell reaches the JSON page as it stands, and the TSV page so or with a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rembi_sheets.archives.bioimage_archive.render.tsv import PRIME
from rembi_sheets.values import clean
from tests.archives.bioimage_archive import made

TEXT = st.text(
    st.sampled_from('ab"\\\n\t|#[]()<>,µ″日 ') | st.characters(exclude_categories=["Cs", "Cc"]), min_size=2, max_size=25
)

# Free cells of every sheet that has any; `long` cells may hold line breaks.
LONG = [
    ("Study", 0, "Study description"),
    ("Study", 0, "Acknowledgements"),
    ("Study", 0, "Funding statement"),
    ("Study components", 0, "Study component description"),
    ("Biosamples", 1, "Description"),
    ("Specimens", 0, "Preparation method"),
    ("Specimens", 0, "Growth protocol"),
    ("Image acquisition", 0, "Instrument attributes"),
    ("Image acquisition", 1, "Image acquisition parameters"),
    ("Image data", 1, "Image processing method"),
    ("Image correlation", 0, "Spatial and temporal alignment"),
    ("Image correlation", 0, "Fiducials used"),
    ("Image correlation", 0, "Transformation matrix/other info"),
    ("Analysed data", 0, "Analysis method and details"),
    ("Analysed data", 0, "Data used for analysis"),
    ("Analysed data", 0, "Result description"),
    ("Annotations", 0, "Annotation overview"),
    ("Annotations", 1, "Annotation method"),
    ("Annotations", 0, "Annotation criteria"),
    ("Annotations", 0, "Annotation coverage"),
    ("Annotations", 0, "Annotation confidence level"),
    ("Specimens", 1, "Location within Biosample"),
    ("Links", 0, "Description"),
]
LINES = [
    ("Study", 0, "Study title"),
    ("People", 1, "Last name"),
    ("Publications", 0, "Title"),
    ("Organisations", 0, "Street"),
    ("Funding", 0, "Funder"),
    ("Channels", 0, "Channel - content"),
    ("Files", 0, "dose"),
]


def texts(item: Any) -> Iterator[str]:
    """All strings of JSON data."""
    if isinstance(item, str):
        yield item
    for below in item.values() if isinstance(item, dict) else item if isinstance(item, list) else ():
        yield from texts(below)


CELLS = [*LONG, *LINES]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXT.filter(lambda t: len(clean(t)) > 1), min_size=len(CELLS), max_size=len(CELLS)))
def test_the_texts_of_all_cells_are_carried(typed: list[str]) -> None:
    sheets = made.rich()
    wanted: list[tuple[str, str]] = []
    for n, (cell, text) in enumerate(zip(CELLS, typed, strict=True)):
        sheet, row, label = cell
        # a number of its own, so that no text is found in the place of another; and no word for nothing
        text = f"{n}: " + (re.sub(r"\s", " ", text) if cell in LINES else text)
        (sheets[sheet] if sheet == "Study" else sheets[sheet][row])[label] = text
        wanted.append((sheet, clean(text)))
    rendered = made.rendered(made.submission(sheets))
    files = made.whole(rendered.files)
    check = made.checker("pagetab_check")
    page, errors = check.parse_tsv(files["submission.tsv"].decode("utf-8"), lambda line: pytest.fail(line))
    assert errors == []
    in_json, in_tsv = list(texts(json.loads(files["submission.json"]))), list(texts(page))
    notes = [f.value for f in rendered.findings if f.code == "BIA-TSV-TEXT"]
    for sheet, text in wanted:
        if sheet == "Files":
            assert text in files["file-lists/Time lapse.tsv"].decode("utf-8")
            continue
        assert any(text in found for found in in_json), text
        if not any(text in found for found in in_tsv):
            assert any(text in note for note in notes), text
            assert any(text.replace('"', PRIME) in found for found in in_tsv), text
