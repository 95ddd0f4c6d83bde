"""No test of this room sees the vocabularies of the person who runs it, nor reaches the network."""

import pytest


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("REMBI_SHEETS_CACHE", str(folder))
    return folder
