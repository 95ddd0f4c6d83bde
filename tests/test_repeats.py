"""Values that stand more than once are found among very many, whatever the order."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rembi_sheets.tables import Repeats


@given(st.lists(st.lists(st.text(max_size=3), max_size=30), max_size=5), st.sets(st.text(max_size=3), max_size=20))
def test_as_a_counter_would_say(parts: list[list[str]], sought: set[str]) -> None:
    repeats = Repeats()
    for part in parts:
        repeats.add(part)
        repeats.twice()  # asked in between, it takes up more afterwards
    counted = Counter(v for part in parts for v in part)
    assert repeats.twice() == {hash(v) for v, n in counted.items() if n > 1}
    assert repeats.among({hash(v) for v in sought}) == {hash(v) for v in sought if v in counted}
