"""{name: content} -> folder: whole or not at all, and nothing overwritten unasked. The only room that writes files."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath


class OutputError(Exception):
    """The target cannot be written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file as written: name below the target, size in bytes, SHA-256."""

    name: str
    size: int
    sha256: str


def write_folder(
    target: Path,
    files: Mapping[str, bytes | Callable[[], Iterator[bytes]]],
    *,
    index: tuple[str, Callable[[Iterable[Written]], bytes]],
    force: bool = False,
) -> list[Path]:
    """Write all files below `target` and return their paths; on any failure `target` is left as it was.

    Names use / and stay below the target. `index` is the name of the record of the conversion and a function
    that makes it from the files written. An existing folder that is not empty is replaced only with `force`,
    and only when it holds such a record, so that nobody's own folder is ever deleted.
    """
    _may_write(target, index[0], force)  # before it is made absolute: messages name it as it was typed
    target = target.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target.parent} cannot be written: {error.strerror}.") from error
    try:
        written = [_write(staging, name, content) for name, content in files.items()]
        _write(staging, index[0], index[1](written))
        staging.chmod(0o755)
        _swap(staging, target)
    except OSError as error:
        raise OutputError(f"{target} could not be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return [target / name for name in (*files, index[0])]


def _swap(staging: Path, target: Path) -> None:
    """Put the finished folder in the place of the target; an older one is moved aside first, then removed."""
    if not target.exists():
        staging.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(aside / target.name)
    try:
        staging.rename(target)
    except OSError:
        (aside / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_file(target: Path, content: bytes | Iterable[bytes], *, force: bool = False) -> Path:
    """Write one file, whole or in parts, by way of a temporary one beside it. Raises OutputError."""
    return write_files({target: content}, force=force)[0]


def write_files(files: Mapping[Path, bytes | Iterable[bytes]], *, force: bool = False) -> list[Path]:
    """Write files that belong together, each by way of a temporary one beside it; none where one cannot be written.

    Raises OutputError.
    """
    for target in files:
        if target.exists() and not force:
            raise OutputError(f"{target} exists already; give another name, or --force to replace it.")
    staged: dict[Path, Path] = {}
    try:
        for target, content in files.items():
            staged[target] = _staged(target, content)
        for target, temporary in staged.items():
            try:
                temporary.replace(target)
            except OSError as error:
                raise OutputError(f"{target} could not be written: {error.strerror or error}.") from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return list(files)


def placed(workbook: Path, files: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Files that go beside a workbook, by their path; those that lie there already as they are need no writing.

    Raises OutputError for a name that leads out of its folder.
    """
    out: dict[Path, bytes] = {}
    for name, content in files.items():
        relative = PurePosixPath(name)
        elsewhere = relative.is_absolute() or PureWindowsPath(name).drive or "\\" in name
        if elsewhere or ".." in relative.parts or not relative.parts:
            raise OutputError(f"{name} is no name for a file beside the workbook.")
        path = workbook.parent / relative
        if not (path.is_file() and path.read_bytes() == content):
            out[path] = content
    return out


def _staged(target: Path, content: bytes | Iterable[bytes]) -> Path:
    """The content in a temporary file beside its target."""
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as out:
            out.writelines((content,) if isinstance(content, bytes) else content)
        Path(name).chmod(0o644)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise OutputError(f"{target} could not be written: {error.strerror or error}.") from error
    return Path(name)


def _may_write(target: Path, record: str, force: bool) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputError(f"{target} is not a folder; give another name for the output.")
    if target.exists() and any(target.iterdir()):
        if not force:
            raise OutputError(
                f"{target} is not empty; give another folder, or --force to replace an earlier conversion."
            )
        if not (target / record).is_file():
            raise OutputError(f"{target} was not written by rembi-sheets, so it is not replaced; give another folder.")


def _write(folder: Path, name: str, content: bytes | Callable[[], Iterator[bytes]]) -> Written:
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise OutputError(f"{name} is no name for an output file.")
    path = folder / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for part in (content,) if isinstance(content, bytes) else content():
            out.write(part)
            digest.update(part)
            size += len(part)
    return Written(name, size, digest.hexdigest())
