"""Folders on disk and a study that goes with them, checked and converted as the commands do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rembi_sheets import pipeline
from rembi_sheets.findings import Finding
from rembi_sheets.pipeline import Conversion, Workbook
from rembi_sheets.schema import load
from tests import support


def folder(root: Path, files: Mapping[str, int]) -> Path:
    """A folder with files of these sizes."""
    for path, size in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x" * size)
    return root


def files(*paths: str) -> list[dict[str, Any]]:
    return [{"Path": p, "Image data": "Organoid stacks"} for p in paths]


def stacks(**cells: Any) -> list[dict[str, Any]]:
    return [{**support.STUDY["Image data"][0], **cells}]


def by_pattern(pattern: str, form: str = "TIFF", **cells: Any) -> dict[str, Any]:
    """A study whose image data are known by a folder or pattern alone."""
    rows = stacks(**{"Folder or file pattern": pattern, "Format & compression": form, **cells})
    return support.study(Image_data=rows, Files=[])


def workbook(sheets: Mapping[str, Any]) -> Workbook:
    tables, found = support.tables(sheets)
    return Workbook(Path("study.xlsx"), load(), tuple(found), support.book(sheets), tables)


def check(sheets: Mapping[str, Any], data: Path | None, *archives: str) -> list[Finding]:
    names = archives or ("bioimage-archive",)
    return list(pipeline.check(workbook(sheets), names, data=data, today=support.TODAY).findings)


def convert(sheets: Mapping[str, Any], data: Path | None, archive: str) -> Conversion:
    return pipeline.convert(workbook(sheets), (archive,), data=data, today=support.TODAY)


def text(made: Conversion, ending: str) -> str:
    """The one file of a conversion whose name ends so."""
    (name,) = [n for n in made.files if n.endswith(ending)]
    content = made.files[name]
    return (content if isinstance(content, bytes) else b"".join(content())).decode()


def codes(found: list[Finding], beginning: str = "") -> list[str]:
    return sorted(f.code for f in found if f.code.startswith(beginning))
