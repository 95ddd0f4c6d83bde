"""What holds for every test.

A skipped test says nothing: in CI only those may skip that need archives' own code, which is never fetched there.
A slow machine is no fault: no property test is stopped because its tries took long.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

_OUTSIDE = ("../shared, which is not here", "BIA_INTEGRATOR", "EMPIAR_BASIC", "'six'", "cellxgene-ontology-guide")

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


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
