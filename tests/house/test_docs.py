"""Generated pages are what the code says today."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def pages() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.pages())


def test_a_generated_page_is_up_to_date() -> None:
    old = [name for name, text in sorted(pages().items()) if (ROOT / "docs" / name).read_text("utf-8") != text]
    assert len(pages()) > 10 and not old, f"run: make docs-data ({', '.join(old)})"


def test_the_readme_opens_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.index("make demo") < text.index("make test") < text.index("## ")
