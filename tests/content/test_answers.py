"""Every check of every lab, proved by its lesson's own right and wrong answers.

On generated data all that `build.proof` can think of, and its right answers on sibling data; for
labs that read listings the right answers also on the real ones, where COURSE_REAL_DATA names them;
for the one that reads ratings on files of MovieLens' form.
Each proof is a process of its own, so that no reference computed for other data is in memory.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.build.execute import away_from_learner
from course_utils.build.proof.prove import MOST_JOBS
from course_utils.build.source import Sources, Tree

LABS = [sources for sources in Tree.of_course().all() if "lab" in sources.roles]
LISTINGS = [sources for sources in LABS if sources.reads("solution", "listings")]
RATINGS = [sources for sources in LABS if sources.reads("solution", "films")]
pytestmark = [pytest.mark.slow, pytest.mark.spark]

Say = Callable[[str, object], None]


def _cases(labs: list[Sources], data: str = "") -> Iterator[object]:
    for sources in labs:
        proof = f"{sources.lesson.number} answers{data}"
        yield pytest.param(
            sources, id=f"{sources.lesson.name}{data}", marks=pytest.mark.proof(proof)
        )


@pytest.mark.parametrize("sources", list(_cases(LABS)))
def test_every_answer_gets_its_diagnosis(
    sources: Sources, tmp_path: Path, record_property: Say
) -> None:
    with away_from_learner() as environment:
        record_property("measured", _prove(sources, environment, tmp_path))


@pytest.mark.parametrize("sources", list(_cases(LISTINGS, " on real listings")))
def test_right_answers_pass_on_real_listings(
    sources: Sources, real_listings: Path, tmp_path: Path, record_property: Say
) -> None:
    with away_from_learner() as environment:
        environment["COURSE_DATA"] = os.fspath(real_listings)
        told = _prove(sources, environment, tmp_path, "--right-only")
        record_property("measured", f"On real listings: {told}")


@pytest.mark.parametrize("sources", list(_cases(RATINGS, " on other ratings")))
def test_right_answers_pass_on_other_ratings(
    sources: Sources, movielens: Path, tmp_path: Path, record_property: Say
) -> None:
    with away_from_learner() as environment:
        environment["COURSE_DATA"] = os.fspath(movielens)
        told = _prove(sources, environment, tmp_path, "--right-only")
        record_property("measured", f"On other ratings: {told}")


def _prove(sources: Sources, environment: dict[str, str], folder: Path, *options: str) -> str:
    """Prove a lesson's answers; the line that says how many there were and how long they took."""
    report = folder / "proof.json"
    command = [sys.executable, "-m", "course_utils.build.proof.prove", sources.lesson.number]
    done = subprocess.run(
        [*command, *options, "--json", str(report)],
        env=environment,
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert report.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    proof = json.loads(report.read_text())
    wrong = [*proof["mismatches"], *proof.get("sibling", {}).get("mismatches", ())]
    assert not wrong, "\n".join(wrong)
    assert proof["evaluations"]
    assert proof["most_jobs"] <= MOST_JOBS
    # Times are for people to read: on a busy machine they say nothing about the check
    return done.stdout.splitlines()[-1]
