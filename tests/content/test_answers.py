"""Every check of every lab, proved by its lesson's own right and wrong answers.

On the real listings, where COURSE_REAL_DATA names them and the lab reads listings, else on the
generated data, with all that `course_utils.lab.prove` can think of. What each answer comes to on
generated data nbgrader's round trip asks in any case (tests/notebooks/test_grading.py), so it is
not proved there a second time. Each lesson runs in a process of its own, so that no reference
computed for other data is in memory.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course_utils import config, paths
from course_utils.build.execute import away_from_learner
from course_utils.build.source import Tree
from course_utils.lab.prove import MOST_JOBS

Record = Callable[[str, object], None]

pytestmark = [pytest.mark.spark, pytest.mark.slow]

LABS = [lesson for lesson in config.course().lessons if lesson.lab]
with_each_lab = pytest.mark.parametrize("lesson", LABS, ids=lambda lesson: lesson.name)


@with_each_lab
def test_answers_on_generated_data(
    lesson: config.Lesson, tmp_path: Path, record_property: Record
) -> None:
    options = ["--right"] if os.environ.get("COURSE_REAL_DATA") and _reads_listings(lesson) else []
    with away_from_learner() as environment:
        record_property("measured", _prove(lesson, environment, tmp_path, *options))


@with_each_lab
def test_answers_on_real_listings(
    lesson: config.Lesson, tmp_path: Path, record_property: Record, real_data: Path
) -> None:
    if not _reads_listings(lesson):
        pytest.skip(f"lab {lesson.number} does not use the listings")
    store = tmp_path / "data"
    store.mkdir()
    (store / "small").symlink_to(paths.data() / "small")  # the data sets that have no real file
    with away_from_learner() as environment:
        environment["COURSE_DATA"] = str(store)
        use = "import sys, pathlib, course_utils.data as d; d.use(pathlib.Path(sys.argv[1]))"
        real = str(real_data / "sf_airbnb_clean.parquet")
        subprocess.run([sys.executable, "-c", use, real], env=environment, check=True)
        told = _prove(lesson, environment, tmp_path, "--plain")
        record_property("measured", f"On real listings: {told}")


def _reads_listings(lesson: config.Lesson) -> bool:
    return Tree.of_course().lesson(lesson.number).reads("solution", "listings")


def _prove(lesson: config.Lesson, environment: dict[str, str], folder: Path, *options: str) -> str:
    """Prove a lesson's answers; the line that says how many there were and how long they took."""
    report = folder / "proof.json"
    command = [sys.executable, "-m", "course_utils.lab.prove", lesson.number]
    done = subprocess.run(
        [*command, "--json", str(report), *options],
        env=environment,
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert report.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    proof = json.loads(report.read_text())
    assert proof["mismatches"] == []
    assert proof["evaluations"]
    assert proof["most_jobs"] <= MOST_JOBS
    # Times are for people to read: on a busy machine they say nothing about the check
    return done.stdout.splitlines()[-1]
