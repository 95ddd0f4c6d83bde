"""The strict variety of the format as the usual one: other names for the same things."""

from __future__ import annotations

import re

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/([A-Za-z/]+)")
_HYPHENS = {b"extendedProperties": b"extended-properties", b"customProperties": b"custom-properties"}


def transitional(text: bytes) -> bytes:
    """The XML of a part with the usual names of namespaces and relations."""
    if b"purl.oclc.org/ooxml" not in text:
        return text

    def usual(found: re.Match[bytes]) -> bytes:
        last = found[2]
        for strict, hyphened in _HYPHENS.items():
            last = last.replace(strict, hyphened)
        return b"http://schemas.openxmlformats.org/" + found[1] + b"/2006/" + last

    return _STRICT.sub(usual, text)
