"""Document -> files as IDR takes them."""

from rembi_sheets.archives.idr.render.files import render

__all__ = ["render"]
