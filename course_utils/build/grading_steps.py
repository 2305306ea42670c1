"""nbgrader's own steps of autograde, with two of this course in their places.

A submission runs, once more where a check could not be made, and once on sibling data, where what
was typed in or right by luck falls. What could not be judged gets no points by itself and is
marked for manual grading.
"""

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute, SaveAutoGrades
from traitlets import Bool

from course_utils.data.variant import VARIABLE
from course_utils.lab.message import SAID
from course_utils.lab.result import CheckFailed, Status
from course_utils.lab.show import MIME
from course_utils.workbook.recheck import ONLY_HERE

UNPROVED = "unproved"


class RunTwice(Execute):
    """Runs a submission on the data in use and on sibling data."""

    on_sibling = Bool(True, help="False leaves out the run on sibling data").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run the notebook; its check cells show what both runs say."""
        submitted = copy.deepcopy(nb)
        done, resources = super().preprocess(nb, resources)
        if any(_status(cell) in _UNJUDGED for cell in done.cells):
            done, resources = super().preprocess(copy.deepcopy(submitted), resources)
        if self.on_sibling and any(_status(cell) in _PASSED for cell in done.cells):
            with _on_sibling():
                there, _ = super().preprocess(submitted, copy.deepcopy(resources))
            for cell, other in zip(done.cells, there.cells, strict=True):
                if _status(cell) in _PASSED and _status(other) not in _PASSED:
                    _withhold(cell, other)
        return done, resources


class SaveGrades(SaveAutoGrades):
    """Saves the points, and that a person has to look where nothing could be judged."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._add_score(cell, resources)
        if _status(cell) in (*_UNJUDGED, UNPROVED):
            grade = self.gradebook.find_grade(
                cell.metadata["nbgrader"]["grade_id"],
                self.notebook_id,
                self.assignment_id,
                self.student_id,
            )
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


def autograde_steps() -> list[type]:
    """nbgrader's own steps for autograde, with `RunTwice` and `SaveGrades` in their places."""
    from nbgrader.converters import Autograde

    ours = {Execute: RunTwice, SaveAutoGrades: SaveGrades}
    steps = Autograde.autograde_preprocessors.default_args[0]
    return [ours.get(step, step) for step in steps]


_PASSED = tuple(status.value for status in Status if status.passed)
_UNJUDGED = tuple(status.value for status in Status if status.unjudged)


def _status(cell: NotebookNode) -> str | None:
    """What the last check in a cell's outputs says; None where it raised or there was none."""
    found = [o.data[MIME]["status"] for o in cell.get("outputs", []) if MIME in o.get("data", {})]
    return found[-1] if found else None


def _withhold(cell: NotebookNode, other: NotebookNode) -> None:
    """Takes the points of a check that passed here and not on sibling data."""
    failed = next((o for o in other.outputs if o.get("ename") == CheckFailed.__name__), None)
    if failed is not None and SAID[Status.BLOCKED][1] not in failed.evalue.splitlines()[0]:
        lines = [ONLY_HERE, *failed.evalue.splitlines()]
        error = nbformat.v4.new_output(
            "error", ename=CheckFailed.__name__, evalue="\n".join(lines), traceback=lines
        )
        cell.outputs = [error]
        return
    text = f"{ONLY_HERE} That could not be judged there; a person has to look."
    card = nbformat.v4.new_output(
        "display_data", {"text/plain": text, MIME: {"status": UNPROVED, "points": 0.0}}
    )
    nothing = nbformat.v4.new_output("execute_result", {"text/plain": "0.0"})
    cell.outputs = [card, nothing]


@contextmanager
def _on_sibling() -> Iterator[None]:
    """Kernels that start in this block have sibling data."""
    os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        del os.environ[VARIABLE]
