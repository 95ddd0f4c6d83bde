"""The Data folder of each of many workbooks, below one root."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from rembi_sheets.vocabularies.file_names import is_left, is_whole


class DataFolders:
    """The Data folders of workbooks below one root, which is walked once."""

    def __init__(self, root: Path) -> None:
        """Raises OSError when the root cannot be read."""
        self._root = root
        self._by_name: dict[str, list[Path]] = {_same(root.absolute().name): [root]}
        for home, names, _ in os.walk(root, onerror=_raised):
            names[:] = sorted(n for n in names if not (n.startswith(".") or is_left(n) or is_whole(n)))
            for name in names:
                self._by_name.setdefault(_same(name), []).append(Path(home, name))

    def of(self, workbook: Path, named: str) -> Path | None:
        """The folder that a workbook names as its Data folder, else the one with the workbook's own name.

        A path is found by its last parts, as many as can be. Of several such folders it is the one beside the
        workbook, else the one below a folder named like the workbook or like the workbook's folder; where that does
        not decide, none.
        """
        wanted = [_same(p) for p in named.replace("\\", "/").split("/") if p not in ("", ".", "..")]
        like = {_same(workbook.stem), _same(workbook.absolute().parent.name)}
        for parts in (*(wanted[n:] for n in range(len(wanted))), [_same(workbook.stem)]):
            fitting = [p for p in self._by_name.get(parts[-1], ()) if self._parts(p)[-len(parts) :] == parts]
            beside = [p for p in fitting if p.absolute().parent == workbook.absolute().parent]
            below = [p for p in fitting if like & set(self._parts(p)[:-1])]
            for chosen in (beside, below, fitting):
                if chosen:
                    return chosen[0] if len(chosen) == 1 else None
        return None

    def _parts(self, folder: Path) -> list[str]:
        return [_same(p) for p in (self._root.absolute().name, *folder.relative_to(self._root).parts)]


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _raised(error: OSError) -> None:
    raise error
