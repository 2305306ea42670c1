"""What one question earned, and whether the kernel that says so can be believed."""

import json
import re
from dataclasses import dataclass
from typing import Any

from course_utils.classroom.whole import whole
from course_utils.lab.result import Status

# Words that no answer needs: whoever uses them works on the grading, not on the question
_SUSPICIOUS = (
    *("course_utils.lab", "course_utils.classroom", "course_grader", "_checks", "questions.py"),
    *("load_questions", "NBGRADER_EXECUTION", "COURSE_SIBLING", "COURSE_NO_RECORD"),
    *("get_objects", "_getframe", "display_pub", "ctypes", "sys.modules"),
)


@dataclass(frozen=True)
class Verdict:
    """What one question earned."""

    question: str
    title: str
    points: float
    of: float
    status: str  # a Status, or "died", "tampered", "unproved", "not reached"
    mistake: str | None = None
    lines: tuple[str, ...] = ()  # the message for the learner
    look: bool = False  # a person has to look


def clean(result: Any) -> dict[str, Any] | None:
    """A result as the engine makes them; None where the kernel sent something else."""
    try:
        status = Status(result["status"])
        lines = [whole(str(line)[:500]) for line in result["lines"]][:10]
        mistake = result["mistake"]
    except (TypeError, KeyError, ValueError):
        return None
    named = isinstance(mistake, str) and re.fullmatch(r"[a-z0-9-]{1,60}", mistake)
    return {"status": status.value, "lines": lines, "mistake": mistake if named else None}


def oddity(begun: dict[str, Any], told: dict[str, Any] | None) -> str | None:
    """What is not as it was before the first cell; None where all is."""
    if told is None:
        return "the kernel did not answer the grader as it should"
    try:
        for when in ("before", "after"):
            for name, mark in begun["after"].items():
                if told[when].get(name) != mark:
                    return f"`{name}` was changed"
        if told["environment"] != begun["environment"]:
            return "variables of the environment that grading needs were changed"
        if told["lab"] is not None:
            return str(told["lab"])[:100]
        json.dumps([told["spark"], told["stops"], told.get("result")])
    except (KeyError, TypeError, AttributeError, ValueError):
        return "the kernel did not answer the grader as it should"
    return None


def suspicious(text: str) -> list[str]:
    """The words in a learner's code that work on the grading."""
    return [
        word
        for word in _SUSPICIOUS
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
    ]
