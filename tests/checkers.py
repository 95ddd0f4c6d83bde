"""The independent checkers of ../shared/tools, run as their own programs (in this process) on what we wrote."""

from __future__ import annotations

import io
import json
import os
import runpy
import sys
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

SHARED = Path(__file__).parents[2] / "shared"
TOOLS = SHARED / "tools"

needs_shared = pytest.mark.skipif(
    not TOOLS.is_dir() and not os.environ.get("CI"),
    reason="the independent checkers lie in ../shared/tools, which is not here",
)


def run(tool: str, *args: str | Path) -> str:
    """What a checker prints; fails with that when it does not end with status 0."""
    program, said, status = str(TOOLS / tool), io.StringIO(), None
    with (
        redirect_stdout(said),
        patch("sys.argv", [program, *map(str, args)]),
        patch("sys.path", [str(TOOLS), *sys.path]),
    ):
        try:
            runpy.run_path(program, run_name="__main__")
        except SystemExit as end:
            status = end.code
    assert not status, f"{tool}:\n{said.getvalue()[-3000:]}"
    return said.getvalue()


def bioimage_archive(folder: Path) -> None:
    """PageTab accepted in both forms with the file lists, both the same page, the template's rules kept."""
    pages = []
    for name in ("submission.tsv", "submission.json"):
        page = folder / name
        said = run("pagetab_check.py", "check", page, "--base", folder, "--to-json").splitlines()
        assert said[-1] == "ACCEPTED" and not [line for line in said if line.startswith("ERROR")], said
        pages.append(json.loads("\n".join(said[said.index("{") : -1])))
        assert "VALID" in run("bia_template_check.py", page).splitlines()[-1]
    assert pages[0] == pages[1]


def empiar(folder: Path) -> None:
    """The deposition is clean against EMPIAR's own schema and its worded rules, the entry against the XSD."""
    from lxml import etree

    run("empiar_json_check.py", folder / "deposition.json")
    schema = etree.XMLSchema(etree.parse(str(TOOLS / "empiar_entry.xsd")))
    schema.assertValid(etree.parse(str(folder / "entry.xml")))
