"""What is taken away of a conversion: its files as one .zip, and what is said of them before."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembi_sheets import pipeline
from rembi_sheets.findings import stops
from rembi_sheets.report.words import shown, some

if TYPE_CHECKING:
    from rembi_sheets.archives import Loss

_TIME = (1980, 1, 1, 0, 0, 0)
_GUIDE = "NEXT-STEPS.md"
_SHOWN = 100  # characters of values


def packed(made: pipeline.Conversion, folder: Path, name: str) -> dict[str, Any]:
    """The files of a conversion to one archive written and packed as `folder/name`, and what they are.

    The same files as `convert` writes, byte for byte, with conversion.json. Without files: the number of `errors`.
    Raises OutputError.
    """
    (archive,) = made.archives
    if not made.files:
        return {"errors": len(stops(made.findings, archive))}
    written = folder / f"{name}.files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        paths = pipeline.write(made, written, force=True)
        files = [(p.relative_to(written.absolute()).as_posix(), p) for p in paths]
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as out:
            for inside, path in sorted(files):
                info = zipfile.ZipInfo(inside, _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                with path.open("rb") as source, out.open(info, "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        guides = [p for inside, p in files if inside.endswith(_GUIDE)]
        return {
            "zip": name,
            "size": (folder / name).stat().st_size,
            "files": [{"name": inside, "size": p.stat().st_size} for inside, p in files],
            "guide": guides[0].read_text("utf-8") if guides else "",
            "moved": sum(not _lost(loss) for loss in made.losses),
            "lost": sum(_lost(loss) for loss in made.losses),
            "losses": _grouped(made.losses),
        }
    finally:
        shutil.rmtree(written, ignore_errors=True)


def _lost(loss: Loss) -> bool:
    return loss.went.startswith("lost")


def _grouped(losses: Iterable[Loss]) -> list[dict[str, Any]]:
    """Losses of a sheet that went to one place as one line: columns, cells, values."""
    found: dict[tuple[str, str], list[Loss]] = {}
    for loss in losses:
        found.setdefault((loss.sheet, loss.went), []).append(loss)
    lines = []
    for (sheet, went), same in found.items():
        values = shown("; ".join(dict.fromkeys(loss.value for loss in same if loss.value)))
        lines.append(
            {
                "sheet": sheet,
                "columns": some(tuple(dict.fromkeys(loss.column for loss in same)), 6),
                "cells": some(tuple(dict.fromkeys(c for loss in same for c in loss.cells)), 4),
                "values": values if len(values) <= _SHOWN else f"{values[: _SHOWN - 1]}…",
                "went": went,
                "lost": _lost(same[0]),
            }
        )
    return lines
