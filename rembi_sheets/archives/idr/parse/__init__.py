"""Files of IDR -> Document, and what in them was not understood."""

from rembi_sheets.archives.idr.parse.files import parse, recognises

__all__ = ["parse", "recognises"]
