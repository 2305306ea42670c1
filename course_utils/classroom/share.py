"""What a learner shows of the own progress: passed, when, tries, and mistakes that have a name.

The file holds no answers, no code, no name and nothing of what was typed; whoever reads it gives
it the name of its file. A mistake is the one that a check in a saved lab shows now: the progress
file itself keeps none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from course_utils.classroom.version import version
from course_utils.errors import CourseError
from course_utils.lab.progress_file import now
from course_utils.lab.show import MIME
from course_utils.session.files import write_text
from course_utils.workbook import copies, progress

KIND = "course progress"
SCHEMA = 1
NAMED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LARGEST = 20 << 20  # bytes of a lab that is looked at


@dataclass(frozen=True)
class Shared:
    """One question, as it is shown to others."""

    state: str  # open | done | changed
    tries: int = 0
    hints: int = 0
    solution_seen: bool = False
    passed: str | None = None  # time of the first pass, UTC
    last: str | None = None  # time of the last change, UTC
    mistake: str | None = None  # that the last check showed, kebab-case


def share(file: Path) -> int:
    """Write the progress so far into `file`; how many labs are in it.

    Raises:
        CourseError: it cannot be written.
    """
    lessons = _lessons()
    told = {"kind": KIND, "schema": SCHEMA, "course": version(), "made": now(), "lessons": lessons}
    try:
        write_text(file, json.dumps(told, indent=1) + "\n")
    except OSError as error:
        raise CourseError(
            f"{file} cannot be written ({error.strerror}): choose a file in a folder of yours."
        ) from error
    return len(lessons)


def _lessons() -> dict[str, dict[str, dict[str, Any]]]:
    told = {}
    for item in progress.overview():
        mistakes = dict(_mistakes(item.lesson.number)) if item.questions else {}
        if not item.started and not mistakes:
            continue
        told[item.lesson.number] = {
            each.question.id: asdict(
                Shared(
                    each.state,
                    each.entry.attempts,
                    each.entry.hints,
                    each.entry.solution_seen,
                    each.entry.first_pass,
                    each.entry.last,
                    mistakes.get(each.question.id) if each.state != "done" else None,
                )
            )
            for each in item.questions
        }
    return told


def _mistakes(number: str) -> Iterator[tuple[str, str]]:
    """(question, mistake) of each check that the saved lab shows."""
    path = copies.lab_path(number)
    try:
        if path.stat().st_size > _LARGEST:
            return
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown = [output["data"][MIME] for cell in cells for output in cell.get("outputs", ())
                 if MIME in output.get("data", {})]  # fmt: skip
        found = [(each["question"], each["mistake"]) for each in shown]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return  # no lab, or none that can be read: progress is all that there is to tell
    for question, mistake in found:
        if isinstance(mistake, str) and len(mistake) <= 60 and NAMED.fullmatch(mistake):
            yield str(question), mistake
