"""In a browser: each of the eight things a person does on the page, clicked, with scripts and without; by keyboard
alone; axe-core and four widths on every screen.

One server, one browser, and a visitor with scripts and one without, who each drop their workbook once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from rembi_sheets import examples, inventory, pipeline, repair
from rembi_sheets.web.jobs import Asked, marked, repaired
from rembi_sheets.web.jobs import page as report_page
from rembi_sheets.web.server import Server
from tests.harvest import folders
from tests.support import LONG, TODAY, chromium

WIDTHS = (360, 768, 1366, 1920)
VAIN = ("nowhere", "gone")
SMALL = "red-blood-cells"
_BAD = 'a:has-text("notes.xlsx")'
TABLE = b"File name,Gene symbol\nd1/a.tif,TP53\n"
# All rules; of what they find only the violations are told at length. No page has a frame or another's styles.
_RULES: dict[str, Any] = {"resultTypes": ["violations"], "iframes": False, "preload": False}
# Of the dark scheme only the colours are others; of many alike parts the first ones are looked at.
_SCHEMES: list[tuple[Literal["light", "dark"], dict[str, Any]]] = [
    ("light", _RULES),
    ("dark", _RULES | {"runOnly": ["color-contrast"]}),
]
# Parts of lines in columns, of which the text reaches beyond their own column, over what stands beside it.
_OVER = """[...document.querySelectorAll("main li > span:first-child")]
  .filter(e => getComputedStyle(e.parentElement).display == "grid" && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.outerHTML)"""
_LIKE_OTHERS = [["section:nth-of-type(n + 6)"], [".finding:nth-of-type(n + 4)"], [".examples li:nth-of-type(n + 2)"]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield made
        made.close()


def _vain(said: ConsoleMessage) -> bool:
    """Is it about a page that is not there, or a file that is refused, on purpose?"""
    return said.location["url"].rpartition("/")[2] in VAIN or "a status of 422" in said.text


@dataclass
class Walker:
    """A person at the page. `book`: the workbook on their disk; `report`: its address, once it was dropped."""

    page: Page
    root: str
    book: Path
    scripts: bool
    report: str = ""
    failed: list[str] = field(default_factory=list)

    def drop(self, *books: Path) -> str:
        """Choose files on the start page and press Check."""
        self.page.goto(f"{self.root}/")
        self.page.set_input_files("#book", list(books))
        self.page.click(".drop .primary")
        self.arrive(".verdicts" if len(books) == 1 else "text=Table as CSV")
        return self.page.url

    def see(self, what: str) -> None:
        """Wait for what stands on a screen, until all of this screen is there and its scripts have run."""
        self.page.locator(what).first.wait_for()
        self.page.wait_for_load_state()

    def go(self, what: str, where: str) -> None:
        """Press a link, and wait for the whole screen it leads to."""
        self.page.click(what)
        self.page.wait_for_url(where)

    def arrive(self, what: str) -> None:
        """Wait for a screen; without scripts by the link that a progress page has."""
        screen = self.page.locator(what)
        while not self.scripts:
            screen.or_(self.page.locator("#waiting")).first.wait_for()
            if screen.count():
                break
            self.page.click("text=Look again")
        self.see(what)

    def saved(self, what: str) -> bytes:
        """The file that a press on something saves."""
        with self.page.expect_download() as one:
            self.page.click(what)
        return one.value.path().read_bytes()

    def undo_all(self) -> None:
        """As it was dropped."""
        self.page.goto(f"{self.report}mend")
        self.page.click("text=/^Undo all/")
        self.see("text=All is as you dropped it")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, wrong: bytes) -> Path:
    """What lies on the person's disk: workbooks, a table, images."""
    made = tmp_path_factory.mktemp("person")
    (made / "kidney.xlsx").write_bytes(wrong)
    (made / "lab.xlsx").write_bytes(examples.workbook_bytes(SMALL))
    (made / "genes.csv").write_bytes(TABLE)
    folders.lay(made / "images", folders.tilt_series(1))
    (made / "images" / "notes.txt").write_bytes(b"what stands in the file")
    return made


