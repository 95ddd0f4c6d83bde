"""DICOM, whole slides above all, by the library pydicom: no pixels and no persons. Lengths in mm."""

from __future__ import annotations

from typing import Any

from rembi_sheets.harvest.facts import Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Header, Image, Unusable
from rembi_sheets.harvest.quantities import number
from rembi_sheets.harvest.source import Source

_LOSSY = {"1.2.840.10008.1.2.4.50": "JPEG (lossy)", "1.2.840.10008.1.2.4.51": "JPEG (lossy)"}
_LOSSLESS = {"1.2.840.10008.1.2.4.90": "JPEG 2000", "1.2.840.10008.1.2.4.91": "JPEG 2000", "1.2.840.10008.1.2.5": "RLE"}

_MICROSCOPES = ("SM", "GM")  # slide and general microscopy; scanners of patients are none

_BESIDE = ("LABEL", "OVERVIEW", "THUMBNAIL")  # pictures of a slide that are none of what lies on it


def sniff(head: bytes, name: str) -> int:
    """By the mark behind the preamble."""
    return 95 if head[128:132] == b"DICM" else 0


def read(source: Source) -> Header:
    """The whole slide (not its tiles), or rows, columns and frames."""
    import logging

    import pydicom

    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    facts = Facts(source.path, "dicom")
    try:
        data = pydicom.dcmread(source.file, stop_before_pixels=True, defer_size=2**16)
        return _read(facts, data)
    except OSError:
        raise
    except Unusable:
        raise
    except Exception as error:  # the library raises what its parser meets in a damaged file
        raise Unusable(f"its DICOM is damaged or cut off ({type(error).__name__})") from None


def _whole(data: Any, name: str) -> int:
    found = number(data.get(name))
    return int(found) if found is not None and 0 < found < 2**31 else 0


def _read(facts: Facts, data: Any) -> Header:
    wide = _whole(data, "TotalPixelMatrixColumns") or _whole(data, "Columns")
    high = _whole(data, "TotalPixelMatrixRows") or _whole(data, "Rows")
    if not wide or not high:  # a report, a list of files, how images are to be shown
        return Header("DICOM")
    slide = bool(_whole(data, "TotalPixelMatrixColumns"))
    sizes: dict[str, int] = {}
    frames = _whole(data, "NumberOfFrames")
    planes = _whole(data, "TotalPixelMatrixFocalPlanes")
    if slide and planes > 1:
        sizes["Z"] = planes
    elif not slide and frames > 1:
        sizes["N"] = frames
    sizes |= {"Y": high, "X": wide}
    samples = _whole(data, "SamplesPerPixel")
    if samples > 1:
        sizes["S"] = samples
    spacing = data.get("PixelSpacing") or data.get("ImagerPixelSpacing")
    shared = data.get("SharedFunctionalGroupsSequence")
    if not spacing and shared and shared[0].get("PixelMeasuresSequence"):
        spacing = shared[0].PixelMeasuresSequence[0].get("PixelSpacing")
    pixels = {}
    if spacing and len(spacing) == 2:  # rows first
        pixels = {a: s for a, v in (("X", spacing[1]), ("Y", spacing[0])) if (s := pixel_size(_text(v), "mm", "µm"))}
    bits, signed = _whole(data, "BitsAllocated"), data.get("PixelRepresentation") == 1
    kind = f"{'int' if signed else 'uint'}{bits}" if bits in (8, 16, 32) else ""
    model = str(data.get("ManufacturerModelName", "")).split(" converted by ")[0]
    if slide or data.get("Modality") in _MICROSCOPES:
        maker = " ".join(filter(None, (words(data.get("Manufacturer", "")), words(model))))
        facts.text("microscope", maker, "Manufacturer")
    paths = data.get("OpticalPathSequence")
    if paths:
        facts.number("magnification", _text(paths[0].get("ObjectiveLensPower")), "", "ObjectiveLensPower")
        facts.number(
            "numerical_aperture", _text(paths[0].get("ObjectiveLensNumericalAperture")), "", "LensNumericalAperture"
        )
    kinds = {str(k).upper() for k in data.get("ImageType") or ()}
    syntax = str(getattr(data.file_meta, "TransferSyntaxUID", ""))
    image = Image("".join(sizes), sizes, kind, pixels)
    return Header(
        "DICOM",
        (image,),
        tuple(facts.values),
        tuple(facts.warnings),
        compression=(_LOSSY | _LOSSLESS).get(syntax, ""),
        instrument=words(data.get("DeviceSerialNumber")),
        acquired=words(data.get("AcquisitionDateTime") or data.get("AcquisitionDate")),
        companion=slide and not kinds.isdisjoint(_BESIDE),
    )


def _text(value: Any) -> str:
    """A decimal string as it is stored, with its digits."""
    return "" if value is None else str(getattr(value, "original_string", value))
