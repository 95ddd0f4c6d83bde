"""rembi.yml: the form that BIA's ingest of EMPIAR entries reads, and YAML that reads back to the same data."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml import safe_load

from rembi_sheets import examples, pipeline
from rembi_sheets.archives.shared import yaml
from rembi_sheets.submission import from_tables
from tests.archives.empiar.judges import deposition, rendered
from tests.archives.empiar.studies import FIB_SEM
from tests.support import STUDY

NAMES = [n for n in examples.names() if "empiar" in examples.info(n).archives]
MODELS = "ro-crate-ingest/ro_crate_ingest/empiar_to_ro_crate/empiar/proposal.py"


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
DATA = st.recursive(
    st.one_of(TEXT, st.integers(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner.filter(lambda x: not isinstance(x, list)), max_size=3),
        st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), inner, max_size=3),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), DATA, min_size=1, max_size=4))
def test_what_is_written_reads_back(data: dict[str, Any]) -> None:
    text = yaml.dump(yaml.quoted(data))
    assert safe_load(text) == data
    assert not set("\t\r\x85\u2028\u2029\ufeff") & set(text)


@pytest.mark.parametrize("sheets", [STUDY, FIB_SEM], ids=["light", "fib-sem"])
def test_the_file_holds_the_data(sheets: dict[str, Any]) -> None:
    made = deposition(sheets)
    assert made.beside is not None
    assert safe_load(rendered(made)["rembi.yml"].decode()) == made.beside.rembi


@pytest.mark.parametrize("name", NAMES)
def test_bia_takes_it(name: str, tmp_path: Path) -> None:
    """BIA's own closed models, from the checkout that BIA_INTEGRATOR names."""
    pytest.importorskip("pydantic")
    models = Path(os.environ.get("BIA_INTEGRATOR", "")) / MODELS
    if not models.is_file():
        pytest.skip("BIA_INTEGRATOR names no checkout of bia-integrator")
    spec = importlib.util.spec_from_file_location("proposal", models)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["proposal"] = module
    spec.loader.exec_module(module)
    workbook = tmp_path / f"{name}.xlsx"
    workbook.write_bytes(examples.workbook_bytes(name))
    tables = pipeline.read(workbook).tables
    assert tables is not None
    made = deposition(from_tables(tables))
    data = safe_load(rendered(made)["rembi.yml"].decode())
    proposal = module.Proposal(**data)
    assert [d.title for d in proposal.datasets] == [s.name for s in made.image_sets]
    specimens = {s.title for s in proposal.rembis.Specimen}
    assert {i.specimen_title for d in proposal.datasets for i in d.assigned_images} <= specimens
