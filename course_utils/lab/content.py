"""What a lab's own text says about a question: what is asked, and its solution."""

import hashlib
import json
from functools import cache
from typing import Any

from course_utils import config, paths
from course_utils.errors import CourseError
from course_utils.lab.question import Question
from course_utils.lab.ran import assigned

_BETTER = "# Better when"


def content_hash(number: str, question: Question) -> str:
    """A short hash of what a question asks. It changes when a pass may no longer count."""
    asked = [question.title, sorted(question.names.items()), question.needs, question.fixed]
    text = json.dumps([asked, _prose(number, question.id)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def solution(number: str, question: str) -> str | None:
    """The solution's code; None for a question outside a lab."""
    from course_utils.percent import answer_cells

    try:
        cells = answer_cells(number)
    except CourseError:
        return None
    return next((cell.solution for cell in cells if cell.question == question), None)


def other_way(number: str, question: str) -> tuple[str, str] | None:
    """Another right answer and when it is the better one; None where no author says so.

    It is the file `answers/qN/ok_*.py` whose first line begins with "# Better when".
    """
    folder = config.lesson(number).folder / "answers" / question
    before = folder / "_before.py"
    prelude = before.read_text(encoding="utf-8") if before.exists() else ""
    for file in sorted(folder.glob("ok_*.py")):
        first, _, code = file.read_text(encoding="utf-8").partition("\n")
        if first.startswith(_BETTER):
            return first.removeprefix("# "), f"{prelude}\n{code}".strip()
    return None


@cache
def own_names(number: str) -> frozenset[str]:
    """The names that the lab's own cells make, imports included."""
    lesson = config.lesson(number)
    try:
        notebook = json.loads((paths.ROOT / "labs" / f"{lesson.name}.ipynb").read_text("utf-8"))
    except (OSError, ValueError):
        return frozenset()
    cells = [_source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return frozenset[str]().union(*map(assigned, cells))


@cache
def _prose(number: str, question: str) -> str:
    """The markdown between the previous code cell and the answer cell of the shipped lab."""
    lesson = config.lesson(number)
    try:
        notebook = json.loads((paths.ROOT / "labs" / f"{lesson.name}.ipynb").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    text: list[str] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text.append(_source(cell))
        elif is_answer(cell, question):
            return "\n".join(text)
        else:
            text.clear()
    return ""


def is_answer(cell: dict[str, Any], question: str) -> bool:
    """Whether a notebook's cell is the answer cell of `question`."""
    ours = cell.get("metadata", {}).get("course", {})
    return ours.get("kind") == "answer" and ours.get("question") == question


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
