"""The data folder on the page: the findings are those of `check --data`, from names and sizes alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets import examples, inventory, pipeline
from rembi_sheets.web.server import Server
from tests.support import TODAY
from tests.web.test_pages import findings, told
from tests.web.visitor import Answer, Visitor, said

TREES = [
    {"a.tif": 3, "b/c.tif": 0, "b/.hidden": 1, "Thumbs.db": 2},
    {"x.zarr/.zattrs": 5, "x.zarr/0/0": 7, "y/z.ome.zarr/0/.zarray": 2, ".git/config": 9, "y/ü.tif": 1},
    {"store/.zgroup": 1, "store/s0/1": 4, "plain/1": 4, "__MACOSX/a.tif": 1},
]


@pytest.mark.parametrize("tree", TREES)
def test_names_and_sizes_give_the_listing_of_the_disk(tree: dict[str, int], tmp_path: Path) -> None:
    for path, size in tree.items():
        file = tmp_path / "images" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(size))
    disk = inventory.scan(tmp_path / "images")
    made = inventory.listed("images", tree)
    assert (made, made.wholes, made.odd, made.name) == (disk, disk.wholes, disk.odd, disk.name)
    assert not inventory.listed("x", {"../../etc/passwd": 1, "/etc/passwd": 1, "a//b": 1, ".": 1})


@pytest.fixture(scope="module")
def dropped(server: Server) -> tuple[Visitor, Answer]:
    visitor = Visitor(server.port)
    return visitor, visitor.drop("kidney.xlsx", examples.workbook_bytes("kidney-organoid-light-sheet"))


def test_the_report_says_what_check_says_of_the_folder(
    dropped: tuple[Visitor, Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, page = dropped
    book = tmp_path / "kidney.xlsx"
    book.write_bytes(examples.workbook_bytes("kidney-organoid-light-sheet"))
    read = pipeline.read(book)
    assert read.tables is not None
    paths = [str(p) for p in read.tables["files"].frame["path"]]
    files = {**dict.fromkeys(paths[1:], 10), paths[0].upper(): 10, "more/other.tif": 4}
    for path, size in files.items():
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(size))
    monkeypatch.chdir(tmp_path)
    expected = told(pipeline.check(pipeline.read(Path("kidney.xlsx")), data=Path("data"), today=TODAY))
    plain = findings(visitor.get(page.url))
    assert "Files, one a line" in said(visitor.get(f"{page.url}data").text)
    lines = "\n".join(f"data/{p}\t{s}" for p, s in files.items())
    got = visitor.post(f"{page.url}data", ("files", lines), ("picked", "1"))
    assert findings(got) == expected != plain
    known = said(visitor.get(f"{page.url}data").text)
    assert f"data: {len(files)} files" in known
    typed = "\r\n".join(f"{p.replace('/', chr(92))}\t{s}" for p, s in files.items())
    assert findings(visitor.post(f"{page.url}data", ("files", typed))) == expected
    assert findings(visitor.post(f"{page.url}data", ("forget", "1"))) == plain


@pytest.mark.parametrize("lines", ["", "  \n", "a.tif", "a.tif\t-1", "\t4", "a\tb", "<script>\tx", "a\t" + "9" * 40])
def test_what_is_no_list_is_refused(lines: str, dropped: tuple[Visitor, Answer]) -> None:
    visitor, page = dropped
    got = visitor.post(f"{page.url}data", ("files", lines))
    assert got.status == 400 and "<script>\t" not in got.text


def test_paths_lead_nowhere(dropped: tuple[Visitor, Answer]) -> None:
    visitor, page = dropped
    got = visitor.post(f"{page.url}data", ("files", "../../../../etc/passwd\t1\n/etc/passwd\t2\n<b>.tif\t3"))
    assert got.status == 200 and "root:" not in got.text and "<b>.tif" not in got.text
    visitor.post(f"{page.url}data", ("forget", "1"))
