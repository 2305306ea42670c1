"""An nbgrader course folder for instructors, made from the same sources as the labs.

python -m course_utils.build.instructors FOLDER [NUMBER…]
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.build.execute import CELL_SECONDS, KERNEL_SECONDS
from course_utils.build.source import Sources, Tree, write
from course_utils.errors import CourseError
from course_utils.percent import stub_of
from course_utils.session.files import write_text

SETTINGS = "nbgrader_config.py"
_CONFIG = f"""\
# Settings for nbgrader, made by course_utils.build.instructors
from course_utils.build.grading_steps import autograde_steps
from course_utils.build.instructors import preprocessors

c = get_config()
c.CourseDirectory.course_id = "spark_ml"

# An answer region is replaced by the stub that its lesson names, which keeps a notebook runnable;
# nbgrader's own ClearSolutions knows one stub for all, and it raises an error.
c.GenerateAssignment.preprocessors = preprocessors()

# Each submission runs on sibling data too, and what could not be judged waits for a person.
c.Autograde.autograde_preprocessors = autograde_steps()

# A cell may wait for Spark. Whoever deleted a check gets it back.
c.RunTwice.timeout = {CELL_SECONDS}
c.RunTwice.startup_timeout = {KERNEL_SECONDS}
c.OverwriteCells.add_missing_cells = True

# Whatever Java or a tool writes to stderr must not land in a check cell: nbgrader would give 0.
c.RunTwice.extra_arguments = ["--IPKernelApp.capture_fd_output=False"]
"""


class LeaveStubs(NbGraderPreprocessor):
    """Replaces each answer by its stub, as the labs of this course have it."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Change one cell of the source notebook."""
        if cell.metadata.get("course", {}).get("kind") == "answer":
            cell.source = stub_of(cell.source)
        return cell, resources


def preprocessors() -> list[type]:
    """nbgrader's own steps for generate_assignment, with `LeaveStubs` in place of one."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import ClearSolutions

    steps = GenerateAssignment.preprocessors.default_args[0]
    return [LeaveStubs if step is ClearSolutions else step for step in steps]


def write_course(folder: Path, chosen: list[Sources]) -> None:
    """Write an nbgrader course: its settings, and each lab as an assignment's source.

    Raises:
        CourseError: there is a course already that this did not make.
    """
    settings = folder / SETTINGS
    if settings.exists() and settings.read_text(encoding="utf-8") != _CONFIG:
        raise CourseError(
            f"{settings} is there and was changed: choose an empty folder, or remove that file."
        )
    write_text(settings, _CONFIG)
    for sources in chosen:
        name = sources.lesson.name
        write(_source(sources), folder / "source" / name / f"{name}.ipynb")


def _source(sources: Sources) -> NotebookNode:
    """The lab with answers, stubs and markers, as nbgrader's `source` wants it."""
    notebook = sources.notebook("solution")
    for cell, node in zip(sources.cells("solution"), notebook.cells, strict=True):
        node.source = cell.source
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """Write the course; 1 when that is not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.build.instructors", description="Write an nbgrader course."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("number", nargs="*", help="lessons, such as 06; all if left out")
    given = parser.parse_args(arguments)
    try:
        tree = Tree.of_course()
        lessons = [tree.lesson(n) for n in given.number] if given.number else tree.all()
        write_course(given.folder, [lesson for lesson in lessons if "lab" in lesson.roles])
    except CourseError as error:
        print(error)
        return 1
    print(f"Wrote {given.folder}. Go on there: nbgrader generate_assignment <name>")
    return 0


if __name__ == "__main__":
    sys.exit(main())
