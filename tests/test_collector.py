"""The collector of circles: how often it looks, and whose habit that is."""

from __future__ import annotations

import gc

from rembi_sheets import collector


def test_a_job_elsewhere_gives_the_habit_back() -> None:
    habit = gc.get_threshold()
    try:
        gc.set_threshold(701, 11, 12)
        first, second = collector.seldom_within(), collector.seldom_within()  # of two threads
        first.__enter__()
        within = gc.get_threshold()
        second.__enter__()
        first.__exit__(None, None, None)
        assert gc.get_threshold() == within != (701, 11, 12)
        second.__exit__(None, None, None)
        assert gc.get_threshold() == (701, 11, 12)
    finally:
        gc.set_threshold(*habit)
