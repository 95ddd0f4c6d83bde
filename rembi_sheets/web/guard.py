"""Who may ask, and from where: names of the host, origin and token of every change, headers of every answer.

A change is taken from a form of this page only: its Origin (or Sec-Fetch-Site) is ours, and it brings the token that
belongs to the visitor's cookie. Names of the host are allowed one by one, against DNS rebinding.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

COOKIE = "visit"
TOKEN = "token"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PROXIES = re.compile(r"forward|^via$|real-?ip|client-?ip|connecting-?ip|^x-original", re.IGNORECASE)
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_ID = re.compile(r"[A-Za-z0-9_-]{43}")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def new_id() -> str:
    """A fresh value of the cookie for somebody who has no files here yet."""
    return secrets.token_urlsafe(32)


def well_formed(id_: str) -> bool:
    """Can it be a value of our cookie?"""
    return _ID.fullmatch(id_) is not None


class Guard:
    """The rules of one server; `names` are host names under which it may be reached, besides addresses."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {n.casefold().strip("[]").rstrip(".") for n in (*LOOPBACK, *names)}
        self._secret = secrets.token_bytes(32)

    def host(self, header: str) -> bool:
        """Is a Host header one of ours? An address is: rebinding needs a name."""
        try:
            name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def at_this_computer(self, host: str, peer: tuple[str, int], port: int, headers: Iterable[str]) -> bool:
        """Does the user of this program ask, at this computer, and nobody through a proxy?

        `host`: the Host header; `peer`: who asks; `port`: ours; `headers`: names of those that came along.
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
            near = ipaddress.ip_address(peer[0]).is_loopback
        except ValueError:
            return False
        if name not in LOOPBACK or not near or any(map(_PROXIES.search, headers)):
            return False
        return users(peer[1], port) <= own_user()

    def token(self, id_: str) -> str:
        """The token that belongs to a cookie."""
        return hmac.new(self._secret, id_.encode(), hashlib.sha256).hexdigest()

    def same_origin(self, host: str, origin: str | None, site: str | None, referer: str | None) -> bool:
        """Does a change come from a page of ours? A program that says nothing of where it comes from may try."""
        if origin is not None:
            return _netloc(origin) == host.casefold()
        if site is not None:
            return site in ("same-origin", "none")
        return referer is None or _netloc(referer) == host.casefold()

    def change(self, id_: str, token: str) -> bool:
        """Does the token belong to the cookie?"""
        return bool(id_) and hmac.compare_digest(self.token(id_).encode(), token.encode("utf-8", "replace"))


def own_user() -> set[int]:
    """The number of the user of this program, where users have one."""
    return {os.getuid()} if hasattr(os, "getuid") else set()


def users(theirs: int, ours: int) -> set[int]:
    """The users at the other end of a connection of this computer, by its ports; none where the system does not say.

    Several people may work at one computer, and each of them reaches this page.
    """
    found = set()
    for table in _TABLES:
        with suppress(OSError, ValueError, IndexError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                parts = line.split()
                if [int(parts[n].rpartition(":")[2], 16) for n in (1, 2)] == [theirs, ours]:
                    found.add(int(parts[7]))
    return found


def _netloc(address: str) -> str:
    try:
        return urlsplit(address).netloc.casefold()
    except ValueError:
        return ""
