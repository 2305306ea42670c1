"""nbgrader in a folder of its own, with the settings that instructors get: generate and grade."""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from sqlalchemy.exc import SAWarning

from course_utils.build.execute import away_from_learner, kernel_log, normalise
from course_utils.build.instructors import SETTINGS, LeaveStubs
from course_utils.build.source import write
from course_utils.errors import CourseError


@dataclass(frozen=True)
class Graded:
    """One submission after nbgrader."""

    points: Mapping[str, float]  # by grade id
    errors: Mapping[str, tuple[str, str]]  # by grade id: the error a check cell ended in, its text
    notebook: NotebookNode  # as nbgrader ran it, evened out by `execute.normalise`


class Grader:
    """The folder of one nbgrader course, which `instructors.write_course` has begun."""

    def __init__(self, root: Path) -> None:
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import PyFileConfigLoader

        self._root = root
        config = PyFileConfigLoader(SETTINGS, path=str(root)).load_config()
        config.CourseDirectory.root = str(root)
        self._api = NbGraderAPI(config=config)
        # nbgrader's own way with its database, of no interest to whoever reads the table
        warnings.filterwarnings("ignore", category=SAWarning)
        self._db = f"sqlite:///{root / 'gradebook.db'}"
        self._api.coursedir.db_url = self._db

    def generate(self, name: str, keep_answers: bool = False) -> NotebookNode:
        """generate_assignment: the source becomes the release and enters the gradebook.

        Returns:
            The release.

        Raises:
            CourseError: nbgrader could not do it.
        """
        steps = self._api.config.GenerateAssignment
        before = steps.preprocessors
        if keep_answers:
            steps.preprocessors = [step for step in before if step is not LeaveStubs]
        try:
            # nbgrader calls the program alembic, which is where this Python is
            path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
            with environ({**os.environ, "PATH": path}):
                self._must(self._api.generate_assignment(name), f"generate {name}")
        finally:
            steps.preprocessors = before
        return nbformat.read(self._root / "release" / name / f"{name}.ipynb", as_version=4)

    def autograde(
        self, name: str, student: str, notebook: NotebookNode, on_sibling: bool = True
    ) -> Graded:
        """Hand `notebook` in and grade it.

        Args:
            name: the assignment.
            student: who hands it in.
            notebook: the submission.
            on_sibling: whether what passes runs on sibling data, too, as instructors have it.

        Raises:
            CourseError: nbgrader could not do it.
        """
        from nbgrader.api import Gradebook

        self._api.config.RunTwice.on_sibling = on_sibling
        write(notebook, self._root / "submitted" / student / name / f"{name}.ipynb")
        with away_from_learner() as environment, environ(environment), _kernels_to_log():
            self._must(self._api.autograde(name, student), f"grade {name} of {student}")
        with Gradebook(self._db) as book:
            grades = book.find_submission_notebook(name, name, student).grades
            points = {grade.name: grade.auto_score for grade in grades}
        path = self._root / "autograded" / student / name / f"{name}.ipynb"
        done = nbformat.read(path, as_version=4)
        normalise(done, environment)
        errors = {
            cell.metadata["nbgrader"]["grade_id"]: (output.ename, output.evalue)
            for cell in done.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
            for output in cell.outputs
            if output.output_type == "error"
        }
        return Graded(points, errors, done)

    @staticmethod
    def _must(result: dict[str, Any], what: str) -> None:
        if not result["success"]:
            lines = [line for line in str(result.get("log", "")).splitlines() if line.strip()]
            raise CourseError(f"nbgrader could not {what}: {' | '.join(lines[-4:])}")


@contextlib.contextmanager
def _kernels_to_log() -> Iterator[None]:
    """What kernels say on this process's stderr goes to the log of notebooks."""
    sys.stderr.flush()
    ours = os.dup(2)
    with kernel_log().open("ab") as log:
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(ours, 2)
            os.close(ours)


@contextlib.contextmanager
def environ(variables: Mapping[str, str]) -> Iterator[None]:
    """This process's environment replaced for a while: nbgrader hands it to its kernels."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
