"""OME-XML in a file of its own (.ome.xml, .companion.ome): the images of the files that it names, or its own."""

from __future__ import annotations

import re

from rembi_sheets.harvest import omexml, xml
from rembi_sheets.harvest.facts import Facts
from rembi_sheets.harvest.model import Header, Unusable
from rembi_sheets.harvest.source import Source

_ROOT = re.compile(rb"<(?:\w+:)?OME[\s>]")


def sniff(head: bytes, name: str) -> int:
    """By the root element."""
    if _ROOT.search(begin := xml.begins(head)):
        return 95
    return 40 if name.endswith((".ome.xml", ".companion.ome", ".ome")) and begin else 0


def read(source: Source) -> Header:
    """Images, channels and microscope. It is a companion when the pixels are in other files."""
    root = xml.parse(source.text_bytes(xml.LIMIT))
    if root.tag != "OME":
        raise Unusable("it is no OME-XML")
    facts = Facts(source.path, "ome")
    ome = omexml.of(root, facts)
    if not ome.images and not facts.values:
        raise Unusable("its OME-XML describes no image")
    own = any(True for _ in xml.every(root, "BinData"))
    return Header(
        "OME-XML",
        ome.images,
        tuple(facts.values),
        tuple(dict.fromkeys(facts.warnings)),
        instrument=ome.instrument,
        acquired=ome.acquired,
        links=ome.files,
        companion=not own,
        plate=ome.plate,
        wells=ome.wells,
        linked_wells=ome.linked_wells,
        linked_places=ome.places,
    )
