"""Files back to the document: our own come back equal, and every real study file is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.idr.document import Component, Study
from rembi_sheets.submission import Submission
from tests.archives.idr.studies import both, screen
from tests.support import TODAY, submission

idr = package("idr")

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples" / "idr"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="IDR's own files lie in ../shared/samples/idr")


def written(study: Study) -> dict[str, bytes]:
    return {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in idr.render(study).files.items()}


def plain(component: Component) -> list[object]:
    """A component with its tables as lists."""
    tables = (component.annotation, component.layout, component.processed, component.paths)
    shown = [(t.header, [tuple(r) for r in t]) for t in tables if t]
    return [component.kind, component.number, component.folder, component.bulkmap, *shown]


def lines(blocks: object) -> list[tuple[str, tuple[str, ...]]]:
    """Keys and values, empty values at the end of a line left out as the file leaves them out."""
    out = []
    for block in blocks:  # type: ignore[attr-defined]
        for line in block.lines:
            values = list(line.values)
            while values and not values[-1]:
                values.pop()
            out.append((line.key, tuple(values)))
    return out


@pytest.mark.parametrize("made", [submission(), screen(), both()], ids=["experiment", "screen", "both"])
def test_our_own_files_come_back_equal(made: Submission) -> None:
    study = idr.build(made, TODAY).document
    parsed = idr.parse(written(study))
    assert parsed.not_understood == ()
    back: Study = parsed.document
    assert (back.accession, back.name) == (study.accession, study.name)
    assert lines(back.blocks) == lines(study.blocks)
    assert [b.title for b in back.blocks] == [b.title for b in study.blocks]
    for mine, other in zip(study.components, back.components, strict=True):
        assert lines(other.blocks) == lines(mine.blocks)
        assert plain(other) == plain(mine)


def sample(name: str) -> dict[str, bytes]:
    folder = SAMPLES / name
    return {p.relative_to(SAMPLES).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@needs_samples
@pytest.mark.parametrize(
    ("name", "components", "rows"),
    [
        ("idr0002-heriche-condensation", ["screenA"], [1152]),
        ("idr0056-stojic-lncrnas", ["screenA", "screenB", "screenC"], [0, 0, 482]),
        ("idr0062-blin-nuclearsegmentation", ["experimentA"], [22]),
        ("idr0079-hartmann-lateralline", ["experimentA", "experimentB"], [350, 62]),
        ("idr0080-way-perturbation", ["screenA"], [0]),
        ("idr0085-walsh-mfhrem", ["experimentA"], [7]),
        ("idr0148-schumacher-kidneytem", ["experimentA"], [67]),
    ],
)
def test_every_real_study_is_read(name: str, components: list[str], rows: list[int]) -> None:
    study: Study = idr.parse(sample(name)).document
    assert study.name == name
    assert [c.folder for c in study.components] == components
    assert [len(list(c.annotation)) for c in study.components] == rows
    assert study.values("Study Title")[0] and study.values("Study Public Release Date")[0]


@needs_samples
def test_what_is_not_understood_is_listed_and_kept() -> None:
    parsed = idr.parse(sample("idr0148-schumacher-kidneytem"))
    assert any("line 79: text without a key" in n for n in parsed.not_understood)
    assert any("annotation.csv: begins with a byte order mark" in n for n in parsed.not_understood)
    assert any("README.md: file not read" in n for n in parsed.not_understood)
    blocks = parsed.document.components[0].blocks
    assert any(line.key.startswith("The sections were imaged") for b in blocks for line in b.lines)


@needs_samples
def test_hints_of_the_templates_are_listed() -> None:
    parsed = idr.parse(sample("idr0000-lastname-example"))
    assert sum("hint of the template left in" in n for n in parsed.not_understood) > 30


@needs_samples
def test_a_real_study_survives_a_round() -> None:
    study: Study = idr.parse(sample("idr0002-heriche-condensation")).document
    again: Study = idr.parse(written(study)).document
    assert lines(again.blocks) == lines(study.blocks)
    assert [plain(c)[:3] for c in again.components] == [plain(c)[:3] for c in study.components]
    assert [list(map(tuple, c.annotation)) for c in again.components] == [
        [tuple(r) for r in c.annotation] for c in study.components
    ]


def test_without_a_study_file_nothing_is_made_up() -> None:
    parsed = idr.parse({"a.txt": b"x"})
    assert parsed.document.components == () and len(parsed.not_understood) == 1
