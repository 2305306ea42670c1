"""nbgrader from the same sources: a course folder for instructors, and the proof that it grades.

    python -m course_utils.build.grading source DIR [NUMBER…]
    python -m course_utils.build.grading roundtrip [NUMBER…]

The round trip runs nbgrader itself: generate_assignment, then autograde. It has to be a process
of its own: under pytest a kernel does not catch what programs write to stderr, and under nbgrader
one such line in a check cell costs all its points.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SAWarning

from course_utils.build.execute import (
    CELL_SECONDS,
    KERNEL_SECONDS,
    away_from_learner,
    kernel_log,
    warm_spark,
)
from course_utils.build.proof.prove import mistake_of
from course_utils.build.source import Sources, Tree, assemble, make_cell, write
from course_utils.errors import CourseError
from course_utils.lab.message import SAID
from course_utils.lab.result import CheckFailed, Status
from course_utils.percent import stub_of
from course_utils.session.files import write_text

CONFIG = f"""\
# Settings for nbgrader, made by course_utils.build.grading
from course_utils.build.grading import preprocessors

c = get_config()
c.CourseDirectory.course_id = "spark_ml"

# An answer region is replaced by the stub that its lesson names, which keeps a notebook runnable;
# nbgrader's own ClearSolutions knows one stub for all, and it raises an error.
c.GenerateAssignment.preprocessors = preprocessors()

# A cell may wait for Spark. Whoever deleted a check gets it back.
c.Execute.timeout = {CELL_SECONDS}
c.Execute.startup_timeout = {KERNEL_SECONDS}
c.OverwriteCells.add_missing_cells = True

# Whatever Java or a tool writes to stderr must not land in a check cell: nbgrader would give 0.
c.Execute.extra_arguments = ["--IPKernelApp.capture_fd_output=False"]
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
    settings = folder / "nbgrader_config.py"
    if settings.exists() and settings.read_text(encoding="utf-8") != CONFIG:
        raise CourseError(
            f"{settings} is there and was changed: choose an empty folder, or remove that file."
        )
    write_text(settings, CONFIG)
    for sources in chosen:
        name = sources.lesson.name
        write(_source(sources), folder / "source" / name / f"{name}.ipynb")


def _source(sources: Sources) -> NotebookNode:
    """The lab with answers, stubs and markers, as nbgrader's `source` wants it."""
    notebook = sources.notebook("solution")
    for cell, node in zip(sources.cells("solution"), notebook.cells, strict=True):
        node.source = cell.source
    return notebook


# --- the round trip -----------------------------------------------------------------------------

_KEEP = "_names = {name: value for name, value in globals().items() if name != '_names'}"
_RESTORE = """\
for _name in set(globals()) - set(_names) - {"_names"}:
    del globals()[_name]
globals().update(_names)"""


@dataclass(frozen=True)
class Due:
    """What a graded cell has to get."""

    points: float
    where: str  # the answer's place, for people
    told: str = ""  # what has to stand in the message of an answer that gets nothing


def golden(sources: Sources) -> tuple[NotebookNode, dict[str, Due]]:
    """A solution with every answer of its lesson, wrong and right, tried before its own.

    After every answer the names are put back as they were before it, and a work folder that was
    made for the question is made anew; nothing else is, as for a learner who tries once more.

    Returns:
        The notebook, and by grade id what each graded cell has to get.
    """
    number = sources.lesson.number
    points = {q.id: q.points for q in sources.tree.questions(number)}
    checks = {c.question: c for c in sources.cells("solution") if c.kind == "check"}
    nodes: list[NotebookNode] = []
    expected: dict[str, Due] = {}
    anew: list[str] = []  # cells between the question's heading and its answer that make a folder

    for cell in sources.cells("solution"):
        node = make_cell(cell, "solution", number, points)
        if cell.kind == "markdown" and cell.source.startswith("## "):
            anew = []
        elif cell.kind == "code" and "make_work_dir(" in cell.source:
            anew.append(cell.solution)
        elif cell.kind == "answer":
            nodes.append(_plain(_KEEP))
            answers = sorted((sources.folder / "answers" / str(cell.question)).glob("*.py"))
            for index, path in enumerate(answers, 1):
                text = path.read_text(encoding="utf-8").strip("\n")
                answer = make_cell(cell, "solution", number, points, text)
                check = make_cell(checks[cell.question], "solution", number, points)
                for each in (answer, check):
                    each.id += f"-a{index}"
                    each.metadata["nbgrader"]["grade_id"] += f"-a{index}"
                where = path.relative_to(sources.tree.root).as_posix()
                right = path.name.startswith("ok_")
                expected[check.metadata["nbgrader"]["grade_id"]] = (
                    Due(points[str(cell.question)], where)
                    if right
                    else Due(0.0, where, f"[{mistake_of(path)}]")
                )
                nodes += [answer, check, *map(_plain, (_RESTORE, *anew))]
        elif cell.kind == "check":
            grade_id = node.metadata["nbgrader"]["grade_id"]
            expected[grade_id] = Due(points[str(cell.question)], sources.where("solution", cell))
        nodes.append(node)
    return assemble(nodes, {"lesson": number, "kind": "golden"}), expected


