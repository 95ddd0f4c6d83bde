"""The collector of circles: seldom called by a command, never while a long sheet is read, and then as before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from rembi_sheets.cli import main
from rembi_sheets.collector import resting


@pytest.fixture
def kept() -> Iterator[None]:
    """The collector as it was before the test."""
    on, threshold = gc.isenabled(), gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    (gc.enable if on else gc.disable)()


@pytest.mark.usefixtures("kept")
def test_a_command_looks_for_circles_rarely_but_does() -> None:
    gc.set_threshold(700, 10, 10)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert gc.isenabled()
    assert gc.get_threshold()[0] >= 10_000, "a small check would spend a tenth of its time in looking"


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("on", [True, False])
def test_while_a_sheet_is_read_it_rests_and_is_then_as_before(on: bool) -> None:
    (gc.enable if on else gc.disable)()
    with resting():
        assert not gc.isenabled()
    assert gc.isenabled() is on
    with pytest.raises(ValueError), resting():
        raise ValueError
    assert gc.isenabled() is on, "a workbook that cannot be read must not switch it off for good"
