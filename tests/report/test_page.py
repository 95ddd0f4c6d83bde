"""The report as a page: self-contained, safe, complete; its filters work without a script."""

from __future__ import annotations

import html.parser
import json
import re
import subprocess

import pytest

from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.report.page import page
from tests.support import chromium

EVIL = '<script>alert(1)</script>"><img src=x onerror=y>'
ARCHIVES = ("bioimage-archive", "empiar", "idr")
FOUND = [
    find("REF-UNKNOWN", Place("Specimens", 6, 2, EVIL), value=EVIL, target=EVIL, suggestions=(EVIL,)),
    find("FORMAT-BAD", Place("People", 6, 3, "ORCID"), value="x", words="y", other="", where="", archives=("empiar",)),
    find("PLACEHOLDER", Place("People", 7, 3, "ORCID"), value="TBD"),
    find("HUMAN-DATA", Place("Biosamples", 6, 3, "Organism"), archives=("idr",)),
    find("SHEET-UNKNOWN", EVIL, value=EVIL),
    find("FILE-OLDER", value="a", version="0", known="1"),
]


class Tags(html.parser.HTMLParser):
    """Tags and attributes of a page; every one that is opened is closed."""

    VOID = ("meta", "input", "br", "link", "img")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def made(findings: list[Finding] = FOUND) -> str:
    return page(findings, EVIL, ARCHIVES, "ab" * 32)


def test_values_are_text_and_never_markup() -> None:
    tags = Tags(made()).seen
    assert not [t for t, _ in tags if t in ("script", "img", "iframe", "object", "embed", "link")]
    assert not [a for _, attrs in tags for a in attrs if a.startswith("on") or a in ("src", "style", "action")]
    assert {a["href"][:1] for t, a in tags if t == "a" and a["href"]} == {"#"}


def test_no_network() -> None:
    text = made()
    assert not re.search(r"https?://|//[a-z]|url\(|@import", text)
    assert "default-src 'none'" in text


def test_every_finding_is_there() -> None:
    text = made()
    for f in FOUND:
        assert f.code in text and all(a in text for a in f.addresses)
    assert len([1 for t, a in Tags(text).seen if t == "tr" and "class" in a]) == len(FOUND)
    assert "3 errors" not in text and "2 errors, 3 warnings, 1 note" in text


def test_the_same_text_each_time() -> None:
    assert made() == made()


def test_a_good_workbook_says_so() -> None:
    text = page([], "study.xlsx", ARCHIVES)
    assert "Passed for BioImage Archive, EMPIAR and Image Data Resource: no errors." in text
    Tags(text)


CHOICES = {
    "": 6,
    "document.getElementById('severity-warning').checked = false;": 3,
    "document.getElementById('archive-1').checked = true;": 4,
    "document.getElementById('archive-2').checked = true;": 5,
    "document.getElementById('sheet-2').checked = true;": 2,
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many findings a browser shows after each choice, made on the page as it comes; the script is the test's."""
    browser = chromium()
    if browser is None:
        pytest.skip("no Chromium to show the page")
    script = f"""<script>
const inputs = [...document.querySelectorAll("input")];
document.title = JSON.stringify([{", ".join(f"() => {{ {c} }}" for c in CHOICES)}].map(choose => {{
  inputs.forEach(i => {{ i.checked = i.defaultChecked; }});
  choose();
  return [...document.querySelectorAll("tbody tr")].filter(r => r.offsetParent).length;
}}));
</script>"""
    text = re.sub(r"<meta http-equiv[^>]*>", "", made()).replace("</body>", script + "</body>")
    folder = tmp_path_factory.mktemp("shown")
    file = folder / "page.html"
    file.write_text(text, "utf-8")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/b", "--dump-dom", file],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    title = re.search(r"<title>(\[.*?\])</title>", done.stdout)
    if title is None:
        pytest.skip("Chromium does not run here")
    return dict(zip(CHOICES, json.loads(title[1]), strict=True))


@pytest.mark.parametrize("choice", CHOICES)
def test_filters(shown: dict[str, int], choice: str) -> None:
    assert shown[choice] == CHOICES[choice]
