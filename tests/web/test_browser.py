"""In a browser, with scripts: no needless reload, the keyboard alone, axe-core and four widths on every screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from rembi_sheets import examples
from rembi_sheets.web.server import Server
from tests.support import LONG

WIDTHS = (360, 768, 1366, 1920)
VAIN = ("nowhere", "gone")
# Of the dark scheme only the colours are others; of many alike parts the first ones are looked at.
_SCHEMES: list[tuple[Literal["light", "dark"], dict[str, Any]]] = [
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
]
_LIKE_OTHERS = [["section:nth-of-type(n + 6)"], [".finding:nth-of-type(n + 4)"], [".examples li:nth-of-type(n + 2)"]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


def _vain(address: str) -> bool:
    """Is it a page that is not there, on purpose?"""
    return address.rpartition("/")[2] in VAIN


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of the server on which no script fails, and nothing is missing but what was asked for in vain."""
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.set_default_timeout(60_000)
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on(
        "console",
        lambda said: failed.append(said.text) if said.type == "error" and not _vain(said.location["url"]) else None,
    )
    page.goto(server.url)
    yield page
    assert not failed


def test_the_count_follows_the_choice(page: Page, server: Server) -> None:
    page.goto(server.url)
    before = page.inner_text("#tally")
    page.check("input[value=full]")
    page.wait_for_function("before => document.getElementById('tally').innerText !== before", arg=before)
    assert "columns" in page.inner_text("#tally") and page.locator("#tabs li").count() > 10
    assert not page.is_visible("text=Count again")


def test_progress_hands_over_to_the_report(
    page: Page, server: Server, wrong: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.state, "limits", replace(server.state.limits, patience=0.0))
    book = tmp_path / "kidney.xlsx"
    book.write_bytes(wrong)
    seen: list[int] = []
    note = lambda answer: seen.append(answer.status) if answer.request.is_navigation_request() else None  # noqa: E731
    page.on("response", note)
    page.goto(server.url)
    page.set_input_files("#book", book)
    page.click(".drop .primary")
    page.wait_for_selector(".verdicts")
    assert seen == [200, 303, 202, 200] and not page.locator("#waiting").count()
    page.click("text=Take away")
    page.wait_for_selector(".archive")
    assert seen[4:] == [202, 200] and page.url.endswith("/take")
    page.remove_listener("response", note)


def test_from_drop_to_mended_by_keyboard_alone(page: Page, server: Server, wrong: bytes, tmp_path: Path) -> None:
    book = tmp_path / "kidney.xlsx"
    book.write_bytes(wrong)
    page.goto(server.url)
    page.set_input_files("#book", book)  # the system's own dialog
    page.focus("#book")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdicts")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "f2"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "f1"
    page.keyboard.press("e")
    page.wait_for_selector("#cell")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "cell"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2027-06-01")
    page.keyboard.press("Enter")
    page.wait_for_selector(".told")
    assert "B10 now reads “2027-06-01”" in page.inner_text(".told")


def test_of_a_folder_only_names_and_sizes_are_sent(page: Page, server: Server, wrong: bytes, tmp_path: Path) -> None:
    book = tmp_path / "kidney.xlsx"
    book.write_bytes(wrong)
    images = tmp_path / "images" / "deep"
    images.mkdir(parents=True)
    (images / "one.tif").write_bytes(b"what stands in the file")
    page.goto(server.url)
    page.set_input_files("#book", book)
    page.click(".drop .primary")
    page.wait_for_selector(".verdicts")
    page.click("text=Compare with the data folder")
    page.set_input_files("#folder", tmp_path / "images")
    with page.expect_request("**/data") as sent:
        page.click("text=Compare >> nth=-1")
    page.wait_for_selector(".verdicts")
    body = sent.value.post_data or ""
    assert "one.tif%0923" in body and "stands" not in body
    assert "deep/one.tif" in page.inner_text(".findings")


def test_every_screen_is_accessible_and_never_scrolls_sideways(
    page: Page, server: Server, wrong: bytes, tmp_path: Path
) -> None:
    book = tmp_path / "kidney.xlsx"
    book.write_bytes(wrong)
    page.goto(server.url)
    page.set_input_files("#book", book)
    page.click(".drop .primary")
    page.wait_for_selector(".verdicts")
    report = page.url
    page.goto(f"{report}fill")
    lab, table = tmp_path / "lab.xlsx", tmp_path / "genes.csv"
    lab.write_bytes(examples.workbook_bytes("red-blood-cells"))
    table.write_bytes(b"File name,Gene symbol\nd1/a.tif,TP53\n")
    page.set_input_files("#source", [lab, table])
    page.click("text=Look what it says")
    page.wait_for_selector("#maps")
    page.goto(f"{report}take")
    page.wait_for_selector(".archive")
    page.goto(report)
    opened = page.get_attribute(".edit >> nth=0", "href") or ""
    root = server.url.rstrip("/")
    screens = [
        server.url,
        report,
        f"{report}take",
        f"{report}mend",
        f"{root}{opened}",
        f"{report}score",
        f"{report}data",
        f"{report}fill",
        f"{root}/many",
    ]
    page.goto(server.url)
    page.set_input_files("#book", [book, book])
    page.click(".drop .primary")
    page.wait_for_selector("text=Table as CSV")
    screens.append(page.url)
    screens += [f"{root}/{name}" for name in ("examples", "findings", "kept", *VAIN)]
    dark = (server.url, report, f"{root}{opened}", f"{report}fill")
    axe = Axe()
    for screen in screens:
        page.goto(screen)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (screen, width)
        for scheme, rules in _SCHEMES:
            if scheme == "dark" and screen not in dark and not LONG:
                continue  # of the same parts as these
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, context={"exclude": _LIKE_OTHERS}, options=rules)
            assert not found.response["violations"], (screen, scheme, found.generate_report())
    page.emulate_media(color_scheme="light")
