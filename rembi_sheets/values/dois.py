"""DOIs as people copy them: with an address, escapes, a preprint's version or what a browser adds, to the DOI itself.

A DOI may hold any printable sign (old ones have < > ; ( ) and end with #), so nothing is cut that can be part of it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # as the source of a page has these signs
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SICI = re.compile(r"<[^<>]*>.*;\d-.\Z")  # serial item and contribution identifier, whose check sign may be #
_BROWSER = re.compile(r"(?:\?[\w.\-]+=[^?]*|#[A-Za-z][\w.:~=%\-]*)+\Z")
_PAGE = re.compile(
    r"(?:/|\.)(?:full|full-?text|pdf|epdf|pdfft|abstract|abs|html?|meta|references|figures|summary|short|long|"
    r"supplementary-material|article-info|article-metrics|suppl_file)(?:[./].*)?\Z",
    re.IGNORECASE,
)
# bioRxiv and medRxiv: openRxiv has had a prefix of its own since December 2025. arXiv too has one DOI for all versions
_PREPRINT = re.compile(
    r"(10\.(?:(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.\d{6,8}|\d{6,8})|48550/arXiv\.\d{4}\.\d{4,5}))v\d+(?:[./].*)?\Z",
    re.IGNORECASE,
)
_PREPRINT_PAGE = re.compile(r"(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.\d{6,8}|\d{6,8}))[./].*\Z", re.IGNORECASE)
_PREPRINT_NUMBER = re.compile(r"(?<!\d)(?:0?\.?1101/)?((20\d\d)\.(\d\d)\.\d\d\.\d{6,8})(?:v\d+)?(?:[./][a-z.]*)?")
_ARXIV = re.compile(r"arxiv\s*:?\s*(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_NATURE = re.compile(r"https?://(?:www\.)?nature\.com/articles/([a-z0-9\-]+)", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}


def whole(doi: str) -> str:
    """The DOI in a text that begins with one: without escapes, long dashes, version, and what stands behind it."""
    if _ESCAPED.search(doi):
        doi = unquote(doi)
    for entity, sign in _ENTITIES:
        doi = doi.replace(entity, sign)
    doi = _DASHES.sub("-", doi)
    if not _SICI.search(doi):
        doi = _BROWSER.sub("", doi)
    for form in (_PREPRINT, _PREPRINT_PAGE):
        found = form.match(doi)
        doi = found[1] if found else doi
    while doi and (doi[-1] in ".,;:'\u2019\u00b7" or doi.count(doi[-1]) > doi.count(_CLOSING.get(doi[-1], doi[-1]))):
        doi = doi[:-1]
    return doi


def in_address(text: str) -> str:
    """The DOI that stands in an address of a publisher, in its path or its query; '' when none does."""
    if not re.match(r"(?:https?://)?[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,}/\S+\Z", text, re.IGNORECASE):
        return ""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return ""
    found = _DOI.search(unquote(parts.path))
    if found:
        # an old DOI may end with the sign that begins a fragment
        bare = found[0] + ("#" if text.endswith("-#") else "")
        return whole(bare if _SICI.search(bare) else _PAGE.sub("", bare))
    inside = (_DOI.fullmatch(value) for _, value in parse_qsl(parts.query))
    return next((whole(m[0]) for m in inside if m), "")


def alone(text: str) -> str:
    """The one DOI of a text that holds no other word; '' when there is none."""
    found = _DOI.findall(_DASHES.sub("-", text))
    rest = text.replace(found[0], "") if found else text
    return whole(found[0]) if len(found) == 1 and not re.search(r"\w", rest) else ""


def among_words(text: str) -> list[str]:
    """DOIs that a text with blanks in it may hold: what stands before the first blank, and all without blanks."""
    found = _DOI.findall(text)
    if len(found) != 1 or not re.search(r"\s", text):
        return []
    together = _DOI.search(re.sub(r"\s+", "", text))
    return [whole(found[0]), *([whole(together[0])] if together else [])]


def of_other_number(text: str) -> tuple[str, ...]:
    """DOIs of a paper that is named by arXiv, by the number of a preprint, or by the address of its page at Nature."""
    arxiv, nature, preprint = _ARXIV.search(text), _NATURE.match(text), _PREPRINT_NUMBER.search(text)
    out = [f"10.48550/arXiv.{arxiv[1]}"] if arxiv else []
    out += [f"10.1038/{nature[1]}"] if nature else []
    if preprint and "10." not in text[: preprint.start(1)]:
        recent = (preprint[2], preprint[3]) >= ("2025", "12")
        out += [f"{prefix}/{preprint[1]}" for prefix in (("10.64898", "10.1101") if recent else ("10.1101",))]
    return tuple(out)
