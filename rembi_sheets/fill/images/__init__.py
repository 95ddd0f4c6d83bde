"""A folder of images as a source: what its headers say, as proposals for the rows that a workbook has or gets.

Files are matched by path; Image data by the files that refer to it; Image acquisition by the instrument's number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rembi_sheets.belonging import Belonging
from rembi_sheets.fill.images import others
from rembi_sheets.fill.images.files import FILES, MOST_FILES, Endings, Rows, free, of_component, of_set
from rembi_sheets.fill.images.groups import acquisition, channels, image_data
from rembi_sheets.fill.images.instruments import profiles
from rembi_sheets.fill.model import Confidence, Proposal, Unplaced
from rembi_sheets.fill.sources.known import Known
from rembi_sheets.harvest.companions import is_reference
from rembi_sheets.harvest.facts import ACQUISITION, IMAGE_DATA
from rembi_sheets.harvest.folder import Harvest
from rembi_sheets.harvest.groups import Gathered, anywhere
from rembi_sheets.harvest.model import Group, Item
from rembi_sheets.harvest.screens import Spot, fields, spots, told
from rembi_sheets.tables import Tables

FIELDS = "fields_per_well"
_ONLY = "the only one of the workbook"
_SPECIMEN = "channels need a specimen; fill in Specimens, then fill the workbook from this folder again"


def known(harvest: Harvest, tables: Tables) -> Known:
    """What the harvest of a folder says of the rows of a workbook, and what it says besides."""
    return _Folder(harvest, tables).known()


@dataclass(frozen=True)
class _Set:
    """The groups of files that are one row of Image data; `new`: the workbook has no such row yet."""

    name: str
    groups: Sequence[Group]
    new: bool

    @property
    def paths(self) -> list[str]:
        """The files of all its groups."""
        return [p for g in self.groups for p in g.files]


@dataclass
class _Folder:
    harvest: Harvest
    tables: Tables
    proposals: list[Proposal] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    told: dict[str, tuple[Spot, ...]] = field(default_factory=dict)  # places that headers tell, by path
    left: others.Left = field(default_factory=others.Left)
    endings: Endings = field(default_factory=Endings)
    rows: Rows = field(default_factory=Rows)
    places: dict[str, Mapping[str, tuple[Spot, ...]]] = field(default_factory=dict)  # by the name of a set

    def known(self) -> Known:
        """All proposals, set by set."""
        belonging = Belonging(self.tables)
        owners = belonging.owners(self._paths())
        sets = list(_sets(self._images(owners), owners, belonging))
        many = sum(len(g.files) for s in sets for g in s.groups) > MOST_FILES
        acquired: dict[tuple[str, ...], str] = {}
        for one in sets:
            self._image_data(one)
            listed = not many or self._one_by_one(one)
            for group in one.groups:
                self._acquisition(one, group, acquired)
                self._channels(one, group)
            if listed:
                self._files(one, owners)
        self._others()
        return Known(self.proposals, self.unplaced)

    def _paths(self) -> Iterator[str]:
        """Where the files lie, which is counted on the way."""
        for path in self.harvest.items.paths():
            self.endings.add(path)
            yield path

    def _images(self, owners: Mapping[str, str]) -> Iterator[Item]:
        """The files that may be images, one after the other.

        What headers tell of plates, and which files lie beside images, is noted on the way: files are many.
        """
        for item in self.harvest.items:
            if item.header is not None and item.header.wells:
                self.told[item.path] = told(item.path, item.header)
            if others.is_other(item) and item.path not in owners:
                self.left.add(item, MOST_FILES)
            if not is_reference(item):
                yield item

    @property
    def _source(self) -> str:
        return self.harvest.folder

    def _only(self, sheet: str, column: str) -> str:
        """The name of the one row of a sheet; '' where it has none or several."""
        frame = self.tables[sheet].frame
        names = {n for n in frame[column] if isinstance(n, str)} if column in frame.columns else set()
        return names.pop() if len(names) == 1 else ""

    def _say(self, sheet: str, name: str, column: str, value: str, where: str, sure: Confidence) -> None:
        self.proposals.append(Proposal(sheet, (name,), column, value, self._source, where, sure))

    def _image_data(self, one: _Set) -> None:
        self.proposals += image_data(one.groups, one.name, self._source)
        for column, sheet in (("study_component", "study_components"), ("specimens", "specimens")):
            if one.new and (only := self._only(sheet, "name")):
                self._say(IMAGE_DATA, one.name, column, only, _ONLY, Confidence.DERIVED)

    def _one_by_one(self, one: _Set) -> bool:
        """Are the files of a set listed though there are many? If not, their folder or pattern is said."""
        named = _typed(self.tables, one.name, "path_pattern")
        way, where = self.rows.way(one.paths, self._places(one), self.endings, named), others.counted(len(one.paths))
        if way.pattern:
            self._say(IMAGE_DATA, one.name, "path_pattern", way.pattern, where, Confidence.DERIVED)
        if way.why:
            self.unplaced.append(Unplaced(self._source, one.name, where, way.why))
        return way.listed

    def _acquisition(self, one: _Set, group: Group, acquired: dict[tuple[str, ...], str]) -> None:
        """The row of the group: that which its Image data names, its instrument's, one of like settings, a new one."""
        typed = _typed(self.tables, one.name, "image_acquisition")
        made = acquisition(group, typed, self._source)
        if (number := fields(self._places(one))) and all(p.column != FIELDS for p in made):
            where = others.counted(len(group.files))
            made.append(Proposal(ACQUISITION, (typed,), FIELDS, str(number), self._source, where, Confidence.DERIVED))
        said = {p.column: str(p.value) for p in made if p.confidence is not Confidence.GUESS}
        sure = Confidence.DERIVED
        if typed:
            name = typed
        elif rows := profiles(self.tables, group.instrument, said):
            name, sure = rows[0], Confidence.DERIVED if len(rows) == 1 else Confidence.GUESS
        elif said:
            like = (group.instrument, *(f"{c}={v}" for c, v in sorted(said.items())))
            name = acquired.setdefault(like, self._free(one.name, ACQUISITION, set(acquired.values())))
        else:
            name = self._only(ACQUISITION, "name")
        if not name:
            return
        if not typed:
            self._say(IMAGE_DATA, one.name, "image_acquisition", name, _instrument(group), sure)
        if sure is not Confidence.GUESS:
            self.proposals += [replace(p, key=(name,)) for p in made]

    def _channels(self, one: _Set, group: Group) -> None:
        """Rows of Channels begin with a specimen, which no header knows."""
        specimen = _typed(self.tables, one.name, "specimens") or self._only("specimens", "name")
        made = list(channels(group, one.name, specimen, self._source))
        if specimen:
            self.proposals += made
        elif made:
            names = ", ".join(dict.fromkeys(p.key[1] for p in made if p.key))
            self.unplaced.append(Unplaced(self._source, one.name, names, _SPECIMEN))

    def _free(self, name: str, sheet: str, more: set[str]) -> str:
        """A name that no other row of a sheet has."""
        frame = self.tables[sheet].frame
        taken = {str(n) for n in frame["name"]} if "name" in frame.columns else set()
        return free(name, taken | more)

    def _files(self, one: _Set, owners: Mapping[str, str]) -> None:
        if self.tables[FILES].source is not None:
            return
        paths = [p for p in one.paths if owners.get(p, one.name) == one.name]
        where, places = one.groups[0].format, self._places(one)
        self.proposals += of_set(one.name, paths, places, self._source, where, Confidence.READ)

    def _places(self, one: _Set) -> Mapping[str, tuple[Spot, ...]]:
        """Where on plates the files of a set were taken."""
        if one.name not in self.places:
            paths = one.paths
            read = {p: self.told[p] for p in paths if p in self.told}
            named = spots((p for p in paths if p not in read), self.harvest.folder)
            self.places[one.name] = read | {p: (spot,) for p, spot in named.items()}
        return self.places[one.name]

    def _others(self) -> None:
        """Companions, references and files of no image, as other files of the one component; what could not be read."""
        self.unplaced += others.unread(self.harvest, self.left)
        component = self._only("study_components", "name")
        if not component or len(self.left.files) > MOST_FILES or self.tables[FILES].source is not None:
            for why, number in self.left.whys.items():
                first = self.left.shown[why]
                self.unplaced.append(Unplaced(self._source, first, others.counted(number), f"{why}; {others.REMEDY}"))
            return
        for path, why in self.left.files:
            self.proposals.append(of_component(component, path, self._source, why))


