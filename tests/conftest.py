"""What holds for every test.

A skipped test says nothing: in CI only those may skip that need archives' own code, which is never fetched there.
A slow machine is no fault: no property test is stopped because its tries took long.
The dearest files are begun first.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rembi_sheets import collector
from tests import workbooks
from tests.workbook import office

_OUTSIDE = (
    "../shared, which is not here",
    "IDR_RECORDS",
    "BIA_INTEGRATOR",
    "EMPIAR_BASIC",
    "'six'",
    "cellxgene-ontology-guide",
)

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
# Files that take long (`make test-times`): begun last, one of them would keep a core busy while the other waits.
_DEAREST = (
    "web/test_browser.py",
    "workbook/test_write_cells.py",
    "workbook/test_copies.py",
    "test_walk.py",
    "cases/test_cases.py",
    "workbook/test_libreoffice.py",
    "released/test_migrate.py",
    "released/test_examples_of_old.py",
    "checks/test_planted.py",
    "workbook/test_write_comfort.py",
    "workbook/test_read_libreoffice.py",
    "workbook/test_write_plates.py",
    "house/test_docs_pages.py",
    "test_examples.py",
    "workbook/test_many.py",
    "cli/test_streams.py",
    "workbook/test_write_add.py",
    "test_spelling_kept.py",
    "released/test_reading.py",
    "harvest/test_scale.py",
    "workbook/test_read_side.py",
    "fuzz/test_fuzz.py",
    "workbook/test_copies_side.py",
    "workbook/test_copies_own.py",
    "cli/test_anywhere.py",
    "fill/test_screen.py",
    "workbook/test_template_passes.py",
    "house/test_wheel.py",
)

_HERE = Path(__file__).parent

# Thousands of tests and the data dictionary stay to the end: looking through them for what is unused takes long.
collector.seldom()


@pytest.fixture(scope="session", autouse=True)
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """What all tests have in common: blank workbooks of all processes of a run, an office of each."""
    base = tmp_path_factory.getbasetemp()
    workbooks.share((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made")
    yield
    office.close()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Each process of a whole run begins elsewhere to import: pytest rewrites every assert of a tree that is new, and
    what one process has rewritten the others read.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or [Path(a).resolve() for a in session.config.args] != [_HERE]:
        return
    files = sorted(_HERE.rglob("test_*.py"))
    first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for file in files[first:] + files[:first]:
        with suppress(Exception, pytest.skip.Exception):  # told when the file is collected
            import_module(".".join(file.relative_to(_HERE.parent).with_suffix("").parts))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(_DEAREST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0].removeprefix("tests/"), len(ranks)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if not any(name in reason for name in _OUTSIDE):
            report.outcome = "failed"
            report.longrepr = f"CI must not skip: {reason}"
    return report
