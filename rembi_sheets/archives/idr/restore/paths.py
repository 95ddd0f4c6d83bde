"""Where the files of the rows are: lists of paths as IDR keeps them -> paths below the data folder."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from rembi_sheets.archives.idr.document import Component, Kind
from rembi_sheets.archives.idr.facts import headings, wells
from rembi_sheets.archives.idr.restore.lines import Notes
from rembi_sheets.archives.idr.restore.sheet import Sheet
from rembi_sheets.coded import Coded, throughout, together

_UPLOAD = re.compile(r"(?:\d{6,8}|YYYYMMDD)[-\w]*/")
_ZARR = "/OME/METADATA.ome.xml"
_DATASET = re.compile(r"(?:.*/)?Dataset:name:(.*)")
_DRIVE = re.compile(r"[A-Za-z]:\Z")
_WILDCARDS = re.compile(r"[*?]")
_FILE = re.compile(r"[^\s;,]+\.[A-Za-z]\w{1,4}\Z")
_SERIES = re.compile(r"\s*\[[^\[\]]*\]\s*\Z")


@dataclass
class Places:
    """The path of each row, files beside them, and the data folder ('' unknown).

    `pairs`: a path of IDR's list and the one that its row says itself.
    """

    paths: Coded[str]
    others: list[str] = field(default_factory=list)
    folder: str = ""
    pairs: set[tuple[str, str]] = field(default_factory=set)


def below(path: str, study: str) -> str:
    """A path as IDR keeps it, below the folder of the upload: /uod/idr/filesets/<study>/20190429-ftp/a.tif -> a.tif."""
    path = path.strip().replace("\\", "/").removesuffix(_ZARR).strip("/")
    _, found, rest = f"/{path}".rpartition(f"/{study}/") if study else ("", "", "")
    return clean(_UPLOAD.sub("", rest, count=1) if found and _UPLOAD.match(rest) else rest if found else path)


def clean(path: str) -> str:
    """A path as Files takes it: no drive and no ./ before it, no / at its ends."""
    parts = [p for p in path.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return "/".join(parts[1:] if parts and _DRIVE.match(parts[0]) else parts)


def files_in(cell: str) -> list[str]:
    """The files that a cell names: several where it was a list, a name on each line."""
    words = cell.split()
    return words if len(words) > 1 and all(map(_FILE.match, words)) else [cell]


def guessed(name: str) -> str:
    """A path made from names, whose stars and question marks are none for several files."""
    return _WILDCARDS.sub("_", clean(name))


def places(component: Component, sheet: Sheet, study: str, notes: Notes) -> Places:
    """Where the rows' files are: as the list of paths has it, else as the row says itself."""
    told = sheet.values(headings.PATH).mapped(lambda p: clean(p) if p and ";" not in p else "")
    if not sheet.listed:
        return _folder(component, study, notes)
    if component.kind is Kind.SCREEN:
        found = _plates(component, sheet, study, told, notes)
    else:
        found = _images(component, sheet, study, told, notes)
    _drop_folder(found)
    return found


def _folder(component: Component, study: str, notes: Notes) -> Places:
    """The folder that holds all that is listed, where no row tells what is in it."""
    listed = [below(next((c for c in row if "/" in c), ""), study) for row in component.paths]
    folder = listed[0] if listed else ""
    for path in listed[1:]:
        folder = wells.common_folder(folder, path)
    for row in component.paths:
        notes.add(component.folder, f"no row of an annotation tells what this is: {' '.join(row)}")
    return Places(throughout(folder, 1))


def _plates(component: Component, sheet: Sheet, study: str, told: Coded[str], notes: Notes) -> Places:
    plates = sheet.values(headings.PLATE)
    listed, known = dict[str, str](), set(plates.values)
    for row in component.paths:
        name, path = _plate(row, known)
        listed[name or below(path, study).rpartition("/")[2]] = below(path, study)
    lacking = [p for p in plates.values if p and p not in listed]
    if lacking and listed:
        notes.add(component.folder, f"plates without a path in plates.tsv: {', '.join(lacking)}")
    for plate in (p for p in listed if p not in known):
        notes.add(component.folder, f"plate {plate} of plates.tsv has no rows: {listed[plate]}")
    said = together(sheet.rows, plates, told)
    containers = [(listed.get(plate, ""), own) for plate, own in said.values]
    others = (c for c, own in containers if own and c and "." in c.rpartition("/")[2])
    return Places(
        said.mapped(lambda pair: pair[1] or listed.get(pair[0], "") or guessed(pair[0])),
        list(dict.fromkeys(others)),
        pairs={(c, own) for c, own in containers if own and c},
    )


