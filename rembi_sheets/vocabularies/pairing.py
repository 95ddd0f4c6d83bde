"""Which label of a cell each of the identifiers beside it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rembi_sheets.vocabularies.doubts import agree, comparable
from rembi_sheets.vocabularies.lookup import by_id, resolve


def placed(labels: Sequence[str], own: Sequence[str], given: Sequence[str], name: str) -> tuple[str, ...] | None:
    """The identifier of each label of list `name`, '' where it has none; None when that cannot be told.

    `own` are the identifiers that the labels carry themselves ('' for none), `given` those beside them. As many as
    labels, or with an empty place among them, they belong to the labels by their order. Fewer are placed one by one:
    where the lists know identifier and label as one term, else at the one label that the lists do not know, else at
    the one label that they do not contradict.
    """
    ids = trimmed(given, len(labels))
    if len(ids) > len(labels):
        return None
    if len(ids) == len(labels) or not all(ids):
        return (*ids, *[""] * (len(labels) - len(ids)))
    out = [""] * len(labels)
    left = list(ids)
    known = [resolve(label, name).entry is not None for label in labels]

    def put(choose: Callable[[str, list[int]], list[int]]) -> None:
        """Place the identifiers left for which `choose` finds one of the labels left."""
        for curie in tuple(left):
            at = choose(curie, [i for i, taken in enumerate(out) if not taken])
            if at:
                out[at[0]] = curie
                left.remove(curie)

    def one(places: list[int]) -> list[int]:
        return places if len(places) == 1 else []

    def fit(curie: str, free: list[int], wanted: bool | None) -> list[int]:
        return [i for i in free if fits(labels[i], own[i], curie, name) is wanted]

    put(lambda curie, free: fit(curie, free, True))
    put(lambda curie, free: one([i for i in fit(curie, free, None) if not known[i]]))
    put(lambda curie, free: one(fit(curie, free, None)))
    return None if left else tuple(out)


def fits(label: str, own: str, curie: str, name: str) -> bool | None:
    """Whether a label, which may carry an identifier itself, is that of an identifier; None when nobody here knows."""
    if own:
        return own == curie
    meant, known = by_id(curie, name), resolve(label, name).entry
    if meant is not None:
        return True if agree(label, meant, curie, name) else False if known else None
    return False if known and comparable(known, curie) else None


def trimmed(values: Sequence[str], number: int) -> tuple[str, ...]:
    """Values of a cell without the empty places at its end that are more than `number`."""
    kept = list(values)
    while len(kept) > number and not kept[-1]:
        kept.pop()
    return tuple(kept)
