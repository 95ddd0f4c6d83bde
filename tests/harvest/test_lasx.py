"""Projects of LAS X with their images beside them, written here: files that are planes, or hold several."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from rembi_sheets.harvest.folder import Harvest, harvest
from rembi_sheets.harvest.model import Status
from tests.harvest import test_vendor_xml, written, written_more
from tests.harvest.real import said
from tests.harvest.test_traps import header, put

IDS = {"X": 1, "Y": 2, "Z": 3, "T": 4, "λ": 5, "M": 10}
PLANE = {"X": (8, "7e-6", "m"), "Y": (6, "5e-6", "m")}
DEEP = {**PLANE, "Z": (3, "-4e-6", "m")}
LIVE = {**DEEP, "T": (2, "30", "s")}
PROJECT = b"""<?xml version="1.0" encoding="utf-8"?><LMSDataContainerHeader Version="2"><Element Name="ada's project"
UniqueID="u"><Data><Experiment IsSavedFlag="1" Path="C:\\Users\\ada"/></Data><Children>
<Reference File="Metadata%5CSeries001.xlif" UUID="v"/></Children></Element></LMSDataContainerHeader>"""


class Frame(NamedTuple):
    """A file of an XLIF: its name, the place of its beginning in memory, the bytes that it stands for."""

    name: str
    start: int
    size: int


def planes(axes: Mapping[str, tuple[int, str, str]], channels: int = 1, name: str = "a {}.tif") -> list[Frame]:
    """A file a plane, with names that say nothing; channels lie beside each other in memory, then come further axes."""
    counts = [n for a, (n, _, _) in axes.items() if a not in "XY"]
    size = axes["X"][0] * axes["Y"][0]
    every = product(*map(range, [*counts[::-1], channels]))
    return [Frame(name.format(n), n * size, size) for n, _ in enumerate(every)]


def xlif(
    axes: Mapping[str, tuple[int, str, str]],
    frames: list[Frame],
    channels: tuple[str, ...] = ("Green",),
    settings: str = written_more.CONFOCAL,
    way: str = "..\\",
    text: str = "",
) -> bytes:
    """One image: axis, fastest first -> (number, length, unit); `way`: from its folder to that of the files."""
    step, dimensions = 1, ""
    for axis, (count, length, unit) in axes.items():
        dimensions += (
            f'<DimensionDescription DimID="{IDS[axis]}" NumberOfElements="{count}" Origin="0" Length="{length}" '
            f'Unit="{unit}" BitInc="0" BytesInc="{step}"/>'
        )
        step *= count * (len(channels) if axis == "Y" else 1)
    plane = axes["X"][0] * axes.get("Y", (1,))[0]
    named = "".join(
        written_more.CHANNEL.format(start=n * plane).replace('LUTName="Green"', f'LUTName="{c}"')
        for n, c in enumerate(channels)
    )
    told = "".join(f'<Frame File="{quote(way + f.name)}" Offset="{f.start}" Size="{f.size}" UUID="w"/>' for f in frames)
    whole = written_more.LIF.format(name="Series001", channels=named, dimensions=dimensions, size=1, settings=settings)
    image = whole[whole.index("<Data>") : whole.index("<Memory")]
    return (
        '<?xml version="1.0" encoding="utf-8"?><LMSDataContainerHeader Version="2">'
        f'<Element Name="Series001" UniqueID="u">{image}<Memory Size="1" MemoryBlockID="MemBlock_1">{told}'
        f"</Memory><Children>{text}</Children></Element></LMSDataContainerHeader>"
    ).encode()


def tree(folder: Path, content: bytes, frames: list[Frame], image: bytes = b"") -> Harvest:
    """A project as LAS X leaves it: XML in a folder of its own, images above it."""
    (folder / "Metadata").mkdir(parents=True)
    (folder / "Metadata" / "Series001.xlif").write_bytes(content)
    (folder / "a.xlef").write_bytes(PROJECT)
    for frame in frames:
        (folder / frame.name).write_bytes(image or written.tiff())
    return harvest(folder)


def whole(found: Harvest) -> list[tuple[int, str, dict[str, str], list[str]]]:
    """Number of images, sizes, pixel sizes and channels of each group."""
    return [
        (
            g.images,
            " ".join(f"{a}{n}" for a, n in g.image.sizes.items()),
            {a: f"{s.value.normalize():f} {s.unit}" for a, s in g.image.pixel_size.items()},
            [c.name for c in g.image.channels],
        )
        for g in found.groups
    ]


def formats() -> dict[str, bytes]:
    """One of each, for tests of damage."""
    return {
        "a.xlif": xlif(LIVE, planes(LIVE, 2), ("Green", "Red"), test_vendor_xml.ONE),
        "b.xlif": xlif({**PLANE, "Z": (3, "1e-6", "m")}, [Frame("a.lof", 0, 144)]),
        "a.xlef": PROJECT,
    }


FLAT = {"X": "1 µm", "Y": "1 µm"}


@pytest.mark.parametrize(("axes", "channels", "true"), [
    (PLANE, ("Green",), (1, "Y6 X8", FLAT, ["Green"])),
    (PLANE, ("Green", "Red"), (1, "C2 Y6 X8", FLAT, ["Green", "Red"])),
    (DEEP, ("Green",), (1, "Z3 Y6 X8", {**FLAT, "Z": "2 µm"}, ["Green"])),
    (LIVE, ("Green", "Red"), (1, "T2 Z3 C2 Y6 X8", {**FLAT, "Z": "2 µm"}, ["Green", "Red"])),
    ({**PLANE, "M": (4, "0", "")}, ("Green",), (1, "M4 Y6 X8", FLAT, ["Green"])),
    ({**PLANE, "λ": (4, "3e-8", "m")}, ("Green",), (1, "λ4 Y6 X8", FLAT, ["Green"])),
])  # fmt: skip
def test_the_files_of_an_image_are_one_whatever_they_are_called(
    tmp_path: Path,
    axes: Mapping[str, tuple[int, str, str]],
    channels: tuple[str, ...],
    true: tuple[int, str, dict[str, str], list[str]],
) -> None:
    frames = planes(axes, len(channels))
    assert whole(tree(tmp_path / "p", xlif(axes, frames, channels), frames)) == [true]


def test_eleven_channels_keep_their_order(tmp_path: Path) -> None:
    names = tuple(f"c{n}" for n in range(11))
    frames = planes(PLANE, 11)
    assert whole(tree(tmp_path / "p", xlif(PLANE, frames, names), frames))[0][3] == list(names)


def test_each_file_has_what_is_said_of_it(tmp_path: Path) -> None:
    frames = planes(LIVE, 2)
    found = tree(tmp_path / "p", xlif(LIVE, frames, ("Green", "Red"), test_vendor_xml.ONE), frames)
    items = {i.path: i for i in found.items}
    assert {p for p, i in items.items() if i.status is Status.COMPANION} == {"a.xlef", "Metadata/Series001.xlif"}
    fourth = items["a 3.tif"].header
    assert fourth is not None
    assert {
        "sizes": "Y6 X8", "X": "1 µm", "Y": "1 µm", "channel 0": "Red", "time_interval": "30 s", "detector_type": "HyD",
        "channel 0 excitation_wavelength": "552 nm", "channel 0 detection_wavelength": "618-700 nm",
        "objective": "HC 63x", "microscope": "TCS SP8", "acquisition_software": "LAS X 9.9",
    }.items() <= said(fourth).items()  # fmt: skip
    assert "Z" not in said(fourth) and "Users" not in str(fourth)
    assert {v.file for v in fourth.values} == {"Metadata/Series001.xlif"}


def test_moment_and_interval(tmp_path: Path) -> None:
    found = header(tmp_path, "a.xlif", xlif(LIVE, planes(LIVE)))
    assert found.acquired == "2024-01-02T03:04:05+00:00" and said(found)["time_interval"] == "30 s"


def test_images_that_differ_are_no_group(tmp_path: Path) -> None:
    put(tmp_path, "a.xlif", xlif(DEEP, planes(DEEP, name="a {}.tif"), way=""))
    thin = {**PLANE, "Z": (3, "1e-6", "m")}
    put(tmp_path, "b.xlif", xlif(thin, planes(thin, name="b {}.tif"), way=""))
    put(tmp_path, "c.xlif", xlif(DEEP, planes(DEEP, name="c {}.tif"), way=""))
    for name, number in product("abc", range(3)):
        put(tmp_path, f"{name} {number}.tif", written.tiff())
    assert [(n, s["Z"]) for n, _, s, _ in whole(harvest(tmp_path))] == [(2, "2 µm"), (1, "0.5 µm")]


def test_projects_whose_files_are_called_alike_are_told_apart(tmp_path: Path) -> None:
    thin = {**PLANE, "Z": (3, "1e-6", "m")}
    tree(tmp_path / "p" / "1", xlif(DEEP, planes(DEEP)), planes(DEEP))
    tree(tmp_path / "p" / "2", xlif(thin, planes(thin)), planes(thin))
    assert [(n, s["Z"]) for n, _, s, _ in whole(harvest(tmp_path / "p"))] == [(1, "2 µm"), (1, "0.5 µm")]


def test_where_planes_are_missing_their_step_is_not_told(tmp_path: Path) -> None:
    frames = planes(DEEP)
    found = tree(tmp_path / "p", xlif(DEEP, frames), frames[:1] + frames[2:])
    assert whole(found) == [(1, "Z2 Y6 X8", FLAT, ["Green"])]


def test_a_stack_in_one_file_gets_its_step(tmp_path: Path) -> None:
    frames = [Frame("a.tif", 0, 144)]
    found = tree(tmp_path / "p", xlif(DEEP, frames), frames, written.tiff(3))
    assert whole(found) == [(1, "Z3 Y6 X8", {**FLAT, "Z": "2 µm"}, [])]


def test_a_grey_image_saved_in_colour_is_still_a_plane(tmp_path: Path) -> None:
    frames = planes(DEEP)
    found = tree(
        tmp_path / "p", xlif(DEEP, frames), frames, written.tiff(kind="uint8", shape=(6, 8, 3), photometric="rgb")
    )
    assert whole(found) == [(1, "Z3 Y6 X8 S3", {**FLAT, "Z": "2 µm"}, ["Green"])]


def test_the_resolution_of_a_page_counts_for_less_and_ome_xml_for_more(tmp_path: Path) -> None:
    frames = [Frame("a.tif", 0, 48)]
    content = xlif(PLANE, frames)
    page = written.tiff(resolution=(40000, 20000), resolutionunit=3)
    assert whole(tree(tmp_path / "p", content, frames, page))[0][2] == FLAT
    ome = written.ome('PhysicalSizeX="0.5" PhysicalSizeY="0.5"', z=1, c=1).decode()
    assert whole(tree(tmp_path / "q", content, frames, written.tiff(description=ome)))[0][2]["X"] == "0.5 µm"


@pytest.mark.parametrize(("axes", "told"), [
    ({**PLANE, "X": (16, "15e-6", "m")}, "16 × 6"), ({**PLANE, "Y": (3, "2e-6", "m")}, "8 × 3"),
])  # fmt: skip
def test_pixels_that_are_not_as_many_as_told_have_no_size(
    tmp_path: Path, axes: Mapping[str, tuple[int, str, str]], told: str
) -> None:
    frames = planes(axes)
    found = tree(tmp_path / "p", xlif(axes, frames), frames)
    assert whole(found) == [(1, "Y6 X8", {}, [])]
    assert list(found.remarks) == [f"the Leica XLIF that names it says {told}, but 8 × 6 pixels are stored"]


@pytest.mark.parametrize(("axes", "true"), [
    ({"X": (8, "0", "m"), "Y": (6, "5e-6", "m")}, {"Y": "1 µm"}),
    ({"X": (8, "7", "m"), "Y": (6, "5", "m")}, {}),
    ({"X": (8, "7", "Pixel"), "Y": (6, "5", "")}, {}),
    ({"X": (8, "7", "µm"), "Y": (6, "nan", "m")}, {"X": "1 µm"}),
    ({"X": (8, "7e-6", "m"), "Z": (6, "5e-6", "m")}, {"X": "1 µm"}),
])  # fmt: skip
def test_a_length_that_is_none_gives_no_pixel_size(
    tmp_path: Path, axes: Mapping[str, tuple[int, str, str]], true: dict[str, str]
) -> None:
    frames = [Frame("a.tif", 0, 48)]
    assert whole(tree(tmp_path / "p", xlif(axes, frames), frames))[0][2] == true


def test_an_image_below_the_image_says_nothing_of_it(tmp_path: Path) -> None:
    other = xlif({**PLANE, "X": (8, "9e-6", "m")}, [], ("Red", "Blue")).decode()
    below = other[other.index("<Element") : other.index("</LMS")]
    flat = said(header(tmp_path, "a.xlif", xlif(PLANE, planes(PLANE), text=below)))
    assert (flat["X"], flat["channel 0"], flat.get("channel 1")) == ("1 µm", "Green", None)


def test_a_file_that_is_named_twice_is_no_plane(tmp_path: Path) -> None:
    frames = [Frame("a.tif", n * 48, 48) for n in range(3)]
    assert dict(header(tmp_path, "a.xlif", xlif(DEEP, frames)).linked_places) == {"a.tif": ()}


@pytest.mark.parametrize("frame", [Frame("a.tif", 5, 48), Frame("a.tif", 480, 48), Frame("a.tif", 0, 96),
                                   Frame("a.tif", 0, 8)])  # fmt: skip
def test_a_file_that_begins_within_a_plane_or_goes_beyond_is_no_plane(tmp_path: Path, frame: Frame) -> None:
    assert dict(header(tmp_path, "a.xlif", xlif(DEEP, [frame])).linked_places) == {"a.tif": ()}


@pytest.mark.parametrize("way", ["C:\\Users\\ada\\", "/home/ada/", "\\\\host\\ada\\"])
def test_the_path_of_a_machine_is_not_told(tmp_path: Path, way: str) -> None:
    found = header(tmp_path, "a.xlif", xlif(PLANE, planes(PLANE), way=way))
    assert found.links == ("a 0.tif",)


@pytest.mark.parametrize(("old", "new"), [
    (b'DimID="1"', b'DimID="77"'), (b'DimID="1"', b'DimID="2"'), (b'BytesInc="8"', b'BytesInc="-8"'),
    (b'NumberOfElements="8"', b'NumberOfElements="0"'), (b"<ChannelDescription", b"<Other"),
    (b"<LMSData", b'<!DOCTYPE a [<!ENTITY b "c">]><LMSData'), (b"</Memory>", b""),
])  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert put(tmp_path, "a.xlif", xlif(PLANE, planes(PLANE)).replace(old, new)).status is Status.FAILED


def lof(content: bytes, size: int) -> bytes:
    """The image of an XLIF as an object file: its pixels, then its XML."""
    text, name = content.decode().partition("?>")[2].encode("utf-16-le"), "LMS_Object_File".encode("utf-16-le")
    head = struct.pack("<IIBI", 0x70, len(name) + 5, 0x2A, len(name) // 2) + name + struct.pack("<BIBI", 42, 2, 42, 0)
    return (
        head
        + struct.pack("<BQ", 42, size)
        + bytes(size)
        + struct.pack("<IIBI", 0x70, len(text) + 5, 42, len(text) // 2)
        + text
    )


def test_an_object_file_tells_of_itself(tmp_path: Path) -> None:
    frames = [Frame("a.lof", 0, 144)]
    content = xlif(DEEP, frames)
    found = tree(tmp_path / "p", content, frames, lof(content, 144))
    assert whole(found) == [(1, "Z3 Y6 X8", {**FLAT, "Z": "2 µm"}, ["Green"])]
    assert [g.format for g in found.groups] == ["LOF"] and not found.remarks


def test_utf_16_and_a_lof_beside(tmp_path: Path) -> None:
    content = xlif(DEEP, [Frame("a.lof", 0, 144)], way="").decode().replace("utf-8", "utf-16").encode("utf-16")
    found = header(tmp_path, "a.xlif", content)
    assert found.companion and found.links == ("a.lof",) and said(found)["sizes"] == "Z3 Y6 X8"
