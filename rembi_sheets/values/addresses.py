"""Web addresses as people type them: what one without its beginning, or with a slip in it, was meant to be."""

from __future__ import annotations

import re

_BEGINNING = re.compile(r"(?:h?t{1,3}p{1,2}|http)(?P<safe>s?)\s?[:;.]?\s?[/\\]{1,3}\s?", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?::[0-9]{2,5})?", re.IGNORECASE)
_WHOLE = re.compile(r"(?:https?|ftps?)://", re.IGNORECASE)


def near(text: str) -> str:
    """The address that a text was probably meant to be; '' for one that is whole, and for what is none.

    Without a beginning it is one when it begins with www. or goes on behind the name of a host (github.com/a/b).
    """
    if _WHOLE.match(text) or any(sign.isspace() for sign in text.strip()):
        return ""
    begun = _BEGINNING.match(text)
    rest = text[begun.end() :] if begun else text
    host = _HOST.match(rest)
    if host is None:
        return ""
    behind = rest[host.end() :]
    if behind[:1] not in ("", "/", "?", "#"):
        return ""
    if begun is None and not (host[0].lower().startswith("www.") and host[0].count(".") > 1) and behind[:1] != "/":
        return ""
    return f"{'http' if begun and not begun['safe'] else 'https'}://{rest}"
