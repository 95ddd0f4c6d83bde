"""Computes the width of every column and writes it into the schema; run it after a change of a help text or heading.

python tools/widths.py            writes
python tools/widths.py --check    exit status 1 when a width is not what it should be
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rembi_sheets.schema import CURRENT, Layout, SheetSpec, load
from rembi_sheets.workbook.look import needed_width

FOLDER = Path(__file__).parent.parent / "rembi_sheets" / "schema"


def rewritten(text: str, sheet: SheetSpec) -> str:
    """The TOML of one sheet with the widths it should have."""
    head, *blocks = text.split("[[column]]\n")
    out = [head]
    for block, column in zip(blocks, sheet.columns, strict=True):
        bare = re.sub(r"^width = .*\n", "", block, flags=re.MULTILINE)
        if not column.own and sheet.layout is Layout.TABLE:
            line = f"width = {needed_width(column, sheet):g}\n"
            bare = re.sub(r"^archives\.", line + "archives.", bare, count=1, flags=re.MULTILINE)
        out.append(bare)
    return "[[column]]\n".join(out)


def main() -> int:
    schema = load()
    stale = []
    for sheet in schema.sheets:
        path = FOLDER / CURRENT / f"{sheet.name}.toml"
        text = path.read_text(encoding="utf-8")
        new = rewritten(text, sheet)
        if new != text:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(new, encoding="utf-8")
    print("\n".join(stale) if stale else "all widths are right")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
