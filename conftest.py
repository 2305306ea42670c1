"""For every test: nothing of a learner's is read or changed. For notebooks: a warm JVM.

With `-n 2` tests run side by side: those of a file one after the other, those that stand for a
whole lesson each by itself, the longest first. Above pytest's closing line stand the minutes of
each notebook and of each file of other tests, and what tests have measured.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_seconds: dict[str, float] = defaultdict(float)  # by notebook, or else by file
_measured: list[str] = []
_NOTEBOOK = re.compile(r"(?:real data: |nbgrader: )?(?:notebooks|solutions|labs)/[\w.]+\.ipynb")

# Each test of these files takes a minute or more and needs nothing of its neighbours.
_BY_THEMSELVES = ("test_answers.py", "test_grading.py", "test_real_data.py")
_FIRST = (
    "test_setup_startup.py",
    *_BY_THEMSELVES,
    "test_session",
    "test_pool.py",
    ".ipynb",
)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Take the learner's workbook, work folder and own data out of sight."""
    from course_utils.build.execute import away_from_learner

    stack = ExitStack()
    session.config.add_cleanup(stack.close)
    ours = stack.enter_context(away_from_learner())
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(ours)

    def restore() -> None:
        os.environ.clear()
        os.environ.update(before)

    stack.callback(restore)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what comes first."""
    items.sort(key=lambda item: _place(item.path.name))  # stable: the order in a file stays


def _place(name: str) -> int:
    found = (place for place, part in enumerate(_FIRST) if part in name)
    return next(found, len(_FIRST))


class _ByFile(LoadScopeScheduling):
    """Hands out tests file by file, and those that stand by themselves one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return nodeid if Path(file).name in _BY_THEMSELVES else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """What `-n 2` uses; the groups of pytest-xdist 3.8 have no effect with pytest 9.2."""
    return _ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Keep a JVM warm while tests run notebooks."""
    from course_utils.build.execute import warm_spark

    with ExitStack() as stack:
        if not session.config.option.collectonly and any(map(_notebook, _ids(session))):
            stack.enter_context(warm_spark())
        return (yield)


def _ids(session: pytest.Session) -> list[str]:
    # The process that only hands out tests to others has none of its own
    return [item.nodeid for item in getattr(session, "items", ())]


def _notebook(nodeid: str) -> str | None:
    """The notebook that a test runs: nbval names it first, our own tests in their brackets."""
    found = _NOTEBOOK.search(nodeid)
    return found[0] if found else None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test's time to its notebook's, and keep what it has measured."""
    _seconds[_notebook(report.nodeid) or report.nodeid.split("::")[0]] += report.duration
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
            name: each for name, each in _seconds.items() if bool(_notebook(name)) == notebooks
        }
        terminalreporter.section(title)
        for name, seconds in sorted(chosen.items()):
            terminalreporter.write_line(f"{seconds / 60:6.1f}  {name}")
        terminalreporter.write_line(f"{sum(chosen.values()) / 60:6.1f}  all")
