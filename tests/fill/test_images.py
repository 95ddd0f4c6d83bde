"""A folder of images as a source: rows with the right sizes and counts, nothing typed, and what the archives say.

REMBI_SHEETS_MOVIES sets how many movies a session has (5,000 are a day of a microscope).
"""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rembi_sheets import pipeline
from rembi_sheets.cli import cli
from rembi_sheets.fill import Confidence, State, images, merge
from rembi_sheets.harvest import readers
from rembi_sheets.harvest.folder import harvest
from rembi_sheets.schema import load
from tests import checkers
from tests.cases.base import GOOD
from tests.harvest import folders, written
from tests.support import TODAY, book, tables

SHEETS = ("Study", "People", "Organisations", "Funding")


def started() -> dict[str, Any]:
    """A study as a person begins it: who, what, one component, one specimen; nothing about files."""
    made = {s: GOOD[s] for s in SHEETS}
    made["Study"] = {k: v for k, v in GOOD["Study"].items() if k not in ("Thumbnail image", "IDR study word")}
    made["Study components"] = [GOOD["Study components"][1] | {"Name": "Images"}]
    made["Biosamples"] = [GOOD["Biosamples"][0]]
    made["Specimens"] = [GOOD["Specimens"][1] | {"Biosample": "Kidney cells"}]
    return made


def headed() -> dict[str, Any]:
    """The same with every sheet and heading that a workbook can have."""
    made = started()
    for spec in load().sheets:
        if spec.title != "Study":
            empty = {c.label: None for c in spec.columns if not c.own}
            first, *rest = made.get(spec.title) or [{}]
            made[spec.title] = [empty | first, *rest] if first else []
    return made


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


