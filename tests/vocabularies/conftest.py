"""No test of this room sees the vocabularies of the person who runs it, nor reaches the network."""

import pytest

from rembi_sheets.vocabularies import cache


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("REMBI_SHEETS_CACHE", str(folder))
    cache.forget()
    yield folder
    cache.forget()
