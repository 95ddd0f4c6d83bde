"""Takes the pictures of the page in docs/pictures/: in a browser, light, 1366 pixels wide.

Needs chromium, playwright and ImageMagick (convert); run by hand when the look changes:
`python tools/make_page_pictures.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from make_pictures import PICTURES, lay_out

WIDE, HIGH = 1366, 860


def main() -> None:
    """The start page, and the report of a workbook with mistakes."""
    from playwright.sync_api import sync_playwright

    from rembi_sheets.web.limits import Limits
    from rembi_sheets.web.server import Address, Server

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        lay_out("marked", folder)
        server = Server(Address(port=0), Limits(workers=1, patience=60), folder / "page")
        threading.Thread(target=server.run, daemon=True).start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox", "--hide-scrollbars"]
                )
                page = browser.new_page(viewport={"width": WIDE, "height": HIGH}, color_scheme="light")
                page.set_default_timeout(300_000)
                page.goto(server.url)
                _keep(page.screenshot(), "page-start", folder)
                page.set_input_files("#book", folder / "study.xlsx")
                page.click(".drop .primary")
                page.wait_for_selector(".verdicts")
                _keep(page.screenshot(), "page-report", folder)
                browser.close()
        finally:
            server.close()
            os.chdir("/")


def _keep(picture: bytes, name: str, folder: Path) -> None:
    raw = folder / f"{name}.png"
    raw.write_bytes(picture)
    subprocess.run(["convert", raw, "+dither", "-colors", "96", PICTURES / f"{name}.png"], check=True)


if __name__ == "__main__":
    main()
