"""{name: content} -> folder: whole or not at all, and nothing overwritten unasked. The only room that writes files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath


class OutputError(Exception):
    """The target cannot be written; the message says why and what to do."""


def write_folder(
    target: Path, files: Mapping[str, bytes | Callable[[], Iterator[bytes]]], *, force: bool = False
) -> list[Path]:
    """Write all files below `target` and return their paths; on any failure `target` is left as it was.

    Names use / and stay below the target. An existing folder that is not empty is replaced only with `force`,
    and only when everything in it was written by an earlier conversion (it holds conversion.json).
    """
    target = target.absolute()
    _may_write(target, force)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target.parent} cannot be written: {error.strerror}.") from error
    try:
        for name, content in files.items():
            _write(staging / _inside(name), content)
        staging.chmod(0o755)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
            target.rename(old / target.name)
            staging.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            staging.rename(target)
    except OSError as error:
        raise OutputError(f"{target} could not be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return [target / name for name in files]


def write_file(target: Path, content: bytes, *, force: bool = False) -> Path:
    """Write one file by way of a temporary one beside it."""
    if target.exists() and not force:
        raise OutputError(f"{target} exists already; give another name, or --force to replace it.")
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise OutputError(f"{target} could not be written: {error.strerror or error}.") from error
    return target


def _may_write(target: Path, force: bool) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputError(f"{target} is not a folder; give another name for the output.")
    if target.exists() and any(target.iterdir()):
        if not force:
            raise OutputError(
                f"{target} is not empty; give another folder, or --force to replace an earlier conversion."
            )
        if not (target / "conversion.json").is_file():
            raise OutputError(f"{target} was not written by a conversion, so it is not replaced; give another folder.")


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise OutputError(f"{name} is no name for an output file.")
    return path


def _write(path: Path, content: bytes | Callable[[], Iterator[bytes]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        if isinstance(content, bytes):
            out.write(content)
        else:
            for part in content():
                out.write(part)
