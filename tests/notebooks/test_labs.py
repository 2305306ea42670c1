"""A lab as shipped runs to its end, and every check says that nothing was started."""

import pytest

from course_utils.build.execute import away_from_learner, run
from course_utils.build.source import FOLDERS, Sources, Tree, read
from course_utils.lab import load_questions

MIME = "application/vnd.course.check+json"
LABS = {
    f"{FOLDERS['lab']}/{sources.lesson.name}.ipynb": sources
    for sources in Tree.of_course().all()
    if "lab" in sources.roles
}


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("sources", LABS.values(), ids=LABS.keys())
def test_shipped_lab_is_not_started(sources: Sources) -> None:
    lab = read(sources.target("lab"))
    assert lab is not None
    with away_from_learner() as environment:
        done = run(lab, environment)
    said = [
        (output.data[MIME]["question"], output.data[MIME]["status"])
        for cell in done.cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    questions = load_questions(sources.lesson.number)
    assert said == [(question.id, "not started") for question in questions]
