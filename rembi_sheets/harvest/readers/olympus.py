"""Olympus OIB and OIF, their settings by the library oiffile. Lengths in µm (Z in nm), by the unit that a file states.

An OIB is a compound file with the texts and planes of an OIF as streams; OibInfo.txt says which of them is the OIF. The
library follows chains of sectors that go in circles for ever, so that streams are taken by our own reader, as of a ZVI.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from rembi_sheets.harvest.compound import MAGIC, Compound
from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.quantities import number, quotient
from rembi_sheets.harvest.source import Source

_INFO = "OibInfo.txt"
_LARGEST = 2**25  # bytes of a text of settings


def sniff(head: bytes, name: str) -> int:
    """A compound file of this name, or the text of an OIF."""
    if head.startswith(MAGIC):
        return 80 if name.endswith(".oib") else 0
    return 80 if name.endswith(".oif") and b"[" in head.replace(b"\0", b"")[:64] else 0


def read(source: Source) -> Header:
    """Axes, their sizes and steps."""
    facts = Facts(source.path, "olympus")
    oib = source.head.startswith(MAGIC)
    image = _image(facts, _settings(_main(source) if oib else source.text_bytes(_LARGEST)))
    return Header("OIB" if oib else "OIF", (image,), tuple(facts.values), tuple(facts.warnings))


def _main(source: Source) -> bytes:
    """The text of the OIF within an OIB."""
    with source.open() as file:
        compound = Compound(file, source.size)
        info = _settings(compound.head(_INFO, _LARGEST)).get("OibSaveInfo", {})
        name = words(info.get("MainFileName"))
        path = next((p for p in compound.streams if name and p.rpartition("/")[2] == name), "")
        return compound.head(path, _LARGEST)


def _settings(text: bytes) -> Any:
    """Section -> key -> value. Raises Unusable."""
    import oiffile

    try:
        return oiffile.SettingsFile(io.BytesIO(text))
    except Exception as error:  # the library raises what its parser meets in a damaged file
        raise Unusable(f"it is damaged or cut off ({type(error).__name__})") from None


def _image(facts: Facts, settings: Any) -> Image:
    sizes: dict[str, int] = {}
    pixels = {}
    for place in range(8):
        axis = settings.get(f"Axis {place} Parameters Common")
        if not axis:
            continue
        letter, count = words(axis.get("AxisCode")).upper()[:1], number(axis.get("MaxSize"))
        if not letter or count is None or not 0 < count < 2**31:
            continue
        sizes[letter] = int(count)
        ends, unit = [number(axis.get(k)) for k in ("StartPosition", "EndPosition")], words(axis.get("UnitName"))
        if ends[0] is None or ends[1] is None or count < 2:
            continue
        steps = Decimal(int(count) - (0 if letter in "XY" else 1))
        step = quotient(abs(ends[1] - ends[0]), steps)
        if letter in "XYZ" and unit and (size := pixel_size(step, unit)):
            pixels[letter] = size
        elif letter == "T" and unit:
            facts.number("time_interval", step, unit, "Axis T")
    kept = [a for a in "TZCYX" if sizes.get(a, 0) > (0 if a in "YX" else 1)]
    if not {"X", "Y"} <= set(kept):
        raise Unusable("it states no axes")
    reference = settings.get("Reference Image Parameter", {})
    for letter, side in (("X", "Width"), ("Y", "Height")):  # where the size of a pixel stands by itself, it counts
        if size := pixel_size(reference.get(f"{side}ConvertValue"), words(reference.get(f"{side}Unit"))):
            pixels[letter] = size
    bits = number(reference.get("ImageDepth"))
    kind = {1: "uint8", 2: "uint16", 4: "uint32"}.get(int(bits), "") if bits else ""
    return Image("".join(kept), {a: sizes[a] for a in kept}, kind, {a: s for a, s in pixels.items() if a in kept})
