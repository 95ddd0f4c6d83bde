"""plates.tsv and filePaths.tsv: what is imported under which name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rembi_sheets.archives.idr.document import Kind, Row, Table
from rembi_sheets.archives.idr.facts import text
from rembi_sheets.archives.idr.facts.rows import Joins
from rembi_sheets.archives.idr.facts.survey import Survey
from rembi_sheets.submission import Submission
from rembi_sheets.tables import Repeats

# the day of the upload, which IDR puts here
UPLOAD = "YYYYMMDD-upload"


def root(sub: Submission, study: str) -> str:
    """Where IDR keeps the files: a place holder for the upload, then the data folder."""
    folder = text.value(sub.study.data_folder).strip("/")
    return f"/uod/idr/filesets/{study}/{UPLOAD}/{folder}".rstrip("/")


def importable(path: str) -> str:
    """What OMERO is pointed at: the metadata of an OME-Zarr image, else the file itself."""
    return f"{path}/OME/METADATA.ome.xml" if path.endswith(".zarr") else path


@dataclass(frozen=True)
class FilePaths:
    """One row for each file: target, path, name. A file of several images stands once, under its own name."""

    joins: Joins
    seen: Survey
    study: str

    def __iter__(self) -> Iterator[Row]:
        base = root(self.joins.submission, self.study)
        target = f"Project:name:{self.study}/{self.seen.folder}/Dataset:name:"
        several = self._several()
        done: set[tuple[str, str]] = set()
        for part in self.joins.parts(self.seen.component):
            for dataset, path, name in zip(part.datasets, part.texts("path"), part.names, strict=True):
                if not path:
                    continue
                if several and path in several:
                    if (dataset, path) in done:
                        continue
                    done.add((dataset, path))
                    name = path.rpartition("/")[2]
                yield target + dataset, importable(f"{base}/{path}"), name

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


def table(joins: Joins, seen: Survey, study: str) -> Table:
    """The list of paths of a component, with the columns that bulk.yml names."""
    if seen.kind is Kind.EXPERIMENT:
        return Table(("target", "path", "name"), FilePaths(joins, seen, study))
    base = root(joins.submission, study)
    plates = {plate: seen.containers.get(plate, path) for plate, path in seen.plates.items() if plate}
    rows = tuple((plate, importable(f"{base}/{path}".rstrip("/"))) for plate, path in plates.items())
    return Table(("name", "path"), rows)
