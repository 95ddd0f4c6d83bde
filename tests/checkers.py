"""The independent checkers of ../shared/tools, run as their own programs on what we wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
TOOLS = SHARED / "tools"

needs_shared = pytest.mark.skipif(
    not TOOLS.is_dir() and not os.environ.get("CI"),
    reason="the independent checkers lie in ../shared/tools, which is not here",
)


def run(tool: str, *args: str | Path) -> str:
    """What a checker prints; fails with that when it does not end with status 0."""
    done = subprocess.run([sys.executable, str(TOOLS / tool), *map(str, args)], capture_output=True, text=True)
    assert done.returncode == 0, f"{tool}:\n{done.stdout[-3000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def bioimage_archive(folder: Path) -> None:
    """PageTab accepted in both forms with the file lists, both the same page, the template's rules kept."""
    pages = []
    for name in ("submission.tsv", "submission.json"):
        page = folder / name
        said = run("pagetab_check.py", "check", page, "--base", folder)
        assert "ACCEPTED" in said and "ERROR" not in said, said
        said = run("pagetab_check.py", "check", page, "--base", folder, "--to-json")
        pages.append(json.loads(said[said.index("\n{") : said.rindex("}") + 1]))
        assert "VALID" in run("bia_template_check.py", page).splitlines()[-1]
    assert pages[0] == pages[1]


def empiar(folder: Path) -> None:
    """The deposition is clean against EMPIAR's own schema and its worded rules, the entry against the XSD."""
    from lxml import etree

    run("empiar_json_check.py", folder / "deposition.json")
    schema = etree.XMLSchema(etree.parse(str(TOOLS / "empiar_entry.xsd")))
    schema.assertValid(etree.parse(str(folder / "entry.xml")))
