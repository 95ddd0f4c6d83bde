"""plates.tsv and filePaths.tsv: what is imported under which name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from rembi_sheets.archives.idr.document import Kind, Table
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.archives.idr.facts.rows import Joins
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.archives.shared.blocks import Block, Blocks
from rembi_sheets.coded import by_values
from rembi_sheets.submission import Submission
from rembi_sheets.tables import Repeats

# the day of the upload, which IDR puts here
UPLOAD = "YYYYMMDD-upload"
_ZARR = ".zarr"


def root(sub: Submission, study: str) -> str:
    """Where IDR keeps the files: a place holder for the upload, then the data folder."""
    folder = text.value(sub.study.data_folder).strip("/")
    return f"/uod/idr/filesets/{study}/{UPLOAD}/{folder}".rstrip("/")


def importable(path: str) -> str:
    """What OMERO is pointed at: the metadata of an OME-Zarr image, else the file itself."""
    return f"{path}/OME/METADATA.ome.xml" if path.endswith(_ZARR) else path


@dataclass(frozen=True)
class FilePaths:
    """The rows of files: target, path, name. A file of several images stands once, under its own name."""

    joins: Joins
    seen: Survey
    study: str

    def blocks(self) -> Iterator[Block]:
        """As `Blocks` make them."""
        base = root(self.joins.submission, self.study)
        target = f"Project:name:{self.study}/{self.seen.folder}/Dataset:name:"
        several = self._several()
        done: set[tuple[str, str]] = set()
        for part in self.joins.parts(self.seen.component):
            datasets: Sequence[str] = part.datasets
            paths: Sequence[str] = part.texts("path")
            names: Sequence[str] = part.names
            if several or not all(paths):
                rows = list(_once(zip(datasets, paths, names, strict=True), several, done))
                datasets, paths, names = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
            aims = [f"{base}/{path}" for path in paths]
            if any(map(str.endswith, aims, repeat(_ZARR))):
                aims = list(map(importable, aims))
            yield by_values(datasets, lambda some: [target + dataset for dataset in some]), aims, names

    def _several(self) -> frozenset[str]:
        """Paths that hold several images."""
        if "image_name" not in self.seen.filled:
            return frozenset()
        met = Repeats()
        for part in self.joins.parts(self.seen.component):
            met.add(part.texts("path"))
        twice = met.twice()
        number: Counter[str] = Counter()
        for part in self.joins.parts(self.seen.component) if twice else ():
            number.update(path for path in part.texts("path") if hash(path) in twice)
        return frozenset(path for path, n in number.items() if n > 1)


def _once(
    rows: Iterable[tuple[str, str, str]], several: Collection[str], done: set[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Dataset, path and name of each file; a file of several images once in a dataset."""
    for dataset, path, name in rows:
        if path in several and (dataset, path) not in done:
            done.add((dataset, path))
            yield dataset, path, path.rpartition("/")[2]
        elif path and path not in several:
            yield dataset, path, name


def table(joins: Joins, seen: Survey, study: str) -> Table:
    """The list of paths of a component, with the columns that bulk.yml names."""
    if seen.kind is Kind.EXPERIMENT:
        return Table(("target", "path", "name"), Blocks(FilePaths(joins, seen, study).blocks))
    base = root(joins.submission, study)
    plates = {plate: seen.containers.get(plate, path) for plate, path in seen.plates.items() if plate}
    rows = tuple((plate, importable(f"{base}/{path}".rstrip("/"))) for plate, path in plates.items())
    return Table(("name", "path"), rows)
