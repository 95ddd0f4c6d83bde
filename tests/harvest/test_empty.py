"""Files in which nothing stands: an image of no bytes is told, other empty files are none of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Status


@pytest.mark.parametrize("name", ["a.tif", "b/c.ome.tiff", "m.mrc", "x.czi", "s.dm4", "v.nd2", "i.ims"])
def test_an_image_of_no_bytes_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    made = harvest(tmp_path)
    assert [(i.status, i.notes) for i in made.items] == [(Status.FAILED, ("it is empty",))]
    assert made.remarks == {"it is empty": (1, [name])}


@pytest.mark.parametrize("name", ["__init__.py", "done", "py.typed", "log.txt", "x.json", "readme.md"])
def test_other_empty_files_are_not_read_and_nothing_is_said(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    made = harvest(tmp_path)
    assert [(i.status, i.notes) for i in made.items] == [(Status.UNREAD, ())]
    assert not made.remarks and not made.lacking


def test_a_folder_that_is_one_thing_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "a.zarr").mkdir()
    (tmp_path / "a.zarr" / ".zattrs").write_text("{}")
    assert [i.notes for i in harvest(tmp_path).items] != [("it is empty",)]
