"""Texts that say nothing by themselves: ditto marks, and words that only point to another place."""

from __future__ import annotations

import re

_QUOTES = re.compile(r"""[-–—_.\s]*["'`´‘’“”„‟″ʺˮ〃]{1,2}[-–—_.\s]*""")
_SAME = re.compile(
    r"ditto|dito|idem|dto|ibid(?:em)?|dasselbe|lo mismo|同上|то же"
    r"|(?:the )?same(?: as)? (?:above|before|previous(?:ly)?)"
    r"|(?:the )?same(?: as)? (?:the )?(?:previous|last|preceding) (?:row|line|one|cell|entry)"
    r"|as above|w\. ?o|wie oben|comme ci-dessus|como arriba",
    re.IGNORECASE,
)
_PLACE = (
    r"(?:above|below|before|earlier|previously|elsewhere"
    r"|(?:the )?(?:previous|preceding|next|following|first|other|same) "
    r"(?:row|line|cell|entry|one|sheet|sample|specimen|protocol|section|study|paper)|(?:row|line|cell|sheet) \w+"
    r"|(?:the |our )?(?:main |attached )?(?:methods?|materials and methods|paper|publication|manuscript|article|text"
    r"|thesis|protocols?|sops?|attachment|attached|lab(?:oratory)? ?(?:note)?book|notebook|wiki|website|web ?page"
    r"|supplement\w*(?: \w+)?)(?: section)?)"
)
_TOLD = r"(?:described|stated|detailed|reported|given|mentioned|published|explained|listed|noted|done|performed|before)"
_ELSEWHERE = re.compile(
    rf"(?:please )?(?:see|cf\.?|refer to|same as(?: in)?|identical to|like|as(?: in| for| per)?) {_PLACE}"
    rf"|(?:was |were )?(?:done |performed |prepared |imaged |processed |acquired |made |carried out )?"
    rf"(?:essentially |exactly )?as (?:(?:previously|already) )?{_TOLD}(?: (?:in )?{_PLACE})*"
    rf"|(?:previously |already )?(?:described|published)(?: (?:in )?{_PLACE})*"
    r"|(?:the )?same(?: again)?|gleich|pareil|igual"
    r"|(?:(?:as |like |same as )?in|see|cf\.?) (?:(?:fig|figure|table|supp|suppl|s|sop|protocol)\.? ?\w?\d\w*"
    r"|(?:the )?(?:paper|manuscript|publication))"
    r"|(?:(?:the |full )?(?:protocols?|details?|methods?) )?(?:is |are )?(?:available |provided )?"
    r"(?:up)?on (?:reasonable )?request"
    r"|(?:according to|following|by|as) (?:our |the |a )?(?:standard|usual|routine|normal|published) "
    r"(?:protocols?|procedures?|methods?|techniques?)|(?:standard|usual|routine) (?:protocols?|procedures?|methods?)"
    r"|(?:per|following|according to|as per) (?:the )?manufacturer[’']?s?[’']?"
    r"(?: (?:instructions?|protocols?|manual|recommendations?|guidelines?))?"
    r"|[A-Z][\w’'-]+(?: and [A-Z][\w’'-]+| et al\.?),? ?\(?(?:19|20)\d\d[a-z]?\)?"
    r"|siehe (?:oben|unten|publikation|methoden|anhang)|s\. ?[ou]|voir (?:ci-dessus|plus haut|l’article|l'article)"
    r"|v[ée]ase (?:arriba|m[ée]todos)|vedi sopra|ver acima|zie boven|см\. выше",
    re.IGNORECASE,
)


def is_ditto(text: str) -> bool:
    """Does a text say only that the cell above holds the same?"""
    return bool(_QUOTES.fullmatch(text) or _SAME.fullmatch(text.strip(" .()[]")))


def is_elsewhere(text: str) -> bool:
    """Does a text only point to another place, without saying which publication that is?"""
    return bool(_ELSEWHERE.fullmatch(" ".join(text.split()).strip(" .()[]")))
