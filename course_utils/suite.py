"""`./course test`: all that proves the course works, in an order that ends with pytest's line.

First what can be said without executing anything; then the tests, among them the proofs that are
due (`build.ledger`). The pool's JVMs warm up meanwhile.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.table import Table

from course_utils import paths
from course_utils.build import ledger, rotation, static
from course_utils.build.source import Tree
from course_utils.config import lesson

_SIDE_BY_SIDE = 2  # tests at a time, on the two cores of a small machine


def run(number: str | None = None, fast: bool = False, everything: bool = False) -> int:
    """Run the suite; 0 when all of it passed.

    Args:
        number: all of one lesson, and nothing else.
        fast: leave out what runs notebooks.
        everything: also the proofs that are fresh.
    """
    # One date for all parts of a run, even over midnight
    day = {rotation.VARIABLE: str(rotation.today())}
    with _variables(day), _own_workbook(), nullcontext() if fast else _warm_pool():
        outcomes = static.run(static.parts(number))
        _print_table(outcomes)
        for outcome in (each for each in outcomes if each.failed):
            print(f"--- {outcome.part.name}\n{outcome.said.rstrip()}", flush=True)
        if any(outcome.failed for outcome in outcomes):
            print("Nothing was executed: mend what is said above first.", flush=True)
            return 1
        proofs = ledger.NONE.as_variable() if fast else _proofs(number, everything)
        with _variables(proofs):
            return subprocess.call(pytest_command(number, fast), cwd=paths.ROOT)


def pytest_command(number: str | None, fast: bool) -> list[str]:
    """The one run of pytest that ends the suite."""
    command = [sys.executable, "-m", "pytest", "tests"]
    # The tests of content are parametrized by lesson; the name of each case says which.
    of_lesson = ["-k", lesson(number).name] if number else []
    if fast:
        return [*command, "-m", "not slow and not spark and not browser", *of_lesson]
    return [*command, "-n", str(_SIDE_BY_SIDE), "--no-loadscope-reorder", *of_lesson]


def _proofs(number: str | None, everything: bool) -> dict[str, str]:
    """Choose the proofs of this run and say so; the variable that tells the tests."""
    tree = Tree.of_course()
    if everything:
        ledger.prune(tree)
    due = ledger.due(tree, lesson(number).number if number else None, everything)
    print(due, flush=True)
    return due.as_variable()


def _print_table(outcomes: Sequence[static.Outcome]) -> None:
    table = Table(title="Before anything runs")
    table.add_column("part")
    table.add_column("outcome")
    table.add_column("minutes", justify="right")
    for outcome in outcomes:
        found = "FAILED" if outcome.failed else "passed"
        table.add_row(outcome.part.name, found, f"{outcome.seconds / 60:.1f}")
    Console().print(table)
    sys.stdout.flush()


@contextmanager
def _variables(variables: dict[str, str]) -> Iterator[None]:
    """These variables in the environment for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _own_workbook() -> Iterator[None]:
    """A workbook of the suite's own: a learner's work is never read or changed by a test."""
    with (
        tempfile.TemporaryDirectory(prefix="course-test-") as folder,
        _variables({"COURSE_WORKBOOK": str(Path(folder) / "workbook")}),
    ):
        yield


@contextmanager
def _warm_pool() -> Iterator[None]:
    from course_utils.session import pool

    with pool.running(recycle=True, size=_SIDE_BY_SIDE):
        yield
