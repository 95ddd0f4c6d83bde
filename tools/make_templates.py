"""Writes templates/: one blank workbook for each profile with its usual archives, as `rembi-sheets new` makes it."""

from __future__ import annotations

from pathlib import Path

from rembi_sheets import pipeline
from rembi_sheets.schema import load

FOLDER = Path(__file__).parent.parent / "templates"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for profile in load().profiles:
        path = FOLDER / f"{profile.name}.xlsx"
        content = pipeline.blank(profile.name)
        changed = not path.exists() or path.read_bytes() != content
        if changed:
            path.write_bytes(content)
        print(f"{path.name}  {len(content) // 1000} kB{'' if changed else '  unchanged'}")


if __name__ == "__main__":
    main()
