"""Nikon ND2, by the library nd2. Lengths in µm, times in ms, wavelengths in nm."""

from __future__ import annotations

from typing import Any

from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Confidence, Header, Image, Unusable
from rembi_sheets.harvest.source import Source

_MAGIC = (b"\xda\xce\xbe\x0a", b"\x00\x00\x00\x0c\x6a\x50\x20\x20")
_IMMERSION = {1.0: "air", 1.33: "water", 1.333: "water", 1.47: "glycerol", 1.515: "oil", 1.518: "oil"}


def sniff(head: bytes, name: str) -> int:
    """By the first bytes; those of old files are of JPEG 2000, so that the name counts."""
    if head.startswith(_MAGIC[0]):
        return 95
    return 80 if head.startswith(_MAGIC[1]) and name.endswith(".nd2") else 0


def read(source: Source) -> Header:
    """Sizes, voxel, channels, and the objective that all channels share."""
    import nd2

    facts = Facts(source.path, "nikon")
    try:
        with nd2.ND2File(source.file) as file:
            return _read(facts, file)
    except OSError:
        raise
    except Exception as error:  # the library raises what its parser meets in a damaged file
        raise Unusable(f"its ND2 is damaged or cut off ({type(error).__name__})") from None


def _read(facts: Facts, file: Any) -> Header:
    sizes = {str(a): int(n) for a, n in file.sizes.items()}
    voxel = file.voxel_size()
    pixels = {}
    for axis, value in (("X", voxel.x), ("Y", voxel.y), ("Z", voxel.z)):
        if (
            axis in sizes
            and not (axis in "XY" and value == 1.0 and not _calibrated(file))
            and (s := pixel_size(float(value), "µm"))
        ):
            pixels[axis] = s
    metadata = file.metadata
    found = list(getattr(metadata, "channels", None) or ())
    channels = []
    for channel in found:
        own = facts.on(CHANNELS)
        meta = channel.channel
        own.number("excitation_wavelength", meta.excitationLambdaNm, "nm", "excitationLambdaNm")
        own.number("detection_wavelength", meta.emissionLambdaNm, "nm", "emissionLambdaNm")
        own.text("fluorophore", meta.name, "channel name", Confidence.GUESS)
        channels.append(Channel(words(meta.name), tuple(own.values)))
    if found:
        _objective(facts, found[0].microscope)
    for loop in file.experiment or ():
        if loop.type == "TimeLoop" and loop.count > 1:
            facts.number("time_interval", loop.parameters.periodDiff.avg or loop.parameters.periodMs, "ms", "TimeLoop")
    text = (file.text_info or {}).get("description", "")
    camera = next((x.partition(":")[2] for x in text.splitlines() if x.strip().startswith("Camera Name:")), "")
    facts.text("detector", camera, "Camera Name")
    kind = str(file.dtype)
    image = Image("".join(sizes), sizes, kind, pixels, channels=tuple(channels))
    acquired = words((file.text_info or {}).get("date", ""))
    return Header("ND2", (image,), tuple(facts.values), tuple(facts.warnings), acquired=acquired)


def _calibrated(file: Any) -> bool:
    """Is a pixel of exactly 1 µm one that was measured, and not the value of a camera without calibration?"""
    channels = getattr(file.metadata, "channels", None) or ()
    volume = channels[0].volume if channels else None
    return bool(volume is not None and volume.axesCalibrated[0])


def _objective(facts: Facts, microscope: Any) -> None:
    if microscope is None:
        return
    facts.text("objective", microscope.objectiveName, "objectiveName")
    facts.number("magnification", microscope.objectiveMagnification, "", "objectiveMagnification")
    facts.number("numerical_aperture", microscope.objectiveNumericalAperture, "", "objectiveNumericalAperture")
    medium = _IMMERSION.get(microscope.immersionRefractiveIndex or 0.0, "")
    facts.text("immersion", medium, "immersionRefractiveIndex", Confidence.DERIVED)
