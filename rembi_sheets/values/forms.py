"""Texts of a fixed form (formats.toml): whether one has it, what it is without its dressing, what else it may be.

undress   what is read without a word: address or prefix taken off
meant     what is read with a warning: a text with a slip that leaves one reading
mended    what a text of another form certainly holds; `fix` writes it
typed_as  what only a slip of typing explains; `fix` writes it when asked for suggestions
near      all of these and what else is likely, for a finding
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rembi_sheets import vocabularies
from rembi_sheets.schema import Format
from rembi_sheets.signs import narrow
from rembi_sheets.values import dois

_ADDRESS = re.compile(r"[^\s<>@,;:\"/()\[\]]+@[^\s<>@,;:\"/()\[\]]+")
_AT = re.compile(r"\s*[\[(]\s*at\s*[\])]\s*", re.IGNORECASE)
_BULLETS = "\u00b7\u2022\u2219\u22c5\u2027\u30fb"
_AROUND = " .,;:" + _BULLETS  # what is copied along
_TWICE = re.compile(r"([A-Za-z]+)[:_ ]+(?=\1[:_ ])", re.IGNORECASE)


def fits(text: str, form: Format) -> bool:
    """Does a text have the form, its check digit included, in plain letters and digits?"""
    bare = text.removeprefix(form.prefix) if form.prefix else text
    if not _matches(form.pattern, bare) or (not form.path and bare != bare.strip(_BULLETS)):
        return False
    if form.check == "orcid":
        return orcid_check_digit(bare) == bare[-1]
    if form.check == "ror":
        return ror_check_digits(bare) == bare[-2:]
    if form.check == "email":
        local, _, domain = bare.rpartition("@")
        return ".." not in bare and not local.startswith(".") and not local.endswith(".") and len(domain) > 3
    if form.check == "doi":
        return dois.whole(bare) == bare
    return True


def orcid_check_digit(orcid: str) -> str:
    """The last character an ORCID must have: ISO 7064 MOD 11-2 over its first 15 digits."""
    total = 0
    for digit in orcid.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def ror_check_digits(ror: str) -> str:
    """The two digits a ROR identifier must end in: ISO 7064 MOD 97-10 over the number that its middle is in base 32."""
    digits = "0123456789abcdefghjkmnpqrstvwxyz"  # base 32 without i, l, o and u
    number = sum(digits.index(sign) * 32**n for n, sign in enumerate(reversed(ror[1:7])))
    return f"{98 - number * 100 % 97:02d}"


def undress(text: str, form: Format | None) -> str:
    """The bare form of an identifier typed with its address or prefix (https://orcid.org/...); other text as it is."""
    if form is None:
        return text
    if form.identifier:
        if form.bare_prefix and text.isdigit():
            return f"{form.bare_prefix}:{text}"
        return vocabularies.as_identifier(text) or text
    if form.strip:
        wrapped = re.fullmatch(r"[^<>]*<\s*([^<>\s]+)\s*>", text) if form.check == "email" else None
        bare = _cut(wrapped[1] if wrapped else text, form)
        if bare != text or form.prefix:
            return form.prefix + bare if _matches(form.pattern, bare) else text
    return text


def meant(text: str, form: Format) -> str:
    """What a slip leaves one reading for: signs copied along or of another keyboard, a prefix typed twice or otherwise.

    '' when the text needs no reading, or may be read otherwise too.
    """
    if form.path:
        return ""
    one = _one_meant(text, form)
    if one or fits(undress(text, form), form):
        return one
    plain = narrow(text)
    bare = plain.strip(_AROUND)
    if form.check:  # such are mended, and until then refused
        bare = bare if plain != text or any(sign in text for sign in _BULLETS) else text
    elif form.identifier:
        bare = _TWICE.sub("", bare)
        bare = re.sub(r"(?<=[:_])\s+|\s+(?=[:_])", "", bare)
        bare = _parted(bare)
    elif form.called:
        bare = _spelled(bare, form) or _spelled(_cut(bare, form), form) or bare
    made = undress(bare, form)
    return made if made != text and fits(made, form) else ""


def mended(text: str, form: Format) -> str:
    """What the text certainly holds, in the form; the text itself when that is not certain."""
    made = undress(text, form)
    if fits(made, form):
        return made
    for candidate in (meant(text, form), *_held(text, form)):
        bare = undress(candidate, form)
        if candidate and fits(bare, form):
            return bare
    return text


def typed_as(text: str, form: Format) -> str:
    """The one text of the form that a slip of typing, or another number of the same thing, explains; '' if none."""
    found = [c for c in dict.fromkeys(undress(g, form) for g in _typed(text, form)) if c != text and fits(c, form)]
    return found[0] if len(found) == 1 else ""


def near(text: str, form: Format) -> tuple[str, ...]:
    """Texts of the form that `text` was probably meant to be, the likeliest first; empty when none is likely."""
    held = mended(text, form)
    made = [held] if held != text else [undress(c, form) for c in (*_typed(text, form), *_likely(text, form))]
    return tuple(dict.fromkeys(c for c in made if c != text and fits(c, form)))[:2]


def of_other_registry(text: str, form: Format, formats: Iterable[Format]) -> Format | None:
    """The format of another registry that the text has, when it has not `form`."""
    if not form.called or form.identifier:
        return None
    for one in formats:
        if one.called and one.name != form.name and fits(undress(text, one), one):
            return one
    return None


def _one_meant(text: str, form: Format) -> str:
    """The one identifier, of those that may stand here, that a text spells otherwise; an address stays as it is."""
    bare = narrow(text).strip(_AROUND)
    found = {made for one in form.one_of if (made := _spelled(bare, one))}
    made = found.pop() if len(found) == 1 else ""
    return "" if made.casefold() == text.casefold() else made


def _spelled(text: str, form: Format) -> str:
    """The value of the form that the text is another spelling of; '' if none."""
    for pattern, written in form.spellings:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        made = found.expand(written) if found else ""
        if made and fits(made, form):
            return made
    return ""


def _parted(text: str) -> str:
    """A term's identifier with a colon, where some other sign parts its known prefix from its number."""
    made = re.sub(r"\A([A-Za-z]+)[\s;.\u2010-\u2015\u2212\-]+(?=\w*[0-9])", r"\1:", text)
    return made if made != text and vocabularies.normalise_id(made) else text


def _cut(text: str, form: Format) -> str:
    bare = re.sub(rf"\A(?:{form.strip})", "", text, flags=re.IGNORECASE).strip()
    if form.check == "doi" and bare != text:
        return bare if dois.whole(bare) == bare else re.sub("%[0-9A-Fa-f]{2}", lambda m: _sign(m[0]), bare)
    return re.sub(rf"(?:{form.tail})\Z", "", bare) if form.tail else bare


def _sign(escaped: str) -> str:
    return bytes.fromhex(escaped[1:]).decode("latin-1")


def _held(text: str, form: Format) -> list[str]:
    """What stands in the text with nothing but dressing around it."""
    if form.check == "doi":
        bare = re.sub(rf"\A(?:{form.strip})+", "", text, flags=re.IGNORECASE)
        return [dois.whole(bare), dois.in_address(text)]
    if form.check == "email":
        inside = re.fullmatch(r"[^<>@]*<\s*([^<>\s]+)\s*>[.,;]?", text)
        return [inside[1] if inside else text.rstrip(".,;")]
    if form.check == "orcid":
        digits = re.sub(r"[\s_.\u2010-\u2015\u2212-]", "", _cut(text, form).strip("/")).upper()
        return ["-".join(digits[i : i + 4] for i in (0, 4, 8, 12))] if len(digits) == 16 else []
    together = re.sub(r"\s+", "", text)
    known = [together, together.lower()] if form.called and not form.identifier else []
    return [_spelled(narrow(text).strip(), form), *known]


def _typed(text: str, form: Format) -> list[str]:
    if form.check == "doi":
        return [dois.alone(text), *dois.of_other_number(text)]
    if form.check != "email":
        return []
    bare = re.sub(r"\s+", "", _AT.sub("@", text))
    if len(set(_ADDRESS.findall(bare))) > 1 or len(_ADDRESS.findall(text)) > 1:
        return []
    half = len(bare) // 2
    if bare and bare[:half] == bare[half:]:
        return [bare[:half]]
    local, *middle, domain = bare.split("@") if "@" in bare else ("", "")
    if middle:
        return [f"{local}@{domain}"] if set(middle) == {local} else []
    # Two dots in a row are no slip of one: a letter may be missing between them, which only its owner knows.
    return [] if ".." in bare else [bare.strip("<>.,;")]


def _likely(text: str, form: Format) -> list[str]:
    """What is offered, but left to the person: some of the text is not in it."""
    if form.check == "doi":
        return dois.among_words(text)
    if form.check == "email" and ".." not in text and len(_ADDRESS.findall(text)) == 1:
        local, *middle, domain = text.split("@") if "@" in text else ("", "")
        return [f"{local}@{domain}"] if middle and text.count("@") == 2 else []
    return []


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None
