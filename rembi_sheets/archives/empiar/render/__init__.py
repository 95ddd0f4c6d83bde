"""Document -> files as EMPIAR takes them."""

from rembi_sheets.archives.empiar.render.files import render

__all__ = ["render"]
