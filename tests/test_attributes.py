"""Every attribute of REMBI that an example fills stands in each archive's files, or in the list of losses."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets import derive, examples, vocabularies
from rembi_sheets.tables import Table
from rembi_sheets.values import Term, Variable, to_cell

ROOT = Path(__file__).parents[1]

# Written in the archive's own words, so that the words of the cell are not found; each archive's tests hold them.
TRANSLATED = {
    ("bioimage-archive", "image_data", "compression"): "“none” is not written",
    ("empiar", "image_data", "type"): "the category of the image set",
    ("empiar", "people", "roles"): "the two roles that EMPIAR knows choose the contacts",
    ("empiar", "publications", "pages"): "first and last page",
    ("empiar", "publications", "publication_type"): "j_or_nj_citation and preprint",
    ("empiar", "publications", "published"): "true or false",
    ("empiar", "study", "license"): "entries are always CC0",
    ("idr", "analysed_data", "result_files"): "the file is copied under IDR's name",
    ("idr", "biosamples", "experimental_variables"): "names of conditions, values in columns",
    ("idr", "channels", "biological_entity"): "commas and colons replaced in Channels",
    ("idr", "image_data", "type"): "raw or processed",
    ("idr", "publications", "publication_type"): "only a preprint is told",
    ("idr", "specimens", "experimental_status"): "tests have an empty Control Type",
}


def words(text: str) -> str:
    """Text as compared: quotes, line breaks, tabs and runs of blanks do not matter, nor how signs are escaped."""
    plain = text.replace("\\n", " ").replace('\\"', '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    return re.sub(r"[\s\"″“”]+", " ", plain)


def written(name: str, archive: str) -> str:
    """All files of an archive as one text, but for the page of advice, which repeats the losses."""
    folder = ROOT / "examples" / name / "expected" / archive
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".md"]
    return words("\n".join(p.read_text("utf-8") for p in files))


def spellings(value: Any, unit: str) -> list[str]:
    """How a value may be written: as typed, without its name or identifier, a length also in Å."""
    if isinstance(value, Term):
        entry = vocabularies.resolve(value.label, "imaging_method").entry
        official = [entry.extra["fbbi_label"]] if entry and entry.extra.get("fbbi_label") else []
        return [value.label, value.label.split(" (")[0], value.id, value.id.replace(":", "_"), *official]
    if isinstance(value, Variable):
        return [value.text, value.value]
    if isinstance(value, Decimal):
        length = derive.in_angstrom(value, unit)
        return [derive.plain(value), *([derive.plain(length)] if length is not None else [])]
    return [str(to_cell(value))]


def stands(value: Any, text: str, unit: str) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return all(any(s and words(s).strip(" .") in text for s in spellings(p, unit)) for p in parts)


def cells(table: Table, name: str) -> list[tuple[int, Any]]:
    return [(i, v) for i, v in enumerate(table.frame[name]) if v is not None]


@pytest.mark.parametrize("name", examples.names())
def test_what_is_filled_reaches_each_archive_or_is_named_as_lost(name: str, tmp_path: Path) -> None:
    import rembi_sheets

    workbook = tmp_path / "study.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    tables = rembi_sheets.read(workbook).tables
    assert tables is not None
    record = json.loads((ROOT / "examples" / name / "expected" / "conversion.json").read_text("utf-8"))
    vanished = []
    for archive in examples.info(name).archives:
        text = written(name, archive)
        named = {(x["sheet"], x["column"]) for x in record["losses"] if x["archive"] == archive}
        for table in tables:
            if table.sheet.name == "files":
                continue
            units = table.frame.get("pixel_size_unit")
            for column in table.sheet.columns:
                if not column.rembi or column.ids_of or (table.title, column.label) in named:
                    continue
                for i, value in cells(table, column.name):
                    unit = str(units.iloc[i]) if units is not None else ""
                    if not stands(value, text, unit):
                        vanished.append((archive, table.sheet.name, column.name, str(to_cell(value))[:60]))
    assert not [v for v in vanished if v[:3] not in TRANSLATED]
