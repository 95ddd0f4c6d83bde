"""Damaged headers: no crash, no hang, no absurd value. REMBI_SHEETS_MUTATIONS sets how many of each format."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from rembi_sheets import vocabularies
from rembi_sheets.harvest.model import Item, Status
from rembi_sheets.harvest.quantities import GREATEST_PIXEL, LEAST_PIXEL, in_angstrom
from rembi_sheets.harvest.sniff import look
from rembi_sheets.schema import Kind, load
from rembi_sheets.values import ranges
from tests.harvest import (
    folders,
    real,
    test_lasx,
    test_prairie,
    test_thorimage,
    test_traps,
    test_vendor_tags,
    test_vendor_xml,
    written,
    written_light,
    written_lists,
    written_more,
    written_particles,
    written_screens,
    written_slides,
    written_zvi,
)

COUNT = int(os.environ.get("REMBI_SHEETS_MUTATIONS", "50"))
WRITERS = (
    written.all_formats,
    written_more.formats,
    written_slides.formats,
    written_screens.formats,
    written_light.formats,
    written_lists.formats,
    written_particles.formats,
    test_lasx.formats,
    test_thorimage.formats,
    written_zvi.formats,
)
FORMATS = {name: content for writer in WRITERS for name, content in writer().items()} | {
    "a.svs": written.tiff(
        description="Aperio Image Library v1\r\n8x6 |AppMag = 20|MPP = 0.25|User = ada|Date = 01/02/24"
    ),
    "a.qptiff": written_slides.pages(((48, 64), {"description": written_slides.QPI.format("DAPI")}), ((24, 32), {})),
    "a.ndpi": written_slides.ndpi(),
    "fei.tif": test_vendor_tags.tagged(34682, test_vendor_tags.FEI.format(pixel="3e-06")),
    "sem.tif": test_vendor_tags.tagged(
        34118, test_vendor_tags.SEM.format(first="4e-9", key="AP_IMAGE_PIXEL_SIZE", short="Image Pixel Size = 4.0 nm")
    ),
    "a.eer": folders.eer_file(),
    "scan.xml": test_prairie.prairie(),
    "confocal.czi": written.czi({"X": (20, 1), "Y": (10, 1)}, xml=test_vendor_xml.zen(test_vendor_xml.lit())),
    "confocal.lif": written_more.lif({**test_vendor_xml.PLANE, "C": (2, "0", "")}, settings=test_vendor_xml.ONE),
    "confocal.mdoc": written.mdoc().replace(b"[ZValue", b"[T = SerialEM: Krios Camera -> 0:Ceta 1:K3]\n[ZValue", 1),
}
_HED, _IMG = written_particles.imagic()
BESIDE = {
    "run_NDTiffStack.tif": ("NDTiff.index", written.tiff(12), written_screens.ndtiff(*written_screens.NDTIFF)),
    "a.img": ("a.hed", _IMG, _HED),
    "Image_0001_0001.raw": test_thorimage.beside(),
    "a.mrxs": ("a/Slidedat.ini", written.jpeg(40, 30), written_lists.slidedat()),
    "a.h5": ("a.xml", test_traps.bdv(2, "uint16"), test_traps.SPIM.format("µm", "2.5").encode()),
}
ZARRS = {"0.4": (".zattrs", "0/.zarray"), "0.5": ("zarr.json", "0/zarr.json")}
REAL = ("nikon_cluster.nd2", "openslide_boxes_0.dcm")
NUMBERS = (0, 0xFF, 0x7F, 0x80)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Bytes changed, runs of them set, cut off, repeated: near the beginning, where headers are, and anywhere."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        place = chance.randrange(min(len(made), chance.choice((64, 1024, 10**9))))
        kind = chance.randrange(5)
        if kind == 0:
            made[place] = chance.randrange(256)
        elif kind == 1:
            made[place : place + 4] = bytes([chance.choice(NUMBERS)]) * 4
        elif kind == 2:
            made[place : place + 8] = chance.randbytes(8)
        elif kind == 3:
            digits = [p for p in range(place, min(place + 400, len(made))) if 48 <= made[p] <= 57]
            for p in digits[:3]:
                made[p] = chance.choice(b"0123456789-.e")
        elif len(made) > 100:
            del made[chance.randrange(50, len(made)) :]
    return bytes(made)


def hold(item: Item) -> None:
    """Every value is one that the workbook would take, every size one that can be."""
    if item.header is None:
        assert item.status in (Status.FAILED, Status.UNREAD) and all(len(n) < 400 for n in item.notes)
        return
    for image in item.header.images:
        assert all(0 < n <= 10**8 for n in image.sizes.values())
        assert set(image.axes) == set(image.sizes) or not image.sizes
        assert image.frames is None or 0 < image.frames < 10**7
        for length in image.pixel_size.values():
            size = in_angstrom(length.value, length.unit)
            assert size is not None and LEAST_PIXEL <= size <= GREATEST_PIXEL
    values = [*item.header.values, *(v for i in item.header.images for c in i.channels for v in c.values)]
    for value in values:
        sheet, _, name = value.column.partition(".")
        column = load()[sheet][name]
        assert len(value.value) <= 200 and value.value.isprintable()
        if column.kind is Kind.RANGE:
            found = ranges.read(value.value)
            assert found is not None and column.allows(found.low) and column.allows(found.high), value


def test_what_is_read_is_a_format_of_the_list(tmp_path: Path) -> None:
    """What is filled in by us is not found fault with by us."""
    read = set()
    for name, content in FORMATS.items():
        (tmp_path / name).write_bytes(content)
        item = look(tmp_path / name, name, 0)
        if item.status is Status.READ and item.header is not None and item.header.images:
            read.add(item.format)
    listed = {entry.label for entry in vocabularies.entries("file_format")}
    assert len(read) > 30 and not read - listed


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_headers(name: str, tmp_path: Path) -> None:
    damage(tmp_path / name, FORMATS[name], tmp_path / name)


@pytest.mark.parametrize("name", BESIDE)
def test_damaged_files_beside_images(name: str, tmp_path: Path) -> None:
    beside, image, content = BESIDE[name]
    (tmp_path / name).write_bytes(image)
    (tmp_path / beside).parent.mkdir(exist_ok=True)
    damage(tmp_path / beside, content, tmp_path / name)


@pytest.mark.parametrize("version", ZARRS)
def test_damaged_zarr(version: str, tmp_path: Path) -> None:
    folder = written.zarr(tmp_path / "a.zarr", version)
    for name in ZARRS[version]:
        sound = (folder / name).read_bytes()
        damage(folder / name, sound, folder)
        (folder / name).write_bytes(sound)


def test_damaged_oif(tmp_path: Path) -> None:
    (tmp_path / "a.oif.files").mkdir()
    (tmp_path / "a.oif.files" / "s_C001.tif").write_bytes(written.tiff())
    sound = written_slides.OIF.format(reference="").encode("utf-16")
    damage(tmp_path / "a.oif", sound, tmp_path / "a.oif")


@real.needs_files
@pytest.mark.parametrize("name", REAL)
def test_damaged_real_files(name: str, tmp_path: Path) -> None:
    damage(tmp_path / name, (real.FOLDER / name).read_bytes(), tmp_path / name)


def damage(file: Path, content: bytes, looked_at: Path) -> None:
    """What is said of `looked_at`, as often as `file` is damaged anew."""
    chance = random.Random(f"{file.name} {COUNT}")
    file.write_bytes(content)
    for number in range(COUNT):
        made = mutated(content, chance)
        with file.open("r+b") as kept:  # emptying a file first costs more than reading it, on some disks
            kept.write(made)
            kept.truncate()
        began = time.process_time()
        item = look(looked_at, looked_at.name, looked_at.stat().st_size)
        took = time.process_time() - began
        try:
            assert took < 5 or number == 0
            hold(item)
        except AssertionError:
            bad = Path(os.environ.get("REMBI_SHEETS_KEEP", file.parent)) / f"bad-{number}-{file.name}"
            bad.write_bytes(made)
            raise
