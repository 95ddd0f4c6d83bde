"""Document -> files as BioImage Archive takes them."""

from rembi_sheets.archives.bioimage_archive.render.files import render

__all__ = ["render"]
