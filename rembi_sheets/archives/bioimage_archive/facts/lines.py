"""Which columns without a field of their own stand as `Label: text` lines at the end of a section's main text."""

from __future__ import annotations

from rembi_sheets.archives.bioimage_archive.document import NAME
from rembi_sheets.schema import SheetSpec

SPECIMEN = ("experimental_status", "location", "signal_contrast")
CORRELATION = ("related_images",)
PROCESSING = ("source_image_data",)
ANALYSIS = ("result_type", "data_used", "result_description")
_COMPONENT = (
    "scale",
    "screen_type",
    "screen_technology",
    "library_type",
    "library_manufacturer",
    "library_version",
    "library_description",
    "raw_image_organisation",
    "quality_control",
    "comments",
    "example_images",
)


def of_component(sheet: SheetSpec) -> tuple[str, ...]:
    """Those of a study component."""
    return tuple(n for n in _COMPONENT if "line" in sheet[n].archives[NAME].targets)