def _plain(code: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(code)


@dataclass(frozen=True)
class Outcome:
    """How one submission was graded."""

    lab: str
    submission: str
    found: Mapping[str, float]  # by grade id
    expected: Mapping[str, Due]
    errors: Mapping[str, tuple[str, str]]  # by grade id: the error a check cell ended in, its text
    minutes: float

    @property
    def mismatches(self) -> list[str]:
        """A line for each graded cell that did not get what it should."""
        lines = []
        for grade_id, due in self.expected.items():
            got = self.found.get(grade_id)
            error, text = self.errors.get(grade_id, ("", ""))
            about = f"{self.lab} {self.submission}: {due.where}"
            if got != due.points:
                lines.append(f"{about} got {got}, not {due.points:g}")
            elif got == 0 and error != CheckFailed.__name__:
                # turned down by an accident, such as a name that is missing, and not by the check
                lines.append(f"{about} got 0 because of {error}")
            elif got == 0 and due.told not in text:
                lines.append(
                    f"{about} got 0, but not as {due.told}: {' | '.join(text.splitlines())}"
                )
        extra = sorted(set(self.found) - set(self.expected))
        return lines + [f"{self.lab} {self.submission}: {name} was not expected" for name in extra]


def roundtrip(numbers: list[str] | None = None, tree: Tree | None = None) -> list[Outcome]:
    """Grade every lab three times with nbgrader: solved, as shipped, and with every answer.

    Raises:
        CourseError: nbgrader could not grade a notebook at all.
    """
    tree = tree or Tree.of_course()
    chosen = [tree.lesson(number) for number in numbers] if numbers else tree.all()
    labs = [sources for sources in chosen if "lab" in sources.roles]
    if not labs:  # a demo alone: nothing to grade, and no Spark to warm up
        return []
    outcomes: list[Outcome] = []
    # nbgrader calls the program alembic, which is where this Python is
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with (
        tempfile.TemporaryDirectory(prefix="course-grading-") as folder,
        _environ({**os.environ, "PATH": path}),
        warm_spark(),
    ):
        root = Path(folder)
        write_course(root, labs)
        grader = _Grader(root)
        for sources in labs:
            outcomes += _grade(grader, root, sources)
    return outcomes


def _grade(grader: "_Grader", root: Path, sources: Sources) -> Iterator[Outcome]:
    name = sources.lesson.name
    grader.generate(name)
    release = nbformat.read(root / "release" / name / f"{name}.ipynb", as_version=4)
    lab = sources.notebook("lab")
    if [cell.source for cell in release.cells] != [cell.source for cell in lab.cells]:
        raise CourseError(f"nbgrader's release of {name} is not the lab that the build makes.")
    solved, unanswered = {}, {}
    for node, cell in zip(lab.cells, sources.cells("lab"), strict=True):
        if cell.kind == "check":
            settings, where = node.metadata["nbgrader"], sources.where("lab", cell)
            waiting = f"{cell.question} {SAID[Status.NOT_STARTED][1]}"
            solved[settings["grade_id"]] = Due(settings["points"], where)
            unanswered[settings["grade_id"]] = Due(0.0, where, waiting)
    yield grader.autograde(name, "solution", sources.notebook("solution"), solved)
    yield grader.autograde(name, "as_shipped", release, unanswered)

    # With all answers it is an assignment of its own: nbgrader grades only cells it knows
    notebook, expected = golden(sources)
    every = f"{name}_answers"
    write(notebook, root / "source" / every / f"{every}.ipynb")
    grader.generate(every, keep_answers=True)
    yield grader.autograde(every, "every_answer", notebook, expected)


class _Grader:
    """nbgrader in a folder of its own, with the settings that instructors get."""

    def __init__(self, root: Path) -> None:
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import PyFileConfigLoader

        self._root = root
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        config.CourseDirectory.root = str(root)
        self._api = NbGraderAPI(config=config)
        # nbgrader's own way with its database, of no interest to whoever reads the table
        warnings.filterwarnings("ignore", category=SAWarning)
        self._db = f"sqlite:///{root / 'gradebook.db'}"
        self._api.coursedir.db_url = self._db

    def generate(self, name: str, keep_answers: bool = False) -> None:
        """generate_assignment: the source becomes the release and enters the gradebook."""
        steps = self._api.config.GenerateAssignment
        before = steps.preprocessors
        if keep_answers:
            steps.preprocessors = [step for step in before if step is not LeaveStubs]
        try:
            self._must(self._api.generate_assignment(name), f"generate {name}")
        finally:
            steps.preprocessors = before

    def autograde(
        self,
        name: str,
        student: str,
        notebook: NotebookNode,
        expected: Mapping[str, Due],
    ) -> Outcome:
        """Hand `notebook` in and grade it."""
        from time import monotonic

        from nbgrader.api import Gradebook

        write(notebook, self._root / "submitted" / student / name / f"{name}.ipynb")
        start = monotonic()
        with away_from_learner() as environment, _environ(environment), _kernels_to_log():
            self._must(self._api.autograde(name, student), f"grade {name} of {student}")
        with Gradebook(self._db) as book:
            grades = book.find_submission_notebook(name, name, student).grades
            found = {grade.name: grade.auto_score for grade in grades}
        graded = self._root / "autograded" / student / name / f"{name}.ipynb"
        errors = {
            cell.metadata["nbgrader"]["grade_id"]: (output.ename, output.evalue)
            for cell in nbformat.read(graded, as_version=4).cells
            if cell.metadata.get("nbgrader", {}).get("grade")
            for output in cell.outputs
            if output.output_type == "error"
        }
        return Outcome(name, student, found, expected, errors, (monotonic() - start) / 60)

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
def _environ(variables: Mapping[str, str]) -> Iterator[None]:
    """This process's environment replaced for a while: nbgrader hands it to its kernels."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _print(outcomes: list[Outcome]) -> None:
    table = Table(title="nbgrader round trip")
    names = ("assignment", "submission", "due full", "due 0", "points", "found", "", "minutes")
    for column in names:
        table.add_column(column)
    for outcome in outcomes:
        table.add_row(
            outcome.lab,
            outcome.submission,
            str(sum(due.points > 0 for due in outcome.expected.values())),
            str(sum(due.points == 0 for due in outcome.expected.values())),
            f"{sum(due.points for due in outcome.expected.values()):g}",
            f"{sum(value or 0 for value in outcome.found.values()):g}",
            "MISMATCH" if outcome.mismatches else "ok",
            f"{outcome.minutes:.1f}",
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    for outcome in outcomes:
        for line in outcome.mismatches:
            print(line)


def main(arguments: list[str] | None = None) -> int:
    """The two commands; 1 when a grade is not what it must be."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.build.grading")
    commands = parser.add_subparsers(dest="command", required=True)
    trip = commands.add_parser("roundtrip", help="grade all labs and compare")
    trip.add_argument("number", nargs="*")
    course = commands.add_parser("source", help="write an nbgrader course for instructors")
    course.add_argument("folder", type=Path)
    course.add_argument("number", nargs="*")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "roundtrip":
            outcomes = roundtrip(chosen.number)
            if outcomes:
                _print(outcomes)
            else:
                print("There is no lab among these lessons: nothing to grade.")
            return 1 if any(outcome.mismatches for outcome in outcomes) else 0
        tree = Tree.of_course()
        lessons = [tree.lesson(n) for n in chosen.number] if chosen.number else tree.all()
        write_course(chosen.folder, [lesson for lesson in lessons if "lab" in lesson.roles])
        print(f"Wrote {chosen.folder}. Go on there: nbgrader generate_assignment <name>")
    except CourseError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
