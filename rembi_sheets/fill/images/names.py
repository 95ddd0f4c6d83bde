"""A folder of which only names and sizes are known as a source: rows of Files, by what the workbook says of folders.

Nothing is known of what the files hold, so that no size, count or setting is proposed. Files that nothing names are
put together by folder and ending as rows of Image data that are guesses, since names do not say which images are alike;
the places of a screen are read from names, as its systems write them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rembi_sheets.belonging import Belonging
from rembi_sheets.fill.images.files import FILES, MOST_FILES, Endings, Rows, Way, free, of_component, of_set
from rembi_sheets.fill.images.others import REMEDY, counted
from rembi_sheets.fill.model import Confidence, Proposal, Unplaced
from rembi_sheets.fill.sources.known import Known
from rembi_sheets.harvest import naming
from rembi_sheets.harvest.facts import IMAGE_DATA
from rembi_sheets.harvest.groups import series
from rembi_sheets.harvest.screens import spots
from rembi_sheets.inventory import Listing
from rembi_sheets.tables import Tables
from rembi_sheets.vocabularies import file_names

_BY_NAME = "its name and folder"
_NO_IMAGE = "not an image, by its name"


@dataclass(frozen=True)
class _Set:
    """Files that are one row of Image data. `formats`: those that their names fit; `new`: there is no such row yet."""

    name: str
    paths: Sequence[str]
    formats: tuple[str, ...] = ()
    new: bool = False

    @property
    def sure(self) -> Confidence:
        """How surely its files belong together."""
        return Confidence.GUESS if self.new else Confidence.DERIVED


def known(disk: Listing, tables: Tables) -> Known:
    """What the names in a folder say of the rows of Files and Image data that a workbook has or gets."""
    source = disk.name
    if tables[FILES].source is not None:
        why = "the table beside the workbook lists them; add what is missing there"
        return Known([], [Unplaced(source, "", counted(len(disk)), why)])
    belonging = Belonging(tables)
    owners = belonging.owners(disk)
    formats = {path: file_names.formats_of(path) for path in disk}
    images = [p for p in disk if owners.get(p, "?") and (formats[p] or p in disk.wholes)]
    sets = [*_owned(images, owners), *_loose([p for p in images if p not in owners], formats, belonging)]
    many = sum(len(s.paths) for s in sets) > MOST_FILES
    endings, rows = Endings(disk if many else ()), Rows()
    proposals, unplaced = list[Proposal](), list[Unplaced]()
    for one in sets:
        if one.new:
            proposals += _begun(one, source)
        places = {path: (spot,) for path, spot in spots(one.paths, source).items()}
        named = belonging.patterns.get(one.name, "")
        way = rows.way(one.paths, places, endings, named) if many else Way(listed=True)
        if way.listed:
            proposals += of_set(one.name, one.paths, places, source, _BY_NAME, one.sure)
        where = counted(len(one.paths))
        if way.pattern:
            proposals.append(Proposal(IMAGE_DATA, (one.name,), "path_pattern", way.pattern, source, where, one.sure))
        if way.why:
            unplaced.append(Unplaced(source, one.name, where, way.why))
    others = [p for p in disk if p not in owners and not formats[p] and p not in disk.wholes]
    component = _only(tables)
    if component and len(others) <= MOST_FILES:
        proposals += [of_component(component, path, source, _NO_IMAGE) for path in others]
    elif others:
        unplaced.append(Unplaced(source, others[0], counted(len(others)), f"{_NO_IMAGE}; {REMEDY}"))
    return Known(proposals, unplaced)


def _only(tables: Tables) -> str:
    """The name of the one study component; '' where there is none, or several."""
    frame = tables["study_components"].frame
    names = {n for n in frame["name"] if isinstance(n, str)} if "name" in frame.columns else set()
    return names.pop() if len(names) == 1 else ""


def _owned(images: Sequence[str], owners: Mapping[str, str]) -> Iterator[_Set]:
    """Files of which the workbook says to what they belong."""
    found: dict[str, list[str]] = {}
    for path in images:
        if path in owners:
            found.setdefault(owners[path], []).append(path)
    for name, paths in found.items():
        yield _Set(name, paths)


def _loose(images: Sequence[str], formats: Mapping[str, tuple[str, ...]], belonging: Belonging) -> Iterator[_Set]:
    """The others, put together; the one Image data that waits for files gets them where they are all alike."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for path in images:
        groups.setdefault((series(path), formats[path]), []).append(path)
    waiting = belonging.without_files
    if len(groups) == 1 and len(waiting) == 1:
        yield _Set(waiting[0], next(iter(groups.values())))
        return
    called = [naming.called(paths, fits[0] if fits else "folders") for (_, fits), paths in groups.items()]
    taken = set(belonging.patterns)
    for ((_, fits), paths), name in zip(groups.items(), naming.names(called), strict=True):
        name = free(name, taken)
        taken.add(name)
        yield _Set(name, paths, fits, True)


def _begun(one: _Set, source: str) -> Iterator[Proposal]:
    """A row of Image data for files that nothing names; its format only where their names leave no doubt."""
    where = counted(len(one.paths))
    said = {"name": one.name} | ({"file_format": one.formats[0]} if len(one.formats) == 1 else {})
    for column, value in said.items():
        yield Proposal(IMAGE_DATA, (one.name,), column, value, source, where, one.sure)
