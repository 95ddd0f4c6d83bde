"""Folders as instruments leave them, in small: {path: content}, made from the files of `written`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.harvest import written, written_screens

Folder = Mapping[str, bytes]
_SMALL = 2**16


def lay(folder: Path, files: Folder) -> Path:
    """The files below a folder, which is returned. Thousands of the same large content are one, linked."""
    first: dict[int, Path] = {}
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if len(content) > _SMALL and id(content) in first:
            place.hardlink_to(first[id(content)])
        else:
            place.write_bytes(content)
            first[id(content)] = place
    return folder


def stack(wide: int, high: int, deep: int, pixel: float) -> bytes:
    """Images one behind the other, as cameras write them."""
    return written.mrc((wide, high, deep), (wide * pixel, high * pixel, deep * pixel), mode=1, ispg=0)


def epu_session(squares: int = 3, holes: int = 4) -> Folder:
    """Movies of 40 frames in super-resolution, an XML and a preview beside each, one gain reference."""
    xml, preview = written.epu(factor=2), written.jpeg()
    movie = stack(128, 96, 40, 0.365)
    files = {"gain_reference.mrc": stack(128, 96, 1, 1.0)}
    for square in range(squares):
        for hole in range(holes):
            stem = f"Images-Disc1/GridSquare_{9_000 + square}/Data/FoilHole_{hole}_Data_77_20240102_03040{square}"
            files |= {f"{stem}.xml": xml, f"{stem}.jpg": preview, f"{stem}_fractions.mrc": movie}
    return files


def eer_movies(count: int = 40) -> Folder:
    """Movies as a Falcon writes them, with the XML of EPU and a gain reference."""
    eer = eer_file()
    return {f"movies/FoilHole_{n}_EER.eer": eer for n in range(count)} | {"movies/20240101_gain_multi.gain": eer}


def eer_file(frames: int = 30) -> bytes:
    """A TIFF whose tag 65001 says what the detector did."""
    text = "".join(
        f'<item name="{name}"{unit}>{value}</item>'
        for name, value, unit in (
            ("numberOfFrames", frames, ""),
            ("sensorPixelSize.width", "1.25e-10", ' unit="m"'),
            ("sensorPixelSize.height", "1.25e-10", ' unit="m"'),
            ("sensorImageWidth", 16, ""),
            ("sensorImageHeight", 16, ""),
            ("cameraName", "Falcon 4i", ""),
            ("totalDose", 40, ' unit="e/A^2"'),
        )
    )
    tag = f"<metadata>{text}</metadata>".encode()
    return written.tiff(1, "uint8", shape=(16, 16), extratags=[(65001, 1, len(tag), tag, True)])


def tilt_series(count: int = 4) -> Folder:
    """A folder for each series: the stack and its mdoc."""
    series, mdoc = stack(400, 300, 5, 2.5), written.mdoc()
    return {
        f"TS_{n:02}/{name}": content
        for n in range(count)
        for name, content in (("TS_7.mrc", series), ("TS_7.mrc.mdoc", mdoc))
    }


def light() -> Folder:
    """Two conditions from one microscope, a slide from another."""
    make = partial(written.tiff, 4)
    image = make(description=written.ome().decode())
    return {
        "control/a.ome.tif": image,
        "control/b.ome.tif": image,
        "treated/a.ome.tif": image,
        "slides/d.ome.tif": written.tiff(1, description=written.ome(z=1, c=1, x=16, y=12).decode(), shape=(12, 16)),
    }


STAR = """data_optics
loop_
_rlnOpticsGroup #1
_rlnVoltage #2
_rlnImagePixelSize #3
1 300.0 1.5

data_particles
loop_
_rlnImageName #1
_rlnOpticsGroup #2
"""


def particles(stacks: int = 7) -> Folder:
    """Stacks of 1, 2, 3 ... particles, and the table of all of them."""
    held = {n: f"Extract/stack_{n}.mrcs" for n in range(1, stacks + 1)}
    rows = "".join(f"{k:06}@{path} 1\n" for n, path in held.items() for k in range(1, n + 1))
    return {path: stack(32, 32, n, 1.5) for n, path in held.items()} | {"particles.star": (STAR + rows).encode()}


def operetta(rows: int, columns: int, listed: bool = False) -> Folder:
    """One plate, one field and one channel of each well; `listed`: with Harmony's list of them."""
    image = written_screens.harmony_tiff()
    home = "P7__2024-01-02T10_00_00-Measurement 1/Images"
    places = [(row, column, 1) for row in range(1, rows + 1) for column in range(1, columns + 1)]
    files = {f"{home}/{written_screens.harmony_name(*place, 1)}": image for place in places}
    return files | ({f"{home}/Index.idx.xml": written_screens.harmony(places)} if listed else {})
