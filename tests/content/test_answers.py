"""Every check of every lab, proved by its lesson's own right and wrong answers.

On the real listings, where COURSE_REAL_DATA names them and the lab reads listings, else on the
generated data, with all that `build.proof` can think of. What each answer comes to on generated
data nbgrader's round trip asks in any case (tests/notebooks/test_grading.py), so it is
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
from course_utils.build.proof.prove import MOST_JOBS
from course_utils.build.source import Tree

LABS = [lesson for lesson in config.course().lessons if lesson.lab]


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("lesson", LABS, ids=lambda lesson: lesson.name)
def test_every_answer_gets_its_diagnosis(
    lesson: config.Lesson, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    real = os.environ.get("COURSE_REAL_DATA")
    with away_from_learner() as environment:
        if not real or not Tree.of_course().lesson(lesson.number).reads("solution", "listings"):
            record_property("measured", _prove(lesson, environment, tmp_path))
            return
        environment["COURSE_DATA"] = str(_store(tmp_path))
        use = "import sys, pathlib, course_utils.data as d; d.use(pathlib.Path(sys.argv[1]))"
        file = str(Path(real) / "sf_airbnb_clean.parquet")
        subprocess.run([sys.executable, "-c", use, file], env=environment, check=True)
        told = _prove(lesson, environment, tmp_path)
        record_property("measured", f"On real listings: {told}")


def _store(folder: Path) -> Path:
    """A data store of this test's own, with the data sets that have no real file."""
    store = folder / "data"
    store.mkdir()
    (store / "small").symlink_to(paths.data() / "small")
    return store


def _prove(lesson: config.Lesson, environment: dict[str, str], folder: Path) -> str:
    """Prove a lesson's answers; the line that says how many there were and how long they took."""
    report = folder / "proof.json"
    command = [sys.executable, "-m", "course_utils.build.proof.prove", lesson.number]
    done = subprocess.run(
        [*command, "--json", str(report)],
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
