"""Where the user's own things lie that the program keeps between two runs."""

from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path:
    """The user's cache folder, whether it is there yet or not: REMBI_SHEETS_CACHE, else that of the platform."""
    chosen = os.environ.get("REMBI_SHEETS_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("rembi-sheets", appauthor=False))
