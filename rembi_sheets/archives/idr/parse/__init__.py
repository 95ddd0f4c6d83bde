"""Files of IDR -> Document, and what in them was not understood."""

from rembi_sheets.archives.idr.parse.files import parse

__all__ = ["parse"]
