"""`./course tour`: one real lab question, answered wrongly and then rightly, in the terminal."""

import os
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.rule import Rule
from rich.syntax import Syntax

from course_utils.config import lesson
from course_utils.errors import CourseError
from course_utils.lab import Lab, Question, Status, load_questions
from course_utils.lab.notebook import NO_RECORD
from course_utils.percent import Cell, parse_lesson

LESSON = "06"


def run() -> int:
    """Show the question, a wrong answer, a right one, and what the check says to each.

    Returns:
        0 if the wrong answer got its own diagnosis and the right one passed, else 1.

    Raises:
        CourseError: Spark does not start, or the lesson lacks what is shown.
    """
    console = Console(highlight=False)
    question = load_questions(LESSON)[0]
    folder = lesson(LESSON).folder / "answers" / question.id
    mistake = question.mistakes[0].id
    wrong = _text(folder / f"bad_{mistake}.py")
    right = _text(*sorted(folder.glob("ok_*.py"))[:1])
    with tempfile.TemporaryDirectory(prefix="course-tour-") as place:
        os.environ |= {NO_RECORD: "1", "COURSE_WORK": f"{place}/work"}
        cells = parse_lesson(LESSON)
        answer = next(i for i, cell in enumerate(cells) if cell.question == question.id)
        console.print(Rule(f"Lab {LESSON} · {lesson(LESSON).title}, its first question"))
        console.print(Markdown(cells[answer - 1].source))
        console.print(Rule("First the lab's own cells: Spark, the data"))
        namespace, sources = _prepare(cells[:answer])
        outcomes = [
            _answer(console, title, text, question, dict(namespace), sources)
            for title, text in (("A wrong answer", wrong), ("A right answer", right))
        ]
        namespace["spark"].stop()
    (status, found), (status_right, _) = outcomes
    if status is not Status.WRONG or found != mistake or not status_right.passed:
        console.print(f"The checks did not do as they should: {outcomes}.", markup=False)
        return 1
    console.print(Rule())
    console.print("In the notebook it is the same, with hints: ./course start", markup=False)
    return 0


def _text(*files: Path) -> str:
    for file in files:
        if file.is_file():
            return file.read_text(encoding="utf-8").strip()
    raise CourseError(
        f"The answers of lesson {LESSON} are incomplete. Restore them: git checkout ."
    )


def _prepare(cells: list[Cell]) -> tuple[dict[str, Any], list[str]]:
    """Run the code cells as a notebook would; its names, and the texts that ran."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    sources = [cell.source for cell in cells if cell.kind == "code"]
    for source in sources:
        exec(source, namespace)
    return namespace, sources


def _answer(
    console: Console,
    title: str,
    text: str,
    question: Question,
    namespace: dict[str, Any],
    sources: list[str],
) -> tuple[Status, str | None]:
    """Run an answer and show what the check says to it; (status, mistake)."""
    console.print(Rule(title))
    console.print(
        Syntax(text, "python", theme="ansi_light", background_color="default", word_wrap=True)
    )
    exec(text, namespace)
    lab = Lab(LESSON, namespace, record=False, sources=[*sources, text])
    result = getattr(lab, question.id).evaluate()
    console.print(Rule(f"lab.{question.id}.check()", style="dim"))
    console.print("\n".join(result.lines), markup=False)
    return result.status, result.mistake_id