def _plate(row: Sequence[str], plates: Collection[str]) -> tuple[str, str]:
    """Name ('' for none) and path of a line of plates.tsv, which has them in either order; a name may hold a stroke."""
    cells = [c.strip() for c in row if c.strip()]
    name = next((c for c in cells if c in plates), "") if len(cells) > 1 else ""
    rest = [c for c in cells if c != name] or cells
    path = next((c for c in rest if c.startswith(("/", "."))), "") or next((c for c in rest if "/" in c), "")
    path = path or (rest[-1] if rest else "")
    return name or next((c for c in rest if c != path), ""), path


def _images(component: Component, sheet: Sheet, study: str, told: Coded[str], notes: Notes) -> Places:
    known: dict[tuple[str, str], str] = {}
    of_dataset: dict[str, list[str]] = {}
    listed: list[str] = []
    for target, raw, *name in component.paths:
        found = _DATASET.match(target)
        dataset, path = (found[1] if found else target).strip(), below(raw, study)
        listed.append(path)
        of_dataset.setdefault(dataset, []).append(path)
        for shown in (*name, path.rpartition("/")[2]):
            known.setdefault((dataset, shown.strip()), path)
            known[("", shown.strip())] = path if known.get(("", shown.strip()), path) == path else ""

    def path_of(row: Sequence[str]) -> tuple[str, bool]:
        """The path of a dataset and image that may have one of their own, and whether it is known."""
        dataset, image, own = row
        names = (image, _SERIES.sub("", image))
        path = next((p for d in (dataset, "") for n in names if (p := known.get((d, n)))), "")
        if not path and len(of_dataset.get(dataset, ())) == 1:
            path = of_dataset[dataset][0]
            path = path if "." in path.rpartition("/")[2] else f"{path}/{clean(image)}"
        if path:
            return path, True
        whole = own.rpartition("/")[2] in names or "." in own.rpartition("/")[2]
        return own if own and whole else guessed(f"{own or dataset}/{image}"), bool(own)

    rows = together(sheet.rows, sheet.values(headings.DATASET), sheet.values(headings.IMAGE), told)
    placed = rows.mapped(path_of)
    out = placed.mapped(lambda place: place[0])
    unknown = int(placed.where(lambda place: not place[1]).sum())
    if unknown:
        notes.add(component.folder, f"{unknown} rows have no path; dataset and image are taken for it")
    taken = set(out.values)
    for path in dict.fromkeys(p for p in listed if p not in taken):
        notes.add(component.folder, f"a path without a row: {path}")
    pairs = together(sheet.rows, out, told).values
    return Places(out, pairs={(p, own) for p, own in pairs if own and p != own})


def _drop_folder(found: Places) -> None:
    """The data folder is what the lists of paths have before the paths that the rows say, where all agree."""
    before = set()
    for path, own in found.pairs:
        whole = f"/{path}".rfind(f"/{own}") if f"/{path}".endswith(f"/{own}") else -1
        at = whole if whole >= 0 else f"/{path}/".find(f"/{own.partition('/')[0]}/")
        before.add(path[: max(at, 0)].strip("/"))
    if len(before) != 1 or not (folder := before.pop()):
        return
    found.folder = folder
    found.paths = found.paths.mapped(lambda p: p.removeprefix(f"{folder}/"))
    found.others = [p.removeprefix(f"{folder}/") for p in found.others]


def common_folder(found: Sequence[Places]) -> str:
    """The data folder of all components, '' where they have none in common; their paths then begin with it."""
    named = {p.folder for p in found} - {""}
    folder = named.pop() if len(named) == 1 else ""
    one = all(p.folder or all(path.startswith(f"{folder}/") for path in (*p.paths.values, *p.others)) for p in found)
    for p in found:
        if folder and one and not p.folder:
            p.paths = p.paths.mapped(lambda path: path.removeprefix(f"{folder}/"))
            p.others = [path.removeprefix(f"{folder}/") for path in p.others]
        elif p.folder and not (folder and one):
            p.paths = p.paths.mapped(f"{p.folder}/{{}}".format)
            p.others = [f"{p.folder}/{path}" for path in p.others]
    return folder if one else ""
