"""The rows of Files of a whole record: list after list, with what they tell of results and annotated images."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rembi_sheets.archives.bioimage_archive.document import FileList
from rembi_sheets.archives.bioimage_archive.facts.file_lists import RESULT
from rembi_sheets.archives.bioimage_archive.restore.files import Lists, Owner
from rembi_sheets.archives.bioimage_archive.restore.files import rows as rows_of
from rembi_sheets.archives.shared.restoring import Row, Sheets


def file_rows(owners: Iterable[tuple[FileList, Owner]], lists: Lists, sheets: Sheets) -> None:
    """Rows of Files, owner after owner; result files go to the first analysis of the component."""
    rows: list[Row] = []
    for listed, owner in owners:
        for special, row in rows_of(lists, listed, owner, sheets):
            if special == RESULT and _is_result(owner, str(row["path"]), sheets):
                continue
            if not special or special == RESULT:
                rows.append(row)
    _sources(rows, sheets)
    held = {n: None for row in rows for n in row}
    names = [n for n in held if not n.startswith("own:")] + [n for n in lists.own if n in held]
    files_of = sheets.schema["files"]
    for name in names:
        column = files_of.own if name.startswith("own:") else files_of[name]
        assert column is not None
        read: dict[Any, Any] = {}
        for row in rows:
            value = row.get(name)
            if value is not None and value not in read:
                read[value] = sheets.value(column, value, f"Files, {name}")
        sheets.files[name] = [read.get(row.get(name)) for row in rows]


def _is_result(owner: Owner, path: str, sheets: Sheets) -> bool:
    """Is there an analysis whose first image data belongs to the component? It gets the file."""
    own = {r["name"] for r in sheets.rows.get("image_data", ())
           if r.get("study_component") == owner.component}  # fmt: skip
    for row in sheets.rows.get("analysed_data", ()):
        images = row.get("image_data") or ()
        if images and images[0] in own:  # type: ignore[index]
            row["result_files"] = (*(row.get("result_files") or ()), path)  # type: ignore[misc]
            return True
    return False


def _sources(rows: Iterable[Row], sheets: Sheets) -> None:
    """The image data of each annotation set, by the images its files were made on."""
    of_path = {r["path"]: r["image_data"] for r in rows if "image_data" in r}
    made: dict[Any, dict[Any, None]] = {}
    for row in rows:
        if "annotation_set" in row and row.get("source_image") in of_path:
            made.setdefault(row["annotation_set"], {})[of_path[row["source_image"]]] = None
    for row in sheets.rows.get("annotations", ()):
        found = made.get(row["name"])
        if found:
            row["image_data"] = tuple(found)
