"""What a check can say: the states, and one result."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """The states of a question after a check."""

    NOT_STARTED = "not started"
    PASS = "pass"
    PASS_WITH_NOTE = "pass with note"
    WRONG = "wrong"
    RAISED = "raised"  # the learner's own code raised an error
    BLOCKED = "blocked"  # an earlier question is unsolved
    UNAVAILABLE = "unavailable"  # Spark has stopped, or the data were switched
    CHECK_BUG = "check bug"  # a fault of the course

    @property
    def passed(self) -> bool:
        """Right, with or without a note."""
        return self in (Status.PASS, Status.PASS_WITH_NOTE)

    @property
    def unjudged(self) -> bool:
        """The check could not be made: it earns nothing by itself, and a person has to look."""
        return self in (Status.UNAVAILABLE, Status.CHECK_BUG)

    @property
    def attempted(self) -> bool:
        """The learner gave an answer and the check could judge it."""
        return self.passed or self in (Status.WRONG, Status.RAISED)


@dataclass(frozen=True)
class Result:
    """One evaluation of one question."""

    question: str  # "q2"
    status: Status
    mistake_id: str | None = None  # kebab-case, only when WRONG
    lines: list[str] = field(default_factory=list)  # the message, at most 8 plain lines
    points: float = 0.0  # what grading gives, 0 … the question's points


class CheckFailed(Exception):  # noqa: N818 - reads as what it says in a notebook
    """Raised by `grade()`: the answer earns no points. Shown as its message, without a stack."""

    def __init__(self, result: Result) -> None:
        super().__init__("\n".join(result.lines))
        self.result = result

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of printing the stack, whose source lines could give the
        # answer away in nbgrader's feedback.
        return list(self.result.lines)
