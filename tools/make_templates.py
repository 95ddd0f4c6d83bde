"""Writes templates/, as `rembi-sheets new` makes them: the workbook to begin with, and one for each profile."""

from __future__ import annotations

from pathlib import Path

from rembi_sheets import pipeline
from rembi_sheets.schema import load

FOLDER = Path(__file__).parent.parent / "templates"


def templates() -> dict[str, str]:
    """Names of the files and their profiles; the first, by its name too, is that of who names none."""
    schema = load()
    return {"-".join(schema.start.archives): "", **{p.name: p.name for p in schema.profiles}}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, profile in templates().items():
        path = FOLDER / f"{name}.xlsx"
        content = pipeline.blank(profile)
        changed = not path.exists() or path.read_bytes() != content
        if changed:
            path.write_bytes(content)
        print(f"{path.name}  {len(content) // 1000} kB{'' if changed else '  unchanged'}")


if __name__ == "__main__":
    main()
