"""MRXS of 3DHISTECH (MIRAX): a small picture, and the slide in the folder of its name, where Slidedat.ini describes it.

Pixel sizes in µm. Photos overlap, so that the size of the slide stands nowhere. Names of slides and projects are those
of people and are not looked at. Source: OpenSlide's description of the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image
from rembi_sheets.harvest.quantities import magnified
from rembi_sheets.harvest.source import Source

_TIFFS = (b"II", b"MM")
_INI = "Slidedat.ini"
_LIMIT = 2**20
_ZOOM = "Slide zoom level"
_FORMATS = {"JPEG": "JPEG (lossy)", "PNG": "deflate", "BMP24": "none"}
_UNSAID = "how many pixels the slide has does not stand in it; type its size"


def sniff(head: bytes, name: str) -> int:
    """By its name; the picture says nothing of the slide."""
    return 95 if name.endswith(".mrxs") and head[:2] not in _TIFFS else 0


def read(source: Source) -> Header:
    """Pixel size of the first level, objective and camera."""
    said = _said(source.file.with_suffix("") / _INI)
    if said is None:
        return Header("MRXS", warnings=(f"the folder beside it, with {_INI}, is not there; its slide is lost without",))
    general, levels = said.get("general", {}), said.get("hierarchical", {})
    zoom = next((k.split("_")[1] for k, v in levels.items() if k.endswith("_name") and v == _ZOOM), "0")
    first = said.get(levels.get(f"hier_{zoom}_val_0_section", "LAYER_0_LEVEL_0_SECTION").casefold(), {})
    pixels = {a: s for a in "XY" if (s := pixel_size(first.get(f"micrometer_per_pixel_{a.lower()}"), "µm"))}
    facts = Facts(source.path, "mirax")
    power = magnified(general.get("objective_magnification", "").upper())
    facts.number("magnification", power, "", "GENERAL/OBJECTIVE_MAGNIFICATION")
    facts.text("objective", general.get("objective_name"), "GENERAL/OBJECTIVE_NAME")
    facts.text("detector", general.get("camera_type"), "GENERAL/CAMERA_TYPE")
    return Header(
        "MRXS",
        (Image("", {}, pixel_size=pixels),),
        tuple(facts.values),
        (_UNSAID, *facts.warnings),
        compression=_FORMATS.get(first.get("image_format", "").upper(), ""),
        acquired=words(general.get("slide_creationdatetime")),
    )


def _said(file: Path) -> Mapping[str, Mapping[str, str]] | None:
    """Section -> key -> value, both in small letters; None where there is no such file."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LIMIT).decode("utf-8-sig", "replace")
    except OSError:
        return None
    found: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = found.setdefault(line[1:-1].strip().casefold(), {})
        elif "=" in line:
            key, _, value = line.partition("=")
            section[key.strip().casefold()] = value.strip()
    return found
