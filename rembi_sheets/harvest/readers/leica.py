"""Leica LIF and LOF, by the library liffile: every image of the file. What its XML says is read by leicaxml."""

from __future__ import annotations

from typing import Any

from rembi_sheets.harvest import leicaxml
from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.source import Source

_MAGIC = b"\x70\x00\x00\x00"


def sniff(head: bytes, name: str) -> int:
    """By the first bytes and the mark before the XML."""
    return 95 if head.startswith(_MAGIC) and head[8:9] == b"\x2a" else 0


def read(source: Source) -> Header:
    """All images; what they have alike of the microscope."""
    import liffile

    facts = Facts(source.path, "leica")
    try:
        with liffile.LifFile(source.file) as file:
            elements = [i.xml_element for i in file.images]
            images = [_image(i, facts) for i in file.images]
            leicaxml.intervals(elements, facts)
            acquired = ""
            parts = [facts.on(facts.sheet) for _ in elements]
            for own, element in zip(parts, elements, strict=True):
                leicaxml.microscope(own, element)
            facts.alike(parts)
            if elements:
                acquired = leicaxml.acquired(elements[0])
    except OSError:
        raise
    except Unusable:
        raise
    except Exception as error:  # the library raises what its parser meets in a damaged file
        raise Unusable(f"its LIF is damaged or cut off ({type(error).__name__})") from None
    form = "LOF" if source.name.endswith(".lof") else "LIF"
    return Header(form, tuple(images), tuple(facts.values), tuple(dict.fromkeys(facts.warnings)), acquired=acquired)


def _image(image: Any, facts: Facts) -> Image:
    sizes = {a: int(n) for a, n in zip(image.dims, image.shape, strict=True)}
    if any(len(a) > 1 for a in sizes):  # an axis that stands there twice gets a number behind its letter
        raise Unusable("its LIF is damaged: an image names an axis twice")
    return leicaxml.image(image.xml_element, image.name, sizes, str(image.dtype), facts)