@cache
def _walked() -> dict[bool, Walker]:
    return {}


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def walker(request: pytest.FixtureRequest, browser: Browser, server: Server, home: Path) -> Iterator[Walker]:
    """A visitor; no script of theirs fails, and nothing is missing but what was asked for in vain."""
    scripts = bool(request.param)
    if (found := _walked().get(scripts)) is None:
        page = browser.new_page(viewport={"width": 1366, "height": 900}, java_script_enabled=scripts)
        page.set_default_timeout(60_000)
        found = _walked()[scripts] = Walker(page, server.url.rstrip("/"), home / "kidney.xlsx", scripts)
        page.on("pageerror", lambda error: found.failed.append(str(error)))
        page.on(
            "console",
            lambda said: found.failed.append(said.text) if said.type == "error" and not _vain(said) else None,
        )
        found.report = found.drop(found.book)
    yield found
    assert not found.failed


with_scripts = pytest.mark.parametrize("walker", [True], indirect=True, ids=["scripts"])


# --- the eight things -------------------------------------------------------------------------------------------------


def test_one_gets_a_workbook(walker: Walker) -> None:
    page = walker.page
    page.goto(f"{walker.root}/")
    before = page.inner_text("#tally")
    page.check("input[value=cryo]")
    page.uncheck("input[value=bioimage-archive]")
    page.check("input[value=empiar]")
    page.check("input[value=recommended]")
    assert page.is_visible("text=Count again") is not walker.scripts
    if walker.scripts:
        page.wait_for_function("before => document.getElementById('tally').innerText !== before", arg=before)
    else:
        with page.expect_navigation():
            page.click("text=Count again")
        assert page.inner_text("#tally") != before and page.is_checked("input[value=empiar]")
    assert "columns" in page.inner_text("#tally") and page.locator("#tabs li").count() > 10
    assert walker.saved(".tally .primary") == pipeline.blank("cryo", ("empiar",), "recommended")
    assert walker.saved(".examples a >> nth=0") == examples.workbook_bytes("kidney-organoid-light-sheet")


def test_the_report_is_walked_through_and_filtered(walker: Walker) -> None:
    page = walker.page
    page.goto(walker.report)
    number = page.locator(".finding").count()
    walker.go(".side a:has-text('Files')", "**/?sheet=Files")
    assert 0 < page.locator(".finding").count() < number
    assert "Organoid view" in page.inner_text("td.cell")
    page.click("text=Why?")
    walker.go(".finding details[open] a", "**/findings#*")


def test_cells_are_mended_and_undone(walker: Walker, wrong: bytes) -> None:
    page = walker.page
    page.goto(walker.report)
    page.click(".suggest:has-text('Organoid views')")  # a word taken
    walker.see(".told")
    assert "Files B6:B8 now reads “Organoid views”" in page.inner_text(".told")
    page.click(".told button")  # and undone
    walker.see("text=All is as you dropped it")
    page.goto(walker.report)
    page.click(".finding:has-text('Mus musculos') .edit")  # a list offers its words
    walker.see("button[name=write][value='Mus musculus']")
    page.click("text=All findings")
    page.click("text=Clear remedies, all at once")
    page.click("text=/^Accept the ticked/")  # the clear remedies at once
    walker.see(".told")
    assert walker.saved("text=Download the mended workbook") == repair.fix(walker.book, suggestions=True).content
    walker.undo_all()
    assert walker.book.read_bytes() == wrong


def test_the_data_folder_is_compared_and_fills_in_files(walker: Walker, home: Path) -> None:
    page = walker.page
    page.goto(walker.report)
    page.click("text=Compare with the data folder")
    files = {p.relative_to(home / "images").as_posix(): p.stat().st_size for p in (home / "images").rglob("*.*")}
    if walker.scripts:
        page.set_input_files("#folder", home / "images")
    else:
        page.fill("#files", "\n".join(f"{path}\t{size}" for path, size in files.items()))
    with page.expect_request("**/data") as sent:
        page.click("button:text-is('Compare')")
    walker.arrive(".verdicts")
    assert "notes.txt" in page.inner_text(".findings")
    body = sent.value.post_data or ""
    assert "notes.txt%0923" in body and "stands" not in body  # names and sizes alone
    page.click("text=Compared with a data folder")
    page.click("text=Fill in Files from it")
    walker.arrive("text=/cells? filled in/")
    assert "The names of your files" in page.inner_text(".from")
    known = inventory.listed("images" if walker.scripts else "data", files)
    expected = pipeline.fill(walker.book.read_bytes(), pipeline.known(()), data=known).content
    assert walker.saved("a:has-text('kidney-filled.xlsx')") == expected
    page.click(".from >> text=Change")
    page.click("text=Leave it out again")
    walker.arrive(".verdicts")


