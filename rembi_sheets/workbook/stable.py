"""The same workbook, the same bytes: the parts of an xlsx in their order with fixed times, wherever it is made.

openpyxl writes the time of saving into `docProps/core.xml` and into every entry of the zip.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

NONE: Mapping[str, Any] = MappingProxyType({})
_NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
# what follows ignoredErrors in a sheet
_BEFORE = re.compile(rb"<drawing |<legacyDrawing |<tableParts |</worksheet>")
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def stable(data: bytes, date: str, text_numbers: Mapping[str, str] = NONE, rows: Mapping[str, bytes] = NONE) -> bytes:
    """The workbook `data` with created and modified at `date` (year-month-day) and all zip times fixed.

    By part name (xl/worksheets/sheet2.xml) what openpyxl has no word for, or is slow at: in `text_numbers` the range
    in which numbers are meant as text, so that Excel puts no green corner on them; in `rows` the rows of a sheet that
    is empty so far.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + f"{date}T00:00:00Z".encode() + rb"\g<3>", part)
            if name in rows:
                before, after = _NO_ROWS.split(_DIMENSION.sub(b"", part), maxsplit=1)
                part = before + b"<sheetData>" + rows[name] + b"</sheetData>" + after
            if name in text_numbers:
                ignored = f'<ignoredErrors><ignoredError sqref="{text_numbers[name]}" numberStoredAsText="1"/>'
                part = _BEFORE.sub(ignored.encode() + b"</ignoredErrors>" + rb"\g<0>", part, count=1)
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            out.writestr(info, part)
    return made.getvalue()