MOVIES = int(os.environ.get("REMBI_SHEETS_MOVIES", "12"))
SERIES = MOVIES // 3
FOLDERS = {
    "epu": folders.epu_session(3, MOVIES // 3),
    "eer": folders.eer_movies(MOVIES),
    "tilts": folders.tilt_series(SERIES),
    "particles": folders.particles(),
    "light": folders.light(),
}
BOTH = ("bioimage-archive", "empiar")
TAKEN = {"light": ("bioimage-archive",), "particles": ("empiar",)}
SETS = {
    "epu": [("T2", MOVIES // 3 * 3, 40, "128 x 96", 0.365)],
    "eer": [("T2", MOVIES, 30, "16 x 16", 1.25)],
    "tilts": [("T9", SERIES, 5, "400 x 300", 2.5)],
    "particles": [("T5", 28, 1, "32 x 32", 1.5)],
}
"""Category, number, frames, width x height and pixel size of the image sets."""


def _told(image_set: dict[str, Any]) -> tuple[str, int, int, str, float]:
    size = f"{image_set['image_width']} x {image_set['image_height']}"
    return (
        image_set["category"].split("'")[1],
        int(image_set["num_images_or_tilt_series"]),
        int(image_set["frames_per_image"]),
        size,
        float(image_set["pixel_width"]),
    )


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each folder: what it becomes in a begun study, guesses confirmed, converted for the archives that take it."""
    made = {}
    for name, files in FOLDERS.items():
        home = made[name] = tmp_path_factory.mktemp(name)
        data = folders.lay(home / "data", files)
        base = tables(headed())[0]
        merged = merge(base, images.known(harvest(data), base).proposals, accept_guesses=True)
        assert not merged.of(State.NOT_UNDERSTOOD) and not merged.unplaced
        read = pipeline.Workbook(home / "study.xlsx", load(), (), book(headed()), merged.tables)
        conversion = pipeline.convert(read, TAKEN.get(name, BOTH), data=data, today=TODAY)
        assert conversion.files, [(f.code, f.message) for f in conversion.findings if f.severity == "error"]
        pipeline.write(conversion, home / "out")
    return made


@pytest.mark.parametrize("name", SETS)
def test_the_counts_of_empiar_are_right_by_themselves(converted: dict[str, Path], name: str) -> None:
    deposition = json.loads((converted[name] / "out/empiar/deposition.json").read_text("utf-8"))
    assert [_told(s) for s in deposition["imagesets"]] == SETS[name]


@checkers.needs_shared
@pytest.mark.parametrize("name", FOLDERS)
def test_the_checkers_of_the_archives_take_what_became_of_a_folder(converted: dict[str, Path], name: str) -> None:
    for archive in TAKEN.get(name, BOTH):
        check = {"bioimage-archive": checkers.bioimage_archive, "empiar": checkers.empiar}[archive]
        check(converted[name] / "out" / archive)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank workbook, filled by one command with the session of EPU beside it."""
    home = tmp_path_factory.mktemp("whole")
    folders.lay(home / "data", folders.epu_session())
    done = run("new", home / "study.xlsx", "--profile", "cryo", "--rows", "20", "--data", home / "data", "--quiet")
    assert done.exit_code == 0, done.output
    return home


def test_filled_again_nothing_changes(filled: Path) -> None:
    done = run("fill", filled / "study.xlsx", "--dry-run", "--format", "json", "--data", filled / "data")
    said = json.loads(done.stdout)
    assert (said["filled"], said["differs"]) == ([], [])
    assert len(said["confirmed"]) > 25
    asked = {(q["sheet"], q["column"], q["value"]) for q in said["questions"]}
    assert ("Image data", "Type", "micrographs") in asked


def test_each_filled_cell_says_which_file_and_key_it_is_from(filled: Path) -> None:
    import openpyxl

    made: Any = openpyxl.load_workbook(filled / "study.xlsx")
    notes = [[str(c) for c in row] for row in made["Filled in"].iter_rows(values_only=True)]
    dose = next(row for row in notes if "Total electron dose" in row)
    assert any(".xml and 11 more: CustomData/Dose" in cell for cell in dose), dose
    assert "40.5" in dose and "filled" in dose
    assert len(pipeline.read(filled / "study.xlsx").tables["files"].frame) == 12  # type: ignore[index]


def proposed(sheets: dict[str, Any], folder: Path) -> list[tuple[str, Any, str, Any, Confidence]]:
    known = images.known(harvest(folder), tables(sheets)[0])
    return [(p.sheet, p.key, p.column, p.value, p.confidence) for p in known.proposals]


def test_files_of_a_row_of_image_data_are_that_row(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, folders.light())
    typed = started() | {
        "Image data": [{"Name": "Control", "Folder or file pattern": "control/"}, {"Name": "Drug"}],
        "Files": [{"Path": "treated/a.ome.tif", "Image data": "drug"}],
    }
    rows = {(k[0], v) for s, k, c, v, _ in proposed(typed, data) if (s, c) == ("image_data", "image_count") and k}
    assert rows == {("Control", "2"), ("Drug", "1"), ("slides, OME-TIFF", "1")}


def test_the_only_row_without_files_is_that_of_the_only_group(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, folders.eer_movies(2))
    typed = started() | {"Image data": [{"Name": "Movies", "Type": "micrographs"}]}
    assert {k for s, k, *_ in proposed(typed, data) if s == "image_data"} == {("Movies",)}


PROFILES = [
    {"Name": "Other", "Microscope": "Scope 3, S-78", "Nominal magnification": 40},
    {"Name": "Oil", "Microscope": "Scope 3, S-77", "Nominal magnification": 40},
    {"Name": "Air", "Microscope": "Scope 3, S-77", "Nominal magnification": 20},
]


@pytest.mark.parametrize(
    ("rows", "name", "sure"),
    [
        (PROFILES, "Oil", Confidence.DERIVED),
        ([*PROFILES, PROFILES[1] | {"Name": "Second"}], "Oil", Confidence.GUESS),
        (PROFILES[:1], "control, OME-TIFF", Confidence.DERIVED),
    ],
)
def test_an_instrument_is_known_by_its_number(
    tmp_path: Path, rows: list[dict[str, Any]], name: str, sure: Confidence
) -> None:
    data = folders.lay(tmp_path, {"control/a.ome.tif": folders.light()["control/a.ome.tif"]})
    found = proposed(started() | {"Image acquisition": rows}, data)
    assert [(v, c) for s, _, col, v, c in found if (s, col) == ("image_data", "image_acquisition")] == [(name, sure)]
    if sure is Confidence.GUESS:
        assert not any(s == "image_acquisition" for s, *_ in found)


def test_words_of_headers_are_those_of_the_lists(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, {"a.ome.tif": folders.light()["control/a.ome.tif"], "b.xml": written.epu()})
    assert ("image_acquisition", "immersion", "oil") in {(s, c, v) for s, _, c, v, _ in proposed(started(), data)}


def test_the_exact_model_is_never_told_by_its_family(tmp_path: Path) -> None:
    xml = written.ome(z=1, c=1, x=16, y=12).decode()
    for here, there in (
        ('Manufacturer="Acme" Model="Scope 3"', 'Manufacturer="" Model="LSM 710"'),
        ('Model="Cam 9" Type="CMOS"', 'Model="axiocam 506"'),
        ('EmissionWavelength="500"/>', '><DetectorSettings ID="Detector:0"/></Channel>'),
    ):
        assert here in xml
        xml = xml.replace(here, there)
    data = folders.lay(tmp_path, {"d.ome.tif": written.tiff(1, description=xml, shape=(12, 16))})
    found = {(c, v) for s, _, c, v, _ in proposed(started(), data) if s == "image_acquisition"}
    assert {("microscope", "LSM 710"), ("detector", "Axiocam 506")} <= found


def test_channels_need_a_specimen_and_say_so(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, {"a.ome.tif": folders.light()["control/a.ome.tif"]})
    typed = started()
    assert ("channels", ("Sliced", "ch0", "a.ome.tif")) in {(s, k) for s, k, *_ in proposed(typed, data)}
    typed["Specimens"] = []
    known = images.known(harvest(data), tables(typed)[0])
    assert [u.value for u in known.unplaced if "specimen" in u.why] == ["ch0, ch1"]


def test_too_many_files_are_named_by_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_FILES", 3)
    data = folders.lay(tmp_path, folders.eer_movies(5))
    found = proposed(started(), data)
    assert not [p for p in found if p[0] == "files" and p[2] == "image_data"]
    assert [v for s, _, c, v, _ in found if (s, c) == ("image_data", "path_pattern")] == ["movies/*.eer"]


def test_references_and_logs_belong_to_the_component_and_previews_nowhere(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, folders.epu_session(1, 1))
    listed = {k[0].rpartition("/")[2]: c for s, k, c, *_ in proposed(started(), data) if s == "files" and k}
    assert {c: sorted(n.rpartition(".")[2] for n in listed if listed[n] == c) for c in set(listed.values())} == {
        "image_data": ["mrc"],
        "study_component": ["mrc", "xml"],
    }


def test_files_of_a_screen_have_their_plate_and_well(tmp_path: Path) -> None:
    data = folders.lay(tmp_path, folders.operetta(rows=4, columns=6))
    base = tables(headed())[0]
    merged = merge(base, images.known(harvest(data), base).proposals, accept_guesses=True)
    files = merged.tables["files"].frame
    assert len(files) == 24 and set(files["plate"]) == {"P7"}
    assert files["well"].tolist()[:2] == ["A1", "A2"] and files["well"].tolist()[-1] == "D6"
    assert merged.tables["image_data"].frame["image_count"].tolist() == [24]
    assert {e.proposal.confidence for e in merged.entries if e.proposal.column == "well"} == {Confidence.DERIVED}


def test_files_whose_letters_are_written_otherwise_are_those_that_are_listed(tmp_path: Path) -> None:
    """A Mac writes ö as two signs, cells have one: no file gets a second row, no group a second name."""
    image = written.tiff()
    made = {unicodedata.normalize(f, f"Zellöl/{f}.tif"): image for f in ("NFC", "NFD")}
    data = folders.lay(tmp_path, made)
    for typed in (
        {"Image data": [{"Name": "Oil"}], "Files": [{"Path": p, "Image data": "Oil"} for p in made]},
        {"Image data": [{"Name": "Oil", "Folder or file pattern": "Zellöl/"}]},
    ):
        found = {
            (k, v) for s, k, c, v, _ in proposed(started() | typed, data) if (s, c) == ("image_data", "image_count")
        }
        assert found == {(("Oil",), "2")}


def test_movies_and_their_sums_are_guessed_alike(tmp_path: Path) -> None:
    """They are one way of taking images, whose row would else be told two methods."""
    movie, xml = written.epu(frames=4), {}
    for n in range(2):
        xml |= {f"D/a_{n}_Data.xml": movie, f"D/a_{n}_Data.mrc": folders.stack(64, 48, 1, 0.73)}
        xml[f"D/a_{n}_Data_fractions.mrc"] = folders.stack(64, 48, 4, 0.73)
    data = folders.lay(tmp_path, xml)
    methods = {v for _, _, c, v, _ in proposed(started(), data) if c == "imaging_methods"}
    assert methods == {"single-particle cryo-electron microscopy"}


@pytest.mark.parametrize(("tilts", "method"), [
    (("-0.001", "0.002"), "single-particle cryo-electron microscopy"),
    (("30", "30"), "single-particle cryo-electron microscopy"),
    (("-60", "60"), "electron tomography"),
])  # fmt: skip
def test_movies_of_one_tilt_are_no_tomography(tmp_path: Path, tilts: tuple[str, str], method: str) -> None:
    made = {}
    for n, tilt in enumerate(tilts):
        made[f"D/a_{n}.mrc"] = folders.stack(64, 48, 4, 0.73)
        lines = f"PixelSpacing = 0.73\nExposureDose = 40\nTiltAngle = {tilt}\nNumSubFrames = 4\n"
        made[f"D/a_{n}.mrc.mdoc"] = f"Voltage = 300\n[FrameSet = 0]\n{lines}SubFramePath = D:\\a_{n}.mrc\n".encode()
    methods = {v for _, _, c, v, _ in proposed(started(), folders.lay(tmp_path, made)) if c == "imaging_methods"}
    assert methods == {method}


def test_stacks_of_particles_are_guessed_by_name_where_the_format_does_not_tell(tmp_path: Path) -> None:
    """cryoSPARC calls them MRC; the images of them all are counted."""
    named = {f"J5/{n}_mic_particles.mrc": folders.stack(32, 32, n, 1.5) for n in (3, 4)}
    data = folders.lay(tmp_path, named)
    said = {c: v for s, _, c, v, _ in proposed(started(), data) if s == "image_data"}
    assert (said["type"], said["image_count"], said["file_format"]) == ("picked particles", "7", "MRC")


def test_what_cannot_be_read_is_named_and_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images whose library is not installed, damaged or linked ones are lacking: the user is told, with the remedy."""
    monkeypatch.setattr(readers, "_absent", lambda library: library == "h5py")
    data = folders.lay(tmp_path, {"a.tif": written.tiff(), "b.ims": written.imaris(), "c.tif": written.tiff()[:60]})
    (data / "d.tif").write_bytes(b"")
    (data / "link.tif").symlink_to("a.tif")
    (data / "notes.txt").write_text("x")
    known = images.known(harvest(data), tables(started())[0])
    listed = {p.key[0] for p in known.proposals if p.sheet == "files" and p.key}
    assert listed == {"a.tif", "notes.txt"}
    told = [(u.where, u.value, u.why) for u in known.unplaced]
    assert any("pip install 'rembi-sheets[harvest]'" in why and value == "1 file" for _, value, why in told)
    assert {where for where, *_ in told} >= {"c.tif", "d.tif", "link.tif"}
    (data / "gain_reference.mrc").write_bytes(written.mrc())
    known = images.known(harvest(data), tables({})[0])  # no component to which they could belong
    told = [(u.where, u.value, u.why) for u in known.unplaced]
    for path in ("gain_reference.mrc", "notes.txt"):
        assert any(where == path and value == "1 file" and "list it in Files" in why for where, value, why in told)
