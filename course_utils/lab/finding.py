"""What came out of a check, before it is put into a message."""

import hashlib
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course_utils import paths
from course_utils.lab.cause import one_line, shorten
from course_utils.lab.question import Question
from course_utils.lab.result import Status

AGAIN = "change the cell above, run it, then run this check again."


@dataclass(frozen=True)
class Finding:
    """A state with the lines that belong to it."""

    status: Status
    lines: tuple[str, ...] = ()  # between "Looked at" and "Next"
    next: str = ""
    mistake_id: str | None = None
    show_looked_at: bool = False


def wrong(mistake: str, found: str, cause: str) -> Finding:
    """Wrong, with a name: evidence in one line, likely cause in another."""
    return Finding(
        Status.WRONG,
        (f"Found: {evidence(found)}", f"Likely cause: {' '.join(cause.split())} [{mistake}]"),
        AGAIN,
        mistake,
        show_looked_at=True,
    )


def wrong_unnamed(found: str) -> Finding:
    """Wrong in a way that no mistake describes."""
    cause = "Likely cause: none that has a name; compare what was found with what is asked."
    return Finding(Status.WRONG, (f"Found: {evidence(found)}", cause), AGAIN, show_looked_at=True)


def raised(found: str) -> Finding:
    """The learner's code raised while the check used it."""
    return Finding(Status.RAISED, (f"Found: {shorten(found, 240)}",), AGAIN, show_looked_at=True)


def cell_raised(name: str, error: BaseException) -> Finding:
    """The learner's own cell ended in an error."""
    return Finding(
        Status.RAISED,
        (
            f"Looked at: the last cell that sets `{name}`.",
            f"Found: it ended in {one_line(error)}",
        ),
        "correct that cell, run it to its end, then run this check again.",
    )


def blocked(earlier: Question) -> Finding:
    """The question builds on one that is not solved."""
    return Finding(
        Status.BLOCKED,
        (f"Found: it builds on {earlier.id} · {earlier.title}, which is not done yet.",),
        f"solve {earlier.id} first (lab.{earlier.id}.check()), then run this check again.",
    )


def unavailable() -> Finding:
    """Spark is gone."""
    return Finding(
        Status.UNAVAILABLE,
        (
            "Found: Spark has stopped or does not answer; nothing can be said about this answer.",
            "Likely cause: spark.stop() in a cell, too little memory, or a computer that slept.",
        ),
        "restart the kernel and run the cells from the top, without spark.stop(); if it happens "
        "again, `./course doctor` says what is missing.",
    )


def switched(what: str) -> Finding:
    """The answer's frames are of other data than the check looks at."""
    return Finding(
        Status.UNAVAILABLE,
        (
            f"Found: the {what} in use have been switched since this notebook started. Its frames "
            "are of the data from before; nothing can be said about this answer.",
        ),
        "restart the kernel and run the notebook from the top.",
    )


def check_bug(question: Question, error: BaseException) -> Finding:
    """A fault of the course; its stack goes to the log."""
    number, where = _log(question, error)
    return Finding(
        Status.CHECK_BUG,
        (
            "Found: the check itself failed, so it says nothing about this answer. "
            "In a class, a person looks at it.",
            f"Details: diagnostic id {number} in {where}",
        ),
        "go on with the next question; please report the diagnostic id with that file.",
    )


def evidence(text: str) -> str:
    """What a rule found, as one line."""
    return shorten(text.strip().removeprefix("Found:").strip(), 240)


def bug_log() -> Path:
    """Where the stacks of faulty checks are."""
    return paths.state() / "logs" / "checks.log"


def _log(question: Question, error: BaseException) -> tuple[str, str]:
    """Writes the stack to the log: (diagnostic id, the log as a learner finds it)."""
    stack = "".join(traceback.format_exception(error))
    number = hashlib.sha256(stack.encode()).hexdigest()[:8]
    log = bug_log()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            file.write(f"--- {number} {now} {question.id} · {question.title}\n{stack}\n")
    except OSError:
        return number, "no file, because the log could not be written"
    return number, log.relative_to(paths.state().parent).as_posix()
