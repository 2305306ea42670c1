"""Runs a saved lab once more, in a clean process, and says how each question stands."""

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from course_utils import config, paths
from course_utils.data.variant import VARIABLE
from course_utils.errors import CourseError
from course_utils.lab import content, message, progress_file
from course_utils.lab.find_questions import load_questions
from course_utils.lab.notebook import NO_RECORD
from course_utils.lab.question import Question
from course_utils.lab.result import Status
from course_utils.lab.show import MIME
from course_utils.workbook import copies
from course_utils.workbook.marks import lesson_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_SECONDS = 300
KERNEL_SECONDS = 180
ONLY_HERE = "It is right for these rows alone: on other data of the same kind it is not."


@dataclass(frozen=True)
class Row:
    """How one question came out."""

    question: str
    title: str
    status: Status | None  # None: its check did not run
    mistake_id: str | None
    line: str  # what was found, in one line
    reopened: bool = False  # it was done, and no longer is

    @property
    def passed(self) -> bool:
        """Whether it came out right."""
        return self.status is not None and self.status.passed


class Rows(list[Row]):
    """The rows of a re-check; printed, they are a table."""

    def __str__(self) -> str:
        width = max(len(f"{row.question} · {row.title}") for row in self)
        lines = []
        for row in self:
            symbol, words = message.SAID[row.status] if row.status else ("!", "not checked")
            name = f"{row.question} · {row.title}"
            lines.append(f"{symbol} {name:<{width}}  {words:<18}  {row.line}".rstrip())
        done = sum(row.passed for row in self)
        lines.append(f"{done} of {len(self)} done")
        if wrong := [row.question for row in self if row.mistake_id not in (None, "only-here")]:
            lines.append(f"Why, and what to do: lab.{wrong[0]}.check() in the notebook says it.")
        if reopened := [row.question for row in self if row.reopened]:
            lines.append(
                f"Open again, although passed before: {', '.join(reopened)}. Only what is saved "
                "counts: File > Save Notebook first."
            )
        return "\n".join(lines)


def saved(number: str) -> Path:
    """The saved workbook lab of lesson `number`.

    Raises:
        CourseError: there is none.
    """
    lesson = config.lesson(number)
    if not lesson.lab and not (lesson.folder / "questions.py").exists():
        demo = paths.told(paths.workbook() / "notebooks" / f"{lesson.name}.ipynb")
        raise CourseError(
            f"Lesson {lesson.number} is a demo without a lab, so there is nothing to check: "
            f"read {demo}."
        )
    path = copies.lab_path(lesson.number)
    if not path.exists():
        raise CourseError(
            f"There is no {path.name} in your workbook: ./course start puts the labs there."
        )
    return path


def recheck(number: str, each: Callable[[int, int], None] | None = None) -> Rows:
    """Runs the saved workbook lab of lesson `number` in a process of its own.

    A cell that raises does not stop the others. What passes has to pass on sibling data as well,
    in another run: it does unless it was typed in, or is right by luck. Progress follows what came
    out: a question that passes is done, one that was done and does not pass is open again.

    Args:
        number: of the lesson, "06".
        each: called after each cell with (cells done, cells in all) of the run.

    Raises:
        CourseError: there is no saved lab, or it is not a notebook, or that of another lab.
    """
    import nbformat

    path = saved(number)
    number = config.lesson(number).number
    questions = load_questions(number)
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise CourseError(
            f"{path.name} in your workbook cannot be read as a notebook: "
            f"./course reset {number} restores it and keeps a copy of yours."
        ) from error
    if (inside := lesson_of(notebook)) not in (None, number):
        raise CourseError(
            f"{path.name} in your workbook holds lab {inside}, saved under another name, so "
            "nothing was run or recorded. Rename it in JupyterLab; then ./course start puts lab "
            f"{number} back."
        )
    rows = _run(notebook, path.parent, each, questions)
    if any(row.passed for row in rows):
        there = _run(notebook, path.parent, each, questions, {VARIABLE: "1"})
        rows = [_both(*pair) for pair in zip(rows, there, strict=True)]
    return Rows(_recorded(number, *pair) for pair in zip(questions, rows, strict=True))


