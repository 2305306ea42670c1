"""What nbgrader gives to each lab, as shipped and solved.

The round trip is a process of its own, as `course_utils.build.roundtrip` says why.
"""

import subprocess
import sys
from collections.abc import Callable

import pytest

from course_utils import paths
from course_utils.build.source import FOLDERS, Sources, Tree

LABS = [
    pytest.param(
        sources,
        id=f"nbgrader: {FOLDERS['lab']}/{sources.lesson.name}.ipynb",
        marks=pytest.mark.proof(f"{sources.lesson.number} graded"),
    )
    for sources in Tree.of_course().all()
    if "lab" in sources.roles
]


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("sources", LABS)
def test_every_submission_gets_its_points(
    sources: Sources, record_property: Callable[[str, object], None]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.build.roundtrip", sources.lesson.number],
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    for line in done.stdout.splitlines():
        record_property("measured", line)
