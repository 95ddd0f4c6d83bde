"""A hook of MkDocs: links that leave docs/ (examples, templates, code) lead to the repository on the site."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"(?<=\]\()((?:\.\./)+[^)\s#]*)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """`../examples/x` in a page -> its address in the repository; links inside docs/ stay."""

    def address(found: re.Match[str]) -> str:
        folder = posixpath.dirname(page.file.src_uri)
        path = posixpath.normpath(posixpath.join("docs", folder, found[1]))
        return found[1] if path.startswith("docs/") else f"{config['repo_url'].rstrip('/')}/tree/main/{path}"

    return _LINK.sub(address, markdown)
