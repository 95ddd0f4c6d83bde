"""Studies of the kinds EMPIAR holds; `tests.support.STUDY` is the light one."""

from __future__ import annotations

import copy
from typing import Any

from tests.support import study

FIB_SEM: dict[str, Any] = study(
    Study={
        "Study title": "Volume electron microscopy of a parasite inside a human cell",
        "Study type": "electron microscopy volume map",
        "EMPIAR entry type": None,
        "EMPIAR release": None,
        "Archives": "EMPIAR",
        "Data folder": "raw/fib_2026",
        "Thumbnail image": "overview.png",
    },
    Study_components=[
        {
            "Name": "FIB-SEM of infected cells",
            "Imaging method": "focused ion beam scanning electron microscopy",
            "Study component description": "One stack of an infected cell.",
            "Scale": "cell",
        }
    ],
    Image_data=[
        {
            "Name": "Raw slices",
            "Study component": "FIB-SEM of infected cells",
            "Type": "micrographs",
            "Image acquisition": "Light sheet 20x",
            "Specimen": "Cleared organoid",
            "Folder or file pattern": "slices/*.tif",
            "Number of images": 872,
            "Format & compression": "TIFF",
            "Compression": "LZW",
            "Pixel type": "uint8",
            "Dimension extents - X": 3000,
            "Dimension extents - Y": 2400,
            "Pixel/voxel size - X": 5,
            "Pixel/voxel size - Y": 5,
            "Pixel/voxel size - Z": 10,
            "Pixel/voxel size unit": "nm",
        },
        {
            "Name": "Aligned volume",
            "Study component": "FIB-SEM of infected cells",
            "Type": "reconstructed volume",
            "Made from image data": "Raw slices",
            "Folder or file pattern": "aligned/",
            "Number of images": 1,
            "Format & compression": "MRC",
            "Pixel type": "int16",
            "Dimension extents - X": 2900,
            "Dimension extents - Y": 2300,
            "Dimension extents - Z": 872,
            "Pixel/voxel size - X": 0.005,
            "Pixel/voxel size - Y": 0.005,
            "Pixel/voxel size - Z": 0.01,
            "Pixel/voxel size unit": "µm",
            "Image processing method": "Aligned and inverted.",
        },
    ],
    Files=[],
)


def changed(sheet: str, row: int = 0, base: dict[str, Any] = FIB_SEM, **cells: Any) -> dict[str, Any]:
    """A study with cells of one row of a sheet replaced; labels are given with `_` for blanks."""
    out = copy.deepcopy(base)
    record = out[sheet] if isinstance(out[sheet], dict) else out[sheet][row]
    record.update({label.replace("_", " "): value for label, value in cells.items()})
    return out


def with_cells(sheet: str, cells: dict[str, Any], row: int = 0, base: dict[str, Any] = FIB_SEM) -> dict[str, Any]:
    """As `changed`, with labels as they stand in the workbook."""
    out = copy.deepcopy(base)
    record = out[sheet] if isinstance(out[sheet], dict) else out[sheet][row]
    record.update(cells)
    return out
