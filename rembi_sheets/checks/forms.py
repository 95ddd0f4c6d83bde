"""What a malformed identifier or address was probably meant to be."""

from __future__ import annotations

import re
from urllib.parse import unquote

from rembi_sheets.schema import Format
from rembi_sheets.values import fits, undress

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>]+")
_ARXIV = re.compile(r"arxiv\s*:?\s*(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_BIORXIV = re.compile(r"(?:0?\.?1101/)?(20\d\d\.\d\d\.\d\d\.\d{6,})(?:v\d+)?")
_NATURE = re.compile(r"https?://(?:www\.)?nature\.com/articles/([a-z0-9\-]+)", re.IGNORECASE)


def near(text: str, form: Format) -> tuple[str, ...]:
    """Texts of the right form that `text` was probably meant to be, the likeliest first; empty when none is likely."""
    candidates = {"doi": _dois, "email": _emails, "orcid": _orcids, "pmc": _pmcs, "pubmed": _numbers}
    make = candidates.get(form.name)
    if make is None:
        return ()
    made = [undress(c, form) for c in make(text)]
    return tuple(dict.fromkeys(c for c in made if c != text and fits(c, form)))[:2]


def undressed(text: str, form: Format) -> str:
    """The bare form of a text when nothing but its dressing has to go; else the text.

    Dressing is: address and prefix of a DOI and punctuation behind it, name and brackets around an e-mail address.
    """
    if fits(text, form):
        return text
    bare = text
    if form.name == "doi":
        bare = re.sub(r"\A(?:https?://\s*)?(?:dx\.)?(?:doi\.org/)?\s*(?:doi\s*:?\s*)?", "", text, flags=re.IGNORECASE)
        bare = undress(bare, form).rstrip(".,;:")
    elif form.name == "email":
        inside = re.fullmatch(r"[^<>@]*<\s*([^<>\s]+)\s*>[.,;]?", text)
        bare = inside[1] if inside else text.rstrip(".,;")
    bare = undress(bare, form)
    return bare if fits(bare, form) else text


def _dois(text: str) -> list[str]:
    plain = unquote(text).strip()
    out = []
    arxiv, biorxiv, nature = _ARXIV.search(plain), _BIORXIV.search(plain), _NATURE.match(plain)
    for found in (_DOI.search(plain), _DOI.search(re.sub(r"\s+", "", plain))):
        if found:
            out.append(found[0].rstrip(".,;:)]}"))
            out.append(found[0].rstrip(".,;:"))
    if arxiv:
        out.append(f"10.48550/arXiv.{arxiv[1]}")
    if biorxiv and not any(c.startswith("10.1101/") for c in out):
        out.append(f"10.1101/{biorxiv[1]}")
    if nature:
        out.append(f"10.1038/{nature[1]}")
    return out


def _emails(text: str) -> list[str]:
    out = []
    inside = re.search(r"<([^<>\s]+@[^<>\s]+)>", text)
    if inside:
        out.append(inside[1])
    bare = re.sub(r"\s+|[<>]", "", re.sub(r"\s*[\[(]\s*at\s*[\])]\s*", "@", text, flags=re.IGNORECASE))
    half = len(bare) // 2
    if bare and bare[:half] == bare[half:]:
        out.append(bare[:half])
    if bare.count("@") > 1:
        local, *_, domain = bare.split("@")
        out.append(f"{local}@{domain}")
    out.append(bare)
    out.append(bare.rstrip(".,;"))
    # Two dots in a row are no slip of one: a letter may be missing between them, which only its owner knows.
    return [c for c in out if ".." not in c]


def _orcids(text: str) -> list[str]:
    digits = re.sub(r"[^0-9Xx]", "", text.rpartition("/")[2]).upper()
    return ["-".join(digits[i : i + 4] for i in (0, 4, 8, 12))] if len(digits) == 16 else []


def _pmcs(text: str) -> list[str]:
    found = re.search(r"(?:PMC)?\s*(\d{5,9})\b", text, re.IGNORECASE)
    return [f"PMC{found[1]}"] if found else []


def _numbers(text: str) -> list[str]:
    found = re.fullmatch(r"\D*(\d{5,8})\D*", text)
    return [found[1]] if found else []
