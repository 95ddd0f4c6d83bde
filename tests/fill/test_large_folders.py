"""Folders of very many files and groups: each file is looked at a few times, however many groups there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from rembi_sheets.fill import images
from rembi_sheets.fill.images import files
from rembi_sheets.fill.images.files import Endings
from rembi_sheets.fill.merge import merge
from rembi_sheets.harvest.folder import Harvest, Items
from rembi_sheets.harvest.groups import grouped
from rembi_sheets.harvest.model import Header, Image, Item, Status
from rembi_sheets.inventory import covering
from tests.support import tables

FILES = 600
LOOKS = 1  # times that a file may be looked at


class Counted(Items):
    """Files that count how often one of them is looked at."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items, self.looks = items, 0

    def paths(self) -> Iterator[str]:
        return (item.path for item in self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        for item in self.items:
            self.looks += 1
            yield item

    def __contains__(self, item: object) -> bool:
        return item in self.items


def harvest(groups: int, scattered: bool) -> Harvest:
    """FILES images, each group of a size of its own, in a folder of its own or all in one."""
    items = []
    for number in range(FILES):
        group = number % groups
        folder = f"{'abcdefghij'[group % 10]}{'klmnopqrst'[group // 10 % 10]}{'uvwxyz'[group // 100]}"
        image = Image("YX", {"Y": 8, "X": 8 + (group if scattered else 0)}, "uint8")
        path = f"{'crops' if scattered else folder}/i{number:06}.tif"
        items.append(Item(path, 100, Status.READ, "TIFF", Header("TIFF", (image,))))
    counted = Counted(items)
    return Harvest("data", counted, grouped(items), Counter({Status.READ: FILES}), {}, {})


@pytest.mark.parametrize("scattered", [False, True])
def test_work_does_not_grow_with_the_groups(scattered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_FILES", 50)
    monkeypatch.setattr(files, "MOST_ROWS", 0)
    blank, _ = tables({})
    for groups in (2, 300):
        made = harvest(groups, scattered)
        known = images.known(made, blank)
        assert isinstance(made.items, Counted)
        assert made.items.looks <= LOOKS * FILES
        patterns = {p.key: p.value for p in known.proposals if p.column == "path_pattern"}
        assert len(patterns) == (0 if scattered else groups)
        assert len(known.unplaced) >= (groups if scattered else 0)
        assert len(merge(blank, known.proposals).tables["image_data"].frame) == groups


def test_files_that_no_pattern_tells_are_listed_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_FILES", 50)
    monkeypatch.setattr(files, "MOST_ROWS", FILES // 2)
    blank, _ = tables({})
    known = images.known(harvest(3, True), blank)  # a third of the files each: one has room
    listed = Counter(p.value for p in known.proposals if (p.sheet, p.column) == ("files", "image_data"))
    counted = {p.key[0]: p.value for p in known.proposals if p.column == "image_count" and p.key}
    assert list(listed.values()) == [FILES // 3] and len(counted) == 3
    left = [u for u in known.unplaced if u.why == files.TOO_MANY]
    assert {*listed, *(u.where for u in left)} == set(counted) and len(left) == 2


PATHS = ["a/1.tif", "a/2.tif", "a/b/3.tif", "a/b/4.txt", "c/5.tif"]
PATHS += ["c/6.TIF", "d é/7.x", "no ending", "e*/8.tif", "ef/9.tif"]


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        (PATHS[:4], "a/"),
        (PATHS[:3], "a/*.tif"),
        (PATHS[2:3], "a/b/*.tif"),
        (PATHS[:2], ""),
        (PATHS[4:5], "c/*.tif"),
        (PATHS[6:7], "d é/"),
        (PATHS[7:8], ""),
        (PATHS[8:9], ""),
        (PATHS[9:], "ef/"),
        (PATHS[:2] + PATHS[4:5], ""),
    ],
)
def test_a_pattern_names_these_files_and_no_others(paths: list[str], pattern: str) -> None:
    assert Endings(PATHS).pattern(paths) == pattern
    if pattern:
        covers = covering(pattern)
        assert [p for p in PATHS if covers(p)] == paths
