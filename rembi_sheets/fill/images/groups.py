"""Groups of like files -> proposals for one row of Image data, Image acquisition, and the rows of Channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rembi_sheets import vocabularies
from rembi_sheets.fill.images.guesses import guesses
from rembi_sheets.fill.images.others import counted
from rembi_sheets.fill.model import Confidence, Key, Proposal
from rembi_sheets.harvest import columns
from rembi_sheets.harvest.facts import ACQUISITION, CHANNELS, IMAGE_DATA
from rembi_sheets.harvest.model import Group, Value
from rembi_sheets.schema import load

_COUNT = "image_count"


def image_data(groups: Sequence[Group], name: str, source: str) -> Iterator[Proposal]:
    """What the groups of one row of Image data say: the images of all of them, and what each has for itself."""
    key = (name,)
    images = 0
    for group in groups:
        said = columns.image_data(group)
        images += int(said.pop(_COUNT))
        stored = {v.column.partition(".")[2]: v for v in group.values if v.column.startswith(f"{IMAGE_DATA}.")}
        for column, value in said.items():
            if column in stored:
                yield _of(stored[column], IMAGE_DATA, key, source, group)
            else:
                yield Proposal(IMAGE_DATA, key, column, _word(IMAGE_DATA, column, value), source, _where(group))
        for column, value in guesses(group, IMAGE_DATA):
            yield Proposal(IMAGE_DATA, key, column, value, source, _where(group), Confidence.GUESS)
    files = sum(len(g.files) for g in groups)
    yield Proposal(IMAGE_DATA, key, _COUNT, str(images), source, counted(files), Confidence.DERIVED)


def acquisition(group: Group, name: str, source: str) -> list[Proposal]:
    """What a group says of how it was taken; what is one word of each, and a range where numbers differ."""
    key = (name,)
    made = [_of(v, ACQUISITION, key, source, group) for v in group.values if not v.column.startswith(f"{IMAGE_DATA}.")]
    said = {p.column for p in made}
    made += [
        Proposal(ACQUISITION, key, column, value, source, _where(group), Confidence.GUESS)
        for column, value in guesses(group, ACQUISITION)
        if column not in said
    ]
    return made


def channels(group: Group, name: str, specimen: str, source: str) -> Iterator[Proposal]:
    """A row for each channel that has a name; those that have none cannot be told apart."""
    for channel in group.image.channels:
        if not channel.name:
            continue
        key = (specimen, channel.name, name)
        yield Proposal(CHANNELS, key, "channel_name", channel.name, source, _where(group))
        for value in channel.values:
            yield _of(value, CHANNELS, key, source, group)


def _of(value: Value, sheet: str, key: Key, source: str, group: Group) -> Proposal:
    column = value.column.partition(".")[2]
    more = f" and {len(group.files) - 1} more" if len(group.files) > 1 else ""
    where = f"{value.file}{more}: {value.key}"
    confidence = Confidence(value.confidence.value)
    return Proposal(sheet, key, column, _word(sheet, column, value.value), source, where, confidence)


def _word(sheet: str, column: str, text: str) -> str:
    """A word of a header as the list of its column spells it; one that is not in the list as it stands."""
    name = load()[sheet][column].list
    return (vocabularies.listed(text, name) if name else "") or text


def _where(group: Group) -> str:
    more = f" and {len(group.files) - 1} more" if len(group.files) > 1 else ""
    return f"{group.files[0]}{more}"
