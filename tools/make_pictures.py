"""Takes the pictures of docs/pictures/ from the product: workbooks in LibreOffice on a display of their own, a report.

Needs Xvfb, xdotool, soffice, ImageMagick (import, convert) and chromium; run by hand when the look changes:
`python tools/make_pictures.py [name ...]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import doc_blocks

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
KIDNEY = "kidney-organoid-light-sheet"
MISTAKES = f"{KIDNEY}; Specimens!B6 = Wild type kideny E13.5; Biosamples!E6 = Mus musculos; Image data!R6 = 0,57"


@dataclass(frozen=True)
class Shot:
    """One picture: the workbook, the sheet, keys to press there, where the mouse rests, what is kept of it."""

    workbook: str
    sheet: str
    keys: tuple[str, ...] = ()
    mouse: tuple[str, str] = ("1340", "600")
    height: int = 640
    width: int = 1300


# Away from the first row, so that the prompt of its cell does not lie over the table.
AWAY = ("Down",) * 14
SPELLING = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Linguistic/SpellChecking">
<prop oor:name="IsSpellAuto" oor:op="fuse"><value>false</value></prop></item>
</oor:items>"""

SHOTS = {
    "read-me": Shot("blank", "Read me", width=1480),
    "blank-study": Shot("blank", "Study"),
    "blank-biosamples": Shot("blank", "Biosamples", AWAY, height=420),
    "dropdown": Shot(KIDNEY, "Study components", ("Right", "alt+Down"), height=420),
    "marked-problems": Shot("marked", "Problems", height=360),
    "marked-cell": Shot("marked", "Specimens", AWAY, mouse=("400", "372"), height=420),
    "light-biosamples": Shot(KIDNEY, "Biosamples", AWAY, height=420),
    "screen-files": Shot("chromosome-condensation-screen", "Files", AWAY, height=420),
    "cryo-image-data": Shot("apo-ferritin", "Image data", ("Down", "Down"), height=420),
    "volume-image-data": Shot("toxoplasma-fib-sem", "Image data", AWAY, height=420),
    "correlative-correlation": Shot("t-cell-clem", "Image correlation", AWAY, height=420),
}


def lay_out(what: str, folder: Path) -> Path:
    """The workbook of a picture, in a folder of its own so that nothing is locked."""
    os.chdir(folder)
    path = folder / "study.xlsx"
    if what == "blank":
        _rembi_sheets("new", path.name)
    else:
        doc_blocks._lay_out(f"study.xlsx = {MISTAKES if what == 'marked' else what}")
        if what == "marked":
            _rembi_sheets(
                "check", path.name, "--annotate", "study-marked.xlsx", "--format", "html", "--output", "r.html"
            )
            path = folder / "study-marked.xlsx"
    return path


def _rembi_sheets(*args: str) -> None:
    env = os.environ | {"REMBI_SHEETS_TODAY": doc_blocks.TODAY}
    subprocess.run([sys.executable, "-m", "rembi_sheets", *args], env=env, check=False)


def _sheets(path: Path) -> list[str]:
    """Titles of the visible sheets, in the order of their tabs."""
    import openpyxl

    return [s.title for s in openpyxl.load_workbook(path) if s.sheet_state == "visible"]


def take(shot: Shot, target: Path, folder: Path) -> None:
    """Open the workbook, go to the sheet, press the keys, keep the sheet without the menus."""
    path = lay_out(shot.workbook, folder)
    before = _sheets(path).index(shot.sheet)
    display = f":{os.getpid() % 500 + 100}"
    env = os.environ | {"DISPLAY": display}
    server = subprocess.Popen(["Xvfb", display, "-screen", "0", "1620x900x24"], stderr=subprocess.DEVNULL)
    time.sleep(1)
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(SPELLING, encoding="utf-8")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    office = subprocess.Popen(
        ["soffice", "--norestore", "--nologo", profile, "--calc", path], env=env, stderr=subprocess.DEVNULL
    )

    def do(*words: str) -> None:
        subprocess.run(["xdotool", *words], env=env, check=True)
        time.sleep(0.8)

    try:
        raw = folder / "raw.png"
        for _ in range(150):  # until something is drawn
            time.sleep(1)
            subprocess.run(["import", "-window", "root", raw], env=env, check=True)
            if raw.stat().st_size > 30_000:
                break
        time.sleep(5)
        for key in (*["ctrl+Next"] * before, *shot.keys):
            do("key", key)
        do("mousemove", *shot.mouse)
        time.sleep(2)
        subprocess.run(["import", "-window", "root", raw], env=env, check=True)
        kept = f"{shot.width}x{shot.height}+0+108"
        subprocess.run(["convert", raw, "-crop", kept, "+repage", "-colors", "96", target], check=True)
    finally:
        for child in subprocess.run(["pgrep", "-P", str(office.pid)], capture_output=True, text=True).stdout.split():
            os.kill(int(child), 15)
        office.terminate()
        office.wait()
        server.terminate()


def report(target: Path, folder: Path) -> None:
    """The page of findings in a browser."""
    lay_out("marked", folder)
    raw = folder / "raw.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,820"]
    subprocess.run(
        ["chromium", *options, f"--screenshot={raw}", f"file://{folder}/r.html"], check=True, stderr=subprocess.DEVNULL
    )
    subprocess.run(["convert", raw, "-colors", "64", target], check=True)


def main(names: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name in names or [*SHOTS, "report"]:
        with tempfile.TemporaryDirectory() as folder:
            if name == "report":
                report(PICTURES / "report.png", Path(folder))
            else:
                take(SHOTS[name], PICTURES / f"{name}.png", Path(folder))
            os.chdir("/")


if __name__ == "__main__":
    main(sys.argv[1:])
