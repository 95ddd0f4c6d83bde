"""Generated pages are what the code says today."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = "import json, sys; sys.path.insert(0, sys.argv[1]); import make_docs; print(json.dumps(make_docs.pages()))"


def test_a_generated_page_is_up_to_date() -> None:
    """Made by a program of its own, as `make docs-data` does, whatever tests have done to this one."""
    done = subprocess.run([sys.executable, "-c", PAGES, ROOT / "tools"], capture_output=True, text=True, check=True)
    pages: dict[str, str] = json.loads(done.stdout)
    old = [name for name, text in sorted(pages.items()) if (ROOT / "docs" / name).read_text("utf-8") != text]
    assert len(pages) > 10 and not old, f"run: make docs-data ({', '.join(old)})"


def test_the_readme_opens_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.index("make demo") < text.index("make test") < text.index("## ")
