"""What each file of tests costs, in processor seconds with the programs it starts: a plugin, `make test-times`.

The clock says little on two busy cores. Collecting, and what a session's fixtures do, counts for the test that comes
first.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Generator

import pytest

try:
    import resource
except ImportError:  # Windows does not count children
    resource = None  # type: ignore[assignment]

SHOWN = 60  # files, the dearest first
_NAME = "cpu"
_begun = 0.0
_spent: dict[str, list[float]] = defaultdict(list)


def _now() -> float:
    """Processor seconds of this process and of its children that have ended."""
    if resource is None:
        return time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    global _begun
    _begun = _now()
    yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    yield
    item.user_properties.append((_NAME, _now() - _begun))  # the report takes it from a worker to the one that sums up


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "teardown":
        _spent[report.nodeid.partition("::")[0]] += [float(str(v)) for n, v in report.user_properties if n == _NAME]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    sums = sorted(((sum(t), len(t), max(t, default=0.0), file) for file, t in _spent.items()), reverse=True)
    terminalreporter.write_line(
        f"\n{sum(s for s, *_ in sums):.0f} processor seconds of tests; by file, with the dearest"
    )
    for total, count, most, file in sums[:SHOWN]:
        terminalreporter.write_line(f"{total:8.1f} {count:5} tests {most:7.1f}  {file}")
