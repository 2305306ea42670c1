"""Costly tests are proofs: `./course test` chooses which of them run, and notes what passed.

A test marked `proof("06 demo")` belongs to that line of the ledger; each file in
`ledger.SLOW_GROUPS` is a line of its own. Without `./course test` all of them run, and nothing is
noted.

Where a run has a limit (`COURSE_TEST_MINUTES`), no proof begins after it: one that is killed proves
nothing of what had passed. What is left is named, is not noted, and so is due the next time.
"""

import os
import time
from collections import Counter

import pytest

from course_utils import paths
from course_utils.build import ledger
from course_utils.build.source import Tree

PROPERTY = "proof"
LIMIT = "COURSE_TEST_MINUTES"
_NO_TIME = "no time is left in this run"
_started = time.monotonic()


def proof_of(item: pytest.Item) -> str | None:
    """The line of the ledger that a test belongs to."""
    marked = item.get_closest_marker("proof")
    if marked is not None:
        return str(marked.args[0])
    file = item.path.stem
    return ledger.group(file) if file in ledger.SLOW_GROUPS else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is fresh and has not its turn; tell each test what it is a part of."""
    chosen = ledger.of_this_run()
    # Counted before anything else is left out: a part of a proof proves nothing
    counts = Counter(proof_of(item) for item in items)
    left_out = []
    for item in list(items):
        name = proof_of(item)
        if name is None:
            continue
        item.user_properties.append((PROPERTY, [name, counts[name]]))
        if chosen is not None and name not in chosen:
            items.remove(item)
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin no proof for which there is no time any more."""
    limit = os.environ.get(LIMIT)
    if limit and proof_of(item) and time.monotonic() - _started > 60 * float(limit):
        pytest.skip(_NO_TIME)


class Notes:
    """Follows the reports of all tests, and writes a line when the last part of a proof passed."""

    def __init__(self, chosen: dict[str, str]) -> None:
        self._chosen = chosen
        self._passed: Counter[str] = Counter()
        self._not_passed: set[str] = set()
        self.noted: list[str] = []
        self.edited: list[str] = []
        self.left: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at one phase of one test."""
        part = dict(report.user_properties).get(PROPERTY)
        if not isinstance(part, list):
            return
        name, count = part
        if report.failed:
            self._not_passed.add(name)
            ledger.forget(paths.ROOT, name)
        elif report.skipped:  # nothing was proved, and nothing disproved
            self._not_passed.add(name)
            if _NO_TIME in str(report.longrepr):
                self.left.add(name)
        elif report.when == "teardown":
            self._passed[name] += 1
        if self._passed[name] == count and name not in self._not_passed:
            self._note(name)
            self._passed[name] = 0

    def _note(self, name: str) -> None:
        # What was edited while it ran was not what ran
        if ledger.fingerprint(Tree.of_course(), name) == self._chosen[name]:
            ledger.note(paths.ROOT, name, self._chosen[name])
            self.noted.append(name)
        else:
            self.edited.append(name)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was noted."""
        if not self._chosen:
            return
        terminalreporter.section("proofs")
        terminalreporter.write_line(
            f"{len(self.noted)} of {len(self._chosen)} passed and are noted in {ledger.FILE}"
        )
        if self.left:
            terminalreporter.write_line(
                f"{len(self.left)} stay due, as {_NO_TIME}: {', '.join(sorted(self.left))}"
            )
        for name in self.edited:
            terminalreporter.write_line(f"not noted, as its sources changed meanwhile: {name}")


def pytest_configure(config: pytest.Config) -> None:
    """Only one process takes notes: the one that all reports come to."""
    chosen = ledger.of_this_run()
    if chosen is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Notes(chosen), "proof-notes")