def test_the_headers_of_a_folder_of_this_computer_are_read(walker: Walker, home: Path) -> None:
    page = walker.page
    page.goto(f"{walker.report}data")
    page.fill("#path", str(home / "images"))
    page.click("text=Read headers")
    walker.arrive(".verdicts")
    page.click("text=Compared with a data folder")
    page.click("text=Fill in what the headers say")
    walker.arrive("text=/cells? filled in/")
    expected = pipeline.fill(walker.book.read_bytes(), pipeline.known(()), data=home / "images").content
    assert walker.saved("a:has-text('kidney-filled.xlsx')") == expected
    page.goto(f"{walker.report}data")
    page.click("text=Leave it out again")
    walker.arrive(".verdicts")


def test_it_is_filled_from_a_workbook_and_a_table(walker: Walker, home: Path) -> None:
    page = walker.page
    page.goto(f"{walker.report}score")
    page.click("text=Fill from elsewhere")
    page.set_input_files("#source", [home / "lab.xlsx", home / "genes.csv"])
    page.click("text=Look what it says")
    walker.arrive("#maps")
    assert "lab.xlsx" in page.inner_text(".from")
    page.select_option(".map select >> nth=2", "")  # what a column is taken for
    page.click("button:has-text('Understand it so')")
    walker.arrive("text=as MAP.toml says")
    assert page.input_value(".map select >> nth=2") == ""
    assert walker.saved("a:has-text('kidney-filled.xlsx')")[:2] == b"PK"
    page.click("text=Go on with the filled workbook")
    walker.arrive(".verdicts")
    assert "kidney-filled.xlsx" in page.inner_text("h1") and page.is_visible("text=Since your last drop")
    page.goto(f"{walker.report}fill")
    walker.arrive(".from")
    page.click(".from button")
    walker.see("text=Nothing is given yet")


def test_what_would_add_most_is_typed_where_it_stands(walker: Walker) -> None:
    page = walker.page
    page.goto(walker.report)
    page.click(".tabs >> text=Completeness")
    page.fill(".adds input[type=text] >> nth=0", "a word")
    page.click(".adds button >> nth=0")
    walker.see(".told")
    assert "now reads “a word”" in page.inner_text(".told")
    walker.undo_all()


def test_all_is_taken_away_and_dropped_again(walker: Walker, home: Path, tmp_path: Path) -> None:
    page = walker.page
    page.goto(walker.report)
    page.click(".tabs >> text=Take away")
    walker.arrive(".archive")
    assert "to mend first" in page.inner_text(".archive >> nth=0")
    for what, job in (("Marked copy", marked), ("Repaired copy", repaired), ("Report", report_page)):
        made = job(walker.book, Asked(today=TODAY))
        assert walker.saved(f".copies a:has-text('{what}')") == made, what
    walker.drop(home / "lab.xlsx")
    assert not page.is_visible("text=Since your last drop")  # another study
    page.click(".tabs >> text=Take away")
    walker.arrive(".archive")
    assert walker.saved(".archive-head a")[:2] == b"PK" and page.is_visible("text=What has no place of its own there")
    mended = tmp_path / "kidney (1).xlsx"
    mended.write_bytes(repair.fix(walker.book, suggestions=True).content)
    walker.drop(mended)
    found = re.search(r"(\d+) mended\s+none new", page.inner_text(".news"))
    assert found and int(found[1]) > 0


# --- with scripts: nothing is loaded in vain, the keyboard alone ------------------------------------------------------


