"""Above pytest's closing line: what tests have measured, and minutes by notebook and by file."""

import re
from collections import defaultdict

import pytest

_seconds: dict[str, float] = defaultdict(float)  # by notebook, or else by file
_measured: list[str] = []
_NOTEBOOK = re.compile(r"(?:[a-z ]+: )?(?:notebooks|solutions|labs)/[\w.]+\.ipynb")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test's time to its notebook's, and keep what it has measured."""
    found = _NOTEBOOK.search(report.nodeid)
    _seconds[found[0] if found else report.nodeid.split("::")[0]] += report.duration
    if report.when == "call":
        _measured.extend(str(line) for key, line in report.user_properties if key == "measured")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, and the table of times."""
    if _measured:
        terminalreporter.section("measured")
        for line in _measured:
            terminalreporter.write_line(line)
    for title, notebooks in (("minutes per notebook", True), ("minutes per file of tests", False)):
        chosen = {
            name: each
            for name, each in _seconds.items()
            if bool(_NOTEBOOK.search(name)) == notebooks
        }
        terminalreporter.section(title)
        for name, seconds in sorted(chosen.items()):
            terminalreporter.write_line(f"{seconds / 60:6.1f}  {name}")
        terminalreporter.write_line(f"{sum(chosen.values()) / 60:6.1f}  all")
