"""What can be said without executing anything: style, types, content rules, drift.

All parts run side by side, to their end, so that an author reads every fault at once.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from course_utils import paths
from course_utils.config import lesson


@dataclass(frozen=True)
class Part:
    """One program."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    part: Part
    failed: bool
    said: str
    seconds: float


def parts(number: str | None = None) -> list[Part]:
    """What looks at the whole course, or at one lesson."""
    python = sys.executable
    where = (f"lessons/{lesson(number).name}",) if number else (".", "course")
    one = (lesson(number).number,) if number else ()
    return [
        Part("ruff check", (python, "-m", "ruff", "check", *where)),
        Part("ruff format", (python, "-m", "ruff", "format", "--check", *where)),
        Part("mypy", (python, "-m", "course_utils.build.typecheck", *one)),
        Part("build --check", (python, "-m", "course_utils.cli", "build", "--check", *one)),
    ]


def run(chosen: Sequence[Part]) -> list[Outcome]:
    """Run all parts at the same time and wait for all of them."""
    with ThreadPoolExecutor(len(chosen)) as pool:
        return list(pool.map(_run, chosen))


def _run(part: Part) -> Outcome:
    start = time.monotonic()
    done = subprocess.run(
        part.command,
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )
    return Outcome(part, done.returncode != 0, done.stdout, time.monotonic() - start)
