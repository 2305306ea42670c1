"""Grading runs a submission on sibling data too, and leaves to a person what it cannot judge."""

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from course_utils.build import grading_steps
from course_utils.build.grading_steps import RunTwice, SaveGrades, autograde_steps

OPENING = "from course_utils import open_lab\nlab = open_lab('00')"
RIGHT = "import math\nseconds = math.ceil(10 / 4) * 3"
LUCKY = "import os\nseconds = 9 + 2 * bool(os.environ.get('COURSE_SIBLING'))"
BROKEN = """
import course_utils.lab.evaluate as evaluate
if {where}:
    evaluate._named_mistake = [].append  # wants one argument: fails in nobody's cell
"""


def graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *sources: str, on_sibling: bool = True
) -> tuple[NotebookNode, float]:
    """The last cell of a submission after both runs, and what nbgrader gives it."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    cells = [nbformat.v4.new_code_cell(source) for source in (OPENING, *sources)]
    cells[-1].metadata["nbgrader"] = {
        "schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False,
        "grade_id": "L00-q1-check", "points": 1,
    }  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=cells)
    quiet = ["--IPKernelApp.capture_fd_output=False"]
    steps = RunTwice(timeout=120, extra_arguments=quiet, on_sibling=on_sibling)
    done, _ = steps.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    score, _ = determine_grade(done.cells[-1], logging.getLogger("test"))
    return done.cells[-1], score


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "points", "says"),
    [
        (RIGHT, 1, "q1 done"),
        (LUCKY, 0, "right for these rows alone"),
        ("seconds = 7.5", 0, "q1 not yet"),
        (BROKEN.format(where="True") + RIGHT, 0, "could not be checked"),
        (
            BROKEN.format(where="__import__('os').environ.get('COURSE_SIBLING')") + RIGHT,
            0,
            "a person has to look",
        ),
    ],
    ids=["right", "lucky", "wrong", "check bug", "check bug on sibling data"],
)
def test_points_of_both_runs(
    answer: str, points: float, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell, score = graded(tmp_path, monkeypatch, answer, "lab.q1.check()")
    assert score == points
    assert says in str(cell.outputs)
    person = grading_steps._status(cell) in ("check bug", "unproved")
    assert person == (says in ("could not be checked", "a person has to look"))


@pytest.mark.slow
def test_the_run_on_sibling_data_can_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, score = graded(tmp_path, monkeypatch, LUCKY, "lab.q1.check()", on_sibling=False)
    assert score == 1


def test_what_could_not_be_judged_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    grade = SimpleNamespace(manual_score=None, auto_score=None, needs_manual_grade=None)

    class Book:
        db = SimpleNamespace(commit=lambda: None)

        def find_grade(self, *names: Any) -> Any:
            return grade

    step = SaveGrades()
    step.gradebook = Book()
    step.notebook_id = step.assignment_id = step.student_id = "x"
    cell = nbformat.v4.new_code_cell("lab.q1.check()")
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 1, "grade_id": "q1"}
    for status, person in (("check bug", True), ("unavailable", True), ("pass", False)):
        data = {"text/plain": "x", grading_steps.MIME: {"status": status}}
        cell.outputs = [nbformat.v4.new_output("display_data", data)]
        step._add_score(cell, {})
        assert grade.needs_manual_grade is person


def test_the_steps_take_the_places_of_nbgraders_own() -> None:
    names = [step.__name__ for step in autograde_steps()]
    assert names[0] == "RunTwice"
    assert "SaveGrades" in names
    assert "Execute" not in names
