"""Small questions for tests of the lab engine."""

from typing import Any

from course_utils.lab import Answers, Lab, Mistake, Question
from course_utils.lab.ran import Ran


def question(id: str = "q1", **changes: Any) -> Question:
    """A question about a number `total`, whose right answer is 60.

    60 is computed by the rule from `prices`, as a real check computes it from the data in use.
    """
    given: dict[str, Any] = {
        "id": id,
        "title": "Add the prices",
        "names": {"total": "number"},
        "hints": ("Which function adds?", "sum(prices) adds all of a list."),
        "mistakes": (
            Mistake("counted", lambda a: _if(a.total == 3, f"{a.total} items"), "len() counts."),
            Mistake("took-mean", lambda a: _if(a.total == 20, "the mean"), "mean() divides."),
        ),
        "refuse": lambda a: _if(abs(a.total - sum(PRICES)) > 1e-9, f"{a.total} is not the sum"),
        "why": "Totals are what people ask for first.",
        "points": 2,
    }
    return Question(**(given | changes))


PRICES = [10, 20, 30]


def _if(condition: bool, evidence: str) -> str | None:
    return evidence if condition else None


def lab(*questions: Question, sources: list[str | Ran] | None = None, **names: Any) -> Lab:
    """A lab on these questions and variables; nothing is recorded."""
    return Lab(
        "00", namespace=dict(names), record=False, sources=sources or [], questions=questions
    )


def accepts_all(a: Answers) -> None:
    """A rule that finds nothing wrong."""
