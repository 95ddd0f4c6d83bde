"""Releases today's version of the sheets and columns and begins the next: `python tools/release_schema.py 1.2`.

Today's folder stays as it is from now on: its digest, the templates and the examples as they are today go to
`tests/released/<version>/`, where tests hold them. The next version begins as a copy, with an empty file of migrations.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def release(new: str, root: Path = ROOT) -> list[Path]:
    """What was written. Raises ValueError for a version that is none, or that does not follow today's."""
    from rembi_sheets.schema import number
    from rembi_sheets.schema.load import load_folder

    home = root / "rembi_sheets" / "schema"
    loader = home / "load.py"
    code = loader.read_text("utf-8")
    found = re.search(r'^CURRENT = "([\d.]+)"$', code, re.M)
    if found is None:
        raise ValueError(f"{loader} does not say which version is today's")
    old = found[1]
    if not re.fullmatch(r"\d+(\.\d+)+", new) or number(new) <= number(old):
        raise ValueError(f"{new} does not follow {old}")
    kept = root / "tests" / "released" / old
    if kept.exists():
        raise ValueError(f"{old} is released already: {kept.relative_to(root)}")

    for name in ("templates", "examples"):
        shutil.copytree(root / name, kept / name, ignore=shutil.ignore_patterns("__pycache__"))
    digest = kept / "digest.txt"
    digest.write_text(load_folder(home / old, old).digest + "\n", "utf-8")

    shutil.copytree(home / old, home / new)
    profiles = home / new / "profiles.toml"
    profiles.write_text(profiles.read_text("utf-8").replace(f'version = "{old}"', f'version = "{new}"', 1), "utf-8")
    steps = home / "migrations" / f"{old}-{new}.toml"
    steps.write_text(f"# What {new} calls otherwise than {old}; the tables are explained in history.py.\n", "utf-8")
    loader.write_text(code.replace(found[0], f'CURRENT = "{new}"'), "utf-8")
    return [kept, digest, home / new, steps, loader]


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("Usage: python tools/release_schema.py NEW, for example 1.2")
    try:
        for path in release(sys.argv[1]):
            print(path.relative_to(ROOT))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print("Now: make generated, and write what is renamed, split, merged or dropped into the file of migrations.")


if __name__ == "__main__":
    main()
