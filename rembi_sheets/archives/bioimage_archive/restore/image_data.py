"""Associations -> the fewest rows of Image data that give exactly them.

A row stands for all combinations of its specimens, their biosamples (those it names) and its acquisition, with its k-th
correlation beside its k-th analysis. Rows that a file list of ours names keep their names; a list tells the specimen of
each that shows only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from rembi_sheets.archives.bioimage_archive.facts.associations import PROCESSING, Association

Pair = tuple[str, str]  # biosample, specimen
Ends = tuple[Pair, ...]  # correlation and analysis, in order


@dataclass(frozen=True, slots=True)
class Listed:
    """Image data that a page or a list names, with what the list says of its samples.

    A list tells specimens only where they differ; `several`: it does, but names none here.
    """

    name: str
    specimen: str = ""
    biosample: str = ""
    several: bool = False


@dataclass(slots=True)
class Image:
    """A row of Image data as its associations tell it; `biosamples` is empty where it shows all of its specimens'.

    `mixed`: it was made from images of several acquisitions, of which `acquisition` is one.
    """

    name: str
    acquisition: str = ""
    specimens: list[str] = field(default_factory=list)
    biosamples: list[str] = field(default_factory=list)
    ends: Ends = ()
    mixed: bool = False


@dataclass(slots=True)
class _Group:
    """Pairs of biosample and specimen that share acquisition, correlations and analyses.

    `left`: not given out yet; `takers`: who took some, with what they took.
    """

    acquisition: str
    ends: Ends
    pairs: list[Pair] = field(default_factory=list)
    left: list[Pair] = field(default_factory=list)
    takers: list[tuple[Listed, list[Pair]]] = field(default_factory=list)

    def take(self, image: Listed, pairs: Sequence[Pair]) -> None:
        """Give pairs to a named row."""
        self.takers.append((image, list(pairs)))
        self.left = [p for p in self.left if p not in pairs]


def samples_of(associations: Iterable[Association]) -> dict[str, list[str]]:
    """The biosamples of each specimen, over the whole page, in order of first mention."""
    found: dict[str, list[str]] = {}
    for a in associations:
        if a.specimen:
            known = found.setdefault(a.specimen, [])
            if a.biosample and a.biosample not in known:
                known.append(a.biosample)
    return found


def images(
    component: str,
    associations: Sequence[Association],
    listed: Sequence[Listed],
    of_specimen: Mapping[str, Sequence[str]],
    order: Sequence[str],
) -> list[Image]:
    """The rows of a component. `order`: titles of correlations and analyses as they stand on the page."""
    groups = _groups(associations, order, {PROCESSING + image.name for image in listed})
    derived = {image.name: own for image in listed if (own := _of_processing(image, groups))}
    free = [g for g in groups if not any(g in own for own in derived.values())]
    for image in listed:
        if image.name not in derived:
            fitting = [g for g in free if _pairs(image, g)] or [g for g in free if g.left]
            if fitting:
                group = min(fitting, key=lambda g: (len(g.takers), not g.left))
                group.take(image, _pairs(image, group) or group.left)
    for group in free:
        if group.left and group.takers:
            group.takers[-1][1].extend(group.left)
            group.left = []
    rows = []
    for image in listed:
        own = derived.get(image.name) or [g for g in free if any(t is image for t, _ in g.takers)]
        if not own:
            rows.append(Image(image.name))
            continue
        pairs = [p for g in own for p in (g.pairs if image.name in derived else _taken(g, image))]
        acquisitions = {g.acquisition for g in own}
        made = _rows(list(dict.fromkeys(pairs)), of_specimen)
        rows += [Image(image.name, min(acquisitions), s, b, own[0].ends, len(acquisitions) > 1) for s, b in made]
    for group in free:
        rows += [Image(component, group.acquisition, s, b, group.ends) for s, b in _rows(group.left, of_specimen)]
    return rows


def _of_processing(image: Listed, groups: Sequence[_Group]) -> list[_Group]:
    """The groups that the processing of image data names as its own."""
    return [g for g in groups if any(a == PROCESSING + image.name for _, a in g.ends)]


def _taken(group: _Group, image: Listed) -> list[Pair]:
    return [p for t, pairs in group.takers if t is image for p in pairs]


def _groups(associations: Sequence[Association], order: Sequence[str], own: set[str]) -> list[_Group]:
    """Associations by what a row can give together; `own`: titles of the processing of one row each."""
    place = {title: n for n, title in enumerate(order)}
    ends: dict[tuple[str, str, str], dict[Pair, None]] = {}
    for a in associations:
        ends.setdefault((a.acquisition, a.biosample, a.specimen), {})[a.correlation, a.analysis] = None
    processed = own & {a.analysis for a in associations}
    groups: dict[tuple[str, Ends], _Group] = {}
    for (acquisition, biosample, specimen), found in ends.items():
        for one in _apart(list(found), place, own, alone=processed == own):
            group = groups.setdefault((acquisition, one), _Group(acquisition, one))
            group.pairs.append((biosample, specimen))
            group.left.append((biosample, specimen))
    return list(groups.values())


def _apart(found: list[Pair], place: Mapping[str, int], own: set[str], alone: bool) -> list[Ends]:
    """The ends of one combination as rows give them: each processing is that of a row, the others of further rows.

    `alone`: there are no further rows, so that the first with processing has the others too.
    """
    of_processing = [[e] for e in found if e[1] in own]
    others = [e for e in found if e[1] not in own]
    if of_processing and alone:
        of_processing[0] += others
        others = []
    plain = [[e] for e in others if e == ("", "")]
    rest = [e for e in others if e != ("", "")]
    return [one for ends in (*of_processing, *plain, *([rest] if rest else [])) for one in _together(ends, place)]


def _together(ends: list[Pair], place: Mapping[str, int]) -> list[Ends]:
    """These ends as one row gives them, its k-th correlation beside its k-th analysis; each alone where it cannot."""
    correlations = sorted(dict.fromkeys(c for c, _ in ends if c), key=lambda t: place.get(t, 0))
    analyses = sorted(dict.fromkeys(a for _, a in ends if a), key=lambda t: place.get(t, 0))
    together = tuple(zip_longest(correlations, analyses, fillvalue="")) or (("", ""),)
    return [together] if set(together) == set(ends) else [(e,) for e in ends]


def _pairs(image: Listed, group: _Group) -> list[Pair]:
    """The pairs of a group that fit what a list says of the samples; of several specimens those that are left."""
    if image.specimen:
        return [p for p in group.pairs if p[1] == image.specimen and image.biosample in ("", p[0])]
    if image.several:
        return group.left if len({s for _, s in group.left}) > 1 else []
    return group.pairs


def _rows(pairs: Sequence[Pair], of_specimen: Mapping[str, Sequence[str]]) -> list[tuple[list[str], list[str]]]:
    """Specimens and biosamples of as few rows as give exactly these pairs; no biosamples where all are meant."""
    wanted: dict[str, list[str]] = {}
    for biosample, specimen in pairs:
        wanted.setdefault(specimen, []).append(biosample)
    rows: list[list[str]] = []
    for specimen in wanted:
        fitting = (r for r in rows if specimen and "" not in r and _exact([*r, specimen], wanted, of_specimen))
        row = next(fitting, None)
        if row is None:
            rows.append([specimen])
        else:
            row.append(specimen)
    return [(list(filter(None, row)), _needed(row, wanted, of_specimen)) for row in rows]


def _exact(row: Sequence[str], wanted: Mapping[str, Sequence[str]], of_specimen: Mapping[str, Sequence[str]]) -> bool:
    named = {b for s in row for b in wanted[s]}
    return all(set(of_specimen.get(s, ())) & named == set(wanted[s]) for s in row) or all(
        set(of_specimen.get(s, ())) == set(wanted[s]) for s in row
    )


def _needed(
    row: Sequence[str], wanted: Mapping[str, Sequence[str]], of_specimen: Mapping[str, Sequence[str]]
) -> list[str]:
    """The biosamples to name."""
    if all(set(of_specimen.get(s, ())) == set(filter(None, wanted[s])) for s in row if s) and any(row):
        return []
    return list(dict.fromkeys(b for s in row for b in wanted[s] if b))
