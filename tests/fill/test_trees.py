"""Folders of systems for screens become workbooks whose counts, plates and wells are right, and studies of IDR."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets import pipeline
from rembi_sheets.fill import images, merge
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.schema import load
from tests.fill.test_images import headed
from tests.fill.test_plates import SCREEN
from tests.harvest import folders, written
from tests.harvest.test_planes import trees
from tests.support import TODAY, book, tables

CONVERTED = ("Operetta, two plates", "ImageXpress, times and planes", "IN Cell", "ScanR", "Micro-Manager")
"""Trees of which names tell all that a workbook lacks: fields, and nothing but images."""
SCREENS = [name for name, tree in trees().items() if tree.wells]


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("most", [10_000, 5])
def test_a_tree_becomes_a_study_of_idr(name: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`most`: files above which others than those of screens are named by their folder alone."""
    monkeypatch.setattr(images, "MOST_FILES", most)
    tree, image, small = trees()[name], written.tiff(), written.tiff(shape=(3, 4))
    shown = {p: small if "SHD" in p or "DC_" in p else image for p in tree.paths}
    data = folders.lay(tmp_path / "data", shown)
    typed = headed()
    typed["Study components"][0] |= SCREEN
    base = tables(typed)[0]
    merged = merge(base, images.known(harvest(data), base).proposals, accept_guesses=True)
    frame, files = merged.tables["image_data"].frame, merged.tables["files"].frame
    placed = files[files["well"].notna()] if most == 5 else files
    assert tree.images in frame["image_count"].tolist()
    assert set(placed["plate"].dropna()) == tree.plates
    assert len(set(zip(placed["plate"], placed["well"], strict=True)) - {(None, None)}) >= tree.wells
    if most == 5 or name not in CONVERTED:
        return
    read = pipeline.Workbook(tmp_path / "study.xlsx", load(), (), book(typed), merged.tables)
    conversion = pipeline.convert(read, ("idr",), data=data, today=TODAY)
    assert conversion.files, [(f.code, f.message) for f in conversion.findings if f.severity == "error"]
    study = next(c for path, c in conversion.files.items() if path.endswith("-study.txt"))
    assert f"5D Images: {tree.images}" in str(study)
