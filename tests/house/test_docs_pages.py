"""The pages: every command shown is run, its output is today's, links lead somewhere, evidence exists."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from rembi_sheets import cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
SHOWN = [p for p in PAGES if re.search(r"^ *```(sh|python)$", p.read_text("utf-8"), re.M)]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tool(name: str) -> ModuleType:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
        assert spec and spec.loader
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_commands_of_a_page_end_as_it_says_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    done = tool("doc_blocks").run(text, tmp_path)
    ended = {r.line: r.status for r in done.ran}
    assert ended == {r.line: r.expected for r in done.ran}
    assert done.text == text, "an output has changed; run: make docs-data"


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_every_line_of_a_shell_block_is_one_that_is_run(page: Path) -> None:
    """A `sh` block is for our commands and `make`; what a test cannot run stands in another kind of block."""
    for block in re.finditer(r"^ *```sh\n(.*?)^ *```$", page.read_text("utf-8"), re.M | re.S):
        for line in block[1].replace("\\\n", " ").splitlines():
            assert re.match(r" *(rembi-sheets |make |$)", line), line


def test_every_command_is_shown_on_some_page() -> None:
    shown = "\n".join(p.read_text("utf-8") for p in PAGES if p.name != "cli.md")
    assert not [c for c in cli.COMMANDS if f"rembi-sheets {c} " not in shown]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MkDocs make them."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {
        re.sub(r"[^\w\- ]", "", re.sub(r"\[(.*?)\]\(.*?\)", r"\1", h).lower()).strip().replace(" ", "-") for h in heads
    }


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_pictures_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        home = (page.parent / path).resolve() if path else page
        assert home.exists(), target
        if anchor:
            assert anchor in anchors(home), target


def test_every_page_is_reached_from_the_first_and_in_the_site() -> None:
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    first = (DOCS / "index.md").read_text("utf-8")
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        assert name in site, name
        assert name == "index.md" or f"]({name}" in first, name


def test_every_picture_is_shown_and_small() -> None:
    shown = "".join(p.read_text("utf-8") for p in PAGES)
    for picture in (DOCS / "pictures").iterdir():
        assert f"pictures/{picture.name})" in shown, picture.name
        assert 5_000 < picture.stat().st_size < 120_000, picture.name


def test_tests_named_as_evidence_exist() -> None:
    named_tests = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (DOCS / "peers.md").read_text("utf-8"))
    assert len(named_tests) > 10
    for path, function in named_tests:
        assert (ROOT / path).is_file(), path
        assert not function or f"def {function}(" in (ROOT / path).read_text("utf-8"), f"{path}::{function}"