@with_scripts
def test_progress_hands_over_to_the_report(walker: Walker, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.state, "limits", replace(server.state.limits, patience=0.0))
    page = walker.page
    seen: list[int] = []
    note = lambda answer: seen.append(answer.status) if answer.request.is_navigation_request() else None  # noqa: E731
    page.on("response", note)
    walker.drop(walker.book)
    assert seen == [200, 303, 202, 200] and not page.locator("#waiting").count()
    page.click(".tabs >> text=Take away")
    walker.see(".archive")
    assert seen[4:] == [202, 200] and page.url.endswith("/take")
    page.remove_listener("response", note)


@with_scripts
def test_from_drop_to_mended_by_keyboard_alone(walker: Walker) -> None:
    page = walker.page
    page.goto(f"{walker.root}/")
    page.set_input_files("#book", walker.book)  # the system's own dialog
    page.focus("#book")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    walker.see(".verdicts")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "f2"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "f1"
    page.keyboard.press("e")
    walker.see("#cell")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "cell"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2027-06-01")
    page.keyboard.press("Enter")
    walker.see(".told")
    assert "B10 now reads “2027-06-01”" in page.inner_text(".told")


# --- every screen -----------------------------------------------------------------------------------------------------


@with_scripts
def test_every_screen_is_accessible_and_never_scrolls_sideways(walker: Walker, home: Path, tmp_path: Path) -> None:
    page, root = walker.page, walker.root
    bad = tmp_path / "notes.xlsx"
    bad.write_bytes(b"words")
    report = walker.drop(walker.book)
    opened = page.get_attribute(".edit >> nth=0", "href") or ""
    page.goto(f"{report}fill")
    page.set_input_files("#source", [home / "lab.xlsx", home / "genes.csv"])
    page.click("text=Look what it says")
    walker.see("#maps")
    page.goto(f"{report}take")
    walker.see(".archive")
    opened = f"{root}{opened}"
    screens = [f"{root}/", report, opened, *(f"{report}{tab}" for tab in ("take", "mend", "score", "data", "fill"))]
    screens.append(walker.drop(home / "lab.xlsx"))  # passed
    page.goto(f"{page.url}take")
    walker.see(".archive")
    screens.append(page.url)
    screens.append(walker.drop(walker.book, bad))
    screens.append(f"{root}{page.get_attribute(_BAD, 'href')}")  # refused
    screens += [f"{root}/{name}" for name in ("many", "examples", "findings", "kept", *VAIN)]
    dark = (f"{root}/", report, opened, f"{report}fill")
    axe = Axe()
    for screen in screens:
        page.goto(screen)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (screen, width)
            assert not page.evaluate(_OVER), (screen, width)
        for scheme, rules in _SCHEMES:
            if scheme == "dark" and screen not in dark and not LONG:
                continue  # of the same parts as these
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, context={"exclude": _LIKE_OTHERS}, options=rules)
            assert not found.response["violations"], (screen, scheme, found.generate_report())
    page.emulate_media(color_scheme="light")


@with_scripts
def test_what_is_seen_in_between_is_accessible(walker: Walker, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress, a mistake of ours, and the page when it was closed."""
    page, axe = walker.page, Axe()
    with monkeypatch.context() as state:
        state.setattr(server.state, "limits", replace(server.state.limits, patience=0.0))
        page.route("**/state", lambda asked: asked.fulfill(json={"ready": False}))
        page.goto(f"{walker.root}/")
        page.set_input_files("#book", walker.book)
        page.click(".drop .primary")
        walker.see("#waiting")
        assert not axe.run(page, options=_RULES).response["violations"]
        page.unroute("**/state")
        walker.see(".verdicts")
    with monkeypatch.context() as state:
        state.setattr("rembi_sheets.web.pages.start.tally", lambda *_: 1 / 0)
        page.goto(f"{walker.root}/")
        assert "This page made a mistake" in page.inner_text("h1")
        assert not axe.run(page, options=_RULES).response["violations"]
    ended: list[bool] = []
    with monkeypatch.context() as state:
        state.setattr(server.state, "stop", lambda: ended.append(True))
        page.goto(f"{walker.root}/")
        page.click("text=Close rembi-sheets")
        walker.see("text=rembi-sheets is closed")
        assert not axe.run(page, options=_RULES).response["violations"]
        page.wait_for_timeout(1000)
    assert ended
    walker.failed[:] = [said for said in walker.failed if "a status of 500" not in said]
