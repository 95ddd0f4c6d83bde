"""Forms and lengths of what EMPIAR takes: the patterns of its deposition schema, anchored (empiar-depositor 1.6b30)."""

from __future__ import annotations

import re

PERSON = r'[^0-9!"£$%^&*()]+'
QUOTED = r'[^0-9!"£$%^&*()\']+'
"""Characters of a name, and of one that stands between single quotes."""
ORCID = re.compile(r"(?:\d{4}-){3}\d{3}[\dX]")
EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
DOI = re.compile(r"10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9\[\]\\^`]+")
PAGE = re.compile(r"(?:[^\W_]|\.){1,8}")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
MAX_TITLE, MAX_PATH, MAX_DOI, MAX_PUBLISHER, MAX_VOLUME = 255, 200, 80, 80, 8
