"""Turns a lesson's sources into notebooks: a demo, a solution, and the lab without answers."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import nbformat
from nbformat import NotebookNode

from course_utils import config, paths
from course_utils.errors import CourseError
from course_utils.percent import Cell, parse_file
from course_utils.session.files import write_text

Role = Literal["demo", "solution", "lab"]
FOLDERS: dict[Role, str] = {"demo": "notebooks", "solution": "solutions", "lab": "labs"}
CHECK_OUTPUT = "nbval-check-output"
RAISES = "raises-exception"
_TAGS = {CHECK_OUTPUT, RAISES}
QUIET = "quiet_machine"  # in a notebook's metadata: its times were measured as a learner's are

# A line of a solution that is shorter than this says nothing: `)`, `return rows`, `.count()`.
_TELLING = 20


class Asked(Protocol):
    """What the build needs to know of a question."""

    @property
    def id(self) -> str:
        """q1, q2, …"""

    @property
    def points(self) -> float:
        """What a right answer earns."""

    @property
    def hints(self) -> Sequence[str]:
        """From a nudge to nearly there."""

    @property
    def mistakes(self) -> Sequence[object]:
        """The wrong answers that have a name."""


def _questions(number: str) -> Sequence[Asked]:
    from course_utils.lab import load_questions

    return load_questions(number)


@dataclass(frozen=True)
class Tree:
    """A checkout to build: where it is and which lessons it has."""

    root: Path
    lessons: tuple[config.Lesson, ...]
    # lesson number -> its questions; a parameter so that tests can build without the engine
    questions: Callable[[str], Sequence[Asked]] = field(default=_questions)
    plans: tuple[config.Plan, ...] = ()

    @classmethod
    def of_course(cls) -> "Tree":
        """The course that this package belongs to."""
        course = config.course()
        return cls(paths.ROOT, course.lessons, plans=course.plans)

    def lesson(self, number: str) -> "Sources":
        """The sources of one lesson.

        Raises:
            CourseError: there is no such lesson.
        """
        for item in self.lessons:
            if item.number == number.split("_")[0].zfill(2):
                return Sources(self, item)
        there = ", ".join(item.number for item in self.lessons)
        raise CourseError(f"There is no lesson {number!r}: this course has {there}.")

    def all(self) -> list["Sources"]:
        """The sources of every lesson that has a folder, in the course's order."""
        every = [Sources(self, item) for item in self.lessons]
        return [sources for sources in every if sources.folder.is_dir()]


@dataclass(frozen=True)
class Sources:
    """One lesson's folder, and the notebooks that are made from it."""

    tree: Tree
    lesson: config.Lesson

    @property
    def folder(self) -> Path:
        """`lessons/NN_slug` of this tree."""
        return self.tree.root / "lessons" / self.lesson.name

    @property
    def roles(self) -> tuple[Role, ...]:
        """The notebooks that this lesson's files make."""
        roles: tuple[Role, ...] = ("demo",) if (self.folder / "demo.py").exists() else ()
        return (*roles, "solution", "lab") if (self.folder / "lab.py").exists() else roles

    def timed(self, role: Role) -> bool:
        """Whether this notebook measures time, so that how it is executed matters."""
        return role == "demo" and self.lesson.timed

    def reads(self, role: Role, data: str) -> bool:
        """Whether this notebook's code, or its checks, name the data set or one that begins so."""
        texts = [cell.solution for cell in self.cells(role) if cell.kind != "markdown"]
        checks = self.folder / "questions.py"
        if role != "demo" and checks.exists():
            texts.append(checks.read_text(encoding="utf-8"))
        return any(f'"{data}' in text for text in texts)

    def file(self, role: Role) -> Path:
        """The source of this notebook."""
        return self.folder / ("demo.py" if role == "demo" else "lab.py")

    def target(self, role: Role) -> Path:
        """Where this notebook goes."""
        return self.tree.root / FOLDERS[role] / f"{self.lesson.name}.ipynb"

    def cells(self, role: Role) -> list[Cell]:
        """The parsed source of this notebook."""
        return self._demo if role == "demo" else self._lab

    @cached_property
    def _demo(self) -> list[Cell]:
        return parse_file(self.file("demo"))

    @cached_property
    def _lab(self) -> list[Cell]:
        return parse_file(self.file("lab"))

    def notebook(self, role: Role) -> NotebookNode:
        """The notebook as its source says, without outputs.

        Raises:
            CourseError: a rule is broken: unknown tag, a question that questions.py does not
                know (or the reverse), a line of a solution that can be read in the lab.
        """
        cells = self.cells(role)
        for cell in cells:
            if unknown := set(cell.tags) - _TAGS:
                raise CourseError(
                    f"{self.where(role, cell)}: unknown tag {sorted(unknown)[0]!r}; "
                    f"there are {', '.join(sorted(_TAGS))}."
                )
        points = {} if role == "demo" else self._points(cells)
        if role == "lab":
            self._refuse_leak(cells)
        return assemble(
            [make_cell(cell, role, self.lesson.number, points) for cell in cells],
            {"lesson": self.lesson.number, "kind": role},
        )

    def where(self, role: Role, cell: Cell) -> str:
        """`lessons/06_x/lab.py line 12`, to point an author at a cell."""
        return f"{self.file(role).relative_to(self.tree.root).as_posix()} line {cell.line}"

    def _points(self, cells: Iterable[Cell]) -> Mapping[str, float]:
        asked = [cell.question for cell in cells if cell.kind == "answer" and cell.question]
        questions = self.tree.questions(self.lesson.number) if asked else ()
        points = {question.id: question.points for question in questions}
        if asked != list(points):
            raise CourseError(
                f"lessons/{self.lesson.name}: lab.py asks {', '.join(asked) or 'nothing'}, "
                f"questions.py has {', '.join(points) or 'nothing'}; both need the same, in order."
            )
        return points

    def _refuse_leak(self, cells: list[Cell]) -> None:
        """No telling line of a solution may be readable in the lab."""
        shown = [cell.stub for cell in cells]
        lines = {line.strip() for text in shown for line in text.splitlines()}
        prose = "\n".join(cell.source for cell in cells if cell.kind == "markdown")
        for cell in cells:
            if cell.kind != "answer":
                continue
            for line in secret_lines(cell):
                if line in lines or line in prose:
                    raise CourseError(
                        f"{self.where('lab', cell)}: the solution's line {line!r} "
                        "can be read elsewhere in the lab."
                    )


