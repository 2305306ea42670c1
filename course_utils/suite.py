"""`./course test`: all that proves the course works, in an order that ends with pytest's line."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from course_utils import paths
from course_utils.config import lesson

_SIDE_BY_SIDE = 2  # tests at a time, on the two cores of a small machine


@dataclass(frozen=True)
class Part:
    """One program of the suite."""

    name: str
    command: tuple[str, ...]


def parts() -> list[Part]:
    """What runs before pytest, in order."""
    python = sys.executable
    return [
        Part("ruff check", (python, "-m", "ruff", "check", ".", "course")),
        Part("ruff format", (python, "-m", "ruff", "format", "--check", ".", "course")),
        Part("mypy", (python, "-m", "mypy")),
        Part("build --check", (python, "-m", "course_utils.cli", "build", "--check")),
    ]


def pytest_command(number: str | None, fast: bool) -> list[str]:
    """The one run of pytest that ends the suite."""
    command = [sys.executable, "-m", "pytest"]
    if fast:
        return [*command, "-m", "not slow and not spark and not browser", *_of_lesson(number)]
    from course_utils.build import nbval_args

    side_by_side = ["-n", str(_SIDE_BY_SIDE), "--no-loadscope-reorder"]
    return [*command, *side_by_side, *nbval_args(number), *_of_lesson(number)]


def _of_lesson(number: str | None) -> list[str]:
    # The tests of content are parametrized by lesson; the name of each case says which.
    return ["-k", lesson(number).name] if number else []


def run(number: str | None = None, fast: bool = False) -> int:
    """Run the suite; 0 when all of it passed.

    The last line printed is pytest's own; what failed before it is in the table above.
    """
    outcomes: list[tuple[Part, int, float]] = []
    with _own_workbook(), nullcontext() if fast else _warm_pool():
        for part in parts():
            print(f"--- {part.name}", flush=True)
            start = time.monotonic()
            code = subprocess.call(part.command, cwd=paths.ROOT)
            outcomes.append((part, code, time.monotonic() - start))
        _print_table(outcomes)
        failed = any(code for _, code, _ in outcomes)
        code = subprocess.call(pytest_command(number, fast), cwd=paths.ROOT)
    return 1 if failed or code else 0


def _print_table(outcomes: list[tuple[Part, int, float]]) -> None:
    table = Table(title="Before pytest")
    table.add_column("part")
    table.add_column("outcome")
    table.add_column("minutes", justify="right")
    for part, code, seconds in outcomes:
        table.add_row(part.name, "FAILED" if code else "passed", f"{seconds / 60:.1f}")
    Console().print(table)
    sys.stdout.flush()


@contextmanager
def _own_workbook() -> Iterator[None]:
    """A workbook of the suite's own: a learner's work is never read or changed by a test."""
    with tempfile.TemporaryDirectory(prefix="course-test-") as folder:
        before = os.environ.get("COURSE_WORKBOOK")
        os.environ["COURSE_WORKBOOK"] = str(Path(folder) / "workbook")
        try:
            yield
        finally:
            if before is None:
                del os.environ["COURSE_WORKBOOK"]
            else:
                os.environ["COURSE_WORKBOOK"] = before


@contextmanager
def _warm_pool() -> Iterator[None]:
    from course_utils.session import pool

    with pool.running(recycle=True, size=_SIDE_BY_SIDE):
        yield