def _run(
    notebook: "NotebookNode",
    folder: Path,
    each: Callable[[int, int], None] | None,
    questions: list[Question],
    variables: Mapping[str, str] = MappingProxyType({}),
) -> list[Row]:
    """How each question comes out in a clean process with these environment variables."""
    stopped_by = _execute(notebook, folder, each, variables)
    found = _outputs(notebook)
    return [_row(question, found, stopped_by) for question in questions]


def _both(here: Row, there: Row) -> Row:
    """What both runs say: on the data in use, and on sibling data."""
    if not here.passed or there.passed:
        return here
    if there.status in (Status.WRONG, Status.RAISED, Status.NOT_STARTED):
        line = f"{ONLY_HERE} There: {there.line}"
        return replace(here, status=Status.WRONG, mistake_id="only-here", line=line)
    line = "right for these rows; what it does on other data could not be judged"
    return replace(here, status=there.status or Status.UNAVAILABLE, line=f"{line}: {there.line}")


def _execute(
    notebook: "NotebookNode",
    folder: Path,
    each: Callable[[int, int], None] | None,
    variables: Mapping[str, str],
) -> str | None:
    """Runs every cell, outputs in place; returns what ended the run early, if anything did."""
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    def done(cell: Any, cell_index: int, **_: Any) -> None:
        if each is not None:
            each(cell_index + 1, len(notebook.cells))

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []  # what an earlier run left must not count as a result of this one
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        interrupt_on_timeout=True,  # and go on with the next cell
        startup_timeout=KERNEL_SECONDS,
        allow_errors=True,
        record_timing=False,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        on_cell_complete=done,
    )
    log = paths.state() / "logs" / "notebooks.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="course-check-", ignore_cleanup_errors=True) as place:
        environment = {key: v for key, v in os.environ.items() if key != "NBGRADER_EXECUTION"}
        environment |= {
            NO_RECORD: "1",
            "IPYTHONDIR": str(Path(place) / "ipython"),  # no start-up files of the learner's own
            "COURSE_WORK": str(Path(place) / "work"),  # the open notebook keeps its tables
            **variables,
        }
        try:
            with log.open("ab") as said:  # by the kernel itself, of no interest to the learner
                client.execute(env=environment, stderr=said)
        except DeadKernelError:
            return "the kernel died before it, often for want of memory"
    return None


def _outputs(notebook: "NotebookNode") -> dict[str, tuple[dict[str, Any], str]]:
    """Question id -> (the machine-readable part, the text) of its last check."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if MIME in data:
                found[data[MIME]["question"]] = (data[MIME], data.get("text/plain", ""))
    return found


def _row(
    question: Question, found: dict[str, tuple[dict[str, Any], str]], stopped_by: str | None
) -> Row:
    if question.id not in found:
        line = stopped_by or "its check cell is not in the notebook, or did not run to its end"
        return Row(question.id, question.title, None, None, line)
    machine, text = found[question.id]
    status = Status(machine["status"])
    return Row(question.id, question.title, status, machine["mistake"], _found_line(text))


def _recorded(number: str, question: Question, row: Row) -> Row:
    """The row, after progress has followed it."""
    before = progress_file.load().entry(number, question.id)
    if row.passed:
        _note_pass(number, question, before)
    elif before.done and row.status is not None and not row.status.unjudged:
        progress_file.update(number, question.id, lambda entry: replace(entry, status="pending"))
        return replace(row, reopened=True)
    return row


def _note_pass(number: str, question: Question, before: progress_file.Entry) -> None:
    passed = content.content_hash(number, question)
    if before.done and before.content == passed:
        return

    def done(entry: progress_file.Entry) -> progress_file.Entry:
        first = entry.first_pass or progress_file.now()
        return replace(entry, status="done", first_pass=first, content=passed)

    progress_file.update(number, question.id, done)


def _found_line(text: str) -> str:
    for line in text.splitlines():
        for start in ("Found: ", "Open: ", "Note: "):
            if line.startswith(start):
                return line.removeprefix(start)
    return ""
