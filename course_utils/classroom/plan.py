"""In which order a submission runs: the learner's cells as they are, the checks as they were given.

Nothing of a submission's own check cells is run: at their places the grader judges.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat

from course_utils import paths
from course_utils.classroom.whole import whole
from course_utils.config import Lesson
from course_utils.errors import CourseError
from course_utils.lab.question import Question
from course_utils.workbook.marks import inner

_LARGEST = 20 << 20  # bytes of a notebook


class UnreadableError(CourseError):
    """A file that is no notebook which could be run."""


@dataclass(frozen=True)
class Step:
    """One thing to do: run a cell, or judge a question."""

    source: str = ""
    question: str | None = None
    place: int = 0  # the cell's number in the submission, from 1


@dataclass(frozen=True)
class Plan:
    """What to do, in order, and what was odd about the notebook."""

    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    own: str  # what the learner wrote, without the cells that are as they were shipped
    untouched: bool  # no answer was begun


def read(content: bytes) -> dict[str, Any]:
    """The notebook in a file.

    Raises:
        UnreadableError: it is none; the line says what it is.
    """
    if not content.strip():
        raise UnreadableError("the file is empty")
    if len(content) > _LARGEST:
        raise UnreadableError(f"the file has more than {_LARGEST >> 20} MB")
    try:
        # Cells without ids get some, and those of old versions a new form
        with warnings.catch_warnings(action="ignore"):
            raw = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        for cell in raw["cells"]:
            cell["source"] = whole(str(cell["source"]))
        cells = [(cell["cell_type"], cell["source"]) for cell in raw["cells"]]
    except Exception as error:  # the many ways in which a file can be no notebook
        raise UnreadableError(f"it cannot be read as a notebook ({type(error).__name__})") from None
    if not any(kind == "code" and source.strip() for kind, source in cells):
        raise UnreadableError("the notebook has no code")
    return dict(raw)


def make(notebook: dict[str, Any], lesson: Lesson, questions: Sequence[Question]) -> Plan:
    """The order in which a submission runs."""
    shipped = _shipped(lesson)
    cells = [
        (place, cell)
        for place, cell in enumerate(notebook["cells"], 1)
        if cell["cell_type"] == "code"
    ]
    ids = [question.id for question in questions]
    checks: dict[str, int] = {}
    answers: dict[str, list[int]] = {each: [] for each in ids}
    for place, cell in cells:
        if (asked := _check_of(cell)) in answers:
            checks[str(asked)] = place  # the last, where there are several
        elif (asked := _answer_of(cell)) in answers:
            answers[str(asked)].append(place)
    notes = [
        f"{len(places)} answer cells of {each}: all ran, in order"
        for each, places in answers.items()
        if len(places) > 1
    ]
    lost = [each for each in ids if each not in checks]
    if lost:
        notes.append(f"check cells put back: {', '.join(lost)}")
    after = {each: max(answers[each], default=len(notebook["cells"]) + 1) for each in lost}
    return Plan(
        tuple(_steps(cells, checks, after, ids)),
        tuple(notes),
        "\n".join(_source(cell) for _, cell in cells if _source(cell) not in shipped),
        {_source(cell) for _, cell in cells} <= shipped,
    )


def _steps(
    cells: list[tuple[int, Any]], checks: dict[str, int], after: dict[str, int], ids: list[str]
) -> Iterator[Step]:
    """The cells up to the last check, each check at its place."""
    left = list(ids)
    for place, cell in cells:
        if not left:
            return
        asked = _check_of(cell)
        if asked is None:
            yield Step(_source(cell), place=place)
        due = [e for e in left if checks.get(e) == place or (e in after and after[e] == place)]
        for each in due:
            left.remove(each)
            yield Step(question=each, place=place)
    for each in left:
        yield Step(question=each, place=len(cells) + 1)


def _check_of(cell: Any) -> str | None:
    """The question that a cell checks: said by its metadata, its id, or all of its text."""
    if inner(cell, "metadata", "course", "kind") == "check":
        return str(inner(cell, "metadata", "course", "question"))
    for pattern, text in (
        (r"L\d\d-(q\d+)-check", str(inner(cell, "metadata", "nbgrader", "grade_id"))),
        (r"\d\d-lab-(q\d+)-check", str(cell.get("id"))),
        (r"lab\.(q\d+)\.(?:check|grade)\(\);?", _source(cell)),
    ):
        if found := re.fullmatch(pattern, text):
            return found[1]
    return None


def _answer_of(cell: Any) -> str | None:
    if inner(cell, "metadata", "course", "kind") == "answer":
        return str(inner(cell, "metadata", "course", "question"))
    grade_id = str(inner(cell, "metadata", "nbgrader", "grade_id"))
    found = re.fullmatch(r"L\d\d-(q\d+)", grade_id) or re.fullmatch(
        r"\d\d-lab-(q\d+)", str(cell.get("id"))
    )
    return found[1] if found else None


def _source(cell: Any) -> str:
    return str(cell["source"]).strip()


def _shipped(lesson: Lesson) -> set[str]:
    """The text of each code cell of the lab as it was given out."""
    path = paths.ROOT / "labs" / f"{lesson.name}.ipynb"
    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    return {_source(cell) for cell in notebook.cells if cell.cell_type == "code"}