def _typed(tables: Tables, name: str, column: str) -> str:
    """What a row of Image data says already."""
    frame = tables[IMAGE_DATA].frame
    if column not in frame.columns:
        return ""
    found = next((v for n, v in zip(frame["name"], frame[column], strict=True) if n == name), None)
    return "; ".join(found) if isinstance(found, tuple) else found if isinstance(found, str) else ""


def _instrument(group: Group) -> str:
    return f"instrument {group.instrument}" if group.instrument else group.files[0]


def _sets(items: Iterable[Item], owners: Mapping[str, str], belonging: Belonging) -> Iterator[_Set]:
    """Files of one row of Image data together, the others by what they have alike."""
    by_owner, loosely = dict[str, Gathered](), Gathered()
    for item in items:
        owner = owners.get(item.path)
        if owner:
            by_owner.setdefault(owner, Gathered(anywhere)).add(item)
        elif owner is None:
            loosely.add(item)
    for name, members in by_owner.items():
        if groups := members.groups():
            yield _Set(name, groups, name not in belonging.patterns)
    loose = loosely.groups()
    waiting = belonging.without_files
    if len(loose) == 1 and len(waiting) == 1:
        yield _Set(waiting[0], loose, False)
        return
    taken = set(belonging.patterns)
    for group in loose:
        name = free(group.name, taken)
        taken.add(name)
        yield _Set(name, [group], True)
