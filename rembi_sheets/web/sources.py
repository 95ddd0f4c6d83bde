"""What a workbook is filled from, as it was dropped: files, and the folders of records packed as .zip."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from rembi_sheets.fill.sources import SourceError
from rembi_sheets.web.books import safe_name
from rembi_sheets.web.limits import MB

_MEMBERS = 5000
_UNPACKED = 512 * MB
_OFFICE = ("[Content_Types].xml", "mimetype")  # what the packages of spreadsheet programs hold at their top


def named(folder: Path) -> list[Path]:
    """The sources in the folder of one drop, as the command would name them; what is packed is unpacked beside them.

    Raises SourceError.
    """
    files = sorted(p for p in folder.iterdir() if p.is_file())
    return [_unpacked(p) if _is_packed(p) else p for p in files]


def _is_packed(path: Path) -> bool:
    """Is it a .zip that is no workbook?"""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as package:
            return not any(name in package.namelist() for name in _OFFICE)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _unpacked(path: Path) -> Path:
    """The folder into which a .zip is unpacked, by names that lead nowhere else. Raises SourceError."""
    target = path.parent / "unpacked" / (path.stem or "record")
    if target.is_dir():
        return target
    left = _UNPACKED
    try:
        with zipfile.ZipFile(path) as package:
            members = [m for m in package.infolist() if not m.is_dir()]
            if len(members) > _MEMBERS:
                raise SourceError(f"{path.name} holds more than {_MEMBERS:,} files. Drop the record alone.")
            for member in members:
                parts = [safe_name(p) for p in PurePosixPath(member.filename).parts if p not in ("/", "..", ".")]
                file = target.joinpath(*parts or ["file"])
                file.parent.mkdir(parents=True, exist_ok=True)
                with package.open(member) as source, file.open("wb") as out:
                    while piece := source.read(MB):
                        left -= len(piece)
                        if left < 0:
                            raise SourceError(f"{path.name} is too large when it is unpacked. Drop the record alone.")
                        out.write(piece)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise SourceError(f"{path.name} cannot be unpacked; it is damaged or has a password.") from error
    except (SourceError, OSError):
        shutil.rmtree(target, ignore_errors=True)
        raise
    return target
