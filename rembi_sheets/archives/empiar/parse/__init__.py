"""Files of EMPIAR -> Document, and what in them was not understood."""

from rembi_sheets.archives.empiar.parse.files import parse, recognises

__all__ = ["parse", "recognises"]
