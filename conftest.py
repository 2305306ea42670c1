"""For every test: nothing of a learner's is read or changed. For notebooks: one warm JVM.

Notebooks run one after the other on it, so that the time of each is its own work; a table of
those times stands above pytest's closing line.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

_seconds: dict[str, float] = defaultdict(float)
_NOTEBOOK = re.compile(r"(?:real data: )?(?:notebooks|solutions|labs)/[\w.]+\.ipynb")


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


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Keep a JVM warm while tests run notebooks."""
    from course_utils.build.execute import warm_spark

    with ExitStack() as stack:
        if not session.config.option.collectonly and any(map(_notebook, _ids(session))):
            stack.enter_context(warm_spark())
        return (yield)


def _ids(session: pytest.Session) -> list[str]:
    return [item.nodeid for item in session.items]


def _notebook(nodeid: str) -> str | None:
    """The notebook that a test runs: nbval names it first, our own tests in their brackets."""
    found = _NOTEBOOK.search(nodeid)
    return found[0] if found else None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test's time to its notebook's."""
    if name := _notebook(report.nodeid):
        _seconds[name] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of times."""
    if not _seconds:
        return
    terminalreporter.section("minutes per notebook")
    for name, seconds in sorted(_seconds.items()):
        terminalreporter.write_line(f"{seconds / 60:6.1f}  {name}")
    terminalreporter.write_line(f"{sum(_seconds.values()) / 60:6.1f}  all")
