"""The cell Channels -> Channels: pairs of name and what is shown, in the forms in which people write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rembi_sheets.records import Channel, ImageData, Specimen

_PARTS = (re.compile(r";\s*"), re.compile(r"\s+/\s+|\|"), re.compile(r",\s*(?![^()]*\))"))
# EGFP: nuclei; Channel 1 (Cy5): nuclei; EGFP (nuclei)
_PAIR = re.compile(r"((?:[^:=()]|\([^():=]*\))+?)\s*[:=]\s*(.+)\Z")
_IN_BRACKETS = re.compile(r"([^:=()]+?)\s*\((.+)\)\s*\.?\Z")


@dataclass(frozen=True, slots=True)
class Shown:
    """One channel of a cell."""

    name: str
    entity: str = ""
    content: str = ""


@lru_cache(maxsize=4096)
def channels(cell: str, content: str = "") -> tuple[Shown, ...]:
    """The channels of a cell, `content` being that of Comment [Channel Content]: name: content; name: content."""
    text = " ".join(cell.split()).rstrip(";")
    if not text:
        return ()
    parts = [text]
    for form in _PARTS:
        found = [p.strip() for p in form.split(text) if p.strip()]
        if len(found) > 1:
            parts = found
            break
    out = []
    for part in parts:
        pair = _PAIR.match(part) or _IN_BRACKETS.match(part)
        name, shown = (pair[1].strip(), pair[2].strip()) if pair else (part, "")
        out.append(Shown(_plain(name), shown))
    times = Counter(s.name.casefold() for s in out)
    # a dye of several rounds of staining: its channels are told apart by what they show
    out = [s if times[s.name.casefold()] == 1 else Shown(_plain(f"{s.name} {s.entity}")) for s in out]
    held = _contents(content, [s.name for s in out])
    return tuple(dict.fromkeys(Shown(s.name, s.entity, held.get(s.name, "")) for s in out))


def _plain(name: str) -> str:
    """A name as a channel may have it: without the marks that part it from what it shows."""
    return " ".join(re.sub("[:;]", " ", name).split())


def _contents(text: str, names: Sequence[str]) -> dict[str, str]:
    """What stands behind each name: 'green: anti-megalin; red: anti-laminin'."""
    marks = [(m.start(), m.end(), n) for n in names if (m := re.search(rf"(?:^|; ){re.escape(n)}: ", text))]
    marks.sort()
    ends = [*(m[0] for m in marks[1:]), len(text)][: len(marks)]
    return {name: text[end:stop].strip() for (_, end, name), stop in zip(marks, ends, strict=True)}


Pair = tuple[Specimen, ImageData]


def records(shown: Sequence[tuple[Pair, tuple[Shown, ...]]]) -> list[Channel]:
    """Channels of pairs of specimen and image data: a row for several specimens, and only what tells apart.

    `shown`: each pair once, with its channels in order.
    """
    images: dict[Specimen, list[ImageData]] = {}
    by_text: dict[tuple[Shown, ...], dict[Specimen, list[ImageData]]] = {}
    for (specimen, image), found in shown:
        images.setdefault(specimen, []).append(image)
        if found:
            by_text.setdefault(found, {}).setdefault(specimen, []).append(image)
    out = []
    for text, pairs in by_text.items():
        alike: dict[tuple[ImageData, ...], list[Specimen]] = {}
        for specimen, of_it in pairs.items():
            every = len(of_it) == len(images[specimen])
            alike.setdefault(() if every else tuple(of_it), []).append(specimen)
        for of_images, specimens in alike.items():
            out += [
                Channel(
                    specimens=tuple(specimens),
                    channel_name=s.name,
                    biological_entity=s.entity,
                    content=s.content,
                    image_data=of_images,
                )
                for s in text
            ]
    return out
