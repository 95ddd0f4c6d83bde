"""Nikon ND2, by the library nd2. Lengths in µm, times in ms, wavelengths in nm."""

from __future__ import annotations

from typing import Any

from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Confidence, Header, Image, Unusable
from rembi_sheets.harvest.source import Source

_MAGIC = (b"\xda\xce\xbe\x0a", b"\x00\x00\x00\x0c\x6a\x50\x20\x20")
_CONTRASTS = {"fluorescence": "fluorescence", "brightfield": "bright field", "phase": "phase contrast"}
"""Words of the text of an image (the library takes fluorescence for what it does not know), and what they mean."""
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
    text = (file.text_info or {}).get("description", "")
    modalities = behind(text, "Modality:")
    for place, channel in enumerate(found):
        own = facts.on(CHANNELS)
        meta = channel.channel
        own.number("excitation_wavelength", meta.excitationLambdaNm, "nm", "excitationLambdaNm")
        own.number("detection_wavelength", meta.emissionLambdaNm, "nm", "emissionLambdaNm")
        own.text("fluorophore", meta.name, "channel name", Confidence.GUESS)
        own.text("contrast_method", contrast(modalities, place, len(found)), "Modality")
        channels.append(Channel(words(meta.name), tuple(own.values)))
    if found:
        _objective(facts, found[0].microscope)
    for loop in file.experiment or ():
        if loop.type == "TimeLoop" and loop.count > 1:
            facts.number("time_interval", loop.parameters.periodDiff.avg or loop.parameters.periodMs, "ms", "TimeLoop")
    facts.text("detector", next(iter(behind(text, "Camera Name:")), ""), "Camera Name")
    facts.text("light_source", "laser" if "{Laser Wavelength}:" in text else "", "Laser Wavelength", Confidence.DERIVED)
    kind = str(file.dtype)
    image = Image("".join(sizes), sizes, kind, pixels, channels=tuple(channels))
    acquired = words((file.text_info or {}).get("date", ""))
    return Header("ND2", (image,), tuple(facts.values), tuple(facts.warnings), acquired=acquired)


def contrast(modalities: list[str], place: int, count: int) -> str:
    """The contrast of the channel at a place, of `count`; '' where its line says none, or more than one."""
    if len(modalities) != count:
        return ""
    kinds = [label for word, label in _CONTRASTS.items() if word in modalities[place].casefold()]
    return kinds[0] if len(kinds) == 1 else ""


def behind(text: str, key: str) -> list[str]:
    """What stands behind a key, line by line."""
    return [line.strip().removeprefix(key) for line in text.splitlines() if line.strip().startswith(key)]


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
