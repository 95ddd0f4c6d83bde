"""Which columns without a field of their own stand as `Label: text` lines at the end of a section's main text."""

from __future__ import annotations

from rembi_sheets.archives.bioimage_archive.document import NAME
from rembi_sheets.schema import SheetSpec

SPECIMEN = ("experimental_status", "location", "signal_contrast")
CORRELATION = ("related_images",)
PROCESSING = ("source_image_data",)
ANALYSIS = ("result_type", "data_used", "result_description")


def of_component(sheet: SheetSpec) -> tuple[str, ...]:
    """Those of a study component."""
    return tuple(c.name for c in sheet.columns if "line" in c.archives[NAME].targets)
