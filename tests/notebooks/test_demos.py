"""Demos run to their end, and what their tagged cells print is what is stored of them.

With a real listing file in place of the generated one they run to their end, too. So do the
solutions of labs, where tests/content/test_answers.py proves their answers, and
tests/notebooks/test_grading.py compares what they print.
"""

import os
from pathlib import Path

import pytest

from course_utils.build.compare import differences
from course_utils.build.execute import away_from_learner, normalise, run
from course_utils.build.source import FOLDERS, Sources, Tree, read

DEMOS = [sources for sources in Tree.of_course().all() if "demo" in sources.roles]
pytestmark = [pytest.mark.slow, pytest.mark.spark]


def _case(sources: Sources, kind: str) -> object:
    notebook = f"{FOLDERS['demo']}/{sources.lesson.name}.ipynb"
    proof = f"{sources.lesson.number} demo"
    if kind == "real data":
        notebook, proof = f"{kind}: {notebook}", f"{proof} on real listings"
    return pytest.param(sources, id=notebook, marks=pytest.mark.proof(proof))


@pytest.mark.parametrize("sources", [_case(sources, "demo") for sources in DEMOS])
def test_prints_what_is_stored(sources: Sources) -> None:
    stored = read(sources.target("demo"))
    assert stored is not None, f"run ./course build {sources.lesson.number}"
    with away_from_learner() as environment:
        done = run(sources.notebook("demo"), environment)
    normalise(done, environment)
    different = differences(stored, done)
    assert not different, "\n".join(different)


@pytest.mark.parametrize(
    "sources", [_case(each, "real data") for each in DEMOS if each.reads("demo", "listings")]
)
def test_runs_on_real_listings(real_listings: Path, sources: Sources) -> None:
    with away_from_learner() as environment:
        environment["COURSE_DATA"] = os.fspath(real_listings)
        run(sources.notebook("demo"), environment)
