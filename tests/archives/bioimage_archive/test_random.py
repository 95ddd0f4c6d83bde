"""Random studies: the archive's parser and form take each, in both forms.

Forty in every run; REMBI_SHEETS_RANDOM=200 makes more.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.values import clean, is_placeholder
from tests import support
from tests.archives.bioimage_archive import made

STUDIES = int(os.environ.get("REMBI_SHEETS_RANDOM", "40"))
BATCH = 20

CHARACTERS = 'abc XYZ 019 "\\\n\t|#;:,()[]<>{}µé″’日 ._-/\u00a0\u2028'
IN_NAMES = 'abc XYZ 019 "._-/()µé#[]<>'


class Random(random.Random):
    """Random texts, names and choices; equal for equal seeds."""

    def text(self) -> str:
        """A text as a cell may hold it, not empty and no word for nothing."""
        while True:
            made_up = "".join(self.choices(CHARACTERS, k=self.randint(1, 40)))
            if len(clean(made_up)) > 1 and not is_placeholder(clean(made_up)):
                return made_up

    def names(self) -> list[str]:
        """One to three unlike names."""
        seen: dict[str, str] = {}
        while len(seen) < self.randint(1, 3):
            name = " ".join("".join(self.choices(IN_NAMES, k=self.randint(3, 12))).split())
            if len(name) > 2 and any(c.isalnum() for c in name):
                seen.setdefault(name.casefold(), name)
        return list(seen.values())

    def some(self, names: list[str]) -> str:
        """One or two of the names, as a cell holds them."""
        return "; ".join(self.sample(names, self.randint(1, min(2, len(names)))))

    def maybe(self) -> str | None:
        """A text or nothing."""
        return self.text() if self.random() < 0.5 else None


def study(seed: int) -> dict[str, Any]:
    """A study with several of everything, joined at random, in which every sample is used."""
    r = Random(seed)
    components, biosamples, specimens, acquisitions = r.names(), r.names(), r.names(), r.names()
    images = [f"{name} {i}" for i, name in enumerate(r.names() * 2)][: max(2, len(components))]
    sets = [f"set of {name}" for name in r.names()] if r.random() < 0.5 else []
    components = components[: len(images)]
    title = " ".join(clean(r.text()).split()) + " in more than twenty-five characters"
    sheets = support.study(Study={"Archives": "BIA", "Study title": title, "Study description": r.text()})
    sheets["Study"] |= {
        "Acknowledgements": r.maybe(),
        "Keywords": "organoid; " + r.text(),
        "Funding statement": r.maybe(),
    }
    sheets["Study components"] = [
        {
            "Name": c,
            "Imaging method": r.choice(["confocal microscopy", "our own method", "SPIM"]),
            "Study component description": r.text(),
        }
        for c in components
    ]
    sheets["Biosamples"] = [
        {
            "Identity": b,
            "Biological entity": f"entity {i}",
            "Organism": r.choice(["Homo sapiens", "Invented (one)", "Mus musculus; Danio rerio"]),
            "Extrinsic variable": r.maybe(),
            "Description": r.maybe(),
        }
        for i, b in enumerate(biosamples)
    ]
    sheets["Specimens"] = [
        {
            "Name": s,
            "Biosample": "; ".join(biosamples) if i == 0 else r.some(biosamples),
            "Preparation method": r.text(),
            "Location within Biosample": r.maybe(),
            "Growth protocol": r.maybe(),
        }
        for i, s in enumerate(specimens)
    ]
    sheets["Image acquisition"] = [
        {
            "Name": a,
            "Instrument attributes": r.text(),
            "Image acquisition parameters": r.text(),
            "Imaging method here": r.choice(["confocal microscopy", "our own method; SPIM"]),
        }
        for a in acquisitions
    ]
    sheets["Image data"] = [
        {
            "Name": d,
            "Study component": components[i % len(components)],
            "Type": "primary image",
            "Image acquisition": r.choice(acquisitions),
            "Specimen": "; ".join(specimens) if i == 0 else r.some(specimens),
            "Image processing method": r.maybe(),
        }
        for i, d in enumerate(images)
    ]
    sheets["Analysed data"] = [
        {"Name": f"analysis of {d}", "Image data": d, "Analysis method and details": r.text()} for d in images[:1]
    ]
    sheets["Image correlation"] = [
        {"Name": f"pair {i}", "Image data": f"{images[0]}; {images[1]}", "Spatial and temporal alignment": r.text()}
        for i in range(r.randint(0, 2))
    ]
    sheets["Annotations"] = [
        {
            "Name": a,
            "Image data": images[0],
            "Annotation overview": r.text(),
            "Annotation type": r.choice(["tracks", "segmentation_mask; counts"]),
            "Annotation method": r.text(),
        }
        for a in sets
    ]
    own = r.choice(["dose", "Size", "time of day", "Type "])
    sheets["Files"] = [{"Path": f"images/{i}.tif", "Image data": d, own: r.maybe()} for i, d in enumerate(images)]
    sheets["Files"] += [
        {"Path": f"sets/{i}.csv", "Annotation set": a, "Source image": "images/0.tif"} for i, a in enumerate(sets)
    ]
    return sheets


@pytest.mark.parametrize("batch", range(STUDIES // BATCH))
def test_the_archive_takes_every_study(batch: int, tmp_path: Path) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        sub = support.submission(study(seed))
        assert [(f.code, f.value) for f in made.checked(sub) if f.severity == "error"] == [], seed
        rendered = made.rendered(sub)
        folder = made.write(tmp_path / str(seed), rendered.files)
        assert {f.code for f in rendered.findings} <= {"BIA-TSV-TEXT"}, seed
        for name in ("submission.json", "submission.tsv"):
            errors, warnings, _ = made.pagetab_errors(folder / name)
            assert (errors, warnings) == ([], []), seed
            assert made.template_errors(folder / name) == [], seed


def test_a_random_study_passes_all_checks() -> None:
    """So that the studies above are those a person could convert; the dictionary's checks are too slow for all."""
    for seed in range(3):
        assert [(f.code, f.value) for f in made.all_findings(study(seed)) if f.severity == "error"] == []
