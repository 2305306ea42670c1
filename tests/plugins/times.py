"""Above pytest's closing line: what tests have measured, and where the minutes went."""

from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.plugins.proofs import PROPERTY

_proofs: dict[str, float] = defaultdict(float)  # seconds by proof …
_files: dict[str, float] = defaultdict(float)  # … and by file, of all other tests
_measured: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test's time to its proof's or its file's, and keep what it has measured."""
    part = dict(report.user_properties).get(PROPERTY)
    if isinstance(part, list):
        _proofs[part[0]] += report.duration
    else:
        _files[report.nodeid.split("::")[0]] += report.duration
    if report.when == "call":
        _measured.extend(str(line) for key, line in report.user_properties if key == "measured")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, and the tables of times."""
    if _measured:
        terminalreporter.section("measured")
        for line in _measured:
            terminalreporter.write_line(line)
    lessons: dict[str, float] = defaultdict(float)
    for name, seconds in _proofs.items():
        if name[:2].isdigit():
            lessons[name[:2]] += seconds
    _table(terminalreporter, "minutes per proof", _proofs)
    _table(terminalreporter, "minutes per lesson", lessons)
    _table(terminalreporter, "minutes per file of other tests", _files)


def _table(reporter: pytest.TerminalReporter, title: str, seconds: Mapping[str, float]) -> None:
    if not seconds:
        return
    reporter.section(title)
    for name, each in sorted(seconds.items()):
        reporter.write_line(f"{each / 60:6.1f}  {name}")
    reporter.write_line(f"{sum(seconds.values()) / 60:6.1f}  all {len(seconds)}")
