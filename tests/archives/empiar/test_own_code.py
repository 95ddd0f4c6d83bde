"""EMPIAR's own XML bindings (emdb-empiar/empiar_basic, generated from its XSD in 2020) read our entries.

They are not kept here: EMPIAR_BASIC names a checkout. What their XSD could not know yet (words of 2021 and later) they
only remark on.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rembi_sheets import examples, pipeline
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.submission import from_tables
from tests.archives.empiar.judges import deposition, rendered
from tests.archives.empiar.studies import FIB_SEM

NAMES = [n for n in examples.names() if "empiar" in examples.info(n).archives]
LATER = ("reconstructed volumes", "diffraction images", "subtomograms", "16 BIT FLOAT", "ssET", "Hard X-ray")


@pytest.fixture(scope="module")
def bindings() -> ModuleType:
    pytest.importorskip("six")
    path = Path(os.environ.get("EMPIAR_BASIC", "")) / "emdb_django/empiar/empiar.py"
    if not path.is_file():
        pytest.skip("EMPIAR_BASIC names no checkout of empiar_basic")
    spec = importlib.util.spec_from_file_location("empiar_bindings", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["empiar_bindings"] = module
    spec.loader.exec_module(module)
    return module


def agrees(entry: Any, made: Deposition) -> None:
    """What the archive's loader takes from the entry is what we meant."""
    admin = entry.get_admin()
    assert admin.get_title() == made.title
    assert admin.get_experimentType() == made.experiment_type
    assert [a.get_valueOf_() for a in admin.get_authorsList().get_author()] == [
        f"{a.last_name} {a.initials}" for a in made.authors
    ]
    contact = admin.get_correspondingAuthor()
    assert contact.get_email().get_valueOf_() == made.corresponding_author.email
    assert contact.get_organization().get_valueOf_() == made.corresponding_author.organization
    assert contact.get_country() == made.corresponding_author.country
    assert len(admin.get_principalInvestigator()) == len(made.principal_investigators)
    papers = [u.get_citationType() for u in entry.get_crossReferences().get_citationList().get_universalCitation()]
    titles = [p.get_title() if p.original_tagname_ == "journalCitation" else p.get_bookTitle() for p in papers]
    assert titles == [c.title for c in made.citations]
    assert [str(a.get_order()) for a in papers[0].get_author()] == [
        str(i + 1) for i in range(len(made.citations[0].authors))
    ]
    for theirs, ours in zip(entry.get_imageSet(), made.image_sets, strict=True):
        size = theirs.get_dimensions()
        assert (theirs.get_name(), theirs.get_directory()) == (ours.name, ours.directory)
        assert (theirs.get_category(), theirs.get_dataFormat()) == (ours.category, ours.data_format)
        assert (theirs.get_numImagesOrTiltSeries(), theirs.get_framesPerImage()) == (ours.number, ours.frames)
        assert str(size.get_imageWidth()) == str(ours.image_width or "variable")
        assert str(size.get_pixelHeight()) == ("variable" if ours.pixel_height is None else f"{ours.pixel_height:f}")
        assert theirs.get_details() == ours.details


def read(bindings: ModuleType, content: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[Any, list[str]]:
    """The entry as the loader reads it: from text; and the remarks on words that are not of 2021 or later."""
    entry = bindings.parseString(content.decode("utf-8"), silence=True)
    remarks = re.findall(r"Warning: (.*)", capsys.readouterr().err)
    return entry, [r for r in remarks if not any(word in r for word in LATER)]


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str, bindings: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    workbook = tmp_path / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    tables = pipeline.read(workbook).tables
    assert tables is not None
    made = deposition(from_tables(tables))
    entry, remarks = read(bindings, rendered(made)["entry.xml"], capsys)
    assert remarks == []
    agrees(entry, made)


def test_the_bindings_remark_on_what_is_wrong(bindings: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    content = rendered(deposition(FIB_SEM))["entry.xml"].replace(b"<voxelType>UNSIGNED BYTE<", b"<voxelType>uint8<")
    assert read(bindings, content, capsys)[1] != []
