"""Logs of Prairie View, versions 4 and 5, written here: pixel size, channels and microscope of TIFFs beside."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from rembi_sheets.harvest import quantities
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.harvest.model import Item, Status
from rembi_sheets.harvest.quantities import measured
from tests.harvest import written, written_slides
from tests.harvest.real import said
from tests.harvest.test_traps import header, put

STATE = {
    "objectiveLens": "Nikon 16x", "objectiveLensMag": "16", "objectiveLensNA": "0.8", "dwellTime": "3.2",
    "framePeriod": "0.0625", "linesPerFrame": "6", "pixelsPerLine": "8",
    "micronsPerPixel": {"XAxis": "1.25", "YAxis": "1.5"}, "laserWavelength": {"0": "920", "1": "0"},
}  # fmt: skip
TIMED = "TSeries Timed Element"


def prairie(version: int = 5, kind: str = TIMED, files: int = 2, **state: object) -> bytes:
    """A scan of two channels; `state` in place of the usual. A computer's path stands in a state of its own."""
    shard = ""
    for key, value in ({**STATE, "directory": r"C:\Users\ada\scan"} | state).items():
        values = {f"_{k}": v for k, v in value.items()} if isinstance(value, dict) else {"": value}
        if version < 5:
            shard += "".join(f'<Key key="{key}{k}" permissions="Read" value="{v}" />' for k, v in values.items())
        elif isinstance(value, dict):
            inside = "".join(f'<IndexedValue index="{k}" value="{v}" />' for k, v in value.items())
            shard += f'<PVStateValue key="{key}">{inside}</PVStateValue>'
        else:
            shard += f'<PVStateValue key="{key}" value="{value}" />'
    shard = f"<PVStateShard>{shard}</PVStateShard>"
    frames = "".join(
        f'<Frame relativeTime="{n}" index="{n}">'
        + "".join(f'<File channel="{c}" channelName="{w}" filename="{file(n, c)}" />' for c, w in ((1, "Red"), (2, "")))
        + (shard if version < 5 else "<PVStateShard />")
        + "</Frame>"
        for n in range(1, files + 1)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<PVScan version="{version}.4.64.700" '
        f'date="4/11/2019 3:17:18 PM" notes="">'
        f'{shard if version > 4 else ""}<Sequence type="{kind}" cycle="1">{frames}</Sequence></PVScan>'
    ).encode()


def file(frame: int, channel: int) -> str:
    return f"scan_Cycle00001_Ch{channel}_{frame:06}.ome.tif"


@pytest.mark.parametrize("version", [4, 5])
def test_what_the_log_says(tmp_path: Path, version: int) -> None:
    found = header(tmp_path, "scan.xml", prairie(version))
    flat = said(found)
    assert {
        "sizes": "Y6 X8", "X": "1.25 µm", "Y": "1.5 µm", "objective": "Nikon 16x", "magnification": "16 x",
        "numerical_aperture": "0.8", "pixel_dwell_time": "3.2 µs", "time_interval": "0.0625 s", "light_source": "laser",
        "acquisition_software": f"Prairie View {version}.4.64.700",
    }.items() <= flat.items()  # fmt: skip
    assert found.acquired == "4/11/2019 3:17:18 PM" and found.companion and "ada" not in str(found)


@pytest.mark.parametrize("version", [4, 5])
def test_its_images_have_pixel_size_and_channel(tmp_path: Path, version: int) -> None:
    put(tmp_path, "scan.xml", prairie(version))
    for frame in (1, 2):
        for channel in (1, 2):
            put(tmp_path, file(frame, channel), written.tiff())
    items = {i.path: i for i in harvest(tmp_path).items}
    assert items["scan.xml"].status is Status.COMPANION
    shown = {c: _image(items[file(2, c)]) for c in (1, 2)}
    assert {c: (f["X"], f["channel 0"], f["channel 0 excitation_wavelength"]) for c, f in shown.items()} == {
        1: ("1.25 µm", "Red", "920 nm"), 2: ("1.25 µm", "Ch2", "920 nm"),
    }  # fmt: skip


def _image(item: Item) -> dict[str, str]:
    assert item.header is not None
    return said(item.header)


@pytest.mark.parametrize(("state", "true"), [
    ({"laserWavelength": {"0": "920", "1": "1040"}}, {"light_source": ""}),
    ({"micronsPerPixel": {"XAxis": "0", "YAxis": "-1"}}, {"X": "", "Y": "", "sizes": "Y6 X8"}),
    ({"linesPerFrame": "many"}, {"sizes": "", "X": "1.25 µm"}),
    ({"kind": "ZSeries"}, {"time_interval": ""}),
])  # fmt: skip
def test_what_is_not_sure_is_left_out(tmp_path: Path, state: dict[str, object], true: dict[str, str]) -> None:
    kind = str(state.pop("kind", TIMED))
    found = said(header(tmp_path, "scan.xml", prairie(kind=kind, **state)))
    assert {k: found.get(k, "") for k in true} == true


@pytest.mark.parametrize(("software", "pixel"), [
    (b"Prairie View 5.3.64.40\0", "1.25 µm"), (b"MetaSeries\0", "64.5 nm"), (b"", "64.5 nm"),
])  # fmt: skip
def test_tags_of_metamorph_that_prairie_view_writes_say_nothing(tmp_path: Path, software: bytes, pixel: str) -> None:
    put(tmp_path, "scan.xml", prairie())
    item = put(tmp_path, file(1, 1), written_slides.stk(1, (0, 1), software=software))
    assert item.header is not None and ("X" in said(item.header)) is (b"Prairie" not in software)
    shown = next(i for i in harvest(tmp_path).items if i.path == file(1, 1))
    assert in_angstrom(_image(shown)["X"]) == in_angstrom(pixel)


def in_angstrom(told: str) -> Decimal | None:
    value, unit = measured(told)
    return None if value is None else quantities.in_angstrom(value, unit)


def test_the_state_alone_is_no_failure(tmp_path: Path) -> None:
    content = (
        b'<Environment version="5.4"><PVStateShard><PVStateValue key="a" value="1" /></PVStateShard></Environment>'
    )
    assert put(tmp_path, "scan.env", content).status is Status.COMPANION