def secret_lines(cell: Cell) -> set[str]:
    """The lines of an answer's solution that would give it away: not in its stub, not trivial."""
    stub = {line.strip() for line in cell.stub.splitlines()}
    own = {line.strip() for line in cell.solution.splitlines()} - stub
    return {
        line
        for line in own
        if len(line) >= _TELLING and not line.startswith(("#", "import ", "from "))
    }


def make_cell(
    cell: Cell, role: Role, number: str, points: Mapping[str, float], source: str | None = None
) -> NotebookNode:
    """One notebook cell; `source` replaces the text (for graded wrong answers)."""
    text = source if source is not None else cell.stub if role == "lab" else cell.solution
    if cell.kind == "markdown":
        return nbformat.v4.new_markdown_cell(text, id=cell.id)
    node = nbformat.v4.new_code_cell(text, id=cell.id)
    if cell.tags:
        node.metadata["tags"] = list(cell.tags)
    if cell.question:
        node.metadata["course"] = {"question": cell.question, "kind": cell.kind}
        node.metadata["nbgrader"] = _nbgrader(cell, number, points)
        if role == "lab":  # so that a slip of the hand does not take the check away
            node.metadata["deletable"] = False
            if cell.kind == "check":
                node.metadata["editable"] = False
    return node


def _nbgrader(cell: Cell, number: str, points: Mapping[str, float]) -> dict[str, object]:
    """Metadata of schema 3: the answer is the learner's, the check is locked and graded."""
    assert cell.question is not None
    is_check = cell.kind == "check"
    metadata: dict[str, object] = {
        "schema_version": 3,
        "grade": is_check,
        "grade_id": f"L{number}-{cell.question}" + ("-check" if is_check else ""),
        "locked": is_check,
        "solution": not is_check,
        "task": False,
    }
    if is_check:
        metadata["points"] = points[cell.question]
    return metadata


def assemble(cells: list[NotebookNode], course: dict[str, str]) -> NotebookNode:
    """A notebook of these cells with the course's own metadata."""
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "course": course,
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )


def text_of(notebook: NotebookNode) -> str:
    """The file's text: sorted keys, one space, so that equal notebooks are equal bytes."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def read(path: Path) -> NotebookNode | None:
    """The notebook at `path`, or None where there is none that can be read."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, json.JSONDecodeError, nbformat.reader.NotJSONError, nbformat.ValidationError):
        return None


def write(notebook: NotebookNode, path: Path) -> bool:
    """Write the notebook if it differs from what is there; whether it did."""
    text = text_of(notebook)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    write_text(path, text)
    return True
