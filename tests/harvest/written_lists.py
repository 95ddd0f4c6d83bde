"""Lists of MetaMorph (.nd), KLB and what lies beside an MRXS, by their layouts."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def nd(*more: str, waves: Sequence[str] = ("confGFP", "conf mCherry"), deep: bool = True) -> bytes:
    """Two wavelengths, two positions, `deep`: five planes; `more`: lines that count instead."""
    lines = [
        '"NDInfoFile", Version 1.0', '"Description", File recreated from images.',
        '"StartTime1", 20240209 16:25:29.500', '"DoTimelapse", FALSE', '"DoStage", TRUE', '"NStagePositions", 2',
        '"Stage1", "bench of ada"', '"Stage2", "Position2"', '"DoWave", TRUE', f'"NWavelengths", {len(waves)}',
        *(f'"WaveName{n}", "{name}"' for n, name in enumerate(waves, start=1)),
        f'"DoZSeries", {str(deep).upper()}', '"NZSteps", 5', '"ZStepSize", 0.75', '"WaveInFileName", TRUE',
        *more, '"EndFile"',
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def klb(
    sizes: Sequence[int] = (8, 6, 4, 2, 3),
    steps: Sequence[float] = (0.40625, 0.40625, 2.031, 1, 30),
    kind: int = 1,
    compression: int = 1,
    blocks: Sequence[int] = (8, 6, 4, 1, 1),
) -> bytes:
    """One header, the ends of its blocks, and blocks of nothing."""
    count = 1
    for whole, part in zip(sizes, blocks, strict=True):
        count *= -(-whole // max(part, 1))
    head = struct.pack("<B5I5f2B256s5I", 2, *sizes, *steps, kind, compression, b"", *blocks)
    return head + b"".join(struct.pack("<Q", 10 * n) for n in range(1, count + 1)) + bytes(10 * count)


def slidedat(zoom: int = 0, **said: str) -> bytes:
    """What describes a slide; `zoom`: where its levels stand; `said`: keys that have another value."""
    general = {
        "SLIDE_NAME": "ada's block 7", "OBJECTIVE_MAGNIFICATION": "20", "OBJECTIVE_NAME": "Plan-Apochromat",
        "CAMERA_TYPE": "CIS_VCC_FC60FR19CL", "SLIDE_CREATIONDATETIME": "19/05/2011 14:21:03",
    }  # fmt: skip
    level = {"MICROMETER_PER_PIXEL_X": "0.2325", "MICROMETER_PER_PIXEL_Y": "0.2326", "IMAGE_FORMAT": "JPEG"}
    other = {"MICROMETER_PER_PIXEL_X": "9", "MICROMETER_PER_PIXEL_Y": "9"}
    sections: dict[str, dict[str, str]] = {
        "GENERAL": general,
        "HIERARCHICAL": {
            f"HIER_{zoom}_NAME": "Slide zoom level", f"HIER_{zoom}_VAL_0_SECTION": f"LAYER_{zoom}_LEVEL_0_SECTION",
            f"HIER_{1 - zoom}_NAME": "Slide filter level",
            f"HIER_{1 - zoom}_VAL_0_SECTION": f"LAYER_{1 - zoom}_LEVEL_0_SECTION",
        },
        f"LAYER_{zoom}_LEVEL_0_SECTION": level, f"LAYER_{1 - zoom}_LEVEL_0_SECTION": other,
        f"LAYER_{zoom}_LEVEL_1_SECTION": other,
    }  # fmt: skip
    lines = []
    for name, keys in sections.items():
        lines += [f"[{name}]", *(f"{k} = {said.get(k, v) if keys is not other else v}" for k, v in keys.items())]
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


def formats() -> dict[str, bytes]:
    """One of each, by name."""
    return {"a.nd": nd(), "a.klb": klb()}
