"""Which Image data the files of a folder belong to: what Files lists, else folders and patterns of Image data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rembi_sheets.inventory import covering, plain
from rembi_sheets.tables import Table, Tables
from rembi_sheets.values import fold

_IMAGES, _FILES = "image_data", "files"


class Belonging:
    """What `tables` say of files, read once. Paths are those below the data folder."""

    def __init__(self, tables: Tables | Mapping[str, Table]) -> None:
        table = tables[_IMAGES]
        nothing = [None] * len(table.rows)
        patterns = table.values("path_pattern") if "path_pattern" in table.names else nothing
        names = table.values("name") if "name" in table.names else nothing
        self.patterns = {n: p if isinstance(p, str) else "" for n, p in zip(names, patterns, strict=True) if _said(n)}
        spelled = {fold(n): n for n in self.patterns}
        self._listed: dict[str, str] = {}
        for part in tables[_FILES].parts():
            if "path" not in part.names:
                continue
            images = part.values(_IMAGES) if _IMAGES in part.names else [None] * len(part.rows)
            for path, image in zip(part.values("path"), images, strict=True):
                if isinstance(path, str):
                    name = spelled.get(fold(image), image) if isinstance(image, str) else ""
                    self._listed[plain(path).rstrip("/")] = name

    def owners(self, paths: Iterable[str]) -> Mapping[str, str]:
        """Path -> name of its Image data; '' for what Files lists as something else; without what nothing names.

        Letters that Unicode writes in several ways are not told apart: cells have one, a folder may have another.
        """
        covers = [(name, covering(pattern)) for name, pattern in self.patterns.items() if pattern]
        out: dict[str, str] = {}
        for path in paths:
            listed = next((at for at in _upwards(plain(path)) if at in self._listed), None)
            if listed is not None:
                out[path] = self._listed[listed]
            elif (name := next((n for n, covered in covers if covered(path)), None)) is not None:
                out[path] = name
        return out

    @property
    def without_files(self) -> list[str]:
        """Image data of which neither Files nor a folder says where its files are."""
        listed = set(self._listed.values())
        return [name for name, pattern in self.patterns.items() if not pattern and name not in listed]


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _upwards(path: str) -> Iterable[str]:
    """A path, and the folders that it lies in, the innermost first."""
    while path:
        yield path
        path = path.rpartition("/")[0]
