"""Which pages of a TIFF are images, and which of them make one stack."""

from __future__ import annotations

from typing import Any

from rembi_sheets.harvest.model import Unusable

_CHAIN, _DIFFERENT = 2_000_000, 256


def count_of(file: Any) -> int:
    """Pages along the chain; a chain in a circle or without end is one of a damaged file."""
    count = len(file.pages)
    if count > _CHAIN:
        raise Unusable(f"it says {count} pages, which cannot be")
    return int(count)


def bits_of(page: Any) -> int:
    """Bits of a sample: of the first, where they differ."""
    bits = page.bitspersample
    return int(bits if isinstance(bits, int) else bits[0])


def stacks(file: Any, first: Any) -> list[tuple[Any, int]]:
    """(page, number) of each run of like pages: one for a stack.

    Smaller copies of a page (a pyramid, a thumbnail) are no images. Where the second and the last page are as the
    first, those between are taken to be.
    """
    count = count_of(file)
    if count < 2 or all(_full(p) and _like(p) == _like(first) for p in (page_at(file, 1), page_at(file, count - 1))):
        return [(first, count)]
    found: list[tuple[Any, int]] = []
    for number in range(min(count, _DIFFERENT)):
        page = first if number == 0 else page_at(file, number)
        if found and (not _full(page) or _copy(page, found[-1][0])):
            continue
        if found and _like(page) == _like(found[-1][0]):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((page, 1))
    return found


def page_at(file: Any, number: int) -> Any:
    """A page with its tags."""
    page = file.pages[number]
    return page if hasattr(page, "tags") else page.aspage()


def _like(page: Any) -> tuple[int, int, int, int, int]:
    """What pages of one stack have alike: width, height, and the kind of their pixels."""
    kind = int(page.samplesperpixel), bits_of(page), int(page.sampleformat or 1)
    return int(page.imagewidth), int(page.imagelength), *kind


def _full(page: Any) -> bool:
    """Is it neither a copy of reduced size (bit 0 of tag 254) nor a mask (bit 2)?"""
    return not int(page.subfiletype or 0) & 5


def _copy(page: Any, of: Any) -> bool:
    """Is it the other page in a smaller size?"""
    (wide, high, *kind), (whole, tall, *same) = _like(page), _like(of)
    return kind == same and wide * 1.5 < whole and abs(wide * tall - high * whole) <= max(whole, tall)
