"""Files of BioImage Archive -> Document, and what in them was not understood."""

from rembi_sheets.archives.bioimage_archive.parse.files import parse, recognises

__all__ = ["parse", "recognises"]
