"""Computes the width of every column and writes it into the schema; run it after a change of a help text or heading.

python tools/widths.py            writes
python tools/widths.py --check    exit status 1 when a width is not what it should be
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rembi_sheets.schema import CURRENT, Layout, Schema, load
from rembi_sheets.workbook.look import needed_width

FOLDER = Path(__file__).parent.parent / "rembi_sheets" / "schema"


def rewritten(text: str, sheet: str, schema: Schema) -> str:
    """The TOML of one sheet (`sheet`: its name), or of columns of several, with the widths it should have."""
    head, *blocks = re.split(r"(?m)^(?=\[\[column)", text)
    return head + "".join(_block(block, sheet, schema) for block in blocks)


def _block(block: str, sheet: str, schema: Schema) -> str:
    """One column with its width: before what is said of the archives, else behind all."""
    bare = re.sub(r"^width = .*\n", "", block, flags=re.MULTILINE)
    of = re.match(r"\[\[column\.(\w+)\]\]", bare)
    name = re.search(r'^name = "(.*)"$', bare, re.MULTILINE)
    spec = schema[of[1] if of else sheet]
    column = spec.by_name.get(name[1]) if name else None
    if column is None or spec.layout is not Layout.TABLE:
        return bare
    line = f"width = {needed_width(column, spec):g}\n"
    placed, n = re.subn(r"^archives\.", lambda found: line + found[0], bare, count=1, flags=re.MULTILINE)
    return placed if n else bare.rstrip("\n") + "\n" + line + "\n" * (len(bare) - len(bare.rstrip("\n")) - 1)


def main() -> int:
    schema = load()
    stale = []
    for name in (*schema.by_name, "methods"):
        path = FOLDER / CURRENT / f"{name}.toml"
        text = path.read_text(encoding="utf-8")
        new = rewritten(text, name, schema)
        if new != text:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(new, encoding="utf-8")
    print("\n".join(stale) if stale else "all widths are right")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
